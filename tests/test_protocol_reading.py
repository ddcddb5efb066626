"""Reading a request of the SPARQL protocol."""

from __future__ import annotations

import asyncio
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api import protocol
from api.errors import BadRequest


def asked(query_string: bytes) -> protocol.Asked:
    scope = {"type": "http", "method": "GET", "query_string": query_string, "headers": []}
    return asyncio.run(protocol.read(Request(scope), 65_536))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_through(text):
    assert asked(b"query=" + quote(text, safe="").encode()).query == text


@given(st.lists(st.sampled_from([b"=", b"+", b" ", b"\t", b"\r", b"\n", b"a", b"_", b"%0A", b"%3d", b"%3D", b"%26"])))
def test_decoding_is_that_of_the_standard_library(pieces):
    raw = b"".join(pieces)
    assert asked(b"query=" + raw).query == unquote_to_bytes(raw.replace(b"+", b" ")).decode()


@pytest.mark.parametrize("raw", [b"%", b"%4", b"%G0", b"a%%20", b"%ff"])
def test_what_cannot_be_decoded_is_refused(raw):
    with pytest.raises(BadRequest):
        asked(b"query=" + raw)
