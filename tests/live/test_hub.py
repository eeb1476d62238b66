"""What the hub keeps to, whatever the mail server does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from webmail.imap.connection import Connection
from webmail.imap.errors import ConnectError
from webmail.imap.holder import Holder, Room
from webmail.imap.server import Password, Server
from webmail.live import FullError, Hub, ThreadStream

SERVER = Server("mail.example", 143, "none")
KARI = Holder("1", SERVER, Password("kari", "x"), Room(streams=1))


def nobody_there(_: Holder) -> Connection:
    raise ConnectError("gone")


@pytest.fixture
def hub():
    hub = Hub(connect=nobody_there)
    yield hub
    hub.close()


def test_an_account_may_have_a_bound_of_its_own(hub: Hub) -> None:
    hub.join(KARI, ThreadStream())
    with pytest.raises(FullError):
        hub.join(KARI, ThreadStream())
    hub.join(replace(KARI, key="2"), ThreadStream())


def test_streams_of_a_former_server_end(hub: Hub) -> None:
    former, other = ThreadStream(), ThreadStream()
    hub.join(KARI, former)
    hub.join(Holder("2", replace(SERVER, host="other.example"), KARI.credentials), other)
    hub.end_elsewhere({replace(SERVER, host="other.example")})
    for _ in former:  # until its end
        pass
    hub.join(replace(KARI, key="3"), ThreadStream())  # all that was begun before is over then
    assert hub.stats().streams == 2
