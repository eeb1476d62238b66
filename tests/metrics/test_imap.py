"""What the mail server's answers took, seen in the metrics."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest

from tests.imap.scripted import Asked, Scripted, connect
from webmail.imap.commands import noop, select, status
from webmail.imap.errors import NoError
from webmail.metrics import quantile, snapshot
from webmail.metrics.registry import REGISTRY
from webmail.metrics.slow import SLOW
from webmail.metrics.wire import KINDS, imap_answered


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def answered(command: str) -> float:
    return value("ekorn_imap_command_seconds_count", command=command)


def test_every_command_of_a_pipeline() -> None:
    before = answered("NOOP"), answered("STATUS")
    with Scripted() as server:
        connect(server).run(noop(), status("a"), noop(), noop())
    assert (answered("NOOP"), answered("STATUS")) == (before[0] + 3, before[1] + 1)


def test_the_time_of_those_before_is_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three in one write, the clock moves on a second with each look: 3 writes, then answers at 4, 5 and 6."""
    seconds = iter(range(1000))
    # The exchange's own clock: others look at theirs meanwhile.
    clock = SimpleNamespace(monotonic=lambda: float(next(seconds)))
    monkeypatch.setattr("webmail.imap.exchange.time", clock)
    took: list[float] = []
    monkeypatch.setattr(
        "webmail.imap.exchange.imap_answered", lambda words, seconds, status: took.append(seconds)
    )
    with Scripted() as server:
        connection = connect(server)
        took.clear()
        connection.run(noop(), noop(), noop())
    assert took[1:] == [1.0, 1.0]


def test_refusals_by_kind() -> None:
    def no(asked: Asked) -> None:
        asked.no(b"[NONEXISTENT] not here")

    before = value("ekorn_imap_refused_total", command="SELECT", status="NO")
    with Scripted(table={"SELECT": no}) as server, pytest.raises(NoError):
        connect(server).run(select("Hemmeleg"))
    assert value("ekorn_imap_refused_total", command="SELECT", status="NO") == before + 1


def test_labels_are_bounded() -> None:
    before = answered("other")
    imap_answered(("X-NONSENSE",), 0.1, "OK")
    imap_answered(("UID", "X-MORE"), 0.1, "STRANGE")
    assert answered("other") == before + 2
    seen = {
        sample.labels["command"]
        for family in REGISTRY.collect()
        if family.name == "ekorn_imap_command_seconds"
        for sample in family.samples
    }
    assert seen <= KINDS | {"other"}


def test_waiting_for_news_is_not_slow(caplog: pytest.LogCaptureFixture) -> None:
    imap_answered(("IDLE",), 1000.0, "OK")
    assert caplog.text == ""


def test_slow_ones_are_named(caplog: pytest.LogCaptureFixture) -> None:
    imap_answered(("UID", "SEARCH"), SLOW.imap + 1, "OK")
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == f"slow IMAP command: SEARCH took {SLOW.imap + 1:.1f} s"


def test_a_snapshot_tells_what_happened_between() -> None:
    earlier = snapshot()
    for seconds in (0.002, 0.002, 0.002, 0.2):
        imap_answered(("UID", "FETCH"), seconds, "OK")
    later = snapshot()
    assert later["imap_command_seconds_count"] - earlier.get("imap_command_seconds_count", 0) == 4
    assert quantile(0.5, earlier, later) == 0.0025
    assert quantile(0.95, earlier, later) == 0.25
    assert quantile(0.5, later, later) is None
    imap_answered(("UID", "FETCH"), 100.0, "OK")
    assert quantile(0.5, later, snapshot()) == 30.0
