"""`python -m tests.bench [--sizes 1000,100000] [--seconds 5]`: prints the tables and ends."""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.floor import PAGE, Floor
from tests.bench.visitor import Answer, Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.mailboxes import VALIDITY, fill
from tests.servers.program import Program
from tests.servers.tap import Tap

ROUND_TRIP = 0.020
PEOPLE = 4
SIGNED_IN = 20
HEAD = f"{'':28}{'rt':>4}{'cmds':>6}{'IMAP down':>11}{'HTTP':>9}{'ms':>8}{'ms @20':>8}"
ROW = "{:28}{:4d}{:6d}{:11,}{:9,}{:8.1f}{:8.1f}"


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians of several runs; `near` and `far` in seconds, `far` with 20 ms to the mail server and back."""

    round_trips: int
    commands: int
    down: int
    http: int
    near: float
    far: float


def main() -> None:
    options = _options()
    sizes = [int(size) for size in options.sizes.split(",")]
    with Dovecot() as dovecot, Tap(dovecot.port) as tap:
        people = {size: _person(dovecot, size) for size in sizes}
        with Program(imap_url=tap.url) as program:
            for size, (user, kinds) in people.items():
                _actions(size, user, kinds, program, tap)
        with Program(imap_url=dovecot.url) as program:
            _load(program, dovecot, {size: user for size, (user, _) in people.items()}, options.seconds)
            _memory(program, dovecot)


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
    plain, newsletter = kinds["plain"][-6:-1], kinds["newsletter"][-5:]
    visitor = Visitor(program.port)

    def sign_in() -> Answer:
        fresh = Visitor(program.port)
        answer = fresh.sign_in(user.name, user.password)
        fresh.close()
        return answer

    def message(uid: int) -> Answer:
        page = visitor.get(f"/message/INBOX/{VALIDITY}/{uid}/")
        frame = _frame(page.body)
        if frame is None:
            return page
        return Answer(200, page.body, page.octets + visitor.get(frame).octets, page.path)

    def floor(work: Callable[[Floor], None]) -> Callable[[], None]:
        def run() -> None:
            with Floor(tap.port, user.name, user.password) as connection:
                work(connection)

        return run

    turns = {name: iter(uids * 9) for name, uids in (("plain", plain), ("newsletter", newsletter))}
    visitor.sign_in(user.name, user.password)
    rows: list[tuple[str, Callable[[], Answer], Callable[[], None]]] = [
        ("sign in, first list", sign_in, floor(lambda each: each.page(1))),
        ("first page", lambda: visitor.get("/folder/INBOX/"), floor(lambda each: each.page(1))),
        (
            f"page {deep}",
            lambda: visitor.get(f"/folder/INBOX/?page={deep}"),
            floor(lambda each: each.page(deep)),
        ),
        (
            "open a plain message",
            lambda: message(next(turns["plain"])),
            floor(lambda each: each.open(plain[0], "1")),
        ),
        (
            "open a newsletter",
            lambda: message(next(turns["newsletter"])),
            floor(lambda each: each.open(newsletter[0], "1", "2")),
        ),
    ]
    _say(f"\nINBOX of {size:,}. rt: round trips to the mail server; @20: with 20 ms to it and back\n{HEAD}")
    for name, ours, theirs in rows:
        own = _measure(ours, tap)
        bare = _measure(theirs, tap)
        _print_row(name, own)
        _print_row("  bare protocol", bare)
        _say(f"{'  ours is quicker by':28}{'':30}{bare.near / own.near:7.1f}x{bare.far / own.far:7.1f}x")
    visitor.close()


def _measure(action: Callable[[], Answer | None], tap: Tap) -> Cost:
    near, far = [], []
    traffic = []
    octets = []
    for delay, into, runs in ((0.0, near, 5), (ROUND_TRIP / 2, far, 3)):
        tap.delay = delay
        for _ in range(runs):
            tap.settle()
            mark, start = tap.mark(), time.perf_counter()
            answer = action()
            into.append(time.perf_counter() - start)
            tap.settle()
            traffic.append(tap.since(mark))
            octets.append(answer.octets if answer else 0)
    tap.delay = 0.0
    return Cost(
        round_trips=statistics.median_low(each.round_trips for each in traffic),
        commands=statistics.median_low(len(each.commands) for each in traffic),
        down=statistics.median_low(each.down for each in traffic),
        http=statistics.median_low(octets),
        near=statistics.median(near),
        far=statistics.median(far),
    )


def _load(program: Program, dovecot: Dovecot, people: dict[int, MailUser], seconds: float) -> None:
    """Four people who do nothing but look at lists, each a newer page or an older."""
    _say(f"\n{PEOPLE} people at once, list pages, for {seconds:g} s")
    for size, user in people.items():
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
        spent = program.cpu_seconds() - before
        _say(
            f"  of {size:>9,}: {done / seconds:7.0f} requests a second, {1000 * spent / done:5.2f} ms of our CPU each"
        )


def _memory(program: Program, dovecot: Dovecot) -> None:
    before = program.memory()
    for _ in range(SIGNED_IN):
        user = dovecot.user()
        fill(user, "INBOX", 2 * PAGE)
        Visitor(program.port).sign_in(user.name, user.password)
    each = (program.memory() - before) / SIGNED_IN
    _say(
        f"\nmemory: {before / 2**20:.1f} MiB for the instance, {each / 1024:.0f} KiB more for each signed-in person"
    )


def _frame(page: bytes) -> str | None:
    """Where the message's own document is."""
    at = page.find(b"<iframe")
    if at < 0:
        return None
    start = page.index(b'src="', at) + 5
    return page[start : page.index(b'"', start)].decode().replace("&amp;", "&")


def _print_row(name: str, cost: Cost) -> None:
    values = (cost.round_trips, cost.commands, cost.down, cost.http, 1000 * cost.near, 1000 * cost.far)
    _say(ROW.format(name, *values))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="1000,100000", help="messages in the mailboxes (%(default)s)")
    parser.add_argument("--seconds", type=float, default=5, help="of load (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
