"""Every hostile row of the corpora through the sanitiser, judged by the oracle."""

from __future__ import annotations

import pytest

from tests.browser.payloads import payloads
from tests.corpora import corpora_dir
from tests.mail import oracle
from webmail.mail.html import Choices, Refused, Sanitised, sanitise, text_from_html

pytestmark = pytest.mark.skipif(corpora_dir() is None, reason="no corpora on this machine")


def clean(html: str) -> Sanitised | Refused:
    return sanitise(
        html,
        inline=lambda reference: "/ours/1" if reference.startswith("cid:") else None,
        proxy=lambda _: "/ours/proxy?a=1&b=2",
        choices=Choices(remote=True),
    )


def test_every_row_comes_out_clean_and_stays_so() -> None:
    count, refused, wrong = 0, 0, []
    for payload in payloads():
        count += 1
        html = payload.content
        assert isinstance(text_from_html(html), str)
        for _ in range(2):
            result = clean(html)
            if isinstance(result, Refused):
                assert result.reason != "error"
                refused += 1
                break
            found = oracle.problems(result.html) + oracle.stylesheet_problems(result.stylesheet)
            found += oracle.style_problems(dict(result.body).get("style", ""))
            if found:
                wrong.append((payload.id, found))
            html = result.html
    assert wrong == []
    assert count > 6000
    assert refused <= count // 500
