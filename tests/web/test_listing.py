"""A folder's list through the front door, on a real Dovecot."""

import pytest

from webmail.accounts import connections


def test_a_list(visitor):
    answer = visitor.get("/folder/INBOX/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('<li class="row') == 4
    assert page.count("<h1") == 1
    assert "<title>Inbox (4) · Ekorn</title>" in page
    assert "aria-current=page" in page
    assert "Nytt frå fjorden" in page
    assert "onerror=" not in page.replace("onerror=&quot;", "").replace("onerror=alert(1)&gt;", "")


def test_what_is_sent_with_it(visitor):
    answer = visitor.get("/folder/INBOX/")
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_nothing_inline_that_the_policy_would_stop(visitor):
    for path in ("/folder/INBOX/", visitor.message(), visitor.message(3), "/preferences/"):
        page = visitor.get(path).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page


def test_pages(visitor, settings):
    visitor.post("/preferences/", {"page_size": "25"})
    visitor.user.bulk("INBOX", [b"Subject: nr %d\r\n\r\nx\r\n" % number for number in range(60)])
    first = visitor.get("/folder/INBOX/").content.decode()
    assert first.count('<li class="row') == 25
    assert 'href="/folder/INBOX/?page=3"' in first
    third = visitor.get("/folder/INBOX/?page=3").content.decode()
    assert third.count('<li class="row') == 14
    assert "?page=3" in third
    assert (
        visitor.get("/folder/INBOX/?page=99999999999999999999").content.decode().count('<li class="row') == 14
    )
    assert visitor.get("/folder/INBOX/?page=0").status_code == 200


@pytest.mark.parametrize("page", ["x", "-1", "1.5", "²"])
def test_a_page_that_is_no_number(visitor, page):
    assert visitor.get(f"/folder/INBOX/?page={page}").status_code == 400


def test_an_empty_folder_says_so(front):
    client, user = front
    client.post("/sign-in/", {"username": user.name, "password": user.password})
    page = client.get("/folder/INBOX/").content.decode()
    assert "Nothing in the inbox" in page
    assert "<ol class=" not in page


@pytest.mark.parametrize("name", ["Kundar/Vik kommune", "Søppel & sånt?", "50% rabatt#1", "日本", "a  b"])
def test_a_folder_of_any_name(visitor, name):
    from django.urls import reverse

    from webmail.imap.utf7 import encode

    with visitor.user.imap() as other:
        wire = encode(name)
        wire = wire.decode() if isinstance(wire, bytes) else wire
        assert other.create(f'"{wire}"')[0] == "OK"
    connections.close_pool()
    address = reverse("folder", kwargs={"folder": name})
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert address.replace("&", "&amp;").replace("'", "&#x27;") in answer.content.decode()


def test_an_unknown_folder(visitor):
    answer = visitor.get("/folder/NoSuch/")
    assert answer.status_code == 404
    assert b"no such folder" in answer.content


def test_methods(visitor):
    assert visitor.post("/folder/INBOX/", {}).status_code == 405
    assert visitor.client.put("/folder/INBOX/").status_code == 405
    assert visitor.client.head("/folder/INBOX/").status_code == 200


def test_fragments_come_from_the_same_address(visitor):
    part = visitor.get("/folder/INBOX/", **{"HX-Request": "true", "HX-Target": "messages"}).content.decode()
    assert "<!doctype" not in part
    assert 'id="messages"' in part
    beside = visitor.get("/folder/INBOX/", **{"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "<h2" in beside
    assert "<h1" not in beside


def test_a_server_that_is_gone_is_a_page_with_retry_and_the_session_stays(visitor, settings):
    url, settings.IMAP_URL = settings.IMAP_URL, "imap://127.0.0.1:1"
    connections.close_pool()
    answer = visitor.get("/folder/INBOX/?page=2")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert b"not answering" in answer.content
    assert b'href="/folder/INBOX/?page=2"' in answer.content
    part = visitor.post(
        "/mark/INBOX/", {"uid_validity": "1", "do": "star", "uid": "1"}, **{"HX-Request": "true"}
    )
    assert part["HX-Retarget"] == "#notices"
    settings.IMAP_URL = url
    assert visitor.get("/folder/INBOX/").status_code == 200


def test_stars_and_unread(visitor):
    state = {"uid_validity": visitor.uid_validity, "page": "1"}
    answer = visitor.post("/mark/INBOX/", {**state, "star": "2"})
    assert answer["Location"] == "/folder/INBOX/"
    assert 'class="row unread starred" id="m2"' in visitor.get("/folder/INBOX/").content.decode()
    visitor.post("/mark/INBOX/", {**state, "do": "seen", "uid": ["1", "2", "3"]})
    page = visitor.get("/folder/INBOX/").content.decode()
    assert page.count("unread") >= 1
    assert 'class="row starred" id="m2"' in page
    assert "Inbox (1)" in page
    visitor.post("/mark/INBOX/", {**state, "unstar": "2"})
    assert 'class="row" id="m2"' in visitor.get("/folder/INBOX/").content.decode()
    part = visitor.post(
        "/mark/INBOX/",
        {**state, "do": "unseen", "uid": "1"},
        **{"HX-Request": "true", "HX-Target": "messages"},
    )
    assert 'class="row unread" id="m1"' in part.content.decode()
    assert " checked" in part.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "seen", "uid": "1"},
        {"uid_validity": "x", "do": "seen", "uid": "1"},
        {"uid_validity": "1", "do": "explode", "uid": "1"},
        {"uid_validity": "1", "do": "seen", "uid": "1 OR"},
        {"uid_validity": "1", "do": "seen", "uid": ["1"] * 1001},
    ],
)
def test_bad_marking(visitor, data):
    assert visitor.post("/mark/INBOX/", data).status_code == 400


def test_marking_in_a_folder_that_was_renumbered(visitor):
    answer = visitor.post("/mark/INBOX/", {"uid_validity": "1", "do": "star", "uid": "1"})
    assert answer["Location"] == "/folder/INBOX/"
    assert b"renumbered" in visitor.get("/folder/INBOX/").content


def test_without_script_the_first_page_looks_for_new_mail_as_often_as_wanted(visitor):
    again = '<noscript><meta http-equiv="refresh" content="{}"></noscript>'
    assert again.format(300) in visitor.get("/folder/INBOX/").content.decode()
    assert "http-equiv" not in visitor.get("/folder/INBOX/?q=fjord").content.decode()
    for minutes, wanted in (("1", again.format(60)), ("0", None)):
        assert visitor.post("/preferences/", {"refresh_minutes": minutes}).status_code == 302
        page = visitor.get("/folder/INBOX/").content.decode()
        assert wanted in page if wanted else "http-equiv" not in page
    assert visitor.post("/preferences/", {"refresh_minutes": "61"}).status_code == 422
