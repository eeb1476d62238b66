"""Letters of one conversation about a plan, kept in four folders, for tests of its screens."""

from __future__ import annotations

from tests.servers.dovecot import MailUser
from tests.web import letters

ROOT = b"<plan-1@fjord.example>"
PEOPLE = (
    b"Solveig Haugen <solveig@fjord.example>",
    b"Ola Nes <ola@fjord.example>",
    b"Mei-Ling <mei@fjord.example>",
)


def plan(number: int, *, html: bool = False, sender: bytes = b"", minute: int | None = None) -> bytes:
    """The `number`th letter about it; each refers to the first and to the one before."""
    fields = [
        b"From: " + (sender or PEOPLE[number % 3]),
        b"To: Kari Nes <kari@fjord.example>, Ola Nes <ola@fjord.example>",
        b"Subject: %sPlan for hausten" % (b"" if number == 1 else b"Re: "),
        b"Date: Mon, 23 Nov 2026 %02d:%02d:00 +0100" % divmod(600 + (minute or number), 60),
        b"Message-ID: <plan-%d@fjord.example>" % number,
        b"MIME-Version: 1.0",
    ]
    if number > 1:
        fields.append(b"References: " + ROOT + b"\r\n <plan-%d@fjord.example>" % (number - 1))
    if html:
        fields.append(b"Content-Type: text/html; charset=utf-8")
        text = b"<h3>Framlegg %d</h3><p>Sj\xc3\xa5 her.</p><script>document.title = 'no'</script>" % number
    else:
        fields.append(b"Content-Type: text/plain; charset=utf-8")
        text = b"Dette er framlegg nummer %d." % number
    return b"\r\n".join(fields) + b"\r\n\r\n" + text + b"\r\n"


def deliver(user: MailUser) -> None:
    """In the order they were written: 1 and 2 read (inbox, Sent), 3 read (Archive), 4 opened by the tests and 5 unread
    (inbox), 6 a draft. The inbox holds 1, 4, 5 and a letter of another matter."""
    user.deliver("INBOX", plan(1), flags=["\\Seen"])
    user.deliver("Sent", plan(2), flags=["\\Seen"])
    user.deliver("Archive", plan(3, html=True), flags=["\\Seen"])
    user.deliver("INBOX", plan(4))
    user.deliver("INBOX", plan(5, html=True))
    user.deliver("Drafts", plan(6), flags=["\\Draft", "\\Seen"])
    user.deliver("INBOX", letters.PLAIN)
