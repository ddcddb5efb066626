"""The SPARQL page in a real browser: the editor over the plain field, faults at their place, views, links to share."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from html import unescape
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_browser import SOME, Watched, browser, pytestmark, watched  # noqa: F401  # fixtures

from api import built

needs_editor = pytest.mark.skipif(not built.read(built.folder()).editor, reason="no editor: make assets builds it")
FAULTY = "SELECT ?x\nWHER { ?x a ?y }"
COUNTED = "SELECT ?party (COUNT(?a) AS ?n) { ?a a <https://w3id.org/security-agreements/ontology#Agreement> ; "
COUNTED += "<https://w3id.org/security-agreements/ontology#party> ?party } GROUP BY ?party ORDER BY DESC(?n) LIMIT 9"
ANSWER = f"/sparql/answer?query={quote(COUNTED)}"
PAGES = [
    "/sparql",
    ANSWER,
    *(f"{ANSWER}&view={view}" for view in ("bars", "map", "network")),
    "/sparql/examples/commitments-by-modality?view=bars",
    "/uk/sparql",
]


@pytest.mark.parametrize("watched", SOME, indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_stays_here(server, watched, path):  # noqa: F811
    page = watched.open(server.url + path)
    expect(page.locator("h1")).to_have_count(1)
    assert (watched.left(), watched.faults) == ([], [])
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.parametrize("path", PAGES[:5])
def test_a_page_meets_wcag(server, watched, path):  # noqa: F811
    page = watched.open(server.url + path)
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, options=options).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []


@needs_editor
def test_the_editor_completes_and_leaves_by_tab(server, watched):  # noqa: F811
    page = watched.open(server.url + "/sparql")
    expect(page.locator(".editor-host[data-ready]")).to_be_visible()
    expect(page.locator("textarea#query")).to_be_hidden()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT * { ?a a sa:Agreem")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("sa:Agreement")
    page.wait_for_timeout(150)  # the list takes no key in its first moments, so that none is taken by mistake
    page.keyboard.press("Enter")
    page.keyboard.type(" ; sa:topic topic:cybe")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("topic:cyber")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    written = page.locator("textarea#query").input_value()
    assert "PREFIX sa: <https://w3id.org/security-agreements/ontology#>" in written
    assert "SELECT * { ?a a sa:Agreement ; sa:topic topic:cyber" in written
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show the answer here")).to_be_focused()
    assert (watched.left(), watched.faults) == ([], [])


@needs_editor
def test_a_fault_is_marked_and_said(server, watched):  # noqa: F811
    page = watched.open(f"{server.url}/sparql/answer?query={quote(FAULTY)}")
    expect(page.get_by_role("alert")).to_contain_text("ine 2, column 6")
    mark = page.locator(".cm-lintRange-error")
    expect(mark).to_have_text("{")
    expect(page.locator(".cm-content")).to_have_attribute("aria-invalid", "true")


def test_a_fault_is_said_without_script(server, browser):  # noqa: F811
    context = browser.new_context(java_script_enabled=False)
    page = Watched(context).open(f"{server.url}/sparql/answer?query={quote(FAULTY)}")
    lines = (page.get_by_role("alert").locator("pre").text_content() or "").splitlines()
    assert lines[0].index("{") == lines[1].index("^")
    expect(page.locator("textarea")).to_have_value(FAULTY)
    context.close()


@pytest.mark.parametrize("watched", ["script", "no script"], indirect=True)
def test_from_an_example_to_a_link_to_share(server, browser, watched, request):  # noqa: F811
    page = watched.open(server.url + "/sparql/examples/signing-places")
    page.get_by_role("link", name="Change it").click()
    page.wait_for_url("**/sparql/answer?*")
    scripted = "[script]" in request.node.name and built.read(built.folder()).editor
    if scripted:
        expect(page.locator(".cm-content")).to_be_visible()
    field = page.locator(".cm-content") if scripted else page.locator("textarea#query")
    field.fill(COUNTED)
    page.get_by_role("button", name="Show the answer here").click()
    expect(page.locator("td", has_text="party:UKR")).to_be_visible()
    page.get_by_role("link", name="Bars").click()
    link = page.get_by_role("link", name="Link to this answer").get_attribute("href") or ""
    assert watched.faults == []
    other = browser.new_context(java_script_enabled=False)
    shared = Watched(other).open(server.url + link)
    expect(shared.locator("table.bars").get_by_role("link", name="party:UKR")).to_be_visible()
    expect(shared.locator("textarea#query")).to_have_value(COUNTED)
    other.close()


def test_an_answer_on_the_map_leads_to_parties(server, watched):  # noqa: F811
    page = watched.open(f"{server.url}{ANSWER}&view=map")
    expect(page.locator("svg.atlas a.land")).to_have_count(9)
    expect(page.locator('svg.atlas a[href="/parties/UKR"]')).to_have_count(1)


def test_an_answer_can_be_had_in_each_format(server):
    page = server.get(ANSWER, headers={"Accept": "text/html"}).text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/sparql\?query=[^"]*format=\w+)"', page)]
    assert len(links) == 4
    for link in links:
        assert server.get(link).status_code == 200


def test_the_programs_beside_an_answer_run(server):
    page = server.get(ANSWER, headers={"Accept": "text/html"}).text
    programs = [unescape(text) for text in re.findall(r"<details><summary>.*?<code>(.*?)</code>", page, re.DOTALL)]
    shell, *rest = programs
    assert shlex.split(shell)[2] == f"{server.url}/sparql"
    said = subprocess.run(["sh", "-c", shell], check=True, capture_output=True, text=True, timeout=30).stdout
    assert said.startswith("party,n\n")
    for number, name in enumerate(("pandas", "SPARQLWrapper")):
        pytest.importorskip(name)
        done = subprocess.run(
            [sys.executable, "-c", rest[number]], check=True, capture_output=True, text=True, timeout=60
        )
        assert "UKR" in done.stdout


def test_the_editor_may_be_kept_for_long(server):
    address = built.read(built.folder()).editor
    if not address:
        pytest.skip("no editor: make assets builds it")
    found = server.get(address)
    assert "immutable" in found.headers["Cache-Control"]
    assert found.headers["Content-Type"].startswith("text/javascript")
    assert len(server.get(address, headers={"Accept-Encoding": "gzip"}).content) == len(found.content)
    assert server.get("/assets/built/manifest.json").status_code == 404
