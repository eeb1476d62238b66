"""A list's address and what it stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.imap.commands import criteria
from webmail.mailbox.query.meaning import NOTHING, Asker
from webmail.mailbox.view import FILTERS, SCOPES, SORTS, View

VIEWS = st.builds(
    View,
    folder=st.just("INBOX"),
    text=st.sampled_from(["", "from:kari", '"a b" -is:read', "blåbær&only=x #1 %", "in:archive x"]),
    scope=st.sampled_from(SCOPES),
    only=st.lists(st.sampled_from([*FILTERS, "label:viktig"]), unique=True).map(tuple),
    sort=st.sampled_from([sign + name for sign in ("", "-") for name in SORTS]),
    threaded=st.booleans(),
)


@given(VIEWS)
def test_the_address_of_a_view_is_that_view(view: View) -> None:
    assert View.from_query("INBOX", view.to_query()) == view
    assert View.from_query("INBOX", view.to_query(page=3)) == view


def test_an_empty_address_is_the_folder_as_it_is() -> None:
    view = View.from_query("INBOX", "page=2")
    assert view.plain
    assert not view.narrows
    assert view.key() == criteria.ALL
    assert view.to_query() == ""


def test_filters_narrow() -> None:
    view = View.from_query("INBOX", "only=unread&only=label:viktig")
    assert view.narrows
    assert view.key(Asker()) == criteria.UNSEEN & criteria.keyword("viktig")
    assert view.toggled("unread").only == ("label:viktig",)
    assert view.toggled("starred").only == ("unread", "label:viktig", "starred")


def test_to_me_is_nobody_while_nobody_is_known() -> None:
    me = View.from_query("INBOX", "only=me")
    assert me.key(Asker()) == NOTHING | NOTHING
    assert me.key(Asker(addresses=("k@x",))) == criteria.text("TO", "k@x") | criteria.text("CC", "k@x")


def test_what_no_server_can_say_is_not_exact() -> None:
    assert not View("INBOX", text="has:attachment").exact
    assert not View("INBOX", only=("attachment",)).exact
    assert View("INBOX", text="from:kari").exact


@pytest.mark.parametrize(
    "text",
    [
        "in=moon",
        "sort=colour",
        "sort=--date",
        "only=purple",
        "only=label:",
        "threads=2",
        "q=%ff",
        "q=%00",
        "q=a%0d%0aLOGOUT",
        "q=" + "a" * 10_001,
        "q=" + "a+" * 1001,
        "&".join(f"only=label:{number}" for number in range(21)),
        "a=b&" * 101,
        "a" * 130_000,
    ],
)
def test_bad_addresses_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        View.from_query("INBOX", text)
