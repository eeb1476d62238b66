"""Which files a browser may show by itself, by what they are and not by what the mail says."""

from __future__ import annotations

import re
from collections.abc import Callable

HEAD = 4_096
# Declared types worth offering to show; whether it happens is for `inline_type` to say.
VIEWABLE = frozenset(
    "image/png image/jpeg image/jpg image/pjpeg image/gif image/webp image/avif image/bmp image/x-ms-bmp text/plain"
    " application/pdf application/x-pdf audio/mpeg audio/mp3 audio/mp4 audio/x-m4a audio/ogg audio/wav audio/x-wav"
    " audio/wave audio/flac audio/webm video/mp4 video/webm video/ogg".split()
)

_MARKUP = re.compile(
    rb"<(?:!doctype|!--|!\[cdata|\?xml|\?php|%|html|head|body|script|svg|iframe|frame|object|embed|style|link|meta"
    rb"|base|img|table|div|title|form|a |br|p>|font|h1|math|template|xsl|rss|feed)",
    re.IGNORECASE,
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PDF_SPACE = b"\x00\t\n\x0c\r "


def inline_type(declared: str, head: bytes) -> str | None:
    """The content type to send when showing a file in the browser; None means that it may only be downloaded.

    `declared` is the mail's type, `head` the first 4 KiB decoded (or all of it). Pictures, sound, video and PDF
    are told by their own signature and must agree in kind with what was declared, if that says anything;
    "text/plain" only where it is declared and nothing in it looks like markup. Never SVG, HTML or XML.
    """
    head = head[:HEAD]
    declared = declared.lower().strip()
    kind = _by_signature(head)
    if kind is None:
        return "text/plain; charset=utf-8" if _is_plain_text(declared, head) else None
    if _MARKUP.search(head[:1_024]) and not kind.startswith("application/"):
        return None
    if declared in ("", "application/octet-stream", "application/x-octet-stream", "binary/octet-stream"):
        return kind
    major = kind.partition("/")[0]
    if major in ("audio", "video"):
        agrees = declared.partition("/")[0] in ("audio", "video") or declared == "application/ogg"
    elif major == "application":
        agrees = declared in ("application/pdf", "application/x-pdf", "text/pdf")
    else:
        agrees = declared.startswith("image/") and "svg" not in declared
    return kind if agrees else None


def is_picture(type: str | None) -> bool:  # noqa: A002 (RFC 2045's word)
    return type is not None and type.startswith("image/")


def _by_signature(head: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    for test, kind in _TESTS:
        if test(head):
            return kind
    return None


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-1.", "application/pdf"),
    (b"%PDF-2.", "application/pdf"),
    (b"fLaC\x00\x00\x00\x22", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8"


def _is_wave(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:16] == b"WAVEfmt "


def _is_bitmap(head: bytes) -> bool:
    return head[:2] == b"BM" and len(head) > 29 and head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS


def _is_avif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis")


def _is_mp4_audio(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in (b"M4A ", b"M4B ")


def _is_mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS


def _is_ogg_video(head: bytes) -> bool:
    return head.startswith(b"OggS\x00\x02") and b"\x80theora" in head[:200]


def _is_ogg(head: bytes) -> bool:
    return head.startswith(b"OggS\x00\x02") and any(
        name in head[:200] for name in (b"\x01vorbis", b"OpusHead", b"FLAC")
    )


def _is_mpeg_audio(head: bytes) -> bool:
    """A frame's header with nothing forbidden in it (ISO 11172-3, 2.4.1.3)."""
    return (
        len(head) > 4
        and head[0] == 0xFF
        and head[1] in (0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3)
        and head[2] >> 4 not in (0, 15)
        and head[2] & 0x0C != 0x0C
    )


_BITMAP_HEADERS = {bytes((size, 0, 0, 0)) for size in (12, 40, 52, 56, 64, 108, 124)}
_MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"M4VH",
    b"dash",
    b"MSNV",
}
_TESTS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_is_webp, "image/webp"),
    (_is_wave, "audio/wav"),
    (_is_bitmap, "image/bmp"),
    (_is_avif, "image/avif"),
    (_is_mp4_audio, "audio/mp4"),
    (_is_mp4, "video/mp4"),
    (_is_ogg_video, "video/ogg"),
    (_is_ogg, "audio/ogg"),
    (_is_mpeg_audio, "audio/mpeg"),
)


def _is_plain_text(declared: str, head: bytes) -> bool:
    if declared != "text/plain" or _BINARY.search(head) or _MARKUP.search(head):
        return False
    if head.lstrip(_PDF_SPACE).startswith(b"%PDF") or b"%PDF-" in head[:1_024]:
        return False
    return not head.startswith((b"\xff\xfe", b"\xfe\xff"))
