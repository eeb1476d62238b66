from datetime import timedelta

import pytest
from django.utils import timezone

from tests.contacts.book import contact, group
from webmail.contacts import limits
from webmail.contacts.book import get, list_contacts
from webmail.contacts.errors import FullError, NotThereError, RefusedError
from webmail.contacts.groups import (
    add_members,
    delete_group,
    get_group,
    list_groups,
    recipients,
    remove_members,
    save_group,
)
from webmail.contacts.keeping import add_sender, delete, keep, restore, save
from webmail.contacts.models import Address, Contact, Group
from webmail.contacts.pages import Card, CardAddress
from webmail.contacts.suggesting import suggest
from webmail.contacts.using import collect, is_known
from webmail.mail.address import Mailbox

SOLVEIG = Card(
    name="Solveig Haugen",
    organisation="Fjord AS",
    notes="Likes skiing\n\nBirthday in May",
    addresses=(CardAddress("solveig@fjord.example", "work"), CardAddress("sol@heime.example", "Hytta")),
    groups=("Choir", "Neighbours"),
)


def names(person, **options):
    return [entry.card.display for entry in list_contacts(person=person, **options).entries]


class TestSaving:
    def test_what_was_saved_is_what_is_shown(self, kari):
        number = save(person=kari, card=SOLVEIG)
        assert get(person=kari, contact=number).card == SOLVEIG

    def test_changing_keeps_the_count_of_uses(self, kari):
        number = save(person=kari, card=SOLVEIG)
        collect(person=kari, mailboxes=[Mailbox("", "sol@heime.example")])
        changed = Card(name="Sol", addresses=(CardAddress("SOL@heime.example"), CardAddress("new@x.example")))
        assert save(person=kari, card=changed, contact=number) == number
        entry = get(person=kari, contact=number)
        assert entry.card == changed
        assert entry.uses == 1
        assert suggest(person=kari, text="solveig") == ()

    def test_text_is_one_clean_line(self, kari):
        card = Card(name="A\r\nBcc: x\x00", organisation="\u202eevil", notes="a\x00\r\n\r\nb\x07\rc")
        kept = get(person=kari, contact=save(person=kari, card=card)).card
        assert kept == Card(name="A Bcc: x", organisation="evil", notes="a\n\nb\nc")

    def test_what_is_too_long_is_cut(self, kari):
        card = Card(name="x" * 1000, notes="y" * 20_000, groups=("z" * 500,))
        kept = get(person=kari, contact=save(person=kari, card=card)).card
        assert (len(kept.name), len(kept.notes), len(kept.groups[0])) == (200, 10_000, 100)

    @pytest.mark.parametrize(
        ("card", "problem"),
        [
            (Card(), ("name", "empty")),
            (Card(name=" \t\x00"), ("name", "empty")),
            (Card(notes="only notes"), ("name", "empty")),
            (Card(addresses=(CardAddress("no address"),)), ("address-0", "address")),
            (Card(addresses=(CardAddress("a@b\r\nRCPT TO:<x@y>"),)), ("address-0", "address")),
            (Card(addresses=(CardAddress("a@b, c@d"),)), ("address-0", "address")),
            (Card(addresses=(CardAddress("<a@b>"),)), ("address-0", "address")),
            (Card(addresses=(CardAddress("a@b.c"), CardAddress("A@B.c"))), ("address-1", "twice")),
            (Card(addresses=(CardAddress("x" * 400 + "@b.c"),)), ("address-0", "address")),
            (Card(addresses=tuple(CardAddress(f"{n}@b.c") for n in range(51))), ("address-50", "many")),
        ],
    )
    def test_what_can_not_be_kept_changes_nothing(self, kari, card, problem):
        with pytest.raises(RefusedError) as refused:
            save(person=kari, card=card)
        assert problem in refused.value.problems
        assert not Contact.objects.exists()

    def test_somebody_elses_contact_is_not_there(self, kari, ola):
        number = save(person=ola, card=SOLVEIG)
        with pytest.raises(NotThereError):
            get(person=kari, contact=number)
        with pytest.raises(NotThereError):
            save(person=kari, card=SOLVEIG, contact=number)
        assert delete(person=kari, contacts=[number]) == ()
        assert get(person=ola, contact=number).card == SOLVEIG

    def test_a_full_book_says_so(self, kari, monkeypatch):
        monkeypatch.setattr(limits, "CONTACTS", 1)
        number = save(person=kari, card=SOLVEIG)
        with pytest.raises(FullError):
            save(person=kari, card=Card(name="One more"))
        save(person=kari, card=Card(name="Changed"), contact=number)


