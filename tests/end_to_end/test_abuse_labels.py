"""Labels that are code: an invented world full of them, and every page, picture and file that shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import httpx
import pytest
from conftest import Server, serving
from world.edits import make_world

from kg.build import build

MARK = "evil7"
EVIL = [
    f'"><script>{MARK}()</script>',
    f"'--></style></script></title></textarea><svg/onload={MARK}()>",
    f"<img src=x onerror={MARK}()>",
    f"javascript:{MARK}()",
    f"{{{{7*7}}}}{{% raise %}}${{7*7}}{MARK}",
    f"]]></script><script>{MARK}()</script><![CDATA[",
    f'" onmouseover="{MARK}()" x="',
    f"\\u003cscript\\u003e{MARK}()\\u2028</script>",
    f"=HYPERLINK(1);@SUM(1)\t{MARK}",
    f"&lt;script&gt;{MARK}()&lt;/script&gt;&#x22;",
]
MOST_PAGES = 400


def poison(root: Path) -> None:
    """Put an evil text in the place of every free text."""
    number = 0

    def evil(_: re.Match[str] | None = None) -> str:
        nonlocal number
        number += 1
        return json.dumps(EVIL[number % len(EVIL)], ensure_ascii=False)

    for path in sorted((root / "data").rglob("*.yaml")):
        lines = []
        for line in path.read_text("utf-8").splitlines():
            found = re.match(r"(\s*)(label|altLabel|title|summary|note|venue|question|reason): ?(.*)", line)
            if not found:
                lines.append(line)
            elif found[3].startswith("{"):
                languages = re.findall(r"(\w\w): ", found[3])
                lines.append(f"{found[1]}{found[2]}:")
                lines += [f"{found[1]}  {language}: {evil()}" for language in languages]
            else:
                lines.append(f"{found[1]}{found[2]}: {evil()}")
        path.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("poisoned")
    world = make_world(folder / "world")
    poison(world)
    build(world, folder / "snapshots")
    with serving(folder / "snapshots") as made:
        yield made


class Page(HTMLParser):
    """Collects whatever could run: scripts, handlers, addresses; and links to follow."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.running: list[str] = []
        self.links: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.running += [f"{tag} {name}={value}" for name, value in given.items() if name.startswith("on")]
        for name in ("href", "src", "action", "xlink:href", "formaction", "data"):
            address = given.get(name, "").strip().lower()
            if address.startswith(("javascript:", "vbscript:", "data:text")):
                self.running.append(f"{tag} {name}={address}")
        if tag == "script":
            self._in_script = "src" not in given
            if "src" in given and not given["src"].startswith(("/static/", "/assets/")):
                self.running.append(f"script {given['src']}")
        if tag in ("iframe", "object", "embed", "base") and not given.get("src", "").startswith("/"):
            self.running.append(tag)
        if tag in ("a", "link", "img", "iframe") and (given.get("href") or given.get("src")):
            self.links.append(given.get("href") or given["src"])

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.running.append(f"script {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False


def crawl(server: Server) -> dict[str, httpx.Response]:
    """Every address of ours that the pages lead to."""
    found: dict[str, httpx.Response] = {}
    waiting = [
        "/",
        "/search?q=evil7",
        "/sparql",
        "/sparql/answer?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+200",
        "/openapi.json",
    ]
    with httpx.Client(base_url=server.url, timeout=30, headers={"Accept": "text/html,*/*;q=0.8"}) as client:
        while waiting and len(found) < MOST_PAGES:
            address = waiting.pop(0)
            if address in found:
                continue
            answer = found[address] = client.get(address)
            if "html" in answer.headers.get("content-type", ""):
                page = Page()
                page.feed(answer.text)
                links = (urljoin(address, link).partition("#")[0] for link in page.links)
                waiting += [link for link in links if not urlsplit(link).netloc and link not in found]
    return found


def test_no_label_runs_anywhere(poisoned):
    found = crawl(poisoned)
    kinds: dict[str, int] = {}
    for address, answer in found.items():
        kind = answer.headers.get("content-type", "").split(";")[0]
        kinds[kind] = kinds.get(kind, 0) + (MARK in answer.text)
        assert answer.status_code < 500, address
        assert answer.headers["x-content-type-options"] == "nosniff", address
        if kind == "text/html":
            page = Page()
            page.feed(answer.text)
            assert page.running == [], address
            assert "49" + MARK not in answer.text.replace("$", ""), address
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy.partition("style-src")[0], address
        elif kind == "image/svg+xml":
            check_picture(answer.text, address)
        elif kind.endswith("json"):
            json.loads(answer.text)
        elif kind.endswith("xml"):
            ElementTree.fromstring(answer.content)
    # It must have been shown in many places, or the law would hold for nothing.
    assert kinds["text/html"] > 20, kinds
    assert len([kind for kind, times in kinds.items() if times]) > 3, kinds


def check_picture(text: str, address: str) -> None:
    for element in ElementTree.fromstring(text).iter():
        assert not element.tag.endswith(("script", "foreignObject")), address
        for name, value in element.attrib.items():
            assert not name.startswith("on"), address
            assert not value.strip().lower().startswith("javascript:"), address


@pytest.mark.parametrize("suffix", ["svg", "json", "graphml", "gexf", "csv"])
def test_files_of_networks_are_well_formed(poisoned, suffix):
    answer = poisoned.get(f"/networks/ukraine-twenty.{suffix}")
    assert answer.status_code == 200
    if suffix in ("svg", "graphml", "gexf"):
        ElementTree.fromstring(answer.content)
    elif suffix == "json":
        json.loads(answer.text)


@pytest.mark.parametrize("text", EVIL)
def test_what_a_visitor_types_does_not_run(poisoned, text):
    for path, name in (
        ("/sparql", "query"),
        ("/sparql/answer", "query"),
        ("/search", "q"),
        ("/agreements", "party"),
        ("/agreements", "q"),
    ):
        answer = poisoned.get(path, params={name: text}, headers={"Accept": "text/html"})
        assert answer.status_code < 500
        page = Page()
        page.feed(answer.text)
        assert page.running == [], path
