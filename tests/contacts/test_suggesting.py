from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from tests.contacts.book import contact, group
from webmail.contacts import limits
from webmail.contacts.models import Address, Contact
from webmail.contacts.suggesting import suggest
from webmail.contacts.using import collect, is_known, rank_after
from webmail.mail.address import Mailbox


def values(person, text, **options):
    return [one.value for one in suggest(person=person, text=text, **options)]


def test_by_any_word_of_the_name_and_by_the_address(kari):
    contact(kari, "Solveig Ødegård", "solveig@fjord.example", "sol@heime.example")
    both = ["Solveig Ødegård <solveig@fjord.example>", "Solveig Ødegård <sol@heime.example>"]
    for text in ("sol", "ODEG", "ødegård sol"):
        assert values(kari, text) == both
    assert values(kari, "sol heime") == both[1:]
    assert values(kari, "fjord") == both[:1]
    assert values(kari, "veig") == []


def test_contacts_then_groups_then_collected(kari):
    collect(person=kari, mailboxes=[Mailbox("Anna Collected", "anna@elsewhere.example")] * 3)
    anna = contact(kari, "Anna Saved", "anna@fjord.example")
    group(kari, "Annex", anna, contact(kari, "Nes, Bo", "bo@fjord.example"))
    assert [(one.kind, one.label, one.count) for one in suggest(person=kari, text="ann")] == [
        ("saved", "Anna Saved", 1),
        ("group", "Annex", 2),
        ("collected", "Anna Collected", 1),
    ]
    assert values(kari, "annex") == ['Anna Saved <anna@fjord.example>, "Nes, Bo" <bo@fjord.example>']


def test_by_use_and_recency(kari):
    for name in ("Ann One", "Ann Two", "Ann Three"):
        contact(kari, name, f"{name[4:].lower()}@fjord.example")
    two = [Mailbox("", "two@fjord.example")]
    collect(person=kari, mailboxes=two)
    collect(person=kari, mailboxes=two)
    collect(person=kari, mailboxes=[Mailbox("", "three@fjord.example")])
    assert [one.label for one in suggest(person=kari, text="ann")] == ["Ann Two", "Ann Three", "Ann One"]
    assert [one.label for one in suggest(person=kari, text="ann", limit=1)] == ["Ann Two"]


def test_old_use_counts_less():
    now = timezone.now()
    long_ago = now - timedelta(days=120)
    often = rank_after(rank_after(rank_after(0.0, long_ago), long_ago), long_ago)
    once = rank_after(0.0, now)
    assert once > often
    assert rank_after(often, now) > once


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\", "a%b", "\x00", "", " " * 1000, "x" * 5000])
def test_what_means_something_to_a_database_is_text(kari, text):
    contact(kari, "Anna", "anna@fjord.example")
    assert suggest(person=kari, text=text) == ()


def test_nobody_elses(kari, ola):
    group(ola, "Anonymous", contact(ola, "Anna", "anna@fjord.example"))
    assert suggest(person=kari, text="an") == ()
    assert is_known(person=ola, address="ANNA@fjord.example")
    assert not is_known(person=kari, address="anna@fjord.example")
    assert not is_known(person=ola, address="")


def test_collected_once_and_counted(kari):
    people = [
        Mailbox("Bo", "bo@fjord.example"),
        Mailbox("Bo again", "BO@fjord.example"),
        Mailbox("me", "Kari@fjord.example"),
        Mailbox("nobody", ""),
        Mailbox("no address", "bo at fjord"),
        Mailbox("x", "a b@c"),
        Mailbox("evil\r\nBcc: x", "evil@fjord.example"),
        Mailbox("c@fjord.example", "c@fjord.example"),
    ]
    collect(person=kari, mailboxes=people)
    collect(person=kari, mailboxes=people)
    found = Contact.objects.order_by("pk").values_list("name", "kind", "addresses__uses")
    assert [*found] == [("Bo again", "collected", 2), ("evil Bcc: x", "collected", 2), ("", "collected", 2)]
    assert is_known(person=kari, address="bo@fjord.example")


def test_known_ones_are_not_collected(kari):
    contact(kari, "Bo", "bo@fjord.example")
    collect(person=kari, mailboxes=[Mailbox("Other", "Bo@fjord.example")])
    (address,) = Address.objects.all()
    assert (address.contact.kind, address.uses) == ("saved", 1)
    assert address.last_used


def test_only_so_many_are_collected(kari, monkeypatch):
    monkeypatch.setattr(limits, "COLLECTED", 3)
    contact(kari, "Saved", "saved@fjord.example")
    for number in range(5):
        collect(person=kari, mailboxes=[Mailbox("", f"{number}@fjord.example")])
    kept = Contact.objects.filter(kind="collected").values_list("addresses__address", flat=True)
    assert {*kept} == {"2@fjord.example", "3@fjord.example", "4@fjord.example"}
    assert is_known(person=kari, address="saved@fjord.example")


def test_ten_thousand_take_few_queries(kari, many, django_assert_max_num_queries):
    group(kari, "Person group", *Contact.objects.all()[:20])
    with django_assert_max_num_queries(3):
        assert len(suggest(person=kari, text="per")) == 8
    with django_assert_max_num_queries(3):
        assert len(suggest(person=kari, text="person9999")) == 1
    with django_assert_max_num_queries(1):
        assert is_known(person=kari, address="person9999@fjord.example")


def goes_by(index: str, query) -> bool:
    """SQLite goes by this index; PostgreSQL by what it holds best of those that are there, and never through all."""
    if connection.vendor == "sqlite":
        return index in query.explain()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact, contacts_address")
        cursor.execute("SET LOCAL enable_seqscan = off")
    return "Seq Scan" not in query.explain()


def test_the_indexes_are_used(kari, many):
    book = Contact.objects.filter(person=kari, kind="saved", deleted_at=None)
    assert goes_by("contact_list", book.order_by("sort", "pk")[:50])
    assert goes_by("contact_letters", book.order_by().values("letter").annotate(count=Count("pk")))
    addresses = Address.objects.filter(person=kari, contact__deleted_at=None).order_by()
    assert goes_by("address_known", addresses.filter(key="a@b.example"))
    assert goes_by("address_rank", addresses.filter(words__contains=" per").order_by("-rank"))
