"""Who really sent it, where the administrator has named a host that finds that out."""

from __future__ import annotations

import pytest

from tests.web.asking.messages import plain

HOST = "mx.fjord.example"
PASSED = f"Authentication-Results: {HOST}; dkim=pass header.d=fjord.example; spf=pass; dmarc=pass"
FAILED = f"Authentication-Results: {HOST}; dkim=none; spf=fail; dmarc=fail header.from=fjord.example"
PICTURE = '<img src="https://spor.example/a.png" width="9" height="9">'


@pytest.fixture
def trusted(settings):
    settings.TRUSTED_AUTH_HOSTS = [HOST]


def html(*fields: str) -> bytes:
    return plain("MIME-Version: 1.0", "Content-Type: text/html", *fields, body=f"<p>Hei</p>{PICTURE}")


def test_said_quietly(reader, trusted):
    page = reader.page(reader.letter(plain(PASSED)))
    assert "Verified: sent by fjord.example" in page
    assert "probably not sent" not in page
    page = reader.page(reader.letter(plain()))
    assert "Could not be verified" in page
    assert "line warn" not in page


def test_a_warning_where_the_domain_itself_says_no(reader, trusted):
    page = reader.page(reader.letter(plain(FAILED)))
    assert "This was probably not sent by fjord.example" in page
    assert "line warn" in page


@pytest.mark.parametrize("field", [PASSED, FAILED])
def test_nothing_where_no_host_is_trusted(reader, field):
    page = reader.page(reader.letter(plain(field)))
    assert "erified" not in page
    assert "probably not sent" not in page


@pytest.mark.parametrize(
    "fields",
    [
        (PASSED.replace(HOST, "mx.evil.example"),),
        (FAILED, PASSED),
        (f"Authentication-Results: {HOST}; spf=none", "Received: from evil", PASSED),
        (PASSED, "From: a@fjord.example, b@evil.example"),
        (f"Authentication-Results: {HOST}; dkim=pass header.d=evil.example",),
    ],
)
def test_what_a_sender_writes_about_himself_is_not_believed(reader, trusted, fields):
    assert "Verified: sent by" not in reader.page(reader.letter(plain(*fields)))


def test_trust_is_for_verified_mail(reader, trusted):
    address = reader.letter(html(PASSED))
    reader.post("/trust/", {"address": "solveig@fjord.example", "next": address})
    assert "Pictures from this sender are always shown" in reader.page(address)
    assert b"/picture/" in reader.get(f"{address}body/").content
    forged = reader.letter(html(FAILED))
    page = reader.page(forged)
    assert "it could not be verified that this message is theirs" in page
    assert "Always from this sender" not in page
    assert b"/picture/" not in reader.get(f"{forged}body/").content
    assert b"/picture/" in reader.get(f"{forged}body/?remote=1").content


def test_trust_believes_the_from_line_where_nobody_judges(reader):
    address = reader.letter(html(FAILED))
    reader.post("/trust/", {"address": "solveig@fjord.example", "next": address})
    assert b"/picture/" in reader.get(f"{address}body/").content
