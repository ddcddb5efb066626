"""Checked contents → an immutable snapshot folder named by its bytes, switched to by one rename.

::

    <snapshots>/current                a file that names the current one, replaced by one rename
    <snapshots>/<id>/manifest.json     written last
                     graph.nq …        exports, the same bytes for the same input
                     tables/*.csv
                     store/            the engine's own files: a cache, outside the manifest

A build that ends at any moment leaves the old snapshot in place and whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg import catalogue, citation, contents, describe, evaluate, export, jsonld, paths, placement, tables
from kg.citation import Citation
from kg.contents import Contents
from kg.integrity import described, write_store
from kg.names import ONTOLOGY_GRAPH
from kg.store import QUADS, STORE, Snapshot, Store, read
from kg.version import __version__

Step = Callable[[str], None]
_CONTEXT = "context.jsonld"
_ONTOLOGY = ("ontology.ttl", "shapes.ttl")
_COUNTS = """SELECT ?class (COUNT(DISTINCT ?s) AS ?n)
WHERE { GRAPH ?g { ?s a ?class } FILTER (?g != <%s>) } GROUP BY ?class ORDER BY ?class"""


def build(root: Path, snapshots: Path, queries: Path | None = None, step: Step = lambda _: None) -> Snapshot:
    """Build what lies in ``root`` and make it current. The same input gives the same folder again.

    Raises ContentError (nothing is written then) and BuildBusy.
    """
    with placement.lock(snapshots):
        checked = contents.read(root, step)
        catalogue_folder = queries or paths.queries()
        cited = citation.read(root)
        folder = snapshots / _identity(checked, catalogue_folder, cited)
        if not placement.whole(folder):
            _write(checked, folder, catalogue_folder, cited, step)
        step("switch")
        placement.switch(snapshots, folder)
    return read(folder)


def _identity(checked: Contents, queries: Path, cited: Citation) -> str:
    """The snapshot's name: what was claimed in which release, by which shapes, tabled and cited how, in which files."""
    digest = hashlib.sha256(f"{__version__} {checked.version} {checked.released}\n{cited.text}".encode())
    digest.update(" ".join((*export.EXPORTS, *describe.FILES, _CONTEXT)).encode())
    for table in catalogue.of_kind(queries, "tables").values():
        digest.update(f"{table.name}\n{table.body}".encode())
    for line in checked.lines:
        digest.update(line.encode())
    return digest.hexdigest()[:16]


def _write(checked: Contents, folder: Path, queries: Path, cited: Citation, step: Step) -> None:
    """Write everything beside its final place, then move it there in one rename."""
    with placement.partial(folder) as partial:
        (partial / tables.FOLDER).mkdir()
        _exports(checked, partial, step)
        _tables(checked, partial, queries, step)
        step("descriptions")
        _descriptions(checked, partial, cited)
        step("store")
        write_store(partial / QUADS, partial / STORE)
        _seal(checked, partial, folder.name)


def _exports(checked: Contents, partial: Path, step: Step) -> None:
    data = list(export.data_lines(checked.lines))
    for name, form in export.EXPORTS.items():
        step(name)
        with (partial / name).open("wb") as target:
            export.write(checked.lines if form == "nquads" else data, target, form, checked.schema.prefixes)
    with (partial / "ontology.ttl").open("wb") as target:
        lines = export.published_ontology(checked.lines, checked.schema.ranges, checked.version)
        export.write(lines, target, "turtle", checked.schema.prefixes)
    with (partial / "shapes.ttl").open("wb") as target:
        export.write(export.shape_lines(checked.lines), target, "turtle", checked.schema.prefixes)


def _tables(checked: Contents, partial: Path, queries: Path, step: Step) -> None:
    for name in tables.names(queries):
        step(f"table {name}")
        (partial / tables.FOLDER / f"{name}.csv").write_bytes(tables.write(checked.store, queries, name))


def _descriptions(checked: Contents, partial: Path, cited: Citation) -> None:
    """The context of JSON-LD, and what machines read about the dataset; the catalogue last: it lists the files."""
    text = json.dumps(jsonld.context(checked.schema), indent=1, sort_keys=True, ensure_ascii=False)
    (partial / _CONTEXT).write_text(text + "\n", "utf-8")
    release = describe.Release(checked.version, checked.released, cited, checked.schema.prefixes)

    def written(name: str, lines: list[str]) -> None:
        with (partial / name).open("wb") as target:
            export.write(lines, target, "turtle", describe.PREFIXES)

    written(describe.LINKS, describe.link_lines(checked.store))
    written(describe.SERVICE, describe.service_lines(checked.store, release))
    dumps = tuple(path.name for path in placement.files(partial) if path.name in (*export.EXPORTS, *_ONTOLOGY))
    written(describe.VOID, describe.void_lines(checked.store, release, dumps))
    files = {str(path.relative_to(partial)): described(path) for path in placement.files(partial)}
    written(describe.DCAT, describe.dcat_lines(checked.store, release, files))


def _seal(checked: Contents, partial: Path, identity: str) -> None:
    facts: dict[str, Any] = {
        "id": identity,
        "version": checked.version,
        "released": checked.released,
        "software": __version__,
        "quads": len(checked.lines),
        "classes": _class_counts(checked.store),
        "folders": checked.schema.folders,
    }
    placement.seal(partial, facts)


def _class_counts(store: Store) -> dict[str, int]:
    _, rows = evaluate.rows(store, _COUNTS % ONTOLOGY_GRAPH)
    return {str(name).rsplit("#", 1)[-1]: int(count or 0) for name, count in rows}
