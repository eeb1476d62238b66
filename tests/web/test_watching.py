"""What machines ask, and the number that every request goes by."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.front.conftest import kari, pool, visitor
from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot
from tests.servers.ports import free_ports
from webmail.imap.server import Timeouts
from webmail.metrics.registry import REGISTRY
from webmail.web import readiness as module
from webmail.web.readiness import Readiness
from webmail.web.views import health

__all__ = ["kari", "pool", "visitor"]

NUMBER = "0123456789abcdef" * 2


@pytest.fixture
def machine(settings: Any) -> Client:
    """Asks as a monitor does: plainly, and by an address that is no host of ours."""
    settings.SECURE_SSL_REDIRECT = True
    return Client(SERVER_NAME="10.0.0.7", raise_request_exception=False)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Readiness:
    """With all the time that a busy machine may need."""
    monkeypatch.setattr(module, "_BRIEF", Timeouts())
    readiness = Readiness(module.CHECKS, seconds=60)
    monkeypatch.setattr(health, "readiness", readiness)
    return readiness


def words(answer: Any) -> dict[str, str]:
    found: dict[str, str] = json.loads(answer.content)
    return found


class TestHealth:
    def test_it_lives(self, machine: Client) -> None:
        """Without a database: none is allowed here."""
        answer = machine.get("/health/live")
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.django_db(transaction=True)
    def test_it_is_ready(self, machine: Client, fresh: Readiness, settings: Any, dovecot: Dovecot) -> None:
        settings.IMAP_URL = dovecot.url
        answer = machine.get("/health/ready")
        assert words(answer) == {"status": "ready", "database": "ok", "cache": "ok", "mail": "ok"}
        assert answer.status_code == 200
        assert not answer.cookies

    @pytest.mark.django_db(transaction=True)
    def test_a_mail_server_that_is_away_takes_nothing_out(
        self, machine: Client, fresh: Readiness, settings: Any
    ) -> None:
        settings.IMAP_URL = f"imap://localhost:{free_ports(1)[0]}"
        answer = machine.get("/health/ready")
        assert words(answer) == {"status": "ready", "database": "ok", "cache": "ok", "mail": "away"}
        assert answer.status_code == 200
        assert b"localhost" not in answer.content

    @pytest.mark.parametrize("part", ["database", "cache"])
    def test_without_database_or_cache_it_is_not(
        self, machine: Client, monkeypatch: pytest.MonkeyPatch, part: str
    ) -> None:
        def away() -> None:
            raise OSError("db.internal.example refuses")

        checks = dict.fromkeys(("database", "cache", "mail"), lambda: None) | {part: away}
        monkeypatch.setattr(health, "readiness", Readiness(checks, seconds=60))
        answer = machine.get("/health/ready")
        assert answer.status_code == 503
        assert words(answer)[part] == "away"
        assert b"internal" not in answer.content

    def test_one_that_hangs_is_away_and_asked_once(self) -> None:
        begun, ends, asked = threading.Event(), threading.Event(), []

        def hangs() -> None:
            asked.append(1)
            begun.set()
            ends.wait(60)

        clock = iter(range(0, 1000, 100))
        checks = {"database": hangs, "cache": lambda: None, "mail": lambda: None}
        readiness = Readiness(checks, clock=lambda: float(next(clock)), seconds=0.05)
        try:
            for _ in range(2):
                assert not readiness.now().database
            assert begun.wait(60)
            assert asked == [1]
        finally:
            ends.set()

    def test_asking_often_asks_nobody(self) -> None:
        asked: list[int] = []
        now = [0.0]
        checks = {"database": lambda: asked.append(1), "cache": lambda: None, "mail": lambda: None}
        readiness = Readiness(checks, clock=lambda: now[0], seconds=60)
        for _ in range(5):
            assert readiness.now().ready
        assert asked == [1]
        now[0] += module.KEPT_SECONDS
        readiness.now()
        assert asked == [1, 1]

    def test_the_cache_is_tried_for_real(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module.CHECKS["cache"]()
        monkeypatch.setattr(cache, "get", lambda key: None)
        with pytest.raises(ConnectionError):
            module.CHECKS["cache"]()


class TestMetrics:
    def test_there_is_no_such_page_at_first(self, machine: Client) -> None:
        answer = machine.get("/metrics", headers={"Authorization": "Bearer "})
        assert (answer.status_code, answer.content) == (404, b"Not Found\n")

    @pytest.mark.django_db
    def test_by_token(self, machine: Client, settings: Any) -> None:
        settings.METRICS_TOKEN = "long-and-secret"
        for token, status in (("long-and-secret", 200), ("long-and-secreu", 404), ("", 404), ("æ", 404)):
            answer = machine.get("/metrics", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == status
        assert machine.get("/metrics").status_code == 404
        answer = machine.get("/metrics", headers={"Authorization": "bearer long-and-secret"})
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert b"ekorn_requests_total" in answer.content
        assert not answer.cookies

    @pytest.mark.django_db
    def test_by_network(self, machine: Client, settings: Any) -> None:
        settings.METRICS_ALLOWED = ["10.1.0.0/16", "::1"]
        for address, status in (("10.1.2.3", 200), ("10.2.0.1", 404), ("::1", 200), ("", 404)):
            assert machine.get("/metrics", REMOTE_ADDR=address).status_code == status
        forged = machine.get("/metrics", REMOTE_ADDR="10.2.0.1", headers={"X-Forwarded-For": "10.1.2.3"})
        assert forged.status_code == 404
        settings.BEHIND_PROXY = True
        proxied = machine.get("/metrics", REMOTE_ADDR="", headers={"X-Forwarded-For": "10.1.2.3, 10.9.9.9"})
        assert proxied.status_code == 404

    def test_views_by_name_and_never_by_path(self, kari: Visitor) -> None:
        def count(**labels: str) -> float:
            return REGISTRY.get_sample_value("ekorn_requests_total", labels) or 0.0

        folder, gone = count(view="folder", status="4xx"), count(view="other", status="4xx")
        kari.get("/folder/Hemmeleg/")
        kari.get("/nothing/Hemmeleg/")
        assert count(view="folder", status="4xx") == folder + 1
        assert count(view="other", status="4xx") == gone + 1
        assert REGISTRY.get_sample_value("ekorn_request_seconds_count", {"view": "folder"})


class TestNumbers:
    def test_one_is_made(self, visitor: Visitor) -> None:
        numbers = {visitor.get("/sign-in/", **{"X-Request-ID": NUMBER}).headers["X-Request-ID"] for _ in "ab"}
        assert len(numbers | {NUMBER}) == 3

    def test_a_proxys_is_taken_where_it_looks_like_one(self, visitor: Visitor, settings: Any) -> None:
        settings.BEHIND_PROXY = True
        for given, taken in ((NUMBER, True), (NUMBER.upper(), False), (NUMBER[1:], False), ("", False)):
            answer = visitor.get("/sign-in/", **{"X-Request-ID": given})
            assert (answer.headers["X-Request-ID"] == given) is taken

    def test_it_is_on_the_page_and_in_the_log(
        self, kari: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def breaks(**_: object) -> None:
            raise RuntimeError("insides")

        monkeypatch.setattr("webmail.mailbox.finding.list_view", breaks)
        answer = kari.list()
        assert answer.status == 500
        assert answer.headers["X-Request-ID"] in answer.text
        (record,) = (found for found in caplog.records if found.name == "django.request")
        assert record.request_id == answer.headers["X-Request-ID"]
        assert record.getMessage() == "Internal Server Error: folder"

    def test_what_is_only_missing_has_none(self, kari: Visitor) -> None:
        answer = kari.get("/folder/Hemmeleg/")
        assert answer.headers["X-Request-ID"] not in answer.text

    def test_slow_requests_are_named(
        self, kari: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("webmail.web.watching.SLOW.request", 0.0)
        kari.get("/folder/Hemmeleg/?q=loyndom")
        (line,) = (found for found in caplog.messages if found.startswith("slow request"))
        assert line.startswith("slow request: folder took ")
        for record in caplog.records:
            assert "emmeleg" not in record.getMessage()
            assert "loyndom" not in record.getMessage()


def test_no_query_and_no_session_of_our_own(machine: Client, django_assert_num_queries: Any, db: Any) -> None:
    with django_assert_num_queries(0):
        machine.get("/health/live")
        machine.get("/metrics")
    assert connection.queries_logged is False
    assert logging.getLogger("django").handlers == []
