"""What the pool makes of connections that break: hidden where that is safe, told where it is not."""

import pytest

from tests.imap.faulty import FaultyServer
from tests.imap.pooling import Clock, Task, holder_of, pool_of, until
from webmail.imap import errors
from webmail.imap.commands import (
    FLAGS,
    UID,
    append,
    body,
    enable,
    examine,
    fetch,
    list_mailboxes,
    move,
    noop,
    select,
)
from webmail.imap.connection import Connection
from webmail.imap.holder import Holder
from webmail.imap.server import Limits, Password, Server, Timeouts

MAIL = b"From: a@example.org\r\nSubject: one\r\n\r\nhello\r\n"
WHOLE = (UID, body(""))


def test_a_server_restarts_between_two_requests(mail_user, dovecot):
    mail_user.deliver("INBOX", MAIL)
    holder = holder_of(mail_user)
    with pool_of() as pool:
        with pool.borrow(holder, "INBOX") as session:
            session.run(select("INBOX"))
        dovecot.restart()
        with pool.borrow(holder, "INBOX") as session:
            _, found = session.run(select("INBOX"), fetch("1:*", [UID]))
            assert [message.uid for message in found] == [1]
        stats = pool.stats()
        assert (stats.connections, stats.lost_total, stats.opened_total) == (1, 1, 2)


@pytest.mark.parametrize("politely", [True, False])
def test_a_connection_dies_while_it_is_borrowed_but_unused(mail_user, dovecot, politely):
    mail_user.deliver("INBOX", MAIL)
    holder = holder_of(mail_user)
    with pool_of() as pool:
        with pool.borrow(holder, "INBOX") as session:
            session.run(select("INBOX"))
        with pool.borrow(holder, "INBOX") as session:
            assert not session.fresh
            assert dovecot.kill_connections(mail_user, politely=politely) == 1
            until(lambda: not dovecot.processes(mail_user))
            (found,) = session.run(fetch(1, [UID]))
            assert found[0].uid == 1
            assert session.selected.name == "INBOX"
            assert session.fresh
        stats = pool.stats()
        assert (stats.connections, stats.idle, stats.lost_total, stats.retried_total) == (1, 1, 1, 1)


def test_a_server_that_is_gone_is_told_and_the_next_request_works(mail_user, dovecot):
    holder = holder_of(mail_user)
    with pool_of() as pool:
        with pool.borrow(holder) as session:
            session.run(noop())
        dovecot.stop()
        try:
            with pytest.raises(errors.ConnectError), pool.borrow(holder):
                pass
            assert pool.stats().connections == 0
        finally:
            dovecot.start()
        with pool.borrow(holder) as session:
            session.run(noop())


def test_a_server_that_goes_while_borrowed(mail_user, dovecot):
    holder = holder_of(mail_user)
    with pool_of() as pool:
        with pool.borrow(holder) as session:
            session.run(noop())
            dovecot.restart()
            with pytest.raises(errors.ConnectionLostError):
                session.run(noop())
        assert pool.stats().connections == 0


def test_a_server_that_allows_one_connection_makes_the_second_request_wait(dovecot_with):
    user = dovecot_with(max_connections=1).user()
    holder = holder_of(user)
    with pool_of(per_holder=3, wait_seconds=20) as pool:
        with pool.borrow(holder) as session:
            session.run(noop())

            def work():
                with pool.borrow(holder) as another:
                    another.run(noop())
                    return another.fresh

            tasks = [Task(work) for _ in range(4)]
            until(lambda: pool.stats().waiting == 4)
            session.run(noop())
        assert [task.result() for task in tasks] == [False] * 4
        assert pool.stats().connections == 1
        assert pool.stats().refused_total == 0


def test_a_server_that_allows_one_connection_has_room_again_after_a_lost_one(dovecot_with):
    user = dovecot_with(max_connections=1).user()
    holder = holder_of(user)
    with pool_of(wait_seconds=20) as pool:
        for _ in range(3):
            with pool.borrow(holder) as session:
                session.run(noop())
                session.connection.close()
        with pool.borrow(holder) as session:
            session.run(noop())
        assert pool.make_room(holder.key) == 1
        with pool.borrow(holder) as session:
            session.run(noop())


