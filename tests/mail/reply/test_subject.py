from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.reply import forward_subject, reply_subject


@pytest.mark.parametrize(
    ("subject", "reply", "forward"),
    [
        ("", "Re: ", "Fwd: "),
        ("Møte", "Re: Møte", "Fwd: Møte"),
        ("Re: Møte", "Re: Møte", "Fwd: Re: Møte"),
        ("RE: re:Re : Møte", "Re: Møte", "Fwd: Re: Møte"),
        ("SV: Møte", "Re: Møte", "Fwd: Re: Møte"),
        ("AW: Antw: WG: Angebot", "Re: Fwd: Angebot", "Fwd: Re: Angebot"),
        ("VS: Møte", "Re: Fwd: Møte", "Fwd: Møte"),
        ("RE[2]: x", "Re: x", "Fwd: Re: x"),
        ("Re (3): x", "Re: x", "Fwd: Re: x"),
        ("Re^2: x", "Re: x", "Fwd: Re: x"),
        ("Re2: x", "Re: x", "Fwd: Re: x"),
        ("FW: x", "Re: Fwd: x", "Fwd: x"),
        ("Fwd: Fwd: Re: Fwd: x", "Re: Fwd: x", "Fwd: Re: x"),
        ("VB: TR: ENC: RV: x", "Re: Fwd: x", "Fwd: x"),
        ("回复：你好", "Re: 你好", "Fwd: Re: 你好"),
        ("转发: 你好", "Re: Fwd: 你好", "Fwd: 你好"),
        ("Ynt: İlt: merhaba", "Re: Fwd: merhaba", "Fwd: Re: merhaba"),
        ("Odp: Αντ: Отв: x", "Re: x", "Fwd: Re: x"),
        ("R: ciao", "Re: ciao", "Fwd: Re: ciao"),
        ("I: ciao", "Re: Fwd: ciao", "Fwd: ciao"),
        # what only looks like one
        ("r: ciao", "Re: r: ciao", "Fwd: r: ciao"),
        ("Regarding: x", "Re: Regarding: x", "Fwd: Regarding: x"),
        ("Re x", "Re: Re x", "Fwd: Re x"),
        ("Resett: x", "Re: Resett: x", "Fwd: Resett: x"),
        ("x Re: y", "Re: x Re: y", "Fwd: x Re: y"),
        ("Press: Re: x", "Re: Press: Re: x", "Fwd: Press: Re: x"),
        ("12:30?", "Re: 12:30?", "Fwd: 12:30?"),
        ("[walks] Re: tur", "Re: [walks] Re: tur", "Fwd: [walks] Re: tur"),
        ("Re: BIG and small  ", "Re: BIG and small", "Fwd: Re: BIG and small"),
    ],
)
def test_prefixes(subject: str, reply: str, forward: str) -> None:
    assert (reply_subject(subject), forward_subject(subject)) == (reply, forward)


@given(st.text(alphabet=st.sampled_from("ReFwd:SVAW []2 ：回复x"), max_size=40))
def test_prefixes_do_not_pile_up(subject: str) -> None:
    reply, forward = reply_subject(subject), forward_subject(subject)
    assert reply_subject(reply) == reply
    assert forward_subject(forward) == forward
    assert reply.startswith("Re: ")
    assert forward.startswith("Fwd: ")


@pytest.mark.parametrize("unit", ["Re: ", "re", " ", "Re ", "R:", "回复", "Fwd[1]"])
def test_is_bounded_and_linear(unit: str) -> None:
    assert len(reply_subject(unit * 10_000)) <= 1_000
    assert is_linear(lambda n: reply_subject(unit * n), 20_000)
