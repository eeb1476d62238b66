"""AUTH (RFC 4954): PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER, never in clear over a network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from webmail.smtp.connection import Connection
from webmail.smtp.errors import AuthenticationError, EncodeError, NoMechanismError, ProtocolError, ReplyError
from webmail.smtp.reply import Reply
from webmail.smtp.server import Credentials, OAuthToken, Password, Server

LONGEST_COMMAND: Final = 512  # Octets with CRLF (RFC 5321, 4.5.3.1.4).
# 500 to 504: not understood or not implemented; the credentials were not looked at.
_NOT_IMPLEMENTED: Final = frozenset({500, 501, 502, 503, 504})


def sign_in(connection: Connection, credentials: Credentials) -> None:
    """Raises AuthenticationError with the server's no, NoMechanismError where there is no way, EncodeError."""
    try:
        _try(_attempts(connection, credentials))
    except ReplyError as error:
        reply = replace(error.reply, text=_scrub(error.reply.text, credentials))
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
        response, mechanism = _bearer(credentials, server), credentials.mechanism
        if mechanism in offered:
            attempts.append(lambda: _with_response(connection, mechanism, response))
    else:
        user, password = _utf8(credentials.user), _utf8(credentials.password)
        if "PLAIN" in offered:
            attempts.append(lambda: _with_response(connection, "PLAIN", b"\0" + user + b"\0" + password))
        if "LOGIN" in offered:
            attempts.append(lambda: _login(connection, user, password))
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


def _login(connection: Connection, user: bytes, password: bytes) -> Reply:
    reply = connection.ask(b"AUTH LOGIN", name="AUTH")
    for answer in (user, password):
        if reply.code == 334:
            reply = connection.ask(b64encode(answer), name="AUTH")
    return _final(reply)


def _final(reply: Reply) -> Reply:
    if 300 <= reply.code < 400:
        raise ProtocolError("The mail server asks for more at sign-in than there is to say.")
    return reply


def _bearer(token: OAuthToken, server: Server) -> bytes:
    if any(character in value for value in (token.user, token.token) for character in "\x00\x01\r\n"):
        raise EncodeError("A control character stands in the user or the token.")
    if token.mechanism == "XOAUTH2":
        return _utf8(f"user={token.user}\x01auth=Bearer {token.token}\x01\x01")
    user = token.user.replace("=", "=3D").replace(",", "=2C")
    return _utf8(
        f"n,a={user},\x01host={server.host}\x01port={server.port}\x01auth=Bearer {token.token}\x01\x01"
    )


def _utf8(text: str) -> bytes:
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        raise EncodeError("A user name, password or token holds half a surrogate pair.") from None
    if b"\0" in encoded:
        raise EncodeError("A user name, password or token holds NUL.")
    return encoded


def _scrub(text: str, credentials: Credentials) -> str:
    """Some servers repeat the line that they did not like, password and all."""
    secret = credentials.password if isinstance(credentials, Password) else credentials.token
    plain = f"\0{credentials.user}\0{secret}".encode("utf-8", "replace")
    for hidden in (secret, b64encode(plain).decode(), b64encode(secret.encode("utf-8", "replace")).decode()):
        if hidden:
            text = text.replace(hidden, "…")
    return text