def test_a_refusal_with_nothing_of_ours_to_wait_for_is_told():
    def script(peer, line):
        if line.startswith("AUTHENTICATE"):
            peer.send(f"{peer.tag} NO [LIMIT] Maximum number of connections exceeded\r\n")
            return True
        return False

    with FaultyServer(script) as server, pool_of() as pool:
        with pytest.raises(errors.UnavailableError), pool.borrow(server.holder()):
            pass
        assert pool.stats().connections == 0
        assert len(server.peers) == 1


def test_a_wrong_password_is_not_tried_again_at_once():
    wrong = True

    def script(peer, line):
        if line.startswith("AUTHENTICATE") and wrong:
            peer.send(f"{peer.tag} NO [AUTHENTICATIONFAILED] no\r\n")
            return True
        return False

    def borrow():
        with pool.borrow(server.holder()) as session:
            session.run(noop())

    clock = Clock()
    with FaultyServer(script) as server, pool_of(clock=clock) as pool:
        tasks = [Task(borrow) for _ in range(20)]
        for task in tasks:
            with pytest.raises(errors.AuthenticationError) as caught:
                task.result()
            assert caught.value.code == "AUTHENTICATIONFAILED"
        assert len(server.peers) <= 2
        wrong = False
        with pytest.raises(errors.AuthenticationError):
            borrow()
        connection = Connection.open(server.holder().server)
        connection.login(server.holder().credentials)
        pool.adopt(server.holder(), connection)
        borrow()
        pool.make_room("1")
        borrow()


def test_a_password_that_was_wrong_is_tried_again_later():
    def script(peer, line):
        if line.startswith("AUTHENTICATE") and peer.number == 1:
            peer.send(f"{peer.tag} NO [AUTHENTICATIONFAILED] no\r\n")
            return True
        return False

    clock = Clock()
    with FaultyServer(script) as server, pool_of(clock=clock) as pool:
        with pytest.raises(errors.AuthenticationError), pool.borrow(server.holder()):
            pass
        clock.now += 31
        pool.sweep()
        with pool.borrow(server.holder()) as session:
            session.run(noop())


def test_no_room_said_in_the_greeting():
    def work():
        with pool.borrow(server.holder()) as session:
            return session.fresh

    with FaultyServer() as server, pool_of(wait_seconds=20) as pool:
        with pool.borrow(server.holder()) as session:
            server.greeting = b"* BYE Too many connections from your address\r\n"
            task = Task(work)
            until(lambda: pool.stats().waiting == 1)
            session.run(noop())
        assert task.result() is False


def test_a_server_that_freezes(mail_user, dovecot):
    holder = holder_of(mail_user)
    with pool_of(timeouts=Timeouts(read=1)) as pool:
        with pool.borrow(holder) as session:
            session.run(noop())
        with pool.borrow(holder) as session, dovecot.frozen(), pytest.raises(errors.TimeoutError):
            session.run(noop())
        assert pool.stats().connections == 0
        with pool.borrow(holder) as session:
            session.run(noop())


def test_over_tls(mail_user, dovecot):
    server = Server.parse(dovecot.tls_url, ca_file=str(dovecot.ca_file))
    holder = Holder("1", server, Password(mail_user.name, mail_user.password))
    with pool_of() as pool:
        for _ in range(3):
            with pool.borrow(holder) as session:
                session.run(noop())
        assert pool.stats().opened_total == 1
        dovecot.restart()
        with pool.borrow(holder) as session:
            session.run(noop())
        assert pool.stats().lost_total == 1


def test_what_a_server_allowed_is_remembered():
    def script(peer, line):
        if line.startswith("AUTHENTICATE") and peer.number == 2:
            peer.send(f"{peer.tag} NO [LIMIT] too many connections\r\n")
            return True
        return False

    clock = Clock()
    options = {"clock": clock, "per_holder": 3, "wait_seconds": 0.05}
    with FaultyServer(script) as server, pool_of(**options) as pool, pool.borrow(server.holder()):
        for _ in range(3):
            with pytest.raises(errors.PoolExhaustedError), pool.borrow(server.holder()):
                pass
        assert len(server.peers) == 2
        clock.now += 61
        with pool.borrow(server.holder()) as session:
            session.run(noop())


def cut_in_the_literal(*numbers):
    """The first FETCH on these connections (or their second, after a good one) breaks off within its literal."""

    def script(peer, line):
        if "FETCH" in line and peer.number in numbers:
            peer.send("* 1 FETCH (UID 1 BODY[] {500}\r\nhalf of it")
            peer.cut()
            return True
        return False

    return script


