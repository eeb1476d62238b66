"""What a person just did with a message, remembered with the sign-in: a server may keep no keywords, and what is held
back for an undo is marked only once it has gone out."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest

KEY = "marks"
MOST = 200


def remember(request: HttpRequest, what: str, folder: str, uid_validity: int, uid: int, value: str) -> None:
    """`value` "" forgets."""
    marks: dict[str, str] = dict(request.session.get(KEY, {}))
    name = _name(what, folder, uid_validity, uid)
    marks.pop(name, None)
    if value:
        marks[name] = value
    request.session[KEY] = dict(list(marks.items())[-MOST:])


def remembered(request: HttpRequest, what: str, folder: str, uid_validity: int, uid: int) -> str:
    """The value, "" where nothing was done."""
    return str(request.session.get(KEY, {}).get(_name(what, folder, uid_validity, uid), ""))


def _name(what: str, folder: str, uid_validity: int, uid: int) -> str:
    digest = hashlib.blake2s(folder.encode("utf_8", "replace"), digest_size=8).hexdigest()
    return f"{what} {digest} {uid_validity} {uid}"
