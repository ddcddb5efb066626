"""Pages of text: Markdown without HTML, links that lead somewhere, in two languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api import interface, prose
from api.language import LANGUAGES
from kg import paths

TEXTS = sorted(path.name.split(".")[0] for path in (Path(prose.__file__).parent / "texts").glob("*.en.md"))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_each_language(name, language):
    found = prose.read(name, language)
    assert found.language == language
    assert found.title
    assert found.html.count("<h1") == 0


@pytest.mark.parametrize("name", TEXTS)
def test_translations_have_the_same_parts(name):
    english, ukrainian = (prose.read(name, language) for language in ("en", "uk"))
    assert len(english.headings) == len(ukrainian.headings)
    assert english.html.count("<li>") == ukrainian.html.count("<li>")


def test_html_in_a_text_is_shown_not_run():
    found = prose.rendered('# T\n\n<script>alert(1)</script> [x](javascript:alert(1)) <b onclick="x">b</b>\n')
    assert "<script" not in found.html
    assert "<b onclick" not in found.html
    assert 'href="javascript' not in found.html


def test_links_between_files_lead_to_pages():
    text = "# T\n\n[a](agreements/ukr-ltu-2024.yaml) [o](../ontology/README.md) [w](https://e.org/) [?](other.txt)\n"
    hrefs = re.findall(r'href="([^"]*)"', prose.rendered(text).html)
    assert hrefs == ["/agreements/ukr-ltu-2024", "/ontology", "https://e.org/", "#"]


def test_the_codebook_is_rendered_with_its_headings():
    found = prose.rendered((paths.contents() / "data" / "README.md").read_text("utf-8"))
    assert ("locators", "Locators") in found.headings
    assert found.html.count("<table") == found.html.count('class="scroll"')


def test_operations_are_grouped_by_tag():
    document = {
        "paths": {
            "/b": {"get": {"tags": ["x"], "responses": {"200": {"description": "ok", "content": {"text/csv": {}}}}}},
            "/a": {"get": {"parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}]}},
        }
    }
    found = interface.read(document)
    assert list(found) == ["other", "x"]
    assert found["x"][0].answers == (("200", "ok", "text/csv"),)
    assert found["other"][0].parameters[0].kind == "string"
