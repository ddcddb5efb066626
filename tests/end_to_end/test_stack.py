"""What the service runs on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("library", ["uvloop", "httptools"])
def test_the_fast_loop_and_parser_are_in_use(server, library):
    server.get("/health/ready")
    assert library in Path(f"/proc/{server.process.pid}/maps").read_text()
