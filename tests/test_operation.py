"""What operators see and set: meters, logs, the rate limit, one range."""

from __future__ import annotations

import io
import json

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.testclient import TestClient

from api import rate, serve
from api.log import Log
from api.metrics import Metered, Meters
from api.ranges import SingleRange
from api.settings import SettingError


class NoService:
    service = None


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_quick_query_is_logged_by_its_hash_only_and_only_at_all():
    for level, expected in (("off", 0), ("slow", 0), ("all", 1)):
        stream = io.StringIO()
        Log(level, 1.0, stream).query("SELECT secret", 0.1, query="abc", outcome="ok")
        assert len(lines(stream)) == expected
        assert "secret" not in stream.getvalue()


def test_a_slow_query_is_logged_with_its_text_cut():
    stream = io.StringIO()
    Log("slow", 1.0, stream).query("x" * 5_000, 1.5, query="abc", outcome="TimeLimit")
    (line,) = lines(stream)
    assert line["event"] == "slow query"
    assert line["seconds"] == 1.5
    assert line["outcome"] == "TimeLimit"
    assert line["text"] == "x" * 2_000
    assert line["timestamp"].endswith("Z")


def test_meters_count_requests_and_queries():
    meters = Meters(NoService())  # type: ignore[arg-type]

    async def routes(scope, receive, send):
        if scope["path"] == "/sparql":
            raise RuntimeError("broken")
        await PlainTextResponse("x", 404 if scope["path"] == "/secret-path" else 200)(scope, receive, send)

    client = TestClient(Metered(routes, meters), raise_server_exceptions=False)
    for path in ("/downloads/x", "/secret-path", "/sparql"):
        client.get(path)
    meters.query("TimeLimit", 2.0)
    text = meters.text().decode()
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["kg_requests_total", "downloads", "200"] == 1
    assert found["kg_requests_total", "page", "404"] == 1
    assert found["kg_requests_total", "sparql", "500"] == 1
    assert found["kg_queries_total", "TimeLimit"] == 1
    assert found["kg_query_seconds_sum",] == 2
    assert "secret" not in text


async def _ok(scope, receive, send):
    await PlainTextResponse(Request(scope).headers.get("range", "no range"))(scope, receive, send)


def test_a_client_that_asks_too_often_is_told_when_to_come_back():
    client = TestClient(rate.RateLimit(_ok, rate.limit("3/minute")))
    left = [client.get("/").headers["ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = client.get("/")
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-limit"] == "3"
    assert client.get("/health/live").status_code == 200


def test_clients_are_told_apart_by_address():
    app = rate.RateLimit(_ok, rate.limit("1/minute"))
    one, other = (TestClient(app, client=(address, 1)) for address in ("192.0.2.1", "192.0.2.2"))
    assert [one.get("/").status_code, one.get("/").status_code, other.get("/").status_code] == [200, 429, 200]


@pytest.mark.parametrize(
    ("text", "host", "chosen"),
    [
        ("auto", "127.0.0.1", "off"),
        ("auto", "::1", "off"),
        ("auto", "localhost", "off"),
        ("auto", "0.0.0.0", "600/minute"),  # nothing listens here
        ("auto", "::", "600/minute"),
        ("auto", "graph.example", "600/minute"),
        ("5/minute", "127.0.0.1", "5/minute"),
        ("off", "192.0.2.1", "off"),
    ],
)
def test_a_limit_of_its_own_holds_where_others_can_reach_the_service(monkeypatch, text, host, chosen):
    monkeypatch.setenv("KG_RATE_LIMIT", text)
    assert serve._settings(host).rate_limit == chosen


@pytest.mark.parametrize("text", ["many", "3/fortnight", "-1/minute"])
def test_a_limit_that_is_none_is_refused(text):
    with pytest.raises(SettingError, match="KG_RATE_LIMIT"):
        rate.limit(text)
    assert rate.limit("off") is None


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("bytes=0-1", "bytes=0-1"),
        ("bytes=5-", "bytes=5-"),
        ("bytes=-5", "bytes=-5"),
        *((ignored, "no range") for ignored in ("bytes=0-1,3-4", "lines=1-2", "bytes=9-1", "bytes=x", None)),
    ],
)
def test_only_one_range_at_a_time(header, seen):
    headers = {"Range": header} if header else {}
    assert TestClient(SingleRange(_ok)).get("/", headers=headers).text == seen


def test_a_part_beyond_the_end_is_refused_with_the_length(tmp_path):
    (tmp_path / "a.txt").write_text("abc")
    client = TestClient(SingleRange(FileResponse(tmp_path / "a.txt")))
    given = client.get("/", headers={"Range": "bytes=9-"})
    assert (given.status_code, given.headers["content-range"]) == (416, "bytes */3")
    assert given.headers["content-type"] == "application/problem+json"
    assert "3 bytes" in given.json()["detail"]
    assert client.head("/", headers={"Range": "bytes=0-0"}).status_code == 200
