import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.contacts.book import contact, fill, group
from tests.contacts.files.cards import CARDS
from webmail.accounts.models import Person
from webmail.contacts import limits
from webmail.contacts.book import get, list_contacts
from webmail.contacts.exporting import export
from webmail.contacts.folding import fold
from webmail.contacts.importing import MOST_OCTETS, UnreadableFileError, import_file
from webmail.contacts.models import Contact
from webmail.contacts.using import collect
from webmail.mail.address import Mailbox

FORMS = ("vcard3", "vcard4", "csv")


def whole_book(person):
    rows = Contact.objects.filter(person=person).order_by("sort", "pk")
    return [get(person=person, contact=row.pk).card for row in rows]


def counts(result):
    return (result.added, result.completed, result.unchanged, result.without_address)


class TestThereAndBack(TestCase):
    @given(st.lists(CARDS, min_size=1, max_size=5), st.sampled_from(FORMS))
    @settings(max_examples=60)
    def test_an_export_reads_back_the_same(self, some, form):
        from webmail.contacts.keeping import save

        one, other = (Person.objects.create(username=name) for name in ("one", "other"))
        # Groups whose names differ only by case are one; a double is not imported twice.
        once = {(fold(card.name or card.organisation), card.addresses[:1]): card for card in some}
        for card in once.values():
            save(person=one, card=card)
        result = import_file(person=other, data=b"".join(export(person=one, form=form)))
        assert result.problems == ()
        before, after = whole_book(one), whole_book(other)
        if len(before) == result.added:
            assert after == before


def test_importing_twice_changes_nothing(kari, ola):
    anna = contact(kari, "Anna", "anna@x.example", "a@x.example", notes="Note", organisation="Fjord")
    group(kari, "Choir", anna, contact(kari, "No address"), contact(kari, "", "bare@x.example"))
    for form in FORMS:
        data = b"".join(export(person=kari, form=form))
        first = counts(import_file(person=ola, data=data))
        assert first == ((3, 0, 0, 0) if form == "vcard3" else (0, 0, 3, 0))
    assert whole_book(ola) == whole_book(kari)


def test_what_is_new_completes_who_is_there(kari):
    anna = contact(kari, "Anna Nes", "anna@x.example", notes="There")
    collect(person=kari, mailboxes=[Mailbox("", "new@x.example"), Mailbox("", "anna@x.example")])
    data = (
        b"Name,E-mail,E-mail 2,Notes,Labels\r\n"
        b"ANNA NES,ANNA@x.example,new@x.example,New note,Choir\r\n"
        b"Anna Nes,new@x.example,newer@x.example,There,choir\r\n"
        b"Other,anna@x.example,,,\r\nNobody,,,,\r\n"
    )
    assert counts(import_file(person=kari, data=data, only_with_address=True)) == (1, 1, 1, 1)
    entry = get(person=kari, contact=anna.pk)
    assert [one.address for one in entry.card.addresses] == [
        "anna@x.example",
        "new@x.example",
        "newer@x.example",
    ]
    assert entry.card.notes == "There\n\nNew note"
    assert entry.card.groups == ("Choir",)
    assert entry.uses == 2
    assert list_contacts(person=kari, query="newer").total == 1
    assert list_contacts(person=kari, kind="collected").total == 0


def test_nothing_that_can_be_read(kari):
    for data in (b"", b"hello", b"\x00" * 100, b"%PDF-1.4", b"a,b\n1,2\n"):
        with pytest.raises(UnreadableFileError):
            import_file(person=kari, data=data)
    with pytest.raises(UnreadableFileError) as refused:
        import_file(person=kari, data=b"x" * (MOST_OCTETS + 1))
    assert refused.value.too_large


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_charsets(kari, charset):
    import_file(person=kari, data="Navn;E-post\r\nÅse Ødegård;ase@x.example\r\n".encode(charset))
    assert [card.name for card in whole_book(kari)] == ["Åse Ødegård"]


def test_a_full_book_takes_what_fits(kari, monkeypatch):
    monkeypatch.setattr(limits, "CONTACTS", 2)
    monkeypatch.setattr(limits, "GROUPS", 1)
    data = b"Name,E-mail,Labels\nA,a@x.example,One\nB,b@x.example,Two\nC,c@x.example,\n"
    result = import_file(person=kari, data=data)
    assert counts(result) == (2, 0, 0, 0)
    assert [(problem.line, problem.code) for problem in result.problems] == [(4, "full"), (0, "groups")]


def test_ten_thousand(kari, django_assert_max_num_queries):
    """Queries by the thousand rows, not by the row."""
    rows = "".join(f"Person{n},p{n}@x.example,Group{n % 20}\n" for n in range(10_000))
    with django_assert_max_num_queries(400):
        result = import_file(person=kari, data=f"Name,E-mail,Labels\n{rows}".encode())
    assert counts(result) == (10_000, 0, 0, 0)
    with django_assert_max_num_queries(400):
        assert counts(import_file(person=kari, data=f"Name,E-mail,Labels\n{rows}".encode()))[2] == 10_000
    with django_assert_max_num_queries(70):
        assert sum(map(len, export(person=kari, form="csv"))) > len(rows)


def test_only_ones_own(kari, ola):
    fill(ola, [("Anna", ("anna@x.example",))])
    assert counts(import_file(person=kari, data=b"Name,E-mail\nAnna,anna@x.example\n")) == (1, 0, 0, 0)
    assert b"".join(export(person=kari, form="csv")).count(b"anna@x.example") == 1
