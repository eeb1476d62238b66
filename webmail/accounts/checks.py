"""What `manage.py check` says about our own settings."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from webmail.domains.registry import rows
from webmail.imap.server import Server


@register("ekorn")
def mail_server(**_: Any) -> list[CheckMessage]:
    if not settings.IMAP_URL:
        return (
            []
            if rows()
            else [
                checks.Warning(
                    "IMAP_URL is not set, so nobody can sign in.",
                    hint="For example IMAP_URL=imaps://mail.example.org",
                    id="ekorn.W001",
                )
            ]
        )
    try:
        Server.parse(settings.IMAP_URL)
    except ValueError as error:
        return [Error(f"IMAP_URL can't be used: {error}", id="ekorn.E001")]
    return []


@register("ekorn")
def credential_keys(**_: Any) -> list[CheckMessage]:
    for key in settings.CREDENTIAL_KEYS:
        key_id, _, half = key.partition(":")
        try:
            usable = bool(key_id) and "." not in key_id and len(base64.b64decode(half, validate=True)) >= 32
        except (binascii.Error, ValueError):
            usable = False
        if not usable:
            return [
                Error(
                    "CREDENTIAL_KEYS holds an entry that is not id:base64 of at least 32 bytes.",
                    hint="python3 -c 'import base64, os; print(\"k1:\" + base64.b64encode(os.urandom(32)).decode())'",
                    id="ekorn.E002",
                )
            ]
    return []


@register(Tags.security, deploy=True)
def unsafe(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not settings.HTTPS:
        found.append(
            checks.Warning(
                "HTTPS is off: cookies and passwords would travel in clear.", hint="HTTPS=on", id="ekorn.W002"
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(checks.Warning("ALLOWED_HOSTS lets any host name in.", id="ekorn.W003"))
    if not settings.MAIL_TLS_VERIFY:
        found.append(
            checks.Warning("MAIL_TLS_VERIFY is off: anybody on the way can read passwords.", id="ekorn.W004")
        )
    url = urlsplit(settings.IMAP_URL)
    if url.scheme == "imap" and not is_loopback(url.hostname or ""):
        found.append(checks.Warning(f"IMAP_URL sends passwords to {url.hostname} in clear.", id="ekorn.W005"))
    return found


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
