"""Instances that are killed, added and restarted while people use them."""

from __future__ import annotations

import time

from tests.deploy.crowd import Crowd, until
from tests.servers.house import House


def test_an_instance_that_is_killed_is_missed_by_nobody(house: House, crowd: Crowd) -> None:
    gone = house.instances[1]
    gone.kill()
    crowd.go_on(1)
    moved = time.monotonic()
    crowd.go_on()
    gone.launch()
    gone.wait()
    crowd.go_on()
    crowd.rest()
    # Those in flight on the one that was killed, at the most.
    assert crowd.failed_since(moved) == []
    assert len(crowd.failures) <= 5
    crowd.everything_went_once()


def test_one_more_takes_its_share(house: House, crowd: Crowd) -> None:
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
    crowd.rest()
    assert [str(failure) for failure in crowd.failures] == []
    crowd.everything_went_once()


def test_all_are_restarted_one_by_one(house: House, crowd: Crowd) -> None:
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
    crowd.rest()
    assert [str(failure) for failure in crowd.failures] == []
    crowd.everything_went_once()
