"""The sign-in page of a domain, and what it is made of."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tests.front.visitor import Visitor
from webmail.domains.forms import MailDomainForm
from webmail.domains.logo import checked
from webmail.domains.models import MailDomain

Make = Callable[..., MailDomain]


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x0b\x57\xc4" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\x00\x11\x08\x00\x20\x00\x40\x03"
    + bytes(20)
)


@pytest.fixture
def fjord(domain: Make) -> MailDomain:
    return domain(
        "fjord.example",
        hosts="testserver",
        title="Fjord & Fjell <post>",
        colour="#7a1f4b",
        help_url="https://fjord.example/help",
        notice="Closed on <b>Sunday</b>.\nCall us.",
        logo=png(),
        logo_type="image/png",
    )


def test_the_sign_in_page_is_the_domains(fjord: MailDomain, visitor: Visitor) -> None:
    page = visitor.get("/sign-in/")
    assert "Fjord & Fjell <post>" in page.text
    assert "Closed on <b>Sunday</b>." in page.text
    assert page.links("https:") == ["https://fjord.example/help"]
    (sheet,) = page.tree.xpath("//link[contains(@href, 'colours')]/@href")
    colours = visitor.get(sheet)
    assert colours.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "--primary: light-dark(#7a1f4b, " in colours.markup
    (address,) = page.tree.xpath("//img/@src")
    logo = visitor.get(address)
    assert logo.data == png()
    assert logo.headers["Content-Type"] == "image/png"
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    assert logo.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "style=" not in page.markup


def test_another_host_has_a_page_without(fjord: MailDomain, visitor: Visitor, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    page = visitor.get("/sign-in/", HOST="elsewhere.example")
    assert page.status == 200
    assert "Fjord" not in page.text
    assert "@fjord.example" not in page.text


@pytest.mark.parametrize("path", ["/brand/99/1/logo", "/brand/99/1/colours.css", "/brand/0/1/colours.css"])
def test_what_is_not_there(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status == 404


def test_a_changed_colour_is_at_another_address(fjord: MailDomain, visitor: Visitor) -> None:
    def sheet() -> str:
        (found,) = visitor.get("/sign-in/").tree.xpath("//link[contains(@href, 'colours')]/@href")
        return str(found)

    former = sheet()
    fjord.colour = "#004400"
    fjord.save()
    assert sheet() != former


@pytest.mark.parametrize(
    "data", [SVG, b"GIF89a" + bytes(20), b"", b"%PDF-1.7", png(2000, 2), b"\xff\xd8\xff", b"x" * 70_000]
)
def test_no_other_picture_is_a_logo(data: bytes) -> None:
    with pytest.raises(ValidationError):
        checked(data)


def test_what_is_one() -> None:
    assert checked(png()) == "image/png"
    assert checked(JPEG) == "image/jpeg"


@given(st.binary(max_size=300))
def test_any_octets_are_judged(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"):
        try:
            assert checked(start + data) in ("image/png", "image/jpeg")
        except ValidationError:
            continue


def test_the_form_keeps_and_takes_away_a_logo(domain: Make) -> None:
    row = domain("fjord.example")
    given = {name: value for name, value in MailDomainForm(instance=row).initial.items() if value is not None}
    form = MailDomainForm(given, {"logo_file": SimpleUploadedFile("logo.png", png())}, instance=row)
    assert form.is_valid(), form.errors
    assert (form.save().logo_type, bytes(row.logo)) == ("image/png", png())
    form = MailDomainForm(given, {"logo_file": SimpleUploadedFile("logo.png", SVG)}, instance=row)
    assert form.errors.keys() == {"logo_file"}
    row.refresh_from_db()
    form = MailDomainForm(given | {"no_logo": "on"}, instance=row)
    assert form.is_valid(), form.errors
    assert (form.save().logo_type, bytes(row.logo)) == ("", b"")
