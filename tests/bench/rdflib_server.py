"""``rdflib-endpoint`` over one N-Quads file, its default graph the union of all, as in the other servers."""

from __future__ import annotations

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

if __name__ == "__main__":
    data = Dataset(default_union=True)
    data.parse(sys.argv[1], format="nquads")
    app = SparqlEndpoint(graph=data, path="/sparql", enable_update=False)
    uvicorn.run(app, port=int(sys.argv[2]), loop="uvloop", http="httptools", log_level="error", access_log=False)
