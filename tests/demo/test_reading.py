"""The program's own use cases read every letter of the demo: listed, opened, every file downloaded."""

from collections.abc import Iterator

import pytest

from webmail.accounts import connections
from webmail.accounts.access import Access, holder_of
from webmail.accounts.models import Person
from webmail.demo.server import MailServer
from webmail.mailbox import reading
from webmail.mailbox.pages import MessagePage

LINKS = reading.Links(part=lambda section: f"/part/{section}", picture=lambda token: f"/picture/{token}")


@pytest.fixture(params=[0, 1])
def access(server: MailServer, settings, db, request) -> Iterator[Access]:
    settings.IMAP_URL = server.imap_url
    account = server.accounts[request.param]
    person = Person.objects.create(username=account.address)
    yield Access(person, holder_of(person, login=account.address, password=account.password))
    connections.close_pool()


def test_every_letter_opens(access: Access) -> None:
    first = reading.list_messages(access=access, folder="INBOX", size=50)
    for folder in first.folders:
        if not folder.selectable:
            continue
        page = reading.list_messages(access=access, folder=folder.name, size=500)
        assert len(page.rows) == page.total
        for row in page.rows:
            shown = reading.open_message(
                access=access, folder=folder.name, uid_validity=page.uid_validity, uid=row.uid, links=LINKS
            )
            assert shown.uid == row.uid


def opened(access: Access, folder: str, subject: str, view: str = "") -> MessagePage:
    page = reading.list_messages(access=access, folder=folder, size=500)
    uid = next(row.uid for row in page.rows if row.subject.startswith(subject))
    return reading.open_message(
        access=access, folder=folder, uid_validity=page.uid_validity, uid=uid, view=view, links=LINKS
    )


def content(access: Access, shown, section: str, index: int | None = None) -> bytes:
    place = {"folder": shown.folder.name, "uid_validity": shown.uid_validity, "uid": shown.uid}
    return b"".join(reading.part(access=access, **place, section=section, index=index).chunks)


def test_files_come_as_they_were_made(access: Access) -> None:
    shown = opened(access, "Archive", "Alle vedlegga samla")
    names = [file.filename for file in shown.attachments]
    assert names[0] == "Årsrapport 2025 (endeleg).pdf"
    assert len(names) == 6
    starts = [content(access, shown, file.section)[:4] for file in shown.attachments]
    assert starts == [b"%PDF", b"PK\x03\x04", b"PK\x03\x04", b"PK\x03\x04", b"\x89PNG", b"hamn"]


def test_winmail_is_unpacked(access: Access) -> None:
    shown = opened(access, "Archive", "Referat frå styremøtet")
    files = {file.filename: content(access, shown, file.section, file.index) for file in shown.attachments}
    assert files["Referat frå styremøtet.pdf"].startswith(b"%PDF")
    assert files["logo.png"].startswith(b"\x89PNG")


def test_invitation_is_an_event(access: Access) -> None:
    shown = opened(access, "INBOX", "Invitasjon: Statusmøte")
    assert {one.event.summary for one in shown.invitations} == {"Statusmøte: Fjordtrafikk"}
    assert shown.invitations[0].event.recurrence is not None
    assert len(shown.invitations[0].event.attendees) == 4


def test_pictures_within_are_no_attachments(access: Access) -> None:
    shown = opened(access, "Archive", "Bilete frå turen")
    assert shown.body.kind == "html"
    assert shown.attachments == ()


@pytest.mark.parametrize(
    ("folder", "subject", "text"),
    [
        ("INBOX", "下週的視訊會議", "會議連結不變"),  # big5
        ("Archive/Verda", "来月の打ち合わせについて", "資料は前日までに"),  # shift_jis
    ],
)
def test_charsets_become_text(access: Access, folder: str, subject: str, text: str) -> None:
    assert text in opened(access, folder, subject).body.text_html
