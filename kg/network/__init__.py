"""Networks: a constructed RDF graph as nodes and edges, measured, laid out and written. The one way into networkx.

Graph is said of RDF only; a network is the thing that is drawn. Nothing here knows a class or a
property: the ontology says which properties are edges, the view says which things are nodes.
"""

from __future__ import annotations

from kg.network.measure import Measure, measures
from kg.network.narrowing import Dates, around, days, in_language, largest, of_kinds, on_day, undated
from kg.network.positions import Form, layout
from kg.network.projection import Network, project
from kg.network.rings import Positions
from kg.network.triples import to_turtle
from kg.network.write import WRITERS, to_csv, to_gexf, to_graphml, to_json

__all__ = [
    "WRITERS",
    "Dates",
    "Form",
    "Measure",
    "Network",
    "Positions",
    "around",
    "days",
    "in_language",
    "largest",
    "layout",
    "measures",
    "of_kinds",
    "on_day",
    "project",
    "to_csv",
    "to_gexf",
    "to_graphml",
    "to_json",
    "to_turtle",
    "undated",
]
