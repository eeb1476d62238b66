"""From one person to the other, through a real submission server."""

from __future__ import annotations

import pytest

from tests.outbox.conftest import SECRET, Desk


@pytest.fixture
def posted(desk, submission, post, settings) -> Desk:
    settings.SMTP_URL = submission.url
    settings.MAIL_DOMAIN = post.address(desk.user).rpartition("@")[2]
    settings.SMTP_TIMEOUT = 30
    return desk


def test_alice_writes_to_bob(posted, post, dovecot):
    bob = dovecot.user()
    entry = posted.send(posted.write(to=f"Bob <{post.address(bob)}>", bcc=post.address(posted.user)))
    assert (entry.phase, entry.state) == ("sent", "done")
    assert {answer.address for answer in entry.answers} == {post.address(bob), post.address(posted.user)}
    post.wait_for(lambda arrived: post.address(bob) in arrived.recipients)
    with bob.imap() as client:
        assert client.select("INBOX") == ("OK", [b"1"])
        (_, content), *_ = client.fetch("1", "(BODY[])")[1]
    assert SECRET.encode() in content
    assert b"Bcc" not in content
    (copy,) = posted.sent()
    assert copy.startswith(b"Bcc:")


def test_some_are_refused(posted, post, dovecot):
    bob, gone = dovecot.user(), dovecot.user()
    post.refuse(post.address(gone), "550 5.1.1 Nobody of that name")
    entry = posted.send(posted.write(to=f"{post.address(bob)}, {post.address(gone)}"))
    assert entry.phase == "partly"
    (refusal,) = [answer for answer in entry.answers if not answer.accepted]
    assert (refusal.address, refusal.code) == (post.address(gone), 550)
    assert "Nobody of that name" in refusal.text
    post.wait_for(lambda arrived: post.address(bob) in arrived.recipients)
    assert len(posted.sent()) == 1
