"""The search box that answers as you type."""

# ruff: noqa: F811  (fixtures are imported)

from __future__ import annotations

from playwright.sync_api import expect
from test_browser import browser, pytestmark, watched  # noqa: F401  # fixtures and marks


def test_it_answers_as_you_type_and_the_keyboard_reaches_the_answers(server, watched):
    page = watched.open(server.url + "/agreements")
    box = page.get_by_role("searchbox").first
    box.press_sequentially("lithuaina")
    answers = page.locator(".site-search .suggest a")
    expect(answers.first).to_have_text("Lithuania")
    box.press("ArrowDown")
    expect(answers.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/parties/LTU")
    assert (watched.left(), watched.faults) == ([], [])


def test_escape_closes_the_answers_and_links_keep_the_language(server, watched):
    page = watched.open(server.url + "/uk/agreements")
    box = page.get_by_role("searchbox").first
    box.press_sequentially("Литва")
    answers = page.locator(".site-search .suggest a")
    expect(answers.first).to_have_attribute("href", "/uk/parties/LTU")
    box.press("Escape")
    expect(page.locator(".site-search .suggest")).to_be_hidden()
