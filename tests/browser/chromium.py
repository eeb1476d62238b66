"""Debian's Chromium: where it is and how it is started for tests."""

from __future__ import annotations

import os
import shutil

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
    """Root has no sandbox; everybody else keeps it."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
