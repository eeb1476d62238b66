"""A zip archive as it is made: one chunk in memory, whatever the files' sizes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any

CHUNK = 65_536
# Already packed: packing again costs time and gains nothing.
_PACKED = (
    ".jpg .jpeg .png .gif .webp .avif .heic .mp3 .m4a .ogg .flac .mp4 .mov .webm .zip .gz .xz .bz2 .zst .7z .rar"
    " .docx .xlsx .pptx .odt .ods .odp .pdf .p7m"
).split()


def zip_stream(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The archive's octets, for files of (safe name, content in pieces). Names that recur get a number.

    Each file's pieces are asked for when its turn comes. What a file raises is passed on, the archive cut short.
    """
    sink = _Sink()
    taken: dict[str, int] = {}
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files:
            entry = zipfile.ZipInfo(_unique(name.replace("/", "_").replace("\\", "_") or "attachment", taken))
            packed = name.lower().endswith(tuple(_PACKED))
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as member:
                for piece in pieces:
                    for start in range(0, len(piece), CHUNK):
                        member.write(piece[start : start + CHUNK])
                        if sink.size >= CHUNK:
                            yield sink.take()
            if sink.size:
                yield sink.take()
    yield sink.take()


def _unique(name: str, taken: dict[str, int]) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    candidate = name
    while candidate.casefold() in taken:
        taken[name.casefold()] += 1
        candidate = f"{stem} ({taken[name.casefold()]}){dot}{extension}"
    taken[candidate.casefold()] = 1
    return candidate


class _Sink(RawIOBase):
    """Keeps what `zipfile` writes until it is taken; can't be rewound, so sizes follow each file."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self.size += len(piece)
        return len(piece)

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        return data