def warmed(pool, server, mailbox="INBOX"):
    with pool.borrow(server.holder()) as session:
        session.run(select(mailbox))


def test_a_pooled_connection_cut_in_the_middle_of_a_literal():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        warmed(pool, server)
        with pool.borrow(server.holder(), "INBOX") as session:
            before = session.selected
            (found,) = session.run(fetch(1, WHOLE))
            assert found[0].sections[""] == b"hello"
            assert session.selected is not before
            assert session.selected.name == "INBOX"
        assert pool.stats().retried_total == 1
        assert pool.stats().idle == 1
        assert server.peers[1].lines[-2:][0].startswith("SELECT")


def test_wherever_a_pooled_connection_is_cut_the_answer_is_whole():
    whole = "* 2 EXPUNGE\r\n* 1 FETCH (UID 1 BODY[] {5}\r\nhello FLAGS (\\Seen))\r\nTAG OK [X] done\r\n"
    for length in range(len(whole)):

        def script(peer, line, length=length):
            if "FETCH" in line and peer.number == 1:
                peer.send(whole.replace("TAG", peer.tag)[:length])
                peer.cut()
                return True
            return False

        with FaultyServer(script) as server, pool_of() as pool:
            warmed(pool, server)
            with pool.borrow(server.holder(), "INBOX") as session:
                (found,) = session.run(fetch(1, WHOLE))
                assert found[0].sections[""] == b"hello"
            assert pool.stats().idle <= 1


def test_a_fresh_connection_cut_in_the_middle_of_a_literal():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        with pytest.raises(errors.ConnectionLostError), pool.borrow(server.holder()) as session:
            session.run(select("INBOX"), fetch(1, WHOLE))
        assert pool.stats().connections == 0
        assert len(server.peers) == 1


def test_only_one_retry():
    with FaultyServer(cut_in_the_literal(1, 2)) as server, pool_of() as pool:
        warmed(pool, server)
        with pytest.raises(errors.ConnectionLostError), pool.borrow(server.holder()) as session:
            session.run(fetch(1, WHOLE))
        assert len(server.peers) == 2
        assert pool.stats().connections == 0


def test_only_the_first_traffic_of_a_borrow_is_done_again():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        warmed(pool, server)
        with pool.borrow(server.holder()) as session:
            session.run(noop())
            with pytest.raises(errors.ConnectionLostError):
                session.run(fetch(1, WHOLE))
        assert len(server.peers) == 1


def test_a_loss_that_the_caller_swallows_still_ends_the_connection():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        with pool.borrow(server.holder()) as session:
            session.run(select("INBOX"))
            with pytest.raises(errors.ConnectionLostError):
                session.run(fetch(1, WHOLE))
        assert pool.stats().connections == 0


@pytest.mark.parametrize("command", [append("INBOX", MAIL), move("1", "Trash")])
def test_what_is_not_safe_to_repeat_is_not_repeated(command):
    def script(peer, line):
        if line.startswith(("APPEND", "UID MOVE")):
            peer.cut()
            return True
        return False

    with FaultyServer(script) as server, pool_of() as pool:
        warmed(pool, server)
        with pytest.raises(errors.ConnectionLostError), pool.borrow(server.holder()) as session:
            session.run(noop(), command)
        assert len(server.heard("APPEND") + server.heard("MOVE")) == 1
        assert len(server.peers) == 1


def test_after_a_pause_a_noop_asks_before_what_is_not_safe_to_repeat():
    def script(peer, line):
        if line == "NOOP" and peer.number == 1:
            peer.cut()
            return True
        return False

    clock = Clock()
    with FaultyServer(script) as server, pool_of(clock=clock) as pool:
        warmed(pool, server)
        clock.now += 61
        with pool.borrow(server.holder()) as session:
            session.run(append("INBOX", MAIL))
            session.run(append("INBOX", MAIL))
        assert server.heard("APPEND") == [2, 2]
        assert server.heard("NOOP") == [1, 2]


def test_a_fresh_connection_is_used_without_a_noop():
    with FaultyServer() as server, pool_of() as pool:
        warmed(pool, server)
        with pool.borrow(server.holder()) as session:
            session.run(append("INBOX", MAIL))
        assert server.heard("NOOP") == []


