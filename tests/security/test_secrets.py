"""A real run: somebody signs in, reads, writes, attaches and sends marked words, and faults happen meanwhile. Then
everything that the program has left behind is searched for them.

The environment of the program is left out: it holds the keys because it is where they come from.
"""

from __future__ import annotations

import base64
import html
import http.client
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.security.searching import found, found_in_files
from tests.servers.browser import HOST, Browser
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.post import DOMAIN, Post
from tests.servers.program import Program
from tests.web.compose import Form
from webmail.administration.site import site

TOKEN = secrets.token_urlsafe(30)
ADMIN_PASSWORD = secrets.token_urlsafe(20)
WAIT_SECONDS = 60
SAID = f"sagt{secrets.token_hex(8)}"
FAULT = f"SELECT RAISE(ABORT, '{SAID}')"


def mark() -> str:
    """A word that stands nowhere else."""
    return f"merke{secrets.token_hex(8)}"


@dataclass
class Marks:
    """What nobody may find anywhere, and what may stand in the database, as it is the person's address book."""

    subject: str
    text: str
    html: str
    sender: str
    attachment: str
    filename: str
    folder: str
    search: str
    draft: str
    sent: str
    uploaded: str
    uploaded_name: str
    later: str
    posted: str
    query: str

    @classmethod
    def fresh(cls) -> Marks:
        return cls(*(mark() for _ in cls.__dataclass_fields__))

    def all(self) -> list[str]:
        return [getattr(self, name) for name in self.__dataclass_fields__]


@dataclass
class Run:
    """What was done is over; the program still runs."""

    program: Program
    user: MailUser
    browser: Browser
    admin: Browser
    marks: Marks
    recipient: str
    wrong_password: str

    @property
    def secrets(self) -> list[str]:
        """Nowhere, in no form."""
        cookies = [self.browser.cookies[name] for name in ("__Host-key", "__Host-session")]
        return [*self.marks.all(), self.user.password, self.wrong_password, *cookies]

    @property
    def said(self) -> str:
        return self.program.log()

    @property
    def mails(self) -> list[Path]:
        return sorted((self.program.directory / "mails").glob("*"))


@pytest.fixture(scope="module")
def run(dovecot: Dovecot, submission: Any, post: Post) -> Iterator[Run]:
    env = {
        "HTTPS": "on",
        "BEHIND_PROXY": "on",
        "ALLOWED_HOSTS": HOST,
        "MAIL_DOMAIN": DOMAIN,
        "LOG_LEVEL": "DEBUG",
        "ADMINS": "admin@example.org",
        "METRICS_TOKEN": TOKEN,
        "ADMIN_SECOND_FACTOR": "off",
        "CREDENTIAL_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "DJANGO_SUPERUSER_PASSWORD": ADMIN_PASSWORD,
    }
    program = Program(imap_url=dovecot.url, smtp_url=submission.url, env=env)
    program.environment |= {
        "EMAIL_URL": f"filemail:///{program.directory / 'mails'}",
        "CACHE_URL": f"filecache://{program.directory / 'cache'}",
    }
    with program:
        program.manage("createsuperuser", "--noinput", "--username", "root")
        yield marked(program, dovecot, post)


def marked(program: Program, dovecot: Dovecot, post: Post) -> Run:
    user, other = dovecot.user(), dovecot.user()
    run = Run(
        program,
        user,
        Browser(program.port),
        Browser(program.port),
        Marks.fresh(),
        post.address(other),
        mark(),
    )
    reads(run)
    writes(run)
    fails(run)
    sign_in_to_admin(run)
    return run


def letter(marks: Marks) -> bytes:
    return "\r\n".join(
        (
            f"From: {marks.sender} <{marks.sender}@fjord.example>",
            "To: kari@example.org",
            f"Subject: {marks.subject}",
            "Message-ID: <marked@fjord.example>",
            "Date: Tue, 24 Nov 2026 12:00:00 +0100",
            "MIME-Version: 1.0",
            'Content-Type: multipart/mixed; boundary="b"',
            "",
            "--b",
            "Content-Type: text/html; charset=utf-8",
            "",
            f"<p>{marks.html} <a href='https://fjord.example/{marks.html}'>x</a>",
            "--b",
            "Content-Type: text/plain; charset=utf-8",
            "",
            marks.text,
            "--b",
            f'Content-Type: text/plain; name="{marks.filename}.txt"',
            f'Content-Disposition: attachment; filename="{marks.filename}.txt"',
            "Content-Transfer-Encoding: base64",
            "",
            base64.b64encode(marks.attachment.encode()).decode(),
            "--b--",
            "",
        )
    ).encode()


