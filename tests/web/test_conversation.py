"""Conversations through the front door, without script and as script asks for them."""

from __future__ import annotations

import re

import pytest

from tests.web import conversing

AROUND = {"HX-Request": "true", "HX-Target": "conversation"}
UNFOLDED = {"HX-Request": "true", "HX-Target": "in-0"}


@pytest.fixture
def desk(visitor):
    """Letters 1, 4 and 5 have the UIDs 5, 6 and 7 in the inbox, after those of the visitor."""
    conversing.deliver(visitor.user)
    return visitor


def lines(markup: str) -> list[tuple[str, str]]:
    """(address of the letter that unfolds, its sender)."""
    found = re.findall(
        r'class="member-who"[^>]*>(?:<span class="vh">.*?</span>)?<strong>(.*?)</strong>', markup
    )
    places = re.findall(
        r'(?:hx-swap="innerHTML show:none" data-letter|class="member-line draft" href)="(.*?)"', markup
    )
    return list(zip(places, found, strict=False))


def test_the_message_first_and_the_way_to_its_conversation(desk):
    message = desk.message(6)
    page = desk.get(message).content.decode()
    assert f'data-around="{message}conversation/"' in page
    assert f'href="{message}conversation/"' in page
    assert "waiting" in page
    assert "framlegg nummer 4" in page
    assert "nummer 1" not in page


def test_as_script_asks(desk):
    message = desk.message(6)
    markup = desk.get(f"{message}conversation/", **AROUND).content.decode()
    assert "<html" not in markup
    assert "6 messages in this conversation" in markup
    earlier, later = markup.split('data-part="later"')
    assert [sender for _, sender in lines(earlier)] == ["Ola Nes", "Mei-Ling", "Solveig Haugen"]
    assert [sender for _, sender in lines(later)] == ["Mei-Ling", "Draft"]
    assert "3 read messages" in earlier
    assert re.search(r'<details class="member unread" data-uid="7"[^>]* open>', later)
    assert "/message/Drafts/" in later
    assert re.search(r'class="member-line draft" href="/message/Drafts/\d+/1/edit/"', later)
    for place, _sender in lines(earlier):
        assert desk.get(place).status_code == 200


def test_a_letter_unfolds_as_it_is_shown_alone(desk):
    markup = desk.get(f"{desk.message(6)}conversation/", **AROUND).content.decode()
    archived = next(place for place, sender in lines(markup) if sender == "Solveig Haugen")
    letter = desk.get(archived, **UNFOLDED).content.decode()
    assert "<html" not in letter
    assert f'<iframe class="frame" src="{archived}body/"' in letter
    assert "allow-scripts" not in letter
    assert "Framlegg" not in letter
    assert 'id="subject"' not in letter
    for way in ("reply/", "reply-all/", "forward/"):
        assert f'href="{archived}{way}"' in letter
    assert f'href="{archived}print/"' in letter
    frame = desk.get(f"{archived}body/")
    assert "Framlegg 3" in frame.content.decode()
    assert "<script" not in frame.content.decode()
    assert "sandbox" in frame["Content-Security-Policy"]


def test_unfolding_marks_as_read(desk):
    assert 'class="row unread" id="m7"' in desk.get("/folder/INBOX/").content.decode()
    desk.get(desk.message(7), **UNFOLDED)
    assert 'class="row" id="m7"' in desk.get("/folder/INBOX/").content.decode()


def test_a_star_on_a_letter_of_the_conversation(desk):
    message = desk.message(7)
    answer = desk.client.post(
        "/mark/INBOX/",
        {"uid_validity": desk.uid_validity, "uid": 7, "do": "star", "open": "1"},
        headers=UNFOLDED,
        follow=True,
    )
    assert answer.redirect_chain == [(message, 302)]
    assert 'class="tool star on"' in desk.get(message, **UNFOLDED).content.decode()


def test_a_page_without_script(desk):
    page = desk.get(f"{desk.message(6)}conversation/").content.decode()
    assert page.count("<h1") == 1
    assert "<title>Re: Plan for hausten" in page
    assert "framlegg nummer 4" in page
    # What is unread is unfolded, everything else leads to a page where it is.
    assert f'src="{desk.message(7)}body/"' in page
    for address in re.findall(r'class="member-wait"><a class="text-button" href="(.*?)"', page):
        other = desk.get(address).content.decode()
        assert "6 messages in this conversation" in other
    assert page.index("3 read messages") < page.index("framlegg nummer 4") < page.index(">Draft<")
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page))


def test_alone(desk):
    message = desk.message(2)
    assert "waiting" not in desk.get(message).content.decode()
    assert "member" not in re.sub(
        "data-part", "", desk.get(f"{message}conversation/", **AROUND).content.decode()
    )
    assert "There is no other message" in desk.get(f"{message}conversation/").content.decode()
    asked = desk.get(f"{message}conversation/?all=1", **AROUND).content.decode()
    assert "There is no other message" in asked


