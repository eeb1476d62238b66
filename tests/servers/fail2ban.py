"""fail2ban's own regular expression tool, from Debian's package, with the project's filter."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.unpacked import CACHE

PROJECT = Path(__file__).resolve().parents[2]
ROOT = CACHE / "fail2ban"


class Fail2banError(Exception):
    """It is not unpacked or can't read the filter; the message says why."""


def found(log: str) -> list[str]:
    """The addresses that fail2ban takes out of these lines, in their order."""
    if not (ROOT / "complete").exists():
        raise Fail2banError("fail2ban is not unpacked: `make packages` does it")
    with tempfile.TemporaryDirectory(prefix="ekorn-fail2ban-") as name:
        place = Path(name)
        shutil.copytree(ROOT / "etc" / "fail2ban", place / "etc")
        shutil.copy(PROJECT / "deploy/fail2ban/filter.d/ekorn.conf", place / "etc" / "filter.d")
        (place / "log").write_text(log + "\n")  # A line that has not ended is not looked at.
        done = subprocess.run(
            [
                sys.executable,
                str(ROOT / "usr/bin/fail2ban-regex"),
                "--config",
                str(place / "etc"),
                "--out=ip",
                str(place / "log"),
                "ekorn",
            ],
            env={"PYTHONPATH": str(ROOT / "usr/lib/python3/dist-packages"), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Fail2banError(done.stderr[-2000:] or done.stdout[-2000:])
    return done.stdout.split()
