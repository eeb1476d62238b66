import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.remote import pictures
from webmail.remote.errors import NotAPictureError
from webmail.remote.picture import Kind, kind_of


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (pictures.png(), "image/png"),
        (pictures.jpeg(), "image/jpeg"),
        (pictures.gif(), "image/gif"),
        (pictures.webp(), "image/webp"),
        (pictures.webp(form="VP8 "), "image/webp"),
        (pictures.webp(form="VP8L"), "image/webp"),
        (pictures.avif(), "image/avif"),
        (pictures.bmp(), "image/bmp"),
        (pictures.ico(), "image/x-icon"),
    ],
)
def test_kind_and_size_come_from_the_octets(data, type_):
    assert kind_of(data) == Kind(type_, 2, 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><svg/>',
        b"\xef\xbb\xbf<svg/>",
        b"\x1f\x8b\x08" + bytes(50),
        b"%PDF-1.7",
        b"GIF89a",
        b"GIF89a/*<script>*/",
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff<html>" + bytes(100),
        b"RIFF\0\0\0\0WAVEfmt ",
        b"RIFF\0\0\0\0WEBPXXXX" + bytes(40),
        b"\0\0\0\x18ftypisom\0\0\0\0isomavc1" + bytes(40),
        b"\0\0\0\x18ftypavif\0\0\0\0avifmif1" + bytes(40),
        b"BMW drivers" + bytes(40),
        b"\0\0\1\0\0\0" + bytes(40),
        b"\0\0\1\0\1\0" + bytes(40),
        pictures.png(0, 5),
    ],
)
def test_everything_else_is_refused(data):
    with pytest.raises(NotAPictureError):
        kind_of(data)


def test_a_gif_is_as_large_as_its_largest_frame():
    assert kind_of(pictures.gif(1, 1, frame=(60_000, 60_000))) == Kind("image/gif", 60_000, 60_000)


def test_an_icon_is_as_large_as_the_picture_in_it():
    assert kind_of(pictures.ico(60_000, 50_000)).width == 60_000


def test_a_jpeg_of_markers_without_end_is_given_up():
    with pytest.raises(NotAPictureError):
        kind_of(b"\xff\xd8" + b"\xff" * 1_000_000)


STARTS = st.sampled_from(
    [
        b"",
        *(make() for make in (pictures.png, pictures.jpeg, pictures.gif, pictures.webp, pictures.avif)),
        pictures.bmp(),
    ]
)


@given(STARTS, st.integers(0, 40), st.binary(max_size=80))
@settings(max_examples=400, deadline=None)
def test_any_octets_end_in_a_kind_or_the_one_error(start, cut, rest):
    try:
        kind = kind_of(start[:cut] + rest)
    except NotAPictureError:
        return
    assert kind.width > 0
    assert kind.height > 0
