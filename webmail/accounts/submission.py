"""A domain's submission server: how it is reached, as whom, and what it takes."""

from __future__ import annotations

import json
from typing import Final

from django.conf import settings

from webmail.domains.domain import Domain
from webmail.imap.holder import Holder
from webmail.smtp import server as smtp
from webmail.smtp.errors import SmtpError
from webmail.smtp.offer import Offer
from webmail.smtp.probe import probe

from .connections import waiting_for
from .errors import MailServerError
from .remembering import remember, remembered

KNOWN_SECONDS: Final = 600
UNREACHED_SECONDS: Final = 30
# Somebody waits for a page meanwhile.
BRIEF: Final = smtp.Timeouts(connect=3, tls=3, read=3, total=6)


def submission_timeouts() -> smtp.Timeouts:
    return smtp.Timeouts(read=settings.SMTP_TIMEOUT, total=3 * settings.SMTP_TIMEOUT)


def shared_credentials(domain: Domain) -> smtp.Password | None:
    """The administrator's account for everybody's mail; None where there is none, and for the server of a row."""
    if not settings.SMTP_RELAY_USER or not domain.shared_account:
        return None
    return smtp.Password(settings.SMTP_RELAY_USER, settings.SMTP_RELAY_PASSWORD)


def signs_in(domain: Domain) -> bool:
    """False where mail is handed in without anybody signing in."""
    return bool(settings.SMTP_SIGN_IN or not domain.shared_account)


def needs_own_credentials(domain: Domain) -> bool:
    """Mail is handed in as whoever wrote it."""
    return signs_in(domain) and shared_credentials(domain) is None


def submission_credentials(domain: Domain, holder: Holder | None) -> smtp.Credentials | None:
    """The administrator's account where one is set, else the person's own; None where nobody signs in. A holder is
    only needed where `needs_own_credentials` says so."""
    if not signs_in(domain):
        return None
    if shared := shared_credentials(domain):
        return shared
    if holder is None:
        raise ValueError("Mail is handed in as the person, who is not here.")
    return holder.credentials


def submission_offer(domain: Domain) -> Offer:
    """Extensions and size limit of the server, as it told them lately; nothing where it can't be asked now."""
    key = f"submission:offer:{domain.key}:{domain.smtp_url}"
    told = remembered(key)
    if told is None:
        try:
            server = domain.smtp_server()
            with waiting_for(server, domain.threads):
                offer, seconds = probe(server, BRIEF), KNOWN_SECONDS
        except MailServerError:
            return Offer()
        except (SmtpError, ValueError):
            offer, seconds = Offer(), UNREACHED_SECONDS
        told = json.dumps([sorted(offer.extensions), offer.size_limit])
        remember(key, told, seconds)
    extensions, limit = json.loads(told)
    return Offer(frozenset(extensions), size_limit=limit)


def size_limit(domain: Domain) -> int | None:
    """Octets that the server takes in one message; None where it names no limit or can't be asked now."""
    return submission_offer(domain).size_limit
