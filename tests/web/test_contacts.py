"""The address book through the front door."""

from __future__ import annotations

import io
import json
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.contacts import book
from webmail.accounts.models import Person
from webmail.contacts import limits
from webmail.contacts.book import get, list_contacts
from webmail.contacts.importing import MOST_OCTETS
from webmail.contacts.models import Contact, Group
from webmail.contacts.pages import Card, CardAddress
from webmail.contacts.using import collect
from webmail.mail.address import Mailbox


@pytest.fixture
def kari(front):
    """(Client, Person): signed in, with nobody in the address book."""
    client, user = front
    assert client.post("/sign-in/", {"username": user.name, "password": user.password}).status_code == 302
    return client, Person.objects.get(username=user.name)


@pytest.fixture
def ola(db) -> Person:
    return Person.objects.create(username="ola@fjord.example")


def page(answer):
    assert answer.status_code == 200, answer
    return lxml.html.document_fromstring(answer.content.decode())


def names(answer):
    return page(answer).xpath("//*[@class='who-name']/text()")


def text(answer):
    return " ".join(page(answer).text_content().split())


def person_form(tree):
    (form,) = tree.xpath("//form[contains(@class, 'person-form')]")
    return form


SOLVEIG = {
    "name": "Solveig Haugen",
    "organisation": "Fjord AS",
    "notes": "Likes skiing\r\nBirthday in May",
    "address": ["solveig@fjord.example", "", "sol@heime.example"],
    "label": ["Work", "", "Hytta"],
    "new_group": "Choir",
}


class TestOneContact:
    def test_made_shown_and_changed(self, kari):
        client, person = kari
        made = client.post("/contacts/new/", SOLVEIG)
        entry = list_contacts(person=person).entries[0]
        assert made["Location"] == f"/contacts/{entry.id}/"
        assert get(person=person, contact=entry.id).card == Card(
            name="Solveig Haugen",
            organisation="Fjord AS",
            notes="Likes skiing\nBirthday in May",
            addresses=(
                CardAddress("solveig@fjord.example", "work"),
                CardAddress("sol@heime.example", "Hytta"),
            ),
            groups=("Choir",),
        )
        shown = client.get(made["Location"])
        for words in ("Solveig Haugen", "Fjord AS", "sol@heime.example", "Work", "Hytta", "Choir", "Saved."):
            assert words in text(shown)
        (write, _other) = page(shown).xpath("//ul[@class='lines']//a/@href")
        assert urlsplit(write).path == "/compose/"
        assert parse_qs(urlsplit(write).query) == {"to": ["Solveig Haugen <solveig@fjord.example>"]}
        form = person_form(page(client.get(f"/contacts/{entry.id}/edit/")))
        assert form.fields["name"] == "Solveig Haugen"
        assert form.xpath(".//input[@name='address']/@value") == [
            "solveig@fjord.example",
            "sol@heime.example",
            "",
        ]
        client.post(f"/contacts/{entry.id}/edit/", {"name": "Sol", "address": "sol@heime.example"})
        assert get(person=person, contact=entry.id).card == Card(
            name="Sol", addresses=(CardAddress("sol@heime.example"),)
        )

    def test_in_norwegian_the_labels_are_the_same(self, kari):
        client, person = kari
        client.post("/preferences/", {"language": "nb"})
        client.post("/contacts/new/", {"address": "a@x.example", "label": "Work"})
        assert get(person=person, contact=Contact.objects.get().pk).card.addresses[0].label == "work"

    def test_one_more_row_saves_nothing_and_keeps_what_was_typed(self, kari):
        client, _ = kari
        answer = client.post("/contacts/new/", {**SOLVEIG, "more": "1"})
        form = person_form(page(answer))
        assert form.fields["organisation"] == "Fjord AS"
        assert form.fields["notes"].strip() == "Likes skiing\nBirthday in May"
        assert form.fields["new_group"] == "Choir"
        addresses = form.xpath(".//input[@name='address']/@value")
        assert addresses == ["solveig@fjord.example", "sol@heime.example", "", ""]
        assert not Contact.objects.exists()

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"name": " ", "notes": "typed"}, "Fill in a name or an address."),
            (
                {"name": "A", "notes": "typed", "address": ["a@x.example", "no address"]},
                "not an e-mail address",
            ),
            ({"name": "A", "notes": "typed", "address": ["a@x.example", "A@x.example"]}, "here twice"),
            (
                {"name": "A", "notes": "typed", "address": ["a@x.example\r\nBcc: b@x.example"]},
                "not an e-mail address",
            ),
        ],
    )
    def test_what_can_not_be_kept_is_said_beside_it(self, kari, data, words):
        client, _ = kari
        answer = client.post("/contacts/new/", data)
        assert answer.status_code == 422
        tree = lxml.html.document_fromstring(answer.content.decode())
        (field,) = tree.xpath("//*[@aria-invalid]")
        assert words in tree.get_element_by_id(field.get("aria-describedby")).text_content()
        assert person_form(tree).fields["notes"].strip() == "typed"
        assert not Contact.objects.exists()

    def test_a_full_book(self, kari, monkeypatch):
        monkeypatch.setattr(limits, "CONTACTS", 0)
        client, _ = kari
        answer = client.post("/contacts/new/", SOLVEIG)
        assert answer.status_code == 422
        assert "no room" in answer.content.decode()

    def test_deleted_and_taken_back(self, kari):
        client, person = kari
        contact = book.contact(person, "Anna", "anna@x.example")
        deleted = client.post(
            "/contacts/change/", {"do": "delete", "contact": contact.pk, "next": "/contacts/"}
        )
        answer = client.get(deleted["Location"])
        assert names(answer) == []
        (undo,) = [form for form in page(answer).forms if form.action == "/contacts/undo/"]
        assert client.get(f"/contacts/{contact.pk}/").status_code == 404
        back = client.post("/contacts/undo/", dict(undo.fields))
        assert names(client.get(back["Location"])) == ["Anna"]
        client.post("/contacts/undo/")
        assert names(client.get("/contacts/?undo=1")) == ["Anna"]


