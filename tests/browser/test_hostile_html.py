"""Hostile mail in the reading frame of a real Chromium, with the policy and without it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.detector import Detector, Finding, Sink, launch
from tests.browser.hostile import BARE, PATHS, PRODUCT, RAW, Shown, Stage, perform
from tests.browser.payloads import LOADS, OVERLAYS, SCRIPTS, Payload, own, payloads
from tests.corpora import corpora_dir

pytestmark = pytest.mark.browser

Opener = Callable[[str], tuple[Stage, Detector, Page]]

SAMPLE = 25
"""One row in this many of the corpora's other sources, by the hash of its id, so that it is always the same."""


@dataclass(frozen=True)
class Theatre:
    browser: Browser
    sink: Sink

    def show(self, shown: Shown, chosen: list[Payload]) -> list[tuple[str, Finding]]:
        return list(perform(self.browser, self.sink, shown, chosen))


@pytest.fixture(scope="module")
def theatre(playwright: Playwright) -> Iterator[Theatre]:
    with Sink() as sink, launch(playwright, sink) as browser:
        yield Theatre(browser, sink)


def sampled(payload: Payload) -> bool:
    return hashlib.sha256(payload.id.encode()).digest()[0] % SAMPLE == 0


class TestTheDetectorItself:
    """Shown as they came, most of our payloads must be caught: else silence means nothing."""

    def kinds(self, theatre: Theatre, contents: tuple[str, ...]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        chosen = [Payload(str(number), content) for number, content in enumerate(contents)]
        for who, finding in theatre.show(RAW, chosen):
            found.setdefault(finding.kind, set()).add(who)
        return found

    def test_sees_script(self, theatre: Theatre) -> None:
        assert len(self.kinds(theatre, SCRIPTS)["script"]) >= 25

    def test_sees_requests(self, theatre: Theatre) -> None:
        before = len(theatre.sink.knocks)
        assert len(self.kinds(theatre, LOADS)["request"]) >= 20
        assert any("canary" in knock for knock in theatre.sink.knocks[before:])

    def test_sees_what_leaves_its_place(self, theatre: Theatre) -> None:
        assert len(self.kinds(theatre, OVERLAYS)["markup"]) >= 6


@pytest.mark.parametrize("shown", [PRODUCT, BARE], ids=["product", "bare"])
def test_our_payloads_do_nothing(theatre: Theatre, shown: Shown) -> None:
    assert theatre.show(shown, list(own())) == []


@pytest.mark.skipif(corpora_dir() is None, reason="no corpora on this machine")
@pytest.mark.parametrize("shown", [PRODUCT, BARE], ids=["product", "bare"])
def test_every_mail_vector_does_nothing(theatre: Theatre, shown: Shown) -> None:
    chosen = list(payloads(where=("html", "plain"), sources=("own-email-vectors",)))
    assert len(chosen) > 100
    assert theatre.show(shown, chosen) == []


@pytest.mark.skipif(corpora_dir() is None, reason="no corpora on this machine")
@pytest.mark.parametrize("shown", [PRODUCT, BARE], ids=["product", "bare"])
def test_a_sample_of_the_corpora_does_nothing(theatre: Theatre, shown: Shown) -> None:
    chosen = [row for row in payloads() if row.source not in ("here", "own-email-vectors") and sampled(row)]
    assert len(chosen) > 100
    assert theatre.show(shown, chosen) == []


class TestTheFrame:
    """What the frame must still be able to do under its policy."""

    @pytest.fixture
    def stage(self, theatre: Theatre) -> Iterator[Callable[[str], tuple[Stage, Detector, Page]]]:
        with ExitStack() as stack:

            def open_one(content: str) -> tuple[Stage, Detector, Page]:
                stage = stack.enter_context(Stage(PRODUCT, [[Payload("one", content)]]))
                context = stack.enter_context(theatre.browser.new_context())
                detector = Detector(context, stage.origin, PATHS)
                page = detector.new_page()
                page.goto(f"{stage.origin}/outer/0", wait_until="load")
                return stage, detector, page

            yield open_one

    def test_inline_pictures_load_with_the_session_cookie(self, stage: Opener) -> None:
        """Lax, HttpOnly: it would not be sent from a document without an origin."""
        server, _, page = stage("<img src='cid:a@b' width=40 height=40>")
        asked = dict(server.requests)
        assert asked["/inline/cid%3Aa%40b"] == "s=1"
        assert page.frame_locator("iframe").locator("img").evaluate("image => image.naturalWidth") == 1

    def test_the_page_around_it_can_measure_it(self, stage: Opener) -> None:
        _, _, page = stage("<div style='height:1234px'>x</div>")
        measure = "frame => frame.contentDocument.documentElement.scrollHeight"
        assert page.locator("iframe").evaluate(measure) >= 1234

    def test_names_in_the_mail_do_not_get_in_the_way_of_measuring(self, stage: Opener) -> None:
        _, _, page = stage("<img name=documentElement><a name=body></a><form id=documentElement>x</form>")
        measure = "frame => frame.contentDocument.documentElement.scrollHeight"
        assert page.locator("iframe").evaluate(measure) > 0

    def test_a_link_opens_elsewhere_without_opener_or_referrer(self, stage: Opener) -> None:
        server, _, page = stage("<a href='http://127.0.0.1:1/'>x</a>")
        link = page.frame_locator("iframe").locator("a")
        link.evaluate("(link, url) => { link.href = url }", f"{server.origin}/outer/0?linked")
        with page.context.expect_page() as opened:
            link.click()
        opened.value.wait_for_load_state()
        assert opened.value.evaluate("() => [window.opener === null, document.referrer]") == [True, ""]
        assert page.url == f"{server.origin}/outer/0"

    def test_a_link_within_the_mail_stays_in_the_frame(self, stage: Opener) -> None:
        server, _, page = stage("<a href=#end>down</a><p style='height:3000px'>x</p><p id=end>end</p>")
        page.frame_locator("iframe").locator("a").click()
        assert page.frames[1].url == f"{server.origin}/frame/0/0#m-end"
        assert page.url == f"{server.origin}/outer/0"

    def test_the_mails_own_styles_apply(self, stage: Opener) -> None:
        _, _, page = stage(
            "<style>.a{color:rgb(1,2,3)}@media (max-width:400px){.b{color:rgb(4,5,6)!important}}</style>"
            "<body bgcolor=ffeedd><p class=a>x</p><p class=b style='color:red'>y</p>"
        )
        inside = page.frame_locator("iframe")
        colour = "element => getComputedStyle(element).color"
        assert inside.locator(".a").evaluate(colour) == "rgb(1, 2, 3)"
        assert inside.locator(".b").evaluate(colour) == "rgb(4, 5, 6)"
        background = "body => getComputedStyle(body).backgroundColor"
        assert inside.locator("body").evaluate(background) == "rgb(255, 238, 221)"
