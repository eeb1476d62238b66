"""What other sites, odd methods and odd addresses can make the program do: nothing."""

from __future__ import annotations

import re

import pytest

from tests.front.odd import letter, of
from tests.front.visitor import Visitor
from tests.servers.dovecot import MailUser

PICTURE = b'Content-Type: text/html\r\n\r\n<p>x<img src="https://pictures.example/1.png" width=50 height=50>'


@pytest.fixture
def message(kari: Visitor, mail_user: MailUser) -> str:
    mail_user.deliver("INBOX", of(b"a picture", b"mixed", PICTURE))
    (address,) = kari.list().rows
    return address


@pytest.mark.parametrize("tail", ["", "body/", "print/"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_link_loads_no_pictures(kari: Visitor, message: str, tail: str, site: str) -> None:
    ours = kari.get(f"{message}{tail}?remote=1", Sec_Fetch_Site="same-origin")
    theirs = kari.get(f"{message}{tail}?remote=1", Sec_Fetch_Site=site)
    typed = kari.get(f"{message}{tail}?remote=1", Sec_Fetch_Site="none")
    loads = "remote=1" if not tail else "/picture/"
    for answer, wanted in ((ours, True), (typed, True), (theirs, False)):
        assert answer.status == 200
        shown = " ".join(answer.tree.xpath("//iframe/@src | //img/@src"))
        assert (loads in shown) is wanted


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(kari: Visitor, message: str, method: str) -> None:
    for address in (
        message,
        f"{message}part/1/",
        "/folder/INBOX/",
        "/sign-in/",
        "/sign-out/",
        "/preferences/",
        "/",
    ):
        assert getattr(kari.client, method)(address).status_code == 405


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://[", ""),
        ("http://[::1", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,<script>alert(1)</script>", ""),
        ("java\tscript:alert(1)", ""),
        ("https://bank.example@evil.example/x", "https://evil.example/x"),
        ("https://bank.example%2f" + "a" * 80 + "@evil.example/", "https://evil.example/"),
        ("https:\\\\evil.example", "https://evil.example/"),
        ("https://meet.example/1?a=b&c=d", "https://meet.example/1?a=b&c=d"),
    ],
)
def test_an_invitations_address_leads_where_it_reads(
    kari: Visitor, mail_user: MailUser, url: str, shown: str
) -> None:
    event = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261126T100000Z\r\n"
        f"SUMMARY:meet\r\nURL:{url}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    field = b"Content-Type: text/calendar; method=REQUEST; charset=utf-8"
    mail_user.deliver("INBOX", letter(b"invitation", b"MIME-Version: 1.0", field, body=event.encode()))
    (address,) = kari.list().rows
    page = kari.get(address)
    assert page.status == 200
    links = [link for link in page.links() if not link.startswith(("/", "#"))]
    assert links == ([shown] if shown else [])


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https:evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:%20a=b",
        "/\r\nSet-Cookie: a=b",
        "///evil.example",
        "/.//evil.example",
        "/folder/..//evil.example",
        "\x00//evil.example",
        "/@evil.example",
        "/sign-out/",
        "evil.example",
        "/" + "a" * 5000,
    ],
)
def test_every_way_back_stays_here(kari: Visitor, mail_user: MailUser, target: str) -> None:
    answers = [
        kari.post("/preferences/", theme="dark", next=target),
        kari.post("/trust/", address="a@example.org", next=target),
        kari.get(f"/sign-in/?next={target}") if "\n" not in target else kari.get("/sign-in/"),
        kari.sign_in(mail_user, next=target),
    ]
    for answer in answers:
        assert answer.status == 302
        # As a browser reads it: without tabs and line ends, backslashes as slashes.
        seen = re.sub(r"[\t\r\n]", "", answer.location).replace("\\", "/")
        assert seen.startswith("/")
        assert not seen.startswith("//")
        assert "Set-Cookie" not in answer.headers


def test_a_frameless_message_has_a_policy_when_opened_alone(kari: Visitor, message: str) -> None:
    for tail in ("body/", "print/"):
        policy = kari.get(message + tail).headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        assert "allow-forms" not in policy
        assert "allow-top-navigation" not in policy
        assert "script-src" not in policy
