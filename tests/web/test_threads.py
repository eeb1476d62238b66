"""A folder's conversations through the front door."""

from __future__ import annotations

import re

import pytest

from tests.mailbox.letters import letter
from webmail.accounts.models import Person


def answer(number, *before, sender="Ola Nes <ola@fjord.example>", subject="Re: Plan"):
    references = " ".join(f"<{one}@test.example>" for one in before)
    return letter(number, subject=subject, sender=sender, extra=f"References: {references}\r\n")


@pytest.fixture
def desk(front):
    """(Client, MailUser), signed in: 1 Plan ← 3 ← 5; 2 and 4 alone."""
    client, user = front
    user.deliver("INBOX", letter(1, subject="Plan"), flags=["\\Seen"])
    user.deliver("INBOX", letter(2))
    user.deliver("INBOX", answer(3, 1), flags=["\\Flagged"])
    user.deliver("INBOX", letter(4), flags=["\\Seen"])
    user.deliver("INBOX", answer(5, 1, 3), flags=["\\Seen"])
    assert client.post("/sign-in/", {"username": user.name, "password": user.password}).status_code == 302
    return client, user


def page_of(client, query="?threads=1", **headers):
    answer_ = client.get(f"/folder/INBOX/{query}", headers=headers)
    assert answer_.status_code == 200
    return answer_.content.decode()


def boxes(page):
    return re.findall(r'name="uid" value="([^"]*)"', page)


def fields(page):
    (validity,) = re.findall(r'name="uid_validity" value="(\d+)"', page)
    return {"uid_validity": validity}


def flags(user, uid):
    with user.imap() as client:
        client.select("INBOX", readonly=True)
        return client.uid("FETCH", str(uid), "(FLAGS)")[1][0].decode()


def test_a_row_stands_for_all_its_messages(desk):
    client, user = desk
    page = page_of(client)
    assert boxes(page) == ["1,3,5", "4", "2"]
    assert 'aria-label="3 messages in this conversation"' in page
    assert "3 conversations" in page
    assert "Kari, Ola" in page
    client.post("/mark/INBOX/", {**fields(page), "do": "seen", "uid": "1,3,5"})
    assert all("\\Seen" in flags(user, uid) for uid in (1, 3, 5))
    assert "\\Seen" not in flags(user, 2)


def test_a_star_goes_on_the_newest_and_off_all(desk):
    client, user = desk
    page = page_of(client)
    assert 'name="unstar" value="1,3,5"' in page
    client.post("/mark/INBOX/", {**fields(page), "unstar": "1,3,5"})
    assert "\\Flagged" not in flags(user, 3)
    assert 'name="star" value="5"' in page_of(client)


def test_the_choice_is_kept_for_the_folder(desk):
    client, user = desk
    assert boxes(page_of(client, "")) == ["5", "4", "3", "2", "1"]
    answer_ = client.post("/threads/INBOX/", {"threads": "1", "view": "only=unread"})
    assert (answer_.status_code, answer_["Location"]) == (302, "/folder/INBOX/?only=unread")
    assert boxes(page_of(client, "")) == ["1,3,5", "4", "2"]
    assert boxes(page_of(client, "?only=unread")) == ["1,3,5", "2"]
    assert boxes(page_of(client, "?threads=0")) == ["5", "4", "3", "2", "1"]
    pressed = re.compile(r'id="threads"[^>]*aria-pressed="true"')
    assert pressed.search(page_of(client, ""))
    assert Person.objects.get(username=user.name).threaded == ["INBOX"]
    assert not pressed.search(client.get("/folder/Sent/").content.decode())
    client.post("/threads/INBOX/", {"threads": "0"})
    assert boxes(page_of(client, "")) == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize("data", [{}, {"threads": "2"}, {"threads": "1", "view": "sort=nothing"}])
def test_a_choice_that_is_none(desk, data):
    client, user = desk
    assert client.post("/threads/INBOX/", data).status_code == 400
    assert Person.objects.get(username=user.name).threaded == []


def test_nothing_is_kept_of_a_folder_that_is_not_there(desk):
    client, user = desk
    client.post("/threads/No such folder/", {"threads": "1"})
    assert Person.objects.get(username=user.name).threaded == []


def test_unfolded_by_its_link(desk):
    client, _ = desk
    (link,) = re.findall(r'class="unfold" id="t5" href="([^"#]*)#m5"', page_of(client))
    page = client.get(link.replace("&amp;", "&")).content.decode()
    assert boxes(page) == ["1,3,5", "5", "3", "1", "4", "2"]
    assert 'aria-expanded="true"' in page
    assert len(re.findall(r'<li class="row[^"]* inner"', page)) == 3
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    (link,) = re.findall(r'class="unfold" id="t5" href="([^"#]*)#m5"', page)
    assert boxes(client.get(link.replace("&amp;", "&")).content.decode()) == ["1,3,5", "4", "2"]


