"""What is read of headers that somebody else wrote, before anything is threaded or asked by it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webmail.imap.types import Fetched
from webmail.mail.threads import group
from webmail.mailbox.following import index

PIECES = st.sampled_from(
    [b"<a@x>", b"<b@x>", b"<", b">", b"\r\n ", b"\r\n", b"\n", b"\r", b"\0", b"\xff", b"References: ", b"Subject: Re: ",
     b"Message-ID: ", b"In-Reply-To: ", b" ", b"=?utf-8?q?x?=", b"<c\0@x>", b"<d\r\n@x>", b"NOOP"]
)  # fmt: skip
HEADERS = st.lists(PIECES, max_size=40).map(b"".join) | st.binary(max_size=200)


def letters(headers, *, hashed=False):
    fetched = [
        Fetched(seq=number, uid=number, sections={"HEADER.FIELDS (REFERENCES)": header})
        for number, header in enumerate(headers, start=1)
    ]
    return index._read(fetched, above=0, hashed=hashed)


@given(st.lists(HEADERS, max_size=8))
def test_whatever_a_header_says(headers):
    """Every message is threaded once, and what goes back to the server in a search is visible ASCII."""
    found = letters(headers)
    assert sorted(number for one in group(found) for number in one) == list(range(1, len(headers) + 1))
    by_number = {letter.number: letter for letter in found}
    names = index._named(sorted(by_number), by_number)
    assert all(name.isascii() and name.isprintable() and " " not in name for name in names)
    if names:
        assert len(names) <= 10
        index._key(names).words()


def test_ten_thousand_references():
    many = b"".join(b"<%d@x>\r\n " % number for number in range(10_000))
    (letter,) = letters([b"Message-ID: <own@x>\r\nReferences: " + many + b"\r\n"], hashed=True)
    assert len(letter.references) == 20
    assert index.Index(1, 1, 1, index.Threads.of([[1]]), (letter,)).cost < 3000
