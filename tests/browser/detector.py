"""What a hostile mail managed to do in a real browser: script, requests, navigation, paint outside its frame.

`Sink` is where every host name but loopback leads; `Detector` watches one browser context. Neither knows what
is being shown, so that they serve the reading frame alone and the whole program alike.
"""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, Playwright, Request

CHROMIUM = "/usr/bin/chromium"
CAPTURES = 5
_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-dev-shm-usage"
).split()

_WATCH = """
(() => {
  const say = (kind, what) => {
    try { window.ekornReport(kind, String(what).slice(0, 200), location.href) } catch (e) {}
  };
  if (window.origin === 'null' && location.href === 'about:blank') return;
  for (const name of ['pwn', 'alert', 'confirm', 'prompt', 'print', 'open'])
    window[name] = (...values) => { say('script', name + '(' + values.join() + ')') };
  document.addEventListener('securitypolicyviolation', event => {
    if (event.effectiveDirective.startsWith('script')) say('script', event.blockedURI + ' ' + event.sample);
  });
})()
"""

_AUDIT = """
frames => {
  const found = [];
  const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);
  const allowed = new Set(`A ABBR ACRONYM ADDRESS ARTICLE ASIDE B BDI BDO BIG BLOCKQUOTE BODY BR CAPTION CENTER
    CITE CODE COL COLGROUP DD DEL DETAILS DFN DIR DIV DL DT EM FIGCAPTION FIGURE FONT FOOTER H1 H2 H3 H4 H5 H6
    HEAD HEADER HGROUP HR HTML I IMG INS KBD LI MAIN MARK MENU META NAV OL P PRE Q RP RT RUBY S SAMP SECTION
    SMALL SPAN STRIKE STRONG STYLE SUB SUMMARY SUP TABLE TBODY TD TFOOT TH THEAD TIME TITLE TR TT U UL VAR
    WBR`.split(/\\s+/));
  for (const frame of document.querySelectorAll(frames)) {
    const inside = frame.contentDocument, where = frame.getAttribute('src');
    const say = what => found.push([where, String(what).slice(0, 200)]);
    if (!inside) { say('left for another origin'); continue }
    if (inside.location.pathname !== new URL(where, location.href).pathname)
      say('navigated to ' + inside.location.href);
    if (inside.head.querySelectorAll('style').length !== 2 || inside.body.querySelector('style,meta,title'))
      say('its own head is broken');
    for (const element of inside.querySelectorAll('*')) {
      if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml') say('namespace ' + element.namespaceURI);
      if (!allowed.has(element.tagName)) say('element ' + element.tagName);
      for (const {name, value} of element.attributes) {
        if (/^on|^srcdoc$|^style-|^data-|^formaction|^xlink|:/.test(name)) say('attribute ' + name);
        if (name === 'href') {
          const own = value.startsWith('#m-');
          if (element.tagName !== 'A' || !own && (!schemes.has(element.protocol)
            || element.target !== '_blank' || !element.relList.contains('noopener') || element.username))
            say('href ' + value);
        }
      }
      const style = inside.defaultView.getComputedStyle(element);
      if (style.position !== 'static') say('position ' + style.position);
      for (const side of ['Top', 'Left', 'Right', 'Bottom'])
        if (parseFloat(style['margin' + side]) < 0) say('margin ' + style['margin' + side]);
      if (style.transform !== 'none' || style.zIndex !== 'auto' || style.animationName !== 'none') say('moves');
    }
  }
  return found;
}
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is script, request, navigation, dialog, window, markup or paint; `where` the address it came from."""

    kind: str
    what: str
    where: str = ""


_CHATTER = re.compile(rb"[\w.-]+\.(?:google|googleapis|gstatic|gvt1|googleusercontent)\.com")
_NAME = re.compile(rb"(?:[a-z0-9_-]+\.)+[a-z]{2,}", re.IGNORECASE)


