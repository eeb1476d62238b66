"""The believable mail: the same for the same seed, decodable, and as varied as it claims to be."""

import base64
import io
import re
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest

from webmail.demo.content import decoded, text, words
from webmail.demo.letter import Letter
from webmail.demo.mime import Entity
from webmail.demo.people import KARI, OLA
from webmail.demo.post import believable_mail
from webmail.demo.post.documents import archive, docx, pdf, wav, xlsx
from webmail.demo.post.pictures import PALETTES, chart, fjord
from webmail.demo.post.tnef import tnef

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def mail() -> dict[str, list[Letter]]:
    return dict(believable_mail(NOW))


@pytest.fixture(scope="module")
def trees(mail: dict[str, list[Letter]]) -> list[tuple[Letter, Entity]]:
    return [
        (letter, Entity.parse(letter.data, 0, len(letter.data))) for box in mail.values() for letter in box
    ]


def test_same_for_the_same_seed(mail: dict[str, list[Letter]]) -> None:
    assert believable_mail(NOW) == mail
    assert believable_mail(NOW, seed=2) != mail


def test_dates(mail: dict[str, list[Letter]]) -> None:
    for box in mail.values():
        dates = [letter.date for letter in box]
        assert dates == sorted(dates)
        assert NOW - timedelta(minutes=30) < dates[-1] <= NOW


@pytest.mark.parametrize("hour", range(0, 24, 6))
def test_never_from_the_future(hour: int) -> None:
    now = NOW.replace(hour=hour, minute=1)
    assert all(letter.date <= now for box in believable_mail(now).values() for letter in box)


REPORTS = {"message/delivery-status", "message/disposition-notification"}


def test_line_ends_and_lengths(trees: list[tuple[Letter, Entity]]) -> None:
    for letter, _ in trees:
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", letter.data)
        assert max(map(len, letter.data.split(b"\r\n"))) <= 998


def test_every_text_decodes(trees: list[tuple[Letter, Entity]]) -> None:
    for letter, tree in trees:
        for part in tree.walk():
            if part.type[0] == b"text" and dict(part.params).get(b"charset") != b"ukjend-8":
                assert "\ufffd" not in text(part), letter.data[:300]
        assert "\ufffd" not in words(tree.value(b"SUBJECT") or b"")


def test_the_standard_library_agrees_on_the_parts(trees: list[tuple[Letter, Entity]]) -> None:
    for letter, tree in trees:
        if len(letter.data) < 200_000 and b"boundary=brest" not in letter.data:
            expected = [part.get_content_type() for part in message_from_bytes(letter.data).walk()]
            flat = [b"/".join(part.type).decode() for part in tree.walk()]
            # Which it takes for messages.
            assert flat == expected or not REPORTS.isdisjoint(expected)


def test_threads_hang_together(mail: dict[str, list[Letter]]) -> None:
    for box in mail.values():
        huge = [
            letter
            for letter in box
            if b"Julekonserten" in letter.data[:2000] and letter.folder in ("Korpset", "Sent")
        ]
        assert len(huge) > 100
        ids = {message_from_bytes(letter.data)["Message-ID"] for letter in box}
        parents = [message_from_bytes(letter.data)["In-Reply-To"] for letter in huge]
        assert sum(parent in ids for parent in parents) > 100


def test_the_newest_of_the_inbox(mail: dict[str, list[Letter]]) -> None:
    newest = [letter for letter in mail[KARI.address] if letter.folder == "INBOX"][-30:]
    senders = {message_from_bytes(letter.data)["From"] for letter in newest}
    assert len(senders) >= 18
    assert 6 <= sum("\\Seen" not in letter.flags for letter in newest) <= 12
    assert 3 <= sum("\\Flagged" in letter.flags for letter in newest) <= 8
    assert sum(b"attachment" in letter.data for letter in newest) >= 4


def test_kinds_of_mail(trees: list[tuple[Letter, Entity]]) -> None:
    types = {b"/".join(part.type).decode() for _, tree in trees for part in tree.walk()}
    assert types >= {
        "multipart/alternative", "multipart/related", "multipart/mixed", "multipart/signed", "multipart/report",
        "message/rfc822", "message/delivery-status", "text/calendar", "application/ms-tnef", "application/pdf",
        "application/zip", "image/png", "application/pgp-signature", "application/pkcs7-signature", "text/html",
    }  # fmt: skip
    charsets = {dict(part.params).get(b"charset", b"").decode() for _, tree in trees for part in tree.walk()}
    assert charsets >= {
        "utf-8",
        "iso-8859-1",
        "koi8-r",
        "shift_jis",
        "gb18030",
        "iso-2022-jp",
        "euc-kr",
        "us-ascii",
    }
    assert any(len(letter.data) > 10_000_000 for letter, _ in trees)
    assert any(not tree.value(b"FROM") for _, tree in trees)
    assert any(tree.value(b"SUBJECT") is None for _, tree in trees)


def test_only_hosts_of_nowhere(trees: list[tuple[Letter, Entity]]) -> None:
    allowed = re.compile(r"(\.|^)(example|invalid)$|^(www\.w3\.org|schemas\.openxmlformats\.org)$")
    for _, tree in trees:
        for part in tree.walk():
            if part.type[0] == b"text":
                for host in re.findall(r"(?:https?:)?//([\w.-]+)", text(part)):
                    assert allowed.search(host) or "." not in host, host


def test_pictures() -> None:
    for data in (*(fjord(mood) for mood in PALETTES), chart((1, 2, 3))):
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
        start = data.index(b"IDAT")
        size = int.from_bytes(data[start - 4 : start], "big")
        assert len(zlib.decompress(data[start + 4 : start + 4 + size])) == height * (1 + 3 * width)


def test_documents() -> None:
    paper = pdf("Prøve (1)", ["æøå", "\\"])
    places = re.findall(rb"(\d{10}) 00000 n", paper)
    assert [paper[int(place) :].split(b" ", 1)[0] for place in places] == [
        str(n).encode() for n in range(1, 8)
    ]
    assert paper[int(re.findall(rb"startxref\n(\d+)", paper)[0]) :].startswith(b"xref")
    for box in (archive({"a.txt": "b"}), docx(["x & y"]), xlsx([("a", 1)])):
        assert zipfile.ZipFile(io.BytesIO(box)).testzip() is None
    sound = wav(2)
    assert int.from_bytes(sound[4:8], "little") == len(sound) - 8


def test_tnef_sums() -> None:
    data = tnef("Emne", "Tekst", {"fil æ.pdf": ("application/pdf", b"%PDF")}, NOW)
    assert data[:4] == b"\x78\x9f\x3e\x22"
    place, attributes = 6, {}
    while place < len(data):
        id_, size = (int.from_bytes(data[at : at + 4], "little") for at in (place + 1, place + 5))
        body = data[place + 9 : place + 9 + size]
        assert int.from_bytes(data[place + 9 + size : place + 11 + size], "little") == sum(body) & 0xFFFF
        attributes[id_] = body
        place += 11 + size
    assert attributes[0x0006800F] == b"%PDF"
    assert "fil æ.pdf".encode("cp1252") in attributes[0x00069005]


def test_attachments_decode(trees: list[tuple[Letter, Entity]]) -> None:
    for _, tree in trees:
        for part in tree.walk():
            if part.value(b"CONTENT-TRANSFER-ENCODING") == b"base64" and b"brest" not in tree.header:
                assert decoded(part) == base64.b64decode(part.content)


def test_two_people(mail: dict[str, list[Letter]]) -> None:
    assert set(mail) == {KARI.address, OLA.address}
    assert all(len(box) > 400 for box in mail.values())
