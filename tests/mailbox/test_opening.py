"""Opening messages on a real Dovecot: what is shown, what is downloaded, and what it costs on the wire."""

import io
import zipfile
from dataclasses import replace

import pytest

from tests.mailbox.conftest import LINKS
from tests.mailbox.letters import letter, newsletter
from webmail.mailbox import errors, reading

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
MIXED = (
    "--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
    "--r\r\nContent-Type: text/html\r\n\r\n<p>Hei <img src=cid:pic@x></p>\r\n"
    "--r\r\nContent-Type: image/png\r\nContent-ID: <pic@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    f"{PNG}\r\n--r--\r\n"
    "--m\r\nContent-Type: application/pdf; name*=utf-8''s%C3%B8knad.pdf\r\n"
    "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n"
    "--m\r\nContent-Type: text/html; name=page.html\r\nContent-Disposition: attachment\r\n\r\n<script>1</script>\r\n"
    "--m\r\nContent-Type: message/rfc822\r\n\r\n"
    "From: Inner <inner@x.example>\r\nSubject: Inside\r\nContent-Type: text/plain\r\n\r\nInner words\r\n"
    "--m--"
)


@pytest.fixture
def inbox(tapped):
    access, tap, user = tapped
    user.deliver(
        "INBOX",
        letter(1, body="> quoted\r\n\r\nSee https://example.org/ now", extra="List-Id: Korps <k.x>\r\n"),
    )
    user.deliver("INBOX", newsletter(2, html="<p>Hei <b>du</b><img src='https://far.example/a.png'></p>"))
    user.deliver("INBOX", letter(3, body=MIXED, kind="multipart/mixed; boundary=m"))
    page = reading.list_messages(access=access, folder="INBOX")
    return access, tap, user, page.uid_validity


def message(access, validity, uid, **options):
    return reading.open_message(
        access=access, folder="INBOX", uid_validity=validity, uid=uid, links=LINKS, **options
    )


def test_plain_text(inbox):
    access, _, _, validity = inbox
    page = message(access, validity, 1)
    assert page.body.kind == "text"
    assert 'href="https://example.org/"' in page.body.text_html
    assert (page.subject, page.list_id, page.from_[0].address) == ("Letter 1", "Korps", "kari@fjord.example")


def test_html_with_remote_pictures_blocked_and_allowed(inbox):
    access, _, _, validity = inbox
    page = message(access, validity, 2)
    assert (page.body.kind, page.body.blocked, page.body.has_text) == ("html", 1, True)
    _, blocked = reading.body_markup(access=access, folder="INBOX", uid_validity=validity, uid=2, links=LINKS)
    assert "far.example" not in blocked.html
    _, allowed = reading.body_markup(
        access=access, folder="INBOX", uid_validity=validity, uid=2, links=LINKS, remote=True
    )
    assert 'src="/picture/' in allowed.html


def test_trust_a_sender(inbox):
    access, _, _, validity = inbox
    reading.trust_sender(access=access, address="Kari@Fjord.example")
    page = message(access, validity, 2)
    assert (page.trusted, page.body.blocked, page.body.remote_shown) == (True, 0, True)
    reading.distrust_sender(access=access, address="kari@fjord.example")
    assert not message(access, validity, 2).trusted


def test_text_where_the_person_prefers_it(inbox):
    access, _, _, validity = inbox
    assert "The plain words" in message(access, validity, 2, view="text").body.text_html


def test_attachments_and_inline_pictures(inbox):
    access, _, _, validity = inbox
    page = message(access, validity, 3)
    assert page.body.kind == "html"
    assert [(card.filename, card.viewable, card.nested) for card in page.attachments] == [
        ("søknad.pdf", True, False),
        ("page.html", False, False),
        ("Inside.eml", False, True),
    ]
    _, markup = reading.body_markup(access=access, folder="INBOX", uid_validity=validity, uid=3, links=LINKS)
    assert 'src="/part/1.2"' in markup.html


def test_downloads(inbox):
    access, _, _, validity = inbox
    where = {"access": access, "folder": "INBOX", "uid_validity": validity, "uid": 3}
    pdf = reading.part(**where, section="2")
    assert (b"".join(pdf.chunks), pdf.filename, pdf.inline_type) == (
        b"%PDF-1.4\n",
        "søknad.pdf",
        "application/pdf",
    )
    page = reading.part(**where, section="3")
    assert page.inline_type is None
    page.chunks.close()
    assert reading.part(**where, section="1.2").inline_type == "image/png"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(reading.archive(**where).chunks)))
    assert archive.namelist() == ["søknad.pdf", "page.html", "Inside.eml"]
    source = b"".join(reading.source(**where).chunks)
    assert source.startswith(b"Return-Path") or b"Subject: Letter 3" in source
    inner = b"".join(reading.source(**where, section="4").chunks)
    assert inner.startswith(b"From: Inner")
    with pytest.raises(errors.PartNotFoundError):
        reading.part(**where, section="9.9")


def test_unread_downloads_give_their_connection_back(inbox):
    access, _, _, validity = inbox
    for _ in range(5):
        reading.part(access=access, folder="INBOX", uid_validity=validity, uid=3, section="2").chunks.close()


def test_a_message_inside(inbox):
    access, _, _, validity = inbox
    page = message(access, validity, 3, section="4")
    assert (page.subject, page.from_[0].name) == ("Inside", "Inner")
    assert "Inner words" in page.body.text_html
    with pytest.raises(errors.PartNotFoundError):
        message(access, validity, 3, section="2")


