"""Compressed RTF (MS-OXRTFCP), as Outlook keeps a message's body."""

from __future__ import annotations

MAX_RTF = 8_388_608

_COMPRESSED, _STORED = b"LZFu", b"MELA"
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4_096


def decompress(data: bytes) -> bytes:
    """The RTF; b"" where it is none. At most 8 MiB. Never raises."""
    kind = data[8:12]
    size = min(int.from_bytes(data[4:8], "little"), MAX_RTF)
    if kind == _STORED:
        return data[16 : 16 + size]
    if kind != _COMPRESSED:
        return b""
    out = bytearray(_DICTIONARY)
    position, end = 16, len(data)
    start = len(_DICTIONARY)
    while position < end and len(out) - start < size:
        flags = data[position]
        position += 1
        for bit in range(8):
            if position >= end:
                break
            if not flags >> bit & 1:
                out.append(data[position])
                position += 1
                continue
            if position + 1 >= end:
                return bytes(out[start : start + size])
            offset, length = data[position] << 4 | data[position + 1] >> 4, (data[position + 1] & 15) + 2
            position += 2
            distance = (len(out) - offset) % _WINDOW
            if distance == 0:  # the window's write position marks the end
                return bytes(out[start : start + size])
            if distance > len(out):
                return bytes(out[start : start + size])
            for _ in range(length):
                out.append(out[-distance])
    return bytes(out[start : start + size])
