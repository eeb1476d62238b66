"""pymap's dict backend as a library: keywords kept, nothing hashed or parsed twice.

pymap 0.36.7 as it comes drops keywords, and parses headers with the standard library's modern policy,
which raises on odd mail; what `Mailbox` and `stored.Loaded` override mends both.
"""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config as DictConfig
from pymap.backend.dict import Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.interfaces.message import CachedMessage
from pymap.mailbox import MailboxSnapshot
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import Flag, ObjectId
from pymap.parsing.specials.flag import Wildcard
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from . import mime
from .letter import Letter
from .stored import StoredMessage

MAX_LINE = 4 * 1024 * 1024


class Snapshot(MailboxSnapshot):
    """`\\*` belongs among the permanent flags alone."""

    @property
    def flags(self) -> frozenset[Flag]:
        return super().flags - {Wildcard}


class Mailbox(MailboxData):
    """pymap's mailbox with any keyword kept. All runs in one loop without waiting: no lock is needed."""

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        return super().permanent_flags | {Wildcard}

    def _place(self, message: StoredMessage) -> None:
        self._max_uid = message.uid
        self._messages[message.uid] = message
        self._mod_sequences.update([message.uid])
        self._updated.set()

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        data = bytes(append_msg.literal)
        message = StoredMessage(
            self._max_uid + 1,
            append_msg.when or datetime.now(UTC),
            append_msg.flag_set,
            mime.Entity.parse(data, 0, len(data)),
            recent=recent,
            email_id=ObjectId.random_email_id(),
            thread_id=ObjectId.random_thread_id(),
        )
        self._place(message)
        return message

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        message = self._messages.get(uid)
        if not isinstance(message, StoredMessage) or not isinstance(destination, Mailbox):
            return None
        copied = message.again(uid=destination._max_uid + 1, recent=recent)
        destination._place(copied)
        return copied.uid

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        moved = await self.copy(uid, destination, recent=recent)
        if moved is not None:
            await self.delete([uid])
        return moved

    async def get(self, uid: int, cached_msg: CachedMessage) -> Message:
        if uid < 1 or uid > self._max_uid:
            raise IndexError(uid)
        message = self._messages.get(uid)
        if message is None and isinstance(cached_msg, StoredMessage):
            return cached_msg.again(uid=uid, expunged=True)
        if message is None:
            raise IndexError(uid)
        return message

    async def snapshot(self) -> MailboxSnapshot:
        now = await super().snapshot()
        return Snapshot(
            now.mailbox_id,
            now.readonly,
            now.uid_validity,
            now.permanent_flags,
            now.session_flags,
            now.exists,
            now.recent,
            now.unseen,
            now.first_unseen,
            now.next_uid,
        )


class Mailboxes(MailboxSet):
    """One person's mailboxes."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = self._new()

    def _new(self) -> Mailbox:
        return Mailbox(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        if name in self._set:
            raise ValueError(name)
        mailbox = self._set[name] = self._new()
        self._subscribed[name] = True
        return mailbox.mailbox_id

    async def rename_mailbox(self, before: str, after: str) -> None:
        await super().rename_mailbox(before, after)
        if not isinstance(self._inbox, Mailbox):
            self._inbox = self._new()
        self._subscribed.update({name: self._subscribed.get(name, True) for name in self._set})

    async def fill(self, letters: Iterable[Letter]) -> None:
        for letter in letters:
            if letter.folder != "INBOX" and letter.folder not in self._set:
                await self.add_mailbox(letter.folder)
            mailbox = await self.get_mailbox(letter.folder)
            flags = frozenset(Flag(flag) for flag in letter.flags)
            await mailbox.append(AppendMessage(letter.data, letter.date, flags))


class Config(DictConfig):
    """No TLS on loopback, passwords compared as they are, work done in the loop."""

    def __init__(self) -> None:
        super().__init__(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host="127.0.0.1",
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            reject_dnsbl=False,
            bad_command_limit=None,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
            proxy_protocol=ProxyProtocolNoop(),
        )

    @property
    def greeting(self) -> bytes:
        return b"Ekorn's demo is ready"


class ImapBackend:
    """The accounts, their mailboxes, and a listening server."""

    def __init__(self) -> None:
        self._config = Config()
        self._login = Login(self._config)
        self._config.apply_context()

    def add(self, address: str, password: str) -> Mailboxes:
        mailboxes = Mailboxes()
        self._login.users_dict[address] = UserMetadata(self._config, address, password=password)
        self._config.set_cache[address] = (mailboxes, FilterSet())
        return mailboxes

    async def listen(self, port: int) -> asyncio.Server:
        server = IMAPServer(self._login, self._config)
        callback = ProxyProtocolReader(self._config.proxy_protocol).get_callback(server)
        return await asyncio.start_server(callback, host="127.0.0.1", port=port, limit=MAX_LINE)
