"""Forgetting: what was sent long ago, and files that no row knows."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.db.models import Q

from webmail.mailbox import writing
from webmail.sealed import UnsealError

from .listing import SHOWN_AFTER
from .models import Outgoing
from .sealing import open_letter, remove_message

State = Outgoing.State
# Until then a form that somebody left open can't send its message a second time.
ROWS_KEPT: Final = timedelta(days=60)
UNDONE_KEPT: Final = timedelta(days=1)
UPLOADS_KEPT: Final = timedelta(days=14)
_ORPHANED_AFTER: Final = 24 * 3600
_BATCH: Final = 1000
_ENDED = (State.ACCEPTED, State.FILED, State.DONE, State.REFUSED, State.UNKNOWN, State.CANCELLED)


class Swept(NamedTuple):
    """How many messages were emptied of what was sealed, rows deleted, files and uploads removed."""

    emptied: int
    deleted: int
    files: int
    uploads: int


def sweep(now: datetime) -> Swept:
    ended = Outgoing.objects.filter(state__in=_ENDED, lease_until=None)
    old = Q(finished__lt=now - SHOWN_AFTER) | Q(state=State.CANCELLED, finished__lt=now - UNDONE_KEPT)
    # The text of what could not go out stays until it is in Drafts, however long that takes.
    finished = ended.filter(old).exclude(steps="keep").exclude(letter="", file="", notes="")
    emptied = sum(_emptied(row) for row in finished.iterator(100))
    gone = ended.filter(finished__lt=now - ROWS_KEPT).exclude(steps="keep")
    deleted = 0
    while keys := list(gone.values_list("pk", flat=True)[:_BATCH]):
        Outgoing.objects.filter(pk__in=keys).delete()
        deleted += len(keys)
    files = _sweep_files()
    _keep_what_waits()
    return Swept(emptied, deleted, files, writing.sweep_uploads(older_than=UPLOADS_KEPT.total_seconds()))


def _emptied(row: Outgoing) -> int:
    remove_message(row.file)
    row.deliveries.all().delete()
    return Outgoing.objects.filter(pk=row.pk, lease_until=None).update(
        dismissed=True, letter="", file="", credentials="", notes="", steps="", next_try=None
    )


def _sweep_files() -> int:
    limit, gone = time.time() - _ORPHANED_AFTER, 0
    for path in Path(settings.OUTBOX_DIR).glob("*"):
        with suppress(OSError):
            if path.stat().st_mtime < limit and not Outgoing.objects.filter(file=path.name).exists():
                path.unlink()
                gone += 1
    return gone


def _keep_what_waits() -> None:
    """The files of what is to be sent later, which may be taken back until then."""
    for row in Outgoing.objects.filter(state=State.QUEUED).select_related("person").iterator(100):
        with suppress(UnsealError):
            files = open_letter(row).composition.attachments
            writing.keep_on(row.person, (attached.token for attached in files))
