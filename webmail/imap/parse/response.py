"""Every kind of response (RFC 9051, 7), as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from webmail.imap.types import (
    AppendUid,
    CopyUid,
    Fetched,
    ListedMailbox,
    Namespace,
    Quota,
    SearchResult,
    Status,
    Thread,
)

CodeArgument: TypeAlias = int | str | frozenset[str] | tuple[str, ...] | CopyUid | AppendUid | None


@dataclass(frozen=True, slots=True)
class Code:
    """A response code: `name` in upper case.

    `argument` is an int for UIDVALIDITY, UIDNEXT, HIGHESTMODSEQ and UNSEEN, a frozenset for PERMANENTFLAGS and
    CAPABILITY, a tuple for BADCHARSET, CopyUid or AppendUid for their names, else text ("" where there is none).
    None where it is malformed.
    """

    name: str
    argument: CodeArgument = ""


@dataclass(frozen=True, slots=True)
class Tagged:
    tag: str
    status: Literal["OK", "NO", "BAD"]
    code: Code | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Continuation:
    """`text` is all after "+ ", a response code included: for AUTHENTICATE it is base64."""

    text: str = ""
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """An untagged status."""

    status: Literal["OK", "NO", "BAD", "BYE", "PREAUTH"]
    code: Code | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Capability:
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Enabled:
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Id:
    """RFC 2971; field names in lower case."""

    fields: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Flags:
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exists:
    count: int


@dataclass(frozen=True, slots=True)
class Recent:
    count: int


@dataclass(frozen=True, slots=True)
class Expunge:
    seq: int


@dataclass(frozen=True, slots=True)
class Vanished:
    """RFC 7162; `uids` a sequence set, unexpanded."""

    uids: str
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class FetchResponse:
    message: Fetched


@dataclass(frozen=True, slots=True)
class ListResponse:
    mailbox: ListedMailbox
    lsub: bool = False


@dataclass(frozen=True, slots=True)
class StatusResponse:
    name: str
    wire: bytes
    status: Status


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """SEARCH and SORT."""

    result: SearchResult


@dataclass(frozen=True, slots=True)
class EsearchResponse:
    """RFC 4731; `tag` of the command that it answers, where the server told."""

    tag: str | None
    uid: bool
    result: SearchResult


@dataclass(frozen=True, slots=True)
class ThreadResponse:
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class NamespaceResponse:
    namespace: Namespace


@dataclass(frozen=True, slots=True)
class QuotaResponse:
    """One Quota for each resource of one root."""

    quotas: tuple[Quota, ...]


@dataclass(frozen=True, slots=True)
class QuotaRoot:
    name: str
    wire: bytes
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AclResponse:
    """RFC 4314: rights by identifier."""

    name: str
    wire: bytes
    rights: dict[str, str]


@dataclass(frozen=True, slots=True)
class MyRights:
    name: str
    wire: bytes
    rights: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A response that this program does not understand: at most the first 1,000 octets of its first text.

    It may hold anything, so it is not for logs.
    """

    text: str


Response: TypeAlias = (
    Tagged
    | Continuation
    | Condition
    | Capability
    | Enabled
    | Id
    | Flags
    | Exists
    | Recent
    | Expunge
    | Vanished
    | FetchResponse
    | ListResponse
    | StatusResponse
    | SearchResponse
    | EsearchResponse
    | ThreadResponse
    | NamespaceResponse
    | QuotaResponse
    | QuotaRoot
    | AclResponse
    | MyRights
    | Unknown
)