def test_a_message_inside_another_stands_alone(desk):
    inside = desk.get(f"{desk.message(4)}nested/2/").content.decode()
    assert "data-around" not in inside


def test_switched_off(desk):
    desk.post("/preferences/", {"conversations": "false", "density": "comfortable"})
    assert "data-around" not in desk.get(desk.message(6)).content.decode()
    page = desk.get("/preferences/").content.decode()
    assert re.search(r'<input type="checkbox" name="conversations" value="true">', page)


def test_a_stranger_who_knows_a_message_id_is_shown_plainly(desk):
    name = b'"Solveig <solveig@fjord.example>" <stranger@far.example>'
    desk.user.deliver("INBOX", conversing.plan(5, sender=name, minute=7))
    markup = desk.get(f"{desk.message(6)}conversation/", **AROUND).content.decode()
    assert '<span class="address">stranger@far.example</span>' in markup
    assert '<span class="address">mei@fjord.example</span>' in markup


def test_hostile_names_and_snippets(desk):
    letter = conversing.plan(5, sender=b'"<script>alert(1)</script>" <x@far.example>', minute=8)
    desk.user.deliver("INBOX", letter.replace(b"Dette er", b"<img src=x onerror=alert(1)>"))
    markup = desk.get(f"{desk.message(6)}conversation/", **AROUND).content.decode()
    assert "<script" not in markup
    assert "<img" not in markup
    assert "&lt;script&gt;" in markup


@pytest.mark.parametrize("uid", [99, 4294967295])
def test_what_is_not_there(desk, uid):
    address = f"{desk.message(uid)}conversation/"
    assert desk.get(address).status_code == 404
    assert desk.get(address, **AROUND).status_code == 404
    assert desk.post(address, {}).status_code == 405


def test_a_message_that_was_deleted_meanwhile(desk):
    desk.get(f"{desk.message(6)}conversation/", **AROUND)
    with desk.user.imap() as other:
        other.select("INBOX")
        other.uid("STORE", "5,7", "+FLAGS", "\\Deleted")
        other.expunge()
    markup = desk.get(f"{desk.message(6)}conversation/", **AROUND).content.decode()
    assert [sender for _, sender in lines(markup)] == ["Mei-Ling", "Solveig Haugen", "Draft"]


def inboxes(desk) -> set[str]:
    return set(re.findall(r'id="m(\d+)"', desk.get("/folder/INBOX/").content.decode()))


def test_the_whole_conversation_is_archived_and_taken_back(desk):
    fields = {"uid_validity": desk.uid_validity, "uid": 6, "open": "1"}
    before = inboxes(desk)
    answer = desk.post("/mark/INBOX/", fields | {"conversation": "archive"})
    assert answer["Location"] == "/folder/INBOX/"
    page = desk.get("/folder/INBOX/").content.decode()
    assert before - set(re.findall(r'id="m(\d+)"', page)) == {"5", "6", "7"}
    # What was sent stays in Sent.
    assert 'id="m1"' in desk.get("/folder/Sent/").content.decode()
    undo = re.search(r'action="(/done/\d+/undo/)"', page)
    assert undo
    desk.post(undo[1], {})
    assert len(inboxes(desk)) == len(before)


def test_the_whole_conversation_is_deleted(desk):
    fields = {"uid_validity": desk.uid_validity, "uid": 6, "open": "1"}
    desk.post("/mark/INBOX/", fields | {"conversation": "trash"})
    trash = desk.get("/folder/Trash/").content.decode()
    assert len(re.findall(r'id="m(\d+)"', trash)) == 5
    assert desk.get("/folder/Drafts/").content.decode().count('id="m1"') == 1


@pytest.mark.parametrize("kind", ["move", "forever", "label", "forward", "x"])
def test_not_everything_is_done_to_a_conversation(desk, kind):
    fields = {"uid_validity": desk.uid_validity, "uid": 6, "open": "1", "conversation": kind}
    assert desk.post("/mark/INBOX/", fields).status_code == 400


def test_a_letter_filed_without_script_leads_back_to_the_conversation(desk):
    page = f"{desk.message(6)}conversation/"
    markup = desk.get(page).content.decode()
    assert f'name="next" value="{page}"' in markup
    fields = {"uid_validity": desk.uid_validity, "uid": 7, "open": "1", "do": "archive"}
    assert desk.post("/mark/INBOX/", fields | {"next": page})["Location"] == page
    assert desk.post("/mark/INBOX/", fields | {"next": "//far.example/"})["Location"].startswith("/folder/")
