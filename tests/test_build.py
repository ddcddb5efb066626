"""A build is the same bytes for the same input, stops at the first fault, and may be killed at any moment."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest
from world.edits import AGREEMENT, HANDBOOK, HERE, edit, loaded, make_world

from kg import contents as kg_contents
from kg import paths, placement, store, tables
from kg.build import build
from kg.errors import BuildBusy, ContentError, SnapshotDamaged, SnapshotMissing

ROOT = Path(__file__).parent.parent
CHILD = """
import os, signal, sys
from pathlib import Path
from kg import build

root, snapshots, moment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

def wait(name):
    if name == "constraints":
        print("holding", flush=True)
        sys.stdin.readline()

def once(name):
    kept = getattr(build, name)
    def work(*arguments):
        kept(*arguments)
        die()
    setattr(build, name, work)

if moment in ("rename", "replace"):
    setattr(Path, moment, die)
elif hasattr(build, moment):
    once(moment)
build.build(root, snapshots, step=wait if moment == "wait" else lambda name: die() if name == moment else None)
"""


def child(root, snapshots, moment="", **environment):
    """A builder in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(root), str(snapshots), moment],
        env=os.environ | environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def done(process):
    """Let a builder run to its end; its exit code."""
    with process:
        process.communicate("\n", timeout=120)
    return process.returncode


def files(folder):
    """Every file of a snapshot but for the store, with its bytes."""
    found = [path for path in folder.rglob("*") if path.is_file() and "store" not in path.relative_to(folder).parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def is_whole(snapshot):
    """Whether the files are as the manifest says, and the quads as many."""
    described = {
        name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in files(snapshot.folder).items()
        if name != store.MANIFEST
    }
    return (
        described == snapshot.manifest["files"]
        and len(store.memory_store(snapshot.folder / store.QUADS)) == snapshot.quads
    )


@pytest.fixture
def snapshots(world_snapshot, tmp_path):
    """A folder with a snapshot of the unchanged invented world."""
    return shutil.copytree(world_snapshot.folder.parent, tmp_path / "snapshots")


# --- the same input, the same bytes ---


def test_a_snapshot_is_whole_and_current(world_snapshot):
    assert store.current(world_snapshot.folder.parent) == world_snapshot
    assert is_whole(world_snapshot)
    assert world_snapshot.folder.name == world_snapshot.id
    assert (world_snapshot.version, world_snapshot.released) == ("0.0.1", "2031-01-01")


def test_a_snapshot_of_the_real_contents_is_whole(snapshot, contents):
    assert is_whole(snapshot)
    assert snapshot.quads == len(contents.lines)


def test_the_manifest_counts_what_was_recorded(world_snapshot):
    manifest = world_snapshot.manifest
    ontology = sum(
        "/data/ontology> ." in line for line in (world_snapshot.folder / store.QUADS).read_text().splitlines()
    )
    assert manifest["quads"] == len({quad.line for quad in loaded(HERE).quads}) + ontology
    counted = {"Agreement": 1, "Instrument": 2, "Country": 2, "Party": 4, "Commitment": 5, "Signature": 2, "Claim": 7}
    assert {name: manifest["classes"][name] for name in counted} == counted
    assert "Class" not in manifest["classes"]
    assert set(manifest["files"]) >= {"graph.nq", "graph.nt", "graph.ttl", "graph.jsonld", "ontology.ttl"}
    assert {f"tables/{name}.csv" for name in tables.names(paths.queries())} <= set(manifest["files"])


def test_no_export_names_a_machine_or_an_hour(world_snapshot, tmp_path_factory):
    base = str(tmp_path_factory.getbasetemp()).encode()
    for name, content in files(world_snapshot.folder).items():
        assert base not in content and str(ROOT).encode() not in content, name


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_writes_the_same_bytes(world, world_snapshot, tmp_path, seed):
    assert done(child(world, tmp_path / "out", PYTHONHASHSEED=seed, TZ="Asia/Tokyo", LC_ALL="C")) == 0
    again = store.current(tmp_path / "out")
    assert again.id == world_snapshot.id
    assert files(again.folder) == files(world_snapshot.folder)


def test_another_process_writes_the_same_bytes_of_the_real_contents(snapshot, tmp_path):
    assert done(child(ROOT, tmp_path, PYTHONHASHSEED="3")) == 0
    assert files(store.current(tmp_path).folder) == files(snapshot.folder)


def test_the_order_of_files_does_not_matter(world_snapshot, tmp_path, monkeypatch):
    root = tmp_path / "world"
    for path in sorted((HERE / "data").rglob("*.*"), reverse=True):
        (root / "data" / path.relative_to(HERE / "data")).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, root / "data" / path.relative_to(HERE / "data"))
    shutil.copy(HERE / "data" / "VERSION", root / "data" / "VERSION")
    shutil.copytree(ROOT / "ontology", root / "ontology")
    for name in ("glob", "rglob"):
        kept = getattr(Path, name)
        backwards = lambda self, pattern, kept=kept: iter(sorted(kept(self, pattern), reverse=True))  # noqa: E731
        monkeypatch.setattr(Path, name, backwards)
    again = build(root, tmp_path / "out")
    monkeypatch.undo()
    assert files(again.folder) == files(world_snapshot.folder)


