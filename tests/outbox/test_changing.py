"""Undo, later, cancel: against the worker, at any moment, either it is done or the message went its way."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest
from django.db.models import Q
from django.utils import timezone

from tests.outbox.conftest import SECRET, mails
from webmail.mailbox.errors import MailServerError
from webmail.outbox import changing, listing
from webmail.outbox.errors import TooLateError
from webmail.outbox.lease import leased
from webmail.outbox.models import Outgoing
from webmail.outbox.worker import take_due


@pytest.fixture
def held(desk):
    desk.access.person.undo_seconds = 10
    desk.access.person.save()
    return desk


class TestUndo:
    def test_it_is_held_then_sent_without_anybody_there(self, held, server, later):
        smtp = server()
        entry = held.send()
        assert entry.phase == "held"
        assert timedelta(seconds=9) < entry.not_before - timezone.now() <= timedelta(seconds=10)
        assert take_due() == 0
        assert mails(smtp) == []
        assert later(seconds=11) == 1
        assert listing.entry(person=held.access.person, pk=entry.pk).state == "done"
        assert len(mails(smtp)) == len(held.sent()) == 1

    def test_undone_it_is_to_be_edited_and_in_drafts(self, held, server, later):
        smtp = server()
        composition = held.write()
        entry = held.send(composition)
        back = changing.undo(access=held.access, pk=entry.pk)
        assert SECRET in back.text
        assert back.message_id != composition.message_id
        (draft,) = held.sent("Drafts")
        assert back.message_id.encode() in draft
        assert changing.undo(access=held.access, pk=entry.pk) == back
        assert later(hours=1) == 0
        # A press of Send that was slow on its way sends nothing now.
        assert held.send(composition).phase == "cancelled"
        assert mails(smtp) == []
        assert held.send(back).phase == "held"
        assert later(seconds=11) == 1
        assert len(mails(smtp)) == len(held.sent()) == 1
        assert held.sent("Drafts") == []

    def test_undone_while_the_mail_server_is_away(self, held, server, settings, monkeypatch):
        server()
        entry = held.send()

        def away(**_given):
            raise MailServerError("down")

        monkeypatch.setattr("webmail.mailbox.writing.save_draft", away)
        assert SECRET in changing.undo(access=held.access, pk=entry.pk).text

    def test_too_late(self, held, server, later):
        server()
        entry = held.send()
        later(seconds=11)
        with pytest.raises(TooLateError):
            changing.undo(access=held.access, pk=entry.pk)

    def test_never_while_somebody_sends_it(self, held, server):
        server()
        entry = held.send()
        with leased(entry.pk, Q()) as job:
            assert job
            with pytest.raises(TooLateError):
                changing.undo(access=held.access, pk=entry.pk)

    def test_send_now(self, held, server):
        smtp = server()
        entry = held.send()
        assert changing.retry(access=held.access, pk=entry.pk).phase == "sent"
        assert len(mails(smtp)) == 1


class TestLater:
    def test_its_date_is_when_it_goes(self, desk, server, later, settings):
        smtp = server()
        at = timezone.now().replace(microsecond=0) + timedelta(hours=5)
        entry = desk.send(at=at)
        assert (entry.phase, entry.not_before) == ("scheduled", at)
        at += timedelta(days=1)
        entry = changing.reschedule(access=desk.access, pk=entry.pk, at=at)
        assert (entry.phase, entry.not_before) == ("scheduled", at)
        assert later(hours=6) == 0
        assert later(hours=24) == 1
        (content,) = mails(smtp)
        assert parsedate_to_datetime(message_from_bytes(content)["Date"]) == at
        assert len(desk.sent()) == 1
        assert not any(settings.OUTBOX_DIR.iterdir())

    def test_undo_has_no_say_in_it(self, desk, server):
        server()
        desk.access.person.undo_seconds = 30
        at = timezone.now() + timedelta(hours=5)
        assert desk.send(at=at).not_before == at

    def test_not_sent_after_all(self, desk, server, later):
        smtp = server()
        entry = desk.send(at=timezone.now() + timedelta(hours=5))
        changing.cancel(access=desk.access, pk=entry.pk)
        assert listing.entries(person=desk.access.person) == ()
        assert later(hours=6) == 0
        assert mails(smtp) == []
        assert len(desk.sent("Drafts")) == 1

    def test_what_cannot_be_kept_is_not_cancelled(self, desk, server, monkeypatch):
        server()
        entry = desk.send(at=timezone.now() + timedelta(hours=5))

        def away(**_given):
            raise MailServerError("down")

        monkeypatch.setattr("webmail.mailbox.writing.save_draft", away)
        with pytest.raises(MailServerError):
            changing.cancel(access=desk.access, pk=entry.pk)
        assert listing.entry(person=desk.access.person, pk=entry.pk).phase == "scheduled"

    def test_credentials_whose_time_has_run_out_open_nothing(self, desk, server, later):
        """No worker ran for a day; the text is kept until its writer is here."""
        smtp = server()
        entry = desk.send(at=timezone.now() + timedelta(hours=1))
        Outgoing.objects.update(credentials_until=timezone.now() - timedelta(hours=1))
        assert later(hours=2) == 1
        entry = listing.entry(person=desk.access.person, pk=entry.pk)
        assert (entry.phase, entry.reason, entry.has_text) == ("refused", "expired", True)
        assert "AUTH" not in smtp.names
        changing.resume(access=desk.access)
        entry = listing.entry(person=desk.access.person, pk=entry.pk)
        assert (entry.phase, entry.reason, entry.has_text) == ("refused", "expired", False)
        assert len(desk.sent("Drafts")) == 1

    def test_a_time_that_was_tampered_with_opens_nothing(self, desk, server, later):
        smtp = server()
        entry = desk.send(at=timezone.now() + timedelta(hours=1))
        Outgoing.objects.update(credentials_until=timezone.now() + timedelta(days=99))
        later(hours=2)
        assert listing.entry(person=desk.access.person, pk=entry.pk).phase == "refused"
        assert "AUTH" not in smtp.names

    def test_somebody_who_may_no_longer_sign_in(self, desk, server, later):
        smtp = server()
        desk.send(at=timezone.now() + timedelta(hours=1))
        desk.access.person.is_active = False
        desk.access.person.save()
        later(hours=2)
        assert "AUTH" not in smtp.names
