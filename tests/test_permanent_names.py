"""The rules for w3id.org, read as Apache reads them, lead from a permanent name to what the service answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

RULES = Path(__file__).parent.parent / "w3id" / ".htaccess"
SERVICE = "https://security-agreements.example.org/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
WISHES = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/n-quads": "nq",
    "application/trig": "trig",
    "application/ld+json": "jsonld",
}


def redirect(path: str, accept: str) -> tuple[str, str]:
    """Where the rules send a path below the name, and the flags of the rule that did."""
    conditions: list[str] = []
    for line in RULES.read_text("utf-8").splitlines():
        words = line.split()
        if words[:2] == ["RewriteCond", "%{HTTP_ACCEPT}"]:
            conditions.append(words[2])
        elif words[:1] == ["RewriteRule"]:
            met = all(re.search(condition, accept) for condition in conditions)
            conditions = []
            found = re.search(words[1], path)
            if met and found:
                target = words[2].replace("$1", found[1] or "" if found.re.groups else "")
                return target.replace("$2", found[2] or "" if found.re.groups > 1 else ""), words[3]
    raise AssertionError(f"no rule for {path}")


@pytest.fixture(scope="module")
def client(world_snapshot):
    with TestClient(create_app(Settings(snapshots=world_snapshot.folder.parent))) as made:
        yield made


@pytest.mark.parametrize(("accept", "suffix"), WISHES.items())
@pytest.mark.parametrize(
    "path", ["parties/AAA", "agreements/aaa-bbb-2030", "schemes/unit/day", "ontology", "data/parties/AAA"]
)
def test_a_wish_for_data_leads_to_the_address_of_that_form(client, path, accept, suffix):
    target, flags = redirect(path, accept)
    assert target == f"{SERVICE}{path}.{suffix}"
    assert "R=303" in flags
    given = client.get(target.removeprefix(SERVICE[:-1]))
    assert given.status_code == 200
    assert given.headers["content-type"].split(";")[0] == accept


@pytest.mark.parametrize("accept", [BROWSER, "", "*/*", "text/html;q=0.5, text/turtle;q=0.4", "application/json"])
@pytest.mark.parametrize("path", ["parties/AAA", "ontology", "agreements/aaa-bbb-2030"])
def test_all_else_is_left_to_the_service(client, path, accept):
    target, flags = redirect(path, accept)
    assert target == f"{SERVICE}{path}"
    assert "R=303" in flags
    assert client.get(f"/{path}", headers={"Accept": accept}).status_code in (200, 406)


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("", BROWSER, ""),
        ("", "text/turtle", ".well-known/void"),
        ("context.jsonld", "application/ld+json", "context.jsonld"),
        ("parties/AAA.ttl", BROWSER, "parties/AAA.ttl"),
        ("downloads/graph.nq", "*/*", "downloads/graph.nq"),
        ("downloads/tables/parties.csv", "text/turtle", "downloads/tables/parties.csv"),
        ("downloads", "text/turtle", "downloads"),
        ("sparql", "text/turtle", "sparql"),
        ("sparql", BROWSER, "sparql"),
        ("void", "text/turtle", "void.ttl"),
        ("catalog", "application/ld+json", "catalog.jsonld"),
    ],
)
def test_the_dataset_its_files_and_its_service_answer(client, path, accept, target):
    found, _ = redirect(path, accept)
    assert found == SERVICE + target
    assert client.get(f"/{target}", headers={"Accept": accept}).status_code == 200


def test_every_rule_answers_see_other():
    rules = [line for line in RULES.read_text("utf-8").splitlines() if line.startswith("RewriteRule")]
    assert len(rules) > 8
    assert all("R=303" in rule and "L" in rule.rsplit("[", 1)[1] and SERVICE in rule for rule in rules)
