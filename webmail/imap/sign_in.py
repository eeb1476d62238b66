"""Signing in (RFC 9051, 6.2): the best way that the server offers, and an honest reason where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webmail.imap.commands.authenticate import Authenticate, Login
from webmail.imap.commands.command import Command
from webmail.imap.commands.mailboxes import AskNamespace
from webmail.imap.commands.session import Capability, Id
from webmail.imap.errors import (
    AuthenticationError,
    BadError,
    CommandError,
    ConnectError,
    ConnectionLostError,
    TlsError,
    UnavailableError,
)
from webmail.imap.refusal import is_temporary
from webmail.wire.credentials import Credentials, OAuthToken, scrub

if TYPE_CHECKING:
    from webmail.imap.connection import Connection

_NO_TLS = "asks for TLS before a password: use imaps:// or imap+starttls://."


def sign_in(connection: Connection, credentials: Credentials) -> None:
    if connection.preauthenticated:
        # Whoever comes is somebody already: no answer here could tell a right password from a wrong one.
        raise ConnectError(
            f"{connection.server} signs everybody in by itself (PREAUTH) and checks no password."
        )
    attempts = _attempts(connection, credentials)
    connection.forget_capabilities()
    for number, attempt in enumerate(attempts, 1):
        try:
            connection.run(attempt)
            break
        except CommandError as error:
            if number == len(attempts) or not _not_supported(error):
                raise _reason(connection, error, credentials) from None
        except ConnectionLostError:
            if connection.bye and is_temporary("", connection.bye):
                raise UnavailableError("sign-in", "BYE", "", scrub(connection.bye, credentials)) from None
            raise
    connection.authenticated = True
    if not connection.told_capabilities:
        connection.run(Capability())
    if connection.has("ID"):
        # Some servers (NetEase) open no mailbox for a client that did not say its name.
        connection.ride_along(Id({"name": "Ekorn"}))
    if connection.has("NAMESPACE"):
        connection.ride_along(AskNamespace())


def _attempts(connection: Connection, credentials: Credentials) -> list[Command[Any]]:
    initial = connection.has("SASL-IR")
    if isinstance(credentials, OAuthToken):
        response = credentials.initial_response(connection.server)
        return [Authenticate(credentials.mechanism, response, initial=initial)]
    attempts: list[Command[Any]] = []
    response = credentials.initial_response()
    if connection.has("AUTH=PLAIN"):
        attempts.append(Authenticate("PLAIN", response, initial=initial))
    if not connection.has("LOGINDISABLED"):
        attempts.append(Login(credentials.user, credentials.password))
    if not attempts and not connection.secure:
        raise TlsError(f"{connection.server} {_NO_TLS}")
    if not attempts:
        raise UnavailableError("sign-in", "NO", "", "the server offers no way to sign in with a password")
    return attempts


def _not_supported(error: CommandError) -> bool:
    """The server did not look at the credentials: it does not know this way of giving them."""
    return (
        isinstance(error, BadError) and not is_temporary(error.code, error.text)
    ) or error.code == "CANNOT"


def _reason(connection: Connection, error: CommandError, credentials: Credentials) -> Exception:
    text = scrub(error.text, credentials)
    if error.code == "PRIVACYREQUIRED" and not connection.secure:
        return TlsError(f"{connection.server} {_NO_TLS}")
    if is_temporary(error.code, text):
        return UnavailableError("sign-in", error.status, error.code, text)
    return AuthenticationError("sign-in", error.status, error.code, text)
