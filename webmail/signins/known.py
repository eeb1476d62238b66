"""Known devices: a browser in which a person once signed in shows it by a cookie.

The cookie holds a number of the browser, and of each account a code made of that number and the account under the
server's key. It opens nothing: it only says by which count a wrong password is counted (`webmail.signins.limits`).
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from .models import Kind
from .names import folded

_CHANGE: Final = "ekorn.known_device"
# Of one browser; the oldest is forgotten.
_MOST: Final = 5
_SECONDS: Final = 400 * 24 * 3600
_SHAPE: Final = re.compile(rf"[0-9a-f]{{16}}(?:\.[0-9a-f]{{32}}){{1,{_MOST}}}")


def number(request: HttpRequest, kind: Kind, account: str) -> str:
    """That of the browser, where the account was signed in to in it; else ""."""
    browser, codes = _read(request)
    code = _code(browser, kind, account)
    return browser if any(hmac.compare_digest(code, one) for one in codes) else ""


def remember(request: HttpRequest, kind: Kind, account: str) -> None:
    """The response of this request says so to the browser."""
    browser, codes = _read(request)
    browser = browser or secrets.token_hex(8)
    code = _code(browser, kind, account)
    request.META[_CHANGE] = ".".join((browser, code, *[one for one in codes if one != code][: _MOST - 1]))


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    value = request.META.get(_CHANGE)
    if value:
        response.set_cookie(
            settings.KNOWN_DEVICE_COOKIE_NAME,
            value,
            max_age=_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    value = request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, "")
    if not _SHAPE.fullmatch(value):
        return "", []
    browser, *codes = value.split(".")
    return browser, codes


def _code(browser: str, kind: Kind, account: str) -> str:
    made = salted_hmac("ekorn.signins.device", f"{browser}\0{kind}\0{folded(account)}", algorithm="sha256")
    return made.hexdigest()[:32]
