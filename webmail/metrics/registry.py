"""Every counter and histogram. Their labels have few values, and all of those stand in the program itself."""

from __future__ import annotations

from typing import Final

import prometheus_client as prometheus
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

prometheus.disable_created_metrics()
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_PAGE_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WIRE_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS: Final = Counter(
    "ekorn_requests",
    "Requests, by the name of their view and the class of their status.",
    ["view", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS: Final = Histogram(
    "ekorn_request_seconds",
    "Until the response began, by the name of the view.",
    ["view"],
    buckets=_PAGE_SECONDS,
    registry=REGISTRY,
)
IMAP_SECONDS: Final = Histogram(
    "ekorn_imap_command_seconds",
    "From a command, or from the answer to the one before it in the same write, until its own answer.",
    ["command"],
    buckets=_WIRE_SECONDS,
    registry=REGISTRY,
)
IMAP_REFUSED: Final = Counter(
    "ekorn_imap_refused", "IMAP commands answered with NO or BAD.", ["command", "status"], registry=REGISTRY
)
IMAP_CONNECTS: Final = Counter(
    "ekorn_imap_connects", "Connections to the mail server that were tried.", ["result"], registry=REGISTRY
)
SMTP_SECONDS: Final = Histogram(
    "ekorn_smtp_seconds",
    "Handing in one message, from connecting until the server has decided.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180),
    registry=REGISTRY,
)
SENDS: Final = Counter("ekorn_sends", "What became of tries to send a message.", ["state"], registry=REGISTRY)
SIGN_INS: Final = Counter("ekorn_sign_ins", "Tries to sign in, by result.", ["result"], registry=REGISTRY)
SANITISER_SECONDS: Final = Histogram(
    "ekorn_sanitiser_seconds",
    "Cleaning one HTML text.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
SANITISER_REFUSED: Final = Counter(
    "ekorn_sanitiser_refused",
    "HTML that was shown as text, by the guard that tripped.",
    ["reason"],
    registry=REGISTRY,
)
UPLOADS: Final = Counter("ekorn_uploads", "Files attached, by result.", ["result"], registry=REGISTRY)
UPLOADED: Final = Counter("ekorn_uploaded_octets", "Octets of files attached.", registry=REGISTRY)

OWN: Final = (
    REQUESTS,
    REQUEST_SECONDS,
    IMAP_SECONDS,
    IMAP_REFUSED,
    IMAP_CONNECTS,
    SMTP_SECONDS,
    SENDS,
    SIGN_INS,
    SANITISER_SECONDS,
    SANITISER_REFUSED,
    UPLOADS,
    UPLOADED,
)


def exposition() -> bytes:
    """All of it in Prometheus' text format, version 0.0.4."""
    return prometheus.generate_latest(REGISTRY)
