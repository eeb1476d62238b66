"""A search that finds nothing proves something only where it would have found it."""

from __future__ import annotations

import base64
import json
import quopri
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.security.searching import found, found_in_files

WORD = "loynd7141kq"
SAID = f"ei bø med {WORD} i «seg»"
CLOTHES = {
    "as it is": SAID.encode(),
    "quoted-printable": quopri.encodestring(SAID.encode() * 5),
    "quoted": quote(SAID).encode(),
    "json": json.dumps(SAID).encode(),
    "utf-16": SAID.encode("utf-16-le"),
    "utf-16, the other end first": SAID.encode("utf-16-be"),
    "hex": SAID.encode().hex().encode(),
    **{f"base64 at {at}": b"<" + base64.b64encode(b"x" * at + SAID.encode()) + b">" for at in range(3)},
    "base64 for addresses": base64.urlsafe_b64encode("ÿþ".encode() + SAID.encode()),
    "base64 on lines": base64.encodebytes(SAID.encode() * 9),
    "base64 of utf-16": base64.b64encode(SAID.encode("utf-16")),
    "packed": b"head" + zlib.compress(SAID.encode()),
    "packed, then base64": b"." + base64.urlsafe_b64encode(zlib.compress(SAID.encode())).rstrip(b"=") + b":x",
    "base64 of base64": base64.b64encode(base64.b64encode(SAID.encode())),
}


@pytest.mark.parametrize("kind", CLOTHES)
def test_it_is_found(kind: str) -> None:
    assert found([WORD, "another"], CLOTHES[kind]) == {WORD}


def test_it_is_found_in_files_and_their_names(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one").write_bytes(CLOTHES["packed"])
    (tmp_path / WORD).write_bytes(b"")
    (tmp_path / "other").write_bytes(b"nothing")
    assert found_in_files([WORD], [tmp_path]) == {
        tmp_path / "deep" / "one": {WORD},
        tmp_path / WORD: {WORD},
    }
