"""Whatever somebody in the address book, a group or a file of contacts is called, it stays text on every page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.front.visitor import Answer, Visitor
from tests.security.test_stored_markup import BREAKS, strange
from webmail.contacts.files.vcard_lines import escape
from webmail.contacts.models import Contact, Group


def pages(kari: Visitor) -> Iterator[tuple[str, Answer]]:
    for address in ("/contacts/", "/contacts/groups/", "/contacts/doubles/", "/contacts/?q=pwn"):
        yield address, kari.get(address)
    for number in Contact.objects.values_list("pk", flat=True):
        yield "contact", kari.get(f"/contacts/{number}/")
        yield "edit", kari.get(f"/contacts/{number}/edit/")
    for number in Group.objects.values_list("pk", flat=True):
        yield "group", kari.get(f"/contacts/groups/{number}/")


def check(kari: Visitor) -> None:
    for where, answer in pages(kari):
        assert answer.status == 200, where
        assert "pwn" in answer.markup, where
        assert strange(answer.markup) == [], where


@pytest.mark.parametrize("text", BREAKS)
def test_what_was_typed(kari: Visitor, text: str) -> None:
    for address in ("a@x.example", "b@x.example"):
        fields = {"name": text, "organisation": text, "notes": text, "label": text, "new_group": text}
        assert kari.post("/contacts/new/", address=address, **fields).status == 302
    check(kari)
    again = kari.post("/contacts/new/", name=text, address=text, label=text, notes=text, new_group=text)
    assert again.status == 422
    assert strange(again.markup) == []
    deleted = kari.follow(kari.post(f"/contacts/groups/{Group.objects.get().pk}/change/", do="delete"))
    assert "pwn" in deleted.text
    assert strange(deleted.markup) == []
    nobody = kari.get("/contacts/", QUERY_STRING="")
    assert strange(nobody.markup) == []


@pytest.mark.parametrize("text", BREAKS)
def test_what_a_file_brought(kari: Visitor, text: str) -> None:
    card = "".join(
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{escape(text)}\r\nORG:{escape(text)}\r\nNOTE:{escape(text)}\r\n"
        f"CATEGORIES:{escape(text)}\r\nEMAIL:{address}\r\nitem1.EMAIL:{escape(text)}\r\n{text}\r\nEND:VCARD\r\n"
        for address in ("a@x.example", "b@x.example")
    )
    file = SimpleUploadedFile(f"{text.replace('/', '')}.vcf", card.encode())
    answer = kari.post("/contacts/files/", file=file)
    assert answer.status == 200
    assert "pwn" in answer.text
    assert strange(answer.markup) == []
    check(kari)
    for form in ("vcard3", "vcard4", "csv"):
        saved = kari.get(f"/contacts/files/save/?as={form}")
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert saved.headers["X-Content-Type-Options"] == "nosniff"
