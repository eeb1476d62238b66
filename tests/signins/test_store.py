"""Sessions in the database, with a shared cache in front or without, and those of the former version."""

from __future__ import annotations

import json

import pytest
import redis
from django.contrib.sessions.backends.db import SessionStore as FormerStore
from django.contrib.sessions.models import Session as FormerSession
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.front.visitor import Visitor
from tests.servers.dovecot import MailUser
from tests.servers.valkey import Valkey
from tests.signins.browser import LIST
from tests.signins.hour import Hour
from webmail.accounts.models import Person
from webmail.signins import sessions, store
from webmail.signins.models import Session
from webmail.signins.store import SessionStore


def shared(url: str) -> dict[str, object]:
    options = {"serializer": "webmail.plain_cache.Json"}
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "OPTIONS": options,
        }
    }


@pytest.fixture
def valkey_cache(valkey: Valkey, settings) -> Valkey:
    settings.CACHES = shared(valkey.url)
    cache.clear()
    return valkey


def queries(kari: Visitor) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert kari.list().status == 200
    return [query["sql"] for query in found.captured_queries]


class TestInFront:
    def test_a_warm_page_asks_the_database_once(self, valkey_cache: Valkey, kari: Visitor) -> None:
        kari.list()
        assert len(queries(kari)) == 1

    def test_ending_takes_effect_at_once(self, valkey_cache: Valkey, kari: Visitor) -> None:
        kari.list()
        assert sessions.end_all(Person.objects.get()) == 1
        assert kari.list().leads_back_to == LIST

    def test_who_read_it_before_cannot_put_it_back(self, valkey_cache: Valkey, kari: Visitor) -> None:
        kari.list()
        row = Session.objects.get()
        session_id = kari.cookie("session")
        sessions.end_session(row.pk)
        store._cache(row)
        assert SessionStore(session_id).load() == {}

    def test_what_is_changed_is_seen_by_all(self, valkey_cache: Valkey, kari: Visitor) -> None:
        one = SessionStore(kari.cookie("session"))
        one["said"] = "hello"
        one.save()
        with CaptureQueriesContext(connection) as found:
            assert SessionStore(kari.cookie("session"))["said"] == "hello"
        assert len(found) == 0

    def test_what_lies_there_opens_and_runs_nothing(
        self, valkey_cache: Valkey, kari: Visitor, mail_user: MailUser
    ) -> None:
        kari.list()
        client = redis.Redis.from_url(valkey_cache.url)
        kept = {key.decode(): client.get(key).decode() for key in client.scan_iter()}
        assert any("session:" in key for key in kept)
        for value in kept.values():
            json.loads(value)
        for secret in (kari.cookie("session"), kari.cookie("key"), mail_user.password):
            assert secret not in repr(kept)

    def test_a_cache_that_is_away_is_done_without(self, kari: Visitor, settings, caplog) -> None:
        settings.CACHES = shared("redis://127.0.0.1:1/0")
        assert kari.list().status == 200
        assert sessions.end_all(Person.objects.get()) == 1
        assert kari.list().leads_back_to == LIST
        assert "could not be told" in caplog.text


def test_none_is_in_a_cache_of_this_process_alone(kari: Visitor) -> None:
    kari.list()
    assert "session" not in repr(cache._cache)  # type: ignore[attr-defined]


def test_when_it_was_last_used_is_written_now_and_then(kari: Visitor, hour: Hour) -> None:
    kari.list()
    started = Session.objects.get().last_used
    hour.pass_(minutes=4)
    assert len(queries(kari)) == 1
    assert Session.objects.get().last_used == started
    hour.pass_(minutes=2)
    kari.client.get(LIST, REMOTE_ADDR="192.0.2.77")
    session = Session.objects.get()
    assert session.last_used == hour.now()
    assert session.address == "192.0.2.77"
    assert len(queries(kari)) == 1


def test_it_runs_out(kari: Visitor, hour: Hour, settings) -> None:
    hour.pass_(seconds=settings.SESSION_COOKIE_AGE + 1)
    assert kari.list().leads_back_to == LIST
    SessionStore.clear_expired()
    assert not Session.objects.exists()


class TestTheFormerVersion:
    @pytest.fixture
    def before(self, kari: Visitor) -> Visitor:
        """Signed in by the former version, which kept it in Django's own table by its id."""
        data = SessionStore(kari.cookie("session")).load()
        former = FormerStore("formerversionssessionid123456789")
        former.update(data)
        former.save(must_create=True)
        Session.objects.all().delete()
        kari.client.cookies["session"] = former.session_key
        return kari

    def test_goes_on(self, before: Visitor) -> None:
        assert [before.list().status for _ in range(2)] == [200, 200]
        assert Session.objects.get().person == Person.objects.get()
        # The former version may still serve the same person.
        assert FormerSession.objects.count() == 1

    def test_signing_out_ends_both(self, before: Visitor) -> None:
        cookie = before.cookie("session")
        before.list()
        before.post("/sign-out/")
        before.client.cookies["session"] = cookie
        assert before.list().leads_back_to == LIST
        assert not FormerSession.objects.exists()

    @pytest.mark.parametrize("was_used", [True, False])
    def test_what_was_ended_does_not_come_back(self, before: Visitor, was_used: bool) -> None:
        cookies = {name: before.cookie(name) for name in ("session", "key")}
        if was_used:
            before.list()
        sessions.end_all(Person.objects.get())
        for name, value in cookies.items():
            before.client.cookies[name] = value
        assert before.list().leads_back_to == LIST

    def test_one_that_was_ended_does_not_come_back(self, before: Visitor) -> None:
        cookies = {name: before.cookie(name) for name in ("session", "key")}
        before.list()
        assert sessions.end_session(Session.objects.get().pk, person=Person.objects.get())
        for name, value in cookies.items():
            before.client.cookies[name] = value
        assert before.list().leads_back_to == LIST
