import threading

import pytest

from webmail.remote.errors import BusyError
from webmail.remote.gate import Gate


def test_one_person_does_not_take_all():
    gate = Gate(total=3, each=2, patience=0)
    with gate.enter("a"), gate.enter("a"):
        with pytest.raises(BusyError), gate.enter("a"):
            pass
        with gate.enter("b"), pytest.raises(BusyError), gate.enter("c"):
            pass
        with gate.enter("c"):
            pass


def test_a_place_is_given_back_after_a_failure():
    gate = Gate(total=1, each=1, patience=0)
    for _ in range(3):
        with pytest.raises(KeyError), gate.enter("a"):
            raise KeyError
    with gate.enter("b"):
        pass


def test_who_waits_gets_the_place_that_comes_free():
    gate = Gate(total=1, each=1, patience=20)
    entered = threading.Event()

    def wait() -> None:
        with gate.enter("a"):
            entered.set()

    with gate.enter("a"):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not entered.is_set()
    assert entered.wait(10)
    thread.join(10)


def test_the_queue_is_bounded():
    gate = Gate(total=1, each=1, queue=0, patience=20)
    with gate.enter("a"), pytest.raises(BusyError), gate.enter("b"):
        pass


def test_never_more_inside_than_allowed():
    gate = Gate(total=4, each=2, patience=20)
    lock, inside, most = threading.Lock(), 0, 0

    def work(person: int) -> None:
        nonlocal inside, most
        for _ in range(50):
            with gate.enter(person):
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work, args=(number % 5,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert inside == 0
    assert 1 <= most <= 4
