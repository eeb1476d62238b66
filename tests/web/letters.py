"""Four letters that between them touch everything a message page shows."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = '<img src=x onerror="alert(1)">'


def _letter(subject: str, sender: str = "Solveig Haugen <solveig@fjord.example>") -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = subject
    letter["From"] = sender
    letter["To"] = "Kari Nes <kari@fjord.example>"
    letter["Date"] = "Fri, 20 Nov 2026 09:41:00 +0100"
    letter["Message-ID"] = f"<{abs(hash(subject))}@fjord.example>"
    return letter


def _plain() -> bytes:
    letter = _letter(f"Møtereferat {HOSTILE}", '"<img src=x onerror=alert(1)>" <solveig@fjord.example>')
    letter.set_content(f"Hei!\n\n{HOSTILE}\n\n> sitert\n\nhttps://fjord.example/\n-- \nSolveig\n")
    return letter.as_bytes()


def _newsletter() -> bytes:
    letter = _letter("Nytt frå fjorden", "Fjordposten <nyhende@fjordposten.example>")
    letter.set_content("Rein tekst av brevet")
    letter.add_alternative(
        '<h1>Designa utgåve</h1><script>alert(1)</script><img src="https://spor.example/a.png" width=10 height=10>',
        subtype="html",
    )
    return letter.as_bytes()


def _attachments() -> bytes:
    letter = _letter("Vedlegg")
    letter.set_content("Sjå vedlegga.")
    letter.make_mixed()
    picture = MIMEImage(PIXEL, "png")
    picture.add_header("Content-Disposition", "attachment", filename="bilete.png")
    letter.attach(picture)
    page = MIMEApplication(b"<script>alert(1)</script>", "html")
    page.replace_header("Content-Type", "text/html")
    page.add_header("Content-Disposition", "attachment", filename='../"evil".html')
    letter.attach(page)
    liar = MIMEApplication(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x")
    liar.replace_header("Content-Type", "image/png")
    liar.add_header("Content-Disposition", "attachment", filename="liar.png")
    letter.attach(liar)
    return letter.as_bytes()


def _forwarded() -> bytes:
    inner = _letter("Den inste")
    inner.set_content("Innhaldet i den inste")
    letter = _letter("Vidaresend")
    letter.set_content("Sjå under.")
    letter.add_attachment(inner)
    return letter.as_bytes()


PLAIN, NEWSLETTER, ATTACHMENTS, FORWARDED = _plain(), _newsletter(), _attachments(), _forwarded()
