"""The command line. Exit codes: 0 done, 1 contents or query at fault, 2 wrong usage, 3 the engine gave up."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from kg import contents as kg_contents
from kg import evaluate, export, formats, guard, paths, store, tables, workbook
from kg.build import build as build_snapshot
from kg.errors import ContentError, EngineError, KgError, SnapshotMissing
from kg.guard import Inspected
from kg.pool import Pool, PoolSettings
from kg.version import __version__

app = typer.Typer(
    help="A knowledge graph of security agreements: check, build, query, export and serve it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Make snapshots and records of data that others publish.", no_args_is_help=True)
app.add_typer(imports, name="import")
_errors = Console(stderr=True, highlight=False)
Json = Annotated[bool, typer.Option("--json", help="Write JSON for machines instead of words.")]
Snapshots = Annotated[Path | None, typer.Option("--snapshots", help="Folder of the snapshots.")]
Contents = Annotated[Path | None, typer.Option("--contents", help="Folder that holds ontology/ and data/.")]


@app.callback(invoke_without_command=True)
def about(version: Annotated[bool, typer.Option("--version", help="Say the software's version.")] = False) -> None:
    """Say the version; the commands do the rest."""
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def check(contents: Contents = None, as_json: Json = False) -> None:
    """Check ontology and records; list every fault as file:line: key: message."""
    with _progress() as step:
        try:
            found = kg_contents.read(contents or paths.contents(), step)
        except ContentError as error:
            _findings(error, as_json)
            raise typer.Exit(1) from None
    summary = {"quads": len(found.lines), "version": found.version, "released": found.released, "findings": 0}
    _say(summary, as_json, f"no faults; {len(found.lines)} quads, data version {found.version} of {found.released}")


@app.command()
def build(contents: Contents = None, snapshots: Snapshots = None, as_json: Json = False) -> None:
    """Build a snapshot from the records and make it current."""
    with _progress() as step:
        try:
            made = build_snapshot(contents or paths.contents(), snapshots or paths.snapshots(), step=step)
        except ContentError as error:
            _findings(error, as_json)
            raise typer.Exit(1) from None
    _say(_described(made), as_json, f"snapshot {made.id}: {made.quads} quads in {made.folder}")


@imports.command()
def rdf(  # noqa: PLR0913, PLR0917  # each is an option of the command
    files: Annotated[list[Path], typer.Argument(help="Files to read; .gz is unpacked.", exists=True, dir_okay=False)],
    out: Annotated[Path | None, typer.Option("--out", help="Folder of snapshots to write into.")] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="turtle, ntriples, nquads, trig, rdfxml or jsonld; else by suffix.")
    ] = None,
    graph: Annotated[str | None, typer.Option(help="IRI of the graph that triples go into.")] = None,
    base: Annotated[str | None, typer.Option(help="IRI that relative ones are resolved against.")] = None,
    as_json: Json = False,
) -> None:
    """Make a snapshot of any RDF files: serve it with KG_SNAPSHOTS naming the folder."""
    from kg.importers import rdf as importer  # noqa: PLC0415  # the engine is loaded when it is needed

    with _progress() as step:
        try:
            made = importer.build(files, out or paths.snapshots(), importer.Reading(form, graph, base), step)
        except ContentError as error:
            _findings(error, as_json)
            raise typer.Exit(1) from None
    _say(_described(made), as_json, f"snapshot {made.id}: {made.quads} quads in {made.folder}")


@app.command()
def query(
    text: Annotated[str | None, typer.Argument(help="The query; - reads it from standard input.")] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", help="Read the query from a file.", exists=True, dir_okay=False)
    ] = None,
    form: Annotated[str | None, typer.Option("--format", help="json, csv, tsv, xml, turtle, ntriples, …")] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds the query may run.", min=0.1)] = 60.0,
    snapshots: Snapshots = None,
) -> None:
    """Run a SPARQL query on the current snapshot and write the answer to standard output."""
    if (text is None) == (file is None):
        raise typer.BadParameter("give a query as an argument or a file with -f")
    words = file.read_text("utf-8") if file else sys.stdin.read() if text == "-" else str(text)
    inspected = guard.inspect(words)
    default = "turtle" if inspected.form in ("CONSTRUCT", "DESCRIBE") else "csv"
    request = evaluate.Request(words, form or default, has_dataset=inspected.has_dataset)
    asyncio.run(_answer(_current(snapshots), request, inspected, time_limit))


async def _answer(snapshot: store.Snapshot, request: evaluate.Request, inspected: Inspected, limit: float) -> None:
    """Write the answer as it comes, from a worker that can be ended."""
    bounds = PoolSettings(time_limit=limit, light=1, heavy=1, spare=0)
    async with Pool(snapshot, bounds) as pool:
        answer = await pool.run(request, inspected)
        async for piece in answer.chunks():
            sys.stdout.buffer.write(piece)


@app.command(name="export")
def export_command(
    form: Annotated[str | None, typer.Argument(help="turtle, ntriples, nquads or jsonld.")] = None,
    table: Annotated[str | None, typer.Option("--table", help="A public table, as CSV.")] = None,
    every: Annotated[str | None, typer.Option("--tables", help="All tables as xlsx, sqlite or parquet.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
    snapshots: Snapshots = None,
) -> None:
    """Write the graph in a format, one public table as CSV, or all tables in one file."""
    if sum(choice is not None for choice in (form, table, every)) != 1:
        known = ", ".join(tables.names(paths.queries()))
        raise typer.BadParameter(f"give turtle, ntriples, nquads or jsonld, or --table NAME ({known}), or --tables")
    if every is not None:
        if output is None:
            raise typer.BadParameter("--tables writes to a file or folder: name it with -o")
        workbook.write(_current(snapshots), every, output)
        return
    content = _exported(_current(snapshots), form, table)
    if output:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def _exported(snapshot: store.Snapshot, form: str | None, table: str | None) -> bytes:
    if table:
        return tables.write(store.open_store(snapshot), paths.queries(), table)
    files = {name: file for file, name in export.EXPORTS.items()}
    if formats.named(str(form)).name not in files:
        raise typer.BadParameter(f"no export as {form}; known: {', '.join(sorted(files))}")
    return (snapshot.folder / files[str(form)]).read_bytes()


@app.command()
def info(snapshots: Snapshots = None, as_json: Json = False) -> None:
    """Say what is installed and which snapshot is current."""
    facts: dict[str, Any] = {"software": __version__, "contents": str(paths.contents()), "snapshot": None}
    try:
        facts["snapshot"] = _described(_current(snapshots))
    except SnapshotMissing as error:
        facts["missing"] = str(error)
    _say(facts, as_json, "\n".join(f"{key}: {value}" for key, value in facts.items()))


def _current(snapshots: Path | None) -> store.Snapshot:
    return store.current(snapshots or paths.snapshots())


def _described(snapshot: store.Snapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "version": snapshot.version,
        "released": snapshot.released,
        "quads": snapshot.quads,
        "folder": str(snapshot.folder),
    }


def _say(facts: dict[str, Any], as_json: bool, words: str) -> None:
    print(json.dumps(facts, indent=1) if as_json else words)


def _findings(error: ContentError, as_json: bool) -> None:
    if as_json:
        print(json.dumps([vars(finding) for finding in error.findings], indent=1))
        return
    for finding in error.findings:
        print(finding)
    _errors.print(f"{len(error.findings)} faults; nothing was written")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says the stage; silent when that is no terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=_errors, transient=True, disable=not _errors.is_terminal) as bar:
        task = bar.add_task("start", total=None)
        yield lambda stage: bar.update(task, description=stage)


def _add_commands() -> None:
    """Take in the commands that other packages offer (``kg serve``)."""
    for entry in entry_points(group="kg.commands"):
        app.command(name=entry.name)(entry.load())


def main() -> None:
    """Run the command line."""
    own = {group.name for group in app.registered_groups} | {
        command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands
    }
    # A web framework takes longer to import than most commands to run.
    if not own.intersection(sys.argv[1:2]):
        _add_commands()
    try:
        app()
    except (KgError, OSError, UnicodeDecodeError) as error:
        if not isinstance(error, BrokenPipeError):
            _errors.print("error:", str(error), markup=False, soft_wrap=True)
        sys.exit(3 if isinstance(error, EngineError) else 1)
