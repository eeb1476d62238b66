"""What a person just did with a message, remembered with the sign-in: the message itself is marked only once the answer
has gone out, and not every server keeps such marks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest

from webmail.accounts.models import Person
from webmail.outbox.listing import phase

KEY = "marks"
MOST = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """`value` is "" where nothing was done, or it was taken back or refused. `pending`: it has not gone out yet."""

    value: str = ""
    pending: bool = False


def remember(
    request: HttpRequest,
    what: str,
    folder: str,
    uid_validity: int,
    uid: int,
    value: str,
    sent: int | None = None,
) -> None:
    """`sent` is the entry of the outbox that carries it."""
    marks: dict[str, list[str | int | None]] = dict(request.session.get(KEY, {}))
    name = _name(what, folder, uid_validity, uid)
    marks.pop(name, None)
    marks[name] = [value, sent]
    request.session[KEY] = dict(list(marks.items())[-MOST:])


def remembered(request: HttpRequest, what: str, folder: str, uid_validity: int, uid: int) -> Mark:
    """One query where the outbox has it, none else."""
    value, sent = request.session.get(KEY, {}).get(_name(what, folder, uid_validity, uid), ("", None))
    if sent is None or not isinstance(request.user, Person):
        return Mark(value)
    match phase(person=request.user, pk=sent):
        case "refused" | "unknown" | "cancelled":
            return Mark()
        case "" | "sent" | "partly":
            return Mark(value)
    return Mark(value, pending=True)


def _name(what: str, folder: str, uid_validity: int, uid: int) -> str:
    digest = hashlib.blake2s(folder.encode("utf_8", "replace"), digest_size=8).hexdigest()
    return f"{what} {digest} {uid_validity} {uid}"
