"""A picture as PNG. The one way into resvg, which is optional."""

from __future__ import annotations

from importlib.util import find_spec

from kg.errors import LibraryMissing

# Pixels of the file for each pixel of the picture; fewer where the picture is so large.
_ZOOM = 2.0
_LARGEST = 6_000.0


def png(svg: str, width: float, height: float) -> bytes:
    """A standalone SVG of that size in pixels as PNG, twice as large; raises LibraryMissing.

    Letters come from the fonts of the machine.
    """
    if find_spec("resvg_py") is None:
        raise LibraryMissing("PNG needs resvg-py: pip install 'security-agreements-kg[networks]'; SVG needs nothing")
    import resvg_py  # noqa: PLC0415  # optional

    zoom = min(_ZOOM, _LARGEST / max(width, height, 1.0))
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom))
