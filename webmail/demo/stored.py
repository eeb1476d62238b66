"""A message as pymap asks for it, answered from our own tree of parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any

from pymap.backend.dict.mailbox import Message
from pymap.bytes import Writeable
from pymap.message import BaseLoadedMessage
from pymap.parsing.response.fetch import BodyStructure, EnvelopeStructure
from pymap.parsing.specials import FetchRequirement, Flag

from . import mime
from .content import decoded, text, words


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


def _date(message: mime.Entity) -> datetime | None:
    try:
        return parsedate_to_datetime((message.value(b"DATE") or b"").decode("ascii", "replace"))
    except (TypeError, ValueError):
        return None
