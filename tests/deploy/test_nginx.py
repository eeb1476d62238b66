"""The site of deploy/ in a real nginx before the whole house, looked at as a scanner would."""

from __future__ import annotations

import re
import secrets
import socket
import ssl
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.front.odd import letter
from tests.servers.browser import Browser
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.house import House
from tests.servers.nginx import Nginx
from tests.servers.program import Program

TWELVE_HEX = re.compile(r"/static/[^\"]+\.[0-9a-f]{12}\.css")
WEAK = [
    "AES128-SHA",
    "AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA384",
    "aNULL",
    "PSK",
]
OUTSIDE = [
    "/static../manage.py",
    "/static/../manage.py",
    "/static/%2e%2e/manage.py",
    "/static/..%2fworker.log",
]


@pytest.fixture
def user(dovecot: Dovecot) -> MailUser:
    user = dovecot.user()
    user.deliver("INBOX", letter(b"hello"))
    return user


def test_a_person_stays_with_one_instance_until_it_is_gone(house: House, user: MailUser) -> None:
    browsers = [house.browser(), house.browser()]
    mine = f"/folder/INBOX/?mark={secrets.token_hex(8)}"
    assert [browser.sign_in(user).status for browser in browsers] == [302, 302]
    for browser in browsers * 3:
        assert browser.ask("GET", mine).status == 200
    asked = house.asked(mine)
    assert asked.count(True) == 1

    gone = house.instances[asked.index(True)]
    gone.kill()
    for browser in browsers * 2:
        page = browser.ask("GET", mine)
        assert page.status == 200
        assert "hello" in page.body
    found = re.search(r'class="open" href="([^"]+)"', page.body)
    assert found is not None
    assert browsers[0].ask("GET", found[1]).status == 200
    assert house.asked(mine).count(True) == 2
    gone.launch()
    gone.wait()


def handshake(
    house: House, *, ciphers: str = "DEFAULT", version: ssl.TLSVersion | None = None
) -> ssl.SSLSocket:
    """As a client that can do no more than this."""
    context = ssl.create_default_context(cafile=str(house.nginx.ca_file))
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    context.set_alpn_protocols(["h2", "http/1.1"])
    if version:
        context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", house.nginx.port), timeout=20) as plain:
        return context.wrap_socket(plain, server_hostname="localhost")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_only_tls_that_is_good(house: House) -> None:
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        with handshake(house, version=version) as connection:
            assert connection.selected_alpn_protocol() == "h2"
            assert re.search("GCM|CHACHA20", str(connection.cipher()))
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(ssl.SSLError):
            handshake(house, version=version)
    for ciphers in WEAK:
        with pytest.raises(ssl.SSLError):
            handshake(house, ciphers=ciphers, version=ssl.TLSVersion.TLSv1_2)


def test_only_https(house: House) -> None:
    plain = Browser(house.nginx.plain_port).ask("GET", "/folder/INBOX/?page=2")
    assert (plain.status, plain.headers["Location"]) == (301, f"{house.url}/folder/INBOX/?page=2")
    assert "Set-Cookie" not in plain.headers


def test_what_each_answer_says_of_itself(house: House, user: MailUser) -> None:
    browser = house.browser()
    answers = [browser.ask("GET", "/sign-in/"), browser.sign_in(user), browser.ask("GET", "/folder/INBOX/")]
    answers += [browser.ask("GET", "/nowhere/"), browser.ask("GET", "/message/INBOX/1/1/")]
    assert [answer.status for answer in answers] == [200, 302, 200, 404, 302]
    for answer in answers:
        assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
        assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert answer.headers.get_all("X-Frame-Options") == ["DENY"]
        assert answer.headers.get_all("Referrer-Policy") == ["same-origin"]
        assert answer.headers.get_all("Cross-Origin-Opener-Policy") == ["same-origin"]
        (policy,) = answer.headers.get_all("Content-Security-Policy")
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Server"] == "nginx"
        assert "X-Powered-By" not in answer.headers
    for name, line in browser.given.items():
        assert "Path=/" in line
        assert "Domain" not in line
        assert "; Secure" in line, line
        assert "; HttpOnly" in line, line
        assert "; SameSite=Lax" in line, line
        assert name.startswith("__Host-") or name in ("route", "messages")
    assert {"__Host-session", "__Host-key", "__Host-csrf"} <= set(browser.given)
    zipped = browser.ask("GET", "/folder/INBOX/", Accept_Encoding="gzip, br")
    assert zipped.headers["Content-Encoding"] == "br"
    assert browser.ask("TRACE", "/").status == 405


