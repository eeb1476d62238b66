"""Submission (RFC 6409) with AUTH, delivering in process to the demo's own people."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pymap.parsing.message import AppendMessage

from .imap import Mailboxes

# aiosmtpd warns of its own deprecated names, and of everything a stranger's client gets wrong.
logging.getLogger("mail.log").setLevel(logging.ERROR)

MAX_MESSAGE = 50 * 1024 * 1024


class Submission:
    """aiosmtpd's hooks. `passwords` and `mailboxes` are by address."""

    def __init__(self, passwords: Mapping[str, str], mailboxes: Mapping[str, Mailboxes]) -> None:
        self._passwords, self._mailboxes = passwords, mailboxes
        self._domains = {address.rpartition("@")[2] for address in passwords}

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, login: Any
    ) -> AuthResult:
        if isinstance(login, LoginPassword):
            user = login.login.decode("utf-8", "replace").lower()
            expected = self._passwords.get(user, "")
            if expected and secrets.compare_digest(login.password, expected.encode()):
                return AuthResult(success=True, auth_data=user)
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        if address.lower() != session.auth_data:
            return f"553 5.7.1 You are signed in as {session.auth_data} and can't send as {address}"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        known = address.lower()
        if known not in self._mailboxes:
            if known.rpartition("@")[2] in self._domains:
                return f"550 5.1.1 There is nobody here by the address {address}"
            people = " and ".join(self._mailboxes)
            return f"550 5.7.1 This demo sends nothing into the world: only {people} can get mail here"
        envelope.rcpt_tos.append(known)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        now = datetime.now(UTC)
        number = secrets.token_hex(6)
        content = envelope.content.encode() if isinstance(envelope.content, str) else envelope.content or b""
        for address in dict.fromkeys(envelope.rcpt_tos):
            trace = (
                f"Return-Path: <{envelope.mail_from}>\r\n"
                f"Received: from webmail by post.fjord.example with ESMTPA id {number}\r\n"
                f"\tfor <{address}>; {format_datetime(now)}\r\n"
            )
            inbox = await self._mailboxes[address].get_mailbox("INBOX")
            await inbox.append(AppendMessage(trace.encode() + content, now), recent=True)
        return f"250 2.0.0 OK, delivered as {number}"

    async def listen(self, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: self._server(loop), host="127.0.0.1", port=port)

    def _server(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        return SMTP(
            self,
            data_size_limit=MAX_MESSAGE,
            enable_SMTPUTF8=True,
            hostname="post.fjord.example",
            ident="Ekorn's demo",
            auth_require_tls=False,
            authenticator=self.authenticate,
            loop=loop,
        )
