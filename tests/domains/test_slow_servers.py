"""A mail server that hangs takes only so many threads: the people of others do not notice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.front.odd import letter
from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot
from webmail.accounts.connections import borrowed, gate
from webmail.accounts.errors import AccessError
from webmail.imap.holder import Holder, Room
from webmail.imap.server import Password, Server

MOST = 3


def test_a_hanging_server_leaves_the_others_untouched(
    domain: Callable[..., Any], person: Callable[..., Any], dovecot: Dovecot, dovecot_with: Any
) -> None:
    slow = dovecot_with(max_connections=30)
    domain("slow.example", imap_url=slow.url, threads=MOST)
    domain("fjord.example", threads=MOST)
    held, free = Visitor(), Visitor()
    for visitor, user in (
        (held, person("kari", "slow.example", server=slow)),
        (free, person("kari", "fjord.example")),
    ):
        user.deliver("INBOX", letter(b"the only one"))
        assert visitor.sign_in(user).status == 302
        assert visitor.list().status == 200
    server = Server.parse(slow.url)

    def wait_for_it(number: int) -> None:
        holder = Holder(f"other {number}", server, Password("x", "x"), Room(requests=MOST))
        with suppress(AccessError), borrowed(holder):
            pass

    waiting = [threading.Thread(target=wait_for_it, args=(number,), daemon=True) for number in range(MOST)]
    with slow.frozen():
        for thread in waiting:
            thread.start()
        while gate.inside(server) < MOST:
            time.sleep(0.01)
        busy = held.list()
        assert busy.status == 503
        assert "The mail server is busy" in busy.text
        assert busy.headers["Retry-After"]
        # Nor can more people wait at its door.
        assert Visitor().sign_in(person("ola", "slow.example", server=slow)).status == 503
        assert free.list().status == 200
        assert Visitor().sign_in(person("ola", "fjord.example")).status == 302
    for thread in waiting:
        thread.join()
    assert gate.inside(server) == 0
    assert held.list().status == 200
