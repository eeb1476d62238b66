import pytest

from tests.contacts.book import contact, fill, group
from webmail.contacts.book import get, list_contacts
from webmail.contacts.doubles import find_doubles, merge, unmerge
from webmail.contacts.errors import FullError, NotThereError
from webmail.contacts.using import collect
from webmail.mail.address import Mailbox


def found(person):
    return [[entry.card.display for entry in one] for one in find_doubles(person=person)]


def test_by_address_and_by_name(kari, ola):
    contact(kari, "Kari Nes", "kari@a.example")
    contact(kari, "Nes, Kari", "kari@b.example")
    contact(kari, "Kåre", "shared@a.example")
    contact(kari, "Unrelated", "SHARED@a.example", "kare@b.example")
    contact(kari, "Third", "kare@B.example")
    contact(kari, "Alone", "alone@a.example")
    contact(ola, "Alone", "alone@a.example")
    contact(kari, "", "nameless@a.example")
    contact(kari, "", "nameless2@a.example")
    collect(person=kari, mailboxes=[Mailbox("Kari Nes", "kari@c.example")])
    assert found(kari) == [["Kari Nes", "Nes, Kari"], ["Kåre", "Unrelated", "Third"]]


def test_merging_keeps_everything(kari):
    first = contact(kari, "Kari Nes", "kari@a.example", notes="First note")
    second = contact(
        kari, "K. Nes", "KARI@a.example", "k@b.example", notes="Second note", organisation="Fjord"
    )
    choir, board = group(kari, "Choir", first), group(kari, "Board", second)
    collect(person=kari, mailboxes=[Mailbox("", "kari@a.example")])
    one, parts = merge(person=kari, contacts=[first.pk, second.pk])
    entry = get(person=kari, contact=one)
    assert entry.card.name == "Kari Nes"
    assert entry.card.organisation == "Fjord"
    assert [line.address for line in entry.card.addresses] == ["kari@a.example", "k@b.example"]
    assert entry.card.notes == "First note\n\nK. Nes\n\nSecond note"
    assert entry.card.groups == ("Board", "Choir")
    assert entry.uses == 2
    assert list_contacts(person=kari).total == 1
    unmerge(person=kari, contact=one, parts=parts)
    assert list_contacts(person=kari).total == 2
    assert list_contacts(person=kari, group=choir.pk).entries[0].id == first.pk
    assert list_contacts(person=kari, group=board.pk).entries[0].id == second.pk
    unmerge(person=kari, contact=first.pk, parts=parts)
    assert list_contacts(person=kari).total == 2


def test_the_first_keeps_its_name(kari):
    contacts = [contact(kari, name, "a@a.example").pk for name in ("One", "Two")]
    one, _ = merge(person=kari, contacts=contacts[::-1])
    assert get(person=kari, contact=one).card.name == "Two"


def test_only_own_contacts_and_at_least_two(kari, ola):
    own, other = contact(kari, "A", "a@a.example"), contact(ola, "A", "a@a.example")
    for numbers in ([own.pk], [own.pk, other.pk], [own.pk, own.pk], []):
        with pytest.raises(NotThereError):
            merge(person=kari, contacts=numbers)


def test_what_has_no_room_stays_apart(kari):
    contacts = [
        contact(kari, "A", *(f"{half}{number}@a.example" for number in range(30))).pk for half in ("x", "y")
    ]
    with pytest.raises(FullError):
        merge(person=kari, contacts=contacts)
    assert list_contacts(person=kari).total == 2


def test_many_are_found_in_turns(kari, many, django_assert_max_num_queries):
    fill(kari, [(f"Etternamn Person{number}", ()) for number in range(100)])
    fill(kari, [("Post", (f"post{number}@a.example",)) for number in range(100)])
    with django_assert_max_num_queries(4):
        sets = find_doubles(person=kari)
    assert len(sets) == 20
    assert max(map(len, sets)) <= 10
