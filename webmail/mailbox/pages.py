"""What the reading use cases answer with. Values only: words, links and dates in a language are the web's business."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from webmail.mail.address import Mailbox
from webmail.mail.invitation import Invitation
from webmail.mail.receipt import ReceiptRequest
from webmail.mail.report import Report
from webmail.mail.unsubscribe import Unsubscribe


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How full the mailbox is, in octets."""

    used: int
    limit: int

    @property
    def share(self) -> float:
        return min(1.0, self.used / self.limit)

    @property
    def nearly_full(self) -> bool:
        return self.share >= 0.9


@dataclass(frozen=True, slots=True)
class Folder:
    """One line of the folder tree, in the order to show.

    `role` is "inbox", "drafts", "sent", "archive", "junk", "trash", "flagged", "all" or "". `label` is the last
    segment of the name. `unseen` and `total` are None where the server did not say. `kind` is "others" or "shared"
    where it belongs to somebody else; `parent` the folder that it is shown below, "" at the top. `folded`: what is
    below it (`children`) is put away in the sidebar; `hidden`: this is, while another folder is open. `quota` is what
    the inbox counts against.
    """

    name: str
    label: str
    role: str = ""
    depth: int = 0
    selectable: bool = True
    unseen: int | None = None
    total: int | None = None
    kind: str = ""
    parent: str = ""
    folded: bool = False
    children: bool = False
    hidden: bool = False
    quota: QuotaUse | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A message in a list, or the newest of a thread. `people` are the senders, or the recipients in Sent and Drafts.

    `members` are all UIDs of a thread, oldest first; `inner` the rows of an open one, newest first (of a very long one
    not all). A thread is unread where any of its messages is. `folder` and `uid_validity` where the list holds
    messages of several folders. `flags` in lower case."""

    uid: int
    people: tuple[Mailbox, ...]
    subject: str
    snippet: str
    date: datetime | None
    size: int | None
    unread: bool
    starred: bool
    answered: bool
    forwarded: bool
    attachment: bool
    broken: bool = False
    members: tuple[int, ...] = ()
    inner: tuple[Row, ...] = ()
    muted: bool = False
    folder: str = ""
    uid_validity: int = 0
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """How far a search has come. Of the messages `share` (0 to 1) has been looked at; `done`: all of them.

    `folders` is (done, all) where several are searched. `sorted_newest`: only so many, the newest, are in the asked
    order; None where all are. `listed`: only so many of those found can be paged through; None where all can.
    `left_out` names folders that were not searched: the server refused, or nobody asked.
    """

    done: bool = True
    share: float = 1.0
    folders: tuple[int, int] = (1, 1)
    sorted_newest: int | None = None
    unsorted: bool = False
    left_out: tuple[Folder, ...] = ()
    unknown: tuple[str, ...] = ()
    listed: int | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """`number` counts from 1 and is the page that was shown (the last one if a later was asked for).

    `first` and `last` are positions from the newest, counted from 1; both 0 in an empty folder. `found` where the
    page shows a view that is not the folder as it is: then `total` is how many match, as far as was looked.
    `threaded`: the rows are threads, and they are what is counted; where they could only be made of so many messages,
    `newest` says of how many. `keywords`: the server keeps labels on these messages; `read_only`: nothing may be
    taken away from here. `last_uid`: no UID above this was
    there yet, 0 where the server does not tell.
    """

    folder: Folder
    folders: tuple[Folder, ...]
    uid_validity: int
    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int
    unseen: int | None
    first: int
    last: int
    outgoing: bool = False
    keywords: bool = False
    read_only: bool = False
    last_uid: int = 0
    alerts: tuple[str, ...] = ()
    found: Found | None = None
    threaded: bool = False
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """`type` is the mail's word for it; `viewable` means that it may be tried inline. `size` is in octets as
    decoded, about right where only the encoded size is known. `nested` is a message of its own to open."""

    section: str
    filename: str
    type: str
    size: int
    viewable: bool = False
    picture: bool = False
    nested: bool = False
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What to show. `kind` is "html" (its document is a response of its own), "text" (`text_html` is safe) or
    "empty". `notes` are codes of what the person must know: "refused" (the HTML was too much, text shown),
    "truncated", "signed", "encrypted", "limited"."""

    kind: str
    text_html: str = ""
    has_html: bool = False
    has_text: bool = False
    blocked: int = 0
    remote_shown: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """What the administrator's own host found out about From: "verified" (really sent by `domain`), "failed" (by
    somebody else, says the domain's own rule), "unverified"; "" where no host is trusted to say."""

    state: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class MessagePage:
    """`trusted`: pictures from this sender are always shown. `trust_withheld`: they would be, but it may be another
    who wrote this. `receipt` is there where one may be sent and none was yet. `answers`: it refers to earlier ones."""

    folder: Folder
    folders: tuple[Folder, ...]
    uid_validity: int
    uid: int
    subject: str
    from_: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    bcc: tuple[Mailbox, ...]
    date: datetime | None
    size: int | None
    flags: frozenset[str]
    body: Body
    attachments: tuple[Attachment, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    report: Report | None = None
    receipt: ReceiptRequest | None = None
    unsubscribe: Unsubscribe = field(default_factory=Unsubscribe)
    check: SenderCheck = field(default_factory=SenderCheck)
    list_id: str = ""
    answers: bool = False
    newer: int | None = None
    older: int | None = None
    section: str = ""
    trusted: bool = False
    trust_withheld: bool = False
    keywords: bool = False
    read_only: bool = False
    alerts: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=())

    @property
    def starred(self) -> bool:
        return "\\flagged" in self.flags

    @property
    def muted(self) -> bool:
        return "$muted" in self.flags
