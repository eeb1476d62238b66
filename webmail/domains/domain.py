"""One mail domain, as the program goes by it: of a row, or of the settings where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from django.conf import settings

from webmail.imap.server import Server as ImapServer
from webmail.sieve.server import Server as SieveServer
from webmail.smtp.server import Server as SmtpServer
from webmail.wire.server import Server

S = TypeVar("S", bound=Server)

POLICIES: Final = ("any", "domain", "listed", "account")


@dataclass(frozen=True, slots=True)
class Brand:
    """What people see of whose mail it is. `version` changes with every change; `colour` is "#rrggbb" or ""."""

    key: int = 0
    version: str = ""
    name: str = ""
    has_logo: bool = False
    colour: str = ""
    help_url: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """`key` is the row's, 0 for the settings. `known` is False where nobody serves the address: there are no servers
    then. `name` is in A-labels; "" where the settings name none.

    `login` is "full", "local" or a template (`accounts.signin` turns an address into what the server is told).
    `attachment_limit` is in octets, for all of a message. `threads` is how many requests may wait for the mail
    server at once. `senders` are as `accounts.senders` says; `folders` maps "sent", "drafts", "trash", "junk" and
    "archive" to names, where they are said. `shared_account`: mail may be handed in as the settings' one account.
    """

    key: int = 0
    known: bool = True
    default: bool = False
    name: str = ""
    hosts: frozenset[str] = frozenset()
    imap_url: str = ""
    smtp_url: str = ""
    sieve_url: str = ""
    ca_file: str = ""
    ca_pem: str = field(default="", repr=False)
    verify: bool = True
    login: str = "full"
    listed_only: bool = False
    attachment_limit: int = 0
    recipients: int = 0
    messages_per_hour: int = 0
    connections: int = 0
    streams: int = 0
    threads: int = 0
    sender_policy: str = "domain"
    sender_addresses: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict, hash=False)
    shared_account: bool = False
    brand: Brand = Brand()

    def imap_server(self) -> ImapServer:
        """Raises ValueError with a plain sentence where the URL is missing or wrong, as the next two do."""
        return self._server(ImapServer, self.imap_url)

    def smtp_server(self) -> SmtpServer:
        return self._server(SmtpServer, self.smtp_url)

    def sieve_server(self) -> SieveServer:
        return self._server(SieveServer, self.sieve_url)

    @property
    def seal(self) -> str:
        """Credentials that were sealed for these servers open with this alone; "" for those of the settings."""
        if not self.known:
            return "nobody"
        return f"{self.key} {self.imap_url} {self.smtp_url}" if self.key else ""

    def _server(self, kind: type[S], url: str) -> S:
        return kind.parse(url, ca_file=self.ca_file or None, ca_pem=self.ca_pem or None, verify=self.verify)


def of_settings() -> Domain:
    """Read anew each time: nothing of it is kept."""
    return Domain(
        name=settings.MAIL_DOMAIN,
        imap_url=settings.IMAP_URL,
        smtp_url=settings.SMTP_URL,
        sieve_url=settings.SIEVE_URL,
        ca_file=settings.MAIL_CA_FILE,
        verify=settings.MAIL_TLS_VERIFY,
        attachment_limit=settings.ATTACHMENT_LIMIT,
        recipients=settings.RECIPIENTS_PER_MESSAGE,
        messages_per_hour=settings.MESSAGES_PER_HOUR,
        connections=settings.IMAP_CONNECTIONS_PER_PERSON,
        streams=settings.LIVE_STREAMS_PER_PERSON,
        threads=settings.MAIL_SERVER_THREADS,
        sender_policy=settings.SENDER_POLICY,
        sender_addresses=tuple(settings.SENDER_ADDRESSES),
        trusted_hosts=tuple(settings.TRUSTED_AUTH_HOSTS),
        shared_account=True,
    )


def of_nobody() -> Domain:
    """Of an address that no row serves: no servers, and the limits of the settings."""
    return replace(
        of_settings(),
        known=False,
        name="",
        imap_url="",
        smtp_url="",
        sieve_url="",
        sender_policy="account",
        sender_addresses=(),
        trusted_hosts=(),
        shared_account=False,
    )
