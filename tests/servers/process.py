"""Processes that end with us, even where we are killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def _leash() -> str | None:
    return shutil.which("setpriv")


def leashed(
    command: Sequence[str], *, number: signal.Signals = signal.SIGTERM, user: int | None = None
) -> list[str]:
    """The command, told by the kernel to end when the thread that starts it does (util-linux's setpriv). Root may have
    it run as another `user`, in no group but that of the same number."""
    leash = _leash()
    if leash is None:
        return list(command)
    owner = [] if user is None else [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    return [leash, *owner, "--pdeathsig", number.name.removeprefix("SIG"), *command]


def children(parent: int, name: str) -> set[int]:
    """The process ids of a process's children of that name."""
    found = set()
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text()
            if f" ({name}) " in fields and f" ({name}) Z" not in fields:
                found.add(int(pid))
    return found


def end_process(pid: int, *, seconds: float) -> None:
    """Ask somebody else's child to end and wait until it did."""
    end = time.monotonic() + seconds
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, signal.SIGTERM)
        while Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" and time.monotonic() < end:
            time.sleep(0.01)
