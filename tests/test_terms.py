"""What a curator writes as terms: canonical forms, dates with their bounds, and what is no form at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rdflib import XSD

from kg import terms
from kg.shapes import EDTF
from kg.terms import FormError, Quad

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
NUMBERS = st.integers(-(10**30), 10**30)


def value(text, datatype):
    """The lexical form that the loader writes for a text."""
    term = terms.literal(text, str(datatype))
    assert term == f'"{term.split(chr(34))[1]}"^^<{datatype}>'
    return term.split('"')[1]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0.25", "0.25"),
        ("0.250", "0.25"),
        ("100", "100"),
        ("100.0", "100"),
        ("80_000_000", "80000000"),
        ("80_000_000.50", "80000000.5"),
        ("012", "12"),
        ("007.70", "7.7"),
        ("0", "0"),
        ("0.0", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("-1.50", "-1.5"),
        ("1" + "0" * 40, "1" + "0" * 40),
        ("0." + "0" * 40 + "1", "0." + "0" * 40 + "1"),
    ],
)
def test_decimals_are_canonical(text, canonical):
    assert value(text, XSD.decimal) == canonical


@pytest.mark.parametrize(
    "text",
    ["", "0,25", "1.", ".5", "1e3", "+1", "1 000", "_1", "1_", "1__0", "0.2_5", "NaN", "٣", "1.5.2", "- 1", "1\n"],
)
def test_what_is_no_decimal(text):
    with pytest.raises(FormError, match=r"is no decimal; write 0\.25 or 80_000_000"):
        terms.literal(text, str(XSD.decimal))


@pytest.mark.parametrize(
    ("text", "canonical"), [("10", "10"), ("010", "10"), ("1_000", "1000"), ("-5", "-5"), ("-0", "0")]
)
def test_whole_numbers_are_canonical(text, canonical):
    assert value(text, XSD.integer) == canonical


@pytest.mark.parametrize("text", ["", "ten", "1.0", "1_", "1__0", "_1", "+1", "1 0", "0x1F", "٣", "1\n"])
def test_what_is_no_whole_number(text):
    with pytest.raises(FormError, match="is no whole number"):
        terms.literal(text, str(XSD.integer))


@given(NUMBERS)
def test_every_whole_number_reads_back(number):
    assert int(value(f"{number:_}", XSD.integer)) == number
    assert int(value(f"{number:_}", XSD.decimal)) == number


@pytest.mark.parametrize("text", ["true", "false"])
def test_booleans(text):
    assert value(text, XSD.boolean) == text


@pytest.mark.parametrize("text", ["yes", "no", "True", "1", "on", ""])
def test_what_is_no_boolean(text):
    with pytest.raises(FormError, match="is no boolean; write true or false"):
        terms.literal(text, str(XSD.boolean))


@pytest.mark.parametrize("text", ["https://example.org/a?b=c#d", "http://example.org", "urn:x"])
def test_addresses(text):
    assert value(text, XSD.anyURI) == text


@pytest.mark.parametrize(
    "text", ["example.org", "https://a b", "https:", "<https://a>", 'https://a"b', "", "HTTPS://a"]
)
def test_what_is_no_address(text):
    with pytest.raises(FormError, match="is no address; write https://"):
        terms.literal(text, str(XSD.anyURI))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-06-27", "2024-06-27", "2024-06-27"),
        ("2024-06", "2024-06-01", "2024-06-30"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024~", "2024-01-01", "2024-12-31"),
        ("2024-06~", "2024-06-01", "2024-06-30"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_date_has_a_first_and_a_last_possible_day(text, first, last):
    assert terms.bounds(text) == (date.fromisoformat(first), date.fromisoformat(last))
    datatype = str(XSD.date) if len(text) == 10 else EDTF
    assert terms.day_or_edtf(text) == f'"{text}"^^<{datatype}>'


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-07-09/2024-07-11", "2024-07-09", "2024-07-11"),
        ("2024-02/2024-03-05", "2024-02-01", "2024-03-05"),
        ("2023/2024", "2023-01-01", "2024-12-31"),
        ("2024-07/2024-07-11", "2024-07-01", "2024-07-11"),
    ],
)
def test_a_span_reaches_from_the_first_day_of_its_start_to_the_last_of_its_end(text, first, last):
    assert terms.bounds(text) == (date.fromisoformat(first), date.fromisoformat(last))
    assert terms.day_or_edtf(text, may_span=True) == f'"{text}"^^<{EDTF}>'
    with pytest.raises(FormError, match="is no date: one date is meant here and no span"):
        terms.day_or_edtf(text)


@pytest.mark.parametrize(
    "text",
    """
