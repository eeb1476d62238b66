"""Codes of an authenticator app: RFC 6238 with what every app knows (SHA-1, six digits, half minutes)."""

from __future__ import annotations

import os
import time
from base64 import b32decode, b32encode
from collections.abc import Iterator
from datetime import timedelta
from hmac import compare_digest
from typing import Final

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from webmail.sealed import Resealed, UnsealError, is_current, key_id_of, seal_for_job, unseal_for_job

from .models import Authenticator

SECRET_OCTETS: Final = 20
DIGITS: Final = 6
STEP_SECONDS: Final = 30
# So long one secret is shown; whoever saw it and went away does not know the one that is confirmed later.
UNCONFIRMED_FOR: Final = timedelta(minutes=15)
# A clock may be so many steps off.
DRIFT: Final = 1


def begin(person: AbstractBaseUser) -> str:
    """A secret for the app, in base32; the same for a while until it is confirmed. "" where one is confirmed."""
    kept = Authenticator.objects.filter(person_id=person.pk).first()
    if kept is not None and kept.confirmed:
        return ""
    try:
        return _secret(kept) if kept and timezone.now() - kept.made < UNCONFIRMED_FOR else _kept(person)
    except UnsealError:
        return _kept(person)


def confirm(person: AbstractBaseUser, code: str) -> bool:
    """A first right code: from now on they are asked for. Call it within `tries.one_try`."""
    kept = Authenticator.objects.filter(person_id=person.pk, confirmed=None).first()
    if kept is None or not _takes(kept, code):
        return False
    return bool(Authenticator.objects.filter(pk=kept.pk).update(confirmed=timezone.now()))


def is_right(person: AbstractBaseUser, code: str) -> bool:
    """Each code is right once. Call it within `tries.one_try`."""
    kept = Authenticator.objects.filter(person_id=person.pk).exclude(confirmed=None).first()
    return kept is not None and _takes(kept, code)


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the picture says: `otpauth://…`, as apps read it."""
    return _app(secret).get_provisioning_uri(account, issuer)


def picture(text: str) -> SafeString:
    """A QR code as an SVG element without styles, dark on transparent."""
    drawn = segno.make(text, micro=False, error="m")
    return mark_safe(drawn.svg_inline(scale=4, border=0, svgclass="qr", lineclass=None, omitsize=True))  # noqa: S308 - squares only


def key_ids() -> Iterator[str]:
    """Of the keys that the secrets are sealed with, one for each."""
    return map(key_id_of, Authenticator.objects.values_list("sealed", flat=True).iterator())


def reseal() -> Resealed:
    """Seals every secret with the newest key. Run it before an older one is taken away: whose secret is lost needs a
    recovery code."""
    changed = lost = 0
    for kept in Authenticator.objects.iterator():
        if is_current(kept.sealed):
            continue
        try:
            sealed = seal_for_job(_secret(kept), owner=_owner(kept.person_id))
        except UnsealError:
            lost += 1
        else:
            changed += Authenticator.objects.filter(pk=kept.pk, sealed=kept.sealed).update(sealed=sealed)
    return Resealed(changed, lost)


def _kept(person: AbstractBaseUser) -> str:
    """A new secret. Of two pages that ask at once the later one's counts."""
    secret = b32encode(os.urandom(SECRET_OCTETS)).decode()
    fresh = {"sealed": seal_for_job(secret, owner=_owner(person.pk)), "made": timezone.now()}
    Authenticator.objects.update_or_create(person_id=person.pk, confirmed=None, defaults=fresh)
    return secret


def _takes(kept: Authenticator, code: str) -> bool:
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return False
    try:
        app = _app(_secret(kept))
    except UnsealError:
        return False
    now = int(time.time()) // STEP_SECONDS
    for step in range(max(now - DRIFT, kept.last_step + 1), now + DRIFT + 1):
        if compare_digest(app.generate(step * STEP_SECONDS), code.encode()):
            newer = Authenticator.objects.filter(pk=kept.pk, last_step__lt=step)
            return bool(newer.update(last_step=step))
    return False


def _app(secret: str) -> TOTP:
    return TOTP(b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - all that every app knows


def _secret(kept: Authenticator) -> str:
    """Raises UnsealError."""
    return unseal_for_job(kept.sealed, owner=_owner(kept.person_id))


def _owner(pk: int) -> str:
    return f"authenticator\0{pk}"
