"""Mailboxes of a thousand or a hundred thousand letters, written to disk as Dovecot keeps them, in seconds."""

from __future__ import annotations

import os
from collections import defaultdict

from tests.servers.dovecot import MailUser
from tests.servers.letters import Post

VALIDITY = 1_700_000_000


def fill(user: MailUser, mailbox: str, count: int, *, seed: int = 1) -> dict[str, list[int]]:
    """Fill a mailbox that nobody opened yet; UIDs are 1 to `count`, oldest first. Returns the UIDs of each kind."""
    post = Post(count, seed=seed, to=f"{user.name}@example.org")
    place = user.maildir.directory(mailbox)
    current = f"{place}/cur"
    owner = user.maildir.owner
    kinds: dict[str, list[int]] = defaultdict(list)
    lines = [f"3 V{VALIDITY} N{count + 1} G{seed:032x}\n"]
    for uid in range(1, count + 1):
        letter = post.letter(uid)
        name = f"{letter.date}.M{uid:06d}P1.tests,S={len(letter.raw)},W={len(letter.raw)}"
        path = f"{current}/{name}:2,{letter.flags}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(file, letter.raw)
        if owner:
            os.fchown(file, *owner)
        os.close(file)
        os.utime(path, (letter.date, letter.date))
        kinds[letter.kind].append(uid)
        lines.append(f"{uid} :{name}\n")
    index = place / "dovecot-uidlist"
    index.write_text("".join(lines))
    if owner:
        os.chown(index, *owner)
    return dict(kinds)
