"""Attached files sealed with the server's newest key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from webmail.accounts.sealed_file import key_id_of_file, reseal_file
from webmail.sealed import Resealed, UnsealError

from .uploads import owner_of


def reseal() -> Resealed:
    """Those of everybody. A file that goes meanwhile is none."""
    changed = lost = 0
    for path in _files():
        try:
            changed += reseal_file(path, owner=owner_of(path.parent.name, path.name))
        except UnsealError:
            lost += 1
        except OSError:
            continue
    return Resealed(changed, lost)


def key_ids() -> Iterator[str]:
    """Of the keys that they are sealed with, one for each file."""
    for path in _files():
        with suppress(OSError):
            yield key_id_of_file(path)


def _files() -> Iterator[Path]:
    return (path for path in Path(settings.UPLOAD_DIR).glob("*/*") if not path.name.startswith("."))
