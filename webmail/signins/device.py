"""A device in words a person knows: browser and system, from the User-Agent. Without versions: they change."""

from __future__ import annotations

from typing import Final

from .models import LONGEST_DEVICE

_LONGEST_AGENT: Final = 512
# The first word that is found counts: most browsers also name those they want to be taken for.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("YaBrowser", "Yandex"),
    ("DuckDuckGo", "DuckDuckGo"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Epiphany", "Epiphany"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Trident", "Internet Explorer"),
    ("Lynx", "Lynx"),
    ("w3m", "w3m"),
    ("Links", "Links"),
    ("curl", "curl"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
    ("Linux", "Linux"),
    ("X11", "Linux"),
)


def words(user_agent: str) -> str:
    """ "Firefox, Linux"; only one of them where the other is unknown, "" where both are."""
    agent = user_agent[:_LONGEST_AGENT]
    found = (next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, found))[:LONGEST_DEVICE]
