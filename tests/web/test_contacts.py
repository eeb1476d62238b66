"""The address book's lists and groups, and what is suggested, through the front door."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.contacts import book
from tests.web.contact_pages import names, page, text
from webmail.contacts.models import Contact, Group
from webmail.contacts.using import collect
from webmail.mail.address import Mailbox


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
        client.get("/contacts/new/")
        for path in ("/contacts/", "/contacts/?page=100", "/contacts/?q=person77", "/contacts/collected/"):
            # Two are the session and the person; then three of the list, and the groups.
            with django_assert_max_num_queries(6):
                client.get(path)
        with django_assert_max_num_queries(5):
            assert len(client.get("/contacts/suggest/?q=person").json()) == 8


class TestGroups:
    def test_made_renamed_deleted_and_taken_back(self, kari):
        client, person = kari
        anna = book.contact(person, "Anna", "anna@x.example")
        made = client.post("/contacts/groups/", {"name": "Choir"})["Location"]
        group = Group.objects.get()
        client.post("/contacts/change/", {"do": "join", "contact": anna.pk, "group": group.pk})
        assert "To=" not in text(client.get(made))
        (write,) = page(client.get(made)).xpath("//a[contains(@href, '/compose/?to=')]/@href")
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
        assert page(answer).xpath("//a[contains(@href, '/compose/?to=')]") == []
        assert "type the group's name" in text(answer)


class TestSuggestions:
    def test_for_the_recipients_fields(self, kari):
        client, person = kari
        anna = book.contact(person, "Nes, Anna", "anna@x.example")
        book.group(person, "Annex", anna, book.contact(person, "Bo", "bo@x.example"))
        answer = client.get("/contacts/suggest/?q=ann&field=cc")
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        assert answer.json() == [
            {"label": "Nes, Anna", "value": '"Nes, Anna" <anna@x.example>', "detail": "anna@x.example",
             "kind": "saved"},
            {"label": "Annex", "value": 'Bo <bo@x.example>, "Nes, Anna" <anna@x.example>', "detail": "2 people",
             "kind": "group"},
        ]  # fmt: skip
        assert client.get("/contacts/suggest/").json() == []
        assert client.get(f"/contacts/suggest/?q={'x' * 300}").status_code == 400
        assert client.get("/contacts/suggest/?q=a&field=from").status_code == 400