def test_with_script_only_its_row_comes(desk):
    client, _ = desk
    row = page_of(client, "?threads=1&unfold=5&uid=1,3,5", **{"HX-Request": "true", "HX-Target": "m5"})
    assert row.startswith("<li ")
    assert boxes(row) == ["1,3,5", "5", "3", "1"]
    assert row.count(" checked") == 4
    row = page_of(client, "?threads=1", **{"HX-Request": "true", "HX-Target": "m5"})
    assert boxes(row) == ["1,3,5"]
    assert row.count('hx-swap-oob="delete"') == 3


def test_it_stays_unfolded_when_something_is_done(desk):
    client, _ = desk
    client.post("/threads/INBOX/", {"threads": "1"})
    data = {**fields(page_of(client)), "do": "star", "uid": "4", "unfold": "5"}
    page = client.post("/mark/INBOX/", data, headers={"HX-Request": "true", "HX-Target": "messages"})
    assert boxes(page.content.decode()) == ["1,3,5", "5", "3", "1", "4", "2"]


@pytest.mark.parametrize(
    "query", ["?threads=2", "?threads=1&unfold=x", "?threads=1&unfold=1:99999999", "?sort=x"]
)
def test_an_address_that_is_none(desk, query):
    client, _ = desk
    assert client.get(f"/folder/INBOX/{query}").status_code == 400


def test_another_order_is_of_messages(desk):
    client, _ = desk
    assert boxes(page_of(client, "?threads=1&sort=arrival")) == ["1", "2", "3", "4", "5"]
    assert boxes(page_of(client, "?threads=1&q=plan")) == ["5", "3", "1"]


def mute(client, uid, do="mute", view="threads=1"):
    data = {**fields(page_of(client)), "do": do, "uid": uid, "view": view}
    answer_ = client.post("/mark/INBOX/", data)
    assert answer_.status_code == 302
    return client.get(answer_["Location"]).content.decode()


@pytest.mark.parametrize("uid", ["1,3,5", "3"])
def test_a_muted_conversation(desk, uid):
    """All of it, whichever message was chosen; what comes to it is read."""
    client, user = desk
    page = mute(client, uid)
    assert "3 messages muted" in page
    assert re.search(r'<li class="row starred muted thread"', page)
    assert all("$Muted" in flags(user, uid) for uid in (1, 3, 5))
    assert "\\Seen" not in flags(user, 3)
    assert "$Muted" not in flags(user, 2)
    user.deliver("INBOX", answer(6, 1, 3, 5))
    assert boxes(page_of(client)) == ["1,3,5:6", "4", "2"]
    assert "$Muted" in flags(user, 6)
    assert "\\Seen" in flags(user, 6)
    assert boxes(page_of(client, "?q=is:muted")) == ["6", "5", "3", "1"]
    assert len(re.findall(r'<li class="row[^"]* muted', page_of(client, "?threads=0"))) == 4
    page = mute(client, "6", "unmute")
    assert "4 messages no longer muted" in page
    assert " muted thread" not in page
    assert "$Muted" not in flags(user, 3)


def test_muting_is_taken_back(desk):
    client, user = desk
    (undo,) = re.findall(r'action="(/done/\d+/undo/)"', mute(client, "5"))[:1]
    assert "$Muted" in flags(user, 1)
    assert client.post(undo, {"next": "/folder/INBOX/"}).status_code == 302
    assert "$Muted" not in flags(user, 1)


def test_a_message_says_that_it_is_muted(desk):
    client, _ = desk
    mute(client, "5")
    validity = fields(page_of(client))["uid_validity"]
    page = client.get(f"/message/INBOX/{validity}/1/").content.decode()
    assert 'name="do" value="unmute"' in page
    page = client.get(f"/message/INBOX/{validity}/2/").content.decode()
    assert 'name="do" value="mute"' in page


def test_all_that_match_are_whole_conversations(desk):
    """The list says how many conversations: all their messages are meant, also those that do not match."""
    client, user = desk
    data = {
        **fields(page_of(client)),
        "do": "star",
        "all": "1",
        "last": "5",
        "view": "threads=1&only=starred",
    }
    assert client.post("/mark/INBOX/", data).status_code == 302
    assert all("\\Flagged" in flags(user, uid) for uid in (1, 3, 5))
    assert "\\Flagged" not in flags(user, 2)
