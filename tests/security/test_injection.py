"""What a person types or an address holds reaches the mail server as a value, never as a command."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.front.odd import letter
from tests.front.visitor import Visitor
from tests.servers.dovecot import MailUser
from tests.servers.tap import Tap
from webmail.web.addresses import folder_address

KNOWN = {
    "CAPABILITY", "AUTHENTICATE", "LOGIN", "ID", "ENABLE", "NAMESPACE", "LIST", "SELECT", "NOOP", "STATUS", "LOGOUT",
    "UID FETCH", "FETCH", "UID STORE", "UNSELECT",
}  # fmt: skip
VERBS = re.compile(rf"(?:{'|'.join(KNOWN)})(?: |\Z)", re.IGNORECASE)
QUOTED = re.compile(r'"(?:[^"\\\r\n]|\\["\\])*"')
NAMES = (
    'a" "b', "a\\", 'a\\"', "a{3}", "a{3+}", "(a", "a)", "%", "*", "NIL", '"', "a b", "&", "&-", "&AAA-", "&AA0ACg-",
    "~", "{5}\\r\\nabc", "a\u2028b", "å" * 600, "INBOX\" (CONDSTORE)", "]", "../../etc", "/", "\u202eabc", "😀" * 40,
)  # fmt: skip
CUT = ("a\r\nA1 LOGOUT", "a\nA1 DELETE INBOX", "a\rb", "a\0b", "\ud800", "a\r\n")


@pytest.fixture
def tapped(visitor: Visitor, mail_user: MailUser, tap: Tap, settings) -> Visitor:
    settings.IMAP_URL = tap.url
    mail_user.deliver("INBOX", letter(b"still here"))
    assert visitor.sign_in(mail_user).status == 302
    assert visitor.list().status == 200
    return visitor


def unknown(tap: Tap, mark: int) -> list[str]:
    """Commands that the program does not use here; and those whose quotes do not close, so that more may follow."""
    asked = [QUOTED.sub('""', command) for command in tap.since(mark).commands]
    return [command for command in asked if not VERBS.match(command) or command.replace('""', "").count('"')]


@pytest.mark.parametrize("name", NAMES + CUT)
def test_names_of_folders(tapped: Visitor, tap: Tap, name: str) -> None:
    mark = tap.mark()
    for address in (folder_address(name), folder_address(name).replace("/folder/", "/mark/")):
        assert tapped.get(address).status in (404, 405)
    assert tapped.get(f"{folder_address(name).replace('/folder/', '/message/')}1/1/").status in (302, 404)
    marked = tapped.post(
        folder_address(name).replace("/folder/", "/mark/"), uid_validity="1", uid="1", do="star"
    )
    assert marked.status in (302, 404)
    assert unknown(tap, mark) == []
    assert "still here" in tapped.list().text
    if name in CUT:
        assert not any("LOGOUT" in command or "DELETE" in command for command in tap.since(mark).commands)


@pytest.mark.parametrize(
    "raw", ["a%0d%0aA1%20LOGOUT", "a%250d%250aA1", "a~0d~0aA1%20LOGOUT", "a%00b", "%ff%fe", "a%c0%8ab"]
)
def test_addresses_by_hand(tapped: Visitor, tap: Tap, raw: str) -> None:
    mark = tap.mark()
    assert tapped.get(f"/folder/{raw}/").status == 404
    assert unknown(tap, mark) == []
    assert "still here" in tapped.list().text


@pytest.mark.parametrize(
    "section", ["1.HEADER", "1]<0.5>", "1%20BODY[2]", "TEXT", "0", "1.", "9999999", "1" + ".1" * 200]
)
def test_numbers_of_parts(tapped: Visitor, tap: Tap, section: str) -> None:
    (address,) = tapped.list().rows
    mark = tap.mark()
    assert tapped.get(f"{address}part/{section}/").status == 404
    for tail in ("body/", "headers/", "source/", "print/", "parts.zip"):
        assert tapped.get(f"{address}{tail}?section={quote(section)}").status in (400, 404)
    assert unknown(tap, mark) == []


@pytest.mark.parametrize("character", ["\r", "\n", "\0", "\r\nA1 LOGOUT\r\n"])
def test_names_and_passwords(
    visitor: Visitor, mail_user: MailUser, tap: Tap, settings, character: str
) -> None:
    settings.IMAP_URL = tap.url
    mark = tap.mark()
    fields = (
        {"username": f"{mail_user.name}{character}x", "password": "x"},
        {"username": mail_user.name, "password": f"x{character}{mail_user.password}"},
    )
    for one in fields:
        assert visitor.post("/sign-in/", **one).status == 422
    assert unknown(tap, mark) == []


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nSet-Cookie: a=b.txt",
        'a"; filename="b.exe',
        "a\nb.txt",
        "a\0b.txt",
        "../../../etc/passwd",
        "C:\\windows\\system32\\x.dll",
        "a\u202efdp.exe",
        "a%0d%0aX: y.txt",
        "x" * 5000 + ".txt",
        "\ud83d.txt",
    ],
)
def test_names_of_files_in_headers(kari: Visitor, mail_user: MailUser, name: str) -> None:
    spelt = quote(name, safe="", errors="replace").encode()
    part = b"\r\nContent-Disposition: attachment; filename*=utf-8''" + spelt + b"\r\n\r\nx\r\n--b--\r\n"
    body = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: application/x-y" + part
    subject = re.sub(r"[\r\n\0]", "", name).encode("ascii", "ignore")
    mail_user.deliver("INBOX", letter(subject, b"Content-Type: multipart/mixed; boundary=b", body=body))
    (address,) = kari.list().rows
    for tail in ("part/2/", "parts.zip", "message.eml"):
        answer = kari.get(address + tail)
        given = answer.headers["Content-Disposition"]
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        assert "X" not in answer.headers
        assert re.fullmatch(
            r'attachment; filename="[^"\\/\x00-\x1f]+"(; filename\*=UTF-8\'\'[\w!#$&+.^`|~%-]+)?', given
        )
        assert not re.search(r"%(0[0-9A-F]|1[0-9A-F]|2F|5C|E2%80%AE)", given)
        assert len(given) < 1200
