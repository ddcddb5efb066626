"""Pages in a real browser: with script and without, light and dark, wide and narrow; nothing leaves this machine."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PARTNERS = [
    *("United Kingdom", "Germany", "France", "Denmark", "Canada", "Italy", "Netherlands", "Finland", "Latvia", "Spain"),
    *("Belgium", "Portugal", "Sweden", "Iceland", "Norway", "Japan", "United States", "European Union", "Estonia"),
    "Lithuania",
]
PAGES = [
    "/",
    "/agreements",
    "/agreements?partner=LTU",
    "/agreements/ukr-ltu-2024",
    "/agreements/ukr-eu-2024",
    "/networks",
    "/networks/ukraine-twenty",
    "/networks/ukraine-twenty/interactive",
    "/sparql",
    "/sparql/examples",
    "/sparql/examples/how-many-of-the-twenty",
    "/downloads",
    "/ontology",
    "/officials/volodymyr-zelenskyy",
    "/schemes/unit",
    "/no-such-page",
]
CONTEXTS = {
    "script": {},
    "no script": {"java_script_enabled": False},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 375, "height": 800}},
}

# For pages whose kind is looked at in every context elsewhere: two contexts always, the others under `make test-all`.
SOME = ["script", "no script", *(pytest.param(name, marks=pytest.mark.slow) for name in ("dark", "narrow"))]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium: install Debian's, or name one in CHROMIUM"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, which can resolve no name but those of this machine."""
    flags = [
        *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"),
        *("--disable-component-update", "--no-first-run"),
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
    ]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


class Watched:
    """A page whose requests and faults are kept."""

    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def open(self, address: str) -> Page:
        self.page.goto(address, wait_until="load")
        return self.page

    def left(self) -> list[str]:
        """Requests that went elsewhere."""
        return [
            url
            for url in self.requests
            if not url.startswith(("data:", "blob:")) and urlsplit(url).hostname != "127.0.0.1"
        ]


@pytest.fixture
def watched(browser, request) -> Iterator[Watched]:
    options = CONTEXTS[getattr(request, "param", "script")]
    context = browser.new_context(**options)
    yield Watched(context)
    context.close()


@pytest.mark.parametrize("watched", CONTEXTS, indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_stays_here(server, watched, path):
    page = watched.open(server.url + path)
    expect(page.locator("h1")).to_have_count(1)
    assert watched.left() == []
    assert [fault for fault in watched.faults if path != "/no-such-page" or "404" not in fault] == []
    # A page may scroll down but never sideways: wide tables scroll inside their own container.
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.parametrize("watched", ["script", "no script"], indirect=True)
def test_the_network_draws_all_twenty_partners(server, watched):
    page = watched.open(server.url + "/networks/ukraine-twenty")
    figure = page.locator("main svg").first
    expect(figure).to_be_visible()
    drawn = re.sub(r"\s+", " ", " ".join(figure.locator("text").all_text_contents()))
    assert [partner for partner in PARTNERS if partner not in drawn] == []
    assert "Ukraine" in drawn
    assert watched.left() == []


def test_the_interactive_network_draws_all_twenty_partners(server, watched):
    page = watched.open(server.url + "/networks/ukraine-twenty/interactive")
    expect(page.locator("[data-ready]").first).to_be_visible(timeout=20_000)
    data = page.locator('script[type="application/json"]').first.text_content() or ""
    assert [partner for partner in PARTNERS if partner not in data] == []
    expect(page.locator("canvas").first).to_be_visible()
    assert painted(page) > 1_000, "the canvas is empty"
    assert (watched.left(), watched.faults) == ([], [])


def painted(page: Page) -> int:
    """How many points of the canvas are not transparent."""
    return int(
        page.locator("canvas").first.evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height)"
            ".data.filter((v, i) => i % 4 === 3 && v > 0).length"
        )
    )


def test_from_the_home_page_to_a_commitment(server, watched):
    page = watched.open(server.url + "/")
    page.get_by_role("link", name="Agreements").first.click()
    page.get_by_role("link", name=re.compile("Lithuania")).first.click()
    expect(page).to_have_url(re.compile("/agreements/ukr-ltu-2024$"))
    expect(page.get_by_text("0.25").first).to_be_visible()


def test_a_query_by_hand_without_script(server, browser):
    context = browser.new_context(java_script_enabled=False)
    page = Watched(context).open(server.url + "/sparql")
    page.locator("textarea").fill(
        "SELECT (COUNT(?a) AS ?n) { <https://w3id.org/security-agreements/sets/twenty-2024-06-27> "
        "<https://w3id.org/security-agreements/ontology#member> ?a }"
    )
    page.locator("textarea").locator("xpath=ancestor::form").get_by_role("button").first.click()
    expect(page.locator("td", has_text="20").first).to_be_visible()
    context.close()
