"""An answer as bars, a map and a network: what is drawn of which columns, and what is not."""

from __future__ import annotations

import pytest

from api import answer, answer_map, answer_network, bars, built, geometry
from api.bindings import Bindings, Cell
from api.errors import BadRequest
from api.labels import Labels
from kg.errors import AnswerUnwritable, UnknownName
from kg.names import BASE

CODES = {"LTU": "Lithuania", "LVA": "Latvia", "UKR": "Ukraine"}
LABELS = Labels(
    [
        {"iri": f"{BASE}parties/{code}", "role": "label", "language": "en", "label": name}
        for code, name in CODES.items()
    ],
    "en",
)


def party(code: str) -> Cell:
    return Cell(f"party:{code}", f"/parties/{code}", iri=f"{BASE}parties/{code}")


def table(columns: str, *rows: tuple[object, ...]) -> Bindings:
    cells = [tuple(c if c is None or isinstance(c, Cell) else Cell(str(c)) for c in row) for row in rows]
    return Bindings(tuple(columns.split()), tuple(cells), len(rows))


def test_bars_measure_the_first_column_of_numbers():
    drawn = bars.read(table("who n other", (party("LTU"), 4, 7), (party("LVA"), 2, 9), ("nobody", None, 1)))
    assert drawn.column == "n"
    assert [(bar.name, bar.value, bar.width) for bar in drawn.bars] == [
        ("party:LTU", "4", bars.WIDTH),
        ("party:LVA", "2", bars.WIDTH / 2),
    ]
    assert drawn.bars[0].href == "/parties/LTU"


def test_bars_below_zero_reach_to_the_left():
    drawn = bars.read(table("who n", ("a", -1), ("b", 3)))
    assert drawn.zero == drawn.bars[1].x == bars.WIDTH / 4
    assert (drawn.bars[0].x, drawn.bars[0].width) == (0, bars.WIDTH / 4)


def test_bars_count_rows_where_nothing_is_measured():
    drawn = bars.read(table("who what", ("a", "x"), ("b", "y"), ("a", "z")))
    assert (drawn.column, [(bar.name, bar.value) for bar in drawn.bars]) == ("", [("a", "2"), ("b", "1")])


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "", "x"])
def test_what_is_no_finite_number_is_no_number(text):
    assert bars.value(Cell(text)) is None


def test_bars_are_bounded():
    drawn = bars.read(table("who n", *((f"w{i}", i) for i in range(200))))
    assert (len(drawn.bars), drawn.total) == (bars.MOST, 200)
    assert bars.read(table("who n")) is None


def told(found: answer_map.AnswerMap) -> dict[str, str]:
    return {land.code: land.told.mark for land in found.atlas.lands}


def on_map(found: Bindings) -> answer_map.AnswerMap | None:
    return answer_map.read(found, geometry.tiles(), LABELS)


def test_a_map_takes_iris_and_codes():
    assert told(on_map(table("who n", (party("LTU"), 4), (party("LVA"), 2)))) == {"LTU": "4", "LVA": "2"}
    assert told(on_map(table("n codes", (3, "LTU;LVA"), (1, "UKR")))) == {"LTU": "3", "LVA": "3", "UKR": "1"}


def test_a_map_adds_up_whole_numbers_only():
    whole = on_map(table("who n", (party("LTU"), 4), (party("LTU"), 3), (party("LVA"), 1)))
    assert (told(whole), whole.column, whole.added) == ({"LTU": "7", "LVA": "1"}, "n", True)
    shares = on_map(table("who n", (party("LTU"), 0.25), (party("LTU"), 0.5), (party("LVA"), 1)))
    assert (told(shares), shares.column, shares.added) == ({"LTU": "2", "LVA": "1"}, "", False)


def test_a_map_without_parties_is_none():
    assert on_map(table("who n", ("XXX", 1))) is None
    assert on_map(table("who")) is None


def test_every_value_has_its_step():
    found = on_map(table("who n", (party("LTU"), 1), (party("LVA"), 5), (party("UKR"), 9)))
    assert [(low, high) for _, low, high in found.steps] == [(1, 1), (5, 5), (9, 9)]
    assert {land.code: land.told.look for land in found.atlas.lands} == {"LTU": "step2", "LVA": "step3", "UKR": "step4"}


def test_a_network_links_the_columns_that_hold_things():
    found = answer_network.of_table(table("day who whom", ("1", party("LTU"), party("UKR"))), LABELS)
    assert "Lithuania" in found.picture
    assert "Ukraine" in found.picture
    assert 'href="/parties/LTU"' in found.picture


def test_a_network_escapes_what_it_shows():
    evil = '"><script>alert(1)</script>\n\\'
    found = answer_network.of_table(table("a b", (evil, evil + "2")), LABELS)
    assert "<script" not in found.picture
    assert "&lt;script&gt;" in found.picture


def test_a_network_is_bounded():
    rows = [(f"n{i}", f"n{i + 1}") for i in range(400)]
    found = answer_network.of_table(table("a b", *rows), LABELS)
    assert (found.shown, found.total) == (answer_network.MOST, 400)
    assert answer_network.of_table(table("a", ("x",)), LABELS) is None


def test_triples_between_things_are_edges():
    lines = f'<{BASE}a> <{BASE}ontology#knows> <{BASE}b> .\n<{BASE}a> <{BASE}ontology#name> "A" .\n'
    found = answer_network.of_triples(lines.encode())
    assert (found.shown, found.total) == (2, 2)
    assert answer_network.of_triples(b"") is None
    with pytest.raises(AnswerUnwritable):
        answer_network.of_triples(b"_:x <http://x/p> _:y .\n")


def test_a_node_never_leads_to_another_site():
    found = answer_network.of_triples(f"<{BASE}/evil.example> <{BASE}p> <javascript:alert(1)> .\n".encode())
    assert 'href="//' not in found.picture
    assert 'href="javascript:' not in found.picture


def test_views_are_known():
    assert answer.view("") == "table"
    with pytest.raises(BadRequest):
        answer.view("pie")


def test_without_built_files_there_is_no_editor(tmp_path):
    assert (built.read(tmp_path).editor, built.read(tmp_path).outlines) == ("", None)
    (tmp_path / "manifest.json").write_text('{"editor": "editor-1.js", "outlines": "outlines.json"}', "utf-8")
    half = tmp_path / "half"
    half.mkdir()
    (half / "manifest.json").write_text('{"editor": "editor-1.js", "outlines": "outlines.json"}', "utf-8")
    assert built.read(half).editor == ""
    (half / "editor-1.js").write_text("", "utf-8")
    (half / "outlines.json").write_text("{}", "utf-8")
    built.read.cache_clear()
    whole = built.read(half)
    assert whole.editor == "/assets/built/editor-1.js"
    assert whole.file("editor-1.js").is_file()
    for name in ("manifest.json", "../half/editor-1.js", "editor-2.js"):
        with pytest.raises(UnknownName):
            whole.file(name)
