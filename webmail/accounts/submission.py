"""The submission server of everybody: how it is reached, as whom, and what it takes."""

from __future__ import annotations

import json
from typing import Final

from django.conf import settings
from django.core.cache import cache

from webmail.imap.holder import Holder
from webmail.smtp import server as smtp
from webmail.smtp.errors import SmtpError
from webmail.smtp.offer import Offer
from webmail.smtp.probe import probe

KNOWN_SECONDS: Final = 600
UNREACHED_SECONDS: Final = 30
# Somebody waits for a page meanwhile.
BRIEF: Final = smtp.Timeouts(connect=3, tls=3, read=3, total=6)


def submission_server(url: str | None = None) -> smtp.Server:
    """That of SMTP_URL, unless another is named. Raises ValueError with a plain sentence where it is missing or
    wrong."""
    return smtp.Server.parse(
        settings.SMTP_URL if url is None else url,
        ca_file=settings.MAIL_CA_FILE or None,
        verify=settings.MAIL_TLS_VERIFY,
    )


def submission_timeouts() -> smtp.Timeouts:
    return smtp.Timeouts(read=settings.SMTP_TIMEOUT, total=3 * settings.SMTP_TIMEOUT)


def shared_credentials() -> smtp.Password | None:
    """The administrator's account for everybody's mail; None where there is none."""
    if not settings.SMTP_RELAY_USER:
        return None
    return smtp.Password(settings.SMTP_RELAY_USER, settings.SMTP_RELAY_PASSWORD)


def needs_own_credentials() -> bool:
    """Mail is handed in as whoever wrote it."""
    return bool(settings.SMTP_SIGN_IN and not settings.SMTP_RELAY_USER)


def submission_credentials(holder: Holder | None) -> smtp.Credentials | None:
    """The administrator's account where one is set, else the person's own; None where nobody signs in. A holder is
    only needed where `needs_own_credentials` says so."""
    if not settings.SMTP_SIGN_IN:
        return None
    if shared := shared_credentials():
        return shared
    if holder is None:
        raise ValueError("Mail is handed in as the person, who is not here.")
    return holder.credentials


def submission_offer() -> Offer:
    """Extensions and size limit of the server, as it told them lately; nothing where it can't be asked now."""
    key = f"submission:offer:{settings.SMTP_URL}"
    told = cache.get(key)
    if told is None:
        try:
            offer, seconds = probe(submission_server(), BRIEF), KNOWN_SECONDS
        except (SmtpError, ValueError):
            offer, seconds = Offer(), UNREACHED_SECONDS
        told = json.dumps([sorted(offer.extensions), offer.size_limit])
        cache.set(key, told, seconds)
    extensions, limit = json.loads(told)
    return Offer(frozenset(extensions), size_limit=limit)


def size_limit() -> int | None:
    """Octets that the server takes in one message; None where it names no limit or can't be asked now."""
    return submission_offer().size_limit
