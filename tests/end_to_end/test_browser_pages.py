"""Every kind of page in a real browser, in both languages: whole, quiet, within WCAG; and the ways readers take."""

# ruff: noqa: F811  (fixtures are imported)

from __future__ import annotations

import csv
import io
import re
from functools import cache

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_browser import CONTEXTS, Watched, browser, pytestmark, watched  # noqa: F401  # fixtures and marks

from api.registers import REGISTERS

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}  # what darkness can change
MOST_BYTES = 150_000
FAULTY = {"/commitments?nonsense=1": 400, "/agreements/ukr-lty-2024": 404, "/countries/xx": 404, "/nothing/at/all": 404}
PAGES = [
    "/",
    *sorted(f"/{name}" for name in REGISTERS),
    "/agreements?partner=LTU&topic=cyber",
    "/agreements?q=no-such-word-anywhere",
    "/agreements/ukr-ltu-2024",
    "/agreements/ukr-ltu-2024/commitments",
    "/agreements/ukr-ltu-2024/provisions",
    "/commitments?currency=EUR&period_start=2024",
    "/compare",
    "/compare?agreement=ukr-est-2024&agreement=ukr-lva-2024&agreement=ukr-ltu-2024&topic=cyber",
    "/countries/ltu",
    "/parties/UKR",
    "/officials/gitanas-nauseda",
    "/instruments/g7-vilnius-2023",
    "/sources/text-ltu",
    "/schemes/modality/seeks",
    "/timeline",
    "/search?q=cyber",
    "/search?q=no-such-word-anywhere",
    "/downloads",
    "/ontology",
    "/docs",
    "/about",
    "/codebook",
    "/privacy",
    "/accessibility",
    *FAULTY,
]
UKRAINIAN = [f"/uk{path}" for path in PAGES[::3]]
ENGLISH = [path for number, path in enumerate(PAGES) if number % 3]  # the others are looked at in Ukrainian
# The heaviest of a kind.
HEAVY = ["/agreements/ukr-pol-2024", "/agreements/ukr-pol-2024/commitments", "/agreements/ukr-pol-2024/provisions"]


@cache
def slugs(url: str) -> list[str]:
    return [row["agreement"] for row in httpx.get(url + "/agreements.json", timeout=30).json()]


def faults(watched: Watched, path: str) -> list[str]:
    """What the console says, but for the status that a page of a fault rightly has."""
    status = FAULTY.get(path.removeprefix("/uk"))
    return [fault for fault in watched.faults if not (status and str(status) in fault)]


@pytest.mark.parametrize("watched", CONTEXTS, indirect=True)
def test_every_page_is_whole_and_stays_here(server, watched, request):
    """One page of the browser goes through them all: that is what keeps this quick."""
    context = request.node.callspec.params["watched"]
    for path in [*PAGES, *(UKRAINIAN if context != "no script" else UKRAINIAN[::3])]:
        watched.faults.clear()
        page = watched.open(server.url + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("html").get_attribute("lang") == ("uk" if path.startswith("/uk") else "en"), path
        assert watched.left() == [], path
        assert faults(watched, path) == [], path
        assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0, f"{path} scrolls sideways"


@pytest.mark.parametrize("watched", ["script", "dark", "narrow"], indirect=True)
def test_every_page_keeps_wcag(server, watched, request):
    context = request.node.callspec.params["watched"]
    broken = []
    options = CONTRAST if context == "dark" else WCAG
    for path in {"script": ENGLISH, "dark": PAGES[::2], "narrow": UKRAINIAN}[context]:
        page = watched.open(server.url + path)
        for one in Axe().run(page, options=options).response["violations"]:
            broken.append((path, one["id"], [node["html"][:90] for node in one["nodes"]][:2]))
    assert broken == []


@pytest.mark.parametrize("language", ["", "/uk"])
def test_no_page_is_heavier_than_150_kb(server, language):
    paths = PAGES + HEAVY + [f"/agreements/{slug}" for slug in slugs(server.url)]
    accept = {"Accept": "text/html", "Accept-Encoding": "identity"}
    weights = {path: len(server.get(language + path, headers=accept, follow_redirects=True).content) for path in paths}
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}


