"""What every test may ask for. A server is started by the first test that needs it and ends with the run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest

from tests.browser import chromium
from tests.servers.courier import Courier
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.dovecot_config import Options
from tests.servers.program import Program
from tests.servers.tap import Tap

# Playwright's synchronous interface runs an event loop, beside which Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine is no fault of the program's.
hypothesis.settings.register_profile("ekorn", deadline=None)
hypothesis.settings.load_profile("ekorn")

NEEDS = {"dovecot": {"dovecot_with"}, "browser": {"browser"}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        for mark, fixtures in NEEDS.items():
            if asked & fixtures:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def dovecot_with() -> Iterator[Callable[..., Dovecot]]:
    """`dovecot_with(separator=".", prefix="INBOX.")`: a running Dovecot with these options, one a run."""
    running: dict[Options, Dovecot] = {}

    def start(**options: object) -> Dovecot:
        wanted = Options(**options)  # type: ignore[arg-type]  # checked by the dataclass's own signature
        if wanted not in running:
            running[wanted] = Dovecot(wanted)
            running[wanted].start()
        return running[wanted]

    yield start
    for server in running.values():
        server.close()


@pytest.fixture(scope="session")
def dovecot(dovecot_with: Callable[..., Dovecot]) -> Dovecot:
    """A real Dovecot shared by the run; a test that stops it must start it again."""
    return dovecot_with()


@pytest.fixture
def mail_user(dovecot: Dovecot) -> MailUser:
    """A person with an empty mailbox whom no other test knows."""
    return dovecot.user()


@pytest.fixture
def tap(dovecot: Dovecot) -> Iterator[Tap]:
    """A counting tap in front of `dovecot`: connect to `tap.port`."""
    with Tap(dovecot.port) as tap:
        yield tap


@pytest.fixture(scope="session")
def courier() -> Iterator[Courier]:
    """A real Courier-IMAP: few extensions, `INBOX.` before every name."""
    with Courier() as server:
        yield server


@pytest.fixture(scope="session")
def program(dovecot: Dovecot) -> Iterator[Program]:
    """The real program under gunicorn, in front of `dovecot`. Tests share it: sign in as a fresh `mail_user`."""
    with Program(imap_url=dovecot.url) as program:
        yield program


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": chromium.executable(),
        "args": chromium.arguments(),
    }