def test_a_second_build_writes_nothing_anew(world, snapshots, world_snapshot):
    before = {path: path.stat().st_mtime_ns for path in (snapshots / world_snapshot.id).rglob("*")}
    assert build(world, snapshots).id == world_snapshot.id
    assert {path: path.stat().st_mtime_ns for path in (snapshots / world_snapshot.id).rglob("*")} == before


# --- other input, another snapshot beside the old one ---


def change_a_record(world):
    edit(world, HANDBOOK, ("note:",), "note: Changed")


def change_the_version(world):
    (world / "data" / "VERSION").write_text("0.0.2 2031-02-01\n")


def change_the_ontology(world):
    (world / "ontology").unlink()
    shutil.copytree(ROOT / "ontology", world / "ontology")
    with (world / "ontology" / "place.ttl").open("a") as opened:
        opened.write('sa:Place skos:scopeNote "Changed."@en .\n')


@pytest.mark.parametrize("work", [change_a_record, change_the_version, change_the_ontology])
def test_a_change_makes_another_snapshot_and_keeps_the_old(world, snapshots, world_snapshot, work):
    work(world)
    fresh = build(world, snapshots)
    assert fresh.id != world_snapshot.id and is_whole(fresh)
    assert store.current(snapshots) == fresh
    assert is_whole(store.read(snapshots / world_snapshot.id))


def test_a_changed_version_is_told(world, snapshots):
    change_the_version(world)
    fresh = build(world, snapshots)
    assert (fresh.version, fresh.released) == ("0.0.2", "2031-02-01")


def test_a_changed_table_makes_another_snapshot(world, snapshots, world_snapshot, tmp_path):
    queries = shutil.copytree(paths.queries(), tmp_path / "queries")
    assert build(world, snapshots, queries).id == world_snapshot.id
    other = shutil.copytree(paths.queries(), tmp_path / "other")
    (other / "tables" / "parties.rq").write_text("#+ summary: Few\nSELECT ?s { ?s a <http://nothing> }\n")
    assert build(world, snapshots, other).id != world_snapshot.id
    assert (store.current(snapshots).folder / "tables" / "parties.csv").read_text().split() == ["s"]


def test_going_back_is_a_switch(world, snapshots, world_snapshot, tmp_path):
    change_a_record(world)
    build(world, snapshots)
    assert build(make_world(tmp_path / "again"), snapshots).id == world_snapshot.id
    assert store.current(snapshots).id == world_snapshot.id


# --- faults ---


def test_a_fault_in_the_contents_writes_nothing(world, snapshots, world_snapshot):
    before = sorted(path for path in snapshots.rglob("*"))
    number = edit(world, AGREEMENT, ("venue:",), "venu: Hall")
    with pytest.raises(ContentError, match=f"{AGREEMENT}:{number}: venu: no property of Instrument"):
        build(world, snapshots)
    assert sorted(path for path in snapshots.rglob("*")) == before
    assert store.current(snapshots).id == world_snapshot.id


def test_a_fault_without_an_old_snapshot_leaves_none(world, tmp_path):
    edit(world, AGREEMENT, ("venue:",), "venu: Hall")
    with pytest.raises(ContentError):
        build(world, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name != ".lock"] == []
    with pytest.raises(SnapshotMissing, match="'kg build' makes one"):
        store.current(tmp_path / "out")


def test_a_fault_between_two_builds_leaves_the_lock_free(world, snapshots):
    edit(world, AGREEMENT, ("venue:",), "venu: Hall")
    with pytest.raises(ContentError):
        build(world, snapshots)
    edit(world, AGREEMENT, ("venu:",), "venue: Hall")
    assert is_whole(build(world, snapshots))


@pytest.mark.parametrize("text", ["", "{", '{"id": "a"}', "not json", "\x00"])
def test_a_damaged_manifest_is_told_and_mended_by_a_build(world, snapshots, world_snapshot, text):
    (snapshots / world_snapshot.id / store.MANIFEST).write_text(text)
    with pytest.raises(SnapshotDamaged, match="run 'kg build' again"):
        store.current(snapshots)
    assert is_whole(build(world, snapshots))
    assert files(snapshots / world_snapshot.id) == files(world_snapshot.folder)


