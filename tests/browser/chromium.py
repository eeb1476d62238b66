"""Debian's Chromium: where it is and how it is started for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

ARGUMENTS = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync --disable-dev-shm-usage"
).split()


class ChromiumMissingError(Exception):
    """The message is one line that says what to do."""


def executable() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise ChromiumMissingError("Chromium is not installed: `make test` installs it (Debian: chromium)")


def arguments() -> list[str]:
    return [*ARGUMENTS, *([] if _has_sandbox() else ["--no-sandbox"])]


@cache
def _has_sandbox() -> bool:
    """Chromium's sandbox needs somebody other than root, and a kernel that lets them have a namespace of their own."""
    unshare = shutil.which("unshare")
    if os.getuid() == 0 or unshare is None:
        return False
    return subprocess.run([unshare, "--user", "true"], capture_output=True, check=False).returncode == 0
