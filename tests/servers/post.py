"""Where mail goes that a real submission server took: into the mailboxes of a test's Dovecot, and into a list.

One post office for all of a run. Its rules are asked while a message is handed in, by the server in front of it:
    post.refuse("nobody@example.org", "550 5.1.1 No such person")
"""

from __future__ import annotations

import asyncio
import logging
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.ports import LOOPBACK

DOMAIN = "example.org"
# aiosmtpd warns of its own deprecated names.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Posted:
    """One message as it arrived, lines ending with CRLF, with the trace that servers on the way put before it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class Post:
    """`posted` holds every message of the run; a test looks for its own. Mail to whoever `dovecot` has not is taken
    and goes nowhere else."""

    def __init__(self, dovecot: Dovecot) -> None:
        self.dovecot = dovecot
        self.posted: list[Posted] = []
        self.port = self.policy_port = 0
        self._refusals: dict[str, str] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._policy = _Policy((LOOPBACK, 0), _PolicyRequest)
        self._policy.post = self
        self._arrived = threading.Condition()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            self._loop.create_server(lambda: _Sink(self, self._loop), LOOPBACK, 0), self._loop
        ).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        self.policy_port = self._policy.server_address[1]
        threading.Thread(target=self._policy.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._policy.shutdown()
        self._policy.server_close()
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def address(self, user: MailUser) -> str:
        """A person's address: the name where that is one already."""
        return user.name if "@" in user.name else f"{user.name}@{DOMAIN}"

    def refuse(self, address: str, reply: str) -> None:
        """From now on, this sender or recipient is answered like that ("450 4.7.1 Greylisted", "550 …")."""
        self._refusals[address.lower()] = reply

    def accept(self, address: str) -> None:
        self._refusals.pop(address.lower(), None)

    def refusal(self, address: str) -> str | None:
        return self._refusals.get(address.lower())

    def wait_for(self, found: Callable[[Posted], bool], *, seconds: float = 20) -> Posted:
        """The first message that this is true of, as soon as it arrived."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: any(map(found, self.posted)), seconds):
                raise AssertionError("no such message arrived")
        return next(filter(found, self.posted))

    def take(self, posted: Posted) -> None:
        for address in dict.fromkeys(posted.recipients):
            local, _, domain = address.rpartition("@")
            user = self.dovecot.find(address) or (self.dovecot.find(local) if domain == DOMAIN else None)
            if user is not None:
                trace = f"Return-Path: <{posted.sender}>\r\nDelivered-To: {address}\r\n"
                user.deliver("INBOX", trace.encode() + posted.content)
        with self._arrived:
            self.posted.append(posted)
            self._arrived.notify_all()


class _Sink(SMTP):
    """Takes all that is not refused."""

    def __init__(self, post: Post, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(_Hooks(post), hostname="post.example.org", enable_SMTPUTF8=True, loop=loop)


class _Hooks:
    def __init__(self, post: Post) -> None:
        self._post = post

    async def handle_EHLO(
        self, _: SMTP, session: Session, __: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        return ["250-ENHANCEDSTATUSCODES", *responses]

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self._post.refusal(address) or "250 2.1.0 OK"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: Any) -> str:
        refusal = self._post.refusal(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 2.1.5 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        sender = (envelope.mail_from or "").replace("<>", "")
        self._post.take(Posted(sender, tuple(envelope.rcpt_tos), envelope.original_content or b""))
        return "250 2.0.0 Taken"


class _Policy(socketserver.ThreadingTCPServer):
    """Postfix's policy service (its SMTPD_POLICY_README): attributes a line, an empty one, then the action."""

    daemon_threads = True
    allow_reuse_address = True
    post: Post


class _PolicyRequest(socketserver.StreamRequestHandler):
    server: _Policy

    def handle(self) -> None:
        asked: dict[str, str] = {}
        for line in self.rfile:
            name, _, value = line.decode("utf-8", "replace").rstrip("\n").partition("=")
            if name:
                asked[name] = value
                continue
            address = asked.get("sender" if asked.get("protocol_state") == "MAIL" else "recipient", "")
            self.wfile.write(f"action={self.server.post.refusal(address) or 'DUNNO'}\n\n".encode())
            asked = {}
