"""What the program makes (answers, receipts) goes the way of all mail, but nobody's text goes to Drafts for it."""

from __future__ import annotations

import io

import pytest
from django.utils import timezone

from tests.outbox.conftest import mails
from webmail.mailbox.writing import Origin
from webmail.outbox import changing, listing
from webmail.outbox.errors import TooManyMessagesError
from webmail.outbox.models import Outgoing
from webmail.outbox.sending import hand_in
from webmail.outbox.worker import take_due
from webmail.smtp.envelope import Envelope

OCTETS = b"From: a@fjord.example\r\nSubject: Read\r\n\r\nIt was read.\r\n"


def give(desk, composition=None, *, filed=True, sender="", message=OCTETS):
    return hand_in(
        access=desk.access,
        composition=composition or desk.write(),
        envelope=Envelope(sender, ("ola@fjord.example",)),
        message=io.BytesIO(message),
        filed=filed,
        now=timezone.now(),
    )


def test_it_is_sent_as_it_is_and_filed(desk, server):
    smtp = server()
    desk.user.deliver("INBOX", b"Subject: a question\r\n\r\n?\r\n")
    with desk.user.imap() as client:
        client.select("INBOX")
        validity = int(client.response("UIDVALIDITY")[1][0])
    entry = give(desk, desk.write(origins=(Origin("reply", "INBOX", validity, 1),)))
    assert (entry.phase, entry.state, entry.made) == ("sent", "done", True)
    assert mails(smtp) == [OCTETS]
    assert b"MAIL FROM:<>" in smtp.wires("MAIL")[0]
    assert desk.sent() == [OCTETS]
    with desk.user.imap() as client:
        client.select("INBOX", readonly=True)
        assert b"\\Answered" in client.fetch("1", "(FLAGS)")[1][0]


def test_a_notice_is_not_filed(desk, server):
    smtp = server()
    assert give(desk, filed=False).state == "done"
    assert mails(smtp) == [OCTETS]
    assert desk.sent() == []


def test_twice_is_once(desk, server):
    smtp = server()
    composition = desk.write()
    give(desk, composition)
    assert give(desk, composition).again
    assert len(mails(smtp)) == 1


@pytest.mark.parametrize("take_back", [changing.undo, changing.cancel])
def test_what_is_taken_back_leaves_nothing(desk, server, take_back, later):
    smtp = server()
    desk.access.person.undo_seconds = 5
    desk.access.person.save()
    entry = give(desk)
    assert entry.phase == "held"
    take_back(access=desk.access, pk=entry.pk)
    assert later(minutes=1) == 0
    assert (mails(smtp), desk.sent(), desk.sent("Drafts")) == ([], [], [])


def test_held_it_is_sent_by_the_worker(desk, server, later):
    smtp = server()
    desk.access.person.undo_seconds = 5
    desk.access.person.save()
    give(desk)
    assert later(minutes=1) == 1
    assert (mails(smtp), desk.sent()) == ([OCTETS], [OCTETS])


def test_sent_now_and_not_built_anew(desk, server):
    smtp = server()
    desk.access.person.undo_seconds = 60
    desk.access.person.save()
    assert changing.retry(access=desk.access, pk=give(desk).pk).phase == "sent"
    assert mails(smtp) == [OCTETS]


def test_refused_it_is_told_and_no_draft_is_made(desk, server):
    server({"RCPT": b"550 5.1.1 Nobody"})
    entry = give(desk)
    assert (entry.phase, entry.has_text, entry.draft) == ("refused", False, None)
    assert desk.sent("Drafts") == []
    row = Outgoing.objects.get()
    assert (row.letter, row.file, row.steps) == ("", "", "")
    assert listing.unfinished(person=desk.access.person) == 1
    assert take_due() == 0


def test_the_limit_holds(desk, server, settings):
    server()
    settings.MESSAGES_PER_HOUR = 1
    give(desk)
    with pytest.raises(TooManyMessagesError):
        give(desk)
    assert desk.sent("Drafts") == []
