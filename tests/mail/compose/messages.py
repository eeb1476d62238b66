"""Messages to write in tests, and what Python and we read of them again."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from webmail.mail.address import Mailbox
from webmail.mail.compose import File, Message, write

OSLO = timezone(timedelta(hours=1))
ANN = Mailbox("Ann Berg", "ann@example.org")
BOB = Mailbox("Bob", "bob@example.net")

words = st.text(max_size=120)
"""Anything but lone surrogates, which no form can send."""
locals_ = st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z0-9]{1,10}){0,2}", fullmatch=True)
domains = st.from_regex(r"([a-z0-9]{1,10}\.){1,3}(example|org|no)", fullmatch=True)
addresses = st.builds("{}@{}".format, locals_, domains)
mailboxes = st.builds(Mailbox, words, addresses)


def file(name: str, octets: bytes, type_: str = "application/octet-stream", content_id: str = "") -> File:
    return File(name, type_, len(octets), lambda: io.BytesIO(octets), content_id)


def message(**fields: Any) -> Message:
    given = {
        "from_": ANN,
        "date": datetime(2026, 11, 25, 12, 30, tzinfo=OSLO),
        "message_id": "<1@example.org>",
    }
    return Message(**{**given, **fields})


def octets(written: Message) -> bytes:
    target = io.BytesIO()
    result = write(written, target)
    assert result.size == len(target.getvalue())
    return target.getvalue()
