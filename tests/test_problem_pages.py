"""Pages of faults: without a snapshot, for parameters that nothing takes, for names that nothing has."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

HTML = {"Accept": "text/html"}


@pytest.fixture
def empty(tmp_path):
    with TestClient(create_app(Settings(snapshots=tmp_path))) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "There is no snapshot yet"),
        ("/agreements/ukr-ltu-2024", "There is no snapshot yet"),
        ("/uk/compare", "Знімка даних ще немає"),
    ],
)
def test_without_a_snapshot_there_is_still_a_page(empty, path, title):
    answer = empty.get(path, headers=HTML)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert f"<h1>{title}</h1>" in answer.text
    assert 'class="site-head"' in answer.text


def test_without_a_snapshot_text_pages_and_files_are_there(empty):
    assert empty.get("/static/site.css").status_code == 200
    assert empty.get("/about", headers=HTML).status_code in (200, 503)
