"""Believable letters by the thousand: seeded, so that the same number always gives the same letter."""

from __future__ import annotations

import base64
import quopri
import random
import struct
import zlib
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr, formatdate

FIRST = (
    "Anna Bjørn Chloé Dmitri Eli Fatima Greta Håkon Ines Jürgen Kari Lars Maja Nils Oda Per Rosa Siri Zoë 美咲"
).split()
LAST = (
    "Berg Dahl García Haugen Ivanova Jensen Kowalski Lie Müller Nguyen Øverland Rossi Smith Tveit Yılmaz 田中"
).split()
HOSTS = "example.org example.net example.com fjord.example post.example".split()
TOPICS = (
    "Minutes from Tuesday|Invoice 4711|Møte om budsjettet|Photos from the cabin|Rechnung für März|Re: lunch?"
    "|Travel plans|Ferie i fjellet|会議の議事録|Отчёт за квартал|Your order has been sent|Draft, second round"
    "|Password for the printer|Kan du sjå på dette?|Réunion de jeudi|Question about the lease|Release 2.4"
    "|Grattis med dagen!|Build failed|تقرير المشروع"
).split("|")
WORDS = (
    "the of and to in that is for on with as by at from it be this have or which you one we all they their had not but"
    " report meeting harbour winter letter garden ticket kettle bridge question paper number evening river budget plan"
    " og det som på med til av ikke eg du vi dei den var hadde skulle kunne fjell fjord hytte bok veg tid arbeid"
).split()
NEWEST = 1_780_000_000


@dataclass(frozen=True, slots=True)
class Letter:
    kind: str
    raw: bytes
    date: int
    flags: str


