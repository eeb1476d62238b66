import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webmail.remote.errors import UrlError
from webmail.remote.target import LONGEST_URL, parse


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "path", "authority"),
    [
        ("http://example.org", "http", "example.org", 80, "/", "example.org"),
        ("HTTPS://EXAMPLE.org./a?b=c#d", "https", "example.org", 443, "/a?b=c", "example.org"),
        ("https://example.org:443/", "https", "example.org", 443, "/", "example.org"),
        ("https://example.org:8443/", "https", "example.org", 8443, "/", "example.org:8443"),
        (
            "http://blåbær.example/å b.png",
            "http",
            "xn--blbr-roah.example",
            80,
            "/%C3%A5%20b.png",
            "xn--blbr-roah.example",
        ),
        (" http://a.example/x%20y%zz ", "http", "a.example", 80, "/x%20y%zz", "a.example"),
        ('http://a.example/?q=ø|[1]"<>', "http", "a.example", 80, "/?q=%C3%B8%7C[1]%22%3C%3E", "a.example"),
        ("http://a.example:/x", "http", "a.example", 80, "/x", "a.example"),
        ("http://[2606:4700::1]:80/x", "http", "2606:4700::1", 80, "/x", "[2606:4700::1]"),
    ],
)
def test_taken_apart(url, scheme, host, port, path, authority):
    target = parse(url)
    assert (target.scheme, target.host, target.port, target.path) == (scheme, host, port, path)
    assert target.authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "/etc/passwd",
        "//example.org/x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org:70/_x",
        "data:image/png;base64,xx",
        "javascript:alert(1)",
        "dict://example.org:11211/",
        "http:example.org",
        "http:///x",
        "http://",
        "http://:80/",
        "http://user@example.org/",
        "http://user:pass@example.org/",
        "http://@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org/\r\nHost: x",
        "http://exa\tmple.org/",
        "http://example.org/\x00",
        "http://exam ple.org/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http://example.org:-1/",
        "http://%31%32%37.0.0.1/",
        "http://exam%00ple.org/",
        "http://a..b.example/",
        "http://-a.example/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 130 + "example/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://foo.localhost/",
        "http://intranet/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://router.lan/",
        "http://1.0.0.127.in-addr.arpa/",
        "http://example.org/" + "a" * LONGEST_URL,
        "http://\ud800.example/",
        "http://example.org/\ud800",
        "http://example.org/\x85",
    ],
)
def test_refused(url):
    with pytest.raises(UrlError):
        parse(url)


@given(
    st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://[", "http://1", "http://a.b/"])
)
@settings(max_examples=500, deadline=None)
def test_any_text_ends_in_a_sendable_target_or_the_one_error(text, start):
    try:
        target = parse(start + text)
    except UrlError:
        return
    line = f"GET {target.path} HTTP/1.1"
    assert line.isascii()
    assert len(line.split()) == 3
    assert target.path.startswith("/")
    assert target.authority.isascii()
    assert not set(target.authority) & set(" /@\\\r\n\t")
    assert parse(target.url) == target
