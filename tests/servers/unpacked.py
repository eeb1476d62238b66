"""Programs of Debian's packages that `make packages` unpacked beside the project, and the libraries they need."""

from __future__ import annotations

import os
from pathlib import Path

CACHE = Path(os.environ.get("EKORN_CACHE") or Path(__file__).resolve().parents[2] / ".cache")


def environment(root: Path) -> dict[str, str]:
    """Where a program unpacked below `root` finds its libraries; our own environment otherwise."""
    libraries = {str(path.parent) for path in root.rglob("lib*.so*") if "usr/share" not in str(path)}
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(sorted(libraries))} if libraries else {**os.environ}
