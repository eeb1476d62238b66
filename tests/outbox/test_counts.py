"""What became of tries to send is counted, by its state and once each."""

from __future__ import annotations

import pytest

from tests.smtp.scripted import cut
from webmail.mailbox.writing import upload
from webmail.metrics import snapshot


@pytest.mark.parametrize(
    ("table", "state"),
    [
        ({}, "accepted"),
        ({"RCPT": b"550 5.1.1 No"}, "refused"),
        ({"MAIL": b"451 4.3.0 Later"}, "deferred"),
        ({".": cut()}, "unknown"),
    ],
)
def test_what_became_of_it(desk, server, table, state):
    earlier = snapshot()
    server(table)
    desk.send()
    later = snapshot()
    grown = {
        name: value - earlier.get(name, 0.0)
        for name, value in later.items()
        if name.startswith(("sends_total", "smtp_seconds_count"))
    }
    assert {name: value for name, value in grown.items() if value} == {
        f"sends_total:{state}": 1,
        "smtp_seconds_count": 1,
    }


def test_files(desk):
    earlier = snapshot()
    upload(access=desk.access, filename="a.txt", type="text/plain", chunks=[b"hei", b"hei"])
    later = snapshot()
    assert later["uploads_total:kept"] == earlier.get("uploads_total:kept", 0) + 1
    assert later["uploaded_octets_total"] == earlier.get("uploaded_octets_total", 0) + 6
