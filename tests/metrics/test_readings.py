"""What is looked up when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.front.conftest import kari, pool, visitor
from tests.front.visitor import Visitor
from tests.servers.dovecot import MailUser
from webmail.metrics import Reading, readings, snapshot, watch
from webmail.metrics.registry import exposition

__all__ = ["kari", "pool", "visitor"]


@pytest.fixture(autouse=True)
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "_cheap", dict(readings._cheap))
    monkeypatch.setattr(readings, "_costly", dict(readings._costly))


def test_one_that_fails_leaves_the_others() -> None:
    def away() -> Iterator[Reading]:
        yield Reading("ekorn_test_half", "Half.", 1)
        raise OSError("the database is away")

    watch("away", away)
    watch("there", lambda: [Reading("ekorn_test_there", "There.", 2)])
    text = exposition().decode()
    assert "ekorn_test_there 2.0" in text
    assert "ekorn_test_half" not in text


def test_what_is_costly_is_not_in_a_snapshot() -> None:
    watch("costly", lambda: [Reading("ekorn_test_costly", "Asks.", {"a": 3}, label="state")], costly=True)
    assert 'ekorn_test_costly{state="a"} 3.0' in exposition().decode()
    assert "test_costly:a" not in snapshot()


def test_pool_streams_and_sign_ins(kari: Visitor, mail_user: MailUser) -> None:
    earlier = snapshot()
    kari.sign_in(mail_user)
    kari.list()
    kari.post("/sign-in/", username=mail_user.name, password="wrong")
    later = snapshot()
    assert later["pool_people"] == 1
    assert later["pool_connections:idle"] >= 1
    assert later["streams"] == 0
    assert later["pool_events_total:reused"] >= 1
    for result in ("accepted", "wrong"):
        assert later[f"sign_ins_total:{result}"] == earlier.get(f"sign_ins_total:{result}", 0) + 1


@pytest.mark.django_db
def test_what_waits_to_be_sent() -> None:
    text = exposition().decode()
    assert 'ekorn_outbox_waiting{state="queued"} 0.0' in text
    assert "ekorn_outbox_overdue_seconds 0.0" in text
