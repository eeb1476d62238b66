"""`python -m tests.bench.soak [--minutes 20]`: people come, read, send and go, in the whole house, for so long;
memory, threads and descriptors of each instance, minute by minute, and whether they grow."""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.deploy.crowd import Crowd
from tests.front.odd import letter
from tests.servers.browser import Browser
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.house import House
from tests.servers.mailboxes import fill
from tests.servers.post import Post
from tests.servers.postfix import Postfix
from tests.servers.postgres import Postgres
from tests.servers.program import Program
from tests.servers.valkey import Valkey

EVERY = 60.0
# What the first minutes need: connections, caches that fill, threads up to as many as are ever busy at once.
WARMING = 5
ROW = "{:>6}" + "{:>26}" * 2 + "{:>10}{:>8}{:>9}"


def main() -> None:
    minutes = _options().minutes
    with (
        Dovecot() as dovecot,
        Post(dovecot) as post,
        Postfix(post) as postfix,
        Postgres() as postgres,
        Valkey() as valkey,
    ):
        readers = [dovecot.user() for _ in range(4)]
        for reader in readers:
            fill(reader, "INBOX", 500)
        comers = [dovecot.user() for _ in range(40)]
        for comer in comers:
            comer.deliver("INBOX", letter(b"hello"))
        limits = {"MESSAGES_PER_HOUR": "100000", "IMAP_IDLE_SECONDS": "120"}
        with House(dovecot, postfix, postgres, valkey, instances=2, env=limits) as house:
            with Crowd(house, readers, pause=0.5) as crowd:
                curve = _watch(house, crowd, comers, minutes)
            _say(
                f"{len(crowd.sent)} sent; {len(crowd.failures)} failures {[str(one) for one in crowd.failures[:3]]}"
            )
            _judge(curve)


def _watch(
    house: House, crowd: Crowd, comers: Sequence[MailUser], minutes: int
) -> list[list[tuple[int, ...]]]:
    """Each minute's (KiB, threads, descriptors) of each instance."""
    _say(ROW.format("minute", "MiB, threads, files of 1", "and of 2", "requests", "sent", "failures"))
    curve: list[list[tuple[int, ...]]] = []
    start = time.monotonic()
    turn = 0
    while len(curve) <= minutes:
        if time.monotonic() >= start + EVERY * len(curve):
            curve.append([_taken(one) for one in house.instances])
            cells = [f"{kib / 1024:.1f}, {threads}, {files}" for kib, threads, files in curve[-1]]
            _say(ROW.format(len(curve) - 1, *cells, crowd.asked, len(crowd.sent), len(crowd.failures)))
        _come_and_go(house.browser(), comers[turn % len(comers)], house)
        turn += 1
    return curve


def _come_and_go(browser: Browser, user: MailUser, house: House) -> None:
    """Somebody signs in, looks, and signs out."""
    browser.sign_in(user)
    page = browser.ask("GET", "/folder/INBOX/")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page.body)
    if token:
        fields = {"csrfmiddlewaretoken": token[1]}
        browser.ask("POST", "/sign-out/", fields, Referer=f"{house.url}/folder/INBOX/")
    time.sleep(1)


def _taken(program: Program) -> tuple[int, int, int]:
    worker = Path(f"/proc/{program.worker()}")
    return (
        program.memory() // 1024,
        len(list((worker / "task").iterdir())),
        len(list((worker / "fd").iterdir())),
    )


def _judge(curve: list[list[tuple[int, ...]]]) -> None:
    """The last third beside that before it."""
    warm = curve[WARMING:]
    third = max(1, len(warm) // 3)
    for number in range(2):
        early, late = ([minute[number] for minute in part] for part in (warm[:third], warm[-third:]))
        words = []
        for at, name in enumerate(("KiB", "threads", "files")):
            before, after = (statistics.mean(sample[at] for sample in part) for part in (early, late))
            words.append(f"{name} {before:.0f} -> {after:.0f}")
        _say(f"instance {number + 1}, early and late: {', '.join(words)}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=20, help="how long (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