class TestLists:
    def test_empty(self, kari):
        client, _ = kari
        assert "No contacts yet" in text(client.get("/contacts/"))
        assert "Nobody yet" in text(client.get("/contacts/collected/"))
        assert "No groups yet" in text(client.get("/contacts/groups/"))
        assert "No doubles" in text(client.get("/contacts/doubles/"))
        assert "Nobody matches “x”" in text(client.get("/contacts/?q=x"))

    def test_pages_letters_and_search(self, kari):
        client, person = kari
        book.fill(
            person,
            [
                (f"{letter}{number:02}", (f"{letter}{number}@x.example",))
                for letter in "ABÅ"
                for number in range(40)
            ],
        )
        first = client.get("/contacts/")
        assert names(first)[0] == "A00"
        assert len(names(first)) == 50
        assert "1–50 of 120" in text(first)
        links = page(first).xpath("//nav[@class='letters']//a/@href")
        assert links == ["/contacts/#letter-A", "/contacts/#letter-B", "/contacts/?page=2#letter-Å"]
        second = client.get(links[-1])
        assert "Å00" in names(second)
        assert page(second).get_element_by_id("letter-Å") is not None
        assert names(client.get("/contacts/?page=99"))[-1] == "Å39"
        assert names(client.get("/contacts/?q=b0")) == [f"B0{number}" for number in range(10)]
        assert len(names(client.get("/contacts/?q=x.example&page=3"))) == 20

    def test_several_at_once(self, kari):
        client, person = kari
        anna, bo = (
            book.contact(person, "Nes, Anna", "anna@x.example"),
            book.contact(person, "Bo", "bo@x.example"),
        )
        group = book.group(person, "Choir")
        both = {"contact": [anna.pk, bo.pk]}
        written = client.post("/contacts/change/", {**both, "do": "write"})["Location"]
        assert parse_qs(urlsplit(written).query)["to"] == ['Bo <bo@x.example>, "Nes, Anna" <anna@x.example>']
        client.post("/contacts/change/", {**both, "do": "join", "group": group.pk})
        assert names(client.get(f"/contacts/groups/{group.pk}/")) == ["Bo", "Nes, Anna"]
        client.post("/contacts/change/", {"contact": bo.pk, "do": "leave", "group": group.pk})
        assert names(client.get(f"/contacts/groups/{group.pk}/")) == ["Nes, Anna"]
        deleted = client.post("/contacts/change/", {**both, "do": "delete", "next": "/contacts/?q=e"})
        assert deleted["Location"] == "/contacts/?q=e&undo=1"
        assert "2 contacts were deleted." in text(client.get(deleted["Location"]))

    def test_nobody_selected(self, kari):
        client, _ = kari
        for action in ("delete", "keep", "write"):
            assert client.post("/contacts/change/", {"do": action})["Location"] == "/contacts/"

    def test_too_many_to_write_to_at_once(self, kari):
        client, person = kari
        some = book.fill(person, [("x" * 60 + str(n), (f"{n}@x.example",)) for n in range(60)])
        answer = client.post("/contacts/change/", {"do": "write", "contact": [one.pk for one in some]})
        assert answer["Location"] == "/contacts/"
        assert "too many" in text(client.get("/contacts/"))

    def test_collected_ones_are_kept(self, kari):
        client, person = kari
        collect(person=person, mailboxes=[Mailbox("Bo", "bo@x.example")])
        assert names(client.get("/contacts/")) == []
        shown = client.get("/contacts/collected/")
        assert names(shown) == ["Bo"]
        client.post("/contacts/change/", {"do": "keep", "contact": Contact.objects.get().pk})
        assert names(client.get("/contacts/")) == ["Bo"]

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("/contacts/change/", {"do": "explode"}),
            ("/contacts/change/", {"do": "delete", "contact": "x"}),
            ("/contacts/change/", {"do": "delete", "contact": ["1"] * 300}),
            ("/contacts/change/", {"do": "join", "contact": "1"}),
            ("/contacts/doubles/", {"contact": [str(number) for number in range(50)]}),
            ("/contacts/add/", {"name": "x", "address": "no address"}),
            ("/contacts/add/", {"name": "x", "address": "a@x.example\r\nBcc: b@x.example"}),
        ],
    )
    def test_what_can_not_be_understood(self, kari, path, data):
        client, _ = kari
        assert client.post(path, data).status_code == 400
        assert not Contact.objects.exists()

    def test_ten_thousand_take_few_queries(self, kari, django_assert_max_num_queries):
        client, person = kari
        book.fill(person, [(f"Person{n} Etternamn", (f"p{n}@x.example",)) for n in range(10_000)])
        for path in ("/contacts/", "/contacts/?page=100", "/contacts/?q=person77", "/contacts/collected/"):
            # Two are the session and the person; then three of the list, and the groups.
            with django_assert_max_num_queries(6):
                client.get(path)
        with django_assert_max_num_queries(5):
            assert len(json.loads(client.get("/contacts/suggest/?q=person").content)) == 8


