"""Cost, many messages, and what breaks off in the middle."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mailbox.letters import letter
from tests.servers.mailboxes import fill
from webmail.accounts.access import Access
from webmail.imap import errors
from webmail.journal.models import Deed
from webmail.mailbox import filing, reading
from webmail.mailbox.errors import MailServerError, QuotaError
from webmail.mailbox.filing import Order, doing, working
from webmail.mailbox.view import View


@pytest.fixture
def signed(tapped: Any) -> tuple[Access, Any, Any]:
    access, tap, user = tapped
    return Access(access.person, access.holder, "one"), tap, user


def lots(access: Access, folder: str = "INBOX") -> Any:
    validity = reading.list_messages(access=access, folder=folder).uid_validity
    return filing.everything(access=access, view=View(folder), uid_validity=validity)


def flags(user: Any, folder: str) -> list[bytes]:
    with user.imap() as client:
        client.select(folder)
        _, data = client.fetch("1:*", "(FLAGS)")
        return sorted(
            b" ".join(sorted(set(part.partition(b"FLAGS (")[2].strip(b")").split()) - {b"\\Recent"}))
            for part in data
            if part
        )


@pytest.mark.parametrize("kind", ["seen", "star", "archive", "junk", "trash", "move"])
def test_one_round_trip(signed: Any, kind: str) -> None:
    access, tap, user = signed
    user.bulk("INBOX", [letter(number) for number in range(50)])
    with user.imap() as client:
        for name in ("Archive", "Junk", "Trash", "Target"):
            client.create(name)
    order = Order(kind, "Target" if kind == "move" else "")
    chosen = lots(access)
    tap.settle()
    mark = tap.mark()
    deed = filing.file_messages(access=access, order=order, lots=chosen)
    tap.settle()
    assert tap.since(mark).round_trips == 1
    assert (deed.state, deed.done) == ("done", 50)


def test_five_hundred_archived_and_back(signed: Any) -> None:
    access, _, user = signed
    user.bulk("INBOX", [letter(number) for number in range(500)])
    with user.imap() as client:
        client.select("INBOX")
        client.store("1:100", "+FLAGS", "(\\Seen)")
        client.store("50:150", "+FLAGS", "(\\Flagged Invoice)")
        client.store("7,9,11", "+FLAGS", "(\\Answered)")
    before = flags(user, "INBOX")
    deed = filing.file_messages(access=access, order=Order("archive"), lots=lots(access))
    assert (deed.done, len(deed.steps) < 200) == (500, True)
    filing.take_back(access=access, deed=deed)
    assert (deed.state, deed.undone) == ("undone", 500)
    assert flags(user, "INBOX") == before


@pytest.mark.parametrize("count", [3_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_very_many(signed: Any, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Sets that are written short, in batches that are told of; run here instead of in a thread of its own."""
    access, tap, user = signed
    fill(user, "INBOX", count)
    heard: list[int] = []
    saved = working._saved
    monkeypatch.setattr(working, "_saved", lambda deed, doing: heard.append(deed.done) or saved(deed, doing))
    monkeypatch.setattr(working, "start", working.run)
    everything = lots(access)
    assert everything[0].uids == f"1:{count}"
    tap.settle()
    mark = tap.mark()
    deed = filing.file_messages(access=access, order=Order("archive"), lots=everything)
    tap.settle()
    deed.refresh_from_db()
    assert (deed.state, deed.done, deed.left) == ("done", count, "")
    assert heard[: count // 1000] == list(range(1000, count + 1, 1000))
    assert tap.since(mark).up < count
    assert tap.since(mark).round_trips <= count // 1000 + 3
    assert len(deed.steps) < 200
    filing.take_back(access=access, deed=deed)
    deed.refresh_from_db()
    assert (deed.state, deed.undone) == ("undone", count)
    assert reading.list_messages(access=access, folder="INBOX").total == count


def test_what_was_done_is_known_where_the_connection_breaks(
    signed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    access, _, user = signed
    user.bulk("INBOX", [letter(number) for number in range(30)])
    monkeypatch.setattr(working, "BATCH", 10)
    act, calls = working.act, []

    def breaks(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise errors.ConnectionLostError("gone")
        return act(*args)

    monkeypatch.setattr(working, "act", breaks)
    chosen = lots(access)
    deed = filing.file_messages(access=access, order=Order("trash"), lots=chosen)
    assert (deed.state, deed.reason, deed.done) == ("broken", "lost", 20)
    filing.resume(access=access, deed=deed)
    assert (deed.state, deed.done) == ("done", 30)
    filing.take_back(access=access, deed=deed)
    assert (deed.state, deed.undone) == ("undone", 30)
    assert len(lots(access)[0].uids) > 0


def test_nothing_was_done_where_it_breaks_at_once(signed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    access, _, user = signed
    user.bulk("INBOX", [letter(1)])
    chosen = lots(access)
    for error, raised in (
        (errors.NoError("UID MOVE", "NO", "OVERQUOTA", "full"), QuotaError),
        (errors.ConnectionLostError("gone"), MailServerError),
    ):
        monkeypatch.setattr(
            "webmail.mailbox.filing.acting.move", lambda *_a, error=error, **_k: (_ for _ in ()).throw(error)
        )
        with pytest.raises(raised):
            filing.file_messages(access=access, order=Order("trash"), lots=chosen)
    assert not Deed.objects.exists()


def test_stopped_and_done_later(signed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run here instead of in a thread, which could not share the database in memory."""
    access, _, user = signed
    user.bulk("INBOX", [letter(number) for number in range(30)])
    monkeypatch.setattr(working, "BATCH", 10)
    monkeypatch.setattr(doing, "AT_ONCE", 20)
    monkeypatch.setattr(working, "start", working.run)
    act = working.act

    def stops(*args: Any) -> Any:
        yield from act(*args)
        filing.stop(deed=Deed.objects.get())

    with monkeypatch.context() as patched:
        patched.setattr(working, "act", stops)
        deed = filing.file_messages(access=access, order=Order("trash"), lots=lots(access))
    deed.refresh_from_db()
    assert (deed.state, deed.done) == ("stopped", 10)
    filing.resume(access=access, deed=deed)
    deed.refresh_from_db()
    assert (deed.state, deed.done, deed.left) == ("done", 30, "")
