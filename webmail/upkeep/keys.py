"""The line CREDENTIAL_KEYS of an environment file: "id:base64 of 32 bytes", with commas between, the first in use."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from django.utils import timezone

from webmail.sealed import HALF_BYTES, server_halves

_NAME: Final = "CREDENTIAL_KEYS"


def add(place: Path) -> str:
    """A new one, last: known before it is used. Its name. Raises OSError."""
    entries = _read(place)
    taken = {_id(entry) for entry in entries}
    day = f"k{timezone.now():%Y%m%d}"
    name = next(name for name in (day, *(f"{day}{letter}" for letter in "bcdefghij")) if name not in taken)
    _write(place, [*entries, f"{name}:{base64.b64encode(secrets.token_bytes(HALF_BYTES)).decode()}"])
    return name


def use(place: Path) -> str:
    """The last becomes the first; its name. Raises OSError, and ValueError where this program knows it not yet."""
    *former, last = _read(place)
    if _id(last) not in {key_id for key_id, _ in server_halves()}:
        raise ValueError(f"{_id(last)} is not known here yet: run this with the settings of {place}.")
    _write(place, [last, *former])
    return _id(last)


def remove(place: Path, *, needed: Collection[str]) -> tuple[str, ...]:
    """All but the first and those that are needed; the names of those taken out. Raises OSError, ValueError."""
    first, *others = _read(place)
    if _id(first) != server_halves()[0][0]:
        raise ValueError(f"{_id(first)} comes first in {place}, but is not in use yet.")
    _write(place, [first, *(entry for entry in others if _id(entry) in needed)])
    return tuple(_id(entry) for entry in others if _id(entry) not in needed)


def _id(entry: str) -> str:
    return entry.partition(":")[0]


def _read(place: Path) -> list[str]:
    """Those in use now where the file says nothing."""
    for line in place.read_text().splitlines():
        name, _, value = line.partition("=")
        if name.strip() == _NAME and value.strip(" '\""):
            return [entry.strip() for entry in value.strip(" '\"").split(",") if entry.strip()]
    return [f"{key_id}:{base64.b64encode(half).decode()}" for key_id, half in server_halves()]


def _write(place: Path, entries: Iterable[str]) -> None:
    """Whole or not at all, with the owner and rights that it had."""
    line = f"{_NAME}={','.join(entries)}"
    former = place.read_text().splitlines()
    kept = [other for other in former if other.partition("=")[0].strip() != _NAME]
    fresh = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    about = place.stat()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join([*kept, line, ""]))
            file.flush()
            os.fsync(file.fileno())
        if os.geteuid() == 0:
            os.chown(fresh, about.st_uid, about.st_gid)
        fresh.chmod(about.st_mode & 0o777)
        fresh.replace(place)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