class TestDeleting:
    def test_and_taking_it_back(self, kari):
        number = save(person=kari, card=SOLVEIG)
        assert delete(person=kari, contacts=[number]) == (number,)
        assert names(kari) == []
        assert suggest(person=kari, text="sol") == ()
        assert not is_known(person=kari, address="solveig@fjord.example")
        assert [line.count for line in list_groups(person=kari)] == [0, 0]
        assert restore(person=kari, contacts=[number]) == 1
        assert get(person=kari, contact=number).card == SOLVEIG

    def test_after_a_day_it_is_gone(self, kari):
        number = save(person=kari, card=SOLVEIG)
        delete(person=kari, contacts=[number])
        Contact.objects.update(deleted_at=timezone.now() - timedelta(days=2))
        delete(person=kari, contacts=[save(person=kari, card=Card(name="x"))])
        assert restore(person=kari, contacts=[number]) == 0
        assert Contact.objects.count() == 1

    def test_nobody_takes_back_what_is_another_persons(self, kari, ola):
        number = save(person=kari, card=SOLVEIG)
        delete(person=kari, contacts=[number])
        assert restore(person=ola, contacts=[number]) == 0


class TestCollected:
    def test_kept_they_are_contacts(self, kari):
        collect(
            person=kari, mailboxes=[Mailbox("Bo", "bo@fjord.example"), Mailbox("Eva", "eva@fjord.example")]
        )
        assert names(kari) == []
        entries = list_contacts(person=kari, kind="collected").entries
        assert [entry.uses for entry in entries] == [1, 1]
        assert keep(person=kari, contacts=[entries[0].id]) == 1
        assert names(kari) == ["Bo"]
        assert names(kari, kind="collected") == ["Eva"]

    def test_saving_one_takes_the_collected_in(self, kari):
        collect(person=kari, mailboxes=[Mailbox("S.", "sol@heime.example")])
        number = save(person=kari, card=SOLVEIG)
        assert names(kari, kind="collected") == []
        assert get(person=kari, contact=number).uses == 1

    def test_a_sender_is_added_once(self, kari):
        sender = Mailbox("Solveig", "solveig@fjord.example")
        number, news = add_sender(person=kari, mailbox=sender)
        assert news
        assert add_sender(person=kari, mailbox=sender) == (number, False)
        assert names(kari) == ["Solveig"]

    def test_a_collected_sender_is_promoted(self, kari):
        collect(person=kari, mailboxes=[Mailbox("Bo", "bo@fjord.example")])
        assert add_sender(person=kari, mailbox=Mailbox("Bo Nes", "BO@fjord.example"))[1]
        assert names(kari) == ["Bo"]

    @pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nc", "a b@c"])
    def test_a_sender_without_an_address(self, kari, address):
        with pytest.raises(RefusedError):
            add_sender(person=kari, mailbox=Mailbox("X", address))


