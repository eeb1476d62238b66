"""Which domain serves whom. The rows are kept in the process, so that no page asks the database for them; what changes
in another process is known DOMAIN_SECONDS later."""

from __future__ import annotations

import logging
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Final, Protocol

from django.conf import settings
from django.db import DatabaseError
from django.dispatch import Signal

from webmail.imap.server import Server

from .domain import Brand, Domain, of_nobody, of_settings
from .models import MailDomain
from .validators import canonical_name, hosts_of, lines

log = logging.getLogger(__name__)
# Sent with `servers`, a frozenset: the IMAP servers that are asked from now on. Whatever is open to others ends.
servers_changed = Signal()
_PLACES: Final = re.compile(r"%\((local|domain)\)s")
_ROLES: Final = ("sent", "drafts", "trash", "junk", "archive")


class Named(Protocol):
    username: str


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in: `username` is ours (`Person.username`), `login` the mail server's."""

    domain: Domain
    username: str
    login: str


@dataclass(frozen=True, slots=True)
class _Known:
    rows: tuple[Domain, ...]
    read_at: float
    by_name: dict[str, Domain] = field(init=False)
    by_host: dict[str, Domain] = field(init=False)
    default: Domain | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {row.name: row for row in self.rows})
        object.__setattr__(self, "by_host", {host: row for row in self.rows for host in row.hosts})
        object.__setattr__(self, "default", next((row for row in self.rows if row.default), None))


_lock = threading.Lock()
_known: _Known | None = None
_changes = 0
_asked: frozenset[Server] | None = None


def domain_of(who: str | Named) -> Domain:
    """The domain that serves a person, or a sign-in name that is a whole address."""
    known = _current()
    if not known.rows:
        return of_settings()
    _, at, name = (who if isinstance(who, str) else who.username).rpartition("@")
    found = known.by_name.get(canonical_name(name)) if at else None
    return found or known.default or of_nobody()


def domain_at(host: str) -> Domain:
    """The domain whose sign-in page this is: `host` as in the request, with or without a port."""
    known = _current()
    if not known.rows:
        return of_settings()
    return known.by_host.get(_host_name(host)) or known.default or of_nobody()


def account_of(typed: str, *, host: str = "") -> Account:
    """What somebody typed into the sign-in page at `host`."""
    if not _current().rows:
        return Account(of_settings(), typed, typed)
    local, at, name = typed.rpartition("@")
    domain = domain_of(typed) if at else domain_at(host)
    local, name = (local, canonical_name(name)) if at else (typed, domain.name)
    address = f"{local}@{name}" if name else typed
    return Account(domain, address, _login(domain, address, local=local, name=name))


def domains() -> tuple[Domain, ...]:
    """All that serve somebody: those of the rows, or that of the settings."""
    return _current().rows or (of_settings(),)


def rows() -> tuple[Domain, ...]:
    """Those of the rows alone; none where there is no database yet."""
    try:
        return _current().rows
    except DatabaseError:
        return ()


def forget() -> None:
    """The rows changed: they are read again by whoever asks next."""
    global _known, _changes
    _changes += 1
    _known = None


def hold(rows: tuple[Domain, ...]) -> None:
    """These, until the rows change."""
    global _known
    _known = _Known(rows, time.monotonic())


def keep_fresh() -> None:
    """After a page was served, so that nobody waits for it: reads the rows where they may have changed elsewhere."""
    known = _known
    if known is None or time.monotonic() - known.read_at < settings.DOMAIN_SECONDS:
        return
    if _lock.acquire(blocking=False):
        try:
            _read()
        except DatabaseError:
            log.warning("The mail domains can't be read just now.")
        finally:
            _lock.release()


def _current() -> _Known:
    known = _known
    # Twice as long: where pages are served `keep_fresh` comes first.
    if known is not None and time.monotonic() - known.read_at < 2 * settings.DOMAIN_SECONDS:
        return known
    with _lock:
        if _known is not None and _known is not known:
            return _known
        try:
            return _read()
        except DatabaseError:
            if known is None:
                raise
            return known


def _read() -> _Known:
    global _known, _asked
    changes = _changes
    rows = tuple(of_row(row) for row in MailDomain.objects.defer("logo"))
    found = _Known(rows, time.monotonic())
    # What changed meanwhile may not be in it.
    _known = found if changes == _changes else None
    asked = frozenset(server for row in rows or (of_settings(),) if (server := _server(row)) is not None)
    former, _asked = _asked, asked
    if former is not None and former - asked:
        servers_changed.send(sender=MailDomain, servers=asked)
    return found


def _server(domain: Domain) -> Server | None:
    try:
        return domain.imap_server()
    except ValueError:
        return None


def _login(domain: Domain, address: str, *, local: str, name: str) -> str:
    match domain.login:
        case "full":
            return address
        case "local":
            return local
        case template:
            parts = {"local": local, "domain": name}
            return _PLACES.sub(lambda place: parts[place[1]], template)


def _host_name(host: str) -> str:
    """Without the port, in lower case."""
    name = host.strip().lower()
    return name.rpartition(":")[0] if re.search(r":\d+$", name) else name


def of_row(row: MailDomain) -> Domain:
    """Saved or not."""
    everybody = of_settings()
    return Domain(
        key=row.pk or 0,
        default=row.is_default,
        name=row.name,
        hosts=hosts_of(row.hosts),
        imap_url=row.imap_url,
        smtp_url=row.smtp_url,
        sieve_url=row.sieve_url,
        ca_file=row.ca_file or everybody.ca_file,
        ca_pem=row.ca_pem,
        verify=row.verify,
        login=row.login_template if row.login == MailDomain.Login.TEMPLATE else row.login,
        listed_only=row.provisioning == MailDomain.Provisioning.LISTED,
        attachment_limit=row.attachment_limit or everybody.attachment_limit,
        recipients=row.recipients or everybody.recipients,
        messages_per_hour=row.messages_per_hour or everybody.messages_per_hour,
        connections=row.connections or everybody.connections,
        streams=row.streams or everybody.streams,
        threads=row.threads or everybody.threads,
        sender_policy=row.sender_policy,
        sender_addresses=lines(row.sender_addresses),
        trusted_hosts=lines(row.trusted_hosts),
        folders={role: name for role in _ROLES if (name := getattr(row, f"folder_{role}"))},
        brand=Brand(
            key=row.pk or 0,
            version=f"{row.changed.timestamp():.3f}" if row.changed else "",
            name=row.title,
            has_logo=bool(row.logo_type),
            colour=row.colour.lower(),
            help_url=row.help_url,
            notice=row.notice,
        ),
    )
