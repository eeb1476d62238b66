"""The whole program, a mailbox with mail in it, and people at browsers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import Desk
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.letters import kind_of
from tests.servers.mailboxes import VALIDITY, fill
from tests.servers.program import Program

COUNT = 120


@pytest.fixture(scope="module")
def reader(dovecot: Dovecot) -> MailUser:
    """A person with 120 letters of every kind; the tests of a module share the mailbox."""
    user = dovecot.user()
    fill(user, "INBOX", COUNT)
    fill(user, "Kundar/Vik kommune", 3, seed=2)
    return user


@pytest.fixture
def newest() -> Callable[[str], str]:
    """`newest("newsletter")`: the address of the newest letter of a kind in `reader`'s inbox."""

    def address(kind: str) -> str:
        uid = next(uid for uid in range(COUNT, 0, -1) if kind_of(uid) == kind)
        return f"/message/INBOX/{VALIDITY}/{uid}/"

    return address


@pytest.fixture
def desk_of(browser: Browser, program: Program) -> Iterator[Callable[..., Desk]]:
    """`desk_of(viewport=..., java_script_enabled=False)`: somebody at a browser, before signing in.

    A test that ends with anything on the browser's list of complaints has failed.
    """
    desks: list[Desk] = []

    def make(*, expected: tuple[int, ...] = (), **options: Any) -> Desk:
        desks.append(Desk(browser, program.url, options, expected=expected))
        return desks[-1]

    yield make
    problems = [problem for desk in desks for problem in desk.problems]
    for desk in desks:
        desk.close()
    assert problems == []


@pytest.fixture
def desk(desk_of: Callable[..., Desk], reader: MailUser) -> Desk:
    """Signed in as `reader` at a desk of 1024 by 800, where a message is a page of its own."""
    desk = desk_of(viewport={"width": 1024, "height": 800})
    desk.sign_in(reader)
    return desk
