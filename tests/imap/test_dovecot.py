"""Every command and operation against a real Dovecot."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest

from tests.servers.dovecot import Dovecot, MailUser
from webmail.imap import commands, operations
from webmail.imap.commands import (
    BODYSTRUCTURE,
    COUNTS,
    ENVELOPE,
    FLAGS,
    INTERNAL_DATE,
    MODSEQ,
    PREVIEW,
    SIZE,
    body,
    criteria,
    header_fields,
    section_of,
)
from webmail.imap.connection import Connection
from webmail.imap.errors import (
    AuthenticationError,
    CommandError,
    ConnectionLostError,
    MissingError,
    NoError,
    TlsError,
)
from webmail.imap.server import Password, Server

MESSAGE = (
    b"From: Kari <kari@example.org>\r\nTo: Ola <ola@example.org>\r\nSubject: Nr. %d\r\n"
    b"Date: Mon, 2 Feb 2026 10:00:%02d +0100\r\nMessage-ID: <%d@example.org>\r\n\r\nHei %d\r\n"
)


def message(n: int) -> bytes:
    return MESSAGE % (n, n, n, n)


def sign_in(user: MailUser, url: str | None = None, **options: object) -> Connection:
    connection = Connection.open(Server.parse(url or user.server.url, **options))
    connection.login(Password(user.name, user.password))
    return connection


@pytest.fixture
def connection(mail_user: MailUser) -> Connection:
    for n in range(1, 11):
        mail_user.deliver("INBOX", message(n))
    return sign_in(mail_user)


@pytest.mark.parametrize("scheme", ["url", "tls_url", "starttls_url"])
def test_every_way_in(dovecot: Dovecot, mail_user: MailUser, scheme: str) -> None:
    connection = sign_in(mail_user, getattr(dovecot, scheme), ca_file=str(dovecot.ca_file))
    assert connection.has("IMAP4rev1")
    assert connection.has("LIST-STATUS")
    assert (connection.describe_tls() is None) == (scheme == "url")
    assert not connection.idle(seconds=0.05)
    connection.logout()
    assert connection.closed


def test_wrong_password(dovecot: Dovecot, mail_user: MailUser) -> None:
    for url in (dovecot.url, dovecot.starttls_url):
        connection = Connection.open(Server.parse(url, ca_file=str(dovecot.ca_file)))
        with pytest.raises(AuthenticationError):
            connection.login(Password(mail_user.name, "wrong"))


def test_odd_passwords(dovecot: Dovecot) -> None:
    for password in ('"\\{3}', "pæsswörd 日本", " ", "a" * 300):
        user = dovecot.user(password=password)
        sign_in(user).logout()


def test_certificate(dovecot: Dovecot) -> None:
    with pytest.raises(TlsError, match="not trusted"):
        Connection.open(Server.parse(dovecot.tls_url))


def test_reading(connection: Connection) -> None:
    selected, found = connection.run(
        commands.select("inbox", condstore=True),
        commands.fetch("1:*", [FLAGS, ENVELOPE, BODYSTRUCTURE, SIZE, INTERNAL_DATE, MODSEQ, PREVIEW]),
    )
    assert selected.exists == len(found) == 10
    assert selected.uid_validity
    assert selected.uid_next == 11
    assert selected.highest_modseq
    assert selected.permanent_flags is not None
    assert "\\*" in selected.permanent_flags
    assert connection.selected is not None
    assert connection.selected.holds("INBOX")
    one = found[2]
    assert (one.uid, one.size, one.preview) == (3, len(message(3)), b"Hei 3")
    assert one.envelope is not None
    assert one.envelope.subject == b"Nr. 3"
    assert one.structure is not None
    assert (one.structure.type, one.structure.subtype) == ("text", "plain")
    assert one.internal_date is not None
    assert one.modseq is not None
    assert one.broken == ()
    asked = header_fields("Subject", "X-None")
    ((one,),) = connection.run(commands.fetch(3, [asked, body("1"), body("TEXT", partial=(1, 2)), body("9")]))
    assert one.sections[section_of(asked)] == b"Subject: Nr. 3\r\n\r\n"
    assert one.sections["1"] == b"Hei 3\r\n"
    assert one.sections["TEXT"] == b"ei"


def test_examine_unselect_close(connection: Connection) -> None:
    (selected,) = connection.run(commands.examine("INBOX"))
    assert selected.read_only
    assert connection.selected is not None
    assert connection.selected.read_only
    connection.run(commands.unselect())
    assert connection.selected is None
    connection.run(commands.select("INBOX"), commands.close())
    assert connection.selected is None
    with pytest.raises(NoError):
        connection.run(commands.select("INBOX"), commands.select("nowhere"))
    assert connection.selected is None


def test_flags_and_what_others_do(connection: Connection, mail_user: MailUser) -> None:
    connection.run(commands.select("INBOX"))
    (stored,) = connection.run(commands.store([1, 2], "add", ["\\Seen", "$Forwarded"], silent=False))
    assert [one.uid for one in stored.fetched] == [1, 2]
    assert stored.fetched[0].flags is not None
    assert stored.fetched[0].flags >= {"\\Seen", "$Forwarded"}
    other = sign_in(mail_user)
    other.run(commands.select("INBOX"))
    other.run(
        commands.store([3], "add", ["\\Flagged"]),
        commands.store([4], "add", ["\\Deleted"]),
        commands.uid_expunge([4]),
    )
    mail_user.deliver("INBOX", message(11))
    connection.run(commands.noop())
    changes = connection.take_changes()
    assert changes.exists
    assert changes.expunged == (4,)
    assert any(one.flags and "\\Flagged" in one.flags for one in changes.fetched)
    assert connection.selected is not None
    assert connection.selected.exists == 10
    (flags,) = connection.run(commands.fetch("1:2", [FLAGS]))
    assert all(one.flags is not None and "\\Seen" in one.flags for one in flags)
    assert not connection.take_changes()


def test_condstore_and_qresync(connection: Connection, mail_user: MailUser) -> None:
    connection.run(commands.enable("QRESYNC"))
    assert "QRESYNC" in connection.enabled
    (before,) = connection.run(commands.select("INBOX"))
    assert before.highest_modseq is not None
    other = sign_in(mail_user)
    other.run(commands.select("INBOX"))
    other.run(commands.store([3], "add", ["\\Flagged"]), commands.store([5, 6], "add", ["\\Deleted"]))
    other.run(commands.uid_expunge("5:6"))
    (changed,) = connection.run(commands.fetch("1:*", [FLAGS], changed_since=before.highest_modseq))
    assert 3 in [one.uid for one in changed]
    connection.run(commands.noop())
    assert connection.take_changes().vanished == (5, 6)
    assert connection.selected is not None
    assert connection.selected.exists == 8
    (after,) = connection.run(commands.select("INBOX", qresync=(before.uid_validity, before.highest_modseq)))
    assert after.vanished == "5:6"
    assert [one.uid for one in after.changed] == [3]
    (stored,) = connection.run(commands.store([1, 3], "add", ["x"], unchanged_since=before.highest_modseq))
    assert stored.modified == (3,)


def test_tree(connection: Connection) -> None:
    names = ["Norge/Ørland & omegn", "日本語", 'a"b\\c', "NIL", "{3}", "x [y]"]
    for name in names:
        connection.run(commands.create(name), commands.subscribe(name))
    connection.run(commands.rename("日本語", "日本/古い"))
    names[1] = "日本/古い"
    connection.run(commands.subscribe(names[1]))
    listed = operations.list_with_status(connection)
    by_name = {one.name: one for one in listed}
    assert set(names) <= set(by_name)
    assert "\\sent" in by_name["Sent"].attributes
    inbox = by_name["INBOX"].status
    assert inbox is not None
    assert (inbox.messages, inbox.unseen, inbox.uid_next) == (10, 10, 11)
    parent = by_name.get("日本")
    assert parent is None or not operations.is_selectable(parent)
    connection.distrust("LIST-STATUS")
    assert {(one.name, one.status) for one in operations.list_with_status(connection)} == {
        (one.name, one.status) for one in listed
    }
    connection.distrust("SPECIAL-USE")
    assert {one.name for one in operations.list_with_status(connection)} == set(by_name)
    (subscribed, lsub) = connection.run(commands.list_mailboxes(only_subscribed=True), commands.lsub())
    assert set(names) <= {one.name for one in subscribed}
    assert set(names) <= {one.name for one in lsub}
    for name in names:
        wire = by_name[name].wire
        opened, counts = connection.run(commands.select(wire), commands.status(wire, COUNTS))
        assert opened.name == name
        assert counts.messages == 0
        connection.run(commands.unselect(), commands.unsubscribe(name), commands.delete(name))
    assert operations.namespace(connection).personal == (("", "/"),)
    connection.distrust("NAMESPACE")
    assert operations.namespace(connection).personal == (("", "/"),)


def test_other_separator_and_prefix(dovecot_with) -> None:
    user = dovecot_with(separator=".", prefix="INBOX.").user()
    connection = sign_in(user)
    assert operations.namespace(connection).personal == (("INBOX.", "."),)
    connection.run(commands.create("INBOX.ø.b"))
    names = {one.name: one.delimiter for one in operations.list_with_status(connection)}
    assert names["INBOX.ø.b"] == "."
    connection.distrust("NAMESPACE")
    assert operations.namespace(connection).personal[0][1] == "."


def test_search_sort_thread(connection: Connection) -> None:
    connection.run(commands.select("INBOX"))
    key = criteria.text("SUBJECT", "Nr. 1") & ~criteria.SEEN
    plain, some = connection.run(
        commands.search(key), commands.search(criteria.ALL, return_=["COUNT", "MIN", "MAX"])
    )
    assert plain.numbers == (1, 10)
    assert (some.count, some.minimum, some.maximum) == (10, 1, 10)
    assert operations.search(connection, key).numbers == (1, 10)
    assert operations.search(connection, criteria.text("BODY", "blåbær")).numbers == ()
    connection.distrust("ESEARCH")
    assert operations.search(connection, key | criteria.uids([5])).numbers == (1, 5, 10)
    page = operations.sort_page(connection, ["REVERSE DATE"], criteria.ALL, first=2, last=4)
    assert page == operations.SortedPage((9, 8, 7), 10)
    assert operations.sort_page(
        connection, ["DATE"], criteria.ALL, first=11, last=20
    ) == operations.SortedPage((), 10)
    connection.distrust("ESORT")
    assert operations.sort_page(connection, ["REVERSE DATE"], criteria.ALL, first=2, last=4) == page
    connection.distrust("SORT")
    assert operations.sort_page(connection, ["DATE"], criteria.ALL, first=1, last=4) is None
    (threads,) = connection.run(commands.thread("REFERENCES", criteria.ALL))
    assert len(threads) == 10


def test_copy_move_delete(connection: Connection) -> None:
    connection.run(commands.select("INBOX"))
    copied = operations.copy(connection, [1, 2], "Sent")
    assert copied is not None
    assert (copied.source, copied.target) == ((1, 2), (1, 2))
    moved = operations.move(connection, [3], "Trash")
    assert moved.expunged
    assert moved.copied is not None
    assert (moved.copied.source, moved.copied.target) == ((3,), (1,))
    connection.distrust("MOVE")
    moved = operations.move(connection, [4, 5], "Trash")
    assert moved.expunged
    assert moved.copied is not None
    assert moved.copied.target == (2, 3)
    assert operations.delete_for_ever(connection, [6])
    connection.distrust("UIDPLUS")
    connection.run(commands.store([7], "add", ["\\Deleted"]))
    assert not operations.delete_for_ever(connection, [8])
    assert [one.uid for one in connection.run(commands.fetch("1:*", [FLAGS]))[0]] == [1, 2, 7, 8, 9, 10]
    connection.run(commands.store([7], "remove", ["\\Deleted"]))
    assert operations.delete_for_ever(connection, [8])
    assert operations.search(connection, criteria.ALL).numbers == (1, 2, 7, 9, 10)
    with pytest.raises(NoError) as refused:
        operations.move(connection, [1], "nowhere")
    assert refused.value.code == "TRYCREATE"
    assert connection.run(commands.expunge()) == (None,)


def test_append(connection: Connection, mail_user: MailUser) -> None:
    date = datetime(2025, 12, 24, 17, 0, tzinfo=UTC)
    raw = message(42)
    one, two = connection.run(
        commands.append("Sent", raw, flags=["\\Seen", "$Ekorn"], date=date),
        commands.append("Sent", io.BytesIO(b"xx" + raw), size=len(raw) + 2),
    )
    assert one is not None
    assert two is not None
    assert (one.uid, two.uid) == (1, 2)
    _, (found,) = connection.run(commands.select("Sent"), commands.fetch(1, [FLAGS, INTERNAL_DATE, body()]))
    assert found.sections[""] == raw
    assert found.internal_date == date
    assert found.flags is not None
    assert found.flags >= {"\\Seen", "$Ekorn"}
    with pytest.raises(NoError) as refused:
        connection.run(commands.append("nowhere", raw))
    assert refused.value.code == "TRYCREATE"


def test_over_quota(dovecot_with) -> None:
    user = dovecot_with(quota=True).user(quota=10)
    connection = sign_in(user)
    (quotas,) = connection.run(commands.get_quota_root("INBOX"))
    assert [(one.resource, one.limit) for one in quotas if one.resource == "STORAGE"] == [("STORAGE", 10)]
    with pytest.raises(NoError) as refused:
        connection.run(commands.append("INBOX", message(1) + b"x" * 20_000))
    assert refused.value.code == "OVERQUOTA"
    connection.run(commands.noop())


def test_stream(connection: Connection, mail_user: MailUser) -> None:
    raw = message(1) + b"0123456789abcdef\r\n" * 200_000
    mail_user.deliver("INBOX", raw)
    connection.run(commands.select("INBOX"))
    with connection.stream(uid=11, section="", chunk=100_000) as stream:
        assert stream.size == len(raw)
        assert b"".join(stream) == raw
    with connection.stream(uid=11, section="1", chunk=10) as stream:
        next(stream)
    assert connection.closed
    connection = sign_in(mail_user)
    connection.run(commands.select("INBOX"))
    with pytest.raises(MissingError):
        connection.stream(uid=99, section="")
    assert list(connection.stream(uid=11, section="7")) == []
    connection.run(commands.noop())


def test_id_rides_along(connection: Connection) -> None:
    fields, _ = connection.run(commands.id_({"name": "Ekorn", "version": "1"}), commands.noop())
    assert fields["name"] == "Dovecot"
    assert connection.run(commands.id_()) == (fields,)


def test_idle(connection: Connection, mail_user: MailUser) -> None:
    other = sign_in(mail_user)
    other.run(commands.select("INBOX"), commands.store([1], "add", ["\\Flagged"]))
    connection.run(commands.select("INBOX"))
    other.run(commands.append("INBOX", message(12)))
    assert connection.idle(seconds=10)
    assert connection.take_changes().exists
    connection.run(commands.noop())


def test_a_restart_is_noticed(dovecot_with) -> None:
    server = dovecot_with(separator=".")
    user = server.user()
    connection = sign_in(user)
    assert connection.check_alive()
    server.restart()
    assert not connection.check_alive()
    with pytest.raises(ConnectionLostError):
        connection.run(commands.noop())
    sign_in(user).logout()


def test_no_command_is_ever_bad(connection: Connection) -> None:
    """What a person may type, on its way to a strict server."""
    connection.run(commands.select("INBOX"))
    for text in (
        '"',
        "\\",
        "{3}",
        "{3+}",
        "(",
        ")",
        "*",
        "%",
        "]",
        "NIL",
        "å",
        "日本",
        " ",
        "a" * 2000,
        "\t",
        "\x7f",
    ):
        connection.run(
            commands.search(criteria.text("TEXT", text) | criteria.header("X-Y", text)),
            commands.list_mailboxes("", text),
        )
        (refused,) = connection.gather(commands.status(text))
        assert not isinstance(refused, CommandError) or refused.status == "NO", text
        assert re.fullmatch(r"NO|", getattr(refused, "status", ""))
