"""Odd letters of our own: what senders, gateways and broken programs really make, and what must be seen of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Odd:
    """A letter and what its page must show. `text` stands in the text version, `html` in the frame's document,
    `files` are the names of attachments."""

    name: str
    raw: bytes
    subject: str = ""
    sender: str = ""
    text: str = ""
    html: str = ""
    files: tuple[str, ...] = ()


HEAD = b"From: Kari <kari@example.org>\r\nTo: ola@example.org\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\n"
VERSION = b"MIME-Version: 1.0\r\n"


def letter(subject: bytes, *fields: bytes, body: bytes = b"hello there\r\n") -> bytes:
    return (
        HEAD
        + b"Subject: "
        + subject
        + b"\r\n"
        + VERSION
        + b"".join(f + b"\r\n" for f in fields)
        + b"\r\n"
        + body
    )


def multipart(kind: bytes, *parts: bytes, boundary: bytes = b"b", close: bool = True) -> tuple[bytes, bytes]:
    """(Content-Type field, body)"""
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        b'Content-Type: multipart/%b; boundary="%b"' % (kind, boundary),
        body + (b"--" + boundary + b"--\r\n" if close else b""),
    )


def of(subject: bytes, kind: bytes, *parts: bytes, **options: object) -> bytes:
    field, body = multipart(kind, *parts, **options)  # type: ignore[arg-type]  # boundary and close
    return letter(subject, field, body=body)


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\nhello there\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>hello <b>there</b></p>\r\n"


def file(name: bytes, data: bytes = b"data\r\n", *, kind: bytes = b"application/octet-stream") -> bytes:
    """`name` is the whole filename parameter as it stands on the wire."""
    return b"Content-Type: %b\r\nContent-Disposition: attachment; %b\r\n\r\n%b" % (kind, name, data)


def nested(depth: int) -> bytes:
    """multipart/mixed in multipart/mixed …, the text in the innermost."""
    part = PLAIN
    for level in range(depth):
        field, body = multipart(b"mixed", part, boundary=b"d%d" % level)
        part = field + b"\r\n\r\n" + body
    return HEAD + b"Subject: deep\r\n" + VERSION + part


def forwarded(depth: int) -> bytes:
    part = letter(b"the innermost")
    for level in range(depth):
        part = letter(b"level %d" % level, b"Content-Type: message/rfc822", body=part)
    return part


ODD = (
    Odd("empty", b""),
    Odd("one line end", b"\r\n"),
    Odd("no headers", b"\r\nonly a body\r\n", text="only a body"),
    Odd("no body", HEAD + b"Subject: no body at all\r\n", subject="no body at all"),
    Odd("headers without an end", HEAD + b"Subject: unfinished", subject="unfinished"),
    Odd("not a header", b"this is no header at all\r\nSubject: second\r\n\r\nbody\r\n"),
    Odd("binary rubbish", bytes(range(256)) * 8),
    Odd("nul octets", letter(b"nul", body=b"a\0b\0c hello\r\n"), subject="nul"),
    Odd("bare line feeds", letter(b"unix").replace(b"\r\n", b"\n"), subject="unix", text="hello there"),
    Odd("bare carriage returns", letter(b"old mac", body=b"one\rtwo\rthree"), subject="old mac", text="one"),
    Odd(
        "a line of a megabyte", letter(b"long line", body=b"x" * 1_000_000 + b" end\r\n"), subject="long line"
    ),
    Odd(
        "mbox line first",
        b"From kari Mon Nov  2 10:00:00 2026\r\n" + letter(b"from mbox"),
        text="hello there",
    ),
    # Header fields
    Odd("no from", b"Subject: nobody\r\n\r\nhello\r\n", subject="nobody", text="hello"),
    Odd("8-bit utf-8 subject", letter("Blåbærsyltetøy på brød".encode()), subject="Blåbærsyltetøy på brød"),
    Odd(
        "8-bit latin-1 subject",
        letter("Blåbærsyltetøy på brød".encode("latin-1")),
        subject="Blåbærsyltetøy på brød",
    ),
    Odd(
        "encoded word cut in a character", letter(b"=?utf-8?B?QmzD?= =?utf-8?B?pWLDpnI=?="), subject="Blåbær"
    ),
    Odd("encoded word in an unknown charset", letter(b"=?x-nowhere?Q?still_here?="), subject="still here"),
    Odd("broken encoded word", letter(b"=?utf-8?B?!!!notbase64?= kept"), subject="kept"),
    Odd(
        "markup in the subject",
        letter(b"<script>alert(1)</script> & more"),
        subject="<script>alert(1)</script> & more",
    ),
    Odd("subject of 200 kB", letter(b"start " + b"long " * 40_000), subject="start long"),
    Odd(
        "thousands of header fields",
        letter(b"many", *[b"X-Field-%d: value" % n for n in range(5000)]),
        subject="many",
    ),
    Odd("subject twice", letter(b"the first", b"Subject: the second")),
    Odd("folded without content", letter(b"\r\n \r\n\tfolded subject"), subject="folded subject"),
    Odd(
        "from with a comma unquoted",
        b"From: Nordmann, Kari <kari@example.org>\r\nSubject: comma\r\n\r\nhello\r\n",
        subject="comma",
    ),
    Odd(
        "from is a group",
        b"From: Friends: a@example.org, b@example.org;\r\nSubject: group\r\n\r\nx\r\n",
        subject="group",
    ),
    Odd("from is empty", b"From: <>\r\nSubject: bounce\r\n\r\nx\r\n", subject="bounce"),
    Odd(
        "a thousand recipients",
        letter(b"all", b"Cc: " + b",\r\n ".join(b"p%d@example.org" % n for n in range(1000))),
    ),
    Odd(
        "date of nonsense",
        b"From: a@example.org\r\nDate: yesterday at noon\r\nSubject: when\r\n\r\nx\r\n",
        subject="when",
    ),
    Odd("date before dates", b"From: a@example.org\r\nDate: Mon, 1 Jan 0001 00:00:00 +1400\r\n\r\nx\r\n"),
    Odd(
        "date of the year 9999", b"From: a@example.org\r\nDate: Fri, 31 Dec 9999 23:59:59 -1200\r\n\r\nx\r\n"
    ),
    # Charsets and encodings
    Odd(
        "latin-1 said to be ascii",
        letter(
            b"said ascii", b"Content-Type: text/plain; charset=us-ascii", body="blåbær\r\n".encode("latin-1")
        ),
        text="blåbær",
    ),
    Odd(
        "utf-8 said to be latin-1 by nobody",
        letter(b"said nothing", b"Content-Type: text/plain", body="blåbær\r\n".encode()),
        text="blåbær",
    ),
    Odd(
        "a charset that is no charset",
        letter(b"rot13", b"Content-Type: text/plain; charset=rot13", body=b"plain tail\r\n"),
        text="plain tail",
    ),
    Odd(
        "truncated base64",
        letter(
            b"cut", b"Content-Transfer-Encoding: base64", body=base64.b64encode(b"hello there, cut off")[:-3]
        ),
        text="hello there",
    ),
    Odd(
        "base64 with rubbish in it",
        letter(
            b"dirty",
            b"Content-Transfer-Encoding: base64",
            body=b"aGVs*!\r\nbG8gd\0G\xffhlcmU=\r\n\r\nList footer\r\n",
        ),
        text="hello",
    ),
    Odd(
        "quoted-printable of nonsense",
        letter(
            b"qp", b"Content-Transfer-Encoding: quoted-printable", body=b"hello=20there =ZZ =\r\n end=\r\n"
        ),
        text="hello there",
    ),
    Odd(
        "an encoding nobody knows",
        letter(b"unknown", b"Content-Transfer-Encoding: x-rocket", body=b"hello there\r\n"),
        text="hello there",
    ),
    Odd(
        "uuencoded in the text",
        letter(b"uu", body=b"see below\r\nbegin 644 a.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n"),
        text="see below",
    ),
    # Structure
    Odd("no such type", letter(b"type", b"Content-Type: nonsense", body=b"hello there\r\n"), subject="type"),
    Odd("empty type", letter(b"empty type", b"Content-Type:", body=b"hello there\r\n"), text="hello there"),
    Odd(
        "type twice",
        letter(b"twice", b"Content-Type: text/plain", b"Content-Type: text/html"),
        subject="twice",
    ),
    Odd(
        "multipart without a boundary",
        letter(b"boundless", b"Content-Type: multipart/mixed", body=b"--b\r\n\r\nhello there\r\n--b--\r\n"),
        text="hello there",
    ),
    Odd(
        "multipart whose boundary is not there",
        letter(b"lost", b'Content-Type: multipart/mixed; boundary="x"', body=b"hello there\r\n"),
        subject="lost",
    ),
    Odd("multipart of nothing", of(b"nothing", b"mixed"), subject="nothing"),
    Odd(
        "multipart that never closes",
        of(b"open", b"mixed", PLAIN, file(b"filename=a.txt"), close=False),
        files=("a.txt",),
    ),
    Odd("parts that are empty", of(b"hollow", b"mixed", b"", b"\r\n", PLAIN), text="hello there"),
    Odd("alternative the wrong way round", of(b"round", b"alternative", HTML, PLAIN), text="hello there"),
    Odd("alternative of one", of(b"one", b"alternative", HTML), text="hello there", html="hello there"),
    Odd(
        "related with a start that is not there",
        of(b"related", b'related; start="<no@where>"', HTML),
        html="hello there",
    ),
    Odd("sixty levels of multipart", nested(60), subject="deep"),
    Odd("two hundred levels of multipart", nested(200), subject="deep"),
    Odd("forty messages in each other", forwarded(40), subject="level 39"),
    Odd(
        "a message that is base64",
        of(
            b"wrapped",
            b"mixed",
            PLAIN,
            b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(letter(b"in")),
        ),
        subject="wrapped",
        text="hello there",
    ),
    Odd(
        "an empty message inside",
        of(b"husk", b"mixed", PLAIN, b"Content-Type: message/rfc822\r\n\r\n"),
        text="hello there",
    ),
    Odd(
        "a digest",
        of(b"digest", b"digest", b"\r\n" + letter(b"first"), b"\r\n" + letter(b"second")),
        subject="digest",
    ),
    Odd(
        "five hundred parts",
        of(b"parts", b"mixed", PLAIN, *[file(b'filename="f%d.txt"' % n) for n in range(500)]),
        text="hello there",
        files=("f0.txt", "f499.txt"),
    ),
    # File names
    Odd(
        "a path as a name",
        of(b"path", b"mixed", PLAIN, file(b'filename="../../etc/passwd"')),
        files=("passwd",),
    ),
    Odd(
        "a drive as a name",
        of(b"drive", b"mixed", PLAIN, file(b'filename="C:\\\\temp\\\\report.doc"')),
        files=("report.doc",),
    ),
    Odd(
        "no name",
        of(b"nameless", b"mixed", PLAIN, b"Content-Type: application/pdf\r\n\r\n%PDF-1.4\r\n"),
        files=(".pdf",),
    ),
    Odd(
        "markup as a name",
        of(b"markup", b"mixed", PLAIN, file(b'filename="<img src=x onerror=alert(1)>.png"')),
        text="hello there",
    ),
    Odd(
        "a name that turns round",
        of(b"rlo", b"mixed", PLAIN, file(b"filename*=utf-8''a%E2%80%AEgpj.exe")),
    ),
    Odd(
        "a name in pieces",
        of(b"pieces", b"mixed", PLAIN, file(b"filename*1*=%C3%A6r.txt; filename*0*=utf-8''bl%C3%A5b")),
        files=("blåbær.txt",),
    ),
    Odd(
        "a name of raw octets",
        of(b"raw", b"mixed", PLAIN, file('filename="blåbær.txt"'.encode())),
        files=("blåbær.txt",),
    ),
    Odd(
        "a name of 5,000 letters",
        of(b"long name", b"mixed", PLAIN, file(b'filename="' + b"n" * 5000 + b'.txt"')),
    ),
    Odd(
        "a calendar that is none",
        of(
            b"calendar",
            b"mixed",
            PLAIN,
            b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:no\r\n",
        ),
        text="hello there",
    ),
    Odd(
        "a winmail.dat that is none",
        of(b"tnef", b"mixed", PLAIN, file(b"filename=winmail.dat", b"not tnef", kind=b"application/ms-tnef")),
        text="hello there",
        files=("winmail.dat",),
    ),
    Odd(
        "html of nothing but space",
        letter(b"blank", b"Content-Type: text/html", body=b" \r\n\t\r\n"),
        subject="blank",
    ),
    Odd(
        "html that never ends",
        letter(b"unclosed", b"Content-Type: text/html", body=b"<table><tr><td><b>hello there<!-- "),
        html="hello there",
    ),
    Odd(
        "utf-16 said by a mark",
        letter(b"wide", b"Content-Type: text/html", body="\ufeff<p>blåbær</p>".encode("utf-16-le")),
        subject="wide",
    ),
)
