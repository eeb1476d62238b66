"""A mail server that hangs, under the real server with few threads: the people of another domain do not notice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.deploy.crowd import until
from tests.front.odd import letter
from tests.servers.browser import Browser
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program

THREADS, MAY_WAIT = 8, 4


@pytest.fixture
def program(dovecot: Dovecot, dovecot_with: Any) -> Iterator[tuple[Program, Dovecot]]:
    """With two domains; the second's server is the one to be stopped."""
    slow: Dovecot = dovecot_with(max_connections=40)
    env = {"THREADS": str(THREADS), "MAIL_SERVER_THREADS": str(MAY_WAIT), "IMAP_TIMEOUT": "60"}
    env |= {
        "BEHIND_PROXY": "on",
        "HTTPS": "on",
        "ALLOWED_HOSTS": "mail.example.org",
        "OUTBOX_WORKER": "separate",
    }
    rows = {"good.example": dovecot.url, "slow.example": slow.url}
    make = (
        "from webmail.domains.models import MailDomain as M; "
        f"[M.objects.create(name=name, imap_url=url) for name, url in {rows}.items()]"
    )
    program = Program(imap_url=dovecot.url, env=env)
    try:
        program.manage("migrate", "--verbosity", "0")
        program.manage("shell", "-c", make)
        program.launch()
        program.wait()
        yield program, slow
    finally:
        program.close()


def signed_in(program: Program, server: Dovecot, name: str) -> Browser:
    user: MailUser = server.user(name)
    user.deliver("INBOX", letter(b"hello"))
    browser = Browser(program.port)
    assert browser.sign_in(user).status == 302
    assert browser.ask("GET", "/folder/INBOX/").status == 200
    return browser


def test_the_people_of_another_domain_do_not_notice(
    program: tuple[Program, Dovecot], dovecot: Dovecot
) -> None:
    served, slow = program
    held = [signed_in(served, slow, f"kari{number}@slow.example") for number in range(THREADS + 2)]
    free = signed_in(served, dovecot, "kari@good.example")
    answers: list[Any] = []
    asking = [
        threading.Thread(target=lambda one=one: answers.append(one.ask("GET", "/folder/INBOX/")), daemon=True)
        for one in held
    ]
    with slow.frozen():
        for thread in asking:
            thread.start()
        # Whoever is beyond those that may wait is told at once.
        until(lambda: len(answers) == len(held) - MAY_WAIT)
        assert {answer.status for answer in answers} == {503}
        assert all("The mail server is busy" in answer.body for answer in answers)
        for _ in range(5):
            assert free.ask("GET", "/folder/INBOX/").status == 200
        assert len(answers) == len(held) - MAY_WAIT
        signed_in(served, dovecot, "ola@good.example")
    for thread in asking:
        thread.join()
    assert [one.ask("GET", "/folder/INBOX/").status for one in held] == [200] * len(held)
