"""The map in a real browser: with outlines and with tiles, with script and without."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import free_port, wait_ready
from playwright.sync_api import expect
from test_browser import SOME, Watched, browser, pytestmark, watched  # noqa: F401  # fixtures

from api import built

needs_outlines = pytest.mark.skipif(
    built.read(built.folder()).outlines is None, reason="no outlines: make assets builds them"
)
PAGES = ["/map", "/map?on=2024-06-27", "/map?eu=hide&state=joined", "/map?on=2020-01-01", "/uk/map"]


@pytest.fixture(scope="module")
def bare(server, tmp_path_factory) -> Iterator[str]:
    """The address of a service that has no built files."""
    port = free_port()
    environment = {
        **os.environ,
        "KG_SNAPSHOTS": str(server.snapshots),
        "KG_ASSETS": str(tmp_path_factory.mktemp("bare")),
    }
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_ready(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("watched", SOME, indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_stays_here(server, watched, path):  # noqa: F811
    page = watched.open(server.url + path)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("svg.atlas")).to_be_visible()
    assert (watched.left(), watched.faults) == ([], [])
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.parametrize("path", PAGES[:2])
def test_a_page_meets_wcag(server, watched, path):  # noqa: F811
    page = watched.open(server.url + path)
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, options=options).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []


def test_the_day_is_in_the_address(server, watched):  # noqa: F811
    page = watched.open(server.url + "/map")
    page.get_by_label("On", exact=True).fill("2024-06-27")
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url(re.compile(r"on=2024-06-27"))
    assert page.locator("svg.atlas a.land.signed").count() == 19  # the twentieth is the Union, which has no outline
    expect(page.get_by_role("link", name="signed 27 June 2024", exact=True)).to_be_visible()
    expect(page.locator("svg.atlas a.land.joined use.union")).not_to_have_count(0)


def test_a_land_is_reached_by_the_keyboard_and_leads_on(server, watched):  # noqa: F811
    page = watched.open(server.url + "/map")
    land = page.locator('svg.atlas a[href="/parties/LTU"]')
    land.focus()
    expect(land).to_be_focused()
    assert "Lithuania: signed 27 June 2024; EU member since 1 May 2004" in (land.text_content() or "")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/parties/LTU$"))


def test_the_union_can_be_hidden(server, watched):  # noqa: F811
    page = watched.open(server.url + "/map?eu=hide")
    expect(page.locator("use.union")).to_have_count(0)


@needs_outlines
def test_outlines_are_drawn_with_a_note_on_borders(server, watched):  # noqa: F811
    page = watched.open(server.url + "/map")
    expect(page.locator("svg.atlas.tiles")).to_have_count(0)
    expect(page.get_by_text("Crimea is part of Ukraine")).to_be_visible()


def test_without_built_files_tiles_and_a_plain_field_stand_in(bare, watched):  # noqa: F811
    page = watched.open(bare + "/map")
    expect(page.locator("svg.atlas.tiles")).to_be_visible()
    expect(page.locator('svg.atlas a[href="/parties/LTU"]')).to_be_visible()
    watched.open(bare + "/sparql")
    expect(page.locator("textarea#query")).to_be_visible()
    page.get_by_role("button", name="Show the answer here").click()
    expect(page.locator("td", has_text="agreement:ukr-").first).to_be_visible()
    assert (watched.left(), watched.faults) == ([], [])


def test_a_page_fits(server):
    assert len(server.get("/map").content) < 150_000


def test_the_files_hold_what_the_page_shows(server):
    rows = server.get("/map.json?on=2024-06-27&state=signed").json()
    assert len({row["party"] for row in rows}) == 20
    assert server.get("/map.csv?on=2024-06-27&state=signed").text.count("\n") == len(rows) + 1
    for wrong in ("/map?on=soon", "/map?state=maybe", "/map?eu=x", "/map.json?on=2024-99-01"):
        assert server.get(wrong).status_code == 400
