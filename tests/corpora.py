"""Other people's hostile and odd mail, read where it lies beside the project, never copied into it."""

from __future__ import annotations

import os
import tarfile
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def corpora_dir() -> Path | None:
    """The unpacked corpora, or None on a machine that has none."""
    for place in (os.environ.get("EKORN_CORPORA"), ROOT.parent / "corpora"):
        if place and (Path(place) / "mime").is_dir():
            return Path(place)
    archive = ROOT.parent / "shared" / "corpora" / "dev.tar.gz"
    if not archive.is_file():
        return None
    place = Path(tempfile.gettempdir()) / f"ekorn-corpora-{int(archive.stat().st_mtime)}-{os.getuid()}"
    if not (place / "mime").is_dir():
        fresh = Path(tempfile.mkdtemp(dir=place.parent))
        with tarfile.open(archive) as tar:
            tar.extractall(fresh, filter="data")
        try:
            fresh.rename(place)
        except OSError:
            return fresh
    return place
