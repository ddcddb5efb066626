"""Anyone's RDF files → a snapshot that ``kg serve`` opens: quads only, without tables and pages of their own.

The engine parses, sorts and joins the files into its store on disk, and ``graph.nq`` is written from
there: each quad once, in the store's own order, which depends on the quads alone. The snapshot is
named by the bytes of its input, so the same files give the same name.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import NamedNode, RdfFormat

from kg import integrity, placement
from kg.errors import ContentError, Finding, UnknownName
from kg.store import QUADS, STORE, Snapshot, Store, read
from kg.version import __version__

Step = Callable[[str], None]
FORMATS: dict[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_SUFFIXES = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
    ".xml": "rdfxml",
    ".jsonld": "jsonld",
}
_PLACE = re.compile(r"Parser error (?:at|between) line \d+ ")


@dataclass(frozen=True)
class Reading:
    """How the files are read: a format by name (else by suffix), the graph of triples, the base of relative IRIs."""

    format_name: str | None = None
    graph: str | None = None
    base: str | None = None
    version: str = "imported"
    released: str = "undated"


_DEFAULT = Reading()


def build(files: Sequence[Path], snapshots: Path, how: Reading = _DEFAULT, step: Step = lambda _: None) -> Snapshot:
    """Import the files into a new snapshot and make it current; the same input gives the same folder again.

    Raises ContentError with the first fault of each file (nothing is written then), UnknownName of the
    format, and BuildBusy.
    """
    formats = {path: _format(path, how) for path in files}
    with placement.lock(snapshots):
        step("read")
        folder = snapshots / _identity(files, how)
        if not placement.whole(folder):
            with placement.partial(folder) as partial:
                quads = _load(formats, partial, how, step)
                _seal(partial, folder.name, quads, how, step)
        step("switch")
        placement.switch(snapshots, folder)
    return read(folder)


def _format(path: Path, how: Reading) -> RdfFormat:
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    name = how.format_name or _SUFFIXES.get(plain.suffix.lower())
    if name is None:
        known = ", ".join(sorted(_SUFFIXES))
        raise ContentError([Finding(str(path), 1, "", f"no suffix that tells the format ({known}); give --format")])
    if name not in FORMATS:
        raise UnknownName("RDF format", name, sorted(FORMATS))
    return FORMATS[name]


def _identity(files: Sequence[Path], how: Reading) -> str:
    """The snapshot's name: what was read, how, and by which software."""
    digest = hashlib.sha256(f"{__version__} {how}\n".encode())
    for path in files:
        with path.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()[:16]


def _load(formats: dict[Path, RdfFormat], partial: Path, how: Reading, step: Step) -> int:
    """Load every file into a store on disk and write its quads; gives their number."""
    store = Store(str(partial / STORE))
    findings: list[Finding] = []
    for path, form in formats.items():
        step(path.name)
        findings.extend(_faults(store, path, form, how))
    if findings:
        raise ContentError(findings)
    step("store")
    store.flush()
    step(QUADS)
    store.dump(str(partial / QUADS), RdfFormat.N_QUADS)
    quads = len(store)
    del store  # closed, so that its files change no more
    integrity.seal_store(partial / STORE)
    return quads


def _faults(store: Store, path: Path, form: RdfFormat, how: Reading) -> Iterator[Finding]:
    """Load one file; the first fault of it, if it has one."""
    graph = NamedNode(how.graph) if how.graph and not form.supports_datasets else None
    try:
        with _opened(path) as source:
            store.bulk_load(source, form, base_iri=how.base, to_graph=graph)
    except (SyntaxError, ValueError) as error:
        # A fault of the whole file has no line.
        words = str(getattr(error, "msg", error))
        yield Finding(str(path), getattr(error, "lineno", None) or 1, "", _PLACE.sub("", words, count=1))
    except (OSError, EOFError, zlib.error) as error:
        yield Finding(str(path), 1, "", f"cannot be read: {error}")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked where its suffix is .gz."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb", buffering=1024 * 1024) as source:
        yield source  # type: ignore[misc]  # gzip's file is one


def _seal(partial: Path, identity: str, quads: int, how: Reading, step: Step) -> None:
    step("manifest")
    placement.seal(
        partial,
        {
            "id": identity,
            "version": how.version,
            "released": how.released,
            "software": __version__,
            "quads": quads,
            "classes": {},
        },
    )
