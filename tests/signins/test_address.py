"""Who is believed about where a request comes from."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webmail.signins.address import client_address

CLIENT, NEAR, FAR = "198.51.100.7", "10.0.0.2", "10.0.9.9"


def asked(by: str, forwarded: str) -> str:
    request = RequestFactory().get("/", REMOTE_ADDR=by)
    request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(request)


@pytest.fixture
def trusting(settings):
    settings.BEHIND_PROXY = True
    settings.TRUSTED_PROXIES = ["10.0.0.0/16", "2001:db8::1"]


@pytest.mark.parametrize(
    ("by", "forwarded", "address"),
    [
        (NEAR, CLIENT, CLIENT),
        (NEAR, f"{CLIENT}, {FAR}", CLIENT),
        (NEAR, f"203.0.113.9, {CLIENT}, {FAR}", CLIENT),
        (NEAR, "", NEAR),
        (NEAR, FAR, FAR),
        ("192.0.2.66", CLIENT, "192.0.2.66"),
        ("2001:db8::1", "2001:db8:5::7", "2001:db8:5::7"),
        ("::ffff:10.0.0.2", CLIENT, CLIENT),
        ("", CLIENT, CLIENT),
        (NEAR, "203.0.113.9, <script>", ""),
        (NEAR, "fe80::1%x", "fe80::1"),
    ],
)
def test_trusted_proxies_alone(trusting, by: str, forwarded: str, address: str) -> None:
    assert asked(by, forwarded) == address


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_nothing_made_up_counts(trusting, made_up: str) -> None:
    assert asked(NEAR, f"{made_up}, {CLIENT}, {FAR}") == CLIENT
    assert asked("192.0.2.66", made_up) == "192.0.2.66"


def test_what_is_no_network_is_told(settings) -> None:
    settings.TRUSTED_PROXIES = ["nginx.example.org"]
    with pytest.raises(SystemCheckError, match="TRUSTED_PROXIES"):
        call_command("check")
