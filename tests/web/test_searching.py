"""Searching, filtering and sorting through the front door."""

from __future__ import annotations

import re

import pytest

from tests.web.letters import PLAIN

HOSTILE = '<img src=x onerror=alert(1)>"\'&'


def subjects(response) -> list[str]:
    rows = re.findall(r'<span class="subject">(.*?)</span>', response.content.decode())
    return [re.sub(r"</?mark>", "", row) for row in rows]
