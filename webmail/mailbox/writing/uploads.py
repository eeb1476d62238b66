"""Files that a person attached, kept sealed until the message is gone: UPLOAD_DIR/<person>/<token>.

What a file holds: the length of its head (4 octets), the head as JSON (name, type, whether it is inline), its octets.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final, Self

from django.conf import settings

from webmail.accounts.access import Access
from webmail.accounts.models import Person
from webmail.accounts.sealed_file import SealedReader, SealedWriter, open_sealed
from webmail.mail.filename import safe_filename
from webmail.mail.sniff import inline_type
from webmail.metrics.registry import UPLOADED, UPLOADS
from webmail.sealed import UnsealError

from ..errors import PartNotFoundError, TooLargeError, UploadQuotaError
from ..reading.download import SNIFF_OCTETS, Download, part, source
from .composition import Attached, Received

CHUNK: Final = 64 * 1024
QUOTA_MESSAGES: Final = 20
UNKNOWN_TYPE: Final = "application/octet-stream"
_LENGTH: Final = 4
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")


@dataclass(frozen=True, slots=True)
class Stored:
    """An upload that is here; `size` in octets."""

    path: Path
    owner: str
    attached: Attached
    offset: int

    @property
    def size(self) -> int:
        return self.attached.size

    def open(self) -> BinaryIO:
        """Its octets from the first. Raises PartNotFoundError where it was swept meanwhile."""
        try:
            file = open_sealed(self.path, owner=self.owner)
            file.read(self.offset)
        except (OSError, UnsealError) as error:
            raise PartNotFoundError from error
        return file


def upload(
    *,
    access: Access,
    filename: str,
    type: str,  # noqa: A002 (RFC 2045's word)
    chunks: Iterable[bytes],
    inline: bool = False,
    beside: int = 0,
) -> Attached:
    """Keeps a file as it arrives. `beside`: octets that the message has already.

    Raises TooLargeError, UploadQuotaError; then nothing is kept.
    """
    token = secrets.token_urlsafe(24)
    return store(
        access, token, filename=filename, type_=type, chunks=chunks, inline=inline, beside=beside
    ).attached


def open_upload(*, access: Access, token: str) -> Download:
    """For taking a look at what was attached, also where it is still a part of a received message.

    Raises PartNotFoundError for what is not there or another's.
    """
    received = received_by(token)
    if received is not None:
        return open_received(access, received)
    stored = find(access, token)
    file = stored.open()
    head = file.read(SNIFF_OCTETS)
    attached = stored.attached
    return Download(
        attached.filename,
        attached.type,
        inline_type(attached.type, head),
        attached.size,
        _read(file, head),
    )


def open_received(access: Access, received: Received) -> Download:
    """The octets of a part, or of the whole message, from the mailbox. Raises as `reading.part` does."""
    folder, uid_validity, uid = received.place.folder, received.place.uid_validity, received.place.uid
    if not received.section:
        return source(access=access, folder=folder, uid_validity=uid_validity, uid=uid)
    return part(
        access=access,
        folder=folder,
        uid_validity=uid_validity,
        uid=uid,
        section=received.section,
        index=received.index,
    )


def drop_upload(*, access: Access, token: str) -> None:
    """Nothing happens for one that is gone already, or in the mailbox. Raises PartNotFoundError for no token."""
    if received_by(token) is None:
        _path(access.person, token).unlink(missing_ok=True)


def sweep_uploads(*, older_than: float) -> int:
    """Forgets what nobody has saved or sent for so many seconds, of everybody; how many files that were."""
    limit, gone = time.time() - older_than, 0
    for path in Path(settings.UPLOAD_DIR).glob("*/*"):
        with suppress(OSError):
            if path.stat().st_mtime < limit:
                path.unlink()
                gone += 1
    return gone


def received_by(token: str) -> Received | None:
    """Raises PartNotFoundError for what is no token at all."""
    try:
        return Received.of(token)
    except ValueError as error:
        raise PartNotFoundError from error


def settled_token(access: Access, message_id: str, received: str) -> str:
    """The token that a received part gets in this message: always the same, so that taking it over twice, or a page
    that still has the former name, does no harm; and nobody else can know it."""
    said = "\0".join((str(access.person.pk), message_id, received))
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"ekorn upload 1\0{said}".encode(), hashlib.sha256)
    return digest.hex()


class Incoming:
    """A file on its way in, as a `with` block: `write` takes its pieces, and what it is `stored` as is there once the
    block ended well; otherwise nothing is kept. `write` raises TooLargeError, UploadQuotaError."""

    def __init__(
        self,
        *,
        access: Access,
        filename: str,
        type: str,  # noqa: A002 (RFC 2045's word)
        inline: bool = False,
        beside: int = 0,
        token: str = "",
    ) -> None:
        token = token or secrets.token_urlsafe(24)
        type = type.partition(";")[0].strip().lower()  # noqa: A001 (as above)
        type = type if _TYPE.fullmatch(type) else UNKNOWN_TYPE  # noqa: A001
        self._attached = Attached(token, safe_filename(filename, type=type), type, 0, inline)
        self._path, self._owner = _path(access.person, token), owner_of(access.person.pk, token)
        self._size, self._beside = 0, beside
        self._limit = access.domain.attachment_limit
        self._room = QUOTA_MESSAGES * self._limit - _taken(self._path.parent)
        about = {"filename": self._attached.filename, "type": type, "inline": inline}
        self._head = json.dumps(about).encode()

    def __enter__(self) -> Self:
        self._file = SealedWriter(self._path, owner=self._owner)
        self._file.write(len(self._head).to_bytes(_LENGTH, "big") + self._head)
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        self._file.__exit__(kind, *rest)
        UPLOADS.labels("kept" if kind is None else "refused").inc()
        UPLOADED.inc(self._size)

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._beside + self._size > self._limit:
            raise TooLargeError(self._limit)
        if self._size > self._room:
            raise UploadQuotaError(QUOTA_MESSAGES * self._limit)
        self._file.write(chunk)

    @property
    def stored(self) -> Stored:
        attached = replace(self._attached, size=self._size)
        return Stored(self._path, self._owner, attached, _LENGTH + len(self._head))


def store(
    access: Access,
    token: str,
    *,
    filename: str,
    type_: str,
    chunks: Iterable[bytes],
    inline: bool,
    beside: int,
) -> Stored:
    with Incoming(
        access=access, filename=filename, type=type_, inline=inline, beside=beside, token=token
    ) as file:
        for chunk in chunks:
            file.write(chunk)
    return file.stored


def find(access: Access, token: str) -> Stored:
    """Raises PartNotFoundError."""
    path, owner = _path(access.person, token), owner_of(access.person.pk, token)
    try:
        with SealedReader(path, owner=owner) as reader:
            file = io.BufferedReader(reader)
            length = int.from_bytes(file.read(_LENGTH), "big")
            head = json.loads(file.read(length))
            size = reader.size - _LENGTH - length
    except (OSError, UnsealError, ValueError) as error:
        raise PartNotFoundError from error
    attached = Attached(token, head["filename"], head["type"], size, head["inline"])
    return Stored(path, owner, attached, _LENGTH + length)


def keep_on(person: Person, tokens: Iterable[str]) -> None:
    """Not to be swept: somebody still writes with these."""
    for token in tokens:
        if received_by(token) is None:
            with suppress(OSError):
                os.utime(_path(person, token))


def _read(file: BinaryIO, head: bytes) -> Iterator[bytes]:
    with file:
        yield head
        while chunk := file.read(CHUNK):
            yield chunk


def _path(person: Person, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise PartNotFoundError
    return Path(settings.UPLOAD_DIR) / str(person.pk) / token


def owner_of(person: int | str, token: str) -> str:
    """Whom a file is sealed for; `person` is their key, the name of the folder."""
    return f"{person}/upload/{token}"


def _taken(folder: Path) -> int:
    """Octets of all that this person has here."""
    try:
        with os.scandir(folder) as entries:
            return sum(entry.stat().st_size for entry in entries)
    except OSError:
        return 0
