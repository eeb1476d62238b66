"""The frame's document and its policy."""

from __future__ import annotations

from webmail.mail.html import POLICY_VERSION, Sanitised, content_security_policy, document
from webmail.mail.html.document import SANDBOX


def test_the_policy_lets_nothing_run_or_load() -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in content_security_policy().split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "'self'"
    assert policy["form-action"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["sandbox"] == SANDBOX
    assert "allow-scripts" not in SANDBOX
    assert "script-src" not in policy


def test_pictures_and_ancestors_can_be_chosen() -> None:
    policy = content_security_policy(frame_ancestors="'none'", pictures="https://m.example")
    assert "frame-ancestors 'none'" in policy
    assert "img-src https://m.example;" in policy


def test_what_goes_around_is_encoded() -> None:
    html = document(Sanitised("<p>x</p>", body=(("style", 'a:"b";'),)), title="<b>&", lang='n"n')
    assert html.startswith('<!DOCTYPE html><html lang="n&quot;n"><head><meta charset="utf-8">')
    assert "<title>&lt;b&gt;&amp;</title>" in html
    assert '<body style="a:&quot;b&quot;;"><p>x</p></body></html>' in html


def test_the_mails_own_language_wins() -> None:
    html = document(Sanitised("x", body=(("lang", "nn"),)), lang="en")
    assert "<html><head>" in html
    assert '<body lang="nn">' in html


def test_a_print_page_has_its_headers_first() -> None:
    content = Sanitised(
        "<p>x</p>", stylesheet="h1{display:none;}", body=(("style", "color:red;"), ("class", "a"))
    )
    html = document(content, lang="nb", before="<h1>S</h1>")
    message = '<div class="ekorn-paper"><div style="color:red;" class="ekorn-message a"><p>x</p></div></div>'
    assert f"<body><h1>S</h1>{message}</body>" in html
    assert "<style>@scope (.ekorn-message){h1{display:none;}}</style>" in html
    assert html.startswith('<!DOCTYPE html><html lang="nb">')


def test_the_version_is_a_number() -> None:
    assert POLICY_VERSION >= 1
