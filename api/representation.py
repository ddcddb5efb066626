"""The forms in which a thing of the graph can be had, and which of them a request asks for."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, language, negotiate, resource
from api.registers import REGISTERS
from api.resource import Resource
from api.service import found as service_of
from kg import describe, formats, names
from kg.formats import Content, Format

HTML = Format("html", negotiate.HTML, "html", Content.GRAPH)
JSON = Format("json", "application/json", "json", Content.GRAPH)
CSV = Format("csv", "text/csv", "csv", Content.GRAPH)
# In the order of preference where a client has none: a page first.
FORMS: tuple[Format, ...] = (HTML, *formats.holding(Content.GRAPH, Content.DATASET), JSON, CSV)
BY_SUFFIX = {form.suffix: form for form in FORMS}
SCOPE = "kg.data"  # the key in an ASGI scope that tells that data is asked for, and no page
_COLLECTIONS = {"/agreements", *(shown.address for shown in REGISTERS.values())}
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class Negotiated:
    """Turns a request for a thing into one for a form of it, and says on the answer what else there is.

    ``/parties/LTU`` with ``Accept: text/turtle`` is answered as ``/parties/LTU.ttl`` is, so that a route
    serves one form and knows nothing of the others. ``.html`` is the address without a suffix.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under the address of the chosen form."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        request = Request(scope)
        path, suffix = split(scope["path"])
        serving = service_of(request)
        found = resource.find(path, resource.folders(serving.snapshot)) if serving else None
        if found is None:
            return await self.app(scope, receive, send)
        form = _wished(request, found, path, suffix)
        if form is None:
            return await errors.response(request, _unfitting(request, found))(scope, receive, send)
        target = path if form is HTML else f"{found.address}.{form.suffix}"
        scope = {**scope, "path": target, "raw_path": target.encode(), **({} if form is HTML else {SCOPE: found})}
        prefix = language.prefix_of(request) if form is HTML else ""
        located = "" if suffix or target == "/" else f"{prefix}{found.address}.{form.suffix}"
        return await self.app(scope, receive, _told(send, found, located, varies=not suffix))


def _wished(request: Request, found: Resource, path: str, suffix: str) -> Format | None:
    """The form that the suffix names, else the one wished most; None when it cannot be had."""
    fitting = found_forms(found)
    if suffix:
        return BY_SUFFIX[suffix] if BY_SUFFIX[suffix] in fitting else None
    best = negotiate.best(negotiate.accept(request), fitting)
    return HTML if best is None and path == "/" else best


def found_forms(found: Resource) -> tuple[Format, ...]:
    """The forms of one resource: a document is RDF or a page, a thing of the graph also JSON and CSV."""
    return tuple(form for form in FORMS if form not in (CSV, JSON)) if found.document else FORMS


def split(path: str) -> tuple[str, str]:
    """``/parties/LTU.ttl`` → ``/parties/LTU``, ``ttl``; no suffix where it is none of ours."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and suffix in BY_SUFFIX else (path, "")


def _told(send: Send, found: Resource, located: str, varies: bool) -> Send:
    """Send with the headers that every form has; ``located`` is where the chosen form has an address of its own."""

    async def with_links(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            headers = MutableHeaders(scope=message)
            headers["Link"] = links(found)
            headers["Access-Control-Allow-Origin"] = "*"
            if located:
                headers["Content-Location"] = located
            if varies:
                headers.add_vary_header("Accept")
        await send(message)

    return with_links


def links(found: Resource) -> str:
    """The Link header: every other form, what describes the whole, the licence, the name to cite, the class."""
    told = [
        f'<{found.address}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in found_forms(found)
    ]
    cited = names.BASE if found.document in describe.FILES else found.iri
    told += ['</.well-known/void>; rel="describedby"', f'<{_LICENCE}>; rel="license"', f'<{cited}>; rel="cite-as"']
    if found.class_iri:
        told.append(f'<{found.class_iri}>; rel="type"')
    folder = f"/{found.path.split('/')[0]}"
    if found.class_iri and folder in _COLLECTIONS:
        told.append(f'<{folder}>; rel="collection"')
    if found.owner:
        told.append(f'</{found.owner}>; rel="up"')
    return ", ".join(told)


def _unfitting(request: Request, found: Resource) -> errors.BadRequest:
    accept = negotiate.accept(request)
    known = ", ".join(form.media_type for form in found_forms(found))
    return errors.BadRequest(406, f"'{accept}' fits no form of {found.address}; known: {known}")