def test_a_mailbox_renumbered_meanwhile_is_not_asked_by_old_uids():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        warmed(pool, server)
        server.uid_validity = 8
        with pool.borrow(server.holder(), "INBOX") as session:
            with pytest.raises(errors.ConnectionLostError):
                session.run(fetch(1, WHOLE))
            assert session.selected.uid_validity == 8
        assert server.heard("FETCH") == [1]


def test_a_mailbox_that_is_gone_meanwhile():
    def script(peer, line):
        if peer.number == 2 and line.startswith("SELECT"):
            peer.send(f"{peer.tag} NO [NONEXISTENT] gone\r\n")
            return True
        return cut_in_the_literal(1)(peer, line)

    with FaultyServer(script) as server, pool_of() as pool:
        warmed(pool, server, "Old")
        with pytest.raises(errors.ConnectionLostError), pool.borrow(server.holder(), "Old") as session:
            session.run(fetch(1, WHOLE))


def test_the_state_of_the_lost_connection_is_made_again():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        with pool.borrow(server.holder()) as session:
            session.run(enable("CONDSTORE"), examine("INBOX"))
        with pool.borrow(server.holder(), "INBOX") as session:
            session.run(fetch(1, WHOLE))
            assert session.selected.read_only
        assert server.peers[1].lines[1:3] == ["ENABLE CONDSTORE", 'EXAMINE "INBOX"']


def test_no_second_select_where_the_caller_selects_anyway():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        warmed(pool, server, "Old")
        with pool.borrow(server.holder(), "New") as session:
            session.run(select("New"), fetch(1, WHOLE))
        assert [line.split()[0] for line in server.peers[1].lines] == ["AUTHENTICATE", "SELECT", "UID"]


def test_what_needs_no_mailbox_does_not_fail_for_one_that_is_gone():
    def script(peer, line):
        if peer.number == 1 and line.startswith("LIST"):
            peer.cut()
            return True
        return False

    with FaultyServer(script) as server, pool_of() as pool:
        warmed(pool, server, "Old")
        with pool.borrow(server.holder(), "Old") as session:
            session.gather(list_mailboxes("", "*"))
            assert session.selected is None
        assert [line.split()[0] for line in server.peers[1].lines] == ["AUTHENTICATE", "LIST"]


def test_a_stream_that_breaks_before_its_first_octet_is_asked_again():
    def script(peer, line):
        if peer.number == 1 and "FETCH" in line:
            peer.cut()
            return True
        return False

    with FaultyServer(script) as server, pool_of() as pool:
        warmed(pool, server)
        with pool.borrow(server.holder(), "INBOX") as session, session.stream(uid=1, section="") as stream:
            assert b"".join(stream) == b"hello"
        assert pool.stats().idle == 1


def test_a_stream_that_breaks_later_is_told():
    with FaultyServer(cut_in_the_literal(1)) as server, pool_of() as pool:
        warmed(pool, server)
        with pytest.raises(errors.ConnectionLostError), pool.borrow(server.holder()) as session:
            b"".join(session.stream(uid=1, section=""))
        assert pool.stats().connections == 0


def test_goodbye_while_nobody_looks():
    with FaultyServer() as server, pool_of() as pool:
        warmed(pool, server)
        server.peers[0].send("* BYE idle for too long\r\n")
        server.peers[0].cut()
        with pool.borrow(server.holder(), "INBOX") as session:
            session.run(noop())
            assert session.fresh
        assert server.heard("NOOP") == [2]


def test_a_server_that_does_not_answer_is_not_asked_twice():
    def script(peer, line):
        return "FETCH" in line

    with FaultyServer(script) as server, pool_of(timeouts=Timeouts(read=1)) as pool:
        warmed(pool, server)
        with pytest.raises(errors.TimeoutError), pool.borrow(server.holder()) as session:
            session.run(fetch(1, WHOLE))
        assert server.heard("FETCH") == [1]
        assert pool.stats().connections == 0


def test_a_server_that_says_too_much_is_not_asked_twice():
    def script(peer, line):
        if "FETCH" in line:
            peer.send("* OK " + "x" * 100_000)
            return True
        return False

    with FaultyServer(script) as server, pool_of(limits=Limits(line=10_000)) as pool:
        warmed(pool, server)
        with pytest.raises(errors.LimitError), pool.borrow(server.holder()) as session:
            session.run(fetch(1, [FLAGS]))
        assert server.heard("FETCH") == [1]
        assert pool.stats().connections == 0
