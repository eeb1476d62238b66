"""What every test may ask for. A server is started by the first test that needs it and ends with the run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest

from tests.browser import chromium
from tests.servers import postfix_config
from tests.servers.courier import Courier
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.dovecot_config import Options
from tests.servers.dovecot_submission import DovecotSubmission
from tests.servers.post import DOMAIN, Post
from tests.servers.postfix import Postfix
from tests.servers.postgres import Postgres
from tests.servers.program import Program
from tests.servers.tap import Tap
from tests.servers.valkey import Valkey
from webmail.domains import registry

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


@pytest.fixture(autouse=True)
def domains_of_one_test() -> None:
    """Every test begins without mail domains, whatever the process knew; those that it makes are found."""
    registry.hold(())


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
def post(dovecot: Dovecot) -> Iterator[Post]:
    """Where sent mail arrives: in the mailboxes of `dovecot`, and in `post.posted`. `post.refuse()` sets rules."""
    with Post(dovecot) as post:
        yield post


@pytest.fixture(scope="session")
def postfix_with(post: Post) -> Iterator[Callable[..., Postfix]]:
    """`postfix_with(message_size_limit=1000)`: a running Postfix with these options, one a run; needs root."""
    running: dict[postfix_config.Options, Postfix] = {}

    def start(**options: object) -> Postfix:
        wanted = postfix_config.Options(**options)  # type: ignore[arg-type]  # as above
        if wanted not in running:
            running[wanted] = Postfix(post, wanted)
            running[wanted].start()
        return running[wanted]

    yield start
    for server in running.values():
        server.close()


@pytest.fixture(scope="session")
def postfix(postfix_with: Callable[..., Postfix]) -> Postfix:
    """A real Postfix where the people of `dovecot` hand in mail; needs root."""
    return postfix_with()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL: `postgres.url()` is a new, empty database."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A real Valkey or Redis: `valkey.url`."""
    with Valkey() as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_submission(post: Post) -> Iterator[DovecotSubmission]:
    """Dovecot's own submission service, for the people of `dovecot`."""
    with DovecotSubmission(post) as server:
        yield server


@pytest.fixture(scope="session")
def submission(request: pytest.FixtureRequest) -> Postfix | DovecotSubmission:
    """The best real submission server that can run here. The people of `dovecot` sign in with their own password and
    write as `post.address(user)`; `submission.url` is in clear, with `submission.ca_file` the other two verify."""
    server: Postfix | DovecotSubmission = request.getfixturevalue(best_submission())
    return server


def best_submission() -> str:
    return "dovecot_submission" if os.getuid() else "postfix"


@pytest.fixture(scope="session")
def program(dovecot: Dovecot, submission: Postfix | DovecotSubmission) -> Iterator[Program]:
    """The real program under gunicorn, in front of `dovecot` and `submission`. Tests share it: sign in as a fresh
    `mail_user`."""
    env = {"MAIL_DOMAIN": DOMAIN}
    with Program(imap_url=dovecot.url, smtp_url=submission.url, env=env) as program:
        yield program


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": chromium.executable(),
        "args": chromium.arguments(),
    }
