"""Attachments that come out of received mail: never twice in memory, never over the limits."""

import base64
import tracemalloc
from dataclasses import replace
from io import RawIOBase

import pytest

from tests.mailbox.letters import letter
from tests.mailbox.writing.conftest import NOW, WORDS, built
from webmail.mailbox import writing
from webmail.mailbox.errors import AttachmentsGoneError, TooLargeError

SIZE = 25_000_000 - 1


def large(number=1, size=SIZE):
    content = base64.encodebytes(bytes(size)).replace(b"\n", b"\r\n").decode()
    body = (
        "--m\r\nContent-Type: text/plain\r\n\r\nSee the file\r\n--m\r\nContent-Type: application/zip; name=big.zip\r\n"
        f"Content-Disposition: attachment; filename=big.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}--m--"
    )
    return letter(number, body=body, kind="multipart/mixed; boundary=m")


class Counted(RawIOBase):
    size = 0

    def writable(self):
        return True

    def write(self, data):
        self.size += len(data)
        return len(data)


@pytest.fixture
def forwarded(plain, mail_user, uid_validity):
    def deliver_and_forward(raw, *, inline=True):
        mail_user.deliver("INBOX", raw)
        return writing.forward(
            access=plain, folder="INBOX", uid_validity=uid_validity(), uids=[1], inline=inline, words=WORDS
        )

    return deliver_and_forward


def test_25_megabytes_are_passed_on_within_a_tenth_of_their_size(elsewhere):
    # Straight to the server, since the tap would hold much of it in memory of its own.
    access, user = elsewhere()
    user.deliver("INBOX", large())
    with user.imap() as client:
        uid_validity = int(client.status("INBOX", "(UIDVALIDITY)")[1][0].split()[-1].rstrip(b")"))
    place = {"access": access, "folder": "INBOX", "uid_validity": uid_validity}
    found = writing.forward(**place, uids=[1], inline=True, words=WORDS)
    assert found.attachments[0].filename == "big.zip"
    tracemalloc.start()
    settled = writing.settle(access=access, composition=found)
    saved = writing.save_draft(access=access, composition=settled, now=NOW).composition
    target = Counted()
    writing.build(access=access, composition=saved, target=target, for_="wire", now=NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert settled.attachments[0].size == SIZE
    assert target.size > SIZE * 4 / 3
    assert peak < SIZE / 10
    with user.imap() as client:
        assert client.select("Drafts")[1] == [b"1"]


def test_settling_again_costs_nothing(plain, forwarded, tapped):
    found = forwarded(large(size=1000))
    settled = writing.settle(access=plain, composition=found)
    tapped[1].settle()
    mark = tapped[1].mark()
    assert writing.settle(access=plain, composition=found) == settled
    assert writing.settle(access=plain, composition=settled) == settled
    assert tapped[1].since(mark).round_trips == 0


def test_two_messages_that_are_written_have_each_their_own(plain, forwarded):
    found = forwarded(large(size=1000))
    other = replace(found, message_id="other@x.example")
    tokens = {writing.settle(access=plain, composition=one).attachments[0].token for one in (found, other)}
    assert len(tokens) == 2


def test_the_limit_holds_for_what_was_received_too(plain, forwarded, settings, tapped):
    found = forwarded(large(size=3_000_000))
    settings.ATTACHMENT_LIMIT = 2_000_000
    with pytest.raises(TooLargeError) as error:
        writing.settle(access=plain, composition=found)
    assert error.value.limit == 2_000_000
    assert [one for one in settings.UPLOAD_DIR.rglob("*") if one.is_file()] == []
    # The connection is whole: the next thing works.
    settings.ATTACHMENT_LIMIT = 25_000_000
    assert writing.settle(access=plain, composition=found).attachments[0].size == 3_000_000


def test_what_is_gone_is_named(plain, forwarded, mail_user):
    found = forwarded(large(size=1000))
    with mail_user.imap() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "(\\Deleted)")
        client.expunge()
    with pytest.raises(AttachmentsGoneError) as error:
        writing.settle(access=plain, composition=found)
    assert error.value.names == ("big.zip",)


def test_a_message_as_a_file_is_octet_for_octet(plain, forwarded):
    raw = letter(1, body="Grüße\r\n.\r\nFrom here")
    settled = writing.settle(access=plain, composition=forwarded(raw, inline=False))
    token = settled.attachments[0].token
    assert b"".join(writing.open_upload(access=plain, token=token).chunks) == raw
    (part,) = built(plain, settled).iter_attachments()
    assert part.get_content_type() == "message/rfc822"
