"""After sending: the copy in Sent once, marks on the originals, the draft gone; each may be repeated."""

from dataclasses import replace
from io import BytesIO

import pytest

from tests.mailbox.letters import letter
from tests.mailbox.writing.conftest import NOW
from webmail.mailbox import writing
from webmail.mailbox.errors import MailServerError, QuotaError
from webmail.mailbox.reading.summary import Place
from webmail.mailbox.writing import Origin

RAW = letter(5)


def file(access, raw=RAW, **more):
    writing.file_in_sent(
        access=access, message=BytesIO(raw), size=len(raw), message_id="5@test.example", **more
    )


def flags(user, folder, number=1):
    with user.imap() as client:
        client.select(folder)
        return client.fetch(str(number), "(FLAGS)")[1][0].decode()


def test_the_copy_is_in_sent_and_seen(access, message, mail_user):
    file(access)
    assert message("Sent") == RAW
    assert "\\Seen" in flags(mail_user, "Sent")


def test_once_where_a_former_attempt_may_have_worked(access, count):
    file(access, maybe_there=True)
    file(access, maybe_there=True)
    assert count("Sent") == 1


def test_into_the_identitys_own_folder(access, count, mail_user):
    with mail_user.imap() as client:
        client.create("Work")
    file(access, folder="Work")
    file(access, folder="Work", maybe_there=True)
    assert (count("Work"), count("Sent")) == (1, 0)


def test_an_own_folder_that_is_gone_is_no_reason_to_lose_the_copy(access, count):
    file(access, folder="Gone", maybe_there=True)
    assert count("Sent") == 1


@pytest.mark.parametrize("options", [{}, {"prefix": "INBOX.", "separator": "."}])
def test_sent_is_made_where_there_is_none(elsewhere, options):
    access, user = elsewhere(special_use=False, **options)
    file(access)
    with user.imap() as client:
        assert client.select(options.get("prefix", "") + "Sent")[1] == [b"1"]


def test_a_full_mailbox_is_told(elsewhere):
    access, user = elsewhere(quota=True)
    user.limit_storage(1)
    with pytest.raises(QuotaError):
        file(access, letter(5, body="x\r\n" * 5000))


def test_originals_are_marked(access, mail_user, uid_validity):
    mail_user.bulk("INBOX", [letter(1), letter(2), letter(3)])
    uv = uid_validity()
    origins = (
        Origin("reply", "INBOX", uv, 1),
        Origin("forward", "INBOX", uv, 2),
        Origin("reply", "INBOX", uv, 99),
        Origin("reply", "INBOX", uv + 1, 3),
        Origin("reply", "No such folder", uv, 1),
        Origin("nonsense", "INBOX", uv, 3),
    )
    for _ in range(2):
        writing.mark_origins(access=access, origins=origins)
    assert "\\Answered" in flags(mail_user, "INBOX", 1)
    assert "$Forwarded" in flags(mail_user, "INBOX", 2)
    assert flags(mail_user, "INBOX", 3) == "3 (UID 3 FLAGS ())" or "Answered" not in flags(
        mail_user, "INBOX", 3
    )


def test_the_draft_goes(access, count):
    saved = writing.save_draft(
        access=access, composition=writing.new(access=access, to="a@b.example"), now=NOW
    )
    draft, message_id = saved.composition.draft, saved.composition.message_id
    for _ in range(2):
        writing.remove_draft(access=access, draft=draft, message_id=message_id)
    assert count("Drafts") == 0


def test_nothing_else_goes_in_its_place(access, count):
    saved = writing.save_draft(
        access=access, composition=writing.new(access=access, to="a@b.example"), now=NOW
    )
    draft, message_id = saved.composition.draft, saved.composition.message_id
    writing.remove_draft(access=access, draft=draft, message_id="other@x.example")
    writing.remove_draft(access=access, draft=replace(draft, uid_validity=1), message_id=message_id)
    writing.remove_draft(access=access, draft=Place("No such folder", 1, 1), message_id=message_id)
    writing.remove_draft(access=access, draft=None, message_id=message_id)
    assert count("Drafts") == 1


def test_a_server_that_is_gone_is_told(access, tapped):
    file(access)
    tapped[1].cut_after(1)
    with pytest.raises(MailServerError):
        file(access)
