"""Small valid files to attach: PDF 1.4, the OOXML kinds, ZIP, WAV."""

from __future__ import annotations

import io
import math
import struct
import zipfile
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from xml.sax.saxutils import escape

_EPOCH = (2026, 1, 1, 12, 0, 0)


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """One A4 page in Helvetica; text that Latin-1 can't hold is shown as `?`."""

    def text(value: str) -> bytes:
        data = value.encode("cp1252", "replace")
        return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")

    shown = b"BT /F2 20 Tf 60 770 Td (" + text(title) + b") Tj ET\n0.7 w 60 756 m 535 756 l S\n"
    shown += (
        b"BT /F1 11 Tf 16 TL 60 728 Td\n"
        + b"".join(b"(" + text(line) + b") Tj T*\n" for line in lines)
        + b"ET"
    )
    fonts = b"<< /Type /Font /Subtype /Type1 /BaseFont /%b /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown),
        fonts % b"Helvetica",
        fonts % b"Helvetica-Bold",
        b"<< /Title (" + text(title) + b") /Producer (Ekorn demo) >>",
    ]
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer


def archive(files: Mapping[str, bytes | str]) -> bytes:
    """A ZIP whose octets depend on nothing but the files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files.items():
            box.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OPEN = "http://schemas.openxmlformats.org"


def _package(main: str, kind: str, parts: Mapping[str, str]) -> bytes:
    types = (
        f'{_XML}<Types xmlns="{_OPEN}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>'
        "</Types>"
    )
    return archive({"[Content_Types].xml": types, "_rels/.rels": _relations("officeDocument", main), **parts})


def _relations(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_OPEN}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_OPEN}/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
    )


def docx(paragraphs: Sequence[str]) -> bytes:
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in paragraphs
    )
    document = (
        f'{_XML}<w:document xmlns:w="{_OPEN}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    )
    return _package("word/document.xml", "wordprocessingml.document", {"word/document.xml": document})


def xlsx(rows: Sequence[Sequence[str | int | float]]) -> bytes:
    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    lines = "".join("<row>" + "".join(cell(value) for value in row) + "</row>" for row in rows)
    main = f"{_OPEN}/spreadsheetml/2006/main"
    book = (
        f'{_XML}<workbook xmlns="{main}" xmlns:r="{_OPEN}/officeDocument/2006/relationships">'
        '<sheets><sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    }
    return _package("xl/workbook.xml", "spreadsheetml.sheet", parts)


@cache
def wav(seconds: int, *, rate: int = 22000) -> bytes:
    """A quiet brass-like chord, 16-bit mono: `2 * rate * seconds` octets and a header."""
    tones = ((220, 0.5), (275, 0.3), (330, 0.35), (440, 0.2), (660, 0.1))
    wave = array(
        "h",
        (
            round(9000 * sum(size * math.sin(math.tau * pitch * at / rate) for pitch, size in tones))
            for at in range(rate // 55)
        ),
    ).tobytes()
    data = wave * (55 * seconds)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVE"
        + form
        + struct.pack("<4sI", b"data", len(data))
        + data
    )
