"""Measurements of the service beside its peers; ``python -m bench`` with ``tests`` on the path, or ``make bench``."""
