"""Putting a message into a folder, and taking one out that is surely the one that is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.imap.errors import CommandError
from webmail.imap.operations import delete_for_ever
from webmail.imap.session import Session
from webmail.imap.types import AppendUid, Fetched, SearchResult

from ..errors import QuotaError
from ..reading.folders import counts_changed
from ..reading.selecting import session_of, wire_name, with_selected
from ..reading.summary import Place

TOGETHER: Final = 64 * 1024
# A message up to here is written in memory, a larger one to a file that has no name.
IN_MEMORY: Final = 1024 * 1024
FLAGS: Final = ("\\Draft", "\\Seen")
_MISSING: Final = frozenset({"TRYCREATE", "NONEXISTENT"})


def spooled() -> BinaryIO:
    return cast("BinaryIO", SpooledTemporaryFile(IN_MEMORY))


@contextmanager
def writing_to(access: Access, folder: str) -> Iterator[Session]:
    """A session for it, where a full mailbox is told as QuotaError."""
    with session_of(access, folder) as session:
        try:
            yield session
        except CommandError as error:
            if is_full(error):
                raise QuotaError(error.text) from error
            raise


def append_command(
    session: Session, folder: str, message: BinaryIO, size: int, flags: Iterable[str]
) -> imap.Command[AppendUid | None]:
    message.seek(0)
    # What is small goes in the same write as its command; what is large is read as it goes.
    body = message.read(size) if size <= TOGETHER else message
    return imap.append(wire_name(session, folder), body, size=size, flags=flags)


def is_missing(answer: Any) -> bool:
    """The folder that was appended to is not there (Courier says nothing but NO)."""
    return isinstance(answer, CommandError) and answer.code in _MISSING


def is_full(answer: Any) -> bool:
    if not isinstance(answer, CommandError):
        return False
    return answer.code == "OVERQUOTA" or (not answer.code and "quota" in answer.text.lower())


def look() -> imap.Command[None]:
    """Some servers notice new messages, our own included, only when they are given the occasion."""
    return imap.noop()


def with_id(message_id: str) -> imap.Command[SearchResult]:
    """Who in the selected folder has this Message-ID? Without its brackets, which Courier does not find."""
    return imap.search(criteria.header("Message-ID", message_id) & criteria.UNDELETED)


def those_with_id(session: Session, folder: str, message_id: str) -> tuple[int, ...]:
    """Their UIDs, the folder selected. Raises FolderNotFoundError."""
    found: SearchResult
    *_, found = with_selected(session, folder, look(), with_id(message_id))
    return found.numbers


def is_ours(session: Session, place: Place, message_id: str) -> bool:
    """The message there, its folder selected, has this Message-ID."""
    item = imap.header_fields("MESSAGE-ID")
    _, found = session.run(look(), imap.fetch([place.uid], (imap.UID, item)))
    return any(data.uid == place.uid and f"<{message_id}>" in _header(data) for data in found)


def removed(session: Session, uids: Iterable[int]) -> None:
    """From the selected folder; on a server that can't expunge just these they stay, marked \\Deleted."""
    delete_for_ever(session, uids)
    counts_changed(session.notes)


def _header(data: Fetched) -> str:
    return b"".join(value or b"" for value in data.sections.values()).decode("ascii", "replace")
