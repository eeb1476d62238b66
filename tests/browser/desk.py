"""Somebody at a real browser in front of the whole program, and everything the browser complained about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.front.visitor import MailAccount

_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event => {
  window.ekornPolicy(`${event.effectiveDirective} ${event.blockedURI} ${location.pathname}`);
});
"""


@dataclass
class Desk:
    """One browser context. `problems` fills with console errors, broken policy, failed pages and foreign hosts."""

    browser: Browser
    origin: str
    options: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    expected: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(base_url=self.origin, **self.options)
        self.context.expose_binding(
            "ekornPolicy", lambda _source, what: self.problems.append(f"policy: {what}")
        )
        self.context.add_init_script(_VIOLATIONS)
        self.context.on("request", self._requested)
        self.context.on("response", self._answered)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        self.page: Page = self.context.new_page()

    def sign_in(self, account: MailAccount) -> None:
        """At the front door, as people do."""
        self.page.goto("/")
        self.page.fill("#username", account.name)
        self.page.fill("#password", account.password)
        self.page.click("form.door-form button")
        self.page.wait_for_url("**/folder/INBOX/")

    def goto(self, address: str) -> None:
        self.page.goto(address, wait_until="load")

    def focused(self) -> str:
        """What the keyboard is at, as tag#id.class."""
        return str(
            self.page.evaluate(
                "() => { const e = document.activeElement; return e.tagName.toLowerCase() + (e.id && '#' + e.id)"
                " + [...e.classList].map(name => '.' + name).join('') }"
            )
        )

    def tab_to(self, selector: str, *, most: int = 80) -> None:
        """By the keyboard alone, as far as it takes."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard does not come to {selector}")

    def close(self) -> None:
        self.context.close()

    def _requested(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:", "about:")):
            return
        if not request.url.startswith(self.origin + "/"):
            self.problems.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.status}: {urlsplit(response.url).path}")

    def _said(self, message: ConsoleMessage) -> None:
        # What failed to load has been noted with its status already.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")