class TestGroups:
    def test_members_come_and_go(self, kari):
        anna, bo = (
            contact(kari, "Anna", "anna@x.example", "a2@x.example"),
            contact(kari, "Bo", "bo@x.example"),
        )
        number = save_group(person=kari, name=" Choir\r\n", members=[anna.pk, bo.pk])
        assert get_group(person=kari, group=number).name == "Choir"
        assert recipients(person=kari, group=number) == "Anna <anna@x.example>, Bo <bo@x.example>"
        remove_members(person=kari, group=number, contacts=[anna.pk])
        assert names(kari, group=number) == ["Bo"]
        assert add_members(person=kari, group=number, contacts=[anna.pk, 999]) == 1
        assert names(kari, group=number) == ["Anna", "Bo"]
        assert names(kari, group=number, query="ann") == ["Anna"]

    def test_deleted_and_made_again(self, kari):
        anna = contact(kari, "Anna", "anna@x.example")
        number = group(kari, "Choir", anna).pk
        name, members = delete_group(person=kari, group=number)
        assert list_groups(person=kari) == ()
        assert names(kari) == ["Anna"]
        again = save_group(person=kari, name=name, members=members)
        assert names(kari, group=again) == ["Anna"]

    def test_one_of_each_name(self, kari, ola):
        first = save_group(person=kari, name="Naboar på Ås")
        with pytest.raises(RefusedError):
            save_group(person=kari, name="naboar PÅ ås")
        with pytest.raises(RefusedError):
            save_group(person=kari, name=" ")
        save_group(person=ola, name="Naboar på Ås")
        save_group(person=kari, name="Naboar på ås!", group=first)
        assert [line.name for line in list_groups(person=kari)] == ["Naboar på ås!"]

    def test_somebody_elses(self, kari, ola):
        number = save_group(person=ola, name="Choir")
        anna = contact(ola, "Anna", "anna@x.example")
        own = save_group(person=kari, name="Mine", members=[anna.pk])
        assert not Group.objects.get(pk=own).members.exists()
        for attempt in (
            lambda: get_group(person=kari, group=number),
            lambda: delete_group(person=kari, group=number),
            lambda: save_group(person=kari, name="x", group=number),
            lambda: add_members(person=kari, group=number, contacts=[]),
            lambda: remove_members(person=kari, group=number, contacts=[]),
        ):
            with pytest.raises(NotThereError):
                attempt()
        assert recipients(person=kari, group=number) == ""


class TestLooking:
    def test_in_order_with_letters(self, kari):
        for name in ("Åse", "Bo", "anna", "Øyvind", "Ærlig", "Zoe", "4H", "Émile", "Arne"):
            contact(kari, name, f"{name}@x.example")
        page = list_contacts(person=kari, size=3)
        assert [entry.card.name for entry in page.entries] == ["anna", "Arne", "Bo"]
        assert [(one.letter, one.count, one.page) for one in page.letters] == [
            ("A", 2, 1), ("B", 1, 1), ("E", 1, 2), ("Z", 1, 2), ("Æ", 1, 2), ("Ø", 1, 3), ("Å", 1, 3), ("#", 1, 3),
        ]  # fmt: skip
        assert (page.pages, page.total) == (3, 9)
        assert names(kari, size=3, page=99) == ["Øyvind", "Åse", "4H"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("solveig", 1), ("ODEGARD", 1), ("ødegård", 1), ("degå", 1), ("as fjo", 1), ("hytta.example", 1),
            ("skiing", 1), ("solveig nobody", 0), ("%", 0), ("_", 0), ("@", 0), ("\x00", 0),
        ],
    )  # fmt: skip
    def test_search(self, kari, query, found):
        contact(kari, "Solveig Ødegård", "sol@hytta.example", organisation="Fjord AS", notes="Likes skiing")
        assert list_contacts(person=kari, query=query).total == found

    def test_ten_thousand_take_three_queries(self, kari, many, django_assert_max_num_queries):
        for options in ({}, {"page": 150}, {"query": "person77"}, {"query": "etter"}, {"kind": "collected"}):
            with django_assert_max_num_queries(3):
                page = list_contacts(person=kari, **options)
        number = Address.objects.last().contact_id
        with django_assert_max_num_queries(3):
            get(person=kari, contact=number)
        assert page.total == 0
