"""The results as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_SHOWN = ("security-agreements-kg", "pyoxigraph", "oxigraph", "rdflib-endpoint", "uvicorn", "uvloop", "fastapi")


def head(day: str, mode: str) -> str:
    """Where and when."""
    versions = ", ".join(f"{name} {found}" for name in _SHOWN if (found := _version(name)))
    return (
        f"# Measured {day}{mode}\n\n{_machine()}; load of the machine at the start {os.getloadavg()[0]:.1f}.\n\n"
        f"{versions}.\n\nRatios within one table hold; absolute times are this machine's at that minute.\n"
    )


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """One table under a title."""
    lines = [f"\n## {title}\n", _row(columns), _row(["---"] * len(columns)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def note(text: str) -> str:
    """One line that stands alone."""
    return f"\n{text}\n"


def ms(seconds: float | None) -> str:
    """Milliseconds with two digits that count."""
    return "–" if seconds is None else f"{seconds * 1000:.3g}"


def ratio(value: float | None, beside: float | None) -> str:
    """How many times as much."""
    return "–" if value is None or not beside else f"{value / beside:.2f}×"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _machine() -> str:
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = names[0].split(":")[1].strip() if names else platform.machine()
    return (
        f"{os.cpu_count()} cores of {processor}, {gib:.0f} GiB, {platform.system()}, Python {platform.python_version()}"
    )
