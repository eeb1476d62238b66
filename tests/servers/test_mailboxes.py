from __future__ import annotations

import email
import email.policy

from tests.servers.letters import Post, kind_of
from tests.servers.mailboxes import fill


def test_the_same_number_gives_the_same_letter():
    assert Post(100).letter(42) == Post(100).letter(42)
    assert Post(100).letter(42).raw != Post(100).letter(43).raw


def test_each_kind_is_what_it_says():
    parsed = {}
    post = Post(50)
    for number in range(1, 51):
        letter = post.letter(number)
        assert letter.raw.count(b"\n") == letter.raw.count(b"\r\n")
        parsed[letter.kind] = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert parsed["plain"].get_content_type() == "text/plain"
    assert len(parsed["newsletter"].get_body(("html",)).get_content()) > 40_000
    assert [part.get_filename() for part in parsed["attachment"].iter_attachments()] != []
    assert parsed["picture"].get_content_type() == "multipart/related"
    assert "References" in parsed["list"]


def test_fill_gives_known_uids(dovecot):
    user = dovecot.user()
    kinds = fill(user, "INBOX", 1000)
    assert sum(map(len, kinds.values())) == 1000
    assert all(kind_of(uid) == kind for kind, uids in kinds.items() for uid in uids)
    with user.imap() as client:
        assert client.select("INBOX") == ("OK", [b"1000"])
        uid = kinds["attachment"][-1]
        row = client.uid("fetch", str(uid), "(INTERNALDATE BODYSTRUCTURE)")[1][0]
    assert b"report-" in row
