"""The language of a page: by address, else by Accept-Language."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.testclient import TestClient

from api import language
from api.language import Language

LINKS = '<a href="/agreements?a=1">x</a><form action="/search"><link href="/static/site.css"><a href="https://e.org/">'
LINKS += '<a href="/en/agreements">English</a><a href="/uk">Українська</a>'


async def routes(scope, receive, send):
    request = Request(scope)
    path = scope["path"]
    if path == "/old":
        made = RedirectResponse("/new")
    elif path.endswith(".csv"):
        made = PlainTextResponse("a,b")
    else:
        text = f"{path} {language.of(request)} {language.kept(LINKS, language.prefix_of(request))}"
        made = HTMLResponse(text)
    await made(scope, receive, send)


@pytest.fixture
def client() -> TestClient:
    return TestClient(Language(routes), follow_redirects=False, headers={"Accept-Language": ""})


@pytest.mark.parametrize(
    ("header", "wished"),
    [
        ("", "en"),
        ("uk", "uk"),
        ("uk-UA,uk;q=0.9,en;q=0.5", "uk"),
        ("en-US,en;q=0.9,uk;q=0.8", "en"),
        ("uk;q=0.5,en;q=0.5", "en"),
        ("de,fr;q=0.9", "en"),
        ("de,uk;q=0.1", "uk"),
        ("uk;q=0", "en"),
        ("uk;q=nonsense,;;", "en"),
    ],
)
def test_accept_language(client, header, wished):
    assert language.preferred(header) == wished
    answer = client.get("/agreements", headers={"Accept-Language": header})
    assert answer.text.startswith(f"/agreements {wished} ")
    assert answer.headers["content-language"] == wished
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("address", "path", "shown"), [("/uk", "/", "uk"), ("/uk/a/b", "/a/b", "uk"), ("/en/", "/", "en")]
)
def test_the_address_decides(client, address, path, shown):
    answer = client.get(address, headers={"Accept-Language": "en" if shown == "uk" else "uk"})
    assert answer.text.startswith(f"{path} {shown} ")
    assert "vary" not in answer.headers


def test_what_only_begins_like_a_language_is_none(client):
    assert client.get("/ukraine").text.startswith("/ukraine en")


def test_links_stay_in_the_language(client):
    text = client.get("/uk/").text
    for kept in (
        'href="/uk/agreements?a=1"',
        'action="/uk/search"',
        'href="/static/site.css"',
        'href="https://e.org/"',
    ):
        assert kept in text
    assert 'href="/agreements' in client.get("/").text


def test_redirects_stay_in_the_language(client):
    assert client.get("/uk/old").headers["location"] == "/uk/new"
    assert client.get("/old").headers["location"] == "/new"


def test_data_has_no_language(client):
    answer = client.get("/uk/x.csv")
    assert answer.text == "a,b"
    assert "content-language" not in answer.headers
