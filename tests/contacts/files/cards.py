"""Any card that the address book may hold, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from webmail.contacts.folding import address_key
from webmail.contacts.pages import Card, CardAddress
from webmail.contacts.text import label, line, lines


def text(longest: int) -> st.SearchStrategy[str]:
    formula = st.sampled_from(
        ["=1+1", "+47", "-x", "@x", "'=x", "''+", "a;b", "a,b", 'a"b', "a\\nb", "\\", "::", "＝"]
    )
    return (st.text(max_size=longest) | formula).map(lambda drawn: line(drawn, longest))


WORDS = st.text(alphabet=st.sampled_from("abcæøå0123456789.-+_='!#$%&*/?^`{|}~"), min_size=1, max_size=20)
DOMAINS = st.text(alphabet=st.sampled_from("abcæøå0123456789"), min_size=1, max_size=20)
ADDRESSES = st.builds(
    lambda local, domain: f"{local.strip('.') or 'a'}@{domain}.example", WORDS, DOMAINS
).map(lambda address: address.replace("..", "."))
LABELS = st.sampled_from(["", "home", "work"]) | text(40).map(label)
# What separates groups in one cell of Google's, and marks Google's own, can't be part of a name there.
GROUPS = text(100).filter(lambda name: name and ":::" not in name and not name.startswith("*"))


def _card(name: str, organisation: str, notes: str, addresses: list[CardAddress], groups: list[str]) -> Card:
    once = {address_key(one.address): one for one in addresses}
    if address_key(name) in once:
        name = ""
    if not (name or organisation or once):
        name = "x"
    return Card(name, organisation, notes, tuple(once.values()), tuple(dict.fromkeys(groups)))


CARDS = st.builds(
    _card,
    text(200),
    text(200),
    st.text(max_size=300).map(lambda drawn: lines(drawn, 300)),
    st.lists(
        st.builds(
            CardAddress,
            ADDRESSES,
            LABELS.filter(lambda drawn: drawn.lower() not in ("smtp", "ex", "internet", "*")),
        ),
        max_size=4,
    ),
    st.lists(GROUPS, max_size=3),
)
