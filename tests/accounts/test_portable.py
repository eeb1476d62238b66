"""A person's choices as a file: what is written comes in again, and nothing else does."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from webmail.accounts.folder_choices import FolderChoices
from webmail.accounts.identities import SenderIdentity, save_identity
from webmail.accounts.labels import add_label
from webmail.accounts.models import Person, TrustedSender
from webmail.accounts.portable import MOST_OCTETS, PortableError, exported, import_file
from webmail.accounts.portable.preferences import PREFERENCES
from webmail.accounts.searches import save_search

# What a person is besides what they chose, and choices with a part of the file of their own.
OTHER = {"id", "password", "last_login", "is_superuser", "username", "is_staff", "is_active", "date_joined"}
PARTS = {"labels", "searches", "folder_choices", "threaded"}


def chosen_by(person: Person) -> dict[str, Any]:
    """Without when it was written, and the keys of searches, which are new each time."""
    return {name: value for name, value in exported(person=person).items() if name != "exported"}


def file_of(**parts: Any) -> bytes:
    return json.dumps({"kind": "ekorn preferences", "version": 1, **parts}).encode()


@pytest.fixture
def kari(db, settings) -> Person:
    settings.SENDER_POLICY = "any"
    person = Person.objects.create(username="kari@fjord.example")
    for name, value in {
        "language": "nn",
        "time_zone": "Asia/Tokyo",
        "theme": "dark",
        "density": "compact",
        "page_size": 25,
        "keys": False,
        "spell_language": "nb",
        "undo_seconds": 30,
        "threaded": ["INBOX", "Kundar/Vik"],
        "folder_choices": FolderChoices(
            roles={"Papirkorg": "trash", "Sent": ""},
            order=("B", "A"),
            folded=frozenset({"A"}),
            subscribed_only=True,
            renamed={"Gamal": "Ny"},
        ).kept(),
    }.items():
        setattr(person, name, value)
    person.save()
    add_label(person=person, name="Reise", colour="teal")
    save_search(person=person, name="Ulesne", folder="INBOX", query="only=unread&q=a%20b")
    save_identity(
        person=person,
        identity=SenderIdentity(
            address="styret@fjord.example",
            name="Kari i styret",
            signature_plain="Hei\nKari",
            signature_rich="<b>Kari</b>",
            is_default=True,
        ),
    )
    TrustedSender.objects.create(person=person, address="ola@nes.example")
    return person


def test_every_choice_is_in_the_file():
    fields = {field.name for field in Person._meta.concrete_fields}
    assert fields == OTHER | PARTS | set(PREFERENCES)


def test_what_is_written_comes_in_again(kari):
    written = chosen_by(kari)
    data = json.dumps(exported(person=kari)).encode()
    Person.objects.filter(pk=kari.pk).update(
        theme="light", labels=[], searches=[], threaded=[], folder_choices={}, page_size=100
    )
    kari.identities.all().delete()
    kari.trusted_senders.all().delete()
    kari.refresh_from_db()
    assert chosen_by(kari) != written
    result = import_file(person=kari, data=data)
    assert (result.ignored, result.forbidden) == ((), ())
    assert chosen_by(kari) == written
    assert kari.identities.get(is_default=True).address == "styret@fjord.example"


def test_no_password_and_no_factor_is_in_it(kari):
    kari.set_password("hemmeleg")
    kari.save()
    assert kari.password not in json.dumps(exported(person=kari))


def test_what_the_file_does_not_hold_stays(kari):
    written = chosen_by(kari)
    import_file(person=kari, data=file_of(preferences={"theme": "light"}))
    written["preferences"]["theme"] = "light"
    assert chosen_by(kari) == written


def test_empty_parts_are_empty_afterwards(kari):
    import_file(
        person=kari, data=file_of(labels=[], searches=[], identities=[], trusted_senders=[], folders={})
    )
    left = chosen_by(kari)
    assert not any(left[part] for part in ("labels", "searches", "identities", "trusted_senders", "folders"))


def test_what_means_nothing_is_passed_over_and_said(kari):
    result = import_file(
        person=kari,
        data=file_of(
            colour="blue",
            preferences={"theme": "dark", "mood\ud800\n": 1},
            labels=[{"keyword": "a", "name": "A", "colour": "red", "size": 3}],
        ),
    )
    assert result.ignored == ("preferences.mood??", "labels[0].size", "colour")


def test_identities_that_are_not_allowed_here_are_left_out(kari, settings):
    settings.SENDER_POLICY = "domain"
    result = import_file(
        person=kari,
        data=file_of(
            identities=[
                {"address": "kari@elsewhere.example", "is_default": True},
                {"address": "post@fjord.example", "name": "Posten"},
            ]
        ),
    )
    assert result.forbidden == ("kari@elsewhere.example",)
    assert [(one.address, one.is_default) for one in kari.identities.all()] == [("post@fjord.example", True)]


@pytest.mark.parametrize(
    ("parts", "reason", "where"),
    [
        ({"preferences": []}, "type", "preferences"),
        ({"preferences": {"theme": "pink"}}, "value", "preferences.theme"),
        ({"preferences": {"theme": 1}}, "type", "preferences.theme"),
        ({"preferences": {"theme": None}}, "type", "preferences.theme"),
        ({"preferences": {"theme": ""}}, "value", "preferences.theme"),
        ({"preferences": {"keys": 1}}, "type", "preferences.keys"),
        ({"preferences": {"page_size": True}}, "type", "preferences.page_size"),
        ({"preferences": {"page_size": 9}}, "value", "preferences.page_size"),
        ({"preferences": {"page_size": 1e9}}, "type", "preferences.page_size"),
        ({"preferences": {"undo_seconds": -1}}, "value", "preferences.undo_seconds"),
        ({"preferences": {"language": "xx"}}, "value", "preferences.language"),
        ({"preferences": {"time_zone": "../../etc/passwd"}}, "value", "preferences.time_zone"),
        ({"preferences": {"spell_language": "xx"}}, "value", "preferences.spell_language"),
        ({"labels": {}}, "type", "labels"),
        ({"labels": [1]}, "type", "labels[0]"),
        ({"labels": [{"keyword": "a b", "name": "A", "colour": "red"}]}, "value", "labels[0].keyword"),
        ({"labels": [{"keyword": "a", "name": "A\r\n", "colour": "red"}]}, "value", "labels[0].name"),
        ({"labels": [{"keyword": "a", "name": "A", "colour": "x"}]}, "value", "labels[0].colour"),
        ({"labels": [{"keyword": k, "name": "A", "colour": "red"} for k in "ab"]}, "double", "labels[1].name"),
        ({"labels": [{"keyword": "a", "name": n, "colour": "red"} for n in "AB"]}, "double", "labels[1].keyword"),
        ({"labels": [{}] * 51}, "many", "labels"),
        ({"searches": [{"name": "", "folder": "INBOX", "query": "q=a"}]}, "value", "searches[0].name"),
        ({"searches": [{"name": "a", "folder": "INBOX", "query": "a\r\nb"}]}, "value", "searches[0].query"),
        ({"searches": [{"name": "a", "folder": "INBOX", "query": ""}]}, "value", "searches[0].query"),
        ({"identities": [{"address": "nobody"}]}, "value", "identities[0].address"),
        ({"identities": [{"address": "a@b.example", "name": "a\nBcc: x"}]}, "value", "identities[0].name"),
        ({"identities": [{"address": "a@b.example", "is_default": "yes"}]}, "type", "identities[0].is_default"),
        ({"folders": {"roles": {"A": "attic"}}}, "value", "folders.roles[A]"),
        ({"folders": {"roles": ["A"]}}, "type", "folders.roles"),
        ({"folders": {"order": ["A\r\nB"]}}, "value", "folders.order[0]"),
        ({"folders": {"renamed": {"A": ""}}}, "value", "folders.renamed[A]"),
        ({"threaded": ["A", ""]}, "value", "threaded[1]"),
        ({"threaded": ["A"] * 301}, "many", "threaded"),
        ({"trusted_senders": ["a\0b"]}, "value", "trusted_senders[0]"),
        ({"trusted_senders": [7]}, "type", "trusted_senders[0]"),
        ({"trusted_senders": ["\ud800"]}, "value", "trusted_senders[0]"),
        ({"version": 2}, "version", ""),
        ({"version": "1"}, "file", ""),
        ({"kind": "else"}, "file", ""),
    ],
)  # fmt: skip
def test_one_fault_and_nothing_changes(kari, parts, reason, where):
    before = chosen_by(kari)
    sound = {"preferences": {"theme": "light"}, "trusted_senders": [], "labels": [], "identities": []}
    with pytest.raises(PortableError) as error:
        import_file(person=kari, data=file_of(**sound | parts))
    assert (error.value.reason, error.value.where) == (reason, where)
    kari.refresh_from_db()
    assert chosen_by(kari) == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file"),
        (b"\xff\xfe", "file"),
        (b"[]", "file"),
        (b"[" * 100_000, "file"),
        (b'{"a":' * 100_000, "file"),
        (b'{"version": ' + b"9" * 5_000 + b"}", "file"),
        (b" " * (MOST_OCTETS + 1), "large"),
    ],
    ids=["empty", "bytes", "list", "deep lists", "deep objects", "long number", "large"],
)
def test_what_is_no_such_file(kari, data, reason):
    with pytest.raises(PortableError) as error:
        import_file(person=kari, data=data)
    assert error.value.reason == reason


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def written(kari) -> dict[str, Any]:
    return exported(person=kari)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_with_something_else_in_one_place(kari, written, data):
    """Either it comes in whole and is then written so, or nothing of it does."""
    whole = copy.deepcopy(written)
    place: Any = whole
    while True:
        key = data.draw(
            st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1)
        )
        if not place[key] or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(ANY)
    before = chosen_by(kari)
    try:
        import_file(person=kari, data=json.dumps(whole).encode())
    except PortableError:
        kari.refresh_from_db()
        assert chosen_by(kari) == before
    else:
        after = chosen_by(kari)
        import_file(person=kari, data=json.dumps(exported(person=kari)).encode())
        assert chosen_by(kari) == after
