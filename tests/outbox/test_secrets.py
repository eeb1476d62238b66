"""What is kept of a message on its way out, and when it is gone."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tests.front.test_secrets import everything_stored
from tests.outbox.conftest import SECRET, mails
from tests.smtp.scripted import cut
from webmail.mailbox.writing import upload
from webmail.outbox import changing
from webmail.outbox.models import Outgoing
from webmail.outbox.sweeping import sweep
from webmail.outbox.worker import take_due


def kept() -> str:
    """Everything in the database and on disk."""
    files = [*Path(settings.OUTBOX_DIR).glob("**/*"), *Path(settings.UPLOAD_DIR).glob("**/*")]
    return everything_stored() + "".join(
        path.read_bytes().decode("latin-1") for path in files if path.is_file()
    )


def files() -> list[Path]:
    places = Path(settings.OUTBOX_DIR), Path(settings.UPLOAD_DIR)
    return [path for place in places for path in place.glob("**/*") if path.is_file()]


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


class TestSecrets:
    @pytest.mark.parametrize(
        "table",
        [
            {},
            {"RCPT": b"550 5.1.1 No"},
            {"MAIL": b"451 4.3.0 Later"},
            {".": cut()},
        ],
        ids=["sent", "refused", "waiting", "unknown"],
    )
    def test_nothing_is_in_clear_at_any_time(self, desk, server, logged, table):
        attached = upload(access=desk.access, filename="a.txt", type="text/plain", chunks=[SECRET.encode()])
        composition = desk.write(attachments=(attached,), bcc="hidden-friend@fjord.example")
        server(table)
        # Whom one wrote to is in the address book, unless the person wants otherwise.
        desk.access.person.collect_recipients = False
        desk.access.person.save()
        entry = desk.send(composition, at=timezone.now() + timedelta(hours=1))
        self.assert_unseen(desk, logged)
        Outgoing.objects.update(next_try=timezone.now())
        take_due()
        self.assert_unseen(desk, logged)
        assert entry.pk

    def assert_unseen(self, desk, logged):
        for text in (kept(), logged.text):
            assert SECRET not in text
            assert desk.user.password not in text
            assert "hidden-friend" not in text

    def test_all_is_gone_when_it_is_done(self, desk, server):
        server()
        attached = upload(access=desk.access, filename="a.txt", type="text/plain", chunks=[SECRET.encode()])
        desk.send(desk.write(attachments=(attached,)))
        row = Outgoing.objects.get()
        assert (row.letter, row.credentials, row.credentials_until) == ("", "", None)
        assert files() == []

    def test_a_row_opens_no_other_rows_secrets(self, desk, server, later):
        smtp = server()
        first = desk.send(at=timezone.now() + timedelta(hours=1))
        second = desk.send(at=timezone.now() + timedelta(hours=1))
        stolen = Outgoing.objects.get(pk=first.pk)
        Outgoing.objects.filter(pk=second.pk).update(
            credentials=stolen.credentials, credentials_until=stolen.credentials_until
        )
        Outgoing.objects.filter(pk=first.pk).delete()
        later(hours=2)
        assert mails(smtp) == []


class TestSweeping:
    def test_what_is_over_is_forgotten_but_not_that_it_was(self, desk, server, later):
        smtp = server({"RCPT": [b"250 OK", b"550 5.1.1 No"]})
        composition = desk.write(to="a@x.example, b@x.example")
        desk.send(composition)
        assert Outgoing.objects.get().letter
        later(days=8)
        sweep(timezone.now())
        row = Outgoing.objects.get()
        assert (row.letter, row.notes, row.file) == ("", "", "")
        assert not row.deliveries.exists()
        assert desk.send(composition).again
        assert len(mails(smtp)) == 1
        later(days=60)
        sweep(timezone.now())
        assert not Outgoing.objects.exists()

    def test_a_text_that_is_in_no_folder_yet_stays(self, desk, server, later, monkeypatch):
        server({"RCPT": b"550 5.1.1 No"})

        def away(**_given):
            raise OSError

        monkeypatch.setattr("webmail.mailbox.writing.save_draft", away)
        entry = desk.send()
        assert entry.has_text
        Outgoing.objects.update(finished=timezone.now() - timedelta(days=400))
        sweep(timezone.now())
        monkeypatch.undo()
        assert changing.retry(access=desk.access, pk=entry.pk).draft
        assert len(desk.sent("Drafts")) == 1

    def test_files_of_what_is_for_later_stay(self, desk, server):
        server()
        attached = upload(access=desk.access, filename="a.txt", type="text/plain", chunks=[b"hei"])
        entry = desk.send(desk.write(attachments=(attached,)), at=timezone.now() + timedelta(days=90))
        for path in files():
            os.utime(path, (0, 0))
        sweep(timezone.now())
        back = changing.undo(access=desk.access, pk=entry.pk)
        assert [file.filename for file in back.attachments] == ["a.txt"]
        (draft,) = desk.sent("Drafts")
        assert b"a.txt" in draft
