"""The pool with a real Dovecot: borrowing, sharing, ending."""

import pytest

from tests.imap.pooling import Clock, Task, holder_of, pool_of, until
from webmail.imap.commands import UID, append, fetch, noop, select
from webmail.imap.connection import Connection
from webmail.imap.errors import AuthenticationError, PoolExhaustedError
from webmail.imap.server import Password

MAIL = b"From: a@example.org\r\nSubject: one\r\n\r\nhello\r\n"


def test_a_connection_is_used_again_with_its_folder_selected(mail_user, dovecot):
    holder = holder_of(mail_user)
    with pool_of() as pool:
        with pool.borrow(holder, "INBOX") as session:
            assert session.fresh
            assert session.selected is None
            session.run(select("INBOX"))
            first = session.connection
        with pool.borrow(holder, "INBOX") as session:
            assert not session.fresh
            assert session.connection is first
            assert session.selected.name == "INBOX"
            session.run(noop())
        stats = pool.stats()
        assert (stats.people, stats.connections, stats.idle, stats.borrowed) == (1, 1, 1, 0)
        assert (stats.opened_total, stats.reused_total, stats.lost_total) == (1, 1, 0)
        assert len(dovecot.processes(mail_user)) == 1


def test_two_tabs_at_once_get_two_connections_and_a_third_waits(mail_user):
    holder = holder_of(mail_user)
    with pool_of(per_holder=2) as pool:
        with pool.borrow(holder) as one:
            with pool.borrow(holder) as other:
                assert one.connection is not other.connection
                freed = other.connection

                def third():
                    with pool.borrow(holder) as session:
                        session.run(noop())
                        return session.connection

                task = Task(third)
                until(lambda: pool.stats().waiting == 1)
                other.run(noop())
            assert task.result() is freed
        assert pool.stats().waited_total == 1
        assert pool.stats().opened_total == 2


def test_the_connection_with_the_folder_is_preferred(mail_user):
    holder = holder_of(mail_user)
    with pool_of() as pool:
        with pool.borrow(holder) as one, pool.borrow(holder) as other:
            one.run(select("INBOX"))
            other.run(select("Sent"))
            inbox, sent = one.connection, other.connection
        for _ in range(3):
            with pool.borrow(holder, "Sent") as session:
                assert session.connection is sent
            with pool.borrow(holder, "inbox") as session:
                assert session.connection is inbox


def test_waiting_is_bounded(mail_user):
    with pool_of(per_holder=1, wait_seconds=0.05) as pool:
        full = pytest.raises(PoolExhaustedError)
        with pool.borrow(holder_of(mail_user)), full, pool.borrow(holder_of(mail_user)):
            pass
        assert pool.stats().refused_total == 1
        assert pool.stats().waiting == 0
        with pool.borrow(holder_of(mail_user)) as session:
            session.run(noop())


def test_a_download_does_not_keep_the_pages_waiting(mail_user):
    holder = holder_of(mail_user)
    with pool_of(per_holder=1, lasting=1, wait_seconds=0.05) as pool:
        with pool.borrow(holder, lasting=True), pool.borrow(holder) as session:
            session.run(noop())
            with pytest.raises(PoolExhaustedError), pool.borrow(holder, lasting=True):
                pass
        stats = pool.stats()
        assert (stats.connections, stats.idle) == (1, 1)


def test_the_longest_idle_of_others_makes_room(dovecot):
    users = [dovecot.user() for _ in range(4)]
    with pool_of(total=2) as pool:
        for user in users:
            with pool.borrow(holder_of(user)) as session:
                session.run(noop())
        assert pool.stats().connections == 2
        assert {person.key for person in pool.holders()} == {users[2].name, users[3].name}
        with pool.borrow(holder_of(users[3])) as session:
            assert not session.fresh
        until(lambda: not dovecot.processes(users[0]))


def test_who_waits_for_the_total_gets_the_place_of_another_person(dovecot):
    one, other = dovecot.user(), dovecot.user()
    with pool_of(total=1) as pool:
        with pool.borrow(holder_of(one)):

            def work():
                with pool.borrow(holder_of(other)) as session:
                    session.run(noop())
                    return session.fresh

            task = Task(work)
            until(lambda: pool.stats().waiting == 1)
        assert task.result() is True
        assert pool.stats().connections == 1


