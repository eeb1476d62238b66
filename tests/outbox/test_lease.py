"""Who may go on when somebody else thinks it is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from tests.outbox.conftest import mails
from webmail.mailbox import writing
from webmail.outbox import changing, listing, submitting
from webmail.outbox.lease import LeaseLostError, leased
from webmail.outbox.models import Outgoing
from webmail.outbox.worker import take_due
from webmail.outbox.working import work


@pytest.fixture
def waiting(desk, server):
    """(server, entry) of a message for later."""
    smtp = server()
    return smtp, desk.send(at=timezone.now() + timedelta(hours=1))


def test_one_lease_at_a_time(waiting):
    _, entry = waiting
    with leased(entry.pk, Q()) as first, leased(entry.pk, Q()) as second:
        assert first is not None
        assert second is None
    with leased(entry.pk, Q()) as third:
        assert third is not None


def test_one_that_has_ended_changes_nothing(waiting):
    _, entry = waiting
    with leased(entry.pk, Q()) as job:
        Outgoing.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        with leased(entry.pk, Q()) as other:
            assert other is not None
            with pytest.raises(LeaseLostError):
                job.commit(state="done")
    assert Outgoing.objects.get().state == "queued"


def test_who_was_overtaken_hands_nothing_over(waiting, monkeypatch, later):
    """Asleep for a minute before the content: by then somebody else has sent it."""
    smtp, _ = waiting
    real = submitting.submit

    def asleep(*given, handing_over, **options):
        def overtaken():
            Outgoing.objects.update(lease="somebody else's")
            handing_over()

        return real(*given, handing_over=overtaken, **options)

    monkeypatch.setattr(submitting, "submit", asleep)
    later(hours=2)
    assert mails(smtp) == []
    assert Outgoing.objects.get().state == "submitting"
    monkeypatch.setattr(submitting, "submit", real)
    Outgoing.objects.update(lease_until=None)
    assert take_due() == 1
    assert len(mails(smtp)) == 1
    assert Outgoing.objects.get().state == "done"


def test_an_answer_that_comes_late_is_the_truth(waiting, monkeypatch, later, desk):
    """Somebody has written "unknown" already, since the lease had ended."""
    smtp, entry = waiting
    real = submitting.submit

    def slow(*given, **options):
        outcome = real(*given, **options)
        Outgoing.objects.update(state="unknown", reason="lost", steps="keep")
        return outcome

    monkeypatch.setattr(submitting, "submit", slow)
    later(hours=2)
    assert len(mails(smtp)) == 1
    assert listing.entry(person=desk.access.person, pk=entry.pk).phase == "sent"
    assert len(desk.sent()) == 1


def test_while_it_is_taken_back_no_worker_takes_it(waiting, monkeypatch, desk):
    smtp, entry = waiting
    real = writing.save_draft

    def meanwhile(**given):
        Outgoing.objects.update(next_try=timezone.now())
        work(entry.pk)
        return real(**given)

    monkeypatch.setattr(writing, "save_draft", meanwhile)
    changing.undo(access=desk.access, pk=entry.pk)
    assert take_due() == 0
    assert mails(smtp) == []


def test_a_database_that_is_away_for_a_moment_forgets_no_answer(waiting, monkeypatch, later, desk):
    smtp, entry = waiting
    real, failures = submitting._accept, [OperationalError("locked"), OperationalError("locked")]
    monkeypatch.setattr(submitting, "PAUSES", (0, 0, 0))
    # The connection of a test's own transaction must stay.
    monkeypatch.setattr(submitting.connection, "close", lambda: None)

    def locked(*given):
        if failures:
            raise failures.pop()
        real(*given)

    monkeypatch.setattr(submitting, "_accept", locked)
    later(hours=2)
    assert listing.entry(person=desk.access.person, pk=entry.pk).phase == "sent"
    assert len(mails(smtp)) == len(desk.sent()) == 1


@pytest.mark.parametrize(("damage", "phase"), [("gone", "waiting"), ("changed", "refused")])
def test_a_message_whose_file_cannot_be_read(waiting, later, desk, settings, damage, phase):
    """Nothing of it is sent; the text is not lost."""
    smtp, entry = waiting
    (file,) = settings.OUTBOX_DIR.iterdir()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    later(hours=2)
    told = listing.entry(person=desk.access.person, pk=entry.pk)
    assert told.phase in (phase, "unknown")
    assert mails(smtp) == []
    if told.phase == "waiting":
        changing.cancel(access=desk.access, pk=entry.pk)
    assert len(desk.sent("Drafts")) == 1
