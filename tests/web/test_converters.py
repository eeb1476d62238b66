import pytest
from django.urls import Resolver404, resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from webmail.web import addresses
from webmail.web.converters import decode_folder, encode_folder

names = st.text(min_size=1, max_size=30) | st.text("/.~%?#\\ aÅ;&*+\x00\r\n", min_size=1, max_size=12)
ROUTES = {
    "message": {},
    "headers": {},
    "body": {},
    "print": {},
    "source": {},
    "eml": {},
    "archive": {},
    "part": {"section": "2.1"},
    "nested": {"section": "1.2.3"},
}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("INBOX", "INBOX"),
        ("Kundar/Vik kommune", "Kundar/Vik kommune"),
        ("Søppelpost", "Søppelpost"),
        ("日本/東京", "日本/東京"),
        ("/a//b/", "~2fa~2f~2fb~2f"),
        ("a/../b/.", "a/~2e~2e/b/~2e"),
        ("50% off?#1", "50~25 off~3f~231"),
        ("a\\b~c;d", "a~5cb~7ec~3bd"),
        ("a\r\nb\x00", "a~0d~0ab~00"),
        ("a\u202eb", "a~e2~80~aeb"),
    ],
)
def test_readable_where_it_can_be(name, address):
    assert encode_folder(name) == address
    assert decode_folder(address) == name


@given(names)
def test_any_name_comes_back(name):
    address = encode_folder(name)
    assert decode_folder(address) == name
    segments = address.split("/")
    assert not {"", ".", ".."} & set(segments)
    assert not set(address) & set("%?#\\;\r\n\x00")


@given(names, st.sampled_from(sorted(ROUTES)), st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF))
def test_every_address_leads_back_to_its_message(name, route, uid_validity, uid):
    kwargs = {"folder": name, "uid_validity": uid_validity, "uid": uid, **ROUTES[route]}
    path = reverse(route, kwargs=kwargs)
    assert path.isascii()
    assert path.isprintable()
    match = resolve(_unquoted(path))
    assert (match.url_name, match.kwargs) == (route, kwargs)


@given(
    st.lists(
        st.sampled_from(["message", "a", "1", "2", "part", "nested", "body", "headers"]),
        min_size=1,
        max_size=8,
    )
)
def test_folders_named_like_our_own_words(segments):
    kwargs = {"folder": "/".join(segments), "uid_validity": 3, "uid": 4}
    for route, more in ROUTES.items():
        match = resolve(_unquoted(reverse(route, kwargs=kwargs | more)))
        assert (match.url_name, match.kwargs) == (route, kwargs | more)


@given(names)
def test_our_own_making_of_addresses_is_djangos(name):
    assert addresses.folder_address(name) == reverse("folder", kwargs={"folder": name})
    assert addresses.marking_address(name) == reverse("mark", kwargs={"folder": name})
    kwargs = {"folder": name, "uid_validity": 5, "uid": 6}
    assert addresses.message_address(name, 5, 6) == reverse("message", kwargs=kwargs)


@pytest.mark.parametrize("text", ["a//b", "../x", "a/.", "~zz", "~2", "~41", "~ff", "a\\b", "a~2Fb"])
def test_what_we_would_not_have_written_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        decode_folder(text)


@pytest.mark.parametrize(
    "path", ["/message/INBOX/99999999999/1/", "/message/INBOX/4294967296/1/", "/message/INBOX/a/1/"]
)
def test_numbers_are_32_bits(path):
    with pytest.raises(Resolver404):
        resolve(path)


def _unquoted(path: str) -> str:
    """As WSGI servers hand it over."""
    from urllib.parse import unquote

    return unquote(path)
