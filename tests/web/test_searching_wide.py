"""Searching several folders through the front door, on a real Dovecot."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import quote, urlsplit

import pytest

from tests.mailbox.letters import letter
from tests.web.test_searching import subjects
from webmail.mailbox.finding import survey

LIST = "/folder/INBOX/"
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOSTILE = "<b onclick=x>'& Blåbær"
FOLDERS = ("INBOX", "Archive", HOSTILE, "Trash")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A request waits until all is found, however slow the machine is."""
    monkeypatch.setattr(survey, "SOON", 30.0)
    monkeypatch.setattr(survey, "LATEST", 30.0)


@pytest.fixture
def spread(visitor):
    """Letters 0 to 7 in turn, beside the four of the inbox."""
    for number in range(8):
        visitor.user.deliver(
            FOLDERS[number % 4], letter(number, body="solbær"), date=BEGIN + timedelta(days=number)
        )
    return visitor


def search(visitor, more: str, folder: str = LIST, **headers: str):
    answer = visitor.get(f"{folder}?{more}", **headers)
    assert answer.status_code == 200
    return answer


def rows(answer) -> list[str]:
    """The addresses of the messages."""
    return [
        unescape(one) for one in re.findall(r'<a class="open"[^>]* href="([^"]+)"', answer.content.decode())
    ]


def values(answer) -> list[str]:
    return [unescape(one) for one in re.findall(r'name="uid" value="([^"]+)"', answer.content.decode())]


ALL = "q=solb%C3%A6r&in=all"


def test_rows_name_their_folder_and_lead_to_the_message_and_back(spread):
    answer = search(spread, ALL)
    page = answer.content.decode()
    assert subjects(answer) == [f"Letter {number}" for number in (6, 5, 4, 2, 1, 0)]
    assert "6 found" in page
    assert HOSTILE not in page
    assert "&lt;b onclick=x&gt;&#x27;&amp; Blåbær</a>" in page
    assert len(set(re.findall(r'<li class="row[^"]*" id="([^"]+)"', page))) == 6
    for address in rows(answer):
        message = spread.get(address)
        assert message.status_code == 200
        back = re.search(r'href="([^"]+)" data-back', message.content.decode())
        assert back
        assert unescape(back[1]) == f"{LIST}?{ALL}"


def test_next_and_previous_stay_in_the_search(spread):
    addresses = rows(search(spread, ALL))
    assert len({urlsplit(one).path.split("/")[2] for one in addresses}) > 1
    for at, address in enumerate(addresses):
        page = spread.get(address).content.decode()
        led = {
            name: unescape(link) for link, name in re.findall(r'href="([^"]+)"[^>]* data-open="(\w+)"', page)
        }
        assert led.get("newer") == (addresses[at - 1] if at else None)
        assert led.get("older") == (addresses[at + 1] if at + 1 < len(addresses) else None)


def test_a_message_whose_search_is_forgotten_is_opened_all_the_same(spread):
    (address, *_) = rows(search(spread, ALL))
    path = urlsplit(address).path
    assert spread.get(f"{path}?q=never+before&in=all").status_code == 200


def test_the_scope_is_chosen_and_shown(spread):
    page = search(spread, "q=solb%C3%A6r").content.decode()
    assert f'href="{LIST}?q=solb%C3%A6r&amp;in=all"' in page
    wide = search(spread, ALL).content.decode()
    assert f'href="{LIST}?{ALL.replace("&", "&amp;")}" aria-current="true"' in wide
    assert '<input type="hidden" name="in" value="all">' in wide
    assert '<option value="all" selected>' in wide
    assert "Junk and trash are left out." in wide
    everywhere = search(spread, "q=solb%C3%A6r&in=everywhere")
    assert len(subjects(everywhere)) == 8
    assert "left out" not in everywhere.content.decode()
    built = spread.get(f"{LIST}?build=1&words=solb%C3%A6r&in=all")
    assert built["Location"] == f"{LIST}?{ALL}"


def test_a_chip_leads_to_the_same_search_in_its_folder(spread):
    page = search(spread, ALL).content.decode()
    (address, *_) = re.findall(r'<a class="row-folder" href="(/folder/Archive/[^"]+)"', page)
    assert subjects(search(spread, urlsplit(unescape(address)).query, "/folder/Archive/")) == [
        "Letter 5",
        "Letter 1",
    ]


def test_in_the_text_says_where(spread):
    assert subjects(search(spread, f"q={quote('in:archive solbær')}")) == ["Letter 5", "Letter 1"]
    missing = search(spread, f"q={quote('in:atlantis solbær')}").content.decode()
    assert "There is no folder called atlantis." in missing
    assert "No messages match in:atlantis solbær" in missing


def test_progress_is_told_gone_on_with_and_stopped(spread, monkeypatch):
    """By htmx, and by a link."""
    with monkeypatch.context() as patch:
        # Nobody waits: the first look is before anything is found.
        patch.setattr(survey, "LATEST", 0.0)
        page = search(spread, ALL).content.decode()
        assert re.search(r"Searching: \d of \d folders are done", page)
        assert "No messages match" not in page
        asked = f"{LIST}?{ALL.replace('&', '&amp;')}"
        assert f'hx-get="{asked}"' in page
        assert f'<a class="text-button" href="{asked}">Continue</a>' in page
        stop = f"{ALL}&stop=1"
        assert f'href="{LIST}?{stop.replace("&", "&amp;")}">Stop</a>' in page
        stopped = search(spread, stop).content.decode()
        assert "Searching: " in stopped
        assert "hx-trigger" not in stopped[stopped.index('id="searching"') :]
    answer = search(spread, ALL, **{"HX-Request": "true", "HX-Target": "messages"})
    while "Searching: " in answer.content.decode():
        answer = search(spread, ALL, **{"HX-Request": "true", "HX-Target": "messages"})
    assert len(subjects(answer)) == 6


