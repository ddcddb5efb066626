"""Fresh interpreters that find this very package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import kg


def command(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module; the folder it happens to start in is not on its path."""
    return (sys.executable, "-P", "-m", module, *arguments)


def environment() -> dict[str, str]:
    """The environment of this process, with this package first on the path.

    No backtraces from the engine: a worker that is out of memory should end at once.
    """
    home = str(Path(kg.__file__).parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (home, inherited))), "RUST_BACKTRACE": "0"}
