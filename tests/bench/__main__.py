"""`python -m tests.bench [--sizes 1000,100000] [--seconds 5]`: prints the tables and ends."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
import time
from collections.abc import Iterator

from tests.bench.actions import actions, filing, open_message
from tests.bench.cost import Cost, say
from tests.bench.floor import PAGE, Floor
from tests.bench.visitor import Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.mailboxes import fill
from tests.servers.program import Program
from tests.servers.tap import Tap

PEOPLE = 4
SIGNED_IN = 20
OPENED = 20


def main() -> None:
    options = _options()
    Cost.commands = options.commands
    sizes = [int(size) for size in options.sizes.split(",")]
    with Dovecot() as dovecot, Tap(dovecot.port) as tap:
        people = {size: _person(dovecot, size) for size in sizes}
        with Program(imap_url=tap.url) as program, _log_of(program):
            for size, (user, kinds) in people.items():
                actions(size, user, kinds, program, tap)
        with Program(imap_url=dovecot.url) as program, _log_of(program):
            _load(program, people, options.seconds)
        with Program(imap_url=dovecot.url) as program, _log_of(program):
            _memory(program, dovecot)
        with Program(imap_url=tap.url) as program, _log_of(program):
            for size, (user, _) in people.items():
                filing(size, user, program, tap)


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
    say(f"making a mailbox of {size:,} …")
    kinds = fill(user, "INBOX", size)
    with Floor(dovecot.port, user.name, user.password) as floor:
        for page in (1, size // PAGE // 2):
            floor.page(page)
    return user, kinds


def _load(program: Program, people: dict[int, tuple[MailUser, dict[str, list[int]]]], seconds: float) -> None:
    """Four people who do nothing but look at lists; then one who opens messages."""
    say(f"\n{PEOPLE} people at once, list pages, for {seconds:g} s")
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
        say(f"  of {size:>9,}: {done / seconds:7.0f} requests a second, {spent:5.2f} ms of our CPU each")
        for kind in ("plain", "newsletter"):
            uids = kinds[kind][: -7 * OPENED : -7] if kind == "plain" else kinds[kind][-OPENED:]
            before = program.cpu_seconds()
            for uid in uids:
                open_message(visitors[0], uid)
            spent = 1000 * (program.cpu_seconds() - before) / len(uids)
            say(
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
    say(f"\nmemory: {rest / 2**20:.1f} MiB for the instance, {each:.0f} KiB more for each signed-in person")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="1000,100000", help="messages in the mailboxes (%(default)s)")
    parser.add_argument("--commands", action="store_true", help="say what was asked of the mail server")
    parser.add_argument("--seconds", type=float, default=5, help="of load (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