class Sink:
    """A listener that answers nobody and remembers which hosts were asked for: Chromium's own are left out."""

    def __init__(self) -> None:
        sink = self
        self.knocks: list[str] = []

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.settimeout(1)
                try:
                    hello = self.request.recv(8192)
                except OSError:
                    hello = b""
                if not _CHATTER.search(hello):
                    named = _NAME.search(hello)
                    sink.knocks.append(named.group().decode() if named else repr(hello[:80]))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def launch(playwright: Playwright, sink: Sink) -> Iterator[Browser]:
    """Debian's Chromium, for which every host but 127.0.0.1 is the sink."""
    rules = f"--host-resolver-rules=MAP * 127.0.0.1:{sink.port}, EXCLUDE 127.0.0.1"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_ARGUMENTS, rules])
    try:
        yield browser
    finally:
        browser.close()


def painted(page: Page, **options: Any) -> bytes:
    """A screenshot, for which the page has to be painted.

    A browser whose machine is busy may have no frame at hand at that moment and says so; it is asked again.
    """
    for _ in range(CAPTURES - 1):
        try:
            return page.screenshot(**options)
        except Error as error:
            if "Unable to capture screenshot" not in error.message:
                raise
    return page.screenshot(**options)


@dataclass
class Detector:
    """Watches `context`, in which only `origin` may be asked for anything, and of it only `paths`.

    An empty `paths` allows every path. Use `check` after a page with hostile content has loaded.
    """

    context: BrowserContext
    origin: str
    paths: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.expose_binding("ekornReport", self._reported)
        self.context.add_init_script(_WATCH)
        self.context.on("request", self._requested)
        self.context.on("page", self._opened)

    def new_page(self, **options: Any) -> Page:
        self.context.remove_listener("page", self._opened)
        page = self.context.new_page(**options)
        self.context.on("page", self._opened)
        page.on("dialog", lambda dialog: (self._add("dialog", dialog.message, page.url), dialog.dismiss()))
        return page

    def check(self, page: Page, *, frames: str = "iframe", audit: bool = True) -> list[Finding]:
        """What was found since the last call; waits until the page is at rest. `frames` is a CSS selector."""
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))"
        )
        if audit:
            for where, what in page.evaluate(_AUDIT, frames):
                self._add("markup", what, where)
        return self.taken()

    def taken(self) -> list[Finding]:
        """What was found since the last call."""
        found, self.findings[:] = list(self.findings), []
        return found

    def paints_outside(self, page: Page, before: bytes, *, frames: str = "iframe") -> bool:
        """Whether anything but the frames looks different from `before`, an earlier `outside` of the page."""
        after = self.outside(page, frames=frames)
        return after != before and _look_different(page, before, after)

    def outside(self, page: Page, *, frames: str = "iframe") -> bytes:
        return painted(page, mask=[page.locator(frames)], animations="disabled", caret="hide")

    def _add(self, kind: str, what: str, where: str = "") -> None:
        self.findings.append(Finding(kind, what, where))

    def _reported(self, _source: Any, kind: str, what: str, where: str) -> None:
        self._add(kind, what, where)

    def _requested(self, request: Request) -> None:
        url = request.url
        parts = urlsplit(url)
        ours = url.startswith(self.origin + "/") and (not self.paths or parts.path.startswith(self.paths))
        if not ours and url not in ("about:blank", "about:srcdoc"):
            self._add("request", f"{request.resource_type} {url[:200]}", _frame_url(request))

    def _opened(self, page: Page) -> None:
        self._add("window", page.url)


# A rounded corner is not drawn to the same shade each time; what a person could see differs by more than this.
SHADES = 8
COMPARE = """async ([before, after, shades]) => {
    const pixels = async (png) => {
        const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        return canvas.getImageData(0, 0, image.width, image.height).data;
    };
    const [a, b] = [await pixels(before), await pixels(after)];
    return a.length !== b.length || a.some((value, at) => Math.abs(value - b[at]) > shades);
}"""


def _look_different(page: Page, before: bytes, after: bytes) -> bool:
    """Compared by a browser, apart from the one that is watched."""
    assert page.context.browser is not None
    context = page.context.browser.new_context()
    try:
        pictures = [base64.b64encode(picture).decode() for picture in (before, after)]
        return bool(context.new_page().evaluate(COMPARE, [*pictures, SHADES]))
    finally:
        context.close()


def _frame_url(request: Request) -> str:
    try:
        frame: Frame = request.frame
        return frame.url
    except Exception:  # noqa: BLE001 -- playwright raises for requests that no frame made yet
        return ""
