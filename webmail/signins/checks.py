"""What `manage.py check` says about the settings of signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from .address import networks


@register("ekorn")
def trusted_proxies(**_: Any) -> list[CheckMessage]:
    try:
        networks(tuple(settings.TRUSTED_PROXIES))
    except ValueError as error:
        return [
            Error(
                f"TRUSTED_PROXIES can't be used: {error}.",
                hint="TRUSTED_PROXIES=127.0.0.1,10.0.0.0/24",
                id="ekorn.E030",
            )
        ]
    return []


@register("ekorn")
def sign_in_log(**_: Any) -> list[CheckMessage]:
    if settings.SIGN_IN_LOG_DAYS < 1:
        return [Error("SIGN_IN_LOG_DAYS must be 1 or more.", id="ekorn.E031")]
    return []