def test_idle_connections_are_closed_in_time(mail_user, dovecot):
    clock = Clock()
    with pool_of(idle_seconds=300, clock=clock) as pool:
        with pool.borrow(holder_of(mail_user)) as session:
            session.run(noop())
        clock.now += 299
        pool.sweep()
        assert pool.stats().idle == 1
        clock.now += 2
        pool.sweep()
        assert pool.stats().connections == 0
        until(lambda: not dovecot.processes(mail_user))
        assert pool.holders() == []


def test_a_pool_that_is_kept_swept_needs_nobody_to_come(mail_user, dovecot):
    with pool_of(idle_seconds=0.01) as pool:
        pool.keep_swept(every=0.01)
        with pool.borrow(holder_of(mail_user)) as session:
            session.run(noop())
        until(lambda: pool.stats().connections == 0)
        until(lambda: not dovecot.processes(mail_user))


def test_a_connection_past_its_time_is_not_handed_out(mail_user):
    clock = Clock()
    with pool_of(idle_seconds=5, clock=clock) as pool:
        with pool.borrow(holder_of(mail_user)) as session:
            first = session.connection
        clock.now += 6
        with pool.borrow(holder_of(mail_user)) as session:
            assert session.connection is not first
            assert first.closed


def test_wrong_password_says_so_and_leaves_nothing(mail_user):
    with pool_of() as pool:
        with pytest.raises(AuthenticationError), pool.borrow(holder_of(mail_user, password="wrong")):
            pass
        assert pool.stats().connections == 0


def test_other_credentials_never_get_the_old_connection(mail_user):
    with pool_of() as pool:
        with pool.borrow(holder_of(mail_user)) as session:
            old = session.connection
        with pytest.raises(AuthenticationError), pool.borrow(holder_of(mail_user, password="guessed")):
            pass
        with pool.borrow(holder_of(mail_user)) as session:
            assert session.connection is old


def test_a_password_changed_elsewhere(mail_user):
    with pool_of() as pool:
        before = holder_of(mail_user)
        with pool.borrow(before) as session:
            old = session.connection
        pool.notes(before).put("body", 1, b"secret", 6)
        changed = mail_user.change_password()
        after = holder_of(changed)
        connection = Connection.open(after.server)
        connection.login(after.credentials)
        pool.adopt(after, connection)
        with pool.borrow(after) as session:
            assert session.connection is connection
        until(lambda: old.closed)
        assert pool.notes(after).get("body", 1) is None
        assert pool.notes(before).get("body", 1) is None
        with pytest.raises(AuthenticationError), pool.borrow(holder_of(mail_user)):
            pass
        with pool.borrow(after) as session:
            assert session.connection is connection


def test_the_pooled_connection_of_the_old_password_goes_once_the_server_refuses_it(mail_user):
    with pool_of() as pool:
        holder = holder_of(mail_user)
        with pool.borrow(holder) as session:
            old = session.connection
            mail_user.change_password()
            with pytest.raises(AuthenticationError), pool.borrow(holder):
                pass
            session.run(noop())
        assert old.closed
        assert pool.stats().connections == 0


def test_sign_out_ends_idle_connections_and_the_cache(mail_user, dovecot):
    with pool_of() as pool:
        holder = holder_of(mail_user)
        with pool.borrow(holder) as session:
            session.run(noop())
        notes = pool.notes(holder)
        notes.put("body", 1, b"secret", 6)
        pool.drain(holder.key)
        assert pool.stats().connections == 0
        assert notes.get("body", 1) is None
        until(lambda: not dovecot.processes(mail_user))


def test_sign_out_while_a_request_runs(mail_user, dovecot):
    with pool_of() as pool:
        holder = holder_of(mail_user)
        with pool.borrow(holder) as session:
            session.run(select("INBOX"))
            pool.drain(holder.key)
            assert session.run(noop()) == (None,)
            pool.notes(holder).put("body", 1, b"late", 4)
            with pool.borrow(holder) as another:
                another.run(noop())
        assert pool.stats().connections == 0
        assert pool.stats().cached_octets == 0
        assert pool.notes(holder).get("body", 1) is None
        until(lambda: not dovecot.processes(mail_user))
        with pool.borrow(holder_of(mail_user)) as session:
            session.run(noop())
        assert pool.stats().idle == 1


