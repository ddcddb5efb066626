"""Pictures of networks: an SVG that needs no script, and an interactive page. The one way into pyvis."""

from __future__ import annotations

from kg.picture.figure import svg
from kg.picture.interactive import interactive, vis_assets
from kg.picture.look import Frame, own_page, spaced

__all__ = ["Frame", "interactive", "own_page", "spaced", "svg", "vis_assets"]
