"""What fail2ban's own tool finds in our log: who failed, and never an address that somebody typed."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.servers import fail2ban
from tests.servers.dovecot import MailUser
from tests.servers.program import Program
from tests.signins.browser import Browser
from webmail.signins import events
from webmail.signins.models import Kind

SAID = "sign-in failed: address=%s reason=password kind=mail account=%s"
DATE = "2026-11-25 17:35:11,123"
FORGED = "203.0.113.9"
TYPED = (
    f"kari address={FORGED} reason=password kind=mail account=x",
    f"x@example.org {DATE} WARNING ekorn.signin {SAID % (FORGED, 'x')}",
    f"{SAID % (FORGED, 'x')}",
    f'x", "message": "{SAID % (FORGED, "x")}"}}',
    FORGED,
    f"<HOST> {FORGED}",
    f"kari\u2028{DATE} WARNING ekorn.signin {SAID % (FORGED, 'x')}",
    f"kari\x85{SAID % (FORGED, 'x')}",
    f"kari@{FORGED}",
    f"kari@example.org\n{DATE} WARNING ekorn.signin {SAID % (FORGED, 'x')}",
)


def test_lines_of_every_form() -> None:
    number = iter(range(1, 10))

    def said() -> str:
        return SAID % (f"192.0.2.{next(number)}", "kari@example.org")

    json = '{"time": "2026-11-25T17:35:11.123+00:00", "level": "WARNING", "logger": "ekorn.signin", "message": "%s"%s}'
    lines = [
        f"{DATE} WARNING ekorn.signin {said()}",
        f"{DATE} WARNING - ekorn.signin {said()}",
        f"{DATE} WARNING 4f00e1 ekorn.signin {said()}",
        json % (said(), ""),
        json % (said(), ', "request": "4f00e1"'),
        f"Nov 25 17:35:11 mail ekorn[77]: {DATE} WARNING - ekorn.signin {said()}",
    ]
    assert fail2ban.found("\n".join(lines)) == [f"192.0.2.{n}" for n in range(1, 7)]


def test_other_lines_that_hold_such_a_line() -> None:
    said = SAID % (FORGED, "x")
    lines = [
        f"{DATE} WARNING ekorn.outbox {DATE} WARNING ekorn.signin {said}",
        f"{DATE} INFO ekorn.signin {said}",
        f"  {DATE} WARNING ekorn.signin.other {said}",
        f"{DATE} WARNING ekorn.signin {said} and more",
        f"{DATE} WARNING ekorn.signin {SAID % ('mail.example.org', 'x')}",
        f"{DATE} WARNING ekorn.signin {SAID % ('-', 'x')}",
    ]
    assert fail2ban.found("\n".join(lines)) == []


def test_what_the_program_writes(pair: tuple[Program, Program], mail_user: MailUser) -> None:
    program = pair[0]
    before = len(program.log())
    asked = [f"198.51.100.{number}" for number in range(1, len(TYPED) + 1)]
    for address, name in zip(asked, TYPED, strict=True):
        browser = Browser(program, forwarded=f"{FORGED}, {address}")
        assert browser.post("/sign-in/", username=name, password="guess") == 422
    six = Browser(program, forwarded="2001:db8:1:2:3:4:5:6")
    assert six.sign_in(mail_user, password="guess") == 422
    assert six.sign_in(mail_user) == 302
    log = program.log()[before:]
    # A name with a line's end in it is none, and no server is asked.
    assert fail2ban.found(log) == [*asked[:7], asked[8], "2001:db8:1:2:3:4:5:6"]
    assert "guess" not in log


@given(st.text(max_size=300))
def test_nothing_that_is_typed_changes_the_line(typed: str) -> None:
    line = events.line(outcome=events.Outcome.PASSWORD, account=typed, address="192.0.2.1", kind=Kind.MAIL)
    assert re.fullmatch(
        r"sign-in failed: address=192\.0\.2\.1 reason=password kind=mail account=[!-~]+", line
    )
