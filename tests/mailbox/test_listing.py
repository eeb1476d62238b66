"""A page of a folder on a real Dovecot, and what it costs on the wire."""

import pytest

from tests.mailbox.letters import letter
from webmail.mailbox import errors, reading


@pytest.fixture
def sixty(tapped):
    access, tap, user = tapped
    for number in range(1, 61):
        user.deliver("INBOX", letter(number), flags=["\\Seen"] if number > 10 else [])
    return access, tap, user


def subjects(page):
    return [row.subject for row in page.rows]


def test_newest_first_in_pages(sixty):
    access, _, _ = sixty
    first = reading.list_messages(access=access, folder="INBOX")
    assert subjects(first) == [f"Letter {number}" for number in range(60, 10, -1)]
    assert (first.number, first.pages, first.total, first.first, first.last) == (1, 2, 60, 1, 50)
    second = reading.list_messages(access=access, folder="INBOX", page=2)
    assert subjects(second) == [f"Letter {number}" for number in range(10, 0, -1)]
    assert (second.first, second.last) == (51, 60)


def test_a_row_says_what_the_message_is(sixty):
    access, _, user = sixty
    user.deliver(
        "INBOX", letter(61, subject="=?utf-8?q?Bl=C3=A5b=C3=A6r?="), flags=["\\Flagged", "\\Answered"]
    )
    row = reading.list_messages(access=access, folder="INBOX").rows[0]
    assert (row.subject, row.people[0].name, row.snippet) == ("Blåbær", "Kari Nes", "Hei!")
    assert (row.unread, row.starred, row.answered, row.attachment) == (True, True, True, False)


def test_a_page_past_the_end_is_the_last(sixty):
    access, _, _ = sixty
    assert reading.list_messages(access=access, folder="INBOX", page=99).number == 2


def test_an_empty_folder_and_one_that_is_not_there(sixty):
    access, _, _ = sixty
    empty = reading.list_messages(access=access, folder="Sent")
    assert (empty.rows, empty.total, empty.first, empty.last, empty.pages) == ((), 0, 0, 0, 1)
    with pytest.raises(errors.FolderNotFoundError):
        reading.list_messages(access=access, folder="No such folder")


def test_inbox_in_any_case(sixty):
    access, _, _ = sixty
    assert reading.list_messages(access=access, folder="inbox").folder.role == "inbox"


def test_special_folders_come_first_with_counts(sixty):
    access, _, user = sixty
    user.deliver("Zebra/Æsj", letter(1))
    user.deliver("Arbeid", letter(1))
    page = reading.list_messages(access=access, folder="INBOX")
    shown = [(folder.label, folder.role, folder.depth) for folder in page.folders]
    assert shown[:6] == [
        ("INBOX", "inbox", 0),
        ("Drafts", "drafts", 0),
        ("Sent", "sent", 0),
        ("Archive", "archive", 0),
        ("Junk", "junk", 0),
        ("Trash", "trash", 0),
    ]
    assert [label for label, *_ in shown[6:]] == ["Arbeid", "Zebra", "Æsj"]
    assert shown[-1][2] == 1
    assert page.folders[0].unseen == 10


def test_recipients_in_sent(sixty):
    access, _, user = sixty
    user.deliver("Sent", letter(1))
    page = reading.list_messages(access=access, folder="Sent")
    assert page.outgoing
    assert page.rows[0].people[0].name == "Ola"


def test_round_trips(sixty):
    access, tap, _ = sixty
    reading.list_messages(access=access, folder="Sent")
    mark = tap.mark()
    reading.list_messages(access=access, folder="INBOX")
    assert tap.since(mark).round_trips == 2, "a folder that is not selected: SELECT, then the page"
    mark = tap.mark()
    reading.list_messages(access=access, folder="INBOX", page=2)
    assert tap.since(mark).round_trips == 1
    mark = tap.mark()
    reading.list_messages(access=access, folder="INBOX", page=2)
    again = tap.since(mark)
    assert again.round_trips == 1
    assert [command.split()[0] for command in again.commands] == ["NOOP"]


def test_a_message_that_arrives_is_seen_at_once(sixty):
    access, _, user = sixty
    reading.list_messages(access=access, folder="INBOX")
    user.deliver("INBOX", letter(61))
    page = reading.list_messages(access=access, folder="INBOX")
    assert (page.total, subjects(page)[0], len(page.rows)) == (61, "Letter 61", 50)


def test_stable_when_another_client_expunges(sixty):
    access, _, user = sixty
    reading.list_messages(access=access, folder="INBOX", page=1)
    with user.imap() as other:
        other.select("INBOX")
        other.store("55", "+FLAGS", "\\Deleted")
        other.store("5", "+FLAGS", "\\Deleted")
        other.expunge()
    page = reading.list_messages(access=access, folder="INBOX", page=1)
    assert subjects(page) == [f"Letter {number}" for number in range(60, 9, -1) if number != 55]
    rest = reading.list_messages(access=access, folder="INBOX", page=2)
    assert subjects(rest) == [f"Letter {number}" for number in range(9, 0, -1) if number != 5]


def test_flags_of_another_client_show(sixty):
    access, _, user = sixty
    assert not reading.list_messages(access=access, folder="INBOX").rows[0].starred
    with user.imap() as other:
        other.select("INBOX")
        other.store("60", "+FLAGS", "\\Flagged")
    assert reading.list_messages(access=access, folder="INBOX").rows[0].starred


def test_folder_made_again_is_another_folder(sixty):
    access, _, user = sixty
    user.deliver("Temp", letter(1))
    before = reading.list_messages(access=access, folder="Temp").uid_validity
    reading.list_messages(access=access, folder="INBOX")
    with user.imap() as other:
        other.delete("Temp")
        other.create("Temp")
    # The counts may be old; the folder itself may not.
    with pytest.raises(errors.FolderRenumberedError):
        reading.set_seen(access=access, folder="Temp", uid_validity=before + 1, uids=[1], on=True)


@pytest.mark.parametrize(
    "name", ["&", "50 % av", 'a "quoted" name', "日本語", "NIL", "back\\slash", "&AOY-", "*star"]
)
def test_names_of_every_kind(sixty, name):
    access, _, _ = sixty
    from webmail.accounts.connections import borrowed
    from webmail.imap import commands

    with borrowed(access.holder) as session:
        session.run(commands.Create(name))
    page = reading.list_messages(access=access, folder=name)
    assert page.folder.name == name
    assert name in [folder.name for folder in page.folders]