def reads(run: Run) -> None:
    user, browser, marks = run.user, run.browser, run.marks
    user.deliver("INBOX", letter(marks))
    with user.imap() as client:
        client.create(marks.folder)
    wrong = Browser(run.program.port).sign_in(replace(user, password=run.wrong_password))
    assert wrong.status == 422
    assert browser.sign_in(user).status == 302
    page = browser.ask("GET", "/folder/INBOX/")
    assert marks.subject in page.body
    (address,) = set(re.findall(r'class="open" href="([^"?]+)', page.body))
    opened = browser.ask("GET", address)
    assert opened.status == 200
    for tail in ("body/", "headers/", "source/", "print/", "part/2/", "part/3/", "parts.zip"):
        assert browser.ask("GET", address + tail).status == 200, tail
    assert browser.ask("GET", f"/folder/{marks.folder}/").status == 200
    assert browser.ask("GET", f"/folder/INBOX/?q={marks.search}").status == 200
    assert browser.ask("GET", "/folders/").status == 200


def writes(run: Run) -> None:
    browser, marks = run.browser, run.marks
    sending = filled(run, marks.sent)
    assert post_form(browser, {**sending, "do": "send"}).status == 303
    later = filled(run, marks.later)
    assert post_form(browser, {**later, "do": "send-later", "send_at": "2099-01-01T10:00"}).status == 303
    draft = filled(run, marks.draft)
    assert post_form(browser, {**draft, "do": "save"}).status == 200
    filled(run, marks.text)  # Begun, with a file, and left.


def filled(run: Run, words: str) -> dict[str, Any]:
    """The form, with a marked file."""
    browser, marks = run.browser, run.marks
    form = Form(browser.ask("GET", "/compose/").body.encode("latin-1").decode())
    fields: dict[str, Any] = {}
    for name, value in form.fields:
        fields.setdefault(name, []).append(value)
    line = upload(browser, form.value("csrfmiddlewaretoken"), f"{marks.uploaded_name}.txt", marks.uploaded)
    token = re.search(r'name="attachment" value="([^"]+)"', line)
    assert token is not None
    return fields | {
        "to": run.recipient,
        "subject": words,
        "text": f"Hei\n{words}\n",
        "attachment": html.unescape(token[1]),
    }


def upload(browser: Browser, token: str, name: str, content: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=30)
    headers = {
        "Host": HOST,
        "X-Forwarded-Proto": "https",
        "Referer": f"https://{HOST}/compose/",
        "X-CSRFToken": token,
        "Content-Type": "text/plain",
        "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
    }
    connection.request("POST", f"/compose/upload/?{urlencode({'name': name})}", content.encode(), headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status == 201, body
    return body


def post_form(browser: Browser, fields: dict[str, Any], path: str = "/compose/") -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=60)
    headers = {
        "Host": HOST,
        "X-Forwarded-Proto": "https",
        "Referer": f"https://{HOST}{path}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
    }
    connection.request("POST", path, urlencode(fields, doseq=True), headers)
    answer: Any = connection.getresponse()
    answer.body = answer.read().decode()
    connection.close()
    return answer


def fails(run: Run) -> None:
    """Requests of every kind that end badly, the last ones by faults of the program's own."""
    browser, marks = run.browser, run.marks
    assert browser.ask("GET", f"/folder/{quote('no such ' + marks.folder)}/").status == 404
    assert browser.ask("GET", f"/nothing/{marks.query}/?{marks.query}={marks.query}").status == 404
    assert browser.ask("GET", "/folder/INBOX/", Host=f"{marks.query}.example").status == 400
    assert post_form(browser, {"text": marks.posted, "csrfmiddlewaretoken": "x" * 64}).status == 403
    token = Form(browser.ask("GET", "/compose/").body).value("csrfmiddlewaretoken")
    fields = {"name": marks.posted, "note": marks.posted, "csrfmiddlewaretoken": token}
    database = run.program.directory / "ekorn.sqlite3"
    change(database, f"CREATE TRIGGER fault BEFORE INSERT ON contacts_contact BEGIN {FAULT}; END")
    try:
        assert post_form(browser, fields, f"/contacts/new/?next={marks.query}").status == 500
    finally:
        change(database, "DROP TRIGGER fault")
    change(database, "ALTER TABLE contacts_contact RENAME TO away")
    try:
        assert browser.ask("GET", f"/contacts/?q={marks.query}").status == 503
    finally:
        change(database, "ALTER TABLE away RENAME TO contacts_contact")
    assert browser.ask("GET", "/contacts/").status == 200
    end = time.monotonic() + WAIT_SECONDS
    while not run.mails and time.monotonic() < end:
        time.sleep(0.05)


