"""Instances that are killed, added and restarted while people use them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.deploy.crowd import RECIPIENT, Crowd
from tests.front.odd import letter
from tests.outbox.test_crashes import until
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.house import House
from tests.servers.post import Post


@pytest.fixture
def users(dovecot: Dovecot) -> list[MailUser]:
    found = [dovecot.user() for _ in range(5)]
    for user in found:
        user.deliver("INBOX", letter(b"hello"))
    return found


@pytest.fixture
def crowd(house: House, users: list[MailUser]) -> Iterator[Crowd]:
    """Signed in, and at it."""
    with Crowd(house, users) as crowd:
        yield crowd


@pytest.fixture
def delivered(post: Post, users: list[MailUser]):
    """`delivered()`: how often each subject of these people arrived."""

    def count() -> Counter[str]:
        arrived: Counter[str] = Counter()
        for one in post.posted:
            if RECIPIENT in one.recipients:
                subject = one.content.partition(b"\r\nSubject: ")[2].partition(b"\r\n")[0].decode()
                if subject.startswith(tuple(f"{user.name} " for user in users)):
                    arrived[subject] += 1
        return arrived

    return count


def test_an_instance_that_is_killed_is_missed_by_nobody(house: House, crowd: Crowd, delivered) -> None:
    gone = house.instances[1]
    gone.kill()
    killed = time.monotonic()
    crowd.go_on()
    gone.launch()
    gone.wait()
    crowd.go_on()
    crowd.__exit__()
    # Those in flight on the one that was killed, at the most.
    assert crowd.failed_since(killed) == []
    assert len(crowd.failures) <= 5
    assert_sent_once(crowd, delivered)


def test_one_more_takes_its_share(house: House, crowd: Crowd, delivered) -> None:
    added = house.add()

    def a_stranger_came_to_it() -> bool:
        house.browser().ask("GET", "/sign-in/?who=stranger")
        return "who=stranger" in (added.directory / "access").read_text()

    until(a_stranger_came_to_it)
    crowd.go_on()
    house.instances.remove(added)
    house.nginx.serve(house.instances)
    added.stop()
    crowd.go_on()
    crowd.__exit__()
    assert [str(failure) for failure in crowd.failures] == []
    assert_sent_once(crowd, delivered)


def test_all_are_restarted_one_by_one(house: House, crowd: Crowd, delivered) -> None:
    for number, one in enumerate(house.instances):
        if number % 2:
            one.reload()
        else:
            one.stop()
            one.launch()
            one.wait()
    house.stop_worker()
    house.start_worker()
    crowd.go_on()
    crowd.__exit__()
    assert [str(failure) for failure in crowd.failures] == []
    assert_sent_once(crowd, delivered)


def assert_sent_once(crowd: Crowd, delivered) -> None:
    assert len(crowd.sent) >= 5
    until(lambda: set(delivered()) >= set(crowd.sent))
    assert delivered() == Counter(crowd.sent)
