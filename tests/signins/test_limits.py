"""How long somebody has to wait who guesses, and who does not have to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest

from tests.front.visitor import Visitor
from tests.security.test_guessing import guess
from tests.servers.dovecot import Dovecot, MailUser
from tests.signins.hour import Hour
from webmail.signins import limits
from webmail.signins.models import SignInEvent, Tries

Ask = Callable[..., HttpRequest]
MINUTES = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("BY_BOTH", 3), ("BY_ACCOUNT", 6), ("BY_ADDRESS", 9), ("BY_DEVICE", 2)):
        monkeypatch.setattr(limits, name, most)


def wrong(request: HttpRequest, account: str = "kari@example.org") -> timedelta | None:
    """One wrong password; how long to wait where nobody was asked."""
    try:
        with limits.counted(request, account) as one:
            one.wrong = True
    except limits.TooManyTriesError as error:
        return error.until - limits.timezone.now()
    return None


@pytest.mark.django_db
class TestWaiting:
    def test_each_time_longer_up_to_a_day(self, ask: Ask, hour: Hour) -> None:
        waits = []
        for _ in range(9):
            assert [wrong(ask()) for _ in range(3)] == [None] * 3
            wait = wrong(ask())
            assert wait is not None
            waits.append(wait // MINUTES)
            hour.pass_(minutes=wait // MINUTES)
        assert waits == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]

    def test_short_again_after_two_quiet_days(self, ask: Ask, hour: Hour) -> None:
        for _ in range(2):
            wait = [wrong(ask()) for _ in range(4)][-1]
            hour.pass_(days=2, minutes=16)
        assert wait == 15 * MINUTES

    def test_an_account_never_longer(self, ask: Ask, hour: Hour) -> None:
        for round_ in range(3):
            for number in range(6):
                assert wrong(ask(f"192.0.{round_}.{number}")) is None
            assert wrong(ask("198.51.100.1")) == 15 * MINUTES
            hour.pass_(minutes=15)

    def test_mistakes_of_long_ago_count_no_more(self, ask: Ask, hour: Hour) -> None:
        for _ in range(4):
            assert [wrong(ask()) for _ in range(2)] == [None, None]
            hour.pass_(minutes=16)

    def test_an_ipv6_network_is_one_address(self, ask: Ask, hour: Hour) -> None:
        said = [wrong(ask(f"2001:db8:1:2::{n:x}"), f"nobody-{n}") for n in range(1, 11)]
        assert said == [None] * 9 + [15 * MINUTES]
        assert wrong(ask("2001:db8:1:3::1"), "nobody") is None

    def test_whoever_is_asked_about_is_not_held_up_by_others_under_way(self, ask: Ask) -> None:
        """Three right ones at once are no lock-out."""
        tries = [limits.counted(ask(), "kari@example.org") for _ in range(4)]
        for one in tries[:3]:
            one.__enter__()
        with pytest.raises(limits.TooManyTriesError):
            tries[3].__enter__()
        for one in tries[:3]:
            one.__exit__(None, None, None)
        assert not limits.locked_out().exists()
        assert wrong(ask()) is None

    def test_seen_and_lifted(self, ask: Ask) -> None:
        for _ in range(3):
            wrong(ask())
        (locked,) = limits.locked_out()
        assert (locked.account, locked.address, locked.scope) == ("kari@example.org", "192.0.2.1", "both")
        assert limits.lift([locked]) == 1
        assert wrong(ask()) is None
        assert not limits.locked_out().exists()

    def test_counts_are_forgotten(self, ask: Ask, hour: Hour) -> None:
        for _ in range(3):
            wrong(ask())
        hour.pass_(days=1)
        assert not limits.to_be_forgotten(hour.now()).exists()
        hour.pass_(days=2)
        assert limits.to_be_forgotten(hour.now()).count() == Tries.objects.count()


class TestAKnownDevice:
    @pytest.fixture(autouse=True)
    def lower(self, low: None, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, most in (("BY_ACCOUNT", 3), ("BY_ADDRESS", 4)):
            monkeypatch.setattr(limits, name, most)

    @pytest.fixture
    def known(self, kari: Visitor) -> Visitor:
        kari.post("/sign-out/")
        return kari

    def test_goes_on_while_strangers_guess(self, known: Visitor, mail_user: MailUser) -> None:
        for number in range(3):
            guess(Visitor(), mail_user.name, address=f"192.0.2.{number}")
        assert guess(Visitor(), mail_user.name, password=mail_user.password).status == 429
        assert guess(known, mail_user.name, password=mail_user.password).status == 302

    def test_goes_on_behind_the_same_address(self, known: Visitor, mail_user: MailUser) -> None:
        for number in range(4):
            guess(Visitor(), f"nobody-{number}@example.org")
        assert guess(Visitor(), mail_user.name, password=mail_user.password).status == 429
        assert guess(known, mail_user.name, password=mail_user.password).status == 302

    def test_has_a_low_count_of_its_own(self, known: Visitor, mail_user: MailUser) -> None:
        said = [guess(known, mail_user.name).status for _ in range(3)]
        assert said == [422, 422, 429]
        assert guess(known, mail_user.name, password=mail_user.password).status == 429
        assert guess(Visitor(), mail_user.name, password=mail_user.password).status == 302

    def test_is_known_for_nobody_else(self, known: Visitor, dovecot: Dovecot) -> None:
        other = dovecot.user()
        for number in range(3):
            guess(Visitor(), other.name, address=f"192.0.2.{number}")
        assert guess(known, other.name, password=other.password).status == 429

    @pytest.mark.parametrize("cookie", ["x", "0" * 16 + "." + "0" * 32, "é\0" * 2000])
    def test_is_not_made_up(self, visitor: Visitor, mail_user: MailUser, cookie: str) -> None:
        for number in range(3):
            guess(Visitor(), mail_user.name, address=f"192.0.2.{number}")
        visitor.client.cookies["device"] = cookie
        assert guess(visitor, mail_user.name, password=mail_user.password).status == 429

    def test_opens_nothing(self, known: Visitor, mail_user: MailUser) -> None:
        assert known.list().leads_back_to
        cookie = known.client.cookies["device"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert mail_user.name not in cookie.value

    def test_several_people_in_one_browser(
        self, known: Visitor, dovecot: Dovecot, mail_user: MailUser
    ) -> None:
        other = dovecot.user()
        known.sign_in(other)
        known.post("/sign-out/")
        for number in range(3):
            guess(Visitor(), mail_user.name, address=f"192.0.2.{number}")
        assert guess(known, mail_user.name, password=mail_user.password).status == 302


def test_a_lock_out_is_one_entry_of_the_log(visitor: Visitor, mail_user: MailUser) -> None:
    for _ in range(5):
        guess(visitor, mail_user.name)
    outcomes = SignInEvent.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["password"] * 3 + ["locked"]
