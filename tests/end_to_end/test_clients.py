"""Real clients ask the service; each test is skipped, and says so, where its client is not installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore

ROOT = Path(__file__).parent.parent.parent
BASE = "https://w3id.org/security-agreements/"
KYIV = rdflib.URIRef(BASE + "places/kyiv")
PLACES = f"SELECT ?s {{ ?s a <{BASE}ontology#Place> }} ORDER BY ?s LIMIT 3"
LABEL = f"SELECT ?l {{ <{KYIV}> <{rdflib.RDFS.label}> ?l }} ORDER BY ?l"
GRAPH = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{KYIV}> }} ?s ?p ?o }}"
DESCRIBE = f"DESCRIBE <{KYIV}>"
LONG = PLACES + "\n#" + "x" * 60_000
UKRAINIAN = "Київ"


@pytest.fixture(scope="module")
def endpoint(server) -> str:
    return server.url + "/sparql"


def program(name: str) -> str:
    """The path of a program; else the test is skipped."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestSparqlWrapper:
    """SPARQLWrapper sends three names of a format beside the Accept header, some twice."""

    @pytest.fixture(params=["GET", "POST"])
    def method(self, request):
        return request.param

    def ask(self, endpoint, method, query, form, how="urlencoded"):
        wrapper = pytest.importorskip("SPARQLWrapper").SPARQLWrapper(endpoint)
        wrapper.setMethod(method)
        wrapper.setRequestMethod(how)
        wrapper.setQuery(query)
        wrapper.setReturnFormat(form)
        return wrapper.query().convert()

    @pytest.mark.parametrize("how", ["urlencoded", "postdirectly"])
    def test_bindings(self, endpoint, method, how):
        rows = self.ask(endpoint, method, LABEL, "json", how)["results"]["bindings"]
        assert UKRAINIAN in [row["l"]["value"] for row in rows]
        assert len(self.ask(endpoint, method, PLACES, "xml", how).getElementsByTagName("result")) == 3
        assert self.ask(endpoint, method, PLACES, "csv", how).count(b"\r\n") == 4
        assert self.ask(endpoint, method, PLACES, "tsv", how).count(b"\n") == 4
        assert self.ask(endpoint, method, "ASK {}", "json", how)["boolean"] is True

    @pytest.mark.parametrize("query", [GRAPH, DESCRIBE], ids=["CONSTRUCT", "DESCRIBE"])
    def test_triples(self, endpoint, method, query):
        read = rdflib.Graph().parse(data=self.ask(endpoint, method, query, "turtle"), format="turtle")
        assert (KYIV, rdflib.RDFS.label, rdflib.Literal(UKRAINIAN, lang="uk")) in read
        for form in ("xml", "rdf+xml", "json-ld"):
            assert len(self.ask(endpoint, method, query, form)) == len(read)
        n3 = self.ask(endpoint, method, query, "n3")
        assert len(rdflib.Graph().parse(data=n3, format="n3")) == len(read)

    def test_an_error_is_told(self, endpoint, method):
        wrong = pytest.importorskip("SPARQLWrapper").SPARQLExceptions.QueryBadFormed
        with pytest.raises(wrong, match="line 1"):
            self.ask(endpoint, method, "SELECT * { ?s ?p }", "json")


class TestSparqlStore:
    """rdflib's SPARQLStore: a graph that is elsewhere."""

    @pytest.fixture(params=["GET", "POST", "POST_FORM"])
    def graph(self, request, endpoint):
        return rdflib.Graph(SPARQLStore(endpoint, method=request.param))

    def test_a_graph_that_is_elsewhere(self, graph):
        assert rdflib.Literal(UKRAINIAN, lang="uk") in graph.objects(KYIV, rdflib.RDFS.label)
        assert len(list(graph.query(PLACES))) == 3
        assert graph.query(f"ASK {{ <{KYIV}> ?p ?o }}").askAnswer
        assert len(graph.query(GRAPH).graph) > 2
        assert (KYIV, None, None) in graph
        assert len(graph) > 10_000

    def test_named_graphs(self, endpoint):
        named = rdflib.Graph(SPARQLStore(endpoint), identifier=rdflib.URIRef(BASE + "data/places/kyiv"))
        assert 0 < len(list(named.triples((None, None, None)))) < 20

    @pytest.mark.parametrize("form", ["json", "csv", "tsv", "xml"])
    def test_formats(self, endpoint, form):
        rows = rdflib.Graph(SPARQLStore(endpoint, returnFormat=form)).query(LABEL)
        assert UKRAINIAN in [str(row[0]) for row in rows]


