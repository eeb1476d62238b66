"""One mail for one press of Send, and the truth about it: each state against a server that says what is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.outbox.conftest import SECRET, mails
from tests.smtp.scripted import cut
from webmail.accounts import connections
from webmail.accounts.access import Access, holder_of
from webmail.contacts.using import is_known
from webmail.mailbox import writing
from webmail.mailbox.errors import MailServerError
from webmail.mailbox.reading.summary import Place
from webmail.mailbox.writing import Origin, save_draft
from webmail.mailbox.writing.editing import edit
from webmail.outbox import changing, listing
from webmail.outbox.errors import NoEntryError, NotSendableError, TooLateError, TooManyMessagesError
from webmail.outbox.models import Outgoing
from webmail.outbox.worker import take_due


class TestAtOnce:
    def test_it_is_sent_filed_and_forgotten(self, desk, server):
        smtp = server()
        entry = desk.send()
        assert (entry.phase, entry.state) == ("sent", "done")
        assert [answer.address for answer in entry.answers] == ["ola@fjord.example"]
        (content,) = mails(smtp)
        (copy,) = desk.sent()
        assert copy == content
        assert is_known(person=desk.access.person, address="ola@fjord.example")
        row = Outgoing.objects.get()
        assert (row.letter, row.credentials, row.file, row.steps) == ("", "", "", "")

    def test_bcc_is_in_the_copy_alone(self, desk, server):
        smtp = server()
        desk.send(desk.write(bcc="Hemmelig Venn <venn@fjord.example>"))
        assert b"venn" not in mails(smtp)[0]
        assert b"RCPT TO:<venn@fjord.example>" in b"\n".join(smtp.wires("RCPT"))
        (copy,) = desk.sent()
        assert copy.startswith(b"Bcc: Hemmelig Venn <venn@fjord.example>\r\n")
        assert copy.endswith(mails(smtp)[0])

    def test_no_copy_where_none_is_wanted(self, desk, server):
        server()
        desk.access.person.save_sent = desk.access.person.collect_recipients = False
        desk.access.person.save()
        assert desk.send().state == "done"
        assert desk.sent() == []
        assert not is_known(person=desk.access.person, address="ola@fjord.example")

    def test_the_draft_is_gone_and_the_origin_marked(self, desk, server):
        server()
        desk.user.deliver("INBOX", b"Subject: a question\r\n\r\n?\r\n")
        draft = save_draft(access=desk.access, composition=desk.write(), now=timezone.localtime()).composition
        with desk.user.imap() as client:
            client.select("INBOX")
            validity = int(client.response("UIDVALIDITY")[1][0])
        composition = replace(draft, origins=(Origin("reply", "INBOX", validity, 1),))
        assert desk.sent("Drafts")
        assert desk.send(composition).state == "done"
        assert desk.sent("Drafts") == []
        with desk.user.imap() as client:
            client.select("INBOX", readonly=True)
            assert b"\\Answered" in client.fetch("1", "(FLAGS)")[1][0]

    def test_what_cannot_be_sent_is_not(self, desk, server):
        smtp = server()
        with pytest.raises(NotSendableError) as refusal:
            desk.send(desk.write(to="nobody at all"))
        assert refusal.value.check.problems
        assert not Outgoing.objects.exists()
        assert "MAIL" not in smtp.names

    def test_a_hint_is_asked_about_once(self, desk, server):
        server()
        with pytest.raises(NotSendableError) as refusal:
            desk.send(desk.write(subject=""))
        assert not refusal.value.check.problems
        assert desk.send(desk.write(subject=""), accepted=refusal.value.check.hints).state == "done"

    def test_the_date_is_the_writers(self, desk, server):
        smtp = server()
        with timezone.override("America/St_Johns"):
            desk.send()
        assert b"-0330" in mails(smtp)[0].split(b"Date:")[1].split(b"\r\n")[0]

    @pytest.mark.parametrize("wanted", [False, True])
    def test_the_clients_address(self, desk, server, settings, wanted):
        smtp = server()
        settings.CLIENT_ADDRESS_IN_HEADERS = wanted
        desk.send(client_address="192.0.2.7")
        assert (b"192.0.2.7" in mails(smtp)[0]) == wanted
        assert b"User-Agent" not in mails(smtp)[0]


class TestOnce:
    def test_a_second_press_tells_what_became_of_the_first(self, desk, server):
        smtp = server()
        composition = desk.write()
        first, second = desk.send(composition), desk.send(composition)
        assert (first.pk, first.again) == (second.pk, False)
        assert (second.again, second.differs) == (True, False)
        assert len(mails(smtp)) == len(desk.sent()) == 1

    def test_another_text_under_the_same_id_is_said_not_to_have_gone(self, desk, server):
        smtp = server()
        composition = desk.write()
        desk.send(composition)
        told = desk.send(replace(composition, text="something else"))
        assert (told.again, told.differs) == (True, True)
        assert len(mails(smtp)) == 1

    def test_people_do_not_share_message_ids(self, desk, server, person_at, dovecot):
        smtp = server()
        composition = desk.write()
        desk.send(composition)
        assert person_at(dovecot).send(composition).again is False
        assert len(mails(smtp)) == 2

    def test_nobody_sees_or_touches_anothers(self, desk, server, person_at, dovecot):
        server()
        entry = desk.send(at=timezone.now() + timedelta(days=1))
        access = person_at(dovecot).access
        assert listing.entries(person=access.person) == ()
        for change in (changing.undo, changing.cancel, changing.retry, changing.again):
            with pytest.raises(NoEntryError):
                change(access=access, pk=entry.pk)
        with pytest.raises(NoEntryError):
            changing.dismiss(person=access.person, pk=entry.pk)


class TestRefused:
    CASES = (
        ({"MAIL": b"550 5.7.1 Not you"}, "sender"),
        ({"RCPT": b"550 5.1.1 Nobody here"}, "recipients"),
        ({"DATA": b"554 5.5.1 No"}, "data"),
        ({".": b"554 5.6.0 Spam"}, "content"),
        ({"AUTH": b"535 5.7.8 Wrong"}, "sign-in"),
    )

    @pytest.mark.parametrize(("table", "reason"), CASES)
    def test_the_text_is_in_drafts_and_can_be_sent_anew(self, desk, server, table, reason):
        server(table)
        composition = desk.write()
        entry = desk.send(composition)
        assert (entry.phase, entry.reason) == ("refused", reason)
        assert entry.reply
        assert entry.reply.code >= 500
        (draft,) = desk.sent("Drafts")
        assert SECRET.encode() in draft
        assert composition.message_id.encode() not in draft
        assert isinstance(entry.draft, Place)
        assert desk.sent() == []
        assert Outgoing.objects.get().letter == ""
        smtp = server()
        place = entry.draft
        taken_up = edit(
            access=desk.access, folder=place.folder, uid_validity=place.uid_validity, uid=place.uid
        )
        assert desk.send(taken_up).state == "done"
        assert len(mails(smtp)) == 1
        assert desk.sent("Drafts") == []

    def test_some_refused(self, desk, server):
        smtp = server({"RCPT": [b"250 2.1.5 OK", b"550 5.1.1 No such person", b"450 4.2.1 Busy"]})
        entry = desk.send(desk.write(to="a@x.example, b@x.example, c@x.example"))
        assert (entry.phase, entry.state) == ("partly", "done")
        assert [(answer.accepted, answer.code) for answer in entry.answers] == [
            (True, 250),
            (False, 550),
            (False, 450),
        ]
        assert entry.answers[1].text == "No such person"
        assert len(mails(smtp)) == len(desk.sent()) == 1
        again = changing.again(access=desk.access, pk=entry.pk)
        assert again.to == "b@x.example, c@x.example"
        assert again.message_id != entry.message_id
        assert SECRET in again.text
        changing.dismiss(person=desk.access.person, pk=entry.pk)
        assert Outgoing.objects.get().letter == ""
        assert listing.entries(person=desk.access.person) == ()

    def test_smtputf8_is_missing(self, desk, server):
        server(extensions=("PIPELINING", "8BITMIME", "AUTH PLAIN"))
        entry = desk.send(desk.write(to="blåbær@fjord.example"))
        assert (entry.phase, entry.reason) == ("refused", "utf8")


class TestDeferred:
    def test_it_waits_tries_again_and_is_sent_once(self, desk, server, later):
        smtp = server({"RCPT": [b"450 4.7.1 Greylisted"]})
        entry = desk.send()
        assert (entry.phase, entry.reason, entry.attempts) == ("waiting", "recipients", 1)
        assert entry.next_try
        assert entry.next_try > timezone.now()
        assert entry.answers[0].text == "Greylisted"
        assert take_due() == 0
        smtp.table["RCPT"] = b"250 OK"
        assert later(minutes=2) == 1
        entry = listing.entry(person=desk.access.person, pk=entry.pk)
        assert (entry.phase, entry.attempts) == ("sent", 2)
        assert len(mails(smtp)) == len(desk.sent()) == 1

    def test_nobody_answers(self, desk, server, settings):
        server()
        settings.SMTP_URL = "smtp://127.0.0.1:1"
        entry = desk.send()
        assert (entry.phase, entry.reason) == ("waiting", "connect")

    def test_the_delay_grows_and_ends(self, desk, server, later):
        smtp = server({"MAIL": b"451 4.3.0 Later"})
        entry = desk.send()
        delays = []
        for _ in range(60):
            entry = listing.entry(person=desk.access.person, pk=entry.pk)
            if entry.phase != "waiting":
                break
            delays.append((entry.next_try - timezone.now()).total_seconds())
            later(seconds=delays[-1] + 1)
        assert [round(delay) for delay in delays] == sorted(round(delay) for delay in delays)
        assert 10 < len(delays) < 40
        assert (entry.phase, entry.reason) == ("refused", "gave-up")
        assert len(desk.sent("Drafts")) == 1
        assert mails(smtp) == []

    def test_try_now(self, desk, server):
        smtp = server({"MAIL": b"451 4.3.0 Later"})
        entry = desk.send()
        smtp.table["MAIL"] = b"250 OK"
        assert changing.retry(access=desk.access, pk=entry.pk).phase == "sent"
        assert len(mails(smtp)) == 1


class TestUnknown:
    def test_it_is_kept_told_and_never_sent_again(self, desk, server, later):
        smtp = server({".": cut()})
        composition = desk.write()
        entry = desk.send(composition)
        assert entry.phase == "unknown"
        assert len(desk.sent("Drafts")) == 1
        smtp.table["."] = b"250 OK"
        assert later(hours=30) == 0
        assert desk.send(composition).phase == "unknown"
        with pytest.raises(TooLateError):
            changing.undo(access=desk.access, pk=entry.pk)
        assert changing.retry(access=desk.access, pk=entry.pk).phase == "unknown"
        assert len(mails(smtp)) == 1
        assert desk.sent() == []


class TestAfterwards:
    def test_a_full_mailbox_is_a_notice_and_the_copy_can_be_kept_later(self, person_at, dovecot_with, server):
        smtp = server()
        desk = person_at(dovecot_with(quota=True))
        desk.user.limit_storage(100)
        desk.user.deliver("INBOX", b"Subject: large\r\n\r\n" + b"x" * 90_000)
        entry = desk.send(desk.write(text=f"{SECRET}\n" * 1000))
        assert (entry.phase, entry.copy_missing, entry.reason) == ("sent", True, "quota")
        with desk.user.imap() as client:
            client.select("INBOX")
            client.store("1", "+FLAGS", "(\\Deleted)")
            client.expunge()
        entry = changing.retry(access=desk.access, pk=entry.pk)
        assert (entry.phase, entry.copy_missing, entry.state) == ("sent", False, "done")
        assert len(mails(smtp)) == len(desk.sent()) == 1

    def test_the_mail_server_is_away(self, desk, server, later, settings):
        smtp = server()
        good, settings.IMAP_URL = settings.IMAP_URL, "imap://127.0.0.1:1"
        person = desk.access.person
        away = Access(person, holder_of(person, login=desk.user.name, password=desk.user.password))
        desk.access, live = away, desk.access
        entry = desk.send()
        assert (entry.phase, entry.copy_missing, entry.reason) == ("sent", True, "server")
        settings.IMAP_URL = good
        desk.access = live
        connections.close_pool()
        assert later(minutes=5) == 1
        assert listing.entry(person=person, pk=entry.pk).state == "done"
        assert len(mails(smtp)) == len(desk.sent()) == 1

    def test_a_copy_that_is_there_already_is_not_made_twice(self, desk, server, monkeypatch, later):
        """The server kept it, and the answer was lost."""
        smtp = server()
        real = writing.file_in_sent

        def lost(**given):
            real(**given)
            raise MailServerError("lost")

        monkeypatch.setattr(writing, "file_in_sent", lost)
        entry = desk.send()
        assert entry.copy_missing
        monkeypatch.setattr(writing, "file_in_sent", real)
        later(minutes=5)
        assert listing.entry(person=desk.access.person, pk=entry.pk).state == "done"
        assert len(mails(smtp)) == len(desk.sent()) == 1


class TestRelay:
    @pytest.fixture(autouse=True)
    def relay(self, settings):
        settings.SMTP_RELAY_USER, settings.SMTP_RELAY_PASSWORD = "relay", "relay-password"

    def test_no_credentials_are_kept_and_the_copy_waits_for_the_person(self, desk, server, later):
        smtp = server()
        entry = desk.send(at=timezone.now() + timedelta(hours=1))
        assert Outgoing.objects.get().credentials == ""
        assert later(hours=2) == 1
        entry = listing.entry(person=desk.access.person, pk=entry.pk)
        assert (entry.phase, entry.copy_missing, entry.reason) == ("sent", True, "access")
        assert len(mails(smtp)) == 1
        assert desk.sent() == []
        changing.resume(access=desk.access)
        assert listing.entry(person=desk.access.person, pk=entry.pk).state == "done"
        assert len(mails(smtp)) == len(desk.sent()) == 1


class TestLimit:
    def test_messages_an_hour(self, desk, server, settings, later):
        smtp = server()
        settings.MESSAGES_PER_HOUR = 2
        desk.send()
        desk.send()
        with pytest.raises(TooManyMessagesError) as refusal:
            desk.send()
        assert refusal.value.again_at > timezone.now()
        assert len(desk.sent("Drafts")) == 1
        assert len(mails(smtp)) == 2
        later(hours=1)
        assert desk.send().phase == "sent"
