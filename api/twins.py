"""The data behind a page: the same rows as CSV, JSON, an Excel sheet, Turtle or JSON-LD."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence

from starlette.responses import JSONResponse, Response

from api.service import Service
from api.subset import Subset
from kg import formats, workbook
from kg.errors import UnknownName
from kg.tables import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = ("csv", "json", "xlsx")
GRAPH = ("ttl", "jsonld")
_FORMATS = {"ttl": "turtle", "jsonld": "jsonld"}
_CORS = {"Access-Control-Allow-Origin": "*"}


def suffixes(subset: Subset) -> tuple[str, ...]:
    """The forms in which a subset can be had; triples only where its rows are things with an IRI."""
    return TABLE + (GRAPH if "iri" in subset.columns else ())


async def of_subset(service: Service, subset: Subset, suffix: str) -> Response:
    """A subset in one form; raises UnknownName, LibraryMissing, and what the pool raises."""
    known = suffixes(subset)
    if suffix not in known:
        raise UnknownName("format", suffix, known)
    name = subset.register.table
    if suffix in TABLE:
        return await of_rows(suffix, name, subset.columns, subset.rows, subset.snapshot.released)
    form = formats.named(_FORMATS[suffix])
    return Response(
        await service.answer(subset.construct, form.name), headers=_headers(form.content_type, name, suffix)
    )


async def of_rows(suffix: str, name: str, columns: list[str], rows: Sequence[Row], released: str) -> Response:
    """Rows as csv, json or xlsx, to be saved under ``name``; raises UnknownName or LibraryMissing."""
    if suffix not in TABLE:
        raise UnknownName("format", suffix, TABLE)
    if suffix == "json":
        kept = [{column: row[column] for column in columns} for row in rows]
        return JSONResponse(kept, headers=_headers("application/json", name, suffix))
    if suffix == "csv":
        return Response(to_csv(columns, rows), headers=_headers("text/csv; charset=utf-8", name, suffix))
    body = await asyncio.to_thread(workbook.sheet, released, name, columns, tuple(rows))
    return Response(body, headers=_headers(XLSX, name, suffix))


def to_csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Rows as CSV with a header, as the public tables are written."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _headers(content_type: str, name: str, suffix: str) -> dict[str, str]:
    shown = "inline" if suffix != "xlsx" else "attachment"
    return {**_CORS, "Content-Type": content_type, "Content-Disposition": f'{shown}; filename="{name}.{suffix}"'}
