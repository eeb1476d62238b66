"""What the administrator's own host found out about a sender: Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from webmail.mail.address import flatten, parse_address_list
from webmail.mail.header_block import Headers, parse_headers

MAX_VALUE = 16_384
MAX_RESULTS = 200
MAX_FIELDS = 20

_NAME = "authentication-results"
# Quoted strings whole, comments by their brackets; what is left is plain text.
_PIECE = re.compile(r'"(?>(?:[^"\\]++|\\.)*)"?|\\.|[();]|[^"\\();]++', re.DOTALL)
_METHOD = re.compile(r"\s*+([A-Za-z][\w-]{0,40})\s*(?:/\s*\d{1,4}\s*)?=\s*([A-Za-z]{1,20})")
_PROPERTY = re.compile(r'([\w-]{1,40})\s*+\.\s*+([\w-]{1,40})\s*+=\s*+("[^"]{0,500}"|[^\s"]{1,500})')


@dataclass(frozen=True, slots=True)
class Result:
    """`method` "dkim", "spf", "dmarc", …; `value` "pass", "fail", "none", …; `properties` ("header.d", "x.example")."""

    method: str
    value: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        return next((value for key, value in self.properties if key == name), "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Results in lower case, "" where the host says nothing. `trusted`: a trusted host has judged this message.

    `dkim_domains` are those of which a signature passed; `signatures` has each with its selector, "" if not told.
    """

    trusted: bool = False
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    dkim_domains: tuple[str, ...] = ()
    signatures: tuple[tuple[str, str], ...] = ()


def verdict(raw: bytes, trusted_hosts: Collection[str] = ()) -> Verdict:
    """The verdict in a raw header block. Never raises; linear.

    The topmost Authentication-Results must be a trusted host's, and counts with those of the same host below it
    until the message was passed on (Received): anything further down a sender could have written.
    """
    trusted = {host.lower().rstrip(".") for host in trusted_hosts if host}
    results: list[Result] = []
    judged = False
    for value in _topmost(parse_headers(raw), trusted):
        judged = True
        known = {result.method for result in results}
        results += [result for result in parse_results(value)[1] if result.method not in known]
    passed = [result for result in results if (result.method, result.value) == ("dkim", "pass")]
    signatures = dict.fromkeys((_signer(result), result.get("header.s").lower()) for result in passed)
    domains = dict.fromkeys(domain for domain, _ in signatures if domain)
    return Verdict(
        trusted=judged,
        spf=_value(results, "spf"),
        dkim="pass" if passed else _value(results, "dkim"),
        dmarc=_value(results, "dmarc"),
        dkim_domains=tuple(domains),
        signatures=tuple(one for one in signatures if one[0]),
    )


def parse_results(value: bytes) -> tuple[str, tuple[Result, ...]]:
    """(authserv-id in lower case, results) of a raw field, comments left out. Never raises; linear."""
    identifier, *pieces = _segments(value[:MAX_VALUE].decode("utf_8", "replace"))
    words = identifier.replace('"', " ").split()
    found: list[Result] = []
    for piece in pieces[:MAX_RESULTS]:
        method = _METHOD.match(piece)
        if method is None:
            continue
        properties = (
            (f"{kind}.{name}".lower(), text.strip('"'))
            for kind, name, text in _PROPERTY.findall(piece, method.end())
        )
        found.append(Result(method[1].lower(), method[2].lower(), tuple(properties)))
    return words[0].lower().rstrip(".") if words else "", tuple(found)


def from_domain(raw: bytes) -> str:
    """The domain of the one author; "" where there are several, or several From fields."""
    values = [value for name, value in parse_headers(raw) if name.lower() == "from"]
    people = flatten(parse_address_list(values[0])) if len(values) == 1 else ()
    return people[0].domain.rstrip(".") if len(people) == 1 else ""


def is_aligned(domain: str, other: str) -> bool:
    """The same, or one a part of the other. Stricter than RFC 7489's relaxed form, which needs a list of suffixes."""
    if min(domain.count("."), other.count(".")) < 1:
        return False
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")


def _topmost(headers: Headers, trusted: Collection[str]) -> Iterator[bytes]:
    host = ""
    count = 0
    for name, value in headers:
        if host and name.lower() == "received":
            return
        if name.lower() != _NAME:
            continue
        identifier = parse_results(value)[0]
        if identifier not in trusted or (host and identifier != host) or count == MAX_FIELDS:
            return
        host = identifier
        count += 1
        yield value


def _segments(text: str) -> list[str]:
    """Split at ";", without comments, which nest; a quoted string stays whole, but for ";" and backslashes in it."""
    segments: list[list[str]] = [[]]
    depth = 0
    for piece in _PIECE.findall(text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif piece == ";":
            segments.append([])
        elif piece.startswith('"'):
            segments[-1].append(f'"{piece[1:].removesuffix(chr(34))}"')
        else:
            segments[-1].append(piece)
    return ["".join(segment) for segment in segments]


def _signer(result: Result) -> str:
    domain = result.get("header.d") or result.get("header.i").rpartition("@")[2]
    return domain.lower().rstrip(".")


def _value(results: list[Result], method: str) -> str:
    return next((result.value for result in results if result.method == method), "")
