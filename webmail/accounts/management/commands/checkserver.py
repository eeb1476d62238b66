"""`manage.py checkserver`: connects to the mail servers as the program would, and says plainly what it found."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from webmail.accounts.connections import timeouts
from webmail.accounts.management.submission_report import report
from webmail.accounts.submission import shared_credentials, signs_in
from webmail.domains.domain import Domain, of_settings
from webmail.domains.registry import rows
from webmail.imap.connection import Connection
from webmail.imap.errors import AuthenticationError, ConnectError, ImapError, TlsError
from webmail.imap.server import Password, Server
from webmail.smtp import server as smtp

WANTED = {
    "IDLE": "new mail shows at once",
    "LIST-STATUS": "folders and their counts in one command",
    "SPECIAL-USE": "Sent, Drafts and the like are found by themselves",
    "UIDPLUS": "undo is exact",
    "MOVE": "moving is one step",
    "CONDSTORE": "only what changed is fetched",
    "ESEARCH": "searches answer with little",
    "SORT": "sorting by columns",
    "THREAD=REFS": "conversations",
    "PREVIEW": "the first words in the list",
    "QUOTA": "the quota bar",
}


class Command(BaseCommand):
    help = "Connects to the servers of every mail domain (or to IMAP_URL and SMTP_URL) and says what they can do."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "url", nargs="?", help="one other server, such as imaps://mail.example.org or smtps://…"
        )
        parser.add_argument("--user", help="sign in as well; asks for the password (or reads it from a pipe)")

    def handle(self, *_: Any, **options: Any) -> None:
        url, user = options["url"] or "", options["user"]
        password = self._password(user) if user else ""
        failed: list[str] = []
        for domain in (self._named(url),) if url else rows() or (of_settings(),):
            if domain.key:
                self.stdout.write(f"Domain        {domain.name}")
            for wanted, check in (
                (not url.startswith("smtp"), self._check_reading),
                (not url or url.startswith("smtp"), self._check_sending),
            ):
                try:
                    if wanted:
                        check(domain, user, password)
                except CommandError as error:
                    failed.append(str(error))
        if failed:
            raise CommandError("\n".join(failed))

    def _named(self, url: str) -> Domain:
        return replace(of_settings(), imap_url=url, smtp_url=url)

    def _check_reading(self, domain: Domain, user: str | None, password: str) -> None:
        try:
            server = domain.imap_server()
        except ValueError as error:
            raise CommandError(f"{error} Set IMAP_URL, for example to imaps://mail.example.org") from error
        self.stdout.write(f"Server        {server}")
        try:
            connection = Connection.open(server, timeouts=timeouts())
        except TlsError as error:
            raise CommandError(
                f"TLS failed: {error}\nIf the server's certificate is from your own authority, name its file in "
                "MAIL_CA_FILE."
            ) from error
        except ConnectError as error:
            raise CommandError(f"No connection: {error}") from error
        except ImapError as error:
            raise CommandError(f"It answers, but not as an IMAP server should: {error}") from error
        try:
            self._show(connection, server)
            if user:
                self._sign_in(connection, user, password)
            self._capabilities(connection, signed_in=bool(user))
        finally:
            connection.logout()

    def _check_sending(self, domain: Domain, user: str | None, password: str) -> None:
        if not domain.smtp_url:
            self.stdout.write(self.style.WARNING("SMTP_URL is not set, so nobody can send mail."))
            return
        try:
            server = domain.smtp_server()
        except ValueError as error:
            raise CommandError(f"{error} Set SMTP_URL, for example to smtps://mail.example.org") from error
        credentials = shared_credentials(domain) or (smtp.Password(user, password) if user else None)
        report(
            server,
            credentials=credentials if signs_in(domain) else None,
            say=self.stdout.write,
            style=self.style,
        )

    def _show(self, connection: Connection, server: Server) -> None:
        tls = connection.describe_tls()
        if tls is not None:
            verified = (
                "certificate verified" if server.verify else self.style.WARNING("certificate NOT verified")
            )
            self.stdout.write(f"TLS           {tls[0]}, {tls[1]}, {verified}")
        else:
            self.stdout.write(f"TLS           {self.style.WARNING('none: passwords travel in clear')}")

    def _password(self, user: str) -> str:
        if sys.stdin.isatty():
            return getpass.getpass(f"Password of {user}: ")
        return sys.stdin.readline().rstrip("\n")

    def _sign_in(self, connection: Connection, user: str, password: str) -> None:
        try:
            connection.login(Password(user, password))
        except AuthenticationError as error:
            raise CommandError(f"The server does not take this name and password: {error.text}") from error
        except ImapError as error:
            raise CommandError(f"Signing in failed: {error}") from error
        self.stdout.write(f"Signed in     as {user}")

    def _capabilities(self, connection: Connection, *, signed_in: bool) -> None:
        self.stdout.write(f"Capabilities  {' '.join(sorted(connection.capabilities))}")
        if not signed_in:
            self.stdout.write("More are often told after sign-in: add --user NAME to see them.")
            return
        for name, use in WANTED.items():
            mark = self.style.SUCCESS("yes") if connection.has(name) else "no "
            self.stdout.write(f"  {mark} {name:<13} {use}")
        self.stdout.write("Whatever is missing is done in another way.")
