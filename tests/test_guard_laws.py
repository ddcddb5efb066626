"""Laws of the guard, against the engine's own parser.

The parser tells nothing of what it read, so it is asked twice: as the query stands, and with every
``SERVICE`` in it changed by one letter. Names, strings and comments bear that; a keyword does not.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import yaml
from engine_process import FORMS, EngineProcess
from fuzz.grammar import Grammar
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg import guard
from kg.errors import QueryError, QueryRefused, QuerySyntaxError
from kg.guard import Inspected

CORPUS = yaml.safe_load((Path(__file__).parent / "fuzz" / "guard.yaml").read_text("utf-8"))
SERVICE, FROM, VOLATILE = "SERVICE", "FROM", "NOW|RAND|UUID|BNODE"
MOST = 64 * 1024


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineProcess]:
    made = EngineProcess()
    yield made
    made.close()


def inspected(text: str) -> Inspected | QueryError:
    try:
        return guard.inspect(text)
    except QueryError as error:
        return error


def changed(text: str, words: str) -> str:
    """The text with the last letter of each such word made another, wherever the word stands."""
    return re.sub(words, lambda found: found[0][:-1] + "q", text, flags=re.IGNORECASE)


def check_against(engine: EngineProcess, text: str) -> None:
    """What the guard lets through and the engine parses is what the guard took it for."""
    seen = inspected(text)
    if isinstance(seen, QueryError):
        assert seen.line is not None
        assert seen.column is not None
        return
    form, without_service, without_from, without_chance = engine.forms(
        text, changed(text, SERVICE), changed(text, FROM), changed(text, VOLATILE)
    )
    if form is not None:
        assert form == FORMS[seen.form]
        assert without_service, "the guard passed a SERVICE"
        assert seen.has_dataset == (without_from is None)
        assert seen.volatile or without_chance, "the guard missed a function of chance"


@pytest.mark.parametrize("case", CORPUS, ids=range(len(CORPUS)))
def test_corpus(case: dict, engine: EngineProcess) -> None:
    text = case["query"]
    assert (engine.forms(text)[0] is not None) == case.get("engine", False)
    check_against(engine, text)
    seen = inspected(text)
    if case["verdict"] == "refused":
        assert isinstance(seen, QueryRefused | QuerySyntaxError)
        assert case["word"] in str(seen)
    else:
        assert isinstance(seen, Inspected), seen
        found = (seen.form, seen.has_dataset, seen.volatile)
        assert found == (case["verdict"], case.get("dataset", False), case.get("volatile", False))


def test_the_oracle_sees_a_service(engine: EngineProcess) -> None:
    """Without this the laws below could hold for nothing."""
    for text in ("SELECT*{SERVICE<http://x/>{}}", "PREFIX service: <http://s/> SELECT*{SERVICE service:x {}}"):
        assert engine.forms(text, changed(text, SERVICE)) == ["QuerySolutions", None]
    named = "PREFIX service: <http://s/> SELECT*{?service service:SERVICE 'SERVICE'}#SERVICE"
    assert engine.forms(named, changed(named, SERVICE)) == ["QuerySolutions"] * 2


QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}


@settings(max_examples=400, **QUIET)
@given(st.integers(0, 2**32))
def test_queries_of_the_grammar(engine: EngineProcess, seed: int) -> None:
    check_against(engine, Grammar(Random(seed)).query())


@settings(max_examples=200, **QUIET)
@given(st.integers(0, 2**32), st.data())
def test_damaged_queries_of_the_grammar(engine: EngineProcess, seed: int, data: st.DataObject) -> None:
    text = Grammar(Random(seed)).query()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        piece = data.draw(
            st.sampled_from([*"<>'\"#\\{}()[]:;.,?@^|&!=/*+-_ \n\r%", "SERVICE", "FROM", "'''", '"""', "\\u0041"])
        )
        text = text[:at] + piece + text[at + data.draw(st.integers(0, 2)) :]
    check_against(engine, text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_many_queries_of_the_grammar(engine: EngineProcess, seed: int) -> None:
    chance = Random(seed)
    for _ in range(1_000):
        check_against(engine, Grammar(chance).query())


BRACKETS = ["{", "(", "[", "{ ?s ?p [", "FILTER(", "EXISTS {", "{ SELECT * {", "(<a:b>|", "OPTIONAL {", "<<", "<<("]


@pytest.mark.parametrize("opening", BRACKETS)
def test_every_bracket_nests_only_so_deep(opening: str) -> None:
    text = "SELECT * { " + opening * (MOST // len(opening) - 20)
    seen = inspected(text)
    if set(opening) & set("{[("):
        assert isinstance(seen, QueryRefused)
        assert "deep" in str(seen)
    assert not isinstance(seen, QueryRefused) or seen.line == 1


PIECES = [
    "a:b ", "from:b ", "service:b{", "<a:b>", "<a#>", "(?a<b#>)", "?a<b'>", "?a ", "'a'", "'''a''' ",
    '"\\u0041"', "1.5e5",
    "1.", "{}", "()", "[]", "a.", "a:b.", "\\", "é", "\u0301", "'''", "<", "#\n", "#", "PREFIX a:", "@a-",
    "SERVICE", "a:%41", "FILTER(",
    "\U0010ffff", "a\\_", "<\\u0041", "\\U0000004", '"\\', "'\\''", "\x00", "\xa0", "SELECT ", "UNION",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_the_judge_takes_linear_time(piece: str) -> None:
    """Processor time for the longest text: a judge that were quadratic would take some minutes."""
    text = "SELECT * { "
    text += piece * ((MOST - len(text)) // len(piece.encode()))
    began = time.process_time()
    seen = inspected(text)
    assert time.process_time() - began < 0.5
    assert isinstance(seen, Inspected) or seen.line is not None


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=60))
@example("SELECT * {}\ud800")
def test_surrogates_are_refused_and_any_other_text_has_a_place(text: str) -> None:
    seen = inspected("SELECT * { " + text)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        assert "surrogate" in str(seen)
    elif isinstance(seen, QueryError):
        assert seen.line is not None
