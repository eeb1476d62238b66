"""Whatever a mail, a folder or a mail server calls itself, it stays text on every page, in every place of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.header import Header
from urllib.parse import quote

import lxml.html
import pytest

from tests.front.odd import multipart
from tests.front.visitor import Answer, Visitor
from tests.servers.dovecot import MailUser
from webmail.imap.session import Session

BREAKS = (
    "\"><x-pwn id=pwn onclick=pwn()>'",
    "'><x-pwn onclick=pwn()>\"",
    "</title></textarea></style></script><x-pwn>",
    "<img src=x onerror=pwn()>{{ pwn }}{% pwn %}",
    "&lt;x-pwn&gt;&quot;&#62;&#60;x-pwn&#62;",
    '" onmouseover=pwn() autofocus onfocus=pwn() x-pwn="',
    "javascript:pwn()//<x-pwn>",
)
LEADING = ("href", "src", "action", "hx-get", "hx-post", "formaction")
SCRIPT = re.compile(r"[\s\x00-\x1f]*(javascript|data|vbscript):", re.IGNORECASE)


def word(text: str) -> bytes:
    return Header(text, "utf-8", maxlinelen=10_000).encode().encode()


def hostile_letter(text: str) -> bytes:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    ics = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace(":", ":")
    event = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261126T100000Z\r\n"
        f"SUMMARY:{ics}\r\nLOCATION:{ics}\r\nDESCRIPTION:{ics}\r\nURL:{text}\r\n"
        f'ORGANIZER;CN="{text.replace(chr(34), "")}":mailto:a@b.example\r\n'
        f'ATTENDEE;CN="{text.replace(chr(34), "")}":mailto:c@d.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    nested = (
        b"Subject: " + word(text) + b"\r\nFrom: " + word(text) + b" <n@n.example>\r\n\r\n" + text.encode()
    )
    field, body = multipart(
        b"mixed",
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode() + b"\r\n> " + text.encode(),
        b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n" + event.encode(),
        b'Content-Type: image/png; name="'
        + quoted.encode()
        + b'"\r\nContent-Disposition: attachment\r\n\r\nx',
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''"
        + quote(f"{text}.pdf").encode()
        + b"\r\n\r\n%PDF-1.4",
        b"Content-Type: message/rfc822\r\n\r\n" + nested,
    )
    names = b"".join(
        name + b": " + word(text) + b" <who@example.org>\r\n" for name in (b"From", b"To", b"Cc", b"Reply-To")
    )
    return (
        names
        + b"Subject: "
        + word(text)
        + b"\r\nList-Id: "
        + word(text)
        + b" <x.example.org>\r\nX-Anything: "
        + text.encode()
        + b"\r\nMIME-Version: 1.0\r\n"
        + field
        + b"\r\n\r\n"
        + body
    )


def pages(kari: Visitor, folder: str) -> Iterator[tuple[str, Answer]]:
    listed = kari.list(folder)
    yield "list", listed
    (address,) = listed.rows
    yield "message", kari.get(address)
    for tail in ("?view=text", "?view=html", "headers/", "print/", "nested/5/", "print/?section=5"):
        yield tail, kari.get(address + tail)
    for target in ("messages", "list", "reading"):
        where = address if target == "reading" else f"{kari.list(folder).response.request['PATH_INFO']}"
        yield target, kari.get(where, HX_Request="true", HX_Target=target)


def strange(markup: str) -> list[str]:
    """What a parser finds that only the mail can have brought."""
    tree = lxml.html.document_fromstring(markup)
    found = [str(element.tag) for element in tree.iter() if "pwn" in str(element.tag)]
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            if name.startswith("on") or "pwn" in name:
                found.append(f"{element.tag} {name}")
            if name in LEADING and SCRIPT.match(value):
                found.append(f"{element.tag} {name}={value}")
    return found


@pytest.mark.parametrize("text", BREAKS)
def test_hostile_words_are_words_everywhere(kari: Visitor, mail_user: MailUser, text: str) -> None:
    mail_user.deliver("INBOX", hostile_letter(text))
    for where, answer in pages(kari, "INBOX"):
        assert answer.status == 200, where
        assert "pwn" in answer.markup, where
        assert strange(answer.markup) == [], where


@pytest.mark.parametrize("text", BREAKS)
def test_hostile_folders(kari: Visitor, mail_user: MailUser, text: str) -> None:
    name = text.replace("/", "|").replace("%", "|").replace("*", "|")
    mail_user.deliver(name, hostile_letter("pwn in a folder"))
    listed = kari.list(name)
    assert listed.status == 200
    for where, answer in pages(kari, name):
        assert strange(answer.markup) == [], where
    assert any("pwn" in label for label in listed.tree.xpath("//nav//text()"))
    assert strange(kari.get("/folder/INBOX/").markup) == []


@pytest.mark.parametrize("text", BREAKS)
def test_hostile_words_of_the_mail_server(
    kari: Visitor, mail_user: MailUser, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(Session, "take_alerts", lambda _: [text])
    page = kari.list()
    assert "pwn" in page.text
    assert strange(page.markup) == []


def test_hostile_words_in_addresses(kari: Visitor) -> None:
    """Reflected: what stands in the address of a page that is not there."""
    for text in BREAKS:
        for address in (f"/folder/{quote(text)}/", f"/{quote(text)}", f"/folder/INBOX/?page={quote(text)}"):
            answer = kari.get(address)
            assert answer.status in (400, 404)
            assert strange(answer.markup) == []
        form = Visitor().get(f"/sign-in/?next={quote('/' + text)}")
        assert strange(form.markup) == []
        wrong = Visitor().post("/sign-in/", username=text, password="x", next=f"/{text}")
        assert strange(wrong.markup) == []


@pytest.mark.parametrize("text", BREAKS)
def test_hostile_identities(kari: Visitor, mail_user: MailUser, text: str) -> None:
    """Their owner's own, but somebody else may have made them write it."""
    address = "/preferences/identities/"
    fields = dict.fromkeys(("name", "organisation", "signature_plain", "signature_rich", "sent_folder"), text)
    assert kari.post(f"{address}account/", **fields).location == address
    kari.post(f"{address}new/", address=mail_user.name, name=text)
    listed = kari.get(address)
    first, second = listed.tree.xpath("//ol[@class='identities']//a/@href")
    refused = kari.post(second, reply_to=text, bcc=text, address=text)
    assert refused.status == 422
    kari.post(address, change="delete", key=second.split("/")[-2])
    deleted = kari.get(f"{address}?deleted=1")
    assert "was deleted" in deleted.text
    for page in (listed, refused, deleted, kari.get(first)):
        assert "pwn" in page.text
        assert strange(page.markup) == []
    assert strange(kari.get(f"{first}signature/").markup) == []
