"""The detector itself: what it must see, it sees."""

from playwright.sync_api import Page

from tests.browser.detector import Detector

FRAME = "<iframe srcdoc=hi width=100 height=100></iframe>"


def test_paint_outside_a_frame_is_seen(page: Page) -> None:
    page.set_content(FRAME)
    detector = Detector(page.context, "http://localhost")
    before = detector.outside(page)
    assert not detector.paints_outside(page, before)
    page.set_content(f"{FRAME}<div style='position:fixed;top:0;width:9px;height:9px;background:#eee'></div>")
    assert detector.paints_outside(page, before)
