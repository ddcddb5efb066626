"""Errors of ``kg`` as HTTP answers: problem documents (RFC 9457), or a page for a browser."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import negotiate
from api.context import context
from api.rendering import page
from api.settings import SettingError
from kg import errors
from kg.errors import KgError

PROBLEM = "application/problem+json"


class Answer(NamedTuple):
    """How one kind of error is answered. ``retry`` is in seconds, None when trying again does not help."""

    status: int
    title: str
    retry: int | None = None


# One row a class; a class without a row of its own takes its parent's.
ANSWERS: dict[type[Exception], Answer] = {
    KgError: Answer(500, "Something is wrong here"),
    SettingError: Answer(500, "The service is set up wrongly"),
    errors.ContentError: Answer(500, "The contents are at fault"),
    errors.SnapshotError: Answer(503, "The data cannot be read", 30),
    errors.SnapshotMissing: Answer(503, "There is no snapshot yet", 30),
    errors.SnapshotDamaged: Answer(503, "The snapshot is damaged", 30),
    errors.BuildBusy: Answer(503, "A build is under way", 30),
    errors.TablesMissing: Answer(404, "No tables in this snapshot"),
    errors.UnknownName: Answer(404, "Not found"),
    errors.LibraryMissing: Answer(501, "This form is not installed here"),
    errors.QueryError: Answer(400, "The query is at fault"),
    errors.QueryTooLarge: Answer(413, "The query is too long"),
    errors.QueryRefused: Answer(400, "The query is refused"),
    errors.QuerySyntaxError: Answer(400, "The query cannot be parsed"),
    errors.AnswerUnwritable: Answer(406, "The format cannot hold this answer"),
    errors.EngineError: Answer(503, "The query could not be finished", 5),
    errors.TimeLimit: Answer(503, "The query ran over the time limit", 5),
    errors.MemoryLimit: Answer(503, "The query ran over the memory limit", 5),
    errors.QueueFull: Answer(429, "Too many queries are waiting", 5),
    errors.QueueTimeout: Answer(503, "No worker was free in time", 5),
    errors.ServiceStopping: Answer(503, "The service is stopping", 5),
    errors.RowLimit: Answer(503, "The answer has more rows than the engine gives"),
    errors.EngineAway: Answer(503, "The engine cannot be reached", 30),
    errors.EngineFailed: Answer(502, "The engine failed"),
    errors.WorkerDied: Answer(500, "The worker ended"),
}


class BadRequest(KgError):
    """The HTTP request itself is at fault; carries its own status."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(message)


def answer_to(error: Exception) -> Answer:
    """How an error is answered: by its class, else by the nearest class above."""
    if isinstance(error, BadRequest):
        return Answer(error.status, HTTPStatus(error.status).phrase)
    return next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)


def problem(error: Exception) -> dict[str, Any]:
    """The problem document: type, title, status, detail, and what is known of place, limit and near names."""
    answer = answer_to(error)
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": answer.title,
        "status": answer.status,
        "detail": str(error),
    }
    for key in ("line", "column", "limit", "near"):
        value = getattr(error, key, None)
        if value:
            document[key] = value
    return document


def response(request: Request, error: Exception) -> Response:
    """A problem page for a browser, else a problem document."""
    document = problem(error)
    answer = answer_to(error)
    headers = {"Vary": "Accept", "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    if answer.retry is not None:
        headers["Retry-After"] = str(answer.retry)
    made: Response
    if negotiate.prefers_html(negotiate.accept(request), ()):
        made = page("problem.html", status=answer.status, problem=document, **context(request))
    else:
        made = JSONResponse(document, answer.status, media_type=PROBLEM)
    made.headers.update(headers | getattr(error, "headers", {}))
    return made


async def on_kg_error(request: Request, error: Exception) -> Response:
    """The outermost handler of errors raised on purpose."""
    return response(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Unknown paths and methods."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = f"{request.method} {request.url.path}: {HTTPStatus(status).phrase}"
    made = response(request, BadRequest(status, detail))
    if isinstance(error, HTTPException) and error.headers:
        made.headers.update(error.headers)
    return made
