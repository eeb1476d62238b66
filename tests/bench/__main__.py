"""`python -m tests.bench [--sizes 1000,100000] [--seconds 5]`: prints the tables and ends."""

from __future__ import annotations

import argparse
import contextlib
import html
import re
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

from tests.bench.floor import PAGE, Floor
from tests.bench.visitor import Answer, Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.mailboxes import VALIDITY, fill
from tests.servers.program import Program
from tests.servers.tap import Tap, Traffic

ROUND_TRIP = 0.020
PEOPLE = 4
SIGNED_IN = 20
OPENED = 20
_FRAME = re.compile(rb'<iframe[^>]*\ssrc="([^"]*)"')
HEAD = f"{'':28}{'rt':>4}{'after':>6}{'cmds':>6}{'IMAP down':>11}{'HTTP':>9}{'ms':>8}{'ms @20':>8}"
ROW = "{:28}{:4d}{:6d}{:6d}{:11,}{:9,}{:8.1f}{:8.1f}"


def main() -> None:
    options = _options()
    _Cost.commands = options.commands
    sizes = [int(size) for size in options.sizes.split(",")]
    with Dovecot() as dovecot, Tap(dovecot.port) as tap:
        people = {size: _person(dovecot, size) for size in sizes}
        with Program(imap_url=tap.url) as program, _log_of(program):
            for size, (user, kinds) in people.items():
                _actions(size, user, kinds, program, tap)
        with Program(imap_url=dovecot.url) as program, _log_of(program):
            _load(program, people, options.seconds)
        with Program(imap_url=dovecot.url) as program, _log_of(program):
            _memory(program, dovecot)


@contextlib.contextmanager
def _log_of(program: Program) -> Iterator[None]:
    """What the program said, where it failed."""
    try:
        yield
    except BaseException:
        sys.stderr.write(program.log())
        raise


def _person(dovecot: Dovecot, size: int) -> tuple[MailUser, dict[str, list[int]]]:
    """A mailbox of that size which the server has sorted once, so that its own indexes are warm for both."""
    user = dovecot.user()
    _say(f"making a mailbox of {size:,} …")
    kinds = fill(user, "INBOX", size)
    with Floor(dovecot.port, user.name, user.password) as floor:
        for page in (1, size // PAGE // 2):
            floor.page(page)
    return user, kinds


def _actions(size: int, user: MailUser, kinds: dict[str, list[int]], program: Program, tap: Tap) -> None:
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

    _say(f"\nINBOX of {size:,}. rt, after: round trips to the mail server before and after our answer")
    _say(f"@20: with 20 ms to the mail server and back\n{HEAD}")
    _compare(
        "sign in, first list",
        lambda: visitor.sign_in(user.name, user.password),
        bare(first_page),
        tap,
        after=sign_out,
    )
    visitor.sign_in(user.name, user.password)
    _compare("first page", lambda: visitor.get("/folder/INBOX/"), bare(first_page), tap)
    _compare(
        f"page {deep}",
        lambda: visitor.get(f"/folder/INBOX/?page={deep}"),
        bare(lambda each: each.page(deep)),
        tap,
    )
    _compare(
        "threads, the first time",
        lambda: visitor.get("/folder/INBOX/?threads=1"),
        bare(lambda each: each.threads(1)),
        tap,
        before=lambda: (sign_out(), visitor.sign_in(user.name, user.password), visitor.get("/folder/INBOX/")),
    )
    _compare(
        "threaded list",
        lambda: visitor.get("/folder/INBOX/?threads=1"),
        bare(lambda each: each.threads(1)),
        tap,
    )
    pages = iter(range(2, 20))
    _compare(
        "another page of threads",
        lambda: visitor.get(f"/folder/INBOX/?threads=1&page={next(pages)}"),
        bare(lambda each: each.threads(2)),
        tap,
    )
    _compare(
        "open a plain message",
        lambda: _open(visitor, uids["plain"].pop(0)),
        bare(lambda each: each.open(kinds["plain"][0], "1")),
        tap,
        before=show_list("plain"),
    )
    _compare(
        "open a newsletter",
        lambda: _open(visitor, uids["newsletter"].pop(0)),
        bare(lambda each: each.open(kinds["newsletter"][0], "1", "2")),
        tap,
        before=show_list("newsletter"),
    )
    visitor.close()


def _open(visitor: Visitor, uid: int) -> Answer:
    """The message's page, and the document in its frame."""
    page = visitor.get(f"/message/INBOX/{VALIDITY}/{uid}/")
    frame = _FRAME.search(page.body)
    if frame is None:
        return page
    return replace(page, octets=page.octets + visitor.get(html.unescape(frame[1].decode())).octets)


def _compare(
    name: str,
    ours: Callable[[], Answer],
    bare: Callable[[], None],
    tap: Tap,
    *,
    before: Callable[[], object] | None = None,
    after: Callable[[], object] | None = None,
) -> None:
    """Ours and the floor in turns, so that whatever else this machine does hits both."""
    own, floor = _Cost(), _Cost()
    for delay, runs in ((0.0, 5), (ROUND_TRIP / 2, 3)):
        for _ in range(runs):
            for cost, action in ((own, ours), (floor, bare)):
                if before and cost is own:
                    before()
                tap.settle()
                tap.delay = delay
                mark, start = tap.mark(), time.perf_counter()
                answer = action()
                (cost.far if delay else cost.near).append(time.perf_counter() - start)
                cost.waited.append(tap.since(mark).round_trips)
                tap.settle()
                tap.delay = 0.0
                cost.traffic.append(tap.since(mark))
                cost.octets.append(answer.octets if answer else 0)
                if after and cost is own:
                    after()
    own.say(name)
    floor.say("  bare protocol")
    near, far = min(floor.near) / min(own.near), min(floor.far) / min(own.far)
    _say(f"{'  ours is quicker by':28}{'':36}{near:7.1f}x{far:7.1f}x")


@dataclass(slots=True)
class _Cost:
    """What several runs took. Counts are said as medians, times as the best, since a busy machine only adds."""

    commands: ClassVar[bool] = False
    near: list[float] = field(default_factory=list)
    far: list[float] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)
    traffic: list[Traffic] = field(default_factory=list)
    octets: list[int] = field(default_factory=list)

    def say(self, name: str) -> None:
        if self.commands:
            for command in self.traffic[-1].commands:
                _say(f"    {command}")
        counts = (
            self.waited,
            [each.round_trips - waited for each, waited in zip(self.traffic, self.waited, strict=True)],
            [len(each.commands) for each in self.traffic],
            [each.down for each in self.traffic],
            self.octets,
        )
        _say(
            ROW.format(name, *map(statistics.median_low, counts), 1000 * min(self.near), 1000 * min(self.far))
        )


