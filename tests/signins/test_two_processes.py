"""Two instances on one database, each with a cache of its own: what one is told holds in the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.servers.dovecot import MailUser
from tests.servers.program import Program
from tests.signins.browser import LIST, Browser
from webmail.signins import limits


def test_many_at_once_are_counted_before_they_are_answered(
    pair: tuple[Program, Program], mail_user: MailUser
) -> None:
    browsers = [Browser(pair[number % 2]) for number in range(24)]
    for browser in browsers:
        browser.ask("GET", "/sign-in/")
    with ThreadPoolExecutor(12) as threads:
        said = list(threads.map(lambda browser: browser.sign_in(mail_user, password="guess"), browsers))
    assert sorted(said) == [422] * limits.BY_BOTH + [429] * (24 - limits.BY_BOTH)
    assert [Browser(program).sign_in(mail_user) for program in pair] == [429, 429]


def test_a_session_serves_both_until_one_ends_it(pair: tuple[Program, Program], mail_user: MailUser) -> None:
    one, other = pair
    browser = Browser(one)
    assert browser.sign_in(mail_user) == 302
    assert [browser.ask("GET", LIST, at=program)[0] for program in pair] == [200, 200]
    thief = Browser(one, dict(browser.cookies))
    assert browser.post("/sign-out/", at=other) == 302
    assert [thief.ask("GET", LIST, at=program)[0] for program in pair] == [302, 302]


def test_streams_end_in_the_other_process(pair: tuple[Program, Program], mail_user: MailUser) -> None:
    one, other = pair
    desk, phone = Browser(one), Browser(other)
    assert [desk.sign_in(mail_user), phone.sign_in(mail_user)] == [302, 302]
    with phone.listening() as stream:
        assert desk.post("/preferences/devices/", do="others") == 302
        # The end of what is sent, which comes by itself only after minutes.
        stream.read()
    assert phone.ask("GET", LIST)[0] == 302
    assert desk.ask("GET", LIST)[0] == 200
    with phone.listening() as stream:
        assert stream.status == 204


def test_blocking_somebody_ends_what_another_process_keeps_open(
    pair: tuple[Program, Program], mail_user: MailUser
) -> None:
    one, other = pair
    phone = Browser(other)
    assert phone.sign_in(mail_user) == 302
    with phone.listening() as stream:
        block = "p = Person.objects.get(username={!r}); p.is_active = False; p.save()"
        code = "from webmail.accounts.models import Person; " + block.format(mail_user.name)
        one.manage("shell", "--command", code)
        stream.read()
    assert phone.ask("GET", LIST)[0] == 302
    assert phone.sign_in(mail_user) == 422
