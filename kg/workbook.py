"""All public tables in one file: an Excel workbook, an SQLite database, or a folder of Parquet files.

The same snapshot gives the same cells in each. Numbers are numbers, days are days, all else is text.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from kg import tables
from kg.errors import LibraryMissing, UnknownName
from kg.store import Snapshot
from kg.tables import Row

Cell = str | int | float | date | None
# A cell is what it says: never a formula, never a link.
_XLSX = {"strings_to_formulas": False, "strings_to_urls": False}
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,14})")
_DECIMAL = re.compile(r"-?\d{1,15}\.\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def write(snapshot: Snapshot, form: str, target: Path) -> None:
    """Write every table to ``target``: a file for xlsx and sqlite, a folder for parquet; raises UnknownName."""
    if form not in FORMS:
        raise UnknownName("form of all tables", form, sorted(FORMS))
    FORMS[form](snapshot, target)


def names(snapshot: Snapshot) -> list[str]:
    """The tables of a snapshot, sorted."""
    return sorted(path.stem for path in (snapshot.folder / tables.FOLDER).glob("*.csv"))


def columns(rows: tuple[Row, ...], header: list[str]) -> dict[str, list[Cell]]:
    """Cells by column, each column of one kind: integers, decimals or days if every filled cell is one, else text."""
    return {name: _typed([row[name] for row in rows]) for name in header}


def _typed(cells: list[str]) -> list[Cell]:
    filled = [cell for cell in cells if cell]
    if filled and all(_INTEGER.fullmatch(cell) for cell in filled):
        return [int(cell) if cell else None for cell in cells]
    if filled and all(_INTEGER.fullmatch(cell) or _DECIMAL.fullmatch(cell) for cell in filled):
        return [float(cell) if cell else None for cell in cells]
    if filled and all(_DAY.fullmatch(cell) for cell in filled):
        return [date.fromisoformat(cell) if cell else None for cell in cells]
    return [cell or None for cell in cells]


def _xlsx(snapshot: Snapshot, target: Path) -> None:
    try:
        import xlsxwriter  # noqa: PLC0415  # an optional library
    except ImportError as error:
        raise _missing("XlsxWriter", "xlsx") from error
    with xlsxwriter.Workbook(str(target), _XLSX) as book:
        _fill(book, snapshot.released, {name: _table(snapshot, name) for name in names(snapshot)})


def sheet(released: str, name: str, header: list[str], rows: tuple[Row, ...]) -> bytes:
    """Some rows of one table as an Excel workbook of one sheet; raises LibraryMissing."""
    try:
        import xlsxwriter  # noqa: PLC0415  # an optional library
    except ImportError as error:
        raise _missing("XlsxWriter", "xlsx") from error
    out = BytesIO()
    with xlsxwriter.Workbook(out, _XLSX) as book:
        _fill(book, released, {name: columns(rows, header)})
    return out.getvalue()


def _fill(book: Any, released: str, sheets: dict[str, dict[str, list[Cell]]]) -> None:  # noqa: ANN401  # untyped library
    # The clock of the data, so that the same snapshot gives the same file.
    book.set_properties({"title": "Security agreements", "created": datetime.fromisoformat(released)})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for name, table in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, (title, cells) in enumerate(table.items()):
            sheet.write_string(0, place, title, bold)
            for line, cell in enumerate(cells, start=1):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif cell is not None:
                    sheet.write(line, place, cell)


def _sqlite(snapshot: Snapshot, target: Path) -> None:
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as database:
        for name in names(snapshot):
            cells = _table(snapshot, name)
            declared = ", ".join(f'"{title}" {_affinity(values)}' for title, values in cells.items())
            database.execute(f'CREATE TABLE "{name}" ({declared})')
            places = ", ".join("?" for _ in cells)
            lines = ([_plain(cell) for cell in line] for line in zip(*cells.values(), strict=True))
            # Names of tables come from the catalogue's files, never from a user.
            database.executemany(f'INSERT INTO "{name}" VALUES ({places})', lines)  # noqa: S608  # see above
    database.close()


def _parquet(snapshot: Snapshot, target: Path) -> None:
    try:
        import pyarrow  # noqa: PLC0415  # an optional library
        from pyarrow import parquet  # noqa: PLC0415  # an optional library
    except ImportError as error:
        raise _missing("pyarrow", "parquet") from error
    target.mkdir(parents=True, exist_ok=True)
    for name in names(snapshot):
        cells = _table(snapshot, name)
        arrays = {title: _arrow(pyarrow, values) for title, values in cells.items()}
        parquet.write_table(pyarrow.table(arrays), target / f"{name}.parquet")


def _arrow(pyarrow: object, values: list[Cell]) -> object:
    """A column with its kind; one that is empty throughout is text."""
    kind = None if any(value is not None for value in values) else pyarrow.string()  # type: ignore[attr-defined]  # pyarrow has no types
    return pyarrow.array(values, type=kind)  # type: ignore[attr-defined]  # pyarrow has no types


FORMS: dict[str, Callable[[Snapshot, Path], None]] = {"xlsx": _xlsx, "sqlite": _sqlite, "parquet": _parquet}


def _table(snapshot: Snapshot, name: str) -> dict[str, list[Cell]]:
    return columns(tables.rows(snapshot, name), tables.header(snapshot, name))


def _affinity(values: list[Cell]) -> str:
    kinds = {type(value) for value in values if value is not None}
    return "INTEGER" if kinds == {int} else "REAL" if kinds == {float} else "TEXT"


def _plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _missing(library: str, form: str) -> LibraryMissing:
    return LibraryMissing(f"{form} needs {library}: pip install 'security-agreements-kg[tables]'")
