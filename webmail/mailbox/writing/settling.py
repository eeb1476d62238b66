"""Parts of received messages become files of the message that is written, without a way through the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from webmail.accounts.access import Access

from ..errors import (
    AttachmentsGoneError,
    FolderNotFoundError,
    FolderRenumberedError,
    MailServerError,
    MessageNotFoundError,
    PartNotFoundError,
    TooLargeError,
    WritingError,
)
from .composition import Attached, Composition, Received
from .uploads import Stored, find, keep_on, open_received, received_by, settled_token, store

GONE = (PartNotFoundError, MessageNotFoundError, FolderNotFoundError, FolderRenumberedError)


@dataclass(frozen=True, slots=True)
class Settled:
    """`composition` with the files that could be had, `left_out` those that could not; `error` says why. `files` are
    all of them in their order."""

    composition: Composition
    files: tuple[Attached, ...] = ()
    left_out: tuple[Attached, ...] = ()
    error: WritingError | None = None


def settle(*, access: Access, composition: Composition) -> Composition:
    """With uploads only; costs nothing where that is so already.

    Raises AttachmentsGoneError where something isn't there any more, TooLargeError, UploadQuotaError.
    """
    settled = settled_as_far_as_can_be(access, composition)
    if settled.error is not None:
        raise settled.error
    return settled.composition


def settled_as_far_as_can_be(access: Access, composition: Composition) -> Settled:
    files: list[Attached] = []
    gone: list[Attached] = []
    too_large: list[Attached] = []
    error: WritingError | None = None
    beside = 0
    for attached in composition.attachments:
        try:
            file = _settled(access, composition.message_id, attached, beside)
        except MailServerError as refused:
            if refused.reason != "refused":
                raise
            # It says NO to this part, and would again.
            gone.append(attached)
            files.append(attached)
        except GONE:
            gone.append(attached)
            files.append(attached)
        except TooLargeError as found:
            too_large.append(attached)
            files.append(attached)
            error = found
        else:
            files.append(replace(file, inline=attached.inline))
            beside += file.size
    left_out = (*gone, *too_large)
    here = tuple(file for file in files if file not in left_out)
    keep_on(access.person, (file.token for file in here))
    if gone:
        error = AttachmentsGoneError(tuple(attached.filename for attached in gone))
    return Settled(replace(composition, attachments=here), tuple(files), left_out, error)


def _settled(access: Access, message_id: str, attached: Attached, beside: int) -> Attached:
    received = received_by(attached.token)
    if received is None:
        return find(access, attached.token).attached
    token = settled_token(access, message_id, attached.token)
    try:
        stored = find(access, token)
    except PartNotFoundError:
        stored = _fetched(access, token, received, attached, beside)
    return stored.attached


def _fetched(access: Access, token: str, received: Received, attached: Attached, beside: int) -> Stored:
    chunks = open_received(access, received).chunks
    try:
        return store(
            access,
            token,
            filename=attached.filename,
            type_=attached.type,
            chunks=chunks,
            inline=attached.inline,
            beside=beside,
        )
    finally:
        # Where it was too large the connection still holds the rest.
        close: Callable[[], None] = getattr(chunks, "close", lambda: None)
        close()
