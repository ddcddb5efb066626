"""How cells read in each language."""

from __future__ import annotations

import pytest

from api import wording
from api.labels import Labels
from api.words import Words

BASE = "https://w3id.org/security-agreements/"


def row(path: str, language: str, label: str, role: str = "label") -> dict[str, str]:
    return {"iri": BASE + path, "class": "X", "role": role, "language": language, "label": label}


ROWS = [
    row("schemes/topic/cyber", "en", "cyber security"),
    row("schemes/topic/cyber", "uk", "кібербезпека"),
    row("schemes/unit/aircraft", "uk", "літак"),
    row("schemes/comparator/at-least", "uk", "щонайменше"),
    row("schemes/per/year", "uk", "на рік"),
    row("parties/LTU", "en", "Lithuania"),
    row("schemes/action/lead", "en", "leads"),
    row("schemes/role/lead", "en", "lead nation"),
    row("officials/x", "lt", "Ikso", "own"),
]
MEASURE = dict.fromkeys(
    ("value", "value_max", "currency", "unit", "percent_of_gdp", "quantity", "comparator", "per"), ""
)


@pytest.fixture
def english() -> Words:
    return Words(Labels(ROWS, "en"))


@pytest.fixture
def ukrainian() -> Words:
    return Words(Labels(ROWS, "uk"))


def test_names_come_from_the_graph_in_the_language_else_in_english(english, ukrainian):
    assert (english.label("cyber"), ukrainian.label("cyber")) == ("cyber security", "кібербезпека")
    assert ukrainian.label("LTU") == "Lithuania"
    assert ukrainian.labels("cyber;LTU") == "кібербезпека, Lithuania"
    assert ukrainian.label("no-such-code") == "no such code"
    assert ukrainian.label("A whole sentence.") == "A whole sentence."


def test_alternatives_are_joined_as_the_language_does(english, ukrainian):
    assert english.either("cyber;LTU;lead", "role") == "cyber security, Lithuania, or lead nation"
    assert ukrainian.either("cyber;LTU") == "кібербезпека або Lithuania"
    assert english.either("") == ""


def test_the_column_tells_which_of_two_codes_is_meant():
    labels = Labels(ROWS, "en")
    assert (labels.of("lead", "role"), labels.of("lead", "action")) == ("lead nation", "leads")


def test_days_and_months(english, ukrainian):
    assert (english.day("2024-06-27"), ukrainian.day("2024-06-27")) == ("27 June 2024", "27 червня 2024")
    assert ukrainian.edtf("2024-06") == "червень 2024"
    assert ukrainian.edtf("2024~") == "~ 2024"
    assert ukrainian.day("2024") == "2024"


def test_counts_of_time_have_the_right_plural(english, ukrainian):
    assert english.counted("10", "year") == f"10{wording.SPACE}years"
    assert [ukrainian.counted(value, "year") for value in ("1", "2", "10")] == ["1 рік", "2 роки", "10 років"]
    assert ukrainian.counted("14", "aircraft") == "14 (літак)"


def test_measures(english, ukrainian):
    one = MEASURE | {"value": "1000000", "currency": "EUR", "comparator": "at-least", "per": "year"}
    assert english.measures(one) == wording.measures(one)
    assert ukrainian.measures(one) == [f"1{wording.SPACE}000{wording.SPACE}000 EUR (щонайменше, на рік)"]
    assert ukrainian.measures(MEASURE | {"percent_of_gdp": "0.25"}) == ["0,25 % ВВП"]
    assert ukrainian.measures(MEASURE | {"quantity": "14", "unit": "aircraft"}) == ["14 (літак)"]


def test_languages_have_their_names(english, ukrainian):
    assert (english.language("lt"), ukrainian.language("lt")) == ("Lithuanian", "литовська")
