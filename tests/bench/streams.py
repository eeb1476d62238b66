"""`python -m tests.bench.streams [--people 100] [--each 10]`: pages that listen, and what they cost the others.

Each person costs Dovecot an inotify instance (`fs.inotify.max_user_instances`, often 128): it tells late of what is
beyond them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.visitor import Visitor
from tests.live.listening import Browser, Listener
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.mailboxes import fill
from tests.servers.program import Program

LETTER = b"Subject: hello\r\n\r\nhello\r\n"
LOOKS = 50


def main() -> None:
    options = _options()
    limits = {
        "LIVE_STREAMS": str(options.people * options.each),
        "LIVE_STREAMS_PER_PERSON": str(options.each),
    }
    with Dovecot() as dovecot, Program(imap_url=dovecot.url, env=limits) as program:
        reader = dovecot.user()
        fill(reader, "INBOX", 1000)
        visitor = Visitor(program.port)
        visitor.sign_in(reader.name, reader.password)
        _say("", "pages, p50", "pages, p95", "memory", "our CPU at rest")
        _row("nobody listens", program, visitor)
        users = [dovecot.user() for _ in range(options.people)]
        with ThreadPoolExecutor(8) as some:
            signed_in = list(
                some.map(lambda user: Browser.signed_in(program, user.name, user.password), users)
            )
            _row("signed in", program, visitor)
            opened = list(
                some.map(lambda browser: [browser.listen().settled() for _ in range(options.each)], signed_in)
            )
        streams = sum(len(pages) for pages in opened)
        _row(f"{streams} streams", program, visitor)
        told = [_told(user, pages) for user, pages in list(zip(users, opened, strict=True))[:LOOKS]]
        _say("told of new mail after", f"{_percentile(told, 50):.0f} ms", f"{_percentile(told, 95):.0f} ms")
        for page in (page for pages in opened for page in pages):
            page.close()


def _told(user: MailUser, pages: list[Listener]) -> float:
    """Milliseconds from the delivery until the last of the person's pages was told."""
    start = time.perf_counter()
    user.deliver("INBOX", LETTER)
    for page in pages:
        while not any(change["new"] for change in page.changes()):
            pass
    return 1000 * (time.perf_counter() - start)


def _row(name: str, program: Program, visitor: Visitor) -> None:
    before, start = program.cpu_seconds(), time.perf_counter()
    time.sleep(5)
    spent = (program.cpu_seconds() - before) / (time.perf_counter() - start)
    times = []
    for number in range(LOOKS):
        start = time.perf_counter()
        visitor.get(f"/folder/INBOX/?page={number % 5 + 1}")
        times.append(1000 * (time.perf_counter() - start))
    memory = program.memory() / 2**20
    _say(
        name,
        f"{_percentile(times, 50):.1f} ms",
        f"{_percentile(times, 95):.1f} ms",
        f"{memory:.1f} MiB",
        f"{100 * spent:.1f} %",
    )


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _say(name: str, *cells: str) -> None:
    sys.stdout.write(f"{name:24}{''.join(f'{cell:>18}' for cell in cells)}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.streams", description=__doc__)
    parser.add_argument("--people", type=int, default=100, help="who listen (%(default)s)")
    parser.add_argument("--each", type=int, default=10, help="pages of each of them (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
