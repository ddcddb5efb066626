"""The command line, run as people run it."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kg.names import SA
from kg.version import __version__

KG = [sys.executable, "-c", "from kg.cli import main; main()"]
# The set of twenty stays at twenty, however many agreements follow.
COUNT = (
    "SELECT (COUNT(?a) AS ?n) { <https://w3id.org/security-agreements/sets/twenty-2024-06-27> "
    "<https://w3id.org/security-agreements/ontology#member> ?a }"
)


def kg(*arguments, snapshots=None, stdin=None):
    environment = dict(os.environ)
    if snapshots:
        environment["KG_SNAPSHOTS"] = str(snapshots)
    command = [*KG, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, input=stdin, env=environment, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The real contents, built by the command itself."""
    folder = tmp_path_factory.mktemp("cli")
    code, out, err = kg("build", "--json", snapshots=folder)
    assert code == 0, err
    assert json.loads(out)["quads"] > 10_000
    return folder


def test_check_finds_no_fault():
    code, out, err = kg("check")
    assert (code, err) == (0, "")
    assert out.startswith("no faults; ")


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("obligor:", "obliger:", None, "obliger: no property of Commitment; did you mean 'obligor'?"),
        ("modality: seeks", "modality: seek", None, "modality: no Modality 'seek'; did you mean 'seeks'?"),
        ("{value: 2024-06-27,", "{value: 2024-06-31,", None, "signed: '2024-06-31' is no date"),
        ("party: [UKR, LTU]", "party: [UKX, LTU]", None, "party: no Party 'UKX'; did you mean 'UKR'?"),
    ],
)
def test_a_fault_is_told_with_file_and_line(spoilt, old, new, line, expected):
    root, number = spoilt("data/agreements/ukr-ltu-2024.yaml", old, new)
    code, out, err = kg("check", "--contents", root)
    assert code == 1
    assert any(
        told.startswith(f"data/agreements/ukr-ltu-2024.yaml:{number}: {expected}") for told in out.splitlines()
    ), out
    assert "nothing was written" in err


@pytest.fixture
def spoilt(tmp_path):
    """Copy the contents and change the first place where some text stands; gives the root and its line."""

    def spoil(name: str, old: str, new: str) -> tuple[Path, int]:
        here = Path(__file__).parent.parent
        for folder in ("ontology", "data"):
            subprocess.run(["cp", "-r", str(here / folder), str(tmp_path / folder)], check=True)
        path = tmp_path / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return tmp_path, text[: text.index(old)].count("\n") + 1

    return spoil


def test_findings_as_json(spoilt):
    root, number = spoilt("data/agreements/ukr-ltu-2024.yaml", "kind: security-agreement", "kind: security-agreemen")
    code, out, _ = kg("check", "--json", "--contents", root)
    found = json.loads(out)
    assert code == 1
    assert found[0]["file"] == "data/agreements/ukr-ltu-2024.yaml"
    assert found[0]["line"] == number


def test_a_query_gives_csv(built):
    assert kg("query", COUNT, snapshots=built)[:2] == (0, "n\r\n20\r\n")


def test_a_query_from_a_file_and_from_standard_input(built, tmp_path):
    path = tmp_path / "q.rq"
    path.write_text(COUNT)
    assert kg("query", "-f", path, "--format", "tsv", snapshots=built)[1].split() == ["?n", "20"]
    assert json.loads(kg("query", "-", "--format", "json", snapshots=built, stdin=COUNT.encode())[1])


def test_a_construct_gives_turtle(built):
    code, out, _ = kg("query", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 1", snapshots=built)
    assert code == 0
    assert out.strip().endswith(".")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["query", "SELECT ?x WHERE { ?x ?y }"], 1, "line 1"),
        (["query", "DROP ALL"], 1, "update"),
        (["query", COUNT, "--format", "cvs"], 1, "did you mean 'csv'?"),
        (["query"], 2, "give a query"),
        (["export"], 2, "--table"),
        (["export", "--table", "agreement"], 1, "did you mean 'agreements'?"),
        (["export", "excel"], 1, "no format 'excel'"),
        (["export", "--tables", "xlsx"], 2, "name it with -o"),
        (["export", "turtle", "--tables", "xlsx"], 2, "--tables"),
        (["export", "--tables", "xls", "-o", "all.xls"], 1, "did you mean 'xlsx'?"),
    ],
)
def test_faults_of_use(built, arguments, code, words):
    found, out, err = kg(*arguments, snapshots=built)
    assert found == code, err
    assert words in " ".join((out + err).replace("│", " ").split())
    assert "Traceback" not in err


def test_without_a_snapshot(tmp_path):
    code, out, err = kg("query", COUNT, snapshots=tmp_path)
    assert (code, out) == (1, "")
    assert "kg build" in err


def test_the_agreements_table(built):
    code, out, _ = kg("export", "--table", "agreements", snapshots=built)
    rows = list(csv.DictReader(io.StringIO(out)))
    _, count, _ = kg("query", f"SELECT (COUNT(?a) AS ?n) {{ ?a a <{SA.Agreement}> }}", snapshots=built)
    assert code == 0
    assert len(rows) == int(count.split()[1]) >= 20
    assert all(row["signed"] and row["place"] for row in rows)


@pytest.mark.parametrize("form", ["xlsx", "sqlite", "parquet"])
def test_all_tables_in_one(built, tmp_path, form):
    target = tmp_path / f"tables.{form}"
    code, out, err = kg("export", "--tables", form, "-o", target, snapshots=built)
    assert (code, out) == (0, ""), err
    assert target.is_dir() == (form == "parquet")
    assert target.is_dir() or target.stat().st_size > 100_000


def test_turtle_to_a_file(built, tmp_path):
    target = tmp_path / "graph.ttl"
    assert kg("export", "turtle", "-o", target, snapshots=built)[0] == 0
    assert b"agreement:ukr-ltu-2024" in target.read_bytes()


def test_a_heavy_query_ends_at_its_limit(built):
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    code, out, err = kg("query", cross, "--time-limit", "1", snapshots=built)
    assert (code, out) == (3, "")
    assert "longer than 1 s" in err


@pytest.mark.parametrize(
    "arguments",
    [["export", "turtle", "-o", "/no/such/folder/x.ttl"], ["query", "-f", "."], ["serve", "--port", "70000"]],
)
def test_ordinary_mistakes_get_one_line(built, arguments):
    code, _, err = kg(*arguments, snapshots=built)
    assert code in (1, 2)
    assert "Traceback" not in err


def test_a_port_in_use(built):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, out, err = kg("serve", "--port", taken.getsockname()[1], snapshots=built)
    assert (code, out) == (1, "")
    assert "name another port" in err
    assert "Open:" not in err


def test_the_version():
    assert kg("--version")[:2] == (0, f"{__version__}\n")


def test_info(built):
    code, out, _ = kg("info", "--json", snapshots=built)
    assert code == 0
    assert json.loads(out)["snapshot"]["version"]
