"""Anyone's RDF becomes a snapshot that the service opens, or nothing is written."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from kg import evaluate, store
from kg.cli import main
from kg.errors import BuildBusy, ContentError, UnknownName
from kg.importers import rdf
from kg.placement import lock

TURTLE = '@prefix e: <http://ex/> .\ne:a e:b e:c , "x"@en .\n'
WRITTEN = {
    "a.ttl": TURTLE,
    "a.nt": '<http://ex/a> <http://ex/b> <http://ex/c> .\n<http://ex/a> <http://ex/b> "x"@en .\n',
    "a.nq": '<http://ex/a> <http://ex/b> <http://ex/c> .\n<http://ex/a> <http://ex/b> "x"@en .\n',
    "a.trig": "{ " + TURTLE.replace("@prefix e: <http://ex/> .\n", "") + "}",
    "a.rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://ex/">
      <rdf:Description rdf:about="http://ex/a"><e:b rdf:resource="http://ex/c"/><e:b xml:lang="en">x</e:b>
      </rdf:Description></rdf:RDF>""",
    "a.jsonld": '{"@id": "http://ex/a", "http://ex/b": [{"@id": "http://ex/c"}, {"@value": "x", "@language": "en"}]}',
}
WRITTEN["a.trig"] = "@prefix e: <http://ex/> .\n" + WRITTEN["a.trig"]
QUADS = b'<http://ex/a> <http://ex/b> "x"@en .\n<http://ex/a> <http://ex/b> <http://ex/c> .\n'


def lines(made: store.Snapshot) -> bytes:
    return b"".join(sorted((made.folder / "graph.nq").read_bytes().splitlines(keepends=True)))


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("packed", [False, True])
def test_every_syntax_is_read_packed_or_not(tmp_path: Path, name: str, packed: bool) -> None:
    path = tmp_path / (name + ".gz" if packed else name)
    path.write_bytes(gzip.compress(WRITTEN[name].encode()) if packed else WRITTEN[name].encode())
    made = rdf.build([path], tmp_path / "out")
    assert lines(made) == QUADS
    assert made == store.current(tmp_path / "out")
    assert made.quads == 2
    for opened in (store.open_store(made), store.Store.read_only(str(made.folder / "store"))):
        assert len(opened) == 2


def test_a_named_format_a_graph_and_a_base(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("<a> <b> <c> .")
    made = rdf.build([path], tmp_path / "out", rdf.Reading("turtle", "http://ex/g", "http://base/"))
    assert lines(made) == b"<http://base/a> <http://base/b> <http://base/c> <http://ex/g> .\n"
    with pytest.raises(UnknownName):
        rdf.build([path], tmp_path / "out", rdf.Reading("word"))
    with pytest.raises(ContentError, match=r"words.txt:1: no suffix that tells the format"):
        rdf.build([path], tmp_path / "out")


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text("_:x <http://ex/p> <http://ex/o> .\n")
    assert rdf.build([tmp_path / "a.nt", tmp_path / "b.nt"], tmp_path / "out").quads == 2


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.ttl", TURTLE + "e:a e:b ;; x .\n", "a.ttl:3: "),
        ("a.nt", '<http://ex/a> <http://ex/b> "c" .\n<http://ex/a> <http://ex/b> c .\n', "a.nt:2: column 29: "),
        ("a.nq", b'\n<http://ex/a> <http://ex/b> "\xff" .\n', "a.nq:2: column 30: Invalid UTF-8"),
        ("a.jsonld", '{"@id": "http://ex/a",\n "http://ex/b": }', "a.jsonld:2: column 17: "),
        ("a.rdf", "<rdf:RDF", "a.rdf:1: "),
        ("a.ttl", "<a> <b> <c> .", "No scheme found"),
        ("a.nt.gz", gzip.compress(b'<http://ex/a> <http://ex/b> "c" .\n' * 1000)[:-20], "a.nt.gz:1: cannot be read: "),
    ],
)
def test_a_fault_names_file_and_line_and_leaves_nothing(tmp_path: Path, name, content, fault) -> None:
    out = tmp_path / "out"
    (tmp_path / "good.ttl").write_text(TURTLE)
    good = rdf.build([tmp_path / "good.ttl"], out)
    bad = tmp_path / name
    bad.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ContentError) as caught:
        rdf.build([bad, tmp_path / "good.ttl"], out)
    assert fault in str(caught.value)
    assert store.current(out) == good
    assert {path.name for path in out.iterdir()} == {".lock", "current", good.id}


def test_the_same_input_gives_the_same_snapshot_and_a_damaged_one_is_mended(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE)
    first = rdf.build([tmp_path / "a.ttl"], tmp_path / "out")
    written = (first.folder / "graph.nq").read_bytes()
    before = (first.folder / "graph.nq").stat().st_mtime_ns
    assert rdf.build([tmp_path / "a.ttl"], tmp_path / "out") == first
    assert (first.folder / "graph.nq").stat().st_mtime_ns == before
    (first.folder / "graph.nq").write_text("")
    assert rdf.build([tmp_path / "a.ttl"], tmp_path / "out") == first
    assert (first.folder / "graph.nq").read_bytes() == written
    elsewhere = rdf.build([tmp_path / "a.ttl"], tmp_path / "other")
    assert (elsewhere.folder / "manifest.json").read_bytes() == (first.folder / "manifest.json").read_bytes()
    with lock(tmp_path / "out"), pytest.raises(BuildBusy):
        rdf.build([tmp_path / "a.ttl"], tmp_path / "out")


def test_the_service_opens_it(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE)
    rdf.build([tmp_path / "a.ttl"], tmp_path / "out")
    with TestClient(create_app(Settings(snapshots=tmp_path / "out"))) as client:
        found = client.get("/sparql", params={"query": "SELECT ?o { ?s ?p ?o } ORDER BY ?o", "format": "csv"})
        assert found.text == "o\r\nhttp://ex/c\r\nx\r\n"
        page = client.get("/agreements", headers={"Accept": "text/html"})
        assert page.status_code == 404
        assert "No tables in this snapshot" in page.text
        assert "/sparql" in page.text
        assert client.get("/", follow_redirects=False).headers["location"] == "/sparql"
        for path in ("/downloads", "/sparql", "/networks", "/health/ready", "/networks/ukraine-twenty"):
            assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE)
    (tmp_path / "b.ttl").write_text("?")
    command = ["kg", "import", "rdf", str(tmp_path / "a.ttl"), "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "2 quads" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", [*command[:4], str(tmp_path / "b.ttl"), *command[4:]])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "b.ttl:1: " in capsys.readouterr().out


def test_quads_are_dumped_whole(tmp_path: Path) -> None:
    """More than one batch of the loader, with doubles: each quad once."""
    path = tmp_path / "a.nq"
    path.write_text("".join(f"<http://ex/s{n % 30_000}> <http://ex/p> <http://ex/o> .\n" for n in range(60_000)))
    made = rdf.build([path], tmp_path / "out")
    again = store.Store()
    again.load(path=str(made.folder / "graph.nq"), format=RdfFormat.N_QUADS)
    assert made.quads == len(again) == 30_000
    assert evaluate.answer(again, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "csv").split() == [b"n", b"30000"]