def test_static_files_are_kept_and_small(house: House) -> None:
    browser = house.browser()
    sheet = TWELVE_HEX.search(browser.ask("GET", "/sign-in/").body)
    assert sheet is not None
    answer = browser.ask("GET", sheet[0], Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for path in OUTSIDE:
        assert browser.ask("GET", path).status in (400, 404)
    assert browser.ask("GET", "/static/staticfiles.json").headers.get("Cache-Control") is None
    assert not any(house.asked(sheet[0]))


def test_what_a_browser_says_of_its_address_is_not_believed(house: House, user: MailUser) -> None:
    """Else each guess could come from somewhere else."""
    browser = house.browser()
    statuses = []
    for number in range(11):
        stranger = replace(user, password=f"guess{number}")
        statuses.append(browser.sign_in(stranger, X_Forwarded_For=f"192.0.2.{number}").status)
    assert statuses == [422] * 10 + [429]


def test_tries_at_sign_in_are_held_back(house: House, user: MailUser) -> None:
    browser = house.browser()
    statuses = [browser.ask("POST", "/sign-in/", {"username": "x"}).status for _ in range(30)]
    assert 429 in statuses
    assert browser.ask("GET", "/sign-in/").status == 200


def test_too_large_is_refused_before_the_program_sees_it(house: House) -> None:
    answer = house.browser().ask("POST", "/compose/", Content_Length=str(64 << 20))
    assert answer.status == 413
    assert "larger than this service takes at once" in answer.body
    assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]


def test_nobody_answers(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """All instances away: nginx says so itself."""
    never_started = Program(imap_url="", unix=True)
    request.addfinalizer(never_started.close)
    with Nginx([never_started], static=tmp_path) as nginx:
        for path in ("/sign-in/", "/folder/INBOX/"):
            answer = Browser(nginx.port, tls=nginx.tls).ask("GET", path)
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "10"
            assert "This service is not answering" in answer.body
            assert "charset=utf-8" in answer.headers["Content-Type"]


def test_headers_have_a_limit(house: House) -> None:
    browser = house.browser()
    assert browser.ask("GET", "/sign-in/", X_Long="x" * 6_000).status == 200
    assert browser.ask("GET", "/sign-in/", X_Long="x" * 20_000).status == 400
    assert browser.ask("GET", "/sign-in/?" + "x" * 20_000).status == 414


def test_the_log_tells_nothing_of_the_mail(house: House, user: MailUser) -> None:
    browser = house.browser()
    browser.sign_in(user)
    browser.ask("GET", "/folder/Hemmeleg/?q=loyndom")
    log = house.nginx.log()
    assert '"GET /folder" 404' in log
    assert "emmeleg" not in log + house.nginx.errors()
    assert "loyndom" not in log + house.nginx.errors()


def test_machines_are_answered_here_alone(house: House) -> None:
    here, stranger = Browser(house.nginx.port, tls=house.nginx.tls), house.browser()
    for number in range(1, len(house.instances) + 1):
        metrics = here.ask("GET", f"/metrics/{number}")
        assert metrics.status == 200
        assert "ekorn_pool_people" in metrics.body
    end = time.monotonic() + 60
    while '"mail": "ok"' not in (ready := here.ask("GET", "/health/ready")).body and time.monotonic() < end:
        time.sleep(0.5)  # A busy machine may need more than the seconds that a part gets.
    assert ready.status == 200
    assert '"mail": "ok"' in ready.body
    assert "Set-Cookie" not in ready.headers
    for path in ("/metrics/1", "/health/ready", "/health/live"):
        assert stranger.ask("GET", path).status == 403
    for browser in (here, stranger):
        assert browser.ask("GET", "/metrics").status == 404


def test_a_request_has_one_number_in_all_logs(house: House, user: MailUser) -> None:
    browser = house.browser()
    browser.sign_in(user)
    made_up = "f" * 32
    number = browser.ask("GET", "/folder/Hemmeleg/", X_Request_ID=made_up).headers["X-Request-ID"]
    assert number in house.nginx.log()
    assert f"{number} django.request Not Found: folder" in house.log()
    assert made_up not in house.nginx.log() + house.log()