def cut_short(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("name", ["graph.nq", "graph.ttl", "tables/parties.csv"])
@pytest.mark.parametrize("damage", [cut_short, Path.unlink])
def test_a_damaged_file_is_mended_by_a_build(world, snapshots, world_snapshot, name, damage):
    damage(snapshots / world_snapshot.id / name)
    assert is_whole(build(world, snapshots))
    assert files(snapshots / world_snapshot.id) == files(world_snapshot.folder)


def test_a_snapshot_that_was_taken_away_is_missing(snapshots, world_snapshot):
    shutil.rmtree(snapshots / world_snapshot.id)
    with pytest.raises(SnapshotMissing):
        store.current(snapshots)


# --- killed, and two at once ---

FIRST_TABLE = f"table {tables.names(paths.queries())[0]}"
MOMENTS = [
    "ontology",
    "constraints",
    "graph.nt",
    FIRST_TABLE,
    "store",
    "write_store",
    "_seal",
    "rename",
    "switch",
    "replace",
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_build_leaves_the_old_snapshot_and_the_next_one_succeeds(world, snapshots, world_snapshot, moment):
    change_a_record(world)
    assert done(child(world, snapshots, moment)) == -signal.SIGKILL
    old = store.current(snapshots)
    assert old.id == world_snapshot.id and is_whole(old)
    fresh = build(world, snapshots)
    assert fresh.id != old.id and is_whole(fresh) and store.current(snapshots) == fresh
    assert [path.name for path in snapshots.glob(".partial-*")] == []


def test_a_killed_first_build_leaves_none_and_the_next_one_succeeds(world, tmp_path):
    assert done(child(world, tmp_path / "out", "rename")) == -signal.SIGKILL
    with pytest.raises(SnapshotMissing):
        store.current(tmp_path / "out")
    assert is_whole(build(world, tmp_path / "out"))


def test_of_two_builders_in_two_processes_one_is_told_to_wait(world, snapshots, world_snapshot):
    change_a_record(world)
    first = child(world, snapshots, "wait")
    assert first.stdout.readline() == "holding\n"
    with pytest.raises(BuildBusy, match="another process is building in"):
        build(world, snapshots)
    assert store.current(snapshots).id == world_snapshot.id
    assert done(first) == 0
    assert store.current(snapshots).id != world_snapshot.id
    assert is_whole(build(world, snapshots))


def test_of_two_builders_in_two_threads_one_is_told_to_wait(world, snapshots):
    holding, go_on = threading.Event(), threading.Event()

    def wait(name):
        if name == "constraints":
            holding.set()
            go_on.wait(60)

    first = threading.Thread(target=build, args=(world, snapshots), kwargs={"step": wait})
    first.start()
    try:
        assert holding.wait(60)
        with pytest.raises(BuildBusy):
            build(world, snapshots)
    finally:
        go_on.set()
        first.join(60)
    assert is_whole(store.current(snapshots))


def test_a_builder_within_a_build_is_told_to_wait(world, snapshots):
    def again(name):
        if name == "constraints":
            with pytest.raises(BuildBusy):
                build(world, snapshots)

    assert is_whole(build(world, snapshots, step=again))


def test_a_reader_never_sees_half_a_switch(world, snapshots, world_snapshot):
    """While builds switch to and fro, whoever reads finds one whole snapshot or the other."""
    change_a_record(world)
    fresh = build(world, snapshots).id
    stop = threading.Event()

    def switch():
        while not stop.is_set():
            for name in (world_snapshot.id, fresh):
                placement.switch(snapshots, snapshots / name)

    writer = threading.Thread(target=switch)
    writer.start()
    try:
        seen = {store.current(snapshots).id for _ in range(500)}
    finally:
        stop.set()
        writer.join(30)
    assert seen <= {world_snapshot.id, fresh}


# --- the contents, before anything is written ---


def test_every_stage_is_told(world, tmp_path):
    told: list[str] = []
    build(world, tmp_path / "out", step=told.append)
    assert told[:4] == ["ontology", "records", "quads", "constraints"]
    assert told[-2:] == ["store", "switch"]
    assert set(told) >= {"graph.nq", "graph.nt", "graph.ttl", "graph.jsonld", FIRST_TABLE}


def test_contents_hold_schema_lines_and_store(world):
    read = kg_contents.read(world)
    assert read.lines == sorted(set(read.lines)) and len(read.store) == len(read.lines)
    assert (read.version, read.released) == ("0.0.1", "2031-01-01")


def test_a_fault_of_the_ontology_stops_at_once(world):
    (world / "ontology").unlink()
    (world / "ontology").mkdir()
    (world / "ontology" / "a.ttl").write_text("no turtle\n")
    with pytest.raises(ContentError, match=r"^ontology/a\.ttl:1: no Turtle: "):
        kg_contents.read(world)


def test_the_manifest_is_sorted_json(world_snapshot):
    text = (world_snapshot.folder / store.MANIFEST).read_text()
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"
