"""Pictures of networks: an SVG that needs no script, and an interactive page. The one way into pyvis."""

from __future__ import annotations

from kg.picture.figure import svg
from kg.picture.interactive import interactive, vis_assets
from kg.picture.look import Frame, kinds, own_page, spaced
from kg.picture.raster import png
from kg.picture.thumbnail import thumbnail

__all__ = ["Frame", "interactive", "kinds", "own_page", "png", "spaced", "svg", "thumbnail", "vis_assets"]
