import gzip

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from webmail.web.compression import CompressionMiddleware

PAGE = "<p>Eit brev frå Kari</p>".encode() * 200


def answer(accepted, response=None):
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted} if accepted else {})
    return CompressionMiddleware(lambda _: response or HttpResponse(PAGE))(request)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5,gzip", "br"),
        ("gzip, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=0.000", None),
        ("identity", None),
        ("*", None),
        ("", None),
    ],
)
def test_what_the_browser_takes(accepted, coding):
    response = answer(accepted)
    undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert response.headers.get("Content-Encoding") == coding
    assert undo(response.content) == PAGE
    assert "Accept-Encoding" in response.headers["Vary"]
    if coding:
        assert int(response.headers["Content-Length"]) == len(response.content) < len(PAGE) / 5


def test_the_length_says_little():
    assert len({len(answer("br").headers["X-Padding"]) for _ in range(50)}) > 5


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"short"),
        HttpResponse(PAGE, content_type="image/png"),
        HttpResponse(PAGE, headers={"Content-Encoding": "zstd"}),
        StreamingHttpResponse([PAGE]),
    ],
    ids=["short", "not a page", "compressed already", "a download"],
)
def test_what_stays_as_it_is(response):
    before = response.headers.get("Content-Encoding")
    assert answer("br, gzip", response).headers.get("Content-Encoding") == before
