"""A new worker in the place of the former, under load: no request is dropped, streams end and come again."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.live.listening import Browser
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program

PAGE = "/folder/INBOX/"
PATIENCE = 60


class Load:
    """Somebody who asks for a page again and again: over one connection for as long as it may, or a new one each."""

    def __init__(self, browser: Browser, *, keep: bool) -> None:
        self.answers: list[object] = []
        self._browser, self._keep = browser, keep
        self._again = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait_for_answer(self) -> None:
        """One that was asked for after now."""
        for _ in range(2):
            self._again.clear()
            assert self._again.wait(PATIENCE)

    def end(self) -> None:
        self._ending = True
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        program = self._browser.program
        connection = http.client.HTTPConnection(program.host, program.port, timeout=PATIENCE)
        name, _, value = self._browser.cookie.strip().partition(": ")
        while not self._ending:
            try:
                connection.request("GET", PAGE, headers={name: value})
                answer = connection.getresponse()
                self.answers.append(answer.status if b"</html>" in answer.read() else "not whole")
            except OSError as error:
                self.answers.append(error)
            except http.client.HTTPException as error:
                self.answers.append(error)
            if not self._keep:
                connection.close()
            self._again.set()
        connection.close()


@contextmanager
def under_load(browser: Browser) -> Iterator[list[Load]]:
    loads = [Load(browser, keep=keep) for keep in (True, True, False, False)]
    try:
        yield loads
    finally:
        for load in loads:
            load.end()


def test_no_request_is_dropped(dovecot: Dovecot, mail_user: MailUser) -> None:
    with Program(imap_url=dovecot.url, env={"THREADS": "8"}) as program:
        browser = Browser.signed_in(program, mail_user.name, mail_user.password)
        with under_load(browser) as loads:
            for _ in range(2):
                listening = browser.listen().settled()
                for load in loads:
                    load.wait_for_answer()
                program.reload()
                assert listening.ended()
                for load in loads:
                    load.wait_for_answer()
        for load in loads:
            assert set(load.answers) == {200}
        browser.listen().settled().close()
        assert "Error" not in program.log()
