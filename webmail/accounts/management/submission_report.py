"""What `checkserver` says about the submission server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.core.management.base import CommandError
from django.core.management.color import Style

from webmail.accounts.submission import submission_timeouts
from webmail.smtp.connection import Connection
from webmail.smtp.errors import (
    AuthenticationError,
    ConnectError,
    NoMechanismError,
    ReplyError,
    SmtpError,
    TlsError,
)
from webmail.smtp.server import Credentials, Server
from webmail.smtp.sign_in import sign_in

WANTED: Final = {
    "SIZE": "too large is said before it is sent",
    "PIPELINING": "many recipients in one step",
    "8BITMIME": "mail with any octets goes on as it is",
    "SMTPUTF8": "addresses in any script",
    "DSN": "notices of delivery",
    "ENHANCEDSTATUSCODES": "refusals say exactly why",
}


def report(
    server: Server, *, credentials: Credentials | None, say: Callable[[str], object], style: Style
) -> None:
    """Connects, signs in where there are credentials, and says what was found. Raises CommandError."""
    say(f"Sending       {server}")
    connection = _opened(server)
    try:
        _say_tls(connection, say, style)
        if credentials is not None:
            _signed_in(connection, credentials)
            say(f"Signed in     as {credentials.user}")
        _say_offer(connection, say, style)
    finally:
        connection.quit()


def _opened(server: Server) -> Connection:
    try:
        return Connection.open(server, timeouts=submission_timeouts())
    except TlsError as error:
        raise CommandError(
            f"TLS failed: {error}\nIf the server's certificate is from your own authority, name its file in "
            "MAIL_CA_FILE."
        ) from error
    except ConnectError as error:
        raise CommandError(f"No connection: {error}") from error
    except ReplyError as error:
        raise CommandError(f"The submission server turns us away: {error.reply}") from error
    except SmtpError as error:
        raise CommandError(f"It answers, but not as a submission server should: {error}") from error


def _signed_in(connection: Connection, credentials: Credentials) -> None:
    try:
        sign_in(connection, credentials)
    except AuthenticationError as error:
        now = " now" if error.reply.temporary else ""
        raise CommandError(
            f"The submission server does not take this name and password{now}: {error.reply}"
        ) from error
    except NoMechanismError as error:
        raise CommandError(f"Nobody can sign in: {error}") from error
    except SmtpError as error:
        raise CommandError(f"Signing in failed: {error}") from error


def _say_tls(connection: Connection, say: Callable[[str], object], style: Style) -> None:
    tls = connection.offer.tls
    if tls is not None:
        verified = (
            "certificate verified" if connection.server.verify else style.WARNING("certificate NOT verified")
        )
        say(f"TLS           {tls[0]}, {tls[1]}, {verified}")
    elif connection.secure:
        say("TLS           none, within this machine")
    else:
        say(f"TLS           {style.WARNING('none: no password is sent this way, so nobody can sign in')}")


def _say_offer(connection: Connection, say: Callable[[str], object], style: Style) -> None:
    offer = connection.offer
    ways = " ".join(sorted(offer.mechanisms)) or style.WARNING("none offered")
    say(f"Sign-in       {ways}")
    # Attachments grow by a third and a line's end for every 57 octets.
    room = f", so about {offer.size_limit * 57 / 78 / 1e6:.1f} MB of attachments" if offer.size_limit else ""
    say(f"Largest mail  {offer.size_limit or 'not said'}{' octets' if room else ''}{room}")
    for name, use in WANTED.items():
        mark = style.SUCCESS("yes") if offer.has(name) else "no "
        say(f"  {mark} {name:<19} {use}")
