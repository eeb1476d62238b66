"""Told at once: by the real program, from a real Dovecot, to pages that listen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.listening import Browser
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program
from tests.servers.tap import Tap
from webmail.accounts import connections
from webmail.accounts.access import holder_of
from webmail.accounts.models import Person
from webmail.live import EndedError, ThreadStream

LETTER = b"Subject: hello\r\n\r\nhello\r\n"


@pytest.fixture(scope="module")
def wire(dovecot: Dovecot) -> Iterator[Tap]:
    with Tap(dovecot.port) as tap:
        yield tap


@pytest.fixture(scope="module")
def live(wire: Tap) -> Iterator[Program]:
    with Program(imap_url=wire.url, env={"THREADS": "4", "LIVE_STREAMS_PER_PERSON": "6"}) as program:
        yield program


@pytest.fixture
def reader(live: Program, mail_user: MailUser) -> Browser:
    return Browser.signed_in(live, mail_user.name, mail_user.password)


def test_new_mail_flags_and_expunges_by_another_client_are_told(reader: Browser, mail_user: MailUser) -> None:
    page = reader.listen().settled()
    with mail_user.imap() as phone:
        phone.append("INBOX", "", "", LETTER)
        assert page.changes() == [{"folder": "INBOX", "new": 1, "unread": None}]
        phone.select("INBOX")
        phone.store("1", "+FLAGS", r"\Seen")
        assert page.changes() == [{"folder": "INBOX", "new": 0, "unread": None}]
        phone.store("1", "+FLAGS", r"\Deleted")
        phone.expunge()
        assert page.changes()[0]["folder"] == "INBOX"
    page.close()


def test_other_folders_are_told_too(reader: Browser, mail_user: MailUser) -> None:
    with mail_user.imap() as phone:
        phone.create('"Arbeid &- bl&AOU-b&AOY-r"')
        page = reader.listen().settled()
        phone.append('"Arbeid &- bl&AOU-b&AOY-r"', "", "", LETTER)
        assert page.changes() == [{"folder": "Arbeid & blåbær", "new": 1, "unread": 1}]
        phone.create("New")
        assert page.changes() == [{"folder": None, "new": 0, "unread": None}]
    page.close()


def test_nothing_of_a_message_is_told(reader: Browser, mail_user: MailUser) -> None:
    page = reader.listen().settled()
    assert page.headers["content-type"] == "text/event-stream"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-accel-buffering"] == "no"
    mail_user.deliver("INBOX", b"From: a@example.org\r\nSubject: s3cret\r\n\r\ns3cret\r\n")
    (change,) = page.changes()
    assert change.keys() == {"folder", "new", "unread"}
    page.close()


def test_what_happened_between_the_page_and_its_stream_is_told(reader: Browser, mail_user: MailUser) -> None:
    page = reader.listen().settled()
    mark = page.mark
    mail_user.deliver("INBOX", LETTER)
    assert page.changes()
    late = reader.listen(since=mark)
    assert late.changes() == [{"folder": "INBOX", "new": 0, "unread": None}]
    fresh = reader.listen(since=page.mark)
    mail_user.deliver("INBOX", LETTER)
    assert fresh.changes() == [{"folder": "INBOX", "new": 1, "unread": None}]
    for each in (page, late, fresh):
        each.close()


def test_all_tabs_share_one_connection_that_idles(reader: Browser, mail_user: MailUser, wire: Tap) -> None:
    mark = wire.mark()
    pages = [reader.listen() for _ in range(3)]
    pages[0].settled()
    mail_user.deliver("INBOX", LETTER)
    for page in pages:
        while page.changes()[0]["folder"] is None:
            pass
    traffic = wire.since(mark)
    assert traffic.connections == 1
    assert sum(command.upper() == "IDLE" for command in traffic.commands) == 1
    for page in pages:
        page.close()


def test_more_streams_than_threads_and_pages_still_answer(live: Program, dovecot: Dovecot) -> None:
    pages = []
    for _ in range(17):
        user = dovecot.user()
        reader = Browser.signed_in(live, user.name, user.password)
        pages += [(reader, user, reader.listen()) for _ in range(6)]
    assert len(pages) > 100
    assert all(page.status == 200 for _, _, page in pages)
    reader, user, page = pages[-1]
    assert reader.ask("GET /folder/INBOX/")[0] == 200
    user.deliver("INBOX", LETTER)
    while page.changes()[0]["folder"] is None:
        pass
    for _, _, each in pages:
        each.close()


def test_a_person_has_so_many_streams_and_a_dead_client_frees_its_own(reader: Browser) -> None:
    pages = [reader.listen() for _ in range(6)]
    assert reader.listen().status == 429
    pages[0].settled()
    pages.pop().close()
    freed = reader.listen()
    while freed.status == 429:
        freed.close()
        freed = reader.listen()
    assert freed.status == 200
    for page in (*pages, freed):
        page.close()


def test_old_clients_get_the_stream_unframed(reader: Browser, mail_user: MailUser) -> None:
    page = reader.listen(version="1.0").settled()
    assert "transfer-encoding" not in page.headers
    mail_user.deliver("INBOX", LETTER)
    assert page.changes()[0]["new"] == 1
    page.close()


def test_signing_out_ends_the_streams(reader: Browser) -> None:
    page = reader.listen().settled()
    assert reader.post("/sign-out/") == 302
    assert page.ended()
    assert reader.listen().status == 204


def test_a_new_password_ends_the_streams_of_the_old(
    reader: Browser, live: Program, mail_user: MailUser
) -> None:
    page = reader.listen().settled()
    changed = mail_user.change_password()
    Browser.signed_in(live, changed.name, changed.password)
    assert page.ended()
    again = reader.listen()
    assert again.status == 204 or again.ended()
    assert reader.listen().status == 204


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_other_sites_are_refused(reader: Browser, site: str) -> None:
    assert reader.listen(headers=f"Sec-Fetch-Site: {site}\r\n").status == 403


def test_nobody_listens_without_signing_in(live: Program) -> None:
    assert Browser(live, {}).listen().status == 204


def test_the_connection_is_made_again_and_what_was_missed_is_told(
    reader: Browser, mail_user: MailUser, wire: Tap
) -> None:
    page = reader.listen().settled()
    wire.cut()
    mail_user.deliver("INBOX", LETTER)
    assert page.event() == ("state", "waiting")
    page.settled()
    mail_user.deliver("INBOX", LETTER)
    assert page.changes() == [{"folder": "INBOX", "new": 1, "unread": None}]
    page.close()


def test_a_stop_ends_streams_at_once(dovecot: Dovecot, mail_user: MailUser) -> None:
    with Program(imap_url=dovecot.url, env={"THREADS": "4"}) as program:
        page = Browser.signed_in(program, mail_user.name, mail_user.password).listen().settled()
        ended: list[bool] = []
        program.stop(meanwhile=lambda: ended.append(page.ended()))
        assert ended == [True]
        assert "Error" not in program.log()


def test_who_is_blocked_elsewhere_hears_no_more(reader: Browser, live: Program, mail_user: MailUser) -> None:
    page = reader.listen().settled()
    block = "from webmail.accounts.models import Person; Person.objects.filter(username={!r}).update(is_active=False)"
    live.manage("shell", "-c", block.format(mail_user.name.lower()))
    assert page.ended()
    assert reader.listen().status == 204


@pytest.mark.django_db(transaction=True)
def test_who_is_blocked_here_hears_no_more_at_once(dovecot: Dovecot, mail_user: MailUser, settings) -> None:
    settings.IMAP_URL = dovecot.url
    person = Person.objects.create(username=mail_user.name)
    holder = holder_of(person, login=mail_user.name, password=mail_user.password)
    stream = ThreadStream()
    connections.hub().join(holder, stream)
    person.is_active = False
    person.save()
    told = list(stream)
    assert told[0].startswith(b"id: ")
    with pytest.raises(EndedError):
        connections.hub().join(holder, ThreadStream())
    connections.close_pool()
