"""AUTH (RFC 4954): PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER, never in clear over a network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from webmail.smtp.connection import Connection
from webmail.smtp.errors import AuthenticationError, NoMechanismError, ProtocolError, ReplyError
from webmail.smtp.reply import Reply
from webmail.wire.credentials import Credentials, OAuthToken, Password, scrub, utf8

LONGEST_COMMAND: Final = 512  # Octets with CRLF (RFC 5321, 4.5.3.1.4).
# 500 to 504: not understood or not implemented; the credentials were not looked at.
_NOT_IMPLEMENTED: Final = frozenset({500, 501, 502, 503, 504})


def sign_in(connection: Connection, credentials: Credentials) -> None:
    """Raises AuthenticationError with the server's no, NoMechanismError where there is no way, EncodeError."""
    try:
        _try(_attempts(connection, credentials))
    except ReplyError as error:
        reply = replace(error.reply, text=scrub(error.reply.text, credentials))
        raise type(error)(error.command, reply) from None


def _try(attempts: list[Callable[[], Reply]]) -> None:
    for number, attempt in enumerate(attempts, 1):
        reply = attempt()
        if reply.positive:
            return
        if number == len(attempts) or reply.code not in _NOT_IMPLEMENTED:
            raise AuthenticationError("AUTH", reply)


def _attempts(connection: Connection, credentials: Credentials) -> list[Callable[[], Reply]]:
    server, offered = connection.server, connection.offer.mechanisms
    if not connection.secure:
        raise NoMechanismError(
            f"{server} would get the password in clear: use smtps:// or smtp+starttls:// outside this machine."
        )
    if not offered:
        raise NoMechanismError(f"{server} does not let anybody sign in (no AUTH).")
    attempts: list[Callable[[], Reply]] = []
    if isinstance(credentials, OAuthToken):
        response, mechanism = credentials.initial_response(server), credentials.mechanism
        if mechanism in offered:
            attempts.append(lambda: _with_response(connection, mechanism, response))
    else:
        plain = credentials.initial_response()
        if "PLAIN" in offered:
            attempts.append(lambda: _with_response(connection, "PLAIN", plain))
        if "LOGIN" in offered:
            attempts.append(lambda: _login(connection, credentials))
    if not attempts:
        raise NoMechanismError(f"{server} offers no way to sign in that is known here.")
    return attempts


def _with_response(connection: Connection, mechanism: str, response: bytes) -> Reply:
    """In one step where the command stays short enough, else at the server's challenge."""
    encoded = b64encode(response)
    command = f"AUTH {mechanism} ".encode() + encoded
    reply = None
    if len(command) + 2 <= LONGEST_COMMAND:
        reply = connection.ask(command, name="AUTH")
    if reply is None or reply.code == 501:
        reply = connection.ask(f"AUTH {mechanism}".encode(), name="AUTH")
        if reply.code == 334:
            reply = connection.ask(encoded, name="AUTH")
    if reply.code == 334:
        # A bearer token is refused with a challenge that says why; the no comes after our answer (RFC 7628, 3.2.3).
        reply = connection.ask({"XOAUTH2": b"", "OAUTHBEARER": b"AQ=="}.get(mechanism, b"*"), name="AUTH")
    return _final(reply)


def _login(connection: Connection, credentials: Password) -> Reply:
    reply = connection.ask(b"AUTH LOGIN", name="AUTH")
    for answer in (credentials.user, credentials.password):
        if reply.code == 334:
            reply = connection.ask(b64encode(utf8(answer)), name="AUTH")
    return _final(reply)


def _final(reply: Reply) -> Reply:
    if 300 <= reply.code < 400:
        raise ProtocolError("The mail server asks for more at sign-in than there is to say.")
    return reply
