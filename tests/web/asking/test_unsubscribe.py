"""Leaving a list: one click where the administrator's host vouches for the sender, else by a letter or a link."""

from __future__ import annotations

import re
import ssl
from ipaddress import ip_address

import pytest

from tests.remote.servers import WebServer, answer, redirect
from tests.servers.certificate import Authority
from tests.web.asking.messages import plain
from webmail.mail.header_block import first, parse_headers
from webmail.mailbox.responding import leaving

HOST = "list.example"
ONE_CLICK = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
SIGNED = "DKIM-Signature: v=1; d=fjord.example; s=k; h=from:list-unsubscribe:list-unsubscribe-post; b=x"
JUDGED = "Authentication-Results: mx.fjord.example; dkim=pass header.d=fjord.example header.s=k; dmarc=pass"
MAIL = "<mailto:leave@list.example?subject=unsubscribe%20me&body=Please>"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def web(authority, monkeypatch):
    """The list's own server: every name leads to it, and no other port is open to us."""
    pair = authority.issue(HOST)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pair.cert_file, pair.key_file)
    trusting = ssl.create_default_context(cafile=str(authority.ca_file))
    with WebServer({"/u": answer(b"")}, tls=tls) as server:
        monkeypatch.setattr(leaving, "GUARD", server.guard(tls=lambda: trusting))
        yield server


@pytest.fixture(autouse=True)
def trusted(settings):
    settings.TRUSTED_AUTH_HOSTS = ["mx.fjord.example"]


def news(web, *more: str, path: str = "/u", mail: str = MAIL) -> bytes:
    ways = ", ".join(filter(None, (f"<{web.url(path, host=HOST)}>", mail)))
    return plain(JUDGED, SIGNED, f"List-Unsubscribe: {ways}", ONE_CLICK, *more)


def click(reader, address):
    return reader.post(f"{address}unsubscribe/", {"do": "click"})


def test_one_click(reader, web):
    address = reader.letter(news(web))
    assert 'value="click"' in reader.page(address)
    assert web.requests == []
    assert click(reader, address)["Location"] == address
    (request,) = web.requests
    assert request.startswith("POST /u HTTP/1.1\r\n")
    assert request.endswith("\r\n\r\nList-Unsubscribe=One-Click")
    assert not re.search(r"(?i)\r\n(cookie|referer|origin|authorization|x-forwarded)", request)
    assert reader.user.name not in request
    page = reader.page(address)
    assert "list.example was told that you leave, and took it." in page
    assert "You have asked to be taken off this list." in page
    assert reader.posted() == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (answer(b"", status="404 Not Found"), "it answered “404”"),
        (answer(b"", status="500 Oh"), "it answered “500”"),
        (redirect("https://127.0.0.1/"), "it answered “302”"),
        (lambda sock, request: None, "it does not answer"),
    ],
)
def test_what_the_server_said_is_told(reader, web, script, words):
    web.paths["/u"] = script
    address = reader.letter(news(web))
    told = click(reader, address)
    assert told["Location"] == f"{address}unsubscribe/"
    page = reader.page(told["Location"])
    assert words in page
    assert "leave@list.example" in page
    assert len(web.requests) == 1
    assert "You have asked" not in reader.page(address)


@pytest.mark.parametrize(
    "changed",
    [
        JUDGED.replace("dkim=pass", "dkim=fail"),
        JUDGED.replace("mx.fjord.example", "mx.evil.example"),
        JUDGED.replace("header.d=fjord.example", "header.d=evil.example"),
        "X-None: at all",
    ],
)
def test_not_for_who_is_not_vouched_for(reader, web, changed):
    raw = news(web).replace(JUDGED.encode(), changed.encode())
    address = reader.letter(raw)
    page = reader.page(address)
    assert 'value="click"' not in page
    assert f'href="{address}unsubscribe/"' in page
    click(reader, address)
    assert web.requests == []


def test_not_where_no_host_is_trusted(reader, web, settings):
    settings.TRUSTED_AUTH_HOSTS = []
    address = reader.letter(news(web))
    click(reader, address)
    assert web.requests == []


def test_a_verdict_from_before_it_was_passed_on_is_not_the_hosts(reader, web):
    """Below a Received field anybody may have written it."""
    raw = news(web).replace(
        JUDGED.encode(),
        b"Authentication-Results: mx.fjord.example; spf=none\r\nReceived: from evil by mx.fjord.example; x\r\n"
        + JUDGED.encode(),
    )
    address = reader.letter(raw)
    assert 'value="click"' not in reader.page(address)
    click(reader, address)
    assert web.requests == []


