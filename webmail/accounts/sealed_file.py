"""Files at rest: what somebody attached, and a message on its way out. Sealed in pieces, so that size costs no memory.

AES-GCM under a key of the server's secret, the file's own salt and its owner: the disk or a backup alone opens nothing.
Unlike credentials they need no half from the browser, since a message goes out after its page was closed. Each piece
is bound to its place and to being the last (the STREAM construction, Hoang et al. 2015), so none can be left out.
"""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import Any, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from webmail.sealed import UnsealError, server_halves

PIECE = 64 * 1024
_TAG = 16
_LONGEST = 1000
_SALT = 16


class SealedWriter:
    """Writes `path` for `owner` (a text such as "12/upload/ab34"). It is there, whole, when the block ends well."""

    def __init__(self, path: Path, *, owner: str) -> None:
        key_id, half = server_halves()[0]
        salt = os.urandom(_SALT)
        self.size = 0
        self._path, self._buffer, self._number = path, bytearray(), 0
        self._cipher = _cipher(half, salt, owner)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._unfinished = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        descriptor = os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(key_id.encode() + b"\n" + salt)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._file.close()
            self._unfinished.unlink(missing_ok=True)
            return
        self._seal(bytes(self._buffer), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._unfinished.replace(self._path)

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self._buffer += data
        # One piece always stays, since the last one is sealed differently.
        while len(self._buffer) > PIECE:
            self._seal(bytes(self._buffer[:PIECE]), last=False)
            del self._buffer[:PIECE]
        return len(data)

    def _seal(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), data, None))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads it again, from the beginning on. `size` is in octets of what was written. Raises UnsealError."""

    def __init__(self, path: Path, *, owner: str) -> None:
        self._file = path.open("rb")
        key_id = self._file.readline(_LONGEST).decode("utf_8", "replace").rstrip("\n")
        salt = self._file.read(_SALT)
        half = dict(server_halves()).get(key_id)
        if half is None or len(salt) < _SALT:
            self._file.close()
            raise UnsealError
        self._cipher = _cipher(half, salt, owner)
        sealed = os.fstat(self._file.fileno()).st_size - self._file.tell()
        self._pieces = max(1, -(-sealed // (PIECE + _TAG)))
        self.size = sealed - self._pieces * _TAG
        self._number, self._ready = 0, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._ready and self._number < self._pieces:
            self._ready = memoryview(self._next())
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _next(self) -> bytes:
        last = self._number == self._pieces - 1
        try:
            data = self._cipher.decrypt(_nonce(self._number, last=last), self._file.read(PIECE + _TAG), None)
        except (InvalidTag, ValueError) as error:
            raise UnsealError from error
        self._number += 1
        return data


def open_sealed(path: Path, *, owner: str) -> BinaryIO:
    """Buffered, for whoever reads in small bites."""
    return io.BufferedReader(SealedReader(path, owner=owner), PIECE)


def key_id_of_file(path: Path) -> str:
    """Which key it was sealed with. Raises OSError."""
    with path.open("rb") as file:
        return file.readline(_LONGEST).decode("utf_8", "replace").rstrip("\n")


def reseal_file(path: Path, *, owner: str) -> bool:
    """Seals it with the newest key, where it is not; its time stays. Raises UnsealError, OSError."""
    if key_id_of_file(path) == server_halves()[0][0]:
        return False
    about = path.stat()
    with open_sealed(path, owner=owner) as former, SealedWriter(path, owner=owner) as fresh:
        shutil.copyfileobj(former, fresh, PIECE)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    return True


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(half: bytes, salt: bytes, owner: str) -> AESGCM:
    info = f"ekorn file 1\0{owner}".encode()
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=salt, info=info).derive(half))
