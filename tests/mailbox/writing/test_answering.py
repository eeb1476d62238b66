"""Answers and forwarded messages: whom to, below what, from which identity, at what cost, and how safe."""

import pytest

from tests.mailbox.conftest import LINKS
from tests.mailbox.letters import letter, newsletter
from tests.mailbox.writing.conftest import WORDS, built
from webmail.accounts.identities import SenderIdentity, save_identity
from webmail.mailbox import reading, writing
from webmail.mailbox.errors import FolderRenumberedError, MessageNotFoundError, TooManyError
from webmail.mailbox.writing import Origin, Received

PICTURE = (
    "--r\r\nContent-Type: image/png; name=logo.png\r\nContent-Disposition: inline; filename=logo.png\r\n"
    "Content-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUg==\r\n"
)
REPORT = (
    "--r\r\nContent-Type: application/pdf; name=report.pdf\r\nContent-Disposition: attachment; filename=report.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n"
)


def with_parts(number=1, *, html="<p>Hi <img src='cid:logo@x'></p>", extra=""):
    body = f"--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n{PICTURE}{REPORT}--r--"
    return letter(number, body=body, extra=extra, kind="multipart/related; boundary=r")


@pytest.fixture
def answer(access, mail_user, uid_validity):
    def deliver_and_answer(raw, **more):
        mail_user.deliver("INBOX", raw)
        return writing.reply(
            access=access, folder="INBOX", uid_validity=uid_validity(), uid=1, words=WORDS, **more
        )

    return deliver_and_answer


@pytest.fixture
def pass_on(access, mail_user, uid_validity):
    def deliver_and_forward(*raws, inline=True, **more):
        mail_user.bulk("INBOX", raws)
        uids = range(1, len(raws) + 1)
        return writing.forward(
            access=access,
            folder="INBOX",
            uid_validity=uid_validity(),
            uids=uids,
            inline=inline,
            words=WORDS,
            **more,
        )

    return deliver_and_forward


def test_an_answer_in_plain_text(plain, answer, uid_validity):
    found = answer(letter(7, subject="Tur", body="Kjem du?\r\n-- \r\nKari", extra="References: <1@x>\r\n"))
    assert found.to == "Kari Nes <kari@fjord.example>"
    assert found.subject == "Re: Tur"
    assert found.text.strip() == "Kari Nes wrote:\n> Kjem du?"
    assert (found.in_reply_to, found.references) == ("<7@test.example>", "<1@x> <7@test.example>")
    assert found.origins == (Origin("reply", "INBOX", uid_validity(), 1),)
    assert not found.rich
    assert found.draft is None


def test_to_all_without_oneself(access, answer):
    me = f"{access.person.username}@fjord.example"
    raw = letter(1, extra=f"Cc: {me}, Per <per@fjord.example>\r\n")
    assert answer(raw, scope="all").to == "Kari Nes <kari@fjord.example>, Ola <ola@fjord.example>"
    found = answer(raw, scope="all")
    assert found.cc == "Per <per@fjord.example>"


def test_to_the_list(answer):
    extra = "List-Post: <mailto:walks@lists.example>\r\nList-Id: <walks.lists.example>\r\n"
    assert answer(letter(1, extra=extra), scope="list").to == "walks@lists.example"


def test_without_a_list_it_goes_to_all(answer):
    assert "ola@fjord.example" in answer(letter(1), scope="list").to


def test_from_the_identity_that_was_written_to(access, answer):
    save_identity(
        person=access.person, identity=SenderIdentity(address="ola@fjord.example", bcc="archive@x.example")
    )
    found = answer(letter(1))
    assert writing.identity_of(access, found).address == "ola@fjord.example"
    assert found.bcc == "archive@x.example"


@pytest.mark.parametrize(
    ("position", "above", "text"),
    [
        ("above", True, "\n\n-- \nOla\n\nKari Nes wrote:\n> Hei!"),
        ("above", False, "\n\nKari Nes wrote:\n> Hei!\n\n-- \nOla"),
        ("below", True, "Kari Nes wrote:\n> Hei!\n\n\n\n-- \nOla"),
    ],
)
def test_where_the_person_writes_and_signs(plain, answer, position, above, text):
    person = plain.person
    person.quote_position, person.signature_above_quote = position, above
    save_identity(
        person=person,
        identity=SenderIdentity(address="x@fjord.example", signature_plain="Ola", is_default=True),
    )
    assert answer(letter(1)).text == text


def test_no_quote_where_none_is_wanted(access, answer):
    access.person.quote = False
    found = answer(with_parts())
    assert "Hi" not in found.text + found.html
    assert found.attachments == ()


