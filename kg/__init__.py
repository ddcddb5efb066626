"""The machine of the knowledge graph of security agreements: records in, snapshots and answers out.

Knows RDF; knows nothing of HTTP servers.
"""
