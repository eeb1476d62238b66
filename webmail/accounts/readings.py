"""This process's pool and streams, as metrics. Neither is made for being looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from webmail.imap.stats import PoolStats
from webmail.live.hub import HubStats
from webmail.metrics import Reading

from . import connections

_NO_POOL: Final = PoolStats(**{field.name: 0 for field in fields(PoolStats)})


def pool_readings() -> Iterator[Reading]:
    running = connections.running_pool()
    now = running.stats() if running else _NO_POOL
    yield Reading("ekorn_pool_people", "People with connections to the mail server.", now.people)
    yield Reading(
        "ekorn_pool_connections",
        "Signed-in connections to the mail server.",
        {"borrowed": now.borrowed, "idle": now.idle},
        label="state",
    )
    yield Reading("ekorn_pool_waiting", "Requests that wait for a connection.", now.waiting)
    yield Reading("ekorn_pool_cached_octets", "What is remembered of people's mail.", now.cached_octets)
    yield Reading(
        "ekorn_pool_events",
        "Borrows and what became of them.",
        {
            "opened": now.opened_total,
            "reused": now.reused_total,
            "retried": now.retried_total,
            "waited": now.waited_total,
            "refused": now.refused_total,
            "lost": now.lost_total,
        },
        label="event",
        grows=True,
    )


def stream_readings() -> Iterator[Reading]:
    running = connections.running_hub()
    now = running.stats() if running else HubStats(people=0, streams=0)
    yield Reading("ekorn_streams", "Open pages that are told of news.", now.streams)
    yield Reading("ekorn_watched_people", "People whose mailboxes are watched.", now.people)
