"""Parts of received messages become files of the message that is written, without a way through the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from webmail.accounts.access import Access

from ..errors import (
    AttachmentsGoneError,
    FolderNotFoundError,
    FolderRenumberedError,
    MessageNotFoundError,
    PartNotFoundError,
)
from .composition import Attached, Composition, Received
from .uploads import Stored, find, keep_on, open_received, received_by, settled_token, store

GONE = (PartNotFoundError, MessageNotFoundError, FolderNotFoundError, FolderRenumberedError)


def settle(*, access: Access, composition: Composition) -> Composition:
    """With uploads only; costs nothing where that is so already.

    Raises AttachmentsGoneError where something isn't there any more, TooLargeError, UploadQuotaError.
    """
    settled, gone = settled_and_gone(access, composition)
    if gone:
        raise AttachmentsGoneError(tuple(attached.filename for attached in gone))
    return settled


def settled_and_gone(access: Access, composition: Composition) -> tuple[Composition, tuple[Attached, ...]]:
    """(with the files that could be had, those that could not). Raises TooLargeError, UploadQuotaError."""
    here: list[Attached] = []
    gone: list[Attached] = []
    beside = 0
    for attached in composition.attachments:
        try:
            file = _settled(access, composition.message_id, attached, beside)
        except GONE:
            gone.append(attached)
            continue
        here.append(replace(file, inline=attached.inline))
        beside += file.size
    keep_on(access, (file.token for file in here))
    return replace(composition, attachments=tuple(here)), tuple(gone)


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
