"""The dataset and its service described for machines: VoID, DCAT and SPARQL service description.

Written by a build from the data themselves, so that every count is one that a query gives too. The
addresses in them are permanent ones; the service puts its own in their place when it is served elsewhere.
"""

from __future__ import annotations

from kg.describe.dcat import FILE as DCAT
from kg.describe.dcat import lines as dcat_lines
from kg.describe.service import FILE as SERVICE
from kg.describe.service import lines as service_lines
from kg.describe.statements import PREFIXES, Release
from kg.describe.void import FILE as VOID
from kg.describe.void import LINKS, link_lines
from kg.describe.void import lines as void_lines

FILES = (LINKS, SERVICE, VOID, DCAT)

__all__ = [
    "DCAT",
    "FILES",
    "LINKS",
    "PREFIXES",
    "SERVICE",
    "VOID",
    "Release",
    "dcat_lines",
    "link_lines",
    "service_lines",
    "void_lines",
]
