"""The outermost layer: hits, validators, and the service a request keeps to its end."""

from __future__ import annotations

import asyncio
import gzip
import pickle
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.testclient import TestClient

from api import service as services
from api import validators
from api.cache import AnswerCache, Kept, short
from api.compression import Compression
from api.front import Front
from api.headers import HeadAsGet
from api.ranges import SingleRange
from api.service import Service
from api.settings import Settings
from kg.store import Snapshot

FIRST = Snapshot(Path("a"), "first", "1.0.0", "2030-01-02", 1)
SECOND = Snapshot(Path("b"), "second", "1.0.1", "2031-01-02", 1)
LONG = "word " * 1_000
GZIP = {"Accept-Encoding": "gzip"}


@dataclass
class StubCurrent:
    service: Service | None


class Routes:
    """Answers with the snapshot's name and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope, receive, send):
        self.asked += 1
        request = Request(scope)
        await self._made(request)(scope, receive, send)

    def _made(self, request: Request) -> Response:
        name = services.of(request).snapshot.id
        headers = {"Vary": "Accept"}
        match request.url.path:
            case "/long":
                return PlainTextResponse(LONG, headers=headers)
            case "/private":
                return PlainTextResponse(name, headers={"Cache-Control": "no-store"})
            case "/missing":
                return PlainTextResponse(name, 404)
            case "/broken":
                return StreamingResponse(_breaking(), media_type="text/plain")
            case "/own":
                return PlainTextResponse(LONG, headers={"ETag": '"mine"'})
        return PlainTextResponse(f"{name} {request.headers.get('accept')}", headers=headers)


async def _breaking():
    yield b"begun"
    raise RuntimeError("broken off")


def service_of(snapshot: Snapshot, cache_mib: int = 1) -> Service:
    return Service(Settings(cache_mib=cache_mib), snapshot, None)  # type: ignore[arg-type]


@pytest.fixture
def current() -> StubCurrent:
    return StubCurrent(service_of(FIRST))


@pytest.fixture
def routes() -> Routes:
    return Routes()


@pytest.fixture
def client(current: StubCurrent, routes: Routes) -> TestClient:
    app = SingleRange(Compression(HeadAsGet(routes)))
    return TestClient(Front(app, current), headers={"Accept-Encoding": "identity"})  # type: ignore[arg-type]


def test_a_second_request_costs_the_routes_nothing(client, routes):
    first, second = client.get("/x?q=1"), client.get("/x?q=1")
    assert routes.asked == 1
    assert first.content == second.content
    assert dict(first.headers) == dict(second.headers)


def test_every_selecting_header_is_part_of_the_key(client, routes):
    answers = [client.get("/x", headers={"Accept": kind}).text for kind in ("a/b", "c/d", "a/b")]
    assert answers == ["first a/b", "first c/d", "first a/b"]
    assert routes.asked == 2
    client.get("/x", headers={"Accept": "a/b", "Accept-Language": "uk"})
    client.get("/x", headers={"Accept": "a/b", "Accept-Encoding": "gzip"})
    assert routes.asked == 4
    client.get("/x", headers={"Accept": "a/b", "Host": "elsewhere.example"})
    assert routes.asked == 5
    client.get("https://testserver/x", headers={"Accept": "a/b"})
    assert routes.asked == 6


def test_a_long_address_costs_the_cache_no_more_than_a_short_one(client, current, routes):
    """Keys are what clients send: kept whole, they would outgrow the budget many times."""
    cache = current.service.cache
    for number in range(200):
        client.get(f"/x?q={'x' * 20_000}{number}", headers={"Accept": f"a/b, {'y' * 20_000}"})
    held = sum(len(pickle.dumps(key)) for key in (*cache._kept, *cache._validators))
    assert held < cache.budget / 5
    client.get(f"/x?q={'x' * 20_000}199", headers={"Accept": f"a/b, {'y' * 20_000}"})
    assert routes.asked == 200


def test_a_coded_answer_has_the_same_bytes_at_any_time():
    """What gzip writes of the clock would make one strong tag stand for many bodies."""

    def told(pause: float) -> bytes:
        time.sleep(pause)
        with TestClient(Compression(PlainTextResponse(LONG))).stream("GET", "/", headers=GZIP) as given:
            return b"".join(given.iter_raw())

    first, second = told(0), told(1.1)
    assert first == second
    assert gzip.decompress(first).decode() == LONG


def test_an_answer_carries_what_makes_it_cacheable(client):
    headers = client.get("/x").headers
    assert headers["etag"].startswith('"')
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert headers["last-modified"] == "Wed, 02 Jan 2030 00:00:00 GMT"
    assert headers["vary"] == "Accept"


def test_an_unchanged_answer_is_304_without_asking_again(client, routes):
    tag = client.get("/x").headers["etag"]
    for header in (tag, f'"other", W/{tag}', "*"):
        again = client.get("/x", headers={"If-None-Match": header})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["vary"] == "Accept"
        assert "content-length" not in again.headers
    assert routes.asked == 1
    assert client.get("/x", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=9-1"])
def test_a_range_that_is_not_served_changes_nothing(client, asked):
    """The whole under a coding must not carry the tag of the plain bytes, by which a part may be asked for later."""
    headers = {"Accept-Encoding": "gzip"}
    plain, whole = client.get("/own"), client.get("/own", headers=headers)
    given = client.get("/own", headers=headers | {"Range": asked})
    assert (given.status_code, given.headers["etag"]) == (200, whole.headers["etag"])
    assert given.headers["etag"] != plain.headers["etag"]


def test_a_validator_is_recognised_by_a_service_that_has_forgotten_it(client, current, routes):
    tag = client.get("/x").headers["etag"]
    current.service = service_of(FIRST)
    assert client.get("/x", headers={"If-None-Match": tag}).status_code == 304
    assert routes.asked == 2
    assert client.get("/x").text == "first */*"


def test_another_snapshot_has_other_answers_and_other_tags(client, current):
    old = client.get("/x")
    current.service = service_of(SECOND)
    new = client.get("/x", headers={"If-None-Match": old.headers["etag"]})
    assert new.status_code == 200
    assert new.text.startswith("second")
    assert new.headers["etag"] != old.headers["etag"]


def test_what_is_private_or_wrong_is_neither_kept_nor_tagged(client, routes):
    for path in ("/private", "/missing"):
        for _ in range(2):
            assert "etag" not in client.get(path).headers
    assert routes.asked == 4


def test_what_breaks_off_is_not_kept(client, current):
    with pytest.raises(RuntimeError):
        client.get("/broken")
    assert not current.service.cache.size


def test_the_coding_is_part_of_the_tag(client):
    plain = client.get("/long")
    for coding in ("gzip", "br"):
        coded = client.get("/long", headers={"Accept-Encoding": coding})
        assert coded.headers["content-encoding"] == coding
        assert "Accept-Encoding" in coded.headers["vary"]
        assert coded.headers["etag"] == plain.headers["etag"][:-1] + f'-{coding}"'
        assert coded.text == LONG
        assert client.get("/long", headers={"Accept-Encoding": coding}).text == LONG


def test_a_tag_that_a_file_has_stays(client):
    assert client.get("/own").headers["etag"] == '"mine"'
    assert client.get("/own", headers={"Accept-Encoding": "gzip"}).headers["etag"] == '"mine-gzip"'
    assert client.get("/own", headers={"If-None-Match": '"mine"'}).status_code == 304


def test_head_is_get_without_body_kept_or_not(client):
    before = client.head("/x")
    body = client.get("/x")
    after = client.head("/x")
    assert before.content == after.content == b""
    assert before.headers == after.headers == body.headers
    assert client.head("/x", headers={"If-None-Match": body.headers["etag"]}).status_code == 304


def test_a_request_without_a_service_goes_through(current, routes):
    seen = []

    async def below(scope, receive, send):
        seen.append(services.found(Request(scope)))
        await PlainTextResponse("none")(scope, receive, send)

    assert TestClient(Front(below, StubCurrent(None))).get("/").text == "none"  # type: ignore[arg-type]
    assert seen == [None]


def test_a_request_keeps_its_service_to_the_end(current):
    """A service that is replaced in the middle of a request is not left before its end."""

    async def act() -> list[bool]:
        service = current.service
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def below(scope, receive, send):
            entered.set()
            await go_on.wait()
            assert services.of(Request(scope)) is service

        front = Front(below, current)
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        running = asyncio.create_task(front(scope, None, None))
        await entered.wait()
        current.service = service_of(SECOND)
        left = asyncio.create_task(service.left())
        await asyncio.sleep(0)
        states = [left.done()]
        go_on.set()
        await running
        await left
        return [*states, left.done()]

    assert asyncio.run(act()) == [False, True]


def test_the_cache_keeps_to_its_budget():
    cache = AnswerCache(100_000)
    for number in range(50):
        cache.put(number, Kept([], b"x" * 8_000))
        assert cache.size <= cache.budget
    assert cache.get(49) is not None
    assert cache.get(0) is None
    cache.put("large", Kept([], b"x" * 20_000))
    assert cache.get("large") is None


def test_parts_of_a_long_key_cannot_run_together():
    one, other = (b"a" * 1_000, b"bc"), (b"a" * 1_000 + b"b", b"c")
    assert short(one) != short(other)
    assert short((b"a", b"bc")) != short((b"ab", b"c"))


def test_the_longest_unused_goes_first():
    cache = AnswerCache(50_000)
    for number in range(8):
        cache.put(number, Kept([], b"x" * 4_000))
    cache.get(0)
    cache.put(8, Kept([], b"x" * 4_000))
    assert cache.get(0) is not None
    assert cache.get(1) is None


@pytest.mark.parametrize(
    ("header", "fits"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"A"', False), ("a", False), ("", False)],
)
def test_if_none_match(header, fits):
    assert validators.matches(header, '"a"') is fits


def test_parts_of_a_tag_cannot_run_together():
    assert validators.etag("ab", "c") != validators.etag("a", "bc")


def test_a_day_that_is_none_has_no_date():
    assert validators.http_date("soon") == ""
