"""What things are called: in the language, else in English, else in any."""

from __future__ import annotations

import pytest

from api.labels import Labels

BASE = "https://w3id.org/security-agreements/"


def row(path: str, language: str, label: str) -> dict[str, str]:
    return {"iri": BASE + path, "class": "X", "role": "label", "language": language, "label": label}


ROWS = [
    row("places/kyiv", "uk", "Київ"),
    row("places/kyiv", "en", "Kyiv"),
    row("places/davos", "en", "Davos"),
    row("sources/press-a", "it", "Notizia"),
    row("sources/press-b", "it", "Notizia"),
    row("sources/press-b", "", "Untagged"),
    row("parties/LTU", "en", "Lithuania"),
    row("parties/LTU", "uk", "Литва"),
    row("initiatives/drone-coalition", "en", "Drone coalition"),
    row("schemes/topic/drone-coalition", "en", "a topic of that name"),
]
AGREEMENTS = [{"agreement": "ukr-ltu-2024", "partner": "LTU", "signed": "2024-06-27"}]


@pytest.fixture
def ukrainian() -> Labels:
    return Labels(ROWS, "uk", AGREEMENTS)


def test_places_are_known_by_their_english_names_too(ukrainian):
    assert [ukrainian.place(cell) for cell in ("Kyiv", "kyiv", "Davos", "Old Harbour")] == [
        "Київ",
        "Київ",
        "Davos",
        "Old Harbour",
    ]


def test_a_title_in_another_language_is_better_than_a_slug(ukrainian):
    assert ukrainian.path("sources/press-a") == "Notizia"
    assert ukrainian.path("sources/press-b") == "Untagged"


def test_agreements_are_called_by_partner_and_year(ukrainian):
    assert ukrainian.agreement("ukr-ltu-2024") == "Литва 2024"
    assert ukrainian.agreement("some-pact") == "some pact"


def test_parts_are_called_by_their_record(ukrainian):
    assert ukrainian.part("agreements/ukr-ltu-2024/commitment/testing-grounds") == "Литва 2024: testing grounds"
    assert ukrainian.part("initiatives/drone-coalition/membership/x") == "Drone coalition: x"
    assert ukrainian.part("parties/LTU") == "Литва"


def test_the_folder_of_a_record(ukrainian):
    assert [ukrainian.folder(slug) for slug in ("drone-coalition", "LTU", "nothing")] == ["initiatives", "parties", ""]
