"""pymap's dict backend as a library: our message tree in it, keywords kept, nothing hashed twice.

pymap 0.36.7 as it comes drops keywords, and parses headers with the standard library's modern policy,
which raises on odd mail; both are mended by what `Mailbox` and `Loaded` override.
"""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config as DictConfig
from pymap.backend.dict import Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.bytes import Writeable
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.interfaces.message import CachedMessage
from pymap.message import BaseLoadedMessage
from pymap.parsing.message import AppendMessage
from pymap.parsing.response.fetch import BodyStructure, EnvelopeStructure
from pymap.parsing.specials import FetchRequirement, Flag, ObjectId
from pymap.parsing.specials.flag import Wildcard
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from . import mime
from .content import decoded, text, words
from .letter import Letter

MAX_LINE = 4 * 1024 * 1024


class Structure(BodyStructure):
    """BODY (`bytes`) and BODYSTRUCTURE (`extended`)."""

    def __init__(self, part: mime.Entity, *, extended: bool = False) -> None:
        self.part, self._extended = part, extended

    @property
    def extended(self) -> Any:
        return Structure(self.part, extended=True)

    def write(self, writer: Any) -> None:
        writer.write(bytes(self))

    def __bytes__(self) -> bytes:
        return mime.structure(self.part, extended=self._extended)


class Envelope(EnvelopeStructure):
    """ENVELOPE on the wire; the attributes are what pymap's SEARCH looks into."""

    subject: Any
    from_: Any
    to: Any
    cc: Any
    bcc: Any
    date: Any

    def __init__(self, message: mime.Entity) -> None:
        self._message = message
        texts = {name: [words(value) for value in message.values(name)] for name in _SEARCHED}
        subject, self.from_, self.to, self.cc, self.bcc = texts.values()
        self.subject = subject[0] if subject else None
        self.date = SimpleNamespace(datetime=_date(message))

    def write(self, writer: Any) -> None:
        writer.write(bytes(self))

    def __bytes__(self) -> bytes:
        return mime.envelope(self._message)


_SEARCHED = (b"SUBJECT", b"FROM", b"TO", b"CC", b"BCC")


class Loaded(BaseLoadedMessage):
    """The sections of a message, by our tree."""

    def __init__(self, message: StoredMessage, requirement: FetchRequirement) -> None:
        super().__init__(message, requirement, None)
        self.tree = message.tree

    def __bytes__(self) -> bytes:
        return self.tree.data

    def _find(self, section: Sequence[int] | None, *, message: bool = False) -> mime.Entity | None:
        """`message`: HEADER and TEXT of a part are those of the message within, if there is one."""
        try:
            found = self.tree.find(section or ())
        except IndexError:
            return None
        if section and message:
            return found.children[0] if found.is_message else None
        return found

    def get_header(self, name: bytes) -> Sequence[str]:
        return [words(value) for value in self.tree.values(name.upper())]

    def get_headers(self, section: Sequence[int]) -> Writeable:
        found = self._find(section)
        return Writeable.wrap(found.header if found else b"")

    def get_message_headers(
        self,
        section: Sequence[int] | None = None,
        subset: Collection[bytes] | None = None,
        inverse: bool = False,
    ) -> Writeable:
        found = self._find(section, message=True)
        if found is None:
            return Writeable.empty()
        if subset is None:
            return Writeable.wrap(found.header)
        wanted = {name.upper() for name in subset}
        return Writeable.wrap(
            b"".join(raw for name, _, raw in found.fields if (name in wanted) != inverse) + b"\r\n"
        )

    def get_message_text(self, section: Sequence[int] | None = None) -> Writeable:
        found = self._find(section, message=True)
        return Writeable.wrap(found.content if found else b"")

    def get_body(self, section: Sequence[int] | None = None, binary: bool = False) -> Writeable:
        found = self._find(section)
        if found is None:
            return Writeable.empty()
        if not section and not binary:
            return Writeable.wrap(self.tree.data)
        return Writeable.wrap(decoded(found) if binary else found.content)

    def get_size(self, section: Sequence[int] | None = None) -> int:
        if not section:
            return len(self.tree.data)
        found = self._find(section)
        return found.size if found else 0

    def get_envelope_structure(self) -> EnvelopeStructure:
        return Envelope(self.tree)

    def get_body_structure(self) -> BodyStructure:
        return Structure(self.tree)

    def contains(self, value: bytes) -> bool:
        wanted = value.decode("utf-8", "replace").casefold()
        header = " ".join(words(field) for _, field, _ in self.tree.fields)
        return wanted in header.casefold() or any(
            wanted in text(part).casefold() for part in self.tree.walk() if part.type[0] == b"text"
        )


class StoredMessage(Message):
    """A message in a `Mailbox`, its tree parsed when it is first asked for."""

    def __init__(
        self, uid: int, date: datetime, flags: Iterable[Flag], tree: mime.Entity, **more: Any
    ) -> None:
        super().__init__(uid, date, flags, **more)
        self.tree = tree

    def again(self, *, uid: int, recent: bool = False, expunged: bool = False) -> StoredMessage:
        return StoredMessage(
            uid,
            self.internal_date,
            self.permanent_flags,
            self.tree,
            recent=recent,
            expunged=expunged,
            email_id=self.email_id,
            thread_id=self.thread_id,
        )

    async def load_content(self, requirement: FetchRequirement) -> Any:
        return Loaded(self, requirement)


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


def _date(message: mime.Entity) -> datetime | None:
    try:
        return parsedate_to_datetime((message.value(b"DATE") or b"").decode("ascii", "replace"))
    except (TypeError, ValueError):
        return None