@pytest.mark.parametrize("watched", ["script", "no script"], indirect=True)
def test_lithuanias_share_of_gdp_and_its_source_in_three_clicks(server, watched):
    page = watched.open(server.url + "/")
    page.get_by_role("link", name=re.compile("share of their GDP")).click()
    row = page.get_by_role("row").filter(has_text="ukr-ltu-2024")
    expect(row).to_contain_text("0.25")
    row.get_by_role("link").first.click()
    entry = page.locator("#figures").locator("xpath=..").locator("li", has_text=re.compile("0.25.*GDP"))
    entry.get_by_role("link", name="Source 1").click()
    expect(page).to_have_url(re.compile("/agreements/ukr-ltu-2024#source-text-ltu$"))
    expect(page.locator("#source-text-ltu")).to_contain_text("Lithuania")
    assert watched.left() == []


@pytest.mark.parametrize("watched", ["script", "no script"], indirect=True)
def test_three_baltic_agreements_on_cyber_and_their_csv(server, watched):
    page = watched.open(server.url + "/compare")
    page.get_by_text("Choose agreements and topics").click()
    for name in ("Estonia", "Latvia", "Lithuania", "cyber security"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Compare").click()
    table = page.locator("table.aside")
    expect(table.locator("thead a")).to_have_text(["Latvia", "Estonia", "Lithuania"])
    expect(table.locator("tbody tr")).to_have_count(1)
    address = page.get_by_role("link", name="CSV").get_attribute("href")
    rows = list(csv.DictReader(io.StringIO(server.get(address).text)))
    assert [(row["topic"], row["partner"], row["state"]) for row in rows] == [
        ("cyber", partner, "committed") for partner in ("LVA", "EST", "LTU")
    ]


@pytest.mark.parametrize("watched", ["script", "no script"], indirect=True)
def test_military_money_of_2024_and_the_same_rows_as_csv(server, watched):
    page = watched.open(server.url + "/commitments")
    page.get_by_label("Topic").select_option("military-assistance")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("From year").select_option("2024")
    page.get_by_role("button", name="Filter").click()
    shown = page.locator("main table.register tbody tr")
    address = page.get_by_role("link", name="CSV").get_attribute("href")
    rows = list(csv.DictReader(io.StringIO(server.get(address).text)))
    assert 5 < len(rows) <= 50
    expect(shown).to_have_count(len(rows))
    summaries = shown.locator("td:has-text(' ')").all_inner_texts()
    assert all(any(row["summary"] in text for text in summaries) for row in rows)
    expect(page.locator(".panel")).to_contain_text("Not added:")


def test_a_page_of_a_fault_leads_on(server, watched):
    page = watched.open(server.url + "/commitments?nonsense=1")
    page.get_by_role("link", name="The page without what was asked").click()
    expect(page).to_have_url(server.url + "/commitments")
    page = watched.open(server.url + "/agreements/ukr-lty-2024")
    page.get_by_role("link", name="ukr-ltu-2024").click()
    expect(page.locator("h1")).to_contain_text("Lithuania")


def test_the_language_is_kept_and_can_be_changed(server, watched):
    page = watched.open(server.url + "/uk/agreements/ukr-ltu-2024")
    expect(page.locator("h1")).to_contain_text("Литовською Республікою")
    page.get_by_role("link", name="Усі положення", exact=True).click()
    expect(page).to_have_url(re.compile("/uk/agreements/ukr-ltu-2024/provisions$"))
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/agreements/ukr-ltu-2024/provisions$"))
    expect(page.locator("h1")).to_contain_text("Lithuania 2024")