class TestGroups:
    def test_made_renamed_deleted_and_taken_back(self, kari):
        client, person = kari
        anna = book.contact(person, "Anna", "anna@x.example")
        made = client.post("/contacts/groups/", {"name": "Choir"})["Location"]
        group = Group.objects.get()
        client.post("/contacts/change/", {"do": "join", "contact": anna.pk, "group": group.pk})
        assert "To=" not in text(client.get(made))
        (write,) = page(client.get(made)).xpath("//a[contains(@href, '/compose/')]/@href")
        assert parse_qs(urlsplit(write).query)["to"] == ["Anna <anna@x.example>"]
        client.post(f"{made}change/", {"do": "rename", "name": "Songlag"})
        assert "Songlag" in text(client.get("/contacts/groups/"))
        deleted = client.post(f"{made}change/", {"do": "delete"})
        answer = client.get(deleted["Location"])
        assert "The group Songlag was deleted." in text(answer)
        assert client.get(made).status_code == 404
        client.post("/contacts/undo/")
        again = Group.objects.get()
        assert names(client.get(f"/contacts/groups/{again.pk}/")) == ["Anna"]

    def test_a_name_twice(self, kari):
        client, person = kari
        book.group(person, "Choir")
        other = book.group(person, "Other")
        answer = client.post("/contacts/groups/", {"name": "CHOIR"})
        assert answer.status_code == 422
        assert "There is a group of that name already." in answer.content.decode()
        client.post(f"/contacts/groups/{other.pk}/change/", {"do": "rename", "name": "choir"})
        assert Group.objects.get(pk=other.pk).name == "Other"
        assert client.post(f"/contacts/groups/{other.pk}/change/", {"do": "x"}).status_code == 400

    def test_a_large_one_is_written_to_by_its_name(self, kari):
        client, person = kari
        members = book.fill(person, [(f"Person {n}", (f"person{n}@x.example",)) for n in range(200)])
        group = book.group(person, "Everybody", *members)
        answer = client.get(f"/contacts/groups/{group.pk}/")
        assert page(answer).xpath("//a[contains(@href, '/compose/')]") == []
        assert "type the group's name" in text(answer)


