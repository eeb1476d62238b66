"""Mail put straight into a Maildir++ tree, as a delivery agent does it."""

from __future__ import annotations

import base64
import itertools
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

LETTERS = {"\\draft": "D", "\\flagged": "F", "\\answered": "R", "\\seen": "S", "\\deleted": "T"}


def modified_utf7(name: str) -> str:
    """A mailbox name as it stands on disk (RFC 3501 section 5.1.3)."""

    def encode(run: re.Match[str]) -> str:
        if run.group() == "&":
            return "&-"
        encoded = base64.b64encode(run.group().encode("utf-16-be")).decode().rstrip("=")
        return f"&{encoded.replace('/', ',')}-"

    return re.sub(r"&|[^\x20-\x7e]+", encode, name)


@dataclass(slots=True)
class Maildir:
    """One person's tree. `owner` is the (uid, gid) that files get when root writes them; `utf8` names stand on disk
    as they are (Courier), others in modified UTF-7 (Dovecot)."""

    path: Path
    separator: str = "/"
    prefix: str = ""
    owner: tuple[int, int] | None = None
    utf8: bool = False
    # In a mailbox nobody else writes to, Dovecot numbers new messages in the order of this count.
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(int(time.time())))

    def directory(self, mailbox: str) -> Path:
        """The directory of a mailbox, made when it is not there."""
        name = mailbox.removeprefix(self.prefix)
        spelled = name if self.utf8 else modified_utf7(name)
        place = (
            self.path if name.upper() == "INBOX" else self.path / f".{spelled.replace(self.separator, '.')}"
        )
        for part in ("tmp", "new", "cur"):
            directory = place / part
            if not directory.is_dir():
                directory.mkdir(parents=True, mode=0o700)
                for made in (place, directory):
                    self._own(made)
        if place != self.path:
            marker = place / "maildirfolder"
            marker.touch()
            self._own(marker)
        self._own(self.path)
        return place

    def deliver(
        self, mailbox: str, raw: bytes, *, flags: Iterable[str] = (), date: datetime | None = None
    ) -> Path:
        """Put one message in; in a fresh mailbox the n-th has UID n. Only system flags."""
        place = self.directory(mailbox)
        letters = "".join(sorted(LETTERS[flag.lower()] for flag in flags))
        name = f"{next(self._count)}.M0P{os.getpid()}.tests,S={len(raw)}"
        fresh = place / "tmp" / name
        fresh.write_bytes(raw)
        if date is not None:
            os.utime(fresh, (date.timestamp(), date.timestamp()))
        self._own(fresh)
        final = place / "cur" / f"{name}:2,{letters}" if letters else place / "new" / name
        return fresh.rename(final)

    def _own(self, path: Path) -> None:
        if self.owner:
            os.chown(path, *self.owner)
