"""What the form holds survives being put away."""

from hypothesis import given
from hypothesis import strategies as st

from webmail.mailbox.reading.summary import Place
from webmail.mailbox.writing import Attached, Composition, Origin, Received

TEXT = st.text(max_size=40)
NUMBER = st.integers(0, 0xFFFFFFFF)
PLACE = st.builds(Place, folder=TEXT, uid_validity=NUMBER, uid=NUMBER)
COMPOSITION = st.builds(
    Composition,
    message_id=TEXT,
    subject=TEXT,
    html=TEXT,
    attachments=st.lists(st.builds(Attached, TEXT, TEXT, TEXT, NUMBER, st.booleans()), max_size=3).map(tuple),
    origins=st.lists(st.builds(Origin, TEXT, TEXT, NUMBER, NUMBER), max_size=3).map(tuple),
    draft=st.none() | PLACE,
)


@given(COMPOSITION)
def test_put_away_and_taken_out(composition):
    assert Composition.from_json(composition.to_json()) == composition


@given(
    st.builds(
        Received,
        PLACE,
        st.from_regex(r"(?:[0-9]{1,3}(?:\.[0-9]{1,3})*)?", fullmatch=True),
        st.none() | NUMBER,
    )
)
def test_a_received_part_has_a_token(received):
    assert Received.of(received.token) == received


def test_an_uploads_token_is_no_part():
    assert Received.of("ab12") is None