def test_sign_out_while_a_connection_is_being_opened(mail_user, monkeypatch):
    with pool_of() as pool:
        holder = holder_of(mail_user)
        login = Connection.login

        def login_and_drain(self, credentials):
            login(self, credentials)
            pool.drain(holder.key)

        monkeypatch.setattr(Connection, "login", login_and_drain)
        with pool.borrow(holder) as session:
            session.run(noop())
        assert pool.stats().connections == 0


def test_a_sign_in_hands_its_connection_over(mail_user, dovecot):
    holder = holder_of(mail_user)
    with pool_of(per_holder=1) as pool:
        connections = []
        for _ in range(2):
            connection = Connection.open(holder.server)
            connection.login(holder.credentials)
            pool.adopt(holder, connection)
            connections.append(connection)
        with pool.borrow(holder) as session:
            assert session.connection is connections[0]
        until(lambda: connections[1].closed)
        assert pool.make_room(holder.key) == 1
        assert pool.stats().connections == 0


def test_an_error_of_the_caller_keeps_the_connection(mail_user):
    with pool_of() as pool:
        with pytest.raises(ZeroDivisionError), pool.borrow(holder_of(mail_user)) as session:
            session.run(1 / 0)
        with pool.borrow(holder_of(mail_user)) as session:
            assert not session.fresh


def test_a_returned_session_does_nothing_more(mail_user):
    with pool_of() as pool:
        with pool.borrow(holder_of(mail_user)) as session:
            pass
        with pytest.raises(RuntimeError):
            session.run(noop())


def test_a_stream_left_in_the_middle_ends_its_connection(mail_user):
    mail_user.deliver("INBOX", MAIL + b"x" * 70 * 1000 + b"\r\n" + b"y" * 4_000_000)
    with pool_of() as pool:
        with pool.borrow(holder_of(mail_user), "INBOX") as session:
            session.run(select("INBOX"))
            stream = session.stream(uid=1, section="")
            assert next(stream)
        assert pool.stats().connections == 0
        with pool.borrow(holder_of(mail_user), "INBOX") as session:
            session.run(select("INBOX"))
            assert sum(map(len, session.stream(uid=1, section=""))) > 4_000_000
        assert pool.stats().idle == 1


def test_closing_the_pool_ends_what_is_borrowed_too(mail_user, dovecot):
    with pool_of() as pool:
        with pool.borrow(holder_of(mail_user)):
            pool.close()
        with pytest.raises(PoolExhaustedError), pool.borrow(holder_of(mail_user)):
            pass
    until(lambda: not dovecot.processes(mail_user))


def test_no_secret_shows(mail_user):
    holder = holder_of(mail_user)
    with pool_of() as pool, pool.borrow(holder):
        shown = f"{holder!r} {holder.identity!r} {pool.stats()!r} {pool.holders()!r}"
        assert mail_user.password not in shown


def test_holders_are_apart_by_everything_that_matters():
    from webmail.imap.holder import Holder
    from webmail.imap.server import Server

    one, other = Server.parse("imap://a.example"), Server.parse("imap://b.example")
    made = [
        Holder(key, server, Password(user, password))
        for key in ("1", "2")
        for server in (one, other)
        for user in ("u", "v")
        for password in ("p", "q")
    ]
    assert len({holder.identity for holder in made}) == len(made)
    again = Holder("1", one, Password("u", "p"))
    assert again.identity == made[0].identity
    assert again == made[0]


def test_what_changes_mail_runs_once(mail_user):
    with pool_of() as pool:
        with pool.borrow(holder_of(mail_user)) as session:
            session.run(append("INBOX", MAIL))
        with pool.borrow(holder_of(mail_user), "INBOX") as session:
            _, found = session.run(select("INBOX"), fetch("1:*", [UID]))
            assert len(found) == 1