class TestDoubles:
    def test_merged_and_taken_back(self, kari):
        client, person = kari
        book.contact(person, "Anna Nes", "anna@x.example")
        book.contact(person, "Nes, Anna", "a@x.example")
        form = page(client.get("/contacts/doubles/")).xpath("//form[@class='double']")[0]
        chosen = form.xpath(".//input[@name='contact']/@value")
        merged = client.post("/contacts/doubles/", {"contact": chosen})
        assert "2 contacts were merged." in text(client.get(merged["Location"]))
        assert names(client.get("/contacts/")) == ["Anna Nes"]
        client.post("/contacts/undo/")
        assert names(client.get("/contacts/")) == ["Anna Nes", "Nes, Anna"]

    def test_one_alone(self, kari):
        client, person = kari
        contact = book.contact(person, "Anna", "anna@x.example")
        client.post("/contacts/doubles/", {"contact": contact.pk})
        assert "Choose two or more" in text(client.get("/contacts/doubles/"))
        assert client.post("/contacts/doubles/", {"contact": [contact.pk, 99999]}).status_code == 404


class TestFiles:
    def upload(self, client, data: bytes, name: str = "contacts.csv", **fields):
        return client.post("/contacts/files/", {"file": SimpleUploadedFile(name, data), **fields})

    def test_what_was_imported_and_what_was_not(self, kari):
        client, _ = kari
        data = b'Name,E-mail\nAnna,anna@x.example\nBo,not an address\nEva,eva@x.example\n"C" x,1\n'
        answer = self.upload(client, data, with_address="on")
        shown = text(answer)
        assert "2 contacts were added." in shown
        assert "1 without an e-mail address was passed over." in shown
        assert "Line 3This is not an e-mail address. not an address" in shown
        assert "Line 5This line could not be understood." in shown
        assert names(client.get("/contacts/")) == ["Anna", "Eva"]
        assert "2 were there already." in text(self.upload(client, data, with_address="on"))

    def test_what_there_is_no_place_for(self, kari):
        client, _ = kari
        card = b"BEGIN:VCARD\nVERSION:3.0\nFN:A\nTEL:1\nTEL:2\nBDAY:1990\nEMAIL:a@x.example\nEND:VCARD\n"
        assert "left out: 2 phone numbers, 1 birthdays" in text(self.upload(client, card))

    def test_files_that_are_refused(self, kari):
        client, _ = kari
        for data, status, words in (
            (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, 422, "No contacts were found"),
            (b"x" * (MOST_OCTETS + 1), 413, "too large"),
        ):
            answer = self.upload(client, data)
            assert answer.status_code == status
            assert words in answer.content.decode()
        answer = client.post("/contacts/files/", {})
        assert answer.status_code == 422
        assert "Choose a file first." in answer.content.decode()
        assert client.post("/contacts/files/", {"file": "not a file"}).status_code == 422

    @pytest.mark.parametrize(
        ("form", "start"),
        [("vcard3", b"BEGIN:VCARD"), ("vcard4", b"BEGIN:VCARD"), ("csv", b"\xef\xbb\xbfName")],
    )
    def test_exported_and_imported_again(self, kari, form, start):
        client, person = kari
        client.post("/contacts/new/", SOLVEIG)
        before = get(person=person, contact=Contact.objects.get().pk).card
        answer = client.get(f"/contacts/files/save/?as={form}")
        assert answer.streaming
        assert "attachment" in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "no-store"
        data = answer.getvalue()
        assert data.startswith(start)
        Contact.objects.all().delete()
        self.upload(client, data, name="x")
        assert get(person=person, contact=Contact.objects.get().pk).card == before

    def test_other_kinds_of_file(self, kari):
        client, _ = kari
        for form in ("", "exe", "vcard5"):
            assert client.get(f"/contacts/files/save/?as={form}").status_code == 400


