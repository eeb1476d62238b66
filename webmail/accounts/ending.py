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
    follower: Follower | None = None
    wait = threading.Event()
    while True:
        # What can't be asked now is asked the next time.
        with suppress(DatabaseError):
            close_old_connections()
            if follower is None:
                follower = Follower()
            elif connections.has_open():
                for person_id in follower.news():
                    connections.drain(str(person_id))
        wait.wait(LOOK_SECONDS)
