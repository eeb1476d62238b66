from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest

from webmail.mail.zip import zip_stream


def opened(files: list[tuple[str, list[bytes]]]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(zip_stream(files))))
    assert archive.testzip() is None
    return archive


def test_holds_the_files() -> None:
    archive = opened([("a.txt", [b"hel", b"lo"]), ("æ.png", [b"x" * 100_000]), ("empty", [])])
    assert archive.namelist() == ["a.txt", "æ.png", "empty"]
    assert [len(archive.read(name)) for name in archive.namelist()] == [5, 100_000, 0]


def test_names_are_unique_and_plain() -> None:
    names = opened(
        [("a.txt", []), ("A.txt", []), ("a.txt", []), ("a (2).txt", []), ("../x/y", []), ("", [])]
    ).namelist()
    assert len({name.casefold() for name in names}) == 6
    assert not any("/" in name or not name for name in names)


def test_an_empty_archive() -> None:
    assert opened([]).namelist() == []


def test_memory_stays_small() -> None:
    def pieces() -> Iterator[bytes]:
        for number in range(400):
            yield number.to_bytes(4, "big") * 16_384

    tracemalloc.start()
    try:
        total = sum(len(piece) for piece in zip_stream([("a.jpg", pieces()), ("b.bin", pieces())]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total > 400 * 65_536
    assert peak < 3_000_000


def test_a_broken_source_is_told() -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        list(zip_stream([("a", broken())]))