def test_flowed_text_is_joined_before_it_is_quoted(plain, answer):
    raw = letter(
        1, body="One long \r\nline\r\n> quoted \r\n> twice", kind="text/plain; format=flowed; charset=utf-8"
    )
    assert "> One long line\n>> quoted twice" in answer(raw).text


def test_a_quoted_picture_comes_along(access, answer):
    found = answer(with_parts())
    (picture,) = found.attachments
    assert (picture.filename, picture.type, picture.inline) == ("logo.png", "image/png", True)
    assert writing.file_link(picture.token) in found.html
    assert b"".join(writing.open_upload(access=access, token=picture.token).chunks).startswith(b"\x89PNG")
    sent = built(access, writing.settle(access=access, composition=found))
    assert "cid:" in sent.get_body(("html",)).get_content()
    assert [part.get_content_type() for part in sent.walk()].count("image/png") == 1


def test_a_picture_from_elsewhere_is_not_fetched_while_writing_and_is_there_once_sent(access, answer):
    found = answer(newsletter(1, html='<p>Hi</p><img src="https://tracker.example/a.png" alt="x">'))
    assert 'src="https:' not in found.html
    assert "blocked.svg#" in found.html
    assert 'src="https://tracker.example/a.png"' in built(access, found).get_body(("html",)).get_content()


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)><a href='javascript:alert(1)'>x</a>"
    "<iframe srcdoc='<script>1</script>'></iframe><p style='background:url(https://t.example/)'>Hi</p>"
    "<form action=https://t.example><input name=a></form><style>@import 'https://t.example'</style>"
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>"
)


def test_hostile_html_is_as_safe_to_answer_as_to_read(access, answer):
    found = answer(newsletter(1, html=HOSTILE))
    sent = built(access, found).get_body(("html",)).get_content()
    for markup in (found.html, sent):
        lower = markup.lower()
        for word in (
            "<script",
            "onerror=",
            "onload",
            "javascript:",
            "<iframe",
            "<form",
            "<style",
            "url(",
            "t.example",
        ):
            assert word not in lower, word


def test_a_message_that_is_open_is_answered_without_asking(tapped, uid_validity):
    access, tap, user = tapped
    user.deliver("INBOX", with_parts(extra="References: <0@x>\r\n"))
    place = {"access": access, "folder": "INBOX", "uid_validity": uid_validity(), "uid": 1}
    reading.open_message(**place, links=LINKS)
    tap.settle()
    mark = tap.mark()
    answered = writing.reply(**place, scope="all", words=WORDS)
    del place["uid"]
    writing.forward(**place, uids=[1], inline=True, words=WORDS)
    tap.settle()
    assert tap.since(mark).round_trips == 0
    assert answered.references == "<0@x> <1@test.example>"


def test_one_that_is_not_open_costs_one_round_trip(tapped, uid_validity):
    access, tap, user = tapped
    user.deliver("INBOX", newsletter(1, html="<p>Hi</p>"))
    user.deliver("INBOX", newsletter(2, html="<p>Ho</p>"))
    place = {"access": access, "folder": "INBOX", "uid_validity": uid_validity(), "words": WORDS}
    writing.reply(**place, uid=1)
    tap.settle()
    mark = tap.mark()
    writing.reply(**place, uid=2)
    tap.settle()
    assert tap.since(mark).round_trips == 1


def test_forwarded_below_with_its_files(access, pass_on, uid_validity):
    found = pass_on(with_parts())
    assert found.subject == "Fwd: Letter 1"
    assert "-------- Forwarded message --------" in found.text
    assert "Kari Nes" in found.html
    assert [(one.filename, one.inline) for one in found.attachments] == [
        ("logo.png", True),
        ("report.pdf", False),
    ]
    assert found.origins == (Origin("forward", "INBOX", uid_validity(), 1),)
    assert found.to == ""
    sent = built(access, writing.settle(access=access, composition=found))
    (report,) = sent.iter_attachments()
    assert report.get_filename() == "report.pdf"
    assert report.get_content() == b"%PDF-1.4\n"


def test_several_forwarded_below_one_another(pass_on):
    found = pass_on(letter(1, body="First words"), letter(2, body="Other words"))
    assert found.text.index("First words") < found.text.index("Other words")
    assert len(found.origins) == 2


def test_forwarded_as_files(access, pass_on, uid_validity):
    first, second = letter(1, subject="Blåbær"), letter(2)
    found = pass_on(first, second, inline=False)
    assert [one.filename for one in found.attachments] == ["Blåbær.eml", "Letter 2.eml"]
    assert {one.type for one in found.attachments} == {"message/rfc822"}
    sent = built(access, writing.settle(access=access, composition=found))
    inner = [part.get_content() for part in sent.iter_attachments()]
    assert [one["message-id"] for one in inner] == ["<1@test.example>", "<2@test.example>"]


