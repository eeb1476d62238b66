"""What `manage.py check --deploy` finds unsafe in our settings, each by name. Django's own checks look after DEBUG, the
length of SECRET_KEY, HSTS and the redirect to HTTPS."""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from .checks import is_loopback

DAY: Final = 24 * 3600
_OTHERS: Final = stat.S_IROTH | stat.S_IWOTH
_FORMATS: Final = ("line", "json")
AT_LEAST_ONE: Final = (
    "IMAP_CONNECTIONS_PER_PERSON",
    "IMAP_CONNECTIONS",
    "MAIL_SERVER_THREADS",
    "IMAP_TIMEOUT",
    "SMTP_TIMEOUT",
    "OUTBOX_LEASE_SECONDS",
    "SESSION_COOKIE_AGE",
    "ADMIN_SESSION_SECONDS",
    "SLOW_REQUEST_SECONDS",
    "SLOW_IMAP_SECONDS",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`unsafe` says whether the settings are so."""

    id: str
    unsafe: Callable[[], bool]
    words: str
    hint: str


def _clear(url: str, scheme: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == scheme and not is_loopback(parts.hostname or "")


def _sqlite() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


def _cache(kind: str) -> bool:
    return kind in str(settings.CACHES["default"]["BACKEND"]).lower()


def _cache_elsewhere() -> bool:
    """A cache on another host: then there is more than one."""
    places = settings.CACHES["default"].get("LOCATION", "")
    hosts = [urlsplit(str(place)).hostname for place in ([places] if isinstance(places, str) else places)]
    return _cache("redis") and any(host and not is_loopback(host) for host in hosts)


def _open_networks() -> bool:
    """Of an IPv6 network the first 32 bits are one provider's, of IPv4 the first 8."""
    return any(network.prefixlen < (8 if network.version == 4 else 32) for network in _networks())


def _networks() -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for entry in settings.METRICS_ALLOWED:
        try:
            yield ipaddress.ip_network(entry, strict=False)
        except ValueError:
            continue  # An error by itself, below.


def _heard_by_all() -> bool:
    """Where gunicorn listens (deploy/gunicorn.py), as far as the environment tells."""
    host = os.environ.get("BIND", "").rpartition(":")[0].strip("[]")
    return bool(host) and not host.startswith(("unix", "fd")) and not is_loopback(host)


RULES: Final = (
    Rule(
        "ekorn.W020",
        lambda: not settings.CREDENTIAL_KEYS,
        "CREDENTIAL_KEYS is not set: passwords are sealed with a key made of SECRET_KEY, which can't be changed apart.",
        "`manage.py rotatekey` makes one.",
    ),
    Rule(
        "ekorn.W021",
        lambda: settings.BEHIND_PROXY and not settings.TRUSTED_PROXIES and _heard_by_all(),
        "BEHIND_PROXY is on and TRUSTED_PROXIES empty, while BIND lets others reach the program past the proxy: they "
        "can make up addresses and HTTPS.",
        "TRUSTED_PROXIES=192.0.2.1 (the address of the proxy), or BIND=127.0.0.1:8000",
    ),
    Rule(
        "ekorn.W022",
        lambda: not settings.SMTP_SIGN_IN and _clear(settings.SMTP_URL, "smtp"),
        "SMTP_URL sends mail to another host in clear.",
        "SMTP_URL=smtp+starttls://… or smtps://…",
    ),
    Rule(
        "ekorn.W023",
        lambda: _clear(settings.SIEVE_URL, "sieve"),
        "SIEVE_URL sends passwords to another host in clear.",
        "SIEVE_URL=sieve+starttls://… or sieves://…",
    ),
    Rule(
        "ekorn.W024",
        lambda: not settings.SMTP_SIGN_IN,
        "SMTP_SIGN_IN is off: the mail server can't tell who sends, and whoever reaches it can send as well.",
        "SMTP_SIGN_IN=on, or a server that takes mail from this machine alone.",
    ),
    Rule(
        "ekorn.W025",
        lambda: _cache("locmem") and not _sqlite(),
        "CACHE_URL is the memory of one process, while DATABASE_URL is for several: what must hold for all of them, "
        "such as the count of wrong passwords, would hold for each.",
        "CACHE_URL=rediscache://127.0.0.1:6379/0",
    ),
    Rule(
        "ekorn.W026",
        lambda: _cache("dummy"),
        "CACHE_URL keeps nothing: wrong passwords are not counted.",
        "CACHE_URL=locmemcache:// for one process, rediscache://… for several",
    ),
    Rule(
        "ekorn.W027",
        lambda: _sqlite() and _cache_elsewhere(),
        "DATABASE_URL is SQLite, which is for one machine, while CACHE_URL is on another: several machines would know "
        "different people.",
        "DATABASE_URL=postgres://…",
    ),
    Rule(
        "ekorn.W028",
        lambda: settings.OUTBOX_WORKER == "inside" and not _sqlite() and _cache_elsewhere(),
        "OUTBOX_WORKER is inside, while there are several machines: each would look for files that only another has.",
        "OUTBOX_WORKER=separate on the machine with OUTBOX_DIR, or an OUTBOX_DIR and UPLOAD_DIR that all share.",
    ),
    Rule(
        "ekorn.W030",
        lambda: bool(settings.METRICS_TOKEN) and len(settings.METRICS_TOKEN) < 20,
        "METRICS_TOKEN is short enough to be guessed.",
        "python3 -c 'import secrets; print(secrets.token_urlsafe(30))'",
    ),
    Rule(
        "ekorn.W031",
        _open_networks,
        "METRICS_ALLOWED lets nearly anybody read /metrics.",
        "METRICS_ALLOWED=127.0.0.1 (and the network of the one that collects them)",
    ),
    Rule(
        "ekorn.W032",
        lambda: settings.ADMIN and not settings.ADMIN_SECOND_FACTOR,
        "ADMIN_SECOND_FACTOR is off: an administrator's password alone opens the service.",
        "ADMIN_SECOND_FACTOR=on",
    ),
    Rule(
        "ekorn.W033",
        lambda: settings.SENDER_POLICY == "any",
        "SENDER_POLICY is any: people may write as anybody whom the mail server does not refuse.",
        "SENDER_POLICY=domain, account or listed",
    ),
    Rule(
        "ekorn.W034",
        lambda: any(not origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS),
        "CSRF_TRUSTED_ORIGINS trusts a site without HTTPS: whoever is on the way to it can press buttons here.",
        "CSRF_TRUSTED_ORIGINS=https://…",
    ),
    Rule(
        "ekorn.W035",
        lambda: settings.SESSION_COOKIE_AGE > 90 * DAY,
        "SESSION_SECONDS keeps people signed in for more than 90 days on a device that they may have lost.",
        "SESSION_SECONDS=1209600 (two weeks)",
    ),
    Rule(
        "ekorn.W036",
        lambda: settings.ADMIN and settings.ADMIN_SESSION_SECONDS > DAY,
        "ADMIN_SESSION_SECONDS keeps administrators signed in for more than a day.",
        "ADMIN_SESSION_SECONDS=3600",
    ),
    Rule(
        "ekorn.W037",
        lambda: str(settings.LOGGING["root"]["level"]).upper() == "DEBUG",
        "LOG_LEVEL is DEBUG: libraries write down more than the log should know.",
        "LOG_LEVEL=INFO",
    ),
    Rule(
        "ekorn.W038",
        lambda: (
            bool(getattr(settings, "EMAIL_HOST_PASSWORD", ""))
            and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
            and not is_loopback(settings.EMAIL_HOST)
        ),
        "EMAIL_URL sends its password to another host in clear.",
        "EMAIL_URL=smtp+tls://user:password@host:587",
    ),
)


@register(Tags.security, deploy=True)
def unsafe_settings(**_: Any) -> list[CheckMessage]:
    return [checks.Warning(rule.words, hint=rule.hint, id=rule.id) for rule in RULES if rule.unsafe()]


@register(Tags.security, deploy=True)
def places(**_: Any) -> list[CheckMessage]:
    """Sealed as it is: who may read it has half of what opens it, and who may write it can end the service."""
    named = {name: Path(getattr(settings, name)) for name in ("VAR_DIR", "UPLOAD_DIR", "OUTBOX_DIR")}
    named |= {".env": settings.BASE_DIR / ".env", "secret-key": named["VAR_DIR"] / "secret-key"}
    if _sqlite():
        named["DATABASE_URL"] = Path(str(settings.DATABASES["default"]["NAME"]))
    return [
        checks.Warning(
            f"{name}: others may read or change {place}.", hint=f"chmod o= {place}", id="ekorn.W029"
        )
        for name, place in named.items()
        if _open_to_others(place)
    ]


def _open_to_others(place: Path) -> bool:
    """What stands in a directory that others can't enter is not open to them."""
    try:
        if not place.stat().st_mode & _OTHERS:
            return False
    except OSError:
        return False
    return all(_enters(above) for above in place.resolve().parents)


def _enters(directory: Path) -> bool:
    return bool(directory.stat().st_mode & stat.S_IXOTH)


@register("ekorn")
def limits(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{_said(name)} must be more than 0.", id="ekorn.E020")
        for name in AT_LEAST_ONE
        if getattr(settings, name) <= 0
    ]


@register("ekorn")
def watching(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if len(list(_networks())) < len(settings.METRICS_ALLOWED):
        found.append(
            Error(
                "METRICS_ALLOWED holds what is neither an address nor a network.",
                hint="METRICS_ALLOWED=127.0.0.1,10.0.0.0/24",
                id="ekorn.E021",
            )
        )
    if settings.LOG_FORMAT not in _FORMATS:
        found.append(Error("LOG_FORMAT is neither line nor json.", id="ekorn.E022"))
    return found


def _said(name: str) -> str:
    return {"SESSION_COOKIE_AGE": "SESSION_SECONDS"}.get(name, name)