class Post:
    """Writes letter number 1, 2, 3… of a mailbox of `count`. The kind of a number never changes."""

    def __init__(self, count: int, *, seed: int = 1, to: str = "me@example.org") -> None:
        self.count = count
        self.to = to
        self._random = random.Random(seed)
        self._people = [self._person(number) for number in range(200)]
        self._topics = [Header(topic, "utf-8" if not topic.isascii() else None).encode() for topic in TOPICS]
        self._texts = [self._prose(self._random.randint(2, 9)) for _ in range(200)]
        self._bodies = {
            "newsletter": [self._newsletter(number) for number in range(12)],
            "attachment": [self._attachment(size) for size in (12_000, 30_000, 90_000)],
            "picture": [self._with_picture(number) for number in range(6)],
        }

    def letter(self, number: int) -> Letter:
        kind = kind_of(number)
        draw = number * 2654435761 % 2**32
        name, address = self._people[draw % len(self._people)]
        date = NEWEST - (self.count - number) * (400 * 86400 // max(self.count, 400))
        when = formatdate(date)
        received = f"Received: from mx.example.net (mx.example.net [192.0.2.{number % 250}])"
        headers = [
            f"Return-Path: <{address}>",
            f"{received}\r\n\tby mail.example.org with ESMTPS\r\n\tfor <{self.to}>; {when}",
            f"Message-ID: {message_id(number)}",
            f"Date: {when}",
            f"From: {name}",
            f"To: {self.to}" + (f", {self._people[draw % 31][0]}" if number % 3 == 0 else ""),
            "MIME-Version: 1.0",
        ]
        if kind == "list":
            headers += self._in_a_thread(number)
        else:
            headers.append(f"Subject: {self._topics[draw % len(TOPICS)]} {number}")
        if kind in self._bodies:
            body = self._bodies[kind][draw % len(self._bodies[kind])]
        else:
            quoted = f"\r\n\r\nOn some day, someone wrote:\r\n> {number}\r\n" if kind == "list" else "\r\n"
            body = b"Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            body += (self._texts[draw % len(self._texts)] + quoted).encode()
        marks = "F" * (draw % 19 == 0) + "R" * (draw % 11 == 0) + "S" * (draw % 5 > 0)
        return Letter(kind, "\r\n".join(headers).encode() + b"\r\n" + body, date, marks)

    def _in_a_thread(self, number: int) -> list[str]:
        """Every tenth number of eighty is one more answer in a thread."""
        thread, place = divmod(number, 80)
        headers = ["List-Id: Development <dev.lists.example>", "List-Post: <mailto:dev@lists.example>"]
        earlier = [message_id(thread * 80 + each) for each in range(5, place, 10)]
        if earlier:
            headers += [f"In-Reply-To: {earlier[-1]}", "References: " + "\r\n ".join(earlier)]
        return [*headers, f"Subject: {'Re: ' if earlier else ''}[dev] Proposal {thread}"]

    def _person(self, number: int) -> tuple[str, str]:
        name = f"{self._random.choice(FIRST)} {self._random.choice(LAST)}"
        address = f"p{number}@{self._random.choice(HOSTS)}"
        return formataddr((name, address)), address

    def _prose(self, paragraphs: int) -> str:
        lines = []
        for _ in range(paragraphs):
            words = self._random.choices(WORDS, k=self._random.randint(20, 60))
            lines += [" ".join(words[at : at + 11]) for at in range(0, len(words), 11)] + [""]
        return "\r\n".join(lines)

    def _newsletter(self, number: int) -> bytes:
        """Nested tables, inline styles and remote pictures, 40 KB of HTML."""
        html = '<html><head><style>td{padding:4px}</style></head><body bgcolor="#f4f4f4"><table width="100%">'
        while len(html) < 40_000:
            cells = ""
            for _ in range(2):
                target, picture = self._random.randrange(10**9), self._random.randrange(10**6)
                cells += (
                    '<td width="280" valign="top" style="padding:10px 20px;font-family:Arial,sans-serif;color:#336699">'
                    f'<a href="https://shop.example/{number}/{target}?a=1&amp;b=2" target="_blank">'
                    f'<img src="https://img.shop.example/{picture}.jpg" width="240" height="160" alt=""></a>'
                    f"<h3>{self._random.choice(WORDS).title()} &ndash; {target % 900},&nbsp;kr</h3>"
                    f"<p>{' '.join(self._random.choices(WORDS, k=40))}</p></td>"
                )
            html += '<tr><td><table width="600" style="border-bottom:1px solid #c0392b">'
            html += f"<tr>{cells}</tr></table></td></tr>\r\n"
        html += '</table><img src="https://track.shop.example/o.gif" width="1" height="1"></body></html>'
        plain = _part("text/plain; charset=utf-8", self._texts[number].encode(), "8bit")
        rich = _part("text/html; charset=utf-8", quopri.encodestring(html.encode()), "quoted-printable")
        return _multipart("alternative", plain, rich)

    def _attachment(self, size: int) -> bytes:
        name = f"report-{size}.pdf"
        data = base64.encodebytes(b"%PDF-1.4\n" + self._random.randbytes(size))
        disposition = f'Content-Disposition: attachment; filename="{name}"'
        text = _part("text/plain; charset=utf-8", b"The report is attached.\r\n", "8bit")
        return _multipart(
            "mixed", text, _part(f'application/pdf; name="{name}"', data, "base64", disposition)
        )

    def _with_picture(self, number: int) -> bytes:
        html = f'<html><body><p>A picture:</p><img src="cid:picture{number}@example.org" alt="bridge"></body></html>'
        picture = base64.encodebytes(_png(64, 48, self._random))
        disposition = (
            f'Content-ID: <picture{number}@example.org>\r\nContent-Disposition: inline; filename="bridge.png"'
        )
        rich = _part("text/html; charset=utf-8", html.encode(), "8bit")
        return _multipart(
            "related", rich, _part('image/png; name="bridge.png"', picture, "base64", disposition)
        )


def kind_of(number: int) -> str:
    """plain, list, newsletter, attachment or picture; each is among any fifty neighbours."""
    match number % 50:
        case 7:
            return "newsletter"
        case 13:
            return "attachment"
        case 21:
            return "picture"
    return "list" if number % 10 == 5 else "plain"


def message_id(number: int) -> str:
    return f"<{number}.{number * 2654435761 % 2**32:08x}@example.org>"


def _part(kind: str, data: bytes, encoding: str, *headers: str) -> bytes:
    lines = [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", *headers, "", ""]
    return "\r\n".join(lines).encode() + data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _multipart(kind: str, *parts: bytes) -> bytes:
    boundary = b"=_part_of_the_letter"
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n%b--%b--\r\n' % (
        kind.encode(),
        boundary,
        body,
        boundary,
    )


def _png(width: int, height: int, draw: random.Random) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + draw.randbytes(3 * width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
