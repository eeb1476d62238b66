"""Saved searches, and the filter by label, through the front door."""

from __future__ import annotations

import re
from html import unescape

import pytest

from webmail.accounts.folder_choices import change_choices
from webmail.accounts.labels import add_label
from webmail.accounts.models import Person
from webmail.accounts.searches import LONGEST, MOST, searches_of

LIST = "/folder/INBOX/"
PAGE = "/searches/"


def save(visitor, view="q=subject%3Afjorden&only=unread", **more):
    return visitor.post(PAGE, {"do": "add", "folder": "INBOX", "view": view, **more})


def kept(visitor):
    return searches_of(person=Person.objects.get(username=visitor.user.name))


def names(visitor):
    return [one.name for one in kept(visitor)]


def test_a_search_is_saved_and_stands_beside_the_folders(visitor):
    found = visitor.get(f"{LIST}?q=subject%3Afjorden&only=unread").content.decode()
    assert (
        'name="view" value="q=subject%3Afjorden&amp;only=unread"><button class="text-button" name="do"'
        in found
    )
    answer = save(visitor)
    assert answer["Location"] == f"{LIST}?q=subject%3Afjorden&only=unread"
    page = visitor.get(answer["Location"]).content.decode()
    assert "Saved as “subject:fjorden”" in page
    link = f'<a class="folder" href="{LIST}?q=subject%3Afjorden&amp;only=unread" aria-current="page">'
    assert link in page
    assert 'aria-current="page"' not in visitor.get("/preferences/").content.decode().partition("<main")[0]
    assert "Save search" not in visitor.get(LIST).content.decode()


def test_the_same_once(visitor):
    save(visitor, name="One")
    save(visitor, name="Two")
    assert names(visitor) == ["Two"]


def test_filters_alone_have_a_name_too(visitor):
    save(visitor, "only=unread&only=me")
    assert names(visitor) == ["Unread, To me"]


def test_renamed_moved_removed_and_back(visitor):
    for number in range(3):
        save(visitor, f"q=n{number}", name=f"N {number}")
    first, second, third = (one.key for one in kept(visitor))
    assert visitor.post(PAGE, {"do": "rename", "key": second, "name": " Ny \t namn "}).status_code == 302
    visitor.post(PAGE, {"do": "down", "key": first})
    assert names(visitor) == ["Ny namn", "N 0", "N 2"]
    visitor.post(PAGE, {"do": "up", "key": second})
    visitor.post(PAGE, {"do": "up", "key": third})
    assert names(visitor) == ["Ny namn", "N 2", "N 0"]
    visitor.post(PAGE, {"do": "remove", "key": third})
    assert names(visitor) == ["Ny namn", "N 0"]
    assert "“N 2” was removed" in visitor.get(PAGE).content.decode()
    for _ in range(2):
        visitor.post(PAGE, {"do": "restore"})
        assert names(visitor) == ["Ny namn", "N 2", "N 0"]


def test_a_renamed_folder_takes_its_searches_along(visitor):
    save(visitor, "q=a", folder="Old")
    person = Person.objects.get(username=visitor.user.name)
    change_choices(person, lambda choices: choices.after_rename({"Old": "New"}))
    assert [one.folder for one in kept(visitor)] == ["New"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"do": "explode"}, 400),
        ({"do": "add", "folder": "INBOX", "view": ""}, 400),
        ({"do": "add", "folder": "", "view": "q=a"}, 400),
        ({"do": "add", "folder": "INBOX", "view": "sort=moon"}, 400),
        ({"do": "add", "folder": "INBOX", "view": "q=a%00"}, 400),
        ({"do": "add", "folder": "INBOX", "view": "q=a", "name": "a\0b"}, 422),
        ({"do": "add", "folder": "INBOX", "view": "q=a", "name": "a" * 61}, 422),
        ({"do": "add", "folder": "INBOX", "view": "q=" + "a" * LONGEST}, 422),
        ({"do": "rename", "key": "x", "name": "a"}, 422),
        ({"do": "remove", "key": "x"}, 422),
        ({"do": "down", "key": ""}, 422),
    ],
)
def test_what_is_refused_changes_nothing(visitor, data, status):
    save(visitor, name="One")
    assert visitor.post(PAGE, data).status_code == status
    assert names(visitor) == ["One"]


def test_there_is_an_end_to_it(visitor):
    person = Person.objects.get(username=visitor.user.name)
    person.searches = [[str(number), str(number), "INBOX", f"q={number}"] for number in range(MOST)]
    person.save()
    answer = save(visitor)
    assert answer.status_code == 422
    assert "too many saved searches" in answer.content.decode()


def test_names_are_text(visitor):
    save(visitor, "q=a", name="<b>'&")
    for path in (PAGE, LIST):
        page = visitor.get(path).content.decode()
        assert "<b>'" not in page
        assert "<b>'&" in unescape(page)


def test_only_one_s_own(visitor, client):
    save(visitor)
    assert client.post(PAGE, {"do": "add"}).status_code in (302, 401)


def test_the_filter_by_label(visitor):
    person = Person.objects.get(username=visitor.user.name)
    label = add_label(person=person, name="Viktig sak", colour="red")
    with visitor.user.imap() as client:
        client.select("INBOX")
        client.store("2", "+FLAGS", f"({label.keyword})")
    page = visitor.get(LIST).content.decode()
    (address,) = re.findall(rf'href="({LIST}\?only=label[^"]+)"', page)
    for query in (unescape(address), f"{LIST}?q=label:%22viktig+SAK%22", f"{LIST}?q=label:{label.keyword}"):
        found = visitor.get(query).content.decode()
        assert found.count('<li class="row') == 1, query
    assert "<span>Viktig sak</span></a>" in visitor.get(unescape(address)).content.decode()
