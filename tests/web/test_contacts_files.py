"""Doubles and files of the address book through the front door."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.contacts import book
from tests.web.contact_pages import SOLVEIG, names, page, text
from webmail.contacts.book import get
from webmail.contacts.importing import MOST_OCTETS
from webmail.contacts.models import Contact


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
            (b"x" * (MOST_OCTETS + 1_000_000), 413, "too large"),
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
