"""Which thread a reply belongs to: In-Reply-To and References (RFC 5322, 3.6.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webmail.mail.reply.original import Original

MAX_REFERENCES = 60
MAX_ID = 500
MAX_FIELD = 65_536

# Every visible ASCII character: real ids are freer than the RFC's, but no other octet could go into a header.
_ID = re.compile(rb"<([^<>]*+)>")
_VISIBLE = re.compile(rb"[!-;=?-~]+\Z")


@dataclass(frozen=True, slots=True)
class Thread:
    """`in_reply_to` is one id with "<>", or ""; `references` from the thread's first message to the one answered."""

    in_reply_to: str = ""
    references: tuple[str, ...] = ()


def message_ids(raw: bytes | None) -> tuple[str, ...]:
    """The ids of a raw field in order, each once, with "<>". Broken ones are left out. Linear."""
    found: dict[str, None] = {}
    for match in _ID.finditer((raw or b"")[:MAX_FIELD]):
        octets = b"".join(match[1].split())
        if len(octets) <= MAX_ID and _VISIBLE.match(octets):
            found.setdefault(f"<{octets.decode('ascii')}>")
    return tuple(found)


def thread_of(original: Original) -> Thread:
    """For a reply to `original`. Of a long thread its first message and the last ones are named, 60 in all."""
    before = original.references or (original.in_reply_to if len(original.in_reply_to) == 1 else ())
    answered = original.message_id
    chain = tuple(one for one in before if one != answered) + ((answered,) if answered else ())
    if len(chain) > MAX_REFERENCES:
        chain = (chain[0], *chain[1 - MAX_REFERENCES :])
    return Thread(answered, chain)