def _load(program: Program, people: dict[int, tuple[MailUser, dict[str, list[int]]]], seconds: float) -> None:
    """Four people who do nothing but look at lists; then one who opens messages."""
    _say(f"\n{PEOPLE} people at once, list pages, for {seconds:g} s")
    for size, (user, kinds) in people.items():
        visitors = [Visitor(program.port) for _ in range(PEOPLE)]
        for visitor in visitors:
            visitor.sign_in(user.name, user.password)
            visitor.get("/folder/INBOX/")
        counts = [0] * PEOPLE
        end = time.monotonic() + seconds

        def look(number: int, visitor: Visitor, counts: list[int] = counts, end: float = end) -> None:
            while time.monotonic() < end:
                visitor.get(f"/folder/INBOX/?page={counts[number] % 5 + 1}")
                counts[number] += 1

        before = program.cpu_seconds()
        threads = [threading.Thread(target=look, args=each) for each in enumerate(visitors)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = sum(counts)
        spent = 1000 * (program.cpu_seconds() - before) / done
        _say(f"  of {size:>9,}: {done / seconds:7.0f} requests a second, {spent:5.2f} ms of our CPU each")
        for kind in ("plain", "newsletter"):
            uids = kinds[kind][: -7 * OPENED : -7] if kind == "plain" else kinds[kind][-OPENED:]
            before = program.cpu_seconds()
            for uid in uids:
                _open(visitors[0], uid)
            spent = 1000 * (program.cpu_seconds() - before) / len(uids)
            _say(
                f"  {'':12} open a {kind + ' message' if kind == 'plain' else kind}: {spent:5.2f} ms of our CPU"
            )


def _memory(program: Program, dovecot: Dovecot) -> None:
    """At rest, then with people who each looked at a list of two pages; the first also loads what all share."""
    rest = program.memory()
    taken = []
    for _ in range(1 + SIGNED_IN):
        user = dovecot.user()
        fill(user, "INBOX", 2 * PAGE)
        Visitor(program.port).sign_in(user.name, user.password)
        taken.append(program.memory())
    each = (taken[-1] - taken[0]) / SIGNED_IN / 1024
    _say(f"\nmemory: {rest / 2**20:.1f} MiB for the instance, {each:.0f} KiB more for each signed-in person")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="1000,100000", help="messages in the mailboxes (%(default)s)")
    parser.add_argument("--commands", action="store_true", help="say what was asked of the mail server")
    parser.add_argument("--seconds", type=float, default=5, help="of load (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
