"""Forty queries of the kinds that researchers write by hand, for tests of the lanes; most are not tuned."""

from __future__ import annotations

PREFIXES = """PREFIX sa: <https://w3id.org/security-agreements/ontology#>
PREFIX party: <https://w3id.org/security-agreements/parties/>
PREFIX topic: <https://w3id.org/security-agreements/schemes/topic/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

QUERIES = {
    # Looking around in an unknown graph.
    "classes": "SELECT DISTINCT ?class { ?s a ?class } ORDER BY ?class",
    "classes counted": "SELECT ?class (COUNT(?s) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY DESC(?n)",
    "predicates counted": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)",
    "a few triples": "SELECT * { ?s ?p ?o } LIMIT 100",
    "everything": "SELECT * { ?s ?p ?o }",
    "everything as triples": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "graphs": "SELECT DISTINCT ?g { GRAPH ?g { ?s a sa:Agreement } }",
    "one record": "SELECT ?p ?o { <https://w3id.org/security-agreements/agreements/ukr-ltu-2024> ?p ?o }",
    "one record described": "DESCRIBE <https://w3id.org/security-agreements/agreements/ukr-ltu-2024>",
    "who points at Lithuania": "SELECT ?s ?p { ?s ?p party:LTU }",
    "is there a Kosovo": "ASK { ?s ?p party:XKX }",
    "properties of a class": "SELECT DISTINCT ?p { ?s a sa:Official ; ?p ?o } ORDER BY ?p",
    # Agreements.
    "agreements by day": "SELECT ?a ?day { ?a a sa:Agreement ; sa:signed ?day } ORDER BY ?day",
    "agreements by month": """SELECT ?month (COUNT(?a) AS ?n) {
        ?a a sa:Agreement ; sa:signed ?day BIND (SUBSTR(STR(?day), 1, 7) AS ?month)
        } GROUP BY ?month ORDER BY ?month""",
    "titles in Ukrainian": """SELECT ?a ?title {
        ?a a sa:Agreement ; rdfs:label ?title FILTER (LANGMATCHES(LANG(?title), "uk")) }""",
    "signed in Berlin": """SELECT ?a ?place {
        ?a a sa:Agreement ; sa:place ?p . ?p rdfs:label ?place FILTER (CONTAINS(?place, "Berlin")) }""",
    "signed first": "SELECT ?a ?day { ?a a sa:Agreement ; sa:signed ?day } ORDER BY ?day LIMIT 1",
    "without a signature": "SELECT ?a { ?a a sa:Agreement FILTER NOT EXISTS { ?a sa:signature ?s } }",
    "not with the EU": "SELECT ?a { ?a a sa:Agreement MINUS { ?a sa:party party:EU } }",
    "signed by the same person": """SELECT ?a ?b ?person { ?a sa:signature/sa:signatory ?person .
        ?b sa:signature/sa:signatory ?person FILTER (STR(?a) < STR(?b)) }""",
    "signatories with names": """SELECT ?a ?name { ?a a sa:Agreement ; sa:signature [ sa:signatory ?person ] .
        ?person rdfs:label ?name FILTER (LANG(?name) = "en") }""",
    "one agreement with its commitments": """CONSTRUCT { ?c ?p ?o } WHERE {
        <https://w3id.org/security-agreements/agreements/ukr-ltu-2024> sa:commitment ?c . ?c ?p ?o }""",
    # Commitments and provisions.
    "commitments by agreement": """SELECT ?a (COUNT(?c) AS ?n) {
        ?a a sa:Agreement ; sa:commitment ?c } GROUP BY ?a ORDER BY DESC(?n)""",
    "sums by currency": """SELECT ?currency (SUM(?v) AS ?total) {
        ?c sa:amount ?v ; sa:currency ?currency } GROUP BY ?currency""",
    "largest sums": """SELECT ?c ?v ?currency { ?c a sa:Commitment ; sa:amount ?v ; sa:currency ?currency
        FILTER (?v >= 1000000000) } ORDER BY DESC(?v) LIMIT 10""",
    "above the mean": """SELECT ?c ?v { { SELECT (AVG(?w) AS ?mean) { ?d sa:amount ?w } }
        ?c sa:amount ?v FILTER (?v > ?mean) }""",
    "modality by topic": """SELECT ?topic ?modality (COUNT(?c) AS ?n) {
        ?c sa:topic ?topic ; sa:modality ?modality } GROUP BY ?topic ?modality""",
    "on a topic or one below": "SELECT ?c { ?c sa:topic/skos:broader* topic:equipment ; a sa:Commitment }",
    "cyber in the words": """SELECT ?c ?s { ?c a sa:Commitment ; sa:summary ?s FILTER REGEX(?s, "cyber", "i") }""",
    "cyber anywhere": """SELECT ?s ?p ?o { ?s ?p ?o FILTER (ISLITERAL(?o) && CONTAINS(LCASE(STR(?o)), "cyber")) }""",
    "provisions with a heading": "SELECT ?p ?h ?l { ?p a sa:Provision ; sa:heading ?h OPTIONAL { ?p sa:locator ?l } }",
    "topics shared by two agreements": """SELECT ?a ?b (COUNT(DISTINCT ?t) AS ?shared) {
        ?a a sa:Agreement . ?b a sa:Agreement . ?a sa:commitment/sa:topic ?t .
        ?b sa:commitment/sa:topic ?t FILTER (STR(?a) < STR(?b)) } GROUP BY ?a ?b""",
    "clauses that only one has": """SELECT ?kind (SAMPLE(?a) AS ?only) {
        ?a a sa:Agreement ; sa:clause/sa:kind ?kind } GROUP BY ?kind HAVING (COUNT(DISTINCT ?a) = 1)""",
    # Parties, officials, sources, claims.
    "parties with Wikidata": "SELECT ?party ?same { ?party a sa:Party ; owl:sameAs ?same }",
    "officials of a country": """SELECT DISTINCT ?official ?name {
        ?official sa:tenure/sa:of party:GBR ; rdfs:label ?name FILTER (LANG(?name) = "en") } ORDER BY ?name""",
    "sources by publisher": """SELECT ?publisher (COUNT(?s) AS ?n) {
        ?s a sa:Source ; sa:publisher ?publisher } GROUP BY ?publisher ORDER BY DESC(?n)""",
    "what a source supports": """SELECT ?thing { ?thing sa:source ?source .
        ?source a sa:Source ; sa:url ?url FILTER (STRSTARTS(STR(?url), "https://www.gov.uk/")) }""",
    "claims with their ranks": """SELECT ?claim ?subject ?p ?rank {
        ?claim rdf:subject ?subject ; rdf:predicate ?p ; sa:rank ?rank }""",
    "every two commitments": "SELECT (COUNT(*) AS ?n) { ?c a sa:Commitment . ?d a sa:Commitment }",
    "how far from one to another": """SELECT (COUNT(*) AS ?n) {
        <https://w3id.org/security-agreements/agreements/ukr-ltu-2024> (!rdf:type)* ?x }""",
}
