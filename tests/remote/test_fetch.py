"""The real fetcher over real sockets to loopback, which a guard of the tests allows."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from ipaddress import ip_address

import pytest

from tests.remote import pictures
from tests.remote.servers import WebServer, answer, redirect
from tests.servers.certificate import Authority
from webmail.remote import errors
from webmail.remote.fetch import FetchLimits, fetch_picture
from webmail.remote.guard import Guard

PNG = pictures.png()
QUICK = FetchLimits(seconds=0.4)


LIMITS = FetchLimits()


def fetch_from(script, limits=LIMITS):
    with WebServer({"/a": script}) as server:
        return fetch_picture(server.url("/a"), limits=limits, guard=server.guard())


def test_a_picture():
    picture = fetch_from(answer(PNG, "Content-Type: image/png"))
    assert (picture.type, picture.data, picture.width, picture.height) == ("image/png", PNG, 2, 3)


def test_what_the_server_learns():
    with WebServer({"/a?b=c": answer(PNG)}) as server:
        fetch_picture(server.url("/a?b=c#fragment"), guard=server.guard())
        (request,) = server.requests
    line, *headers, _, _ = request.split("\r\n")
    assert line == "GET /a?b=c HTTP/1.1"
    fields = dict(header.split(": ", 1) for header in headers)
    assert set(fields) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert fields["Host"] == f"pictures.example:{server.port}"
    assert fields["Accept-Encoding"] == "identity"
    assert fields["Accept"].startswith("image/")
    assert "ekorn" not in request.lower()
    assert "python" not in request.lower()


@pytest.mark.parametrize(
    "type_", ["text/html", "image/svg+xml", "image/jpeg", "application/octet-stream", "x"]
)
def test_the_type_is_ours_whatever_the_server_says(type_):
    assert fetch_from(answer(PNG, f"Content-Type: {type_}")).type == "image/png"


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"",
        b"%PDF-1.7\n",
    ],
)
def test_what_is_no_picture_is_refused_whatever_the_server_says(body):
    with pytest.raises(errors.NotAPictureError):
        fetch_from(answer(body, "Content-Type: image/png"))


@pytest.mark.parametrize(
    "status", ["404 Not Found", "500 Oh", "204 No Content", "206 Partial Content", "304 Same"]
)
def test_any_other_status(status):
    with pytest.raises(errors.StatusError) as caught:
        fetch_from(answer(PNG, status=status))
    assert caught.value.status == int(status[:3])


def test_chunked():
    chunks = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(part), part) for part in (PNG[:10], PNG[10:]))
    assert fetch_from(answer(chunks + b"0\r\n\r\n", "Transfer-Encoding: chunked")).data == PNG


def test_until_the_connection_ends():
    def script(sock, request):
        sock.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + PNG)

    assert fetch_from(script).data == PNG


def test_after_100_continue():
    def script(sock, request):
        sock.sendall(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(PNG), PNG)
        )

    assert fetch_from(script).data == PNG


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip", "GZIP"])
def test_compressed_once_more_is_refused(coding):
    with pytest.raises(errors.NotAPictureError):
        fetch_from(answer(PNG, f"Content-Encoding: {coding}"))


def test_more_than_announced_is_not_read():
    assert fetch_from(answer(PNG + b"<script>", f"Content-Length: {len(PNG)}")).data == PNG


def test_less_than_announced():
    with pytest.raises(errors.UnreachableError):
        fetch_from(answer(PNG, f"Content-Length: {len(PNG) + 1}"))


def test_chunks_that_end_early():
    with pytest.raises(errors.UnreachableError):
        fetch_from(answer(b"ff\r\n" + PNG, "Transfer-Encoding: chunked"))


@pytest.mark.parametrize("length", ["-1", "x", "9" * 5000])
def test_lengths_that_are_none_end_in_a_picture_or_an_error(length):
    with contextlib.suppress(errors.RemoteError):
        assert fetch_from(answer(PNG, f"Content-Length: {length}")).data == PNG


def flood(head, piece, sent):
    def script(sock, request):
        sock.sendall(head)
        for _ in range(2000):
            sock.sendall(piece)
            sent.append(len(piece))

    return script


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", bytes(65536)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + bytes(65536) + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 30_000 + b"\r\n.\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 60_000 + b"\r\n"),
        (b"HTTP/1.1 200 ", b"y" * 65536),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
        (b"", bytes(65536)),
    ],
)
def test_a_flood_is_cut_off(head, piece):
    sent = []
    with pytest.raises((errors.TooLargeError, errors.UnreachableError)):
        fetch_from(flood(head, piece, sent), FetchLimits(octets=200_000))
    assert sum(sent) < 8_000_000


def test_too_large_is_known_from_the_announcement():
    def script(sock, request):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6000000\r\n\r\n")
        sock.recv(1)

    with pytest.raises(errors.TooLargeError):
        fetch_from(script)


@pytest.mark.parametrize(
    "picture",
    [pictures.png(60_000, 60_000), pictures.gif(1, 1, frame=(60_000, 9)), pictures.jpeg(9000, 9000)],
)
def test_too_many_pixels(picture):
    with pytest.raises(errors.TooLargeError):
        fetch_from(answer(picture))


def drip(*pieces, pause=0.05):
    def script(sock, request):
        for piece in pieces:
            for octet in piece:
                sock.sendall(bytes([octet]))
                time.sleep(pause)

    return script


@pytest.mark.parametrize(
    "script",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + PNG),
        lambda sock, request: (
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
            drip(bytes(500))(sock, request),
        ),
        lambda sock, request: sock.recv(1),
        lambda sock, request: (sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"), sock.recv(1)),
    ],
)
def test_slow_servers_are_left_in_time(script):
    with pytest.raises(errors.TooSlowError):
        fetch_from(script, QUICK)


def test_the_time_is_for_all_redirects_together():
    def slow(sock, request):
        time.sleep(0.15)
        redirect("/a")(sock, request)

    with pytest.raises(errors.TooSlowError):
        fetch_from(slow, FetchLimits(seconds=0.4, redirects=50))


@pytest.mark.parametrize(
    "reply", [b"", b"rubbish\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"SSH-2.0-x\r\n", b"\x00" * 100]
)
def test_what_is_not_http(reply):
    with pytest.raises(errors.UnreachableError):
        fetch_from(lambda sock, request: sock.sendall(reply))


def test_nobody_there():
    with WebServer() as server:
        url, guard = server.url("/"), server.guard()
    with pytest.raises(errors.UnreachableError):
        fetch_picture(url, guard=guard)


# Where it goes


def test_redirects_are_followed():
    paths = {
        "/a": redirect("/b", "301 Moved"),
        "/b": redirect("c?d=e", "307 There"),
        "/c?d=e": redirect("//pictures.example:PORT/blå bær", "308 There"),
        "/bl%C3%A5%20b%C3%A6r": answer(PNG),
    }
    with WebServer(paths) as server:
        paths["/c?d=e"] = lambda sock, request: sock.sendall(
            f"HTTP/1.1 308 There\r\nLocation: //pictures.example:{server.port}/blå bær\r\n\r\n".encode()
        )
        assert fetch_picture(server.url("/a"), guard=server.guard()).data == PNG
        assert len(server.requests) == 4


def test_four_redirects_are_too_many():
    with WebServer({"/a": redirect("/a")}) as server:
        with pytest.raises(errors.RedirectError):
            fetch_picture(server.url("/a"), guard=server.guard())
        assert len(server.requests) == 4


def test_a_redirect_to_nowhere():
    with pytest.raises(errors.RedirectError):
        fetch_from(answer(b"", status="302 Found"))


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://pictures.example/x",
        "data:image/png;base64,iVBORw0KGgo=",
        "javascript:alert(1)",
        "gopher://127.0.0.1:6379/_INFO",
        "http://user:password@pictures.example/",
        "http://pictures.example:22/",
        "http://localhost/",
        "http://[::1",
    ],
)
def test_redirects_to_what_is_not_fetched(location):
    with pytest.raises(errors.UrlError):
        fetch_from(redirect(location))


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0xa9fea9fe/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00::1]/",
        "http://0/",
        "https://192.168.1.1/",
        "http://inward.example/",
    ],
)
def test_redirects_to_inward_addresses(location):
    with WebServer({"/a": redirect(location)}) as server:
        inward = {"inward.example": "10.9.8.7"}
        guard = server.guard(
            resolve=lambda host, seconds: [ip_address(inward.get(host, "127.0.0.1"))],
            allow=lambda address: str(address) == "127.0.0.1",
            ports=frozenset({server.port, 80, 443}),
        )
        with pytest.raises(errors.ForbiddenAddressError):
            fetch_picture(server.url("/a"), guard=guard)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "host",
    """127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 017700000001 0 [::1] [::ffff:127.0.0.1] [::127.0.0.1]
    [::ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::] 127.0.0.1. 10.0.0.1 100.64.0.1 169.254.169.254 192.168.0.1
    [fc00::1] [fe80::1] [fec0::1] [ff02::1] 224.0.0.1 255.255.255.255 １２７.０.０.１ 127。0。0。1 ①②⑦.⓪.⓪.①""".split(),
)
def test_by_default_nothing_inward_is_touched(host, monkeypatch):
    def no_socket(*args, **kwargs):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "create_connection", no_socket)
    with pytest.raises(errors.ForbiddenAddressError):
        fetch_picture(f"http://{host}/x.png")


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://127.0.0.1:8080/", "http://10.0.0.1:22/", "https://8.8.8.8:8443/"]
)
def test_by_default_only_public_names_and_ordinary_ports(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", None)
    with pytest.raises(errors.UrlError):
        fetch_picture(url)


def test_the_default_resolver_feeds_the_default_rule(monkeypatch):
    looked_up = []

    def getaddrinfo(host, *args, **kwargs):
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(errors.ForbiddenAddressError):
        fetch_picture("http://127.0.0.1.nip.io/")
    assert looked_up == ["127.0.0.1.nip.io"]


def test_a_name_that_changes_its_mind_is_asked_once_and_connected_to_as_it_was_judged():
    answers = [[ip_address("127.0.0.1")], [ip_address("10.0.0.1")]]
    judged = []

    def allow(address):
        judged.append(str(address))
        return address.is_loopback

    with WebServer({"/a": answer(PNG)}) as server:
        guard = server.guard(resolve=lambda host, seconds: answers.pop(0), allow=allow)
        assert fetch_picture(server.url("/a"), guard=guard).data == PNG
    assert len(answers) == 1
    assert judged == ["127.0.0.1"]


def test_a_name_that_changes_its_mind_between_redirects():
    answers = [[ip_address("127.0.0.1")], [ip_address("10.0.0.1")]]
    with WebServer({"/a": redirect("/b"), "/b": answer(PNG)}) as server:
        guard = server.guard(resolve=lambda host, seconds: answers.pop(0))
        with pytest.raises(errors.ForbiddenAddressError):
            fetch_picture(server.url("/a"), guard=guard)
        assert len(server.requests) == 1


def test_one_inward_address_among_several_makes_all_suspect():
    with WebServer({"/a": answer(PNG)}) as server:
        both = [ip_address("127.0.0.1"), ip_address("10.0.0.1")]
        with pytest.raises(errors.ForbiddenAddressError):
            fetch_picture(server.url("/a"), guard=server.guard(resolve=lambda host, seconds: both))
        assert not server.requests


def test_the_next_address_where_the_first_does_not_answer():
    with WebServer({"/a": answer(PNG)}) as server:
        both = [ip_address("127.0.0.9"), ip_address("127.0.0.1")]
        guard = server.guard(resolve=lambda host, seconds: both)
        assert fetch_picture(server.url("/a"), guard=guard).data == PNG


def test_no_such_host():
    with pytest.raises(errors.UnreachableError):
        fetch_picture("http://nowhere.example/", guard=Guard(resolve=lambda host, seconds: []))


def test_a_name_server_that_does_not_answer_is_left_in_time(monkeypatch):
    answered = threading.Event()

    def getaddrinfo(*args, **kwargs):
        answered.wait(20)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    try:
        with pytest.raises(errors.TooSlowError):
            fetch_picture("http://slow.example/", limits=FetchLimits(seconds=0.1))
    finally:
        answered.set()


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def server_side(authority, *names, file_name):
    keys = authority.issue(*names, file_name=file_name)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(keys.cert_file, keys.key_file)
    return context


def trusting(authority):
    return lambda: ssl.create_default_context(cafile=str(authority.ca_file))


def test_the_certificate_is_for_the_name_and_not_the_address(authority):
    tls = server_side(authority, "pictures.example", file_name="right")
    asked = []
    tls.sni_callback = lambda sock, name, context: asked.append(name)
    with WebServer({"/a": answer(PNG)}, tls=tls) as server:
        guard = server.guard(tls=trusting(authority))
        assert fetch_picture(server.url("/a"), guard=guard).data == PNG
    assert asked == ["pictures.example"]


@pytest.mark.parametrize("names", [("other.example",), ("127.0.0.1",)])
def test_a_certificate_for_another_name(authority, names):
    tls = server_side(authority, *names, file_name="wrong")
    with WebServer({"/a": answer(PNG)}, tls=tls) as server:
        with pytest.raises(errors.UnreachableError):
            fetch_picture(server.url("/a"), guard=server.guard(tls=trusting(authority)))
        assert not server.requests


def test_a_certificate_that_nobody_vouches_for(authority):
    tls = server_side(authority, "pictures.example", file_name="unknown")
    with WebServer({"/a": answer(PNG)}, tls=tls) as server, pytest.raises(errors.UnreachableError):
        fetch_picture(server.url("/a"), guard=server.guard())


def test_from_http_to_https_but_not_back(authority):
    tls = server_side(authority, "pictures.example", file_name="both")
    with WebServer() as plain, WebServer(tls=tls) as secure:
        ports = frozenset({plain.port, secure.port})
        guard = plain.guard(tls=trusting(authority), ports=ports)
        plain.paths = {"/a": redirect(secure.url("/a")), "/b": answer(PNG)}
        secure.paths = {"/a": answer(PNG), "/b": redirect(plain.url("/b"))}
        assert fetch_picture(plain.url("/a"), guard=guard).data == PNG
        with pytest.raises(errors.RedirectError):
            fetch_picture(secure.url("/b"), guard=guard)
        assert [request.split()[1] for request in plain.requests] == ["/a"]


def test_a_handshake_that_never_ends():
    listener = socket.create_server(("127.0.0.1", 0))
    try:
        port = listener.getsockname()[1]
        guard = Guard(
            resolve=lambda host, seconds: [ip_address("127.0.0.1")],
            allow=lambda address: True,
            ports=frozenset({port}),
        )
        with pytest.raises(errors.TooSlowError):
            fetch_picture(f"https://pictures.example:{port}/", limits=QUICK, guard=guard)
    finally:
        listener.close()
