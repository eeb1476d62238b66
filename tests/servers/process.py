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


def leashed(command: Sequence[str]) -> list[str]:
    """The command, told by the kernel to end when the thread that starts it does (util-linux's setpriv)."""
    leash = _leash()
    return [leash, "--pdeathsig", "TERM", *command] if leash else list(command)


def group_titles(group: int) -> dict[int, str]:
    """What the processes of a process group call themselves, by process id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            pid = int(path.parent.name)
            if os.getpgid(pid) == group:
                found[pid] = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return found


def end_process(pid: int, *, seconds: float) -> None:
    """Ask somebody else's child to end and wait until it did."""
    end = time.monotonic() + seconds
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, signal.SIGTERM)
        while Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" and time.monotonic() < end:
            time.sleep(0.01)
