"""Messages, parts and sources through the front door, on a real Dovecot."""

import io
import json
import zipfile

import pytest

from tests.web import letters

FRAGMENT = {"HX-Request": "true", "HX-Target": "reading"}
DOWNLOAD_POLICY = "sandbox; default-src 'none'"


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_plain_text_stays_text(visitor):
    answer = visitor.get(visitor.message(1))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert "<img" not in page
    assert "<iframe" not in page
    assert "&lt;img src=x" in page
    assert 'href="https://fjord.example/"' in page
    assert 'dir="auto"' in page
    assert answer["Cache-Control"] == "private, no-cache"


def test_read_after_it_was_shown(visitor):
    message = visitor.message(1)
    visitor.client.head(message)
    visitor.get(message, **{"Sec-Purpose": "prefetch"})
    assert 'class="row unread" id="m1"' in visitor.get("/folder/INBOX/").content.decode()
    visitor.get(message)
    assert 'class="row" id="m1"' in visitor.get("/folder/INBOX/").content.decode()


def test_html_only_ever_in_its_frame(visitor):
    message = visitor.message(2)
    page = visitor.get(message).content.decode()
    assert f'<iframe class="frame" src="{message}body/"' in page
    assert "allow-scripts" not in page
    assert "Designa utgåve" not in page
    assert "1 picture from elsewhere is blocked." in page
    frame = visitor.get(f"{message}body/")
    assert "Designa utgåve" in frame.content.decode()
    assert "<script" not in frame.content.decode()
    assert "spor.example" not in frame.content.decode()
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox allow-same-origin" in policy
    assert "script" not in policy.replace("allow-scripts", "")


def test_the_text_of_an_html_message(visitor):
    message = visitor.message(2)
    page = visitor.get(f"{message}?view=text").content.decode()
    assert "Rein tekst av brevet" in page
    assert f'href="{message}?view=html"' in page
    assert visitor.get(f"{message}?view=x").status_code == 400


def test_pictures_once_and_always(visitor):
    message = visitor.message(2)
    once = visitor.get(f"{message}?remote=1").content.decode()
    assert f"{message}body/?remote=1" in once
    frame = visitor.get(f"{message}body/?remote=1").content.decode()
    assert "/picture/" in frame
    assert 'src="https://spor' not in frame
    answer = visitor.post("/trust/", {"address": "nyhende@fjordposten.example", "next": message})
    assert answer["Location"] == message
    assert "always shown" in visitor.get(message).content.decode()
    visitor.post("/trust/", {"address": "nyhende@fjordposten.example", "trust": "off", "next": message})
    assert "blocked" in visitor.get(message).content.decode()


def test_a_picture_needs_our_signature(visitor):
    assert visitor.get("/picture/aHR0cDovL3g/").status_code == 404
    assert visitor.get("/picture/%F0%9F%90%BF/").status_code == 404


@pytest.mark.parametrize("data", [{}, {"address": ""}, {"address": "x" * 400}, {"address": "a\r\nb"}])
def test_bad_trust(visitor, data):
    assert visitor.post("/trust/", data).status_code == 400


