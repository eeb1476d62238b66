from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.reply import original_of, thread_of
from webmail.mail.reply.references import message_ids


@pytest.mark.parametrize(
    ("header", "in_reply_to", "references"),
    [
        ("Message-ID: <3@x>\nReferences: <1@x> <2@x>\nIn-Reply-To: <2@x>", "<3@x>", "<1@x> <2@x> <3@x>"),
        ("Message-ID: <3@x>\nIn-Reply-To: <2@x>", "<3@x>", "<2@x> <3@x>"),
        ("Message-ID: <3@x>\nIn-Reply-To: <1@x> <2@x>", "<3@x>", "<3@x>"),
        ("Message-ID: <3@x>\nIn-Reply-To: Ann's message of <2@x>", "<3@x>", "<2@x> <3@x>"),
        ("Message-ID: <3@x>", "<3@x>", "<3@x>"),
        ("References: <1@x>", "", "<1@x>"),
        ("Subject: x", "", ""),
        ("Message-ID: <3@x>\nReferences: <1@x>\n <2@x>,<2@x>\t<1@x>", "<3@x>", "<1@x> <2@x> <3@x>"),
        ("Message-ID: <2@x>\nReferences: <1@x> <2@x>", "<2@x>", "<1@x> <2@x>"),
        ("Message-ID: <3@x>\nReferences: <> 1@x <\xe5@x> <a@x <2@x> <no-at>", "<3@x>", "<2@x> <no-at> <3@x>"),
        ("Message-ID: <a b@x>", "<ab@x>", "<ab@x>"),
        ("Message-ID: 3@x", "", ""),
    ],
)
def test_thread(header: str, in_reply_to: str, references: str) -> None:
    thread = thread_of(original_of(header.encode("latin_1")))
    assert (thread.in_reply_to, " ".join(thread.references)) == (in_reply_to, references)


def test_a_long_thread_keeps_its_ends() -> None:
    header = "Message-ID: <z@x>\nReferences: " + " ".join(f"<{number}@x>" for number in range(1_000))
    found = thread_of(original_of(header.encode())).references
    assert (len(found), found[0], found[-2:]) == (60, "<0@x>", ("<999@x>", "<z@x>"))
    assert message_ids(b"<" + b"a" * 600 + b"@x>") == ()


@given(st.binary(max_size=200))
def test_ids_can_stand_in_a_header(raw: bytes) -> None:
    for one in message_ids(raw):
        assert one.isascii()
        assert one.isprintable()
        assert " " not in one
        assert one.count("<") == one.count(">") == 1


@pytest.mark.parametrize("unit", [b"<", b">", b"<a", b"<a@b>", b"< "])
def test_is_linear(unit: bytes) -> None:
    assert is_linear(lambda n: message_ids(unit * n), 5_000)
