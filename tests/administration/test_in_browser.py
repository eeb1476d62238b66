"""The admin in a real browser: nothing that its policy refuses, nothing wider than the window, WCAG 2.2 AA."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b32decode
from time import time

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.administration.conftest import PASSWORD
from tests.servers.program import PROJECT, Program
from tests.web.test_accessibility import faults, press, too_small, too_wide

FILL = """
from tests.administration.filled import fill
from webmail.accounts.models import Person
Person.objects.create_superuser("root", password=%r)
fill(2)
"""
SCREENS = (
    "/admin/",
    "/admin/accounts/person/",
    "/admin/accounts/person/2/change/",
    "/admin/domains/maildomain/1/change/",
)


@pytest.fixture
def place():
    """Where a program runs whose admin asks for a second factor, with a superuser and two people."""
    with Program(imap_url="imap://127.0.0.1:1") as program:
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", FILL % PASSWORD],
            cwd=PROJECT,
            env=program.environment | {"PYTHONPATH": str(PROJECT), "PATH": os.environ["PATH"]},
            check=True,
        )
        yield program


def test_the_whole_admin(place, browser):
    said, wrong = [], []
    context = browser.new_context(base_url=place.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/admin/")
    assert faults(page) == []
    page.fill("#id_username", "root")
    page.fill("#id_password", PASSWORD)
    press(page, "input[type=submit]")
    assert faults(page) == []
    page.fill("#id_code", code_of(page.locator(".secret").inner_text()))
    press(page, "input[type=submit]")
    assert page.locator(".codes li").count() == 10
    assert faults(page) == []
    press(page, ".button")
    for screen in SCREENS:
        for width, scheme in ((1440, "light"), (360, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            # What axe does itself is refused too, and said.
            said.clear()
            page.goto(screen)
            page.wait_for_load_state("load")
            wrong += said
            wrong += [f"{screen} {width}: {fault}" for fault in faults(page)]
            wrong += [f"{screen} {width}: {fault}" for fault in too_small(page)]
            if extra := too_wide(page):
                wrong.append(f"{screen}: {extra} too wide at {width}")
    context.close()
    assert wrong == []


def code_of(secret: str) -> str:
    """What an app shows that was told the secret."""
    return TOTP(b32decode(secret.replace(" ", "")), 6, SHA1(), 30).generate(time()).decode()
