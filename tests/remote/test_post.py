"""The real POST over real TLS to loopback, which a guard of the tests allows."""

from __future__ import annotations

import socket
import ssl
from ipaddress import ip_address

import pytest

from tests.remote.servers import WebServer, answer, redirect
from tests.servers.certificate import Authority
from webmail.remote import errors
from webmail.remote.post import post_one_click

HOST = "list.example"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def secure(authority):
    """(server, guard): a web server with a certificate that the guard trusts."""
    pair = authority.issue(HOST)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pair.cert_file, pair.key_file)
    trusting = ssl.create_default_context(cafile=str(authority.ca_file))
    with WebServer({"/u?k=1": answer(b"bye")}, tls=tls) as server:
        yield server, server.guard(tls=lambda: trusting)


def test_what_is_said(secure):
    server, guard = secure
    assert post_one_click(server.url("/u?k=1#f", host=HOST), guard=guard) == 200
    (request,) = server.requests
    head, _, body = request.partition("\r\n\r\n")
    line, *fields = head.split("\r\n")
    assert line == "POST /u?k=1 HTTP/1.1"
    assert body == "List-Unsubscribe=One-Click"
    told = dict(field.split(": ", 1) for field in fields)
    names = {
        "Host",
        "User-Agent",
        "Content-Type",
        "Content-Length",
        "Accept",
        "Accept-Encoding",
        "Connection",
    }
    assert set(told) == names
    assert told["Content-Type"] == "application/x-www-form-urlencoded"
    assert told["Content-Length"] == str(len(body))


@pytest.mark.parametrize("status", ["202 Accepted", "204 No Content", "404 Not Found", "500 Oh"])
def test_the_servers_answer_is_told(secure, status):
    server, guard = secure
    server.paths["/u"] = answer(b"", status=status)
    assert post_one_click(server.url("/u", host=HOST), guard=guard) == int(status[:3])


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_redirects_are_not_followed(secure, status):
    server, guard = secure
    server.paths["/u"] = redirect(server.url("/elsewhere", host=HOST), status)
    assert post_one_click(server.url("/u", host=HOST), guard=guard) == int(status[:3])
    assert len(server.requests) == 1


def test_a_long_answer_is_left_unread(secure):
    server, guard = secure
    server.paths["/u"] = answer(b"", "Content-Length: 999999999999")
    assert post_one_click(server.url("/u", host=HOST), guard=guard) == 200


def test_a_silent_server_is_left_in_time(secure):
    server, guard = secure
    server.paths["/u"] = lambda sock, request: sock.recv(1)
    with pytest.raises(errors.TooSlowError):
        post_one_click(server.url("/u", host=HOST), guard=guard, seconds=0.5)


@pytest.mark.parametrize(
    "body", [b"", b"\x16\x03nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50_000]
)
def test_nonsense_is_no_answer(secure, body):
    server, guard = secure
    server.paths["/u"] = lambda sock, request: sock.sendall(body)
    with pytest.raises((errors.UnreachableError, errors.TooLargeError)):
        post_one_click(server.url("/u", host=HOST), guard=guard)


def test_a_certificate_that_nobody_vouches_for(secure):
    server, _ = secure
    with pytest.raises(errors.UnreachableError):
        post_one_click(server.url("/u?k=1", host=HOST), guard=server.guard())
    assert server.requests == []


def test_a_name_that_leads_inward(secure):
    server, _ = secure
    guard = server.guard(allow=lambda address: not address.is_loopback)
    with pytest.raises(errors.ForbiddenAddressError):
        post_one_click(server.url("/u?k=1", host=HOST), guard=guard)
    guard = server.guard(
        allow=lambda address: not address.is_private,
        resolve=lambda host, seconds: [ip_address("192.0.43.7"), ip_address("10.0.0.1")],
    )
    with pytest.raises(errors.ForbiddenAddressError):
        post_one_click(server.url("/u?k=1", host=HOST), guard=guard)
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://list.example/u",
        "https://user@list.example/u",
        "https://list.example:8443/u",
        "https://list.example/u\r\nX: y",
        "https://localhost/u",
        "https://127.0.0.1/u",
        "https://169.254.169.254/latest/",
        "https://[::ffff:10.0.0.1]/u",
        "https://2130706433/u",
        "ftp://list.example/u",
        "mailto:a@list.example",
    ],
)
def test_by_default_only_the_public_internet_over_https(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", None)
    with pytest.raises((errors.UrlError, errors.ForbiddenAddressError)):
        post_one_click(url)
