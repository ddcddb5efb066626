"""Networks: a constructed RDF graph as nodes and edges, measured, laid out and written. The one way into networkx.

Graph is said of RDF only; a network is the thing that is drawn. Nothing here knows a class or a
property: the ontology says which properties are edges, the view says which things are nodes.
"""

from __future__ import annotations

from kg.network.measure import Measure, measures
from kg.network.positions import Positions, layout
from kg.network.projection import Network, project
from kg.network.write import WRITERS, to_csv, to_gexf, to_graphml, to_json

__all__ = [
    "WRITERS",
    "Measure",
    "Network",
    "Positions",
    "layout",
    "measures",
    "project",
    "to_csv",
    "to_gexf",
    "to_graphml",
    "to_json",
]
