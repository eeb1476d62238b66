"""What `manage.py check` says about the settings for sending."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from webmail.domains.domain import of_settings
from webmail.domains.registry import rows
from webmail.mail.compose.wire_address import ascii_domain

from .checks import is_loopback
from .senders import POLICIES, is_address, listed

WORKERS = ("inside", "separate")
AT_LEAST_ONE = ("ATTACHMENT_LIMIT", "RECIPIENTS_PER_MESSAGE", "MESSAGES_PER_HOUR")
_AUTHSERV_ID = re.compile(r"[^\s;()<>\"]+")


@register("ekorn")
def submission(**_: Any) -> list[CheckMessage]:
    if not settings.SMTP_URL:
        return (
            []
            if rows()
            else [
                checks.Warning(
                    "SMTP_URL is not set, so nobody can send mail.",
                    hint="For example SMTP_URL=smtps://mail.example.org",
                    id="ekorn.W011",
                )
            ]
        )
    try:
        server = of_settings().smtp_server()
    except ValueError as error:
        return [Error(f"SMTP_URL can't be used: {error}", id="ekorn.E018")]
    found: list[CheckMessage] = []
    if server.tls == "none" and settings.SMTP_SIGN_IN and not is_loopback(server.host):
        found.append(
            checks.Warning(
                f"SMTP_URL is without TLS, and no password is sent to {server.host} in clear: nobody can send.",
                hint=f"SMTP_URL=smtp+starttls://{server.host} or smtps://{server.host}",
                id="ekorn.W012",
            )
        )
    if settings.SMTP_RELAY_USER and not settings.SMTP_RELAY_PASSWORD:
        found.append(Error("SMTP_RELAY_USER is set, but SMTP_RELAY_PASSWORD is not.", id="ekorn.E019"))
    return found


@register("ekorn")
def senders(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.MAIL_DOMAIN and ascii_domain(settings.MAIL_DOMAIN) is None:
        found.append(
            Error("MAIL_DOMAIN is not a domain name.", hint="MAIL_DOMAIN=example.org", id="ekorn.E010")
        )
    if settings.SENDER_POLICY not in POLICIES:
        found.append(
            Error(
                f"SENDER_POLICY is {settings.SENDER_POLICY!r}, which is none of {', '.join(POLICIES)}.",
                hint='Until it is one of them, people can write only as "account" says.',
                id="ekorn.E011",
            )
        )
    found += [
        Error(
            f"SENDER_ADDRESSES holds {entry!r}, which is no address.",
            hint="SENDER_ADDRESSES=kari@example.org:sales@example.org,@shared.example.org",
            id="ekorn.E012",
        )
        for entry in settings.SENDER_ADDRESSES
        if not _is_entry(entry)
    ]
    if settings.SENDER_ADDRESSES and settings.SENDER_POLICY != "listed":
        found.append(
            checks.Warning(
                "SENDER_ADDRESSES is set, but counts only with SENDER_POLICY=listed.", id="ekorn.W010"
            )
        )
    return found


@register("ekorn")
def limits(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{name} must be 1 or more, or nothing can be sent.", id="ekorn.E013")
        for name in AT_LEAST_ONE
        if getattr(settings, name) < 1
    ]


@register("ekorn")
def trusted_hosts(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"TRUSTED_AUTH_HOSTS holds {host!r}, which no mail server calls itself.",
            hint="The first word of the Authentication-Results that your own server writes.",
            id="ekorn.E014",
        )
        for host in settings.TRUSTED_AUTH_HOSTS
        if not _AUTHSERV_ID.fullmatch(host)
    ]


@register("ekorn")
def outbox(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.OUTBOX_WORKER not in WORKERS:
        found.append(
            Error(
                f"OUTBOX_WORKER is {settings.OUTBOX_WORKER!r}, which is neither inside nor separate.",
                id="ekorn.E015",
            )
        )
    for name in ("UPLOAD_DIR", "OUTBOX_DIR"):
        place = Path(getattr(settings, name))
        if not place.is_absolute():
            found.append(Error(f"{name} must be a whole path, from / on.", id="ekorn.E016"))
        elif not _can_be_written(place):
            found.append(Error(f"{name}: {place} can't be written to.", id="ekorn.E017"))
    return found


def _is_entry(entry: str) -> bool:
    account, sender = listed(entry)
    if ":" in entry and not account:
        return False
    return is_address(sender) or (sender.startswith("@") and ascii_domain(sender[1:]) is not None)


def _can_be_written(place: Path) -> bool:
    """A directory that is there and ours, or one that we can make."""
    while not place.exists():
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
