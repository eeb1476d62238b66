"""ISO-2022-JP as mail has it: with the vendors' rows and half-width kana that Python's codecs refuse."""

from __future__ import annotations

import re

_SHIFT = re.compile(rb"\x1b(\$[@B]|\$\([@BD]|\([BIJH]|\(.|\$.)")


def decode_iso2022_jp(data: bytes) -> str | None:
    """Text, or None where no escape to a Japanese set occurs. A broken pair becomes U+FFFD."""
    try:
        return data.decode("iso2022_jp_ext") if b"\x1b" in data and data.isascii() else _decode_by_hand(data)
    except UnicodeDecodeError:
        return _decode_by_hand(data)


def _decode_by_hand(data: bytes) -> str | None:
    pieces = _SHIFT.split(data)
    if not any(escape in (b"$B", b"$@", b"$(B", b"$(@", b"(I", b"(J", b"$(D") for escape in pieces[1::2]):
        return None
    out = [pieces[0].decode("cp932", "replace")]
    for escape, run in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in (b"$B", b"$@", b"$(B", b"$(@"):
            out.append(_double_byte(run))
        elif escape == b"$(D":
            out.append((b"\x1b$(D" + run).decode("iso2022_jp_ext", "replace"))
        elif escape == b"(I":
            out.append(
                bytes(octet | 0x80 if octet > 0x20 else octet for octet in run).decode("cp932", "replace")
            )
        else:
            out.append(run.decode("cp932", "replace"))
    return "".join(out)


def _double_byte(run: bytes) -> str:
    """JIS rows to Shift JIS (JIS X 0208, appendix), where the NEC and IBM rows are known."""
    out = bytearray()
    index, end = 0, len(run)
    while index < end:
        row = run[index]
        if row <= 0x20 or index + 1 == end:
            out.append(row if row <= 0x20 else 0x3F)
            index += 1
            continue
        cell = run[index + 1]
        index += 2
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out += b"\x81\xac"
            continue
        out.append(((row + 1) >> 1) + (0x70 if row < 0x5F else 0xB0))
        out.append(cell + (0x1F if cell < 0x60 else 0x20) if row & 1 else cell + 0x7E)
    return out.decode("cp932", "replace")
