"""All tables in one file: the cells of a workbook, a database and Parquet files are those of the CSV tables."""

from __future__ import annotations

import builtins
import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kg import tables, workbook
from kg.errors import LibraryMissing, UnknownName
from kg.store import Snapshot
from kg.workbook import Cell

Columns = dict[str, list[Cell]]


@pytest.fixture(scope="module")
def expected(world_snapshot: Snapshot) -> dict[str, Columns]:
    """The cells of every table of the invented world, from its CSV files."""
    return {
        name: workbook.columns(tables.rows(world_snapshot, name), tables.header(world_snapshot, name))
        for name in workbook.names(world_snapshot)
    }


def text(cell: Cell) -> str:
    """A cell as the CSV file has it, numbers in their shortest form."""
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return "" if cell is None else str(cell)


def same(cells: list[Cell], rows: tuple[dict[str, str], ...], column: str) -> bool:
    return [text(cell) for cell in cells] == [row[column] for row in rows]


def from_excel(path: Path) -> dict[str, Columns]:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path)
    found: dict[str, Columns] = {}
    for sheet in book.worksheets:
        header, *lines = [list(line) for line in sheet.iter_rows(values_only=True)]
        days = [[cell.date() if isinstance(cell, datetime) else cell for cell in line] for line in lines]
        found[sheet.title] = {name: [line[place] for line in days] for place, name in enumerate(header)}
    return found


def from_sqlite(path: Path) -> dict[str, Columns]:
    database = sqlite3.connect(path)
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found: dict[str, Columns] = {}
    for name in names:
        cursor = database.execute(f'SELECT * FROM "{name}"')  # names from the file itself
        header = [column[0] for column in cursor.description]
        lines = cursor.fetchall()
        found[name] = {column: [line[place] for line in lines] for place, column in enumerate(header)}
    database.close()
    return found


def from_parquet(folder: Path) -> dict[str, Columns]:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    return {path.stem: parquet.read_table(path).to_pydict() for path in sorted(folder.glob("*.parquet"))}


def test_every_class_of_the_world_has_rows(expected: dict[str, Columns]) -> None:
    assert set(expected) == set(tables.names(Path(workbook.__file__).parent / "queries"))
    assert [name for name, columns in expected.items() if not all(columns.values())] == []


def test_cells_lose_nothing_of_the_csv(world_snapshot: Snapshot, expected: dict[str, Columns]) -> None:
    for name, columns in expected.items():
        rows = tables.rows(world_snapshot, name)
        assert [column for column, cells in columns.items() if not same(cells, rows, column)] == []


def test_a_workbook_has_every_cell(world_snapshot: Snapshot, expected: dict[str, Columns], tmp_path: Path) -> None:
    workbook.write(world_snapshot, "xlsx", tmp_path / "all.xlsx")
    assert from_excel(tmp_path / "all.xlsx") == expected


def test_a_database_has_every_cell(world_snapshot: Snapshot, expected: dict[str, Columns], tmp_path: Path) -> None:
    target = tmp_path / "all.sqlite"
    target.write_text("what lay there before")
    workbook.write(world_snapshot, "sqlite", target)
    days = {
        name: {
            column: [cell.isoformat() if isinstance(cell, date) else cell for cell in cells]
            for column, cells in columns.items()
        }
        for name, columns in expected.items()
    }
    assert from_sqlite(target) == days


def test_parquet_files_have_every_cell(world_snapshot: Snapshot, expected: dict[str, Columns], tmp_path: Path) -> None:
    workbook.write(world_snapshot, "parquet", tmp_path / "all")
    assert from_parquet(tmp_path / "all") == expected


def test_the_real_tables_are_the_same_in_each_form(snapshot: Snapshot, tmp_path: Path) -> None:
    for form in workbook.FORMS:
        workbook.write(snapshot, form, tmp_path / f"all.{form}")
    excel, database = from_excel(tmp_path / "all.xlsx"), from_sqlite(tmp_path / "all.sqlite")
    parquet = from_parquet(tmp_path / "all.parquet")
    assert set(excel) == set(database) == set(parquet) == set(workbook.names(snapshot))
    for name in excel:
        rows = tables.rows(snapshot, name)
        for column in tables.header(snapshot, name):
            assert excel[name][column] == parquet[name][column], (name, column)
            assert same(excel[name][column], rows, column), (name, column)
            assert same(database[name][column], rows, column), (name, column)


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_one_snapshot_gives_the_same_bytes(world_snapshot: Snapshot, tmp_path: Path, form: str) -> None:
    made = []
    for target in (tmp_path / "one", tmp_path / "two"):
        workbook.write(world_snapshot, form, target)
        files = sorted(target.iterdir()) if target.is_dir() else [target]
        made.append([path.read_bytes() for path in files])
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("cells", "typed"),
    [
        (["1", "", "-20"], [1, None, -20]),
        (["0.25", "3"], [0.25, 3.0]),
        (["2030-02-28", ""], [date(2030, 2, 28), None]),
        (["2030-02-28", "2030-02"], ["2030-02-28", "2030-02"]),
        (["012", "7"], ["012", "7"]),
        (["1234567890123456"], ["1234567890123456"]),
        (["=1+1", "https://example.org"], ["=1+1", "https://example.org"]),
        (["", ""], [None, None]),
    ],
)
def test_a_column_is_of_one_kind(cells: list[str], typed: list[Cell]) -> None:
    made = workbook.columns(tuple({"a": cell} for cell in cells), ["a"])["a"]
    assert made == typed
    assert [type(cell) for cell in made] == [type(cell) for cell in typed]


def test_an_unknown_form_raises(world_snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'xlsx'"):
        workbook.write(world_snapshot, "xls", tmp_path / "all.xls")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("form", "library"), [("xlsx", "xlsxwriter"), ("parquet", "pyarrow")])
def test_a_library_that_is_missing_is_named(
    world_snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, library: str
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == library:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LibraryMissing, match=r"pip install 'security-agreements-kg\[tables\]'"):
        workbook.write(world_snapshot, form, tmp_path / "all")
