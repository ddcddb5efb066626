"""What `make assets` has built: the query editor and the outlines of the map. Nothing needs them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.errors import UnknownName

ADDRESS = "/assets/built"
_MANIFEST = "manifest.json"


def folder() -> Path:
    """Where `make assets` puts them, and where an installed package has them."""
    return Path(__file__).parent / "built"


@dataclass(frozen=True)
class Built:
    """The built files in a folder. ``editor`` is the address of the script, empty where there is none."""

    folder: Path
    editor: str = ""
    outlines: Path | None = None

    def file(self, name: str) -> Path:
        """A file that may be sent; raises UnknownName for any other."""
        known = [self.editor.rpartition("/")[2], "LICENCES.txt"] if self.editor else []
        if name not in known:
            raise UnknownName("asset", name, known)
        return self.folder / name


@lru_cache(maxsize=8)
def read(folder: Path) -> Built:
    """What a folder holds; nothing where there is no manifest or a file of it is missing."""
    manifest = folder / _MANIFEST
    if not manifest.is_file():
        return Built(folder)
    names = json.loads(manifest.read_text("utf-8"))
    if not all((folder / name).is_file() for name in names.values()):
        return Built(folder)
    return Built(folder, f"{ADDRESS}/{names['editor']}", folder / names["outlines"])