def test_a_folder_that_can_not_be_searched_is_named(spread):
    for part in ("cur", "new"):
        spread.user.maildir.directory("Archive").joinpath(part).chmod(0)
    answer = search(spread, ALL)
    assert "Could not be searched: Archive." in answer.content.decode()
    assert subjects(answer) == [f"Letter {number}" for number in (6, 4, 2, 0)]


def test_nothing_found(spread):
    here = search(spread, "q=zebra").content.decode()
    assert f'href="{LIST}?q=zebra&amp;in=all">Search all folders</a>' in here
    page = search(spread, "q=zebra&in=all").content.decode()
    assert "No messages match zebra in All folders" in page


def test_pages(spread):
    spread.client.post("/settings/", {"page_size": "10"})
    page = search(spread, "in=everywhere")
    assert len(subjects(page)) == 12


@pytest.mark.parametrize("scope", ["all", "everywhere", "subtree"])
@pytest.mark.parametrize("text", ["a" * 10_001, "a " * 1001, "a\r\nA1 LOGOUT", "a\0"])
def test_too_much_and_control_characters_are_refused(visitor, scope, text):
    assert visitor.get(f"{LIST}?q={quote(text)}&in={scope}").status_code == 400


@pytest.mark.parametrize(
    "more", ["in=moon", f"{ALL}&list=%00", f"{ALL}&list=..", f"{ALL}&list=a%0d%0ab", f"{ALL}&page=x"]
)
def test_nonsense_in_the_address_of_a_message_is_refused(spread, more):
    (address, *_) = rows(search(spread, ALL))
    assert spread.get(f"{urlsplit(address).path}?{more}").status_code == 400


class TestActing:
    def act(self, visitor, chosen, do, **more):
        data = {"uid_validity": "0", "page": "1", "view": ALL, "uid": chosen, "do": do, **more}
        return visitor.post("/mark/INBOX/", data)

    def test_star_and_read_in_several_folders(self, spread):
        answer = search(spread, ALL)
        assert self.act(spread, values(answer), "star").status_code == 302
        starred = search(spread, f"{ALL}&only=starred")
        assert subjects(starred) == subjects(answer)
        row = {"uid_validity": "0", "page": "1", "view": ALL, "unstar": values(answer)[0]}
        back = spread.post("/mark/INBOX/", row)
        assert back["Location"] == f"{LIST}?{ALL}"
        assert subjects(search(spread, f"{ALL}&only=starred")) == subjects(answer)[1:]

    def test_archive_leaves_out_what_is_there_and_is_taken_back(self, spread):
        answer = search(spread, ALL)
        self.act(spread, values(answer), "archive")
        page = search(spread, ALL)
        assert subjects(page) == subjects(answer)
        assert all(address.startswith("/message/Archive/") for address in rows(page))
        undo = re.search(r'action="(/done/[^"]+)"', page.content.decode())
        assert undo
        assert spread.post(undo[1], {}).status_code == 302
        again = search(spread, ALL)
        assert sorted(urlsplit(one).path.split("/")[2] for one in rows(again)) == sorted(
            urlsplit(one).path.split("/")[2] for one in rows(answer)
        )

    def test_what_is_all_there_already_is_said(self, spread):
        there = [value for value in values(search(spread, ALL)) if value.endswith("/Archive")]
        self.act(spread, there, "archive")
        assert "already" in search(spread, ALL).content.decode()

    def test_the_list_comes_back_with_its_boxes(self, spread):
        chosen = values(search(spread, ALL))[:2]
        data = {"uid_validity": "0", "page": "1", "view": ALL, "uid": chosen, "do": "seen"}
        answer = spread.client.post(
            "/mark/INBOX/", data, headers={"HX-Request": "true", "HX-Target": "messages"}
        )
        assert len(re.findall(r'name="uid"[^>]* checked', answer.content.decode())) == 2

    @pytest.mark.parametrize("value", ["1", "1/2", "1/2/", "x/1/INBOX", "1/x/INBOX", "1/1/a\r\nb", "1/1/a\0"])
    def test_nonsense_is_refused(self, spread, value):
        assert self.act(spread, [value], "star").status_code == 400

    def test_a_stale_place_changes_nothing(self, spread):
        assert self.act(spread, ["1/1/INBOX"], "trash").status_code in (302, 404, 409)
        assert len(subjects(search(spread, ALL))) == 6

    def test_all_that_match_is_one_folders_affair(self, spread):
        assert self.act(spread, [], "trash", all="1").status_code == 400

    def test_from_the_open_message(self, spread):
        address = next(one for one in rows(search(spread, ALL)) if one.startswith("/message/Archive/"))
        page = spread.get(address).content.decode()
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        data = {
            "uid_validity": fields["uid_validity"],
            "uid": fields["uid"],
            "view": unescape(fields["view"]),
            "open": "1",
            "do": "star",
        }
        answer = spread.post("/mark/Archive/", data)
        assert urlsplit(answer["Location"]).path == urlsplit(address).path
        assert spread.get(answer["Location"]).status_code == 200
        trashed = spread.post("/mark/Archive/", data | {"do": "trash"})
        assert urlsplit(trashed["Location"]).path in (
            LIST,
            *(urlsplit(one).path for one in rows(search(spread, ALL))),
        )
