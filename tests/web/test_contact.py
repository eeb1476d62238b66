"""One contact through the front door: its page, its form, the way here from a message."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest

from tests.contacts import book
from tests.web.contact_pages import SOLVEIG, names, page, person_form, text
from webmail.contacts import limits
from webmail.contacts.book import get, list_contacts
from webmail.contacts.models import Contact
from webmail.contacts.pages import Card, CardAddress


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
