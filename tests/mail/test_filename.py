from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.mail.filename import content_disposition, safe_filename


@pytest.mark.parametrize(
    ("name", "type_", "expected"),
    [
        ("report.pdf", "", "report.pdf"),
        ("../../etc/passwd", "", "passwd"),
        ("C:\\Windows\\a.doc", "", "a.doc"),
        ("..", "image/png", "attachment.png"),
        ("", "text/calendar", "attachment.ics"),
        ("", "application/octet-stream", "attachment"),
        ("a\r\nX: 1.txt", "", "a X_ 1.txt"),
        (".htaccess", "", "htaccess"),
        ("CON", "", "_CON"),
        ("com1.txt", "", "_com1.txt"),
        ("console.txt", "", "console.txt"),
        ("\u202egpj.exe", "", "gpj.exe"),
        ("a\u200bb.txt", "", "ab.txt"),
        ("trailing. . .", "text/plain", "trailing.txt"),
        ('a<b>|"?*.txt', "", "a_b_____.txt"),
        ("picture", "image/jpeg", "picture.jpg"),
        ("Zaż.txt", "", "Zaż.txt"),
        ("blåbær", "message/rfc822", "blåbær.eml"),
        ("///", "", "attachment"),
        ("a/", "", "a"),
    ],
)
def test_safe_filename(name: str, type_: str, expected: str) -> None:
    assert safe_filename(name, type=type_) == expected


def test_keeps_the_extension_of_a_long_name() -> None:
    name = safe_filename("å" * 500 + ".pdf")
    assert name.endswith("å.pdf")
    assert len(name.encode()) <= 200


@given(st.text(max_size=300), st.text(max_size=30))
def test_is_always_safe(name: str, type_: str) -> None:
    safe = safe_filename(name, type=type_)
    assert safe
    assert len(safe.encode()) <= 220
    assert not set(safe) & set('/\\\r\n\x00<>:"|?*\u202e')
    assert not safe.startswith(".")
    assert safe.strip() == safe


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", 'attachment; filename="a.txt"'),
        ("æ.txt", "attachment; filename=\"attachment.txt\"; filename*=UTF-8''%C3%A6.txt"),
        ("é.txt", "attachment; filename=\"e.txt\"; filename*=UTF-8''%C3%A9.txt"),
        ('q".txt', "attachment; filename=\"q_.txt\"; filename*=UTF-8''q%22.txt"),
        ("50%.txt", "attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt"),
    ],
)
def test_content_disposition(name: str, expected: str) -> None:
    assert content_disposition("attachment", name) == expected


@given(st.text(max_size=100), st.text(max_size=20))
def test_content_disposition_is_one_ascii_line(name: str, kind: str) -> None:
    value = content_disposition(kind, name)
    assert value.isascii()
    assert value.isprintable()
    assert value.startswith(("attachment", "inline"))
    assert value.count('"') in (0, 2)
