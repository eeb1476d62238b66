"""The same code in several browsers at once, at the real program."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import lxml.html

from tests.bench.visitor import Answer, Visitor
from tests.factors.clock import code
from tests.servers.dovecot import MailUser
from tests.servers.program import Program

APP, SECOND = "/preferences/second-step/app/", "/sign-in/second/"


def test_a_code_lets_one_in(program: Program, mail_user: MailUser) -> None:
    first = Visitor(program.port)
    first.sign_in(mail_user.name, mail_user.password)
    page = first.get(APP)
    secret = lxml.html.document_fromstring(page.body).xpath("string(//details/p/code)").replace(" ", "")
    assert b"recovery codes" in first.submit(page, APP, code=code(secret)).body
    others = [Visitor(program.port) for _ in range(4)]
    pages = [one.sign_in(mail_user.name, mail_user.password) for one in others]
    assert {one.path for one in pages} == {SECOND}
    typed = code(secret, time.time() + 30)

    def ends(one: Visitor, page: Answer) -> str:
        try:
            return one.submit(page, SECOND, code=typed).path
        except RuntimeError as refused:
            return str(refused)

    with ThreadPoolExecutor(len(others)) as threads:
        assert sorted(threads.map(ends, others, pages)) == ["/folder/INBOX/", *[f"POST {SECOND}: 422"] * 3]
    for one in (first, *others):
        one.close()
