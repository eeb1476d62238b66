"""What a draft carries that no header field of mail says, in fields of our own: signed, since anybody can put any
header into mail that ends up in a drafts folder, and never in mail that is sent."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any, Final

from django.core import signing

from webmail.accounts.models import Person
from webmail.mail.header_block import Headers

from .composition import Composition, Origin

FIELD: Final = "X-Ekorn-Draft"
TYPED: Final = ("to", "cc", "bcc", "reply_to")
LONGEST_SUBJECT: Final = 2000
_MOST_FIELDS: Final = 300
# Octets of a field, and of each of its lines.
_PIECE, _LINE = 7000, 70


def written(person: Person, composition: Composition) -> tuple[tuple[str, str], ...]:
    """The fields of a draft."""
    state: dict[str, Any] = {
        "identity": composition.identity,
        "rich": composition.rich,
        "delivery_notice": composition.delivery_notice,
        "origins": [asdict(origin) for origin in composition.origins],
        "said": said(composition),
    }
    state |= {name: getattr(composition, name) for name in TYPED}
    if len(composition.subject) > LONGEST_SUBJECT:
        state["subject"] = composition.subject
    text = signing.dumps(state, salt=_salt(person, composition.message_id), compress=True)
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return tuple(
        (FIELD, " ".join(piece[at : at + _LINE] for at in range(0, len(piece), _LINE))) for piece in pieces
    )


def read(person: Person, message_id: str, headers: Headers) -> dict[str, Any]:
    """The fields of a Composition that were put away, and what it `said`; nothing where there is nothing, or it is
    not ours."""
    pieces = [value for name, value in headers if name.lower() == FIELD.lower()]
    text = b"".join(b"".join(piece.split()) for piece in pieces[:_MOST_FIELDS]).decode("ascii", "replace")
    try:
        state: dict[str, Any] = signing.loads(text, salt=_salt(person, message_id))
    except signing.BadSignature:
        return {}
    return state | {"origins": tuple(Origin(**origin) for origin in state["origins"])}


def said(composition: Composition) -> str:
    """The same for two drafts that say the same, to tell a second click from another tab."""
    files = [(file.filename, file.size) for file in composition.attachments]
    body = composition.html if composition.rich else composition.text
    typed = [getattr(composition, name) for name in TYPED]
    return hashlib.sha256(
        repr((typed, composition.subject, body, files)).encode("utf_8", "replace")
    ).hexdigest()


def _salt(person: Person, message_id: str) -> str:
    return f"ekorn draft 1:{person.pk}:{message_id}"
