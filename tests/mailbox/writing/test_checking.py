"""What stops a message, what is asked once, and that nothing else does."""

from dataclasses import replace

import pytest

from tests.mailbox.conftest import LINKS
from tests.mailbox.letters import letter
from tests.mailbox.writing.conftest import NOW, WORDS
from webmail.accounts.identities import SenderIdentity, save_identity
from webmail.mailbox import reading, writing
from webmail.mailbox.writing import Attached, Problem


@pytest.fixture
def written(plain):
    return replace(writing.new(access=plain, to="a@fjord.example"), subject="Hei", text="Hei")


@pytest.fixture
def checked(plain, written):
    def check(**changes):
        more = {name: changes.pop(name) for name in ("server_size",) if name in changes}
        return writing.check(access=plain, composition=replace(written, **changes), now=NOW, **more)

    return check


def test_an_ordinary_letter_may_go(checked):
    found = checked(cc="b@fjord.example, A <A@fjord.example>")
    assert (found.problems, found.hints) == ((), ())
    assert [one.address for one in found.message.to] == ["a@fjord.example"]
    assert (
        len(
            writing.everybody(
                replace(writing.Composition("x"), to="a@b.example, A@b.example", bcc="c@d.example")
            )
        )
        == 2
    )


def test_each_bad_address_is_named_where_it_stands(checked):
    found = checked(to="a@fjord.example, nobody", cc="half@", reply_to="what?")
    assert found.problems == (
        Problem("bad-address", "to", "nobody", "no-at"),
        Problem("bad-address", "cc", "half@", "no-domain"),
        Problem("bad-address", "reply_to", "what?", "no-at"),
    )
    assert found.message is None


def test_nobody_to_send_to(checked):
    assert checked(to=" ").problems == (Problem("nobody", "to"),)
    assert checked(to="", bcc="a@b.example").problems == ()


def test_too_many_people(checked, settings):
    settings.RECIPIENTS_PER_MESSAGE = 3
    assert checked(to="a@b.example, b@b.example", bcc="c@b.example").problems == ()
    assert checked(to="a@b.example, b@b.example", bcc="c@b.example, d@b.example").problems == (
        Problem("too-many", "to", limit=3),
    )


def test_a_sender_that_is_not_allowed(checked, plain, settings):
    identity = save_identity(person=plain.person, identity=SenderIdentity(address="x@fjord.example"))
    assert checked(identity=identity.key).problems == ()
    settings.SENDER_POLICY = "account"
    assert checked(identity=identity.key).problems == (Problem("sender", "identity"),)
    assert checked(identity="99").problems == (Problem("sender", "identity"),)


def test_a_sign_in_name_without_a_domain_is_no_sender(checked, settings):
    settings.MAIL_DOMAIN = ""
    assert checked().problems == (Problem("sender", "identity"),)


def test_too_large(checked, plain, settings):
    file = writing.upload(access=plain, filename="a", type="", chunks=[b"x" * 3000])
    assert checked(attachments=(file,)).problems == ()
    assert checked(attachments=(file,), server_size=20_000).problems == ()
    assert checked(attachments=(file,), server_size=14_000).problems == (
        Problem("too-large-for-server", "attachments", limit=14_000),
    )
    settings.ATTACHMENT_LIMIT = 2999
    assert checked(attachments=(file,)).problems == (Problem("too-large", "attachments", limit=2999),)


def test_files_that_are_gone_and_files_that_nobody_gave(checked):
    gone = tuple(Attached(token, "a.pdf", "application/pdf", 1) for token in ("A" * 32, "../../x", "in:1"))
    assert checked(attachments=gone).problems == (Problem("gone", "attachments", "a.pdf"),) * 3


def test_what_is_still_in_the_mailbox_stops_nothing(checked):
    received = writing.Received(reading.summary.Place("INBOX", 1, 1), "2")
    found = checked(attachments=(Attached(received.token, "a.pdf", "application/pdf", 1),))
    assert (found.problems, found.message) == ((), None)


def test_a_subject_that_no_header_takes(checked):
    assert checked(subject="x" * 20_000).problems == (Problem("field", "subject", detail="too-long"),)


def test_hints(checked):
    assert checked(subject=" ").hints == ("subject",)
    assert checked(text="See the attached file").hints == ("attachment",)
    assert checked(rich=True, html="<p>See the <b>attached</b> file</p>").hints == ("attachment",)
    many = ", ".join(f"p{number}@b.example" for number in range(20))
    assert checked(cc=many).hints == ("many-visible",)
    assert checked(bcc=many).hints == ()


def test_an_answer_to_all_of_a_list(plain, mail_user, uid_validity):
    extra = "List-Post: <mailto:walks@lists.example>\r\nList-Id: <walks.lists.example>\r\n"
    mail_user.deliver("INBOX", letter(1, extra=extra))
    place = {"access": plain, "folder": "INBOX", "uid_validity": uid_validity(), "uid": 1}
    reading.open_message(**place, links=LINKS)
    answered = writing.reply(**place, scope="list", words=WORDS)
    assert writing.check(access=plain, composition=answered, now=NOW).hints == ()
    to_all = replace(answered, cc="kari@fjord.example")
    assert writing.check(access=plain, composition=to_all, now=NOW).hints == ("list-all",)


def test_formatting_that_is_too_much_is_not_dropped_in_silence(checked):
    found = checked(rich=True, html="<p>" + "<b>" * 30_000 + "x")
    assert found.problems == (Problem("field", "html", detail="too-much"),)
