"""The program under gunicorn as the README says to deploy it, over plain sockets: what a browser is really sent."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator

import pytest

from tests.front.odd import of
from tests.servers.browser import Browser
from tests.servers.dovecot import Dovecot
from tests.servers.program import Program

DOCUMENTED = {
    "HTTPS": "on",
    "BEHIND_PROXY": "on",
    "ALLOWED_HOSTS": "mail.example.org",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "CREDENTIAL_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PARTS = (
    b'Content-Type: text/html\r\n\r\n<p>hello <img src="https://pictures.example/1.png">',
    b'Content-Type: application/pdf; name="a.pdf"\r\n\r\n%PDF-1.4 nothing',
    b"Content-Type: text/html; name=page.html\r\nContent-Disposition: attachment\r\n\r\n<script>alert(1)</script>",
    b"Content-Type: image/svg+xml; name=a.svg\r\nContent-Disposition: attachment\r\n\r\n" + SVG,
)
LETTER = of(b"papers", b"mixed", *PARTS)


@pytest.fixture(scope="module")
def deployed(dovecot: Dovecot) -> Iterator[Program]:
    with Program(imap_url=dovecot.url, env=DOCUMENTED) as program:
        yield program


@pytest.fixture(scope="module")
def reader(deployed: Program, dovecot: Dovecot) -> tuple[Browser, str]:
    """Signed in, with the address of a message."""
    user = dovecot.user()
    user.deliver("INBOX", LETTER)
    browser = Browser(deployed.port)
    assert browser.sign_in(user).status == 302
    found = re.search(r'class="open" href="([^"]+)"', browser.ask("GET", "/folder/INBOX/").body)
    assert found is not None
    return browser, found[1]


def test_the_checks_have_nothing_to_say() -> None:
    # The tests themselves set this one, for Playwright.
    env = {**DOCUMENTED, "DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    served = Program(imap_url="imaps://mail.example.org", smtp_url="smtps://mail.example.org", env=env)
    try:
        assert "no issues" in served.manage("check", "--deploy", "--fail-level", "WARNING")
    finally:
        served.close()


def test_cookies_are_bound_to_the_host_and_to_https(reader: tuple[Browser, str]) -> None:
    browser, _ = reader
    for name in ("__Host-session", "__Host-key", "__Host-csrf"):
        line = browser.given[name].lower()
        assert "; secure" in line
        assert "; httponly" in line
        assert "; samesite=lax" in line
        assert "; path=/" in line
        assert "domain=" not in line
    assert all("; secure" in line.lower() for line in browser.given.values())


def test_plain_http_is_sent_to_https(deployed: Program) -> None:
    answer = Browser(deployed.port).ask("GET", "/sign-in/", X_Forwarded_Proto="http")
    assert answer.status == 301
    assert answer.headers["Location"] == "https://mail.example.org/sign-in/"


KINDS = (
    ("GET", "/folder/INBOX/", 200),
    ("GET", "/folder/Nowhere/", 404),
    ("GET", "/nowhere", 404),
    ("GET", "/static/nowhere.css", 404),
    ("GET", "/preferences/", 200),
    ("GET", "/picture/abc/", 404),
    ("POST", "/sign-out/", 403),
    ("OPTIONS", "/folder/INBOX/", 405),
    ("GET", "{m}", 200),
    ("GET", "{m}body/", 200),
    ("GET", "{m}print/", 200),
    ("GET", "{m}headers/", 200),
    ("GET", "{m}source/", 200),
    ("GET", "{m}message.eml", 200),
    ("GET", "{m}parts.zip", 200),
    ("GET", "{m}part/2/", 200),
    ("GET", "{m}part/2/?inline=1", 200),
    ("GET", "{m}part/3/?inline=1", 200),
    ("GET", "{m}part/4/?inline=1", 200),
    ("GET", "{m}part/9/", 404),
    ("HEAD", "{m}part/2/", 200),
    ("GET", "/folder/INBOX/?page=x", 400),
)


@pytest.mark.parametrize(("method", "path", "status"), KINDS)
def test_every_response_has_its_headers(
    reader: tuple[Browser, str], method: str, path: str, status: int
) -> None:
    browser, message = reader
    answer = browser.ask(method, path.format(m=message), {} if method == "POST" else None)
    headers = answer.headers
    assert answer.status == status
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"script-src[^;]*(unsafe|data:|https?:|\*)", policy)
    if "script-src 'self'" in policy:
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
    framed = path.endswith("body/")
    assert headers["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert re.fullmatch(r"max-age=\d{7,}.*", headers["Strict-Transport-Security"])
    assert "private" in headers["Cache-Control"] or "no-store" in headers["Cache-Control"]
    assert headers.get("Access-Control-Allow-Origin") is None
    assert len(headers.get_all("Content-Security-Policy") or ()) == 1
    if method == "HEAD":
        assert answer.body == ""


@pytest.mark.parametrize("part", ["3", "4"])
@pytest.mark.parametrize("query", ["", "?inline=1", "?inline=1&index=0"])
def test_markup_is_never_shown_as_a_page(reader: tuple[Browser, str], part: str, query: str) -> None:
    browser, message = reader
    answer = browser.ask("GET", f"{message}part/{part}/{query}")
    if answer.status == 200:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    else:
        assert answer.status == 404
        assert "index" in query


def test_another_host_name_gets_nothing(deployed: Program) -> None:
    answer = Browser(deployed.port).ask("GET", "/sign-in/", Host="evil.example")
    assert answer.status == 400
    assert "evil.example" not in answer.body


def test_signing_out_takes_the_cookies_back(deployed: Program, dovecot: Dovecot) -> None:
    browser = Browser(deployed.port)
    browser.sign_in(dovecot.user())
    before = dict(browser.cookies)
    page = browser.ask("GET", "/folder/INBOX/").body
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert token is not None
    out = browser.ask(
        "POST", "/sign-out/", {"csrfmiddlewaretoken": token[1]}, Referer="https://mail.example.org/"
    )
    assert out.status == 302
    for name in ("__Host-session", "__Host-key"):
        assert browser.cookies[name] in ("", '""')
        assert "; secure" in browser.given[name].lower()
    assert "cache" in out.headers["Clear-Site-Data"]
    again = Browser(deployed.port, before)
    assert again.ask("GET", "/folder/INBOX/").headers["Location"].startswith("/sign-in/")
