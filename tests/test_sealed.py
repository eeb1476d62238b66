"""A stolen database, a stolen cookie or a stolen server secret alone opens nothing."""

import base64
import os

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from webmail.sealed import UnsealError, new_half, seal, unseal


def server_key(key_id):
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


@given(secret=st.text(), owner=st.text())
def test_what_was_sealed_comes_back(secret, owner):
    half = new_half()
    assert unseal(seal(secret, half=half, owner=owner), half=half, owner=owner) == secret


def test_nothing_of_the_secret_shows():
    assert "hemmeleg" not in seal("hemmeleg", half=new_half(), owner="1")
    assert seal("same", half=(half := new_half()), owner="1") != seal("same", half=half, owner="1")


def test_another_cookie_opens_nothing():
    with pytest.raises(UnsealError):
        unseal(seal("secret", half=new_half(), owner="1"), half=new_half(), owner="1")


def test_another_owner_opens_nothing():
    half = new_half()
    with pytest.raises(UnsealError):
        unseal(seal("secret", half=half, owner="1"), half=half, owner="2")


def test_another_server_secret_opens_nothing():
    half = new_half()
    with override_settings(CREDENTIAL_KEYS=[server_key("k1")]):
        sealed = seal("secret", half=half, owner="1")
    with override_settings(CREDENTIAL_KEYS=[server_key("k1")]), pytest.raises(UnsealError):
        unseal(sealed, half=half, owner="1")


def test_a_rotated_key_still_opens_what_it_sealed():
    half, old, new = new_half(), server_key("k1"), server_key("k2")
    with override_settings(CREDENTIAL_KEYS=[old]):
        sealed = seal("secret", half=half, owner="1")
    with override_settings(CREDENTIAL_KEYS=[new, old]):
        assert unseal(sealed, half=half, owner="1") == "secret"
        assert seal("secret", half=half, owner="1").startswith("k2.")
    with override_settings(CREDENTIAL_KEYS=[new]), pytest.raises(UnsealError):
        unseal(sealed, half=half, owner="1")


@given(st.text(), st.text())
def test_rubbish_is_refused(sealed, half):
    with pytest.raises(UnsealError):
        unseal(sealed, half=half, owner="1")


def test_every_changed_byte_is_noticed():
    half = new_half()
    key_id, _, text = seal("secret", half=half, owner="1").partition(".")
    data = base64.b64decode(text)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(UnsealError):
            unseal(f"{key_id}.{base64.b64encode(changed).decode()}", half=half, owner="1")