def test_all_headers(inbox):
    access, _, _, validity = inbox
    found = dict(reading.headers(access=access, folder="INBOX", uid_validity=validity, uid=1))
    assert found["List-Id"] == "Korps <k.x>"


def test_neighbours(inbox):
    access, _, _, validity = inbox
    assert [(page.newer, page.older) for page in (message(access, validity, uid) for uid in (1, 2, 3))] == [
        (2, None),
        (3, 1),
        (None, 2),
    ]


def test_neighbours_where_uids_are_sparse(inbox):
    access, _, user, validity = inbox
    for number in range(4, 40):
        user.deliver("INBOX", letter(number))
    with user.imap() as other:
        other.select("INBOX")
        other.store("4:38", "+FLAGS", "\\Deleted")
        other.expunge()
    assert message(access, validity, 39).older == 3
    assert message(access, validity, 3).newer == 39


def test_round_trips(inbox):
    access, tap, user, validity = inbox
    for uid, what in ((1, "plain"), (2, "HTML")):
        mark = tap.mark()
        message(access, validity, uid)
        reading.body_markup(
            access=access, folder="INBOX", uid_validity=validity, uid=2, links=LINKS
        ) if uid == 2 else None
        assert tap.since(mark).round_trips == 1, what
    user.deliver("INBOX", newsletter(4, html="<p>" + "Long. " * 4000 + "</p>"))
    user.deliver("INBOX", letter(5))
    reading.list_messages(access=access, folder="INBOX", size=1)
    mark = tap.mark()
    message(access, validity, 4)
    assert tap.since(mark).round_trips == 1, "a message that the list has not told of"


def test_the_next_one_is_there_already(inbox):
    access, tap, _, validity = inbox
    message(access, validity, 3)
    mark = tap.mark()
    reading.after_open(access=access, folder="INBOX", uid_validity=validity, uid=3)
    assert tap.since(mark).round_trips == 1
    mark = tap.mark()
    message(access, validity, 2)
    reading.body_markup(access=access, folder="INBOX", uid_validity=validity, uid=2, links=LINKS)
    assert tap.since(mark).round_trips == 0


def test_seen_after_it_was_shown(inbox):
    access, _, _, validity = inbox
    assert "\\seen" not in message(access, validity, 1).flags
    assert reading.list_messages(access=access, folder="INBOX").rows[2].unread
    reading.after_open(access=access, folder="INBOX", uid_validity=validity, uid=1)
    page = reading.list_messages(access=access, folder="INBOX")
    assert not page.rows[2].unread
    assert page.folders[0].unseen == 2


def test_marks(inbox):
    access, _, _, validity = inbox
    where = {"access": access, "folder": "INBOX", "uid_validity": validity, "uids": [1, 3]}
    reading.set_starred(**where, on=True)
    reading.set_seen(**where, on=True)
    rows = reading.list_messages(access=access, folder="INBOX").rows
    assert [(row.starred, row.unread) for row in rows] == [(True, False), (False, True), (True, False)]
    with pytest.raises(errors.FolderRenumberedError):
        reading.set_seen(**{**where, "uid_validity": 1}, on=False)


def test_what_is_not_there(inbox):
    access, _, _, validity = inbox
    with pytest.raises(errors.MessageNotFoundError):
        message(access, validity, 99)
    with pytest.raises(errors.FolderRenumberedError):
        message(access, validity + 1, 1)
    with pytest.raises(errors.FolderNotFoundError):
        reading.open_message(access=access, folder="Nope", uid_validity=1, uid=1, links=LINKS)


def test_one_persons_picture_is_not_anothers(inbox, django_user_model):
    access, *_ = inbox
    from webmail.mailbox.reading.picture import picture_token

    token = picture_token(access, "https://far.example/a.png")
    other = replace(access, holder=replace(access.holder, key="someone else"))
    with pytest.raises(errors.PartNotFoundError):
        reading.picture(access=other, token=token)


def test_too_much_html_shows_the_text(inbox):
    access, _, user, validity = inbox
    user.deliver("INBOX", newsletter(4, html="<div>" * 20_000 + "x", text="Words instead"))
    page = message(access, validity, 4)
    assert (page.body.kind, page.body.notes) == ("text", ("refused",))
    assert "Words instead" in page.body.text_html


def test_files_in_plain_text(inbox):
    access, _, user, validity = inbox
    body = "See the file.\r\n\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n"
    user.deliver("INBOX", letter(4, body=body))
    page = message(access, validity, 4)
    assert "begin 644" not in page.body.text_html
    assert [(card.filename, card.size, card.index) for card in page.attachments] == [("cat.txt", 3, 0)]
    where = {"access": access, "folder": "INBOX", "uid_validity": validity, "uid": 4}
    assert b"".join(reading.part(**where, section="1", index=0).chunks) == b"Cat"
    with pytest.raises(errors.PartNotFoundError):
        reading.part(**where, section="1", index=1)


INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x.example\r\nSUMMARY:Meeting\r\n"
    "DTSTART:20261124T100000Z\r\nDTEND:20261124T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_an_invitation_is_one_event(inbox):
    access, _, user, validity = inbox
    body = (
        f"--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n{INVITATION}\r\n"
        f"--b\r\nContent-Type: application/ics; name=invite.ics\r\n\r\n{INVITATION}\r\n--b--"
    )
    user.deliver("INBOX", letter(4, body=body, kind="multipart/mixed; boundary=b"))
    assert [one.event.summary for one in message(access, validity, 4).invitations] == ["Meeting"]