@pytest.mark.parametrize(
    "inward", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "100.64.0.9", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_inward(reader, web, monkeypatch, inward):
    from webmail.remote.guard import Guard

    guard = Guard(resolve=lambda host, seconds: [ip_address(inward)], ports=frozenset({web.port}))
    monkeypatch.setattr(leaving, "GUARD", guard)
    address = reader.letter(news(web))
    assert click(reader, address)["Location"] == f"{address}unsubscribe/"
    assert web.requests == []
    assert "it does not answer" in reader.page(f"{address}unsubscribe/")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/u",
        "https://localhost/u",
        "http://list.example/u",
        "https://u:p@list.example/u",
        "https://[::1]/u",
        "https://2130706433/u",
        "https://list.example:22/u",
        "https://list.example/u%0d%0aX:y",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_addresses_that_are_not_for_us(reader, web, url):
    address = reader.letter(plain(JUDGED, SIGNED, f"List-Unsubscribe: <{url}>", ONE_CLICK))
    page = reader.page(address)
    assert "javascript:" not in page
    click(reader, address)
    assert web.requests == []
    ways = reader.get(f"{address}unsubscribe/")
    assert b"javascript:" not in ways.content
    assert b"data:text" not in ways.content


def letter_form(reader, address):
    page = reader.page(f"{address}unsubscribe/")
    found = re.search(r'name="message_id" value="([^"]+)"', page)
    return page, {"do": "letter", "message_id": found[1] if found else ""}


def test_by_mail_after_it_was_shown(reader):
    address = reader.letter(plain(f"List-Unsubscribe: {MAIL}"))
    page, form = letter_form(reader, address)
    for words in ("leave@list.example", "unsubscribe me", "Please"):
        assert words in page
    assert reader.posted() == []
    assert reader.post(f"{address}unsubscribe/", form)["Location"] == address
    reader.post(f"{address}unsubscribe/", form)
    (content,) = reader.posted()
    headers = parse_headers(content)
    assert first(headers, "to") == b"leave@list.example"
    assert first(headers, "subject") == b"unsubscribe me"
    assert reader.smtp.wires("RCPT") == [b"RCPT TO:<leave@list.example>"]
    assert reader.sent() == [content]
    assert "You have asked to be taken off this list." in reader.page(address)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:leave@list.example?subject=a%0d%0aBcc:%20spy@evil.example",
        "mailto:leave@list.example?bcc=spy@evil.example&cc=spy@evil.example&to=spy@evil.example",
        "mailto:leave@list.example?From=spy@evil.example&attach=/etc/passwd&body=a%0d%0a.%0d%0aRCPT%20TO:spy",
        "mailto:leave@list.example%0d%0aRCPT%20TO:<spy@evil.example>",
        "mailto:leave@list.example,spy@evil.example",
    ],
)
def test_nothing_but_one_recipient_a_subject_and_words(reader, url):
    address = reader.letter(plain(f"List-Unsubscribe: <{url}>"))
    ways = reader.get(f"{address}unsubscribe/")
    if ways.status_code == 200:
        _, form = letter_form(reader, address)
        reader.post(f"{address}unsubscribe/", form)
    for content in reader.posted():
        head = content.partition(b"\r\n\r\n")[0].lower()
        assert b"spy@evil.example" not in b"".join(
            line for line in head.split(b"\r\n") if not line.startswith(b"subject:")
        )
        assert b"\r\nbcc" not in head
    assert all(wire == b"RCPT TO:<leave@list.example>" for wire in reader.smtp.wires("RCPT"))


def test_a_link_opens_apart(reader):
    address = reader.letter(plain("List-Unsubscribe: <https://list.example/leave?who=a%20b>"))
    page = reader.page(f"{address}unsubscribe/")
    assert 'href="https://list.example/leave?who=a%20b" target="_blank" rel="noopener noreferrer"' in page
    assert reader.post(f"{address}unsubscribe/", {"do": "letter", "message_id": "x"}).status_code == 400


def test_where_there_is_none(reader):
    address = reader.letter(plain())
    assert "mailing list" not in reader.page(address)
    assert reader.get(f"{address}unsubscribe/")["Location"] == address
    assert reader.post(f"{address}unsubscribe/", {"do": "x"}).status_code == 400