2024-07-11/2024-07-09|2024-07-09/2024-07-09|2024/2023-12|2024~/2025|2024/2025~|2024/|/2024|/|2024/..|../2024
2024/2025/2026|2024-07-09/11|2024-13/2025|2024-07-09 /2024-07-11
""".strip()
    .replace("\n", "|")
    .split("|"),
)
def test_what_is_no_span(text):
    with pytest.raises(FormError, match="is no date"):
        terms.day_or_edtf(text, may_span=True)


@given(DAYS, DAYS)
def test_two_days_make_a_span_in_their_order_alone(one, other):
    first, last = sorted([one, other])
    if first != last:
        assert terms.bounds(f"{first}/{last}") == (first, last)
    with pytest.raises(FormError, match="a span ends after it starts"):
        terms.bounds(f"{last}/{first}")


@given(DAYS)
def test_a_month_begins_and_ends_where_its_days_do(day):
    first, last = terms.bounds(f"{day.year:04}-{day.month:02}")
    assert first <= day <= last
    assert first.day == 1 and (first.year, first.month) == (last.year, last.month) == (day.year, day.month)
    assert last == date.max or (last + timedelta(days=1)).day == 1
    assert terms.bounds(day.isoformat()) == (day, day)


NO_DATES = """
soon|January 2024|2024-6-27|24-06-27|2024-06-27~|2024~~|~2024|2024-13|2024-00|2024-00-01|2024-06-00|2024-06-31
2023-02-29|0000|2024/2025|2024-21x|2024-06-27T00:00|-2024|12024|٢٠٢٤|2024?
"""


@pytest.mark.parametrize("text", ["", "2024-06-27\n", *NO_DATES.strip().replace("\n", "|").split("|")])
def test_what_is_no_date(text):
    with pytest.raises(FormError, match=r"is no date"):
        terms.day_or_edtf(text)


@pytest.mark.parametrize("text", ["2024-06", "2024", "2024~", "2024-06~"])
def test_a_full_day_is_asked_for(text):
    with pytest.raises(FormError, match="is no full day; write 2024-06-27"):
        terms.literal(text, str(XSD.date))
    assert value("2024-06-27", XSD.date) == "2024-06-27"


def test_a_string_stays_what_was_written():
    assert [terms.literal(text, str(XSD.string)) for text in ("NO", "012", " a ")] == ['"NO"', '"012"', '" a "']


@pytest.mark.parametrize("language", ["en", "cnr", "zh-Hant", "sr-Latn"])
def test_texts_in_a_language(language):
    assert terms.tagged("a", language) == f'"a"@{language}'


@pytest.mark.parametrize("language", ["", "e", "EN", "english", "e n", "en-", "en_GB", "en@", "ен"])
def test_what_is_no_language_code(language):
    with pytest.raises(FormError, match="is no language code"):
        terms.tagged("a", language)


UNWRITABLE = [*map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=UNWRITABLE)))
def test_every_text_survives_as_one_line_of_n_quads(text):
    line = Quad("<http://s>", "<http://p>", terms.plain(text), "<http://g>").line
    assert line.count("\n") == 1
    (quad,) = parse(line.encode(), format=RdfFormat.N_QUADS)
    assert quad.object == Literal(text)
    assert quad.graph_name == NamedNode("http://g")


@pytest.mark.parametrize("character", UNWRITABLE, ids=ascii)
def test_a_character_that_xml_could_not_hold_is_refused(character):
    with pytest.raises(FormError, match=f"a control character, U\\+{ord(character):04X}, stands in the text"):
        terms.plain(f"a{character}b")
