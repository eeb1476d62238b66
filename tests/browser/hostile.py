"""Shows hostile mail in the reading frame, in a real Chromium, and says what it managed to do.

    python -m tests.browser.hostile --all      every payload, of ours and of the corpora
    python -m tests.browser.hostile --id ID    one of them

Each is shown twice. "product": as the program does, in a sandboxed frame with the policy sent. "bare": with
neither sandbox nor policy and with remote pictures allowed, so that the sanitiser alone has to hold.
"""

from __future__ import annotations

import argparse
import base64
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.browser.detector import Detector, Finding, Sink, launch
from tests.browser.payloads import Payload, payloads
from webmail.mail.html import (
    Choices,
    Refused,
    Sanitised,
    content_security_policy,
    document,
    sanitise,
    text_from_html,
)
from webmail.mail.html.document import SANDBOX

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
BATCH = 60
PATHS = ("/outer/", "/frame/", "/inline/", "/proxy/")

Render = Callable[[Payload], str]


def rendered(payload: Payload, *, remote: bool = False) -> str:
    """The frame's document for a payload, as the program makes it (the text in place of what is refused)."""
    result = sanitise(
        payload.content,
        inline=lambda reference: "/inline/" + quote(reference, safe="") if reference[:4] == "cid:" else None,
        proxy=lambda url: "/proxy/" + quote(url, safe=""),
        choices=Choices(remote=remote),
    )
    if isinstance(result, Refused):
        result = Sanitised(f"<pre>{escape(text_from_html(payload.content))}</pre>")
    return document(result, title=payload.id)


def raw(payload: Payload) -> str:
    """A payload as it came: what the detector must cry out at."""
    return f"<!DOCTYPE html><meta charset=utf-8><style></style><style></style>{payload.content}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One way to show payloads. `policy` is the header sent with each, `sandbox` the frame's attribute."""

    render: Render
    policy: str | None
    sandbox: str | None


PRODUCT = Shown(rendered, content_security_policy(), SANDBOX)
BARE = Shown(lambda payload: rendered(payload, remote=True), None, None)
RAW = Shown(raw, None, None)


class Stage:
    """A loopback server with an outer page for each batch of frames."""

    def __init__(self, shown: Shown, batches: Sequence[Sequence[Payload]]) -> None:
        self.shown = shown
        self.batches = batches
        self.requests: list[tuple[str, str]] = []
        stage = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                stage.requests.append((self.path, self.headers.get("Cookie", "")))
                status, kind, content, headers = stage.answer(urlsplit(self.path).path)
                self.send_response(status)
                for name, value in {
                    "Content-Type": kind,
                    "Content-Length": str(len(content)),
                    **headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Nothing is said."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str) -> tuple[int, str, bytes, dict[str, str]]:
        _, place, *rest = path.split("/")
        html = "text/html; charset=utf-8"
        if place == "outer" and rest[0].isdigit():
            return (
                200,
                html,
                self.outer(int(rest[0])).encode(),
                {"Set-Cookie": "s=1; HttpOnly; SameSite=Lax; Path=/"},
            )
        if place == "frame" and len(rest) == 2 and rest[0].isdigit() and rest[1].isdigit():
            content = self.shown.render(self.batches[int(rest[0])][int(rest[1])]).encode("utf-8", "replace")
            policy = (
                {"Content-Security-Policy": self.shown.policy}
                if self.shown.policy
                else {"Content-Security-Policy-Report-Only": "script-src 'none'"}
            )
            return 200, html, content, policy
        if place in ("inline", "proxy"):
            return 200, "image/gif", PIXEL, {}
        return 404, html, b"", {}

    def outer(self, batch: int) -> str:
        sandbox = f' sandbox="{self.shown.sandbox}"' if self.shown.sandbox is not None else ""
        frames = "".join(
            f'<iframe width="300" height="60" src="/frame/{batch}/{at}"{sandbox}></iframe>'
            for at in range(len(self.batches[batch]))
        )
        return f"<!DOCTYPE html><title>outer</title><h1>Ekorn</h1><nav id=sidebar>INBOX</nav><main>{frames}</main>"


def batched(found: Iterable[Payload], size: int = BATCH) -> list[list[Payload]]:
    every = list(found)
    return [every[at : at + size] for at in range(0, len(every), size)]


def perform(
    browser: Browser, sink: Sink, shown: Shown, chosen: Iterable[Payload]
) -> Iterator[tuple[str, Finding]]:
    """Show all of `chosen` and yield (payload id, finding); the id is "?" where no one payload can be named."""
    batches = batched(chosen)
    with Stage(shown, batches) as stage:
        for number, batch in enumerate(batches):
            context = browser.new_context(viewport={"width": 1000, "height": 800})
            detector = Detector(context, stage.origin, PATHS)
            page = detector.new_page()
            before = len(sink.knocks)
            page.goto(f"{stage.origin}/outer/{number}", wait_until="load")
            outside = page.evaluate("() => document.documentElement.outerHTML")
            for finding in detector.check(page):
                yield _named(batch, finding), finding
            if page.url != f"{stage.origin}/outer/{number}" or page.title() != "outer":
                yield "?", Finding("navigation", page.url)
            if outside.count("<iframe") != len(batch) or page.locator("h1").inner_text() != "Ekorn":
                yield "?", Finding("paint", "the page around the frames changed")
            for knock in sink.knocks[before:]:
                yield "?", Finding("request", f"reached the sink for {knock}")
            context.close()


def _named(batch: Sequence[Payload], finding: Finding) -> str:
    parts = urlsplit(finding.where).path.split("/")
    if len(parts) == 4 and parts[1] == "frame" and parts[3].isdigit():
        return batch[int(parts[3])].id
    return "?"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--all", action="store_true")
    chosen.add_argument("--id", action="append", default=[])
    options = parser.parse_args(arguments)
    found = [payload for payload in payloads() if options.all or payload.id in options.id]
    failures = 0
    with sync_playwright() as playwright, Sink() as sink, launch(playwright, sink) as browser:
        for name, shown in (("product", PRODUCT), ("bare", BARE)):
            for who, finding in perform(browser, sink, shown, found):
                failures += 1
                sys.stdout.write(f"{name} {who}: {finding.kind} {finding.what}\n")
    sys.stdout.write(f"{len(found)} payloads, shown twice each: {failures} findings\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
