"""What one person does, each thing beside the least that a webmail without memory would have to do."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable
from dataclasses import replace

from tests.bench.cost import HEAD, compare, say
from tests.bench.floor import PAGE, Floor
from tests.bench.visitor import Answer, Visitor
from tests.servers.dovecot import MailUser
from tests.servers.mailboxes import VALIDITY
from tests.servers.program import Program
from tests.servers.tap import Tap

_FRAME = re.compile(rb'<iframe[^>]*\ssrc="([^"]*)"')


def actions(size: int, user: MailUser, kinds: dict[str, list[int]], program: Program, tap: Tap) -> None:
    deep = size // PAGE // 2
    # Each message once, and no neighbours, so that none was fetched ahead.
    uids = {"plain": kinds["plain"][::-7], "newsletter": kinds["newsletter"][::-1]}
    visitor = Visitor(program.port)

    def sign_out() -> None:
        visitor.submit(visitor.get("/folder/INBOX/"), "/sign-out/")

    def show_list(kind: str) -> Callable[[], object]:
        return lambda: visitor.get(f"/folder/INBOX/?page={(size - uids[kind][0]) // PAGE + 1}")

    def bare(work: Callable[[Floor], None]) -> Callable[[], None]:
        def run() -> None:
            with Floor(tap.port, user.name, user.password) as connection:
                work(connection)

        return run

    def first_page(each: Floor) -> None:
        each.page(1)

    say(f"\nINBOX of {size:,}. rt, after: round trips to the mail server before and after our answer")
    say(f"@20: with 20 ms to the mail server and back\n{HEAD}")
    compare(
        "sign in, first list",
        lambda: visitor.sign_in(user.name, user.password),
        bare(first_page),
        tap,
        after=sign_out,
    )
    visitor.sign_in(user.name, user.password)
    compare("first page", lambda: visitor.get("/folder/INBOX/"), bare(first_page), tap)
    compare(
        f"page {deep}",
        lambda: visitor.get(f"/folder/INBOX/?page={deep}"),
        bare(lambda each: each.page(deep)),
        tap,
    )
    compare(
        "threads, the first time",
        lambda: visitor.get("/folder/INBOX/?threads=1"),
        bare(lambda each: each.threads(1)),
        tap,
        before=lambda: (sign_out(), visitor.sign_in(user.name, user.password), visitor.get("/folder/INBOX/")),
    )
    compare(
        "threaded list",
        lambda: visitor.get("/folder/INBOX/?threads=1"),
        bare(lambda each: each.threads(1)),
        tap,
    )
    pages = iter(range(2, 20))
    compare(
        "another page of threads",
        lambda: visitor.get(f"/folder/INBOX/?threads=1&page={next(pages)}"),
        bare(lambda each: each.threads(2)),
        tap,
    )
    visitor.get("/folder/INBOX/?threads=0")
    again = (
        "subject:a",
        "subject:e",
        "subject:i",
        "subject:o",
        "subject:r",
        "subject:s",
        "subject:t",
        "subject:n",
    )
    words = iter(again)
    compare(
        "search, the first time",
        lambda: visitor.get(f"/folder/INBOX/?q={next(words)}"),
        bare(lambda each: each.page(1, key='SUBJECT "a"')),
        tap,
    )
    compare(
        "search again",
        lambda: visitor.get("/folder/INBOX/?q=subject:a"),
        bare(lambda each: each.page(1, key='SUBJECT "a"')),
        tap,
    )
    compare(
        "unread only",
        lambda: visitor.get("/folder/INBOX/?only=unread"),
        bare(lambda each: each.page(1, key="UNSEEN")),
        tap,
    )
    compare(
        "sorted by subject",
        lambda: visitor.get("/folder/INBOX/?sort=subject"),
        bare(lambda each: each.page(1, order="SUBJECT")),
        tap,
    )
    turns = itertools.cycle(("star", "unstar"))
    listed = visitor.get("/folder/INBOX/")
    compare(
        f"star {PAGE}",
        lambda: visitor.press(listed, next(turns)),
        bare(lambda each: each.star(on=True)),
        tap,
    )
    compare(
        "open a plain message",
        lambda: open_message(visitor, uids["plain"].pop(0)),
        bare(lambda each: each.open(kinds["plain"][0], "1")),
        tap,
        before=show_list("plain"),
    )
    compare(
        "open a newsletter",
        lambda: open_message(visitor, uids["newsletter"].pop(0)),
        bare(lambda each: each.open(kinds["newsletter"][0], "1", "2")),
        tap,
        before=show_list("newsletter"),
    )
    visitor.close()


def filing(size: int, user: MailUser, program: Program, tap: Tap) -> None:
    """After all else, since what comes back has other UIDs."""
    say(f"\nINBOX of {size:,}\n{HEAD}")
    visitor = Visitor(program.port)
    visitor.sign_in(user.name, user.password)

    def bare() -> None:
        with Floor(tap.port, user.name, user.password) as connection:
            connection.archive_and_back()

    compare(
        f"archive {PAGE}, undo",
        lambda: visitor.take_back(visitor.press(visitor.get("/folder/INBOX/"), "archive")),
        bare,
        tap,
    )
    visitor.close()


def open_message(visitor: Visitor, uid: int) -> Answer:
    """The message's page, and the document in its frame."""
    page = visitor.get(f"/message/INBOX/{VALIDITY}/{uid}/")
    frame = _FRAME.search(page.body)
    if frame is None:
        return page
    return replace(page, octets=page.octets + visitor.get(html.unescape(frame[1].decode())).octets)
