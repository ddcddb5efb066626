"""Networks in a real browser: slider, kinds, search, keyboard, frame; with script and without."""

# ruff: noqa: F811  (fixtures are imported)

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from test_browser import SOME, browser, pytestmark, watched  # noqa: F401  # fixtures and marks

from kg import catalogue, paths

VIEWS = sorted(catalogue.of_kind(paths.queries(), "views"))
TWENTY = "/networks/ukraine-twenty"
FRAMES = {"a": "?embed=1", "b": ""}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.mark.parametrize("watched", SOME, indirect=True)
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_whole_and_stays_here(server, watched, view):
    page = watched.open(f"{server.url}/networks/{view}")
    expect(page.locator(".network-picture")).to_be_visible()
    assert (watched.left(), watched.faults) == ([], [])
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.parametrize("view", VIEWS)
def test_no_label_of_a_view_covers_another(server, watched, view):
    page = watched.open(f"{server.url}/networks/{view}")
    boxes = page.locator(".network-picture .nodes text:not([transform])").evaluate_all(
        "all => all.map(t => { const b = t.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; })"
    )
    covered = [
        (a, b)
        for number, a in enumerate(boxes)
        for b in boxes[:number]
        if min(a[2], b[2]) - max(a[0], b[0]) > 3 and min(a[3], b[3]) - max(a[1], b[1]) > 3
    ]
    assert covered == []


@pytest.mark.parametrize("path", ["/networks", TWENTY, f"{TWENTY}/interactive", f"{TWENTY}?embed=1"])
@pytest.mark.parametrize("watched", ["script", "dark"], indirect=True)
def test_a_page_keeps_wcag(server, watched, path):
    page = watched.open(server.url + path)
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found] == []


def agreements(page: Page) -> int:
    return page.locator('.network-picture a[href*="/agreements/"]').count()


def test_the_slider_goes_back_to_a_day(server, watched):
    page = watched.open(server.url + TWENTY)
    slider = page.get_by_role("slider")
    assert agreements(page) == 20
    slider.focus()
    for _ in range(4):
        slider.press("ArrowLeft")
    # Each step asks for its day; what is shown in the end is the day at which the slider stands.
    wished = page.locator(".network-days [data-day]").nth(int(slider.input_value())).get_attribute("data-day")
    expect(page.locator("#network-shown")).to_have_attribute("data-on", str(wished))
    expect(page).to_have_url(re.compile(f"on={wished}$"))
    expect(slider).to_be_focused()
    assert 0 < agreements(page) < 20
    day = page.locator("#network-shown").get_attribute("data-on")
    expect(page.locator("#on")).to_have_value(str(day))
    expect(page.locator("[data-slider] output")).to_contain_text("2024")
    assert (watched.left(), watched.faults) == ([], [])


@pytest.mark.parametrize("watched", ["no script"], indirect=True)
def test_a_day_a_kind_and_a_node_without_script(server, watched):
    page = watched.open(server.url + TWENTY)
    expect(page.get_by_role("slider")).to_have_count(0)
    page.locator("#on").fill("2024-05-01")
    page.get_by_role("button", name="Show", exact=True).click()
    assert agreements(page) == 9
    page.locator(".network-days summary").click()
    page.get_by_role("link", name=re.compile("12 January 2024")).click()
    assert agreements(page) == 1
    page.goto(server.url + TWENTY)
    page.get_by_role("checkbox", name=re.compile("^country")).uncheck()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator('.network-picture a[href="/parties/LTU"]')).to_have_count(0)
    assert agreements(page) == 20
    page.goto(server.url + TWENTY)
    page.locator("#node").fill("Lithuania")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("node=Lithuania"))
    assert agreements(page) == 1


def ready(server, watched, path=f"{TWENTY}/interactive"):
    page = watched.open(server.url + path)
    expect(page.locator("#network-canvas[data-ready]")).to_be_visible(timeout=20_000)
    return page


def test_the_search_finds_a_node_and_says_so(server, watched):
    page = ready(server, watched)
    page.get_by_label("Find").fill("Lithu")
    expect(page.locator("#network-names option")).not_to_have_count(0)
    page.get_by_role("button", name="Go").click()
    canvas = page.locator("#network-canvas")
    expect(canvas).to_have_attribute("data-chosen", "parties/LTU")
    expect(canvas).to_be_focused()
    expect(page.locator("#network-status")).to_contain_text("Lithuania")
    expect(page.locator("#network-status")).to_have_attribute("aria-live", "polite")
    page.get_by_label("Find").fill("Atlantis")
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#network-status")).to_contain_text("Atlantis")
    assert (watched.left(), watched.faults) == ([], [])


def test_by_keyboard_from_node_to_node_and_into_a_page(server, watched):
    page = ready(server, watched)
    canvas = page.locator("#network-canvas")
    page.locator("[data-network=fit]").focus()
    page.keyboard.press("Tab")
    expect(canvas).to_be_focused()
    page.keyboard.press("ArrowRight")
    first = canvas.get_attribute("data-chosen")
    page.keyboard.press("ArrowUp")
    expect(canvas).not_to_have_attribute("data-chosen", str(first))
    address = page.locator("#network-status a").get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(server.url + str(address))


def test_the_interactive_page_shows_the_same_part(server, watched):
    page = ready(server, watched, f"{TWENTY}/interactive?on=2024-05-01")
    data = page.locator("#network-data").text_content() or ""
    assert "parties/LVA" in data
    assert "parties/LTU" not in data
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("End")
    expect(page).to_have_url(re.compile("/interactive$"))


@pytest.fixture
def elsewhere():
    """Someone else's site: serves one page at an origin of its own and answers where."""
    made = []

    def serve(html: str) -> str:
        class Page(BaseHTTPRequestHandler):
            def do_GET(self):  # as the library has it
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_):
                pass

        made.append(ThreadingHTTPServer(("127.0.0.1", 0), Page))
        Thread(target=made[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{made[-1].server_port}/"

    yield serve
    for server in made:
        server.shutdown()


def test_another_page_may_frame_the_bare_one_alone(server, browser, elsewhere):
    context = browser.new_context()
    page = context.new_page()
    frames = "".join(f'<iframe id="{name}" src="{server.url}{TWENTY}{wish}"></iframe>' for name, wish in FRAMES.items())
    page.goto(elsewhere(frames))
    expect(page.frame_locator("#a").locator(".network-picture")).to_be_visible()
    expect(page.frame_locator("#b").locator(".network-picture")).to_have_count(0)
    link = page.frame_locator("#a").locator(".network-picture a").first
    with context.expect_page() as opened:
        link.focus()
        page.keyboard.press("Enter")
    assert opened.value.url.startswith(server.url)
    context.close()