def test_attachments(visitor):
    message = visitor.message(3)
    page = visitor.get(message).content.decode()
    assert "bilete.png" in page
    assert f'href="{message}parts.zip"' in page
    section = page.split(f"{message}part/")[1].split("/")[0]
    shown = visitor.get(f"{message}part/{section}/?inline=1")
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"] == DOWNLOAD_POLICY
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"].startswith("private, max-age")
    assert body_of(shown) == letters.PIXEL
    kept = visitor.get(f"{message}part/{section}/")
    assert kept["Content-Disposition"] == 'attachment; filename="bilete.png"'
    assert kept["Content-Type"] == "application/octet-stream"
    assert kept["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("section", ["3", "4"])
def test_what_only_says_that_it_is_a_picture_is_never_shown(visitor, section):
    answer = visitor.get(f"{visitor.message(3)}part/{section}/?inline=1")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == DOWNLOAD_POLICY
    assert "/" not in answer["Content-Disposition"]
    assert b"alert" in body_of(answer)


def test_all_of_them_as_one_file(visitor):
    answer = visitor.get(f"{visitor.message(3)}parts.zip")
    assert answer["Content-Type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(body_of(answer))).namelist()
    assert "bilete.png" in names
    assert not any(".." in name.split("/") or name.startswith("/") for name in names)


def test_a_message_inside(visitor):
    message = visitor.message(4)
    page = visitor.get(message).content.decode()
    assert f"{message}nested/2/" in page
    inside = visitor.get(f"{message}nested/2/").content.decode()
    assert "Innhaldet i den inste" in inside
    assert "Den inste" in inside
    assert f'href="{message}"' in inside
    assert b"Den inste" in visitor.get(f"{message}headers/?section=2").content


def test_source_and_headers(visitor):
    message = visitor.message(1)
    source = visitor.get(f"{message}source/")
    assert source["Content-Type"] == "text/plain; charset=utf-8"
    assert source["Content-Security-Policy"] == DOWNLOAD_POLICY
    assert b"Message-ID" in body_of(source)
    eml = visitor.get(f"{message}message.eml")
    assert eml["Content-Type"] == "message/rfc822"
    assert eml["Content-Disposition"].startswith("attachment")
    assert ".eml" in eml["Content-Disposition"]
    body_of(eml)
    fields = visitor.get(f"{message}headers/").content.decode()
    assert "Message-ID" in fields
    assert "<img" not in fields


@pytest.mark.parametrize("uid", [1, 2, 3, 4])
def test_on_paper(visitor, uid):
    answer = visitor.get(f"{visitor.message(uid)}print/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "solveig@fjord.example" in page or "nyhende@fjordposten.example" in page
    assert "<script" not in page
    assert "onerror=alert" not in page.replace("onerror=alert(1)&gt;", "")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_next_and_previous(visitor):
    page = visitor.get(visitor.message(2)).content.decode()
    assert f'href="{visitor.message(3)}" data-open="newer"' in page
    assert f'href="{visitor.message(1)}" data-open="older"' in page


def test_beside_its_list(visitor):
    answer = visitor.get(visitor.message(1), **FRAGMENT)
    page = answer.content.decode()
    assert page.startswith("<title>")
    assert "<!doctype" not in page
    assert "<h2" in page
    assert "<h1" not in page
    assert "HX-Request" in answer["Vary"]


def test_star_and_unread_from_the_message(visitor):
    message, state = visitor.message(1), {"uid_validity": visitor.uid_validity, "uid": "1", "open": "1"}
    visitor.get(message)
    assert visitor.post("/mark/INBOX/", {**state, "do": "star"})["Location"] == message
    assert 'aria-pressed="true"' in visitor.get(message).content.decode().split("message-star")[1][:200]
    assert visitor.post("/mark/INBOX/", {**state, "do": "unseen"})["Location"] == "/folder/INBOX/"
    assert 'class="row unread starred" id="m1"' in visitor.get("/folder/INBOX/").content.decode()
    answer = visitor.post("/mark/INBOX/", {**state, "do": "unseen"}, **FRAGMENT)
    filed = {"next": "/folder/INBOX/", "list": "/folder/INBOX/", "unread": 1}
    assert json.loads(answer["HX-Trigger"]) == {"ekorn:filed": filed}
    assert answer["HX-Retarget"] == "#notices"
    assert "1 message marked as unread" in answer.content.decode()


@pytest.mark.parametrize(
    "rest", ["", "body/", "headers/", "print/", "source/", "message.eml", "parts.zip", "part/1/", "nested/2/"]
)
def test_what_is_not_there(visitor, rest):
    validity = visitor.uid_validity
    assert visitor.get(f"/message/INBOX/{validity}/4000/{rest}").status_code == 404
    assert visitor.get(f"/message/NoSuch/{validity}/1/{rest}").status_code == 404
    assert visitor.post(f"/message/INBOX/{validity}/1/{rest}", {}).status_code == 405
    renumbered = visitor.get(f"/message/INBOX/{validity - 1}/1/{rest}")
    assert renumbered["Location"] == "/folder/INBOX/"


@pytest.mark.parametrize(
    "rest", ["body/", "part/9/", "nested/1/", "parts.zip", "part/1/?index=0", "source/?section=7"]
)
def test_parts_that_are_not_there(visitor, rest):
    assert visitor.get(f"{visitor.message(1)}{rest}").status_code == 404


@pytest.mark.parametrize(
    "rest", ["body/?section=x", "part/1/?index=x", "source/?section=1;2", "headers/?section=../1"]
)
def test_bad_questions(visitor, rest):
    assert visitor.get(f"{visitor.message(1)}{rest}").status_code == 400
