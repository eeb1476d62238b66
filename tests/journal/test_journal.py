"""Deeds as they are written down, found, and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from webmail.accounts.models import Person
from webmail.journal import keeping
from webmail.journal.errors import NoDeedError
from webmail.journal.models import Deed
from webmail.journal.step import Change, Lot, Step, read_lots, read_steps, write_lots, write_steps

SETS = st.from_regex(r"\A[1-9][0-9]{0,8}(:[1-9][0-9]{0,8})?\Z")
LOTS = st.builds(Lot, st.text(), st.integers(0, 2**32 - 1), SETS)
CHANGES = st.builds(Change, st.text(), st.booleans(), SETS)
STEPS = st.builds(Step, LOTS, st.text(), st.lists(CHANGES).map(tuple), st.booleans())


@given(st.lists(LOTS).map(tuple), st.lists(STEPS).map(tuple))
def test_what_is_written_is_read(lots: tuple[Lot, ...], steps: tuple[Step, ...]) -> None:
    assert read_lots(write_lots(lots)) == lots
    assert read_steps(write_steps(steps)) == steps


@pytest.mark.django_db
class TestKeeping:
    def deed(self, person: Person, sign_in: str = "one", **more: object) -> Deed:
        return Deed.objects.create(person=person, sign_in=sign_in, kind="trash", **more)

    def test_by_sign_in(self) -> None:
        kari, ola = (Person.objects.create(username=name) for name in ("kari", "ola"))
        mine = self.deed(kari)
        others = self.deed(kari, "two"), self.deed(ola)
        assert keeping.recent(person_id=kari.pk, sign_in="one") == [mine]
        for other in others:
            with pytest.raises(NoDeedError):
                keeping.deed_of(person_id=kari.pk, sign_in="one", pk=other.pk)
        keeping.forget(person_id=kari.pk, sign_in="one")
        assert set(Deed.objects.all()) == set(others)

    def test_who_gives_no_sign_of_life_is_no_more(self) -> None:
        kari = Person.objects.create(username="kari")
        deed = self.deed(kari)
        assert keeping.is_alive(deed)
        assert keeping.under_way(person_id=kari.pk) == 1
        silent = timezone.now() - timedelta(seconds=keeping.LIFE_SECONDS + 1)
        Deed.objects.update(touched=silent)
        deed.refresh_from_db()
        assert not keeping.is_alive(deed)
        assert keeping.under_way(person_id=kari.pk) == 0

    def test_those_of_sign_ins_that_ran_out_are_swept(self) -> None:
        kari = Person.objects.create(username="kari")
        old, new = self.deed(kari), self.deed(kari)
        Deed.objects.filter(pk=old.pk).update(
            created=timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
        )
        keeping.sweep(force=True)
        assert list(Deed.objects.all()) == [new]
