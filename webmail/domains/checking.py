"""Do a domain's servers work? Asked without anybody's password, in a bounded time, and said in plain words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from webmail.imap.connection import Connection as ImapConnection
from webmail.imap.errors import UnavailableError
from webmail.sieve.greeting import probe as greeted
from webmail.smtp.connection import Connection as SmtpConnection
from webmail.smtp.server import Timeouts as SmtpTimeouts
from webmail.wire.errors import ConnectError, TlsError, WireError
from webmail.wire.server import Server, Timeouts

from .domain import Domain

Kind = Literal["imap", "submission", "sieve"]
State = Literal["works", "doubtful", "fails", "none"]

PATIENT: Final = Timeouts(connect=5, tls=5, read=5, total=10)
# For a name that the resolver can't make up its mind about.
LONGEST_SECONDS: Final = 20.0
_SOON: Final = timedelta(days=14)
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Certificate:
    """`names` are the hosts that it is for, `until` when it ends."""

    names: tuple[str, ...]
    issuer: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ServerReport:
    """`address` is the server's URL with its port. `tls` is like "TLSv1.3, TLS_AES_256_GCM_SHA384", "" without.
    `problems` keep people from their mail, `doubts` should be known; both are sentences in the language of whoever
    asked. `state` follows from them; "none" where no server is set."""

    kind: Kind
    address: str = ""
    tls: str = ""
    certificate: Certificate | None = None
    capabilities: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        if self.problems:
            return "fails"
        if not self.address:
            return "none"
        return "doubtful" if self.doubts else "works"


@dataclass(frozen=True, slots=True)
class DomainReport:
    imap: ServerReport
    submission: ServerReport
    sieve: ServerReport

    @property
    def servers(self) -> tuple[ServerReport, ...]:
        return self.imap, self.submission, self.sieve

    @property
    def works(self) -> bool:
        return not any(server.problems for server in self.servers)


def check_domain(domain: Domain) -> DomainReport:
    """All three servers at once; `registry.of_row` makes a Domain of a row, saved or not."""
    works: dict[Kind, Callable[[], ServerReport]] = {
        "imap": lambda: _imap(domain),
        "submission": lambda: _submission(domain),
        "sieve": lambda: _sieve(domain),
    }
    found: dict[Kind, ServerReport] = {}
    language = get_language()

    def run(kind: Kind) -> None:
        with override(language):
            found[kind] = works[kind]()

    threads = [threading.Thread(target=run, args=(kind,), name="check", daemon=True) for kind in works]
    for thread in threads:
        thread.start()
    end = timezone.now() + timedelta(seconds=LONGEST_SECONDS)
    for thread in threads:
        thread.join(max(0.0, (end - timezone.now()).total_seconds()))
    late = ServerReport("imap", problems=(_("It took too long to find out."),))
    return DomainReport(**{kind: found.get(kind, replace(late, kind=kind)) for kind in works})


def _imap(domain: Domain) -> ServerReport:
    def ask(server: Server) -> ServerReport:
        connection = ImapConnection.open(domain.imap_server(), timeouts=PATIENT)
        try:
            told = tuple(sorted(connection.capabilities))
            doubts: list[str] = []
            if connection.has("LOGINDISABLED") and not connection.has("AUTH=PLAIN"):
                doubts.append(_("It takes no passwords over this connection: nobody can sign in."))
            if not connection.has("IDLE"):
                doubts.append(
                    _("It does not say that it can tell of new mail (IDLE); some say so after sign-in.")
                )
            transport = connection.transport
            doubts += _listened_to(secure=transport.tls or transport.loopback)
            return _report("imap", server, transport.describe_tls(), transport.certificate(), told, doubts)
        finally:
            connection.logout()

    return _asked(
        "imap", domain.imap_url, domain.imap_server, ask, _("Nobody can sign in: no server is set.")
    )


def _submission(domain: Domain) -> ServerReport:
    def ask(server: Server) -> ServerReport:
        timeouts = SmtpTimeouts(PATIENT.connect, PATIENT.tls, PATIENT.read, PATIENT.total)
        connection = SmtpConnection.open(domain.smtp_server(), timeouts=timeouts)
        try:
            offer = connection.offer
            doubts: list[str] = []
            if not offer.mechanisms:
                doubts.append(
                    _("It offers no way to sign in, so mail is taken from nobody, or from everybody.")
                )
            elif not connection.secure:
                doubts.append(_("No password is sent over a connection without TLS, so nobody can send."))
            told = (*sorted(offer.extensions), *(f"AUTH={name}" for name in sorted(offer.mechanisms)))
            return _report("submission", server, offer.tls, connection.certificate(), told, doubts)
        finally:
            connection.quit()

    return _asked("submission", domain.smtp_url, domain.smtp_server, ask)


def _sieve(domain: Domain) -> ServerReport:
    def ask(server: Server) -> ServerReport:
        told = greeted(domain.sieve_server(), PATIENT)
        doubts = _listened_to(secure=told.secure)
        if not told.mechanisms:
            doubts.append(_("It offers no way to sign in."))
        capabilities = tuple(sorted(told.capabilities)) + tuple(f"sieve:{name}" for name in told.extensions)
        return _report("sieve", server, told.tls, told.certificate, capabilities, doubts)

    return _asked("sieve", domain.sieve_url, domain.sieve_server, ask)


def _listened_to(*, secure: bool) -> list[str]:
    return [] if secure else [_("There is no TLS: whoever listens on the way reads passwords and mail.")]


def _asked(
    kind: Kind,
    url: str,
    server_of: Callable[[], Server],
    ask: Callable[[Server], ServerReport],
    missing: str = "",
) -> ServerReport:
    """With what goes wrong as words."""
    if not url:
        return ServerReport(kind, problems=(missing,) if missing else ())
    try:
        server = server_of()
    except ValueError as error:
        return ServerReport(kind, url, problems=(str(error),))
    try:
        return ask(server)
    except (WireError, ValueError, OSError) as error:
        return ServerReport(kind, str(server), problems=(_fault_words(error),))


def _report(
    kind: Kind,
    server: Server,
    tls: tuple[str, str] | None,
    certificate: bytes | None,
    capabilities: tuple[str, ...],
    doubts: list[str],
) -> ServerReport:
    known = _certificate(certificate) if certificate else None
    if tls is not None and not server.verify:
        doubts.append(_("The certificate was not verified: whoever is on the way can pose as the server."))
    if known is not None and known.until - timezone.now() < _SOON:
        doubts.append(
            _("The certificate ends on {date}.").format(date=date_format(known.until, "DATE_FORMAT"))
        )
    return ServerReport(kind, str(server), ", ".join(tls or ()), known, capabilities, (), tuple(doubts))


def _fault_words(error: Exception) -> str:
    said = str(error)[:_LONGEST]
    match error:
        case TlsError():
            hint = _(
                "If the certificate is from your own authority, put that authority's certificate into the field."
            )
            return _("The secure connection could not be made: {said}").format(said=said) + " " + hint
        case UnavailableError():
            return _("The server is there, but has no room for us now: {said}").format(said=said)
        case ConnectError():
            return _("There is no connection: {said}").format(said=said)
    return _("Something answers, but not as such a server should: {said}").format(said=said)


def _certificate(der: bytes) -> Certificate | None:
    try:
        read = x509.load_der_x509_certificate(der)
        try:
            names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            hosts = (
                *names.get_values_for_type(x509.DNSName),
                *map(str, names.get_values_for_type(x509.IPAddress)),
            )
        except x509.ExtensionNotFound:
            hosts = tuple(
                str(name.value) for name in read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            )
        return Certificate(
            tuple(hosts)[:50], read.issuer.rfc4514_string()[:_LONGEST], read.not_valid_after_utc
        )
    except (ValueError, x509.DuplicateExtension):
        return None
