from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.authentication import from_domain, is_aligned, parse_results, verdict

HOST = "mx.example.org"
OWN = f"Authentication-Results: {HOST}; "


def told(header: str, *hosts: str) -> tuple[str, str, str, tuple[str, ...]]:
    found = verdict(header.encode(), hosts or (HOST,))
    assert found.trusted or not (found.spf or found.dkim or found.dmarc or found.dkim_domains)
    return found.spf, found.dkim, found.dmarc, found.dkim_domains


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        # as real hosts write them: OpenDKIM, Google, Microsoft, Fastmail, rspamd
        (
            f'{OWN}dkim=pass (2048-bit key; unprotected) header.d=x.example\n\theader.s=s1 header.b="abc/12+="',
            ("", "pass", "", ("x.example",)),
        ),
        (
            """Authentication-Results: mx.example.org;
       dkim=pass header.i=@x.example header.s=20230601 header.b=hT8uV+/=;
       spf=pass (google.com: domain of a@x.example designates 1.2.3.4 as permitted sender) smtp.mailfrom=a@x.example;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=x.example""",
            ("pass", "pass", "pass", ("x.example",)),
        ),
        (f"{OWN}spf=fail smtp.mailfrom=x.example; dkim=none; dmarc=fail action=none", ("fail", "none", "fail", ())),
        (f"{OWN}dkim=fail header.d=a.example; dkim=pass header.d=B.Example.", ("", "pass", "", ("b.example",))),
        (f"Authentication-Results: {HOST} 1; DKIM/1 = Pass header . d = x.example", ("", "pass", "", ("x.example",))),
        (f'Authentication-Results: "{HOST}" ; spf=pass', ("pass", "", "", ())),
        (f"Authentication-Results: (a (nested; \\) one) b) {HOST} (c); spf=pass (; dkim=pass)", ("pass", "", "", ())),
        (f'{OWN}spf=pass reason="dkim=pass; dmarc=pass"', ("pass", "", "", ())),
        (f"{OWN}none", ("", "", "", ())),
        (f"Authentication-Results: {HOST}", ("", "", "", ())),
        # several fields of one host
        (
            f"{OWN}dmarc=pass\nX-Spam: no\n{OWN}spf=pass\n{OWN}dkim=pass header.d=x.example",
            ("pass", "pass", "pass", ("x.example",)),
        ),
        (f"Received: by inner\n{OWN}spf=pass\nReceived: from x by {HOST}", ("pass", "", "", ())),
        # what a sender wrote
        (f"{OWN}spf=fail\nReceived: from evil\n{OWN}dkim=pass header.d=bank.example", ("fail", "", "", ())),
        (f"{OWN}spf=fail\n{OWN}spf=pass", ("fail", "", "", ())),
        (f"Authentication-Results: evil.example; spf=pass\n{OWN}dkim=pass header.d=bank.example", ("", "", "", ())),
        (f"{OWN}spf=fail\nAuthentication-Results: evil.example; dkim=pass header.d=b.example", ("fail", "", "", ())),
        (f"{OWN}spf=fail\nAuthentication-Results: evil; x=y\n{OWN}dkim=pass header.d=b.example", ("fail", "", "", ())),
        (f"Authentication-Results: x.{HOST}; spf=pass", ("", "", "", ())),
        (f"Authentication-Results: spf=pass; {HOST}", ("", "", "", ())),
        ("Authentication-Results: ; spf=pass", ("", "", "", ())),
        ("Subject: x", ("", "", "", ())),
    ],
)  # fmt: skip
def test_verdict(header: str, expected: tuple[str, str, str, tuple[str, ...]]) -> None:
    assert told(header) == expected


def test_only_the_administrators_hosts_are_trusted() -> None:
    header = f"Authentication-Results: {HOST.upper()}.; spf=pass"
    assert told(header, "MX.example.org.")[0] == "pass"
    assert told(header, "other.example.org", HOST)[0] == "pass"
    assert verdict(header.encode(), ()).trusted is False
    assert verdict(header.encode(), ("",)).trusted is False
    assert verdict(b"Authentication-Results: ; spf=pass", ("",)).spf == ""


@pytest.mark.parametrize(
    ("one", "other", "aligned"),
    [
        ("x.example", "x.example", True),
        ("mail.x.example", "x.example", True),
        ("x.example", "mail.x.example", True),
        ("a.x.example", "b.x.example", False),
        ("notx.example", "x.example", False),
        ("example", "x.example", False),
        ("", "", False),
        ("", "x.example", False),
    ],
)
def test_alignment(one: str, other: str, aligned: bool) -> None:
    assert is_aligned(one, other) is aligned


@pytest.mark.parametrize(
    ("header", "domain"),
    [
        ("From: Ann <a@X.example>", "x.example"),
        ("From: a@x.example, b@y.example", ""),
        ("From: a@x.example\nFrom: b@y.example", ""),
        ("To: a@x.example", ""),
        ("From: root", ""),
    ],
)
def test_the_authors_domain(header: str, domain: str) -> None:
    assert from_domain(header.encode()) == domain


PIECES = [
    "mx.example.org",
    ";",
    "(",
    ")",
    '"',
    "\\",
    "dkim",
    "=",
    "pass",
    " ",
    "header",
    ".",
    "d",
    "\n ",
    "\xe5",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_never_raises(pieces: list[str]) -> None:
    value = "".join(pieces)
    parse_results(value.encode())
    verdict(f"{OWN}{value}".encode("latin_1"), (HOST,))


@pytest.mark.parametrize("unit", [*PIECES, "()", '""', "a=", "a.b=c ", ";a=b a.b=c", "a.", "- ", "\\("])
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: parse_results((unit * n).encode()), 2_000)
    assert is_linear(lambda n: verdict((OWN + unit * 20 + "\n").encode() * (n // 20), (HOST,)), 2_000)
