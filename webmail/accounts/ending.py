"""Where a sign-in ends, in whichever process, nothing of it stays open in this one."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Final

from django.db import DatabaseError, close_old_connections
from django.dispatch import receiver

from webmail.signins.ending import Follower, ended

from . import connections

LOOK_SECONDS: Final = 3.0


@receiver(ended)
def end_here(sender: object, *, person_id: int, **_: object) -> None:  # noqa: ARG001 - Django's
    connections.drain(str(person_id))


def follow() -> None:
    """Ends here, within seconds, what other processes ended; in a thread, until the process ends."""
    threading.Thread(target=_follow, name="sign-ins-ended", daemon=True).start()


def _follow() -> None:
    follower, wait = Follower(), threading.Event()
    while not wait.wait(LOOK_SECONDS):
        if not connections.has_open():
            continue
        # What can't be asked now is asked the next time.
        with suppress(DatabaseError):
            close_old_connections()
            for person_id in follower.news():
                connections.drain(str(person_id))
