"""Reading and sending in a real browser once more, over HTTPS and HTTP/2 through the whole house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import desk, desk_of, newest, reader
from tests.browser.test_reading import TestByKeyboardAlone, TestOnItsOwnPage
from tests.servers.house import House
from tests.web.conftest import open_page, person
from tests.web.test_compose_in_browser import friend, test_from_the_first_letter_to_the_other_account
from tests.web.test_in_browser import (
    test_back_after_signing_out_shows_no_mail,
    test_only_our_own_host_is_asked,
    test_what_is_read_beside_the_list_counts,
)

# The tests of elsewhere that run here as well, and what they ask for.
__all__ = [
    "TestByKeyboardAlone",
    "TestOnItsOwnPage",
    "desk",
    "desk_of",
    "friend",
    "newest",
    "open_page",
    "person",
    "reader",
    "test_back_after_signing_out_shows_no_mail",
    "test_from_the_first_letter_to_the_other_account",
    "test_only_our_own_host_is_asked",
    "test_what_is_read_beside_the_list_counts",
]


@dataclass(frozen=True, slots=True)
class Trusting:
    """A browser that knows the authority of the test."""

    browser: Browser

    def new_context(self, **options: Any) -> BrowserContext:
        return self.browser.new_context(ignore_https_errors=True, **options)


@pytest.fixture
def program(house: House) -> House:
    """What those tests call the program: all that they want of it is where it is."""
    return house


@pytest.fixture
def browser(browser: Browser) -> Trusting:
    return Trusting(browser)


def test_pages_come_by_http2(open_page: Any) -> None:
    page: Page = open_page()
    page.wait_for_load_state("load")
    used = page.evaluate(
        "() => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
        ".map(entry => entry.nextHopProtocol)"
    )
    assert len(used) > 5
    assert set(used) == {"h2"}
    assert page.evaluate("() => isSecureContext && document.cookie") == ""
