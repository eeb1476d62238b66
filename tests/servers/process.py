"""Processes that end with us, even where we are killed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import cache


@cache
def _leash() -> str | None:
    return shutil.which("setpriv")


def leashed(command: Sequence[str]) -> list[str]:
    """The command, told by the kernel to end when the thread that starts it does (util-linux's setpriv)."""
    leash = _leash()
    return [leash, "--pdeathsig", "TERM", *command] if leash else list(command)
