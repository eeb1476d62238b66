"""`python -m tests.bench.people [--people 1000] [--instances 1 4]`: everybody signed in at once, each with a page that
listens, on PostgreSQL and Valkey; what it takes, and what a page takes beside what it took one person alone.
"""

from __future__ import annotations

import argparse
import random
import resource
import secrets
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.live.listening import Browser, Listener
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.dovecot_config import Options
from tests.servers.mailboxes import VALIDITY, fill
from tests.servers.postgres import Postgres
from tests.servers.process import children
from tests.servers.program import Program
from tests.servers.valkey import Valkey

LETTERS = 60
AT_ONCE = 8
PATIENCE = 300
# Each person has two connections: one for pages, one that listens.
ROOM = "service imap {\n  process_limit = 6000\n}\nservice anvil {\n  client_limit = 30000\n}\n"
WIDE = "service auth {\n  client_limit = 30000\n}\nservice imap-login {\n  client_limit = 4000\n}\n"


def main() -> None:
    options = _options()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with (
        Dovecot(Options(extra=ROOM + WIDE)) as dovecot,
        Postgres(max_connections=1000) as postgres,
        Valkey() as valkey,
    ):
        users = [dovecot.user() for _ in range(options.people)]
        for user in users:
            fill(user, "INBOX", LETTERS)
        for count in options.instances:
            _measure(count, users, dovecot, postgres, valkey)
        late = dovecot.log().count("Inotify instance limit")
        if late:
            limit = Path("/proc/sys/fs/inotify/max_user_instances").read_text().strip()
            _say(f"Dovecot met fs.inotify.max_user_instances = {limit}, {late} times: it tells those late")


def _measure(
    count: int, users: Sequence[MailUser], dovecot: Dovecot, postgres: Postgres, valkey: Valkey
) -> None:
    env = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": postgres.url(),
        "CACHE_URL": valkey.url,
        "IMAP_CONNECTIONS": str(len(users) + 100),
        "LIVE_STREAMS": str(len(users) + 100),
        # Nobody's connection is given up while this goes on.
        "IMAP_IDLE_SECONDS": "3600",
        "OUTBOX_WORKER": "separate",
    }
    programs = [Program(imap_url=dovecot.url, env=env) for _ in range(count)]
    streams: list[Listener] = []
    try:
        programs[0].start()
        for program in programs[1:]:
            program.launch()
            program.wait()
        _say(f"\n{count} instance{'s' * (count > 1)}")
        first = Browser.signed_in(programs[0], users[0].name, users[0].password)
        alone = _pages([first], 200, 1)
        _times("one person alone", alone)
        _state("one person", programs, dovecot, postgres)
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as some:
            browsers = list(some.map(_signed_in, [programs[n % count] for n in range(len(users))], users))
            _say(f"{len(users)} signed in after {time.monotonic() - began:.0f} s, each with a first list")
            _state("signed in", programs, dovecot, postgres)
            streams = list(some.map(lambda browser: browser.listen(), browsers))
        listening = sum(stream.status == 200 for stream in streams)
        _wait_for_watchers(listening + len(users), dovecot)
        _state(f"{listening} streams open", programs, dovecot, postgres)
        among = _pages([browsers[0]], 200, 1)
        _times(f"one of {len(users)}", among, alone)
        _times(f"{AT_ONCE} of {len(users)} at once", _pages(browsers, 1000, AT_ONCE), alone)
        _state("afterwards", programs, dovecot, postgres)
        _say(f"{len(streams) - sum(map(_ended, streams))} of {len(streams)} streams still open")
    finally:
        for stream in streams:
            stream.close()
        for program in programs:
            program.kill()
            program.close()


def _signed_in(program: Program, user: MailUser) -> Browser:
    browser = Browser.signed_in(program, user.name, user.password)
    assert browser.ask("GET /folder/INBOX/")[0] == 200
    return browser


def _pages(browsers: Sequence[Browser], count: int, at_once: int) -> list[float]:
    """Milliseconds that lists and messages took, half of each."""
    choose = random.Random(1)
    asked = [
        (
            choose.choice(browsers),
            f"/message/INBOX/{VALIDITY}/{choose.randint(1, LETTERS)}/",
            "/folder/INBOX/",
        )
        for _ in range(count // 2)
    ]

    def ask(one: tuple[Browser, str, str]) -> list[float]:
        browser, *paths = one
        times = []
        for path in paths:
            start = time.perf_counter()
            status, _ = browser.ask(f"GET {path}")
            assert status == 200, (path, status)
            times.append(1000 * (time.perf_counter() - start))
        return times

    with ThreadPoolExecutor(at_once) as some:
        return [taken for times in some.map(ask, asked) for taken in times]


def _times(name: str, times: Sequence[float], alone: Sequence[float] = ()) -> None:
    p50, p99 = (statistics.quantiles(times, n=100)[percent - 1] for percent in (50, 99))
    ratio = f"  {p50 / statistics.median(alone):.2f} of alone" if alone else ""
    _say(f"  {name:28} p50 {p50:7.1f} ms   p99 {p99:7.1f} ms{ratio}")


def _state(name: str, programs: Sequence[Program], dovecot: Dovecot, postgres: Postgres) -> None:
    memory = sum(program.memory() for program in programs) / 2**20
    threads = sum(len(list(Path(f"/proc/{program.worker()}/task").iterdir())) for program in programs)
    files = sum(len(list(Path(f"/proc/{program.worker()}/fd").iterdir())) for program in programs)
    mail = len(children(dovecot.pid, "imap"))
    (held,) = postgres.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    _say(
        f"  {name:28} {memory:6.0f} MiB  {threads:4} threads  {files:5} files  {mail:5} IMAP  {held[0]:4} database"
    )


def _wait_for_watchers(wanted: int, dovecot: Dovecot) -> None:
    """Every page that listens has a connection of its own before anything is timed."""
    end = time.monotonic() + PATIENCE
    while len(children(dovecot.pid, "imap")) < wanted and time.monotonic() < end:
        time.sleep(1)


def _ended(stream: Listener) -> bool:
    """Whether the server has closed it."""
    stream.sock.setblocking(False)
    try:
        while data := stream.sock.recv(1 << 16):
            del data
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.people", description=__doc__)
    parser.add_argument("--people", type=int, default=1000, help="who sign in (%(default)s)")
    parser.add_argument(
        "--instances", type=int, nargs="+", default=[1, 4], help="so many, one after the other"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
