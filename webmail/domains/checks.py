"""What `manage.py check --deploy` says about the mail domains in the database."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.http.request import validate_host

from .domain import Domain
from .registry import rows


@register(Tags.security, deploy=True)
def unsafe_domains(**_: Any) -> list[CheckMessage]:
    return [found for row in rows() for found in (*_unsafe(row), *_unreachable(row))]


def _unsafe(domain: Domain) -> Iterator[CheckMessage]:
    if not domain.verify:
        yield checks.Warning(
            f"The mail domain {domain.name} does not verify certificates: anybody on the way can read passwords.",
            id="ekorn.W040",
        )
    url = urlsplit(domain.imap_url)
    if url.scheme == "imap" and not _is_loopback(url.hostname or ""):
        yield checks.Warning(
            f"The mail domain {domain.name} sends passwords to {url.hostname} in clear.", id="ekorn.W041"
        )


def _unreachable(domain: Domain) -> Iterator[CheckMessage]:
    for host in sorted(domain.hosts):
        if not validate_host(host, settings.ALLOWED_HOSTS):
            yield checks.Warning(
                f"The mail domain {domain.name} has its sign-in page at {host}, which is not in ALLOWED_HOSTS.",
                hint=f"ALLOWED_HOSTS={','.join((*settings.ALLOWED_HOSTS, host))}",
                id="ekorn.W042",
            )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
