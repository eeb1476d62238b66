"""Two instances behind a real nginx with the site of deploy/, over HTTPS."""

from __future__ import annotations

import itertools
import re
import secrets
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.front.odd import letter
from tests.servers.browser import Browser
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.nginx import Nginx
from tests.servers.program import Program

NUMBERS = itertools.count(1)
TWELVE_HEX = re.compile(r"/static/[^\"]+\.[0-9a-f]{12}\.css")


@dataclass
class Site:
    nginx: Nginx
    instances: list[Program]

    def browser(self) -> Browser:
        """Each from an address of its own, as nginx counts by them."""
        return Browser(self.nginx.port, tls=self.nginx.tls, address=f"127.0.1.{next(NUMBERS)}")

    def asked(self, path: str) -> list[bool]:
        """Which instances were asked for it."""
        return [path in (one.directory / "access").read_text() for one in self.instances]


@pytest.fixture(scope="module")
def site(dovecot: Dovecot) -> Iterator[Site]:
    place = Path(tempfile.mkdtemp(prefix="ekorn-site-"))
    place.chmod(0o711)  # nginx is nobody here.
    common = {
        "HTTPS": "on",
        "BEHIND_PROXY": "on",
        "ALLOWED_HOSTS": "localhost",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"sqlite:///{place / 'ekorn.sqlite3'}",
        "STATIC_ROOT": str(place / "static"),
    }
    instances = [Program(imap_url=dovecot.url, env=common) for _ in range(2)]
    try:
        for one in instances:
            one.environment["ACCESS_LOG"] = str(one.directory / "access")
            one.start(static=one is instances[0])
        with Nginx(instances, static=place / "static") as nginx:
            yield Site(nginx, instances)
    finally:
        for one in instances:
            one.close()
        shutil.rmtree(place)


@pytest.fixture
def user(dovecot: Dovecot) -> MailUser:
    user = dovecot.user()
    user.deliver("INBOX", letter(b"hello"))
    return user


def test_a_person_stays_with_one_instance_until_it_is_gone(site: Site, user: MailUser) -> None:
    browsers = [site.browser(), site.browser()]
    assert [browser.sign_in(user).status for browser in browsers] == [302, 302]
    for browser in browsers * 3:
        assert browser.ask("GET", "/folder/INBOX/").status == 200
    asked = site.asked("/folder/INBOX/")
    assert sorted(asked) == [False, True]

    site.instances[asked.index(True)].kill()
    for browser in browsers * 2:
        page = browser.ask("GET", "/folder/INBOX/")
        assert page.status == 200
        assert "hello" in page.body
    found = re.search(r'class="open" href="([^"]+)"', page.body)
    assert found is not None
    assert browsers[0].ask("GET", found[1]).status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_only_https(site: Site) -> None:
    plain = Browser(site.nginx.plain_port).ask("GET", "/folder/INBOX/?page=2")
    assert (plain.status, plain.headers["Location"]) == (301, f"{site.nginx.url}/folder/INBOX/?page=2")
    page = site.browser().ask("GET", "/sign-in/")
    assert page.status == 200
    assert page.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert re.fullmatch("nginx", page.headers["Server"])
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        Browser(site.nginx.port, tls=old).ask("GET", "/sign-in/")


def test_static_files_are_kept_and_small(site: Site) -> None:
    browser = site.browser()
    sheet = TWELVE_HEX.search(browser.ask("GET", "/sign-in/").body)
    assert sheet is not None
    answer = browser.ask("GET", sheet[0], Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.ask("GET", "/static/../manage.py").status in (400, 404)
    assert browser.ask("GET", "/static/staticfiles.json").headers.get("Cache-Control") is None
    assert not any(site.asked(sheet[0]))


def test_what_a_browser_says_of_its_address_is_not_believed(site: Site, user: MailUser) -> None:
    """Else each guess could come from somewhere else."""
    browser = site.browser()
    statuses = []
    for number in range(11):
        stranger = replace(user, password=f"guess{number}")
        statuses.append(browser.sign_in(stranger, X_Forwarded_For=f"192.0.2.{number}").status)
    assert statuses == [422] * 10 + [429]


def test_tries_at_sign_in_are_held_back(site: Site, user: MailUser) -> None:
    browser = site.browser()
    statuses = [browser.ask("POST", "/sign-in/", {"username": "x"}).status for _ in range(30)]
    assert 429 in statuses
    assert browser.ask("GET", "/sign-in/").status == 200


def test_too_large_is_refused_before_the_program_sees_it(site: Site) -> None:
    answer = site.browser().ask("POST", "/compose/", Content_Length=str(64 << 20))
    assert answer.status == 413
    assert "413 " in answer.body  # Nginx's own page.


def test_the_log_tells_nothing_of_the_mail(site: Site, user: MailUser) -> None:
    browser = site.browser()
    browser.sign_in(user)
    browser.ask("GET", "/folder/Hemmeleg/?q=loyndom")
    log = site.nginx.log()
    assert '"GET /folder" 404' in log
    assert "emmeleg" not in log + site.nginx.errors()
    assert "loyndom" not in log + site.nginx.errors()
