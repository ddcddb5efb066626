"""The house's budgets and laws over the code itself."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for room in ("kg", "api") for path in (ROOT / room).rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions() -> list[tuple[str, int]]:
    """Every function of the product with its length in lines, its docstring left out."""
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append((f"{relative(path)}:{node.name}", length(node)))
    return found


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = node.body[1:] if documented else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 2 if body else 1


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_module_is_longer_than_300_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_named_by_a_noun_and_says_what_it_is(path):
    assert path.stem not in FORBIDDEN_NAMES
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), "no docstring"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_is_caught_wholesale(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            assert caught not in ("", "Exception", "BaseException") or _reraises(node), f"line {node.lineno}"


def _reraises(handler: ast.ExceptHandler) -> bool:
    """A handler that cleans up and raises the same error again hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_half_of_the_modules_have_about_100_lines():
    assert statistics.median(len(path.read_text("utf-8").splitlines()) for path in MODULES) <= 130


def test_functions_are_short():
    lengths = [lines for _, lines in functions()]
    long = [name for name, lines in functions() if lines > 30]
    assert statistics.median(lengths) <= 10
    assert len(long) <= len(lengths) / 10, long


def test_importing_does_nothing():
    """Importing every module opens no file of the contents, starts no process and prints nothing."""
    names = [relative(path)[:-3].replace("/", ".").removesuffix(".__init__") for path in MODULES]
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    done = subprocess.run(
        [sys.executable, "-c", program, *names], check=False, capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name]


def test_no_tracked_file_names_a_path_of_one_machine():
    here = re.compile(r"(?<![\w.<])/(?:work|root|home|Users)/[a-z.]")
    for path in tracked():
        if path.is_file() and path.suffix not in (".png", ".ico"):
            assert not here.search(path.read_text("utf-8")), relative(path)


def test_the_constraints_name_no_host():
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert "://" not in text
    assert "@" not in text


def test_the_constraints_pin_every_dependency_exactly():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
