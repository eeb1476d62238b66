"""What the server tells, as frozen values. Header text stays bytes: decoding it is the business of `webmail.mail`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """RFC 9051 address: a group starts with `host` None and `mailbox` its name, and ends with both None."""

    name: bytes | None
    mailbox: bytes | None
    host: bytes | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """RFC 9051, 7.5.2. Every field may be missing."""

    date: bytes | None = None
    subject: bytes | None = None
    from_: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    in_reply_to: bytes | None = None
    message_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One node of BODYSTRUCTURE (RFC 9051, 7.5.2).

    `section` is the part number to FETCH ("1.2"; "" for a multipart at the top of the message).
    `type` and `subtype` are lower case, parameter names too. A multipart has `children`; a message/rfc822 has
    `envelope` and exactly one child, its body.
    """

    section: str
    type: str
    subtype: str
    params: dict[str, bytes] = field(default_factory=dict)
    id: bytes | None = None
    description: bytes | None = None
    encoding: str = "7bit"
    size: int = 0
    lines: int | None = None
    disposition: str = ""
    disposition_params: dict[str, bytes] = field(default_factory=dict)
    language: tuple[str, ...] = ()
    location: bytes | None = None
    envelope: Envelope | None = None
    children: tuple[BodyPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message's FETCH data. What was not asked for, not sent, or broken is None (`broken` names the items).

    `sections` maps what stands between the brackets, upper case ("1.2", "HEADER", "1.MIME",
    "HEADER.FIELDS (LIST-ID)"), to its octets, None where the server says NIL. RFC822 is "", RFC822.HEADER is
    "HEADER". `binary` and `binary_sizes` are the same for BINARY and BINARY.SIZE (RFC 3516). System flags are
    spelt as in RFC 9051 ("\\Seen"), keywords as the server does. `email_id` and `thread_id` are Gmail's X-GM-MSGID
    and X-GM-THRID where there is no OBJECTID, `labels` X-GM-LABELS.
    """

    seq: int
    uid: int | None = None
    flags: frozenset[str] | None = None
    size: int | None = None
    internal_date: datetime | None = None
    envelope: Envelope | None = None
    structure: BodyPart | None = None
    modseq: int | None = None
    preview: bytes | None = None
    email_id: str | None = None
    thread_id: str | None = None
    sections: dict[str, bytes | None] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    save_date: datetime | None = None
    labels: frozenset[str] | None = None
    binary: dict[str, bytes | None] = field(default_factory=dict)
    binary_sizes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """STATUS (RFC 9051, 7.3.4; 7162; 8438). An item that was not sent is None."""

    messages: int | None = None
    unseen: int | None = None
    recent: int | None = None
    uid_next: int | None = None
    uid_validity: int | None = None
    highest_modseq: int | None = None
    size: int | None = None
    deleted: int | None = None


@dataclass(frozen=True, slots=True)
class ListedMailbox:
    """LIST or LSUB. `name` is Unicode (modified UTF-7 undone); `wire` is the name as the server spelt it.

    Commands take `wire` back for a name that does not survive decoding. `attributes` are lower case with the
    backslash ("\\noselect", "\\sent"). `old_name` is the mailbox's name before a RENAME (RFC 9051, 6.3.9.7),
    `child_info` the selection options that its children match ("SUBSCRIBED").
    """

    name: str
    wire: bytes
    delimiter: str | None
    attributes: frozenset[str] = frozenset()
    status: Status | None = None
    old_name: str | None = None
    child_info: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Namespace:
    """RFC 2342: one (prefix, delimiter) per kind is enough for a person's own mail."""

    personal: tuple[tuple[str, str | None], ...] = (("", None),)
    others: tuple[tuple[str, str | None], ...] = ()
    shared: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """SELECT or EXAMINE. `uid_validity` 0 means that the server gave none."""

    name: str
    exists: int = 0
    uid_validity: int = 0
    uid_next: int | None = None
    highest_modseq: int | None = None
    flags: frozenset[str] = frozenset()
    permanent_flags: frozenset[str] | None = None
    read_only: bool = False
    unseen: int | None = None
    vanished: str = ""
    changed: tuple[Fetched, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyUid:
    """COPYUID (RFC 4315): what became of each message. Absent or malformed answers give None instead."""

    uid_validity: int
    source: tuple[int, ...]
    target: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AppendUid:
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """SEARCH, ESEARCH, SORT and ESORT alike. `numbers` in the server's order; None parts were not returned.

    With PARTIAL (RFC 9394) `numbers` are those of the range `partial`, which may be negative.
    """

    numbers: tuple[int, ...] = ()
    count: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    modseq: int | None = None
    partial: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One node of THREAD (RFC 5256). `number` is None for a missing parent."""

    number: int | None
    children: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """RFC 9208; `usage` and `limit` in the resource's own unit (STORAGE: KiB)."""

    root: str
    resource: str
    usage: int
    limit: int
