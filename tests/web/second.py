"""Somebody with a second factor at the front door."""

from __future__ import annotations

import json
from typing import Any

import lxml.html
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

from tests.factors.clock import code
from tests.factors.device import Device
from webmail.accounts.models import Person
from webmail.factors import recovery, totp
from webmail.factors.models import Passkey
from webmail.factors.proving import confirm_authenticator


def with_app(person: Person) -> str:
    """The secret of an app whose present code is good."""
    secret = totp.begin(person)
    assert confirm_authenticator(person, code(secret))
    person.authenticator.last_step = 0
    person.authenticator.save()
    return secret


def with_passkey(person: Person) -> Device:
    """A passkey that was made for this host before."""
    device = Device()
    public = ES256.from_cryptography_key(device.key.public_key())
    credential = AttestedCredentialData.create(bytes(16), device.credential_id, public)
    Passkey.objects.create(
        person=person,
        name="Phone",
        host="testserver",
        credential_id=websafe_encode(device.credential_id),
        credential=bytes(credential),
    )
    return device


def with_codes(person: Person) -> tuple[str, ...]:
    return recovery.renew(person)


def options_of(page: bytes) -> dict[str, Any]:
    """What the page asks the browser for."""
    (script,) = lxml.html.document_fromstring(page.decode()).xpath("//script[@type='application/json']")
    return json.loads(script.text)
