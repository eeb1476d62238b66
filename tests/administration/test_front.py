"""What instances say of themselves, what the front page makes of it, and that it stays within bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from webmail.accounts import connections
from webmail.administration import hours, reporting
from webmail.administration.models import Holding, Instance, Sample
from webmail.administration.plots import HEIGHT, WIDTH, Plot, Series, round_above
from webmail.administration.reporting import Reporter
from webmail.imap.stats import HolderStats
from webmail.signins.models import SignInEvent


@pytest.fixture
def _no_pool_left():
    yield
    connections.close_pool()


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_pool_left")
class TestReporting:
    def test_an_instance_says_how_it_is_and_who_is_connected(self, front):
        client, user = front
        client.post("/sign-in/", {"username": user.name, "password": user.password})
        reporter = Reporter()
        reporter.report()
        instance = Instance.objects.get()
        assert (instance.people, instance.connections) == (1, 1)
        held = Holding.objects.get()
        assert (held.person.username, held.connections, held.borrowed) == (user.name, 1, 0)
        reporter.report()
        assert (Instance.objects.count(), Holding.objects.count(), Sample.objects.count()) == (1, 1, 1)

    def test_a_sample_holds_numbers_by_their_names(self, db):
        Reporter().report()
        values = Sample.objects.get().values
        assert values["pool_connections:idle"] == 0
        assert all(isinstance(value, float | int) for value in values.values())
        assert len(values) < 60

    def test_what_is_old_is_forgotten(self, db):
        long_ago = timezone.now() - timedelta(hours=49)
        Sample.objects.create(at=long_ago, instance="gone:1", values={})
        Instance.objects.create(name="gone:1", started=long_ago, seen=long_ago)
        Reporter().report()
        assert not Sample.objects.filter(instance="gone:1").exists()
        assert not Instance.objects.filter(name="gone:1").exists()

    def test_a_silent_instance_is_marked(self, admin):
        now = timezone.now()
        Instance.objects.create(name="silent:1", started=now, seen=now - timedelta(minutes=2))
        assert "silent" in admin.get("/admin/administration/instance/").content.decode()
        assert "1 silent" in admin.get("/admin/").content.decode()

    def test_somebody_who_was_deleted_meanwhile_is_left_out(self, db, monkeypatch):
        gone = HolderStats(key="404404", connections=1, borrowed=0, waiting=0, idle_seconds=1.0)
        monkeypatch.setattr(connections.pool(), "holders", lambda: [gone])
        Reporter().report()
        assert not Holding.objects.exists()

    def test_one_that_ends_in_order_is_gone_at_once(self, monkeypatch, db):
        monkeypatch.setattr(reporting.connection, "close", lambda: None)
        reporter = Reporter()
        reporter.end()
        reporter.run()
        assert Sample.objects.exists()
        assert not Instance.objects.exists()

    def test_a_database_that_is_away_ends_nothing(self, monkeypatch, db):
        reporter = Reporter()
        tried = []

        def refuse() -> None:
            tried.append(1)
            if len(tried) == 2:
                reporter.end()
            raise DatabaseError

        monkeypatch.setattr(reporting, "EVERY_SECONDS", 0)
        monkeypatch.setattr(reporting.connection, "close", lambda: None)
        monkeypatch.setattr(reporter, "report", refuse)
        reporter.run()
        assert len(tried) == 2


@pytest.mark.django_db
class TestHours:
    def test_sign_ins_and_failures_stand_where_they_belong(self):
        shown = hours.last(6)
        SignInEvent.objects.create(outcome="success", at=shown.now - timedelta(minutes=1))
        SignInEvent.objects.create(outcome="password", at=shown.now - timedelta(hours=5, minutes=59))
        SignInEvent.objects.create(outcome="success", at=shown.now - timedelta(hours=7))
        good, failed = hours.sign_ins(shown).series
        assert (good.values[-1], sum(good.values)) == (1, 1)
        assert (failed.values[0], sum(failed.values)) == (1, 1)

    def test_the_latency_is_of_what_was_added_by_each_instance(self):
        shown = hours.last(6)
        at = shown.now - timedelta(minutes=5)
        name = "imap_command_seconds_bucket:"
        before = {f"{name}0.01": 100.0, f"{name}0.1": 100.0, f"{name}+Inf": 100.0}
        after = {f"{name}0.01": 100.0, f"{name}0.1": 110.0, f"{name}+Inf": 110.0}
        samples = [
            (at, "a:1", before),
            (at, "b:1", before),
            (at + timedelta(minutes=1), "a:1", after),
            (at + timedelta(minutes=1), "b:1", before),
        ]
        half, _most = hours.latency(shown, samples).series
        assert half.values[-1] == 100
        assert half.values[0] is None

    def test_the_pool_is_that_of_all_instances_together(self):
        shown = hours.last(24)
        at = shown.now - timedelta(minutes=5)
        values = {"pool_connections:borrowed": 3.0, "pool_connections:idle": 4.0}
        in_use, idle = hours.pool(shown, [(at, "a:1", values), (at, "b:1", values)]).series
        assert (in_use.values[-1], idle.values[-1]) == (6, 8)

    @pytest.mark.parametrize("asked", ["48", "6", "7", "nonsense", "-1", ""])
    def test_the_front_page_takes_any_hours(self, admin, asked):
        assert admin.get("/admin/", {"hours": asked}).status_code == 200

    def test_all_numbers_are_in_a_table_as_well(self, admin):
        for _each in range(7):
            SignInEvent.objects.create(outcome="password")
        text = admin.get("/admin/").content.decode()
        assert "<td>7</td>" in text


numbers = st.lists(st.none() | st.floats(0, 1e9), min_size=36, max_size=36).map(tuple)


class TestPlots:
    @given(numbers, numbers, st.booleans())
    def test_every_shape_is_within_the_picture(self, one, other, stacked):
        now = timezone.now()
        series = (Series("one", "s1", one), Series("other", "s2", other))
        plot = Plot("", "", tuple(now for _ in range(36)), series, stacked=stacked)
        for bar in plot.bars:
            assert -0.2 <= bar.y <= HEIGHT
            assert bar.y + bar.height <= HEIGHT + 0.2
            assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.2
        for line in plot.lines:
            for point in line.points.split():
                x, y = map(float, point.split(","))
                assert -0.1 <= x <= WIDTH + 0.1
                assert -0.1 <= y <= HEIGHT + 0.1
        assert len(list(plot.rows)) == 36

    @given(st.floats(1e-6, 1e12))
    def test_the_top_is_round_and_near(self, value):
        top = round_above(value)
        assert value <= top * (1 + 1e-9)
        assert top <= 2.6 * value

    def test_a_gap_is_a_gap(self):
        now = timezone.now()
        values = (1.0, None, 2.0, 2.0)
        plot = Plot("", "", (now,) * 4, (Series("one", "s1", values),), stacked=False)
        assert len(list(plot.lines)) == 2