def test_a_message_within_a_message_is_answered_and_forwarded(plain, answer, access, uid_validity):
    inner = letter(9, subject="Inner", sender="Liv <liv@fjord.example>", body="Within").decode()
    body = f"--b\r\nContent-Type: text/plain\r\n\r\nLook\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--"
    found = answer(letter(1, body=body, kind="multipart/mixed; boundary=b"), section="2")
    assert found.to == "Liv <liv@fjord.example>"
    assert "> Within" in found.text
    assert found.in_reply_to == "<9@test.example>"
    place = {"access": access, "folder": "INBOX", "uid_validity": uid_validity(), "uids": [1], "words": WORDS}
    assert "Within" in writing.forward(**place, section="2", inline=True).text
    (file,) = writing.forward(**place, section="2", inline=False).attachments
    assert file.filename == "Inner.eml"
    assert b"Within" in b"".join(writing.open_upload(access=access, token=file.token).chunks)


def test_too_many_at_once(access, uid_validity):
    with pytest.raises(TooManyError) as error:
        writing.forward(
            access=access, folder="INBOX", uid_validity=1, uids=range(1, 52), inline=False, words=WORDS
        )
    assert error.value.limit == 50


@pytest.mark.parametrize("inline", [True, False])
def test_what_is_gone_is_not_found(access, uid_validity, inline):
    place = {"access": access, "folder": "INBOX", "words": WORDS}
    with pytest.raises(MessageNotFoundError):
        writing.reply(**place, uid_validity=uid_validity(), uid=7)
    with pytest.raises(MessageNotFoundError):
        writing.forward(**place, uid_validity=uid_validity(), uids=[7], inline=inline)
    with pytest.raises(FolderRenumberedError):
        writing.forward(**place, uid_validity=uid_validity() + 1, uids=[7], inline=inline)


def test_html_that_is_too_much_is_quoted_as_text(access, answer):
    found = answer(newsletter(1, html="<p>" + "<b>" * 3000 + "Deep", text="Plain words"))
    assert "Plain words" in found.html or "Deep" in found.html
    assert found.html.count("<b>") == 0


def test_a_token_for_what_was_received_survives(answer):
    found = answer(with_parts())
    assert Received.of(found.attachments[0].token).section == "2"


def test_an_answer_does_not_carry_photographs_back(answer, pass_on):
    photograph = (
        f"--r\r\nContent-Type: image/jpeg\r\nContent-ID: <photo@x>\r\n\r\n{'x' * 79}\r\n"
        + f"{'x' * 78}\r\n" * 40_000
    )
    html = "<p>Look</p><img src='cid:photo@x'><img src='cid:logo@x'>"
    body = f"--r\r\nContent-Type: text/html\r\n\r\n{html}\r\n{photograph}{PICTURE}--r--"
    found = answer(letter(1, body=body, kind="multipart/related; boundary=r"))
    assert [one.filename for one in found.attachments] == ["logo.png"]
    assert len(pass_on(letter(1, body=body, kind="multipart/related; boundary=r")).attachments) == 2


def test_a_message_of_very_many_files_is_forwarded_as_one(pass_on):
    parts = "".join(
        f"--m\r\nContent-Type: text/csv; name={n}.csv\r\nContent-Disposition: attachment\r\n\r\n1\r\n"
        for n in range(200)
    )
    body = f"--m\r\nContent-Type: text/plain\r\n\r\nHi\r\n{parts}--m--"
    found = pass_on(letter(1, body=body, kind="multipart/mixed; boundary=m"))
    assert [one.filename for one in found.attachments] == ["Letter 1.eml"]


def test_a_picture_named_ten_thousand_times_is_one_file(answer):
    found = answer(with_parts(html="<img src='cid:logo@x'>" * 3000))
    assert len(found.attachments) == 1


def test_links_survive_in_plain_text(plain, pass_on):
    raw = letter(1, body='<p>See <a href="https://x.example/a">here</a></p>', kind="text/html; charset=utf-8")
    assert "here <https://x.example/a>" in pass_on(raw).text


def test_more_than_a_form_takes_is_forwarded_as_files(pass_on):
    found = pass_on(*(letter(number, body="Long line\r\n" * 19_000) for number in (1, 2)))
    assert [one.filename for one in found.attachments] == ["Letter 1.eml", "Letter 2.eml"]
    assert len(found.text) < 1000