class TestSuggestions:
    def test_for_the_recipients_fields(self, kari):
        client, person = kari
        anna = book.contact(person, "Nes, Anna", "anna@x.example")
        book.group(person, "Annex", anna, book.contact(person, "Bo", "bo@x.example"))
        answer = client.get("/contacts/suggest/?q=ann&field=cc")
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        assert json.loads(answer.content) == [
            {"label": "Nes, Anna", "value": '"Nes, Anna" <anna@x.example>', "detail": "anna@x.example",
             "kind": "saved"},
            {"label": "Annex", "value": 'Bo <bo@x.example>, "Nes, Anna" <anna@x.example>', "detail": "2 people",
             "kind": "group"},
        ]  # fmt: skip
        assert json.loads(client.get("/contacts/suggest/").content) == []
        assert client.get(f"/contacts/suggest/?q={'x' * 300}").status_code == 400
        assert client.get("/contacts/suggest/?q=a&field=from").status_code == 400


class TestFromAMessage:
    def test_the_sender_is_added(self, visitor):
        message = visitor.message(2)
        shown = page(visitor.get(message))
        (form,) = [form for form in shown.forms if form.action == "/contacts/add/"]
        answer = visitor.post("/contacts/add/", dict(form.fields))
        assert answer["Location"] == message
        assert "Fjordposten is in your contacts now." in text(visitor.get(answer["Location"]))
        assert names(visitor.get("/contacts/")) == ["Fjordposten"]
        visitor.post("/contacts/add/", dict(form.fields))
        assert "was in your contacts already" in text(visitor.get("/contacts/"))
        assert (
            visitor.post("/contacts/add/", {**form.fields, "next": "https://evil.example/"})["Location"]
            == "/contacts/"
        )

    def test_the_menu_leads_here(self, visitor):
        assert page(visitor.get("/folder/INBOX/")).xpath("//a[@href='/contacts/']")


READ = [
    "/contacts/", "/contacts/collected/", "/contacts/doubles/", "/contacts/files/", "/contacts/files/save/?as=csv",
    "/contacts/groups/", "/contacts/new/", "/contacts/suggest/?q=a",
]  # fmt: skip
WRITE = ["/contacts/change/", "/contacts/add/", "/contacts/undo/", "/contacts/groups/1/change/"]


class TestWhoMay:
    def test_somebody_elses_is_not_there(self, kari, ola):
        client, _ = kari
        contact = book.contact(ola, "Secret Anna", "anna@x.example")
        group = book.group(ola, "Secret choir", contact)
        for path in (
            f"/contacts/{contact.pk}/",
            f"/contacts/{contact.pk}/edit/",
            f"/contacts/groups/{group.pk}/",
        ):
            assert client.get(path).status_code == 404
        for path, data in (
            (f"/contacts/{contact.pk}/edit/", {"name": "Changed"}),
            (f"/contacts/groups/{group.pk}/change/", {"do": "delete"}),
            (f"/contacts/groups/{group.pk}/change/", {"do": "rename", "name": "x"}),
            ("/contacts/change/", {"do": "join", "group": group.pk}),
            ("/contacts/change/", {"do": "leave", "group": group.pk}),
            ("/contacts/doubles/", {"contact": [contact.pk, contact.pk + 1]}),
        ):
            assert client.post(path, data).status_code == 404, path
        for action in ("delete", "keep", "write"):
            client.post("/contacts/change/", {"do": action, "contact": contact.pk})
        for path in READ:
            answer = client.get(path)
            assert b"Secret" not in (answer.getvalue() if answer.streaming else answer.content)
        assert list_contacts(person=ola).total == 1
        assert Group.objects.get().name == "Secret choir"

    def test_nobody_without_signing_in(self, client, db):
        for path in (*READ, "/contacts/1/", "/contacts/1/edit/", "/contacts/groups/1/"):
            answer = client.get(path)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/sign-in/?next=%2Fcontacts%2F")
        for path in (*WRITE, "/contacts/new/", "/contacts/groups/", "/contacts/files/"):
            assert client.post(path, {"name": "x"})["Location"] == "/sign-in/"
        assert not Contact.objects.exists()

    def test_the_wrong_method(self, kari):
        client, _ = kari
        for path in WRITE:
            assert client.get(path).status_code == 405
        for path in (
            "/contacts/",
            "/contacts/collected/",
            "/contacts/suggest/",
            "/contacts/1/",
            "/contacts/files/save/",
        ):
            assert client.post(path).status_code == 405

    def test_no_form_of_another_site(self, db):
        client = Client(enforce_csrf_checks=True)
        for path in (*WRITE, "/contacts/new/", "/contacts/doubles/", "/contacts/files/"):
            assert client.post(path, {"file": io.BytesIO(b"x")}).status_code == 403
