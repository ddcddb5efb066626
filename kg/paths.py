"""Where the contents and the snapshots lie: a checkout first, else the installed package."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def contents() -> Path:
    """The folder that holds ``ontology/`` and ``data/``."""
    return _CHECKOUT if in_checkout() else _PACKAGE / "contents"


def in_checkout() -> bool:
    """Whether this package runs from a source checkout."""
    return (_CHECKOUT / "ontology").is_dir() and (_CHECKOUT / "pyproject.toml").is_file()


def queries() -> Path:
    """The folder of the query catalogue."""
    return _PACKAGE / "queries"


def snapshots() -> Path:
    """The default folder for snapshots; ``KG_SNAPSHOTS`` names another."""
    named = os.environ.get("KG_SNAPSHOTS")
    if named:
        return Path(named)
    return _CHECKOUT / "build" / "snapshots" if in_checkout() else _user_data() / "snapshots"


def _user_data() -> Path:
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "security-agreements-kg"
