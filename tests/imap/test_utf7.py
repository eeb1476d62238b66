from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.imap.errors import EncodeError
from webmail.imap.utf7 import decode, encode

NAMES = [
    ("", b""),
    ("INBOX", b"INBOX"),
    ("Might & Magic", b"Might &- Magic"),
    ("æøå", b"&AOYA+ADl-"),
    ("Skr\u00e1r/台北", b"Skr&AOE-r/&U,BTFw-"),
    ("🎉", b"&2DzfiQ-"),
    ("\x00\t", b"&AAAACQ-"),
    ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ("&&", b"&-&-"),
    ("æ&å", b"&AOY-&-&AOU-"),
]


@pytest.mark.parametrize(("name", "wire"), NAMES)
def test_both_ways(name, wire):
    assert encode(name) == wire
    assert decode(wire) == name


@pytest.mark.parametrize(
    "wire",
    [
        b"&",
        b"a & b",
        b"&AOY",
        b"&AOY-&",
        b"&AGE-",  # "a" needs no shift.
        b"&AOY-&AOY-",  # One run would do.
        b"&AO-",
        b"&A-",
        b"&====-",
        b"&2Dw-",  # Half a pair.
        b"&AOYx-",
        "æ&AOY-".encode(),
        "日本 &".encode(),
    ],
)
def test_what_is_no_proper_spelling_stands_as_it_is(wire):
    assert decode(wire) == wire.decode("utf-8")


def test_octets_that_are_no_text():
    assert decode(b"\xe6\xf8") == "æø"


def test_lone_surrogate():
    with pytest.raises(EncodeError):
        encode("a\ud800")


@given(st.text())
def test_every_name_survives(name):
    try:
        wire = encode(name)
    except EncodeError:
        return
    assert wire.isascii()
    assert decode(wire) == name


@given(st.binary())
def test_any_octets(wire):
    name = decode(wire)
    if wire.isascii() and encode(name) != wire:
        assert name == wire.decode("ascii")
