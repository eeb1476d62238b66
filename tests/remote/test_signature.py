import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webmail.remote.errors import SignatureError, UrlError
from webmail.remote.signature import sign, unsign
from webmail.remote.target import LONGEST_URL

KEY = b"k" * 32
URL = "https://pictures.example/a?b=c&d=ø"


def test_there_and_back():
    token = sign(URL, key=KEY, person="7")
    assert unsign(token, key=KEY, person="7") == URL
    assert token == sign(URL, key=KEY, person="7")
    assert not set(token) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_not_for_another_person_or_key():
    token = sign(URL, key=KEY, person="7")
    for key, person in ((KEY, "8"), (KEY, ""), (b"x" * 32, "7")):
        with pytest.raises(SignatureError):
            unsign(token, key=key, person=person)


def test_person_and_address_do_not_run_together():
    one = sign("bhttp://x", key=KEY, person="a")
    other = sign("http://x", key=KEY, person="ab")
    assert one[:22] != other[:22]


@pytest.mark.parametrize(
    "token", ["", "a", "=" * 30, "é" * 30, "A" * 22, "A" * 23, "A" * 10_000, "\0" * 40, "A" * 22 + "????"]
)
def test_rubbish(token):
    with pytest.raises(SignatureError):
        unsign(token, key=KEY, person="7")


def test_every_changed_letter_is_noticed():
    token = sign(URL, key=KEY, person="7")
    for place in range(len(token)):
        for letter in "Ab-9":
            changed = token[:place] + letter + token[place + 1 :]
            if changed != token:
                with pytest.raises(SignatureError):
                    unsign(changed, key=KEY, person="7")


def test_a_token_fits_into_a_request_line():
    longest = "https://a.example/" + "x" * (LONGEST_URL - 18)
    token = sign(longest, key=KEY, person="7")
    assert len(token) < 3900
    assert unsign(token, key=KEY, person="7") == longest
    with pytest.raises(UrlError):
        sign(longest + "x", key=KEY, person="7")
    with pytest.raises(UrlError):
        sign("http://\ud800", key=KEY, person="7")


def test_a_key_that_is_none():
    with pytest.raises(ValueError, match="too short"):
        sign(URL, key=b"", person="7")


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text(token):
    with pytest.raises(SignatureError):
        unsign(token, key=KEY, person="7")
