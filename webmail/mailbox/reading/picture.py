"""Pictures from elsewhere, for people who allowed them: signed so that this is nobody's open proxy."""

from __future__ import annotations

import hashlib

from django.conf import settings

from webmail.accounts.access import Access
from webmail.remote.errors import BusyError, RemoteError, SignatureError, UrlError
from webmail.remote.fetch import Picture, fetch_picture
from webmail.remote.gate import Gate
from webmail.remote.guard import PUBLIC
from webmail.remote.signature import sign, unsign

from ..errors import PartNotFoundError, PictureError

GUARD = PUBLIC
_gate = Gate()


def picture_token(access: Access, url: str) -> str | None:
    """For the address of our proxy; None for what can't be an address of a picture."""
    try:
        return sign(url, key=_key(), person=access.holder.key)
    except UrlError:
        return None


def picture(*, access: Access, token: str) -> Picture:
    """Raises PartNotFoundError for a token that is not this person's, PictureError where there is no picture."""
    if not settings.REMOTE_PICTURES:
        raise PartNotFoundError
    try:
        url = unsign(token, key=_key(), person=access.holder.key)
        with _gate.enter(access.holder.key):
            return fetch_picture(url, guard=GUARD)
    except SignatureError as error:
        raise PartNotFoundError from error
    except BusyError as error:
        raise PictureError(busy=True) from error
    except RemoteError as error:
        raise PictureError(busy=False) from error


def _key() -> bytes:
    return hashlib.sha256(b"ekorn picture proxy 1\0" + settings.SECRET_KEY.encode()).digest()
