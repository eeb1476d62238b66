"""Small letters for tests, as octets."""

from __future__ import annotations


def letter(
    number: int = 1,
    *,
    subject: str = "",
    sender: str = "Kari Nes <kari@fjord.example>",
    body: str = "Hei!",
    extra: str = "",
    kind: str = "text/plain; charset=utf-8",
) -> bytes:
    return (
        f"From: {sender}\r\nTo: Ola <ola@fjord.example>\r\nSubject: {subject or f'Letter {number}'}\r\n"
        f"Message-ID: <{number}@test.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n{extra}"
        f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
    ).encode()


def newsletter(number: int = 1, *, html: str, text: str = "The plain words", extra: str = "") -> bytes:
    body = (
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--"
    )
    return letter(number, body=body, extra=extra, kind="multipart/alternative; boundary=b")