def change(database: Path, statement: str) -> None:
    with sqlite3.connect(database, timeout=WAIT_SECONDS) as connection:
        connection.execute(statement)
    connection.close()


def sign_in_to_admin(run: Run) -> None:
    form = run.admin.ask("GET", "/admin/login/")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', form.body)
    assert token is not None
    fields = {"username": "root", "password": ADMIN_PASSWORD, "csrfmiddlewaretoken": token[1]}
    answer = run.admin.ask("POST", "/admin/login/", fields, Referer=f"https://{HOST}/admin/login/")
    assert answer.status == 302, answer.body


def test_files_of_the_program(run: Run) -> None:
    """The database with its write-ahead log, uploads, the outbox and the cache on disk: while all of it is there."""
    places = run.program.directory
    assert list((places / "uploads").rglob("*"))
    assert list((places / "outbox").rglob("*"))
    assert list((places / "cache").rglob("*"))
    assert found_in_files(run.secrets, [places]) == {}
    # The search finds what is there: whose account it is, and whom they wrote to.
    held = found_in_files([run.user.name], [places])
    assert places / "ekorn.sqlite3" in held or places / "ekorn.sqlite3-wal" in held


def test_the_log(run: Run) -> None:
    assert "Internal Server Error: contact-new" in run.said
    assert "Not Found: folder" in run.said
    assert "IntegrityError" in run.said
    assert found([*run.secrets, run.recipient.partition("@")[0], SAID], run.said.encode()) == set()


def test_mails_about_errors(run: Run) -> None:
    assert run.mails
    text = b"".join(mail.read_bytes() for mail in run.mails)
    assert b"IntegrityError" in text
    assert b"View:    contact-new" in text
    assert re.search(rb"Request: [0-9a-f]{32}", text)
    assert found([*run.secrets, run.user.name, run.recipient.partition("@")[0], SAID], text) == set()


def test_metrics(run: Run) -> None:
    sent, end = re.compile(r'ekorn_sends_total\{state="accepted"\} [1-9]'), time.monotonic() + WAIT_SECONDS
    while True:
        answer = run.browser.ask("GET", "/metrics", Authorization=f"Bearer {TOKEN}")
        assert answer.status == 200
        if sent.search(answer.body) or time.monotonic() > end:
            break
        time.sleep(0.1)
    assert sent.search(answer.body)
    assert re.search(r'ekorn_requests_total\{status="5xx",view="contacts"\} [1-9]', answer.body)
    assert re.search(r'ekorn_uploads_total\{result="kept"\} [1-9]', answer.body)
    assert 'ekorn_outbox_waiting{state="queued"} 1.0' in answer.body
    personal = [run.user.name, run.recipient.partition("@")[0]]
    assert found([*run.secrets, *personal], answer.body.encode()) == set()


def test_every_page_of_the_admin(run: Run) -> None:
    seen: dict[str, str] = {}
    left = ["/admin/", *(f"/admin/{model._meta.label_lower.replace('.', '/')}/" for model in site._registry)]
    while left and len(seen) < 200:
        path = left.pop(0)
        if path in seen:
            continue
        answer = run.admin.ask("GET", path)
        assert answer.status in (200, 302), (path, answer.status)
        seen[path] = answer.body
        links = re.findall(r'(?:href|src)="(/admin/[^"#]*|\?[^"#]*)"', answer.body)
        left += [path.partition("?")[0] + link if link[0] == "?" else link for link in links]
        left = [link.replace("&amp;", "&") for link in left if "logout" not in link]
    assert "/admin/" in seen
    for path, page in seen.items():
        assert found(run.secrets, (path + page).encode()) == set(), path