def test_pandas(endpoint):
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(f"{endpoint}?format=csv&query={quote(LABEL)}")
    assert UKRAINIAN in list(frame["l"])
    tabbed = pandas.read_csv(
        f"{endpoint}?query={quote(LABEL)}", sep="\t", storage_options={"Accept": "text/tab-separated-values"}
    )
    assert list(tabbed.columns) == ["?l"]


def test_curl(endpoint):
    curl = program("curl")
    answer = run(
        curl, "-sS", "--fail", "-H", "Accept: application/json", "--data-urlencode", f"query={LABEL}", endpoint
    )
    assert UKRAINIAN in answer
    assert UKRAINIAN in run(curl, "-sSG", "--fail", "--compressed", "--data-urlencode", f"query={LABEL}", endpoint)
    told = run(curl, "-sS", "-o", os.devnull, "-w", "%{http_code} %{content_type}", "-d", "query=FROG", endpoint)
    assert told == "400 application/problem+json"


def test_curl_sends_a_file(endpoint, tmp_path):
    """Over 1,024 bytes curl asks first whether it may go on (Expect: 100-continue)."""
    (tmp_path / "q.rq").write_text(LONG)
    body = [
        "-H",
        "Content-Type: application/sparql-query",
        "-H",
        "Expect: 100-continue",
        "--data-binary",
        f"@{tmp_path}/q.rq",
    ]
    answer = run(program("curl"), "-sS", "--fail", "-H", "Accept: text/csv", *body, endpoint)
    assert len(answer.split()) == 4


class TestComunica:
    """Comunica from npm: ``make clients`` installs it."""

    @pytest.fixture
    def comunica(self) -> str:
        found = ROOT / "build" / "clients" / "node_modules" / ".bin" / "comunica-sparql"
        if not found.exists():
            pytest.skip("Comunica is not installed: make clients")
        return str(found)

    def test_it_sends_the_query_on(self, comunica, endpoint):
        rows = json.loads(run(comunica, f"sparql@{endpoint}", LABEL))
        assert UKRAINIAN in json.dumps(rows, ensure_ascii=False)

    def test_it_finds_out_itself_what_the_endpoint_is(self, comunica, endpoint):
        assert len(json.loads(run(comunica, endpoint, PLACES))) == 3

    def test_triples(self, comunica, endpoint):
        assert UKRAINIAN in run(comunica, f"sparql@{endpoint}", GRAPH, "-t", "text/turtle")


class TestR:
    """R: its own SPARQL package from Debian, and what every R has."""

    def rows(self, program_text: str) -> str:
        return run(program("Rscript"), "--vanilla", "-e", program_text)

    def test_read_csv(self, endpoint):
        text = f"x <- read.csv('{endpoint}?format=csv&query={quote(PLACES)}'); cat(nrow(x), names(x))"
        assert self.rows(text) == "3 s"

    @pytest.mark.parametrize("more", ["", ", format='csv', extra=list(format='csv')"])
    def test_the_sparql_package(self, endpoint, more):
        if "TRUE" not in self.rows("cat(requireNamespace('SPARQL', quietly=TRUE))"):
            pytest.skip("R's package SPARQL is not installed: make clients")
        query = PLACES.replace("?s {", "?s ?p ?o { ?s ?p ?o .")  # of one variable the package makes a row
        text = f"suppressMessages(library(SPARQL)); x <- SPARQL('{endpoint}', '{query}'{more})$results; cat(dim(x))"
        assert self.rows(text) == "3 3"
