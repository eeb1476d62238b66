"""Files of a form, sealed piece by piece as they arrive: none lies in memory, or in clear on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from webmail.accounts.access import access_of
from webmail.accounts.errors import SignInEndedError
from webmail.mailbox.errors import WritingError
from webmail.mailbox.writing import Attached, Incoming


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What the form's `FILES` holds: it was kept already."""

    attached: Attached

    def close(self) -> None:
        """Django closes what it finds there."""


class IncomingFiles(FileUploadHandler):
    """To be put into `request.upload_handlers` before anything reads the form. `refused` are the names of files that
    were not kept, each with why; `strangers` those of somebody who is not signed in."""

    chunk_size = 64 * 1024

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.refused: list[tuple[str, WritingError]] = []
        self.strangers: list[str] = []
        # Django closes a handler's `file` when the upload breaks off.
        self.file = _Open()
        self._taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        name = self.file_name or ""
        try:
            access = access_of(self.request)  # type: ignore[arg-type]  # the stubs know it as optional
        except SignInEndedError:
            self.strangers.append(name)
            raise SkipFile from None
        kind = self.content_type or ""
        self.file = _Open(Incoming(access=access, filename=name, type=kind, beside=self._taken))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        del start
        try:
            self.file.write(raw_data)
        except WritingError as error:
            self.refused.append((self.file_name or "", error))
            self.file.close()
            raise SkipFile from error

    def file_complete(self, file_size: int) -> Any:
        del file_size
        attached = self.file.finish()
        if attached is None:
            return None
        self._taken += attached.size
        return KeptFile(attached)


def incoming_files(request: HttpRequest) -> IncomingFiles:
    """The one that the view has put there."""
    (handler,) = request.upload_handlers
    assert isinstance(handler, IncomingFiles)
    return handler


class _Open:
    """An Incoming whose block was entered; without one, what takes nothing."""

    def __init__(self, incoming: Incoming | None = None) -> None:
        self._incoming = incoming.__enter__() if incoming else None

    def write(self, chunk: bytes) -> None:
        if self._incoming:
            self._incoming.write(chunk)

    def finish(self) -> Attached | None:
        incoming, self._incoming = self._incoming, None
        if incoming is None:
            return None
        incoming.__exit__(None, None, None)
        return incoming.stored.attached

    def close(self) -> None:
        """Nothing is kept; a second time does nothing."""
        incoming, self._incoming = self._incoming, None
        if incoming is not None:
            incoming.__exit__(WritingError, None, None)
