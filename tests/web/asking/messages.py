"""Messages that ask something of their reader."""

from __future__ import annotations


def invitation(
    *lines: str, method: str = "REQUEST", sender: str = "Solveig <solveig@fjord.example>"
) -> bytes:
    """With these lines in the event."""
    event = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    return (
        f"From: {sender}\r\nTo: you@fjord.example\r\nSubject: Invitation\r\n"
        "Message-ID: <invitation@fjord.example>\r\nDate: Fri, 20 Nov 2026 09:41:00 +0100\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nPlease come.\r\n"
        f"--b\r\nContent-Type: text/calendar; charset=utf-8; method={method}\r\n\r\n{event}\r\n--b--\r\n"
    ).encode()


def plain(*fields: str, body: str = "Hei!") -> bytes:
    """A letter with these fields in its header."""
    given = {field.partition(":")[0].lower() for field in fields}
    usual = {
        "from": "From: Solveig <solveig@fjord.example>",
        "to": "To: you@fjord.example",
        "subject": "Subject: A letter",
        "message-id": "Message-ID: <plain@fjord.example>",
        "date": "Date: Fri, 20 Nov 2026 09:41:00 +0100",
    }
    lines = [*fields, *(line for name, line in usual.items() if name not in given)]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()
