"""Passkeys as a second proof: WebAuthn level 3, without attestation.

What the browser is asked (`begin_…`) holds a challenge that waits in the session and is good once; what it answers is
the JSON of its `PublicKeyCredential`. A passkey belongs to the host that it was made for.
"""

from __future__ import annotations

import json
import struct
import time
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils import timezone
from django.utils.crypto import salted_hmac
from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from .models import NAME, Passkey

MOST: Final = 20
SECONDS: Final = 15 * 60
LONGEST_ANSWER: Final = 20_000
LONGEST_ID: Final = 1023
MAKING, PROVING = "passkey making", "passkey proving"
# All that reading octets of a stranger's may raise, here and in the libraries that read them.
_UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    struct.error,
)


class PasskeyError(Exception):
    """`reason` is "answer" (not what was asked for, too late, or a second time), "there" (it is kept already) or
    "many" (no more than MOST)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def passkeys_of(person: AbstractBaseUser) -> list[Passkey]:
    return list(Passkey.objects.filter(person_id=person.pk))


def begin_making(request: HttpRequest, person: AbstractBaseUser, *, service: str) -> dict[str, Any]:
    """What `navigator.credentials.create` takes as `publicKey`, octets in base64url."""
    account = person.get_username()
    user = PublicKeyCredentialUserEntity(name=account, display_name=account, id=_handle(person))
    options, state = _server(request, service).register_begin(
        user,
        [_descriptor(one) for one in passkeys_of(person)],
        user_verification=UserVerificationRequirement.PREFERRED,
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
    )
    _keep(request, MAKING, person, state)
    return dict(dict(options)["publicKey"])


def finish_making(request: HttpRequest, person: AbstractBaseUser, *, answer: str, name: str) -> Passkey:
    """Raises PasskeyError."""
    state = _kept(request, MAKING, person)
    try:
        made = _server(request).register_complete(state, _read(answer))
        credential = made.credential_data
    except _UNREADABLE as error:
        raise PasskeyError("answer") from error
    if credential is None or not 0 < len(credential.credential_id) <= LONGEST_ID:
        raise PasskeyError("answer")
    if isinstance(credential.public_key, UnsupportedKey):
        raise PasskeyError("answer")
    if Passkey.objects.filter(person_id=person.pk).count() >= MOST:
        raise PasskeyError("many")
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                person_id=person.pk,
                name=name[:NAME],
                host=_host(request),
                credential_id=websafe_encode(credential.credential_id),
                credential=bytes(credential),
                sign_count=made.counter,
            )
    except IntegrityError as error:
        raise PasskeyError("there") from error


def begin_proving(request: HttpRequest, person: AbstractBaseUser) -> dict[str, Any] | None:
    """What `navigator.credentials.get` takes as `publicKey`; None where the person has no passkey for this host."""
    usable = Passkey.objects.filter(person_id=person.pk, host=_host(request))
    known = [_descriptor(one) for one in usable]
    if not known:
        return None
    options, state = _server(request).authenticate_begin(
        known, user_verification=UserVerificationRequirement.PREFERRED
    )
    _keep(request, PROVING, person, state)
    return dict(dict(options)["publicKey"])


def proves(request: HttpRequest, person: AbstractBaseUser, answer: str) -> bool:
    """Whether it answers what this session was asked last, and asked once."""
    try:
        state = _kept(request, PROVING, person)
        said = AuthenticationResponse.from_dict(_read(answer))
        with transaction.atomic():
            keys = Passkey.objects.select_for_update().filter(person_id=person.pk, host=_host(request))
            key = keys.get(credential_id=websafe_encode(said.raw_id))
            credential = AttestedCredentialData(bytes(key.credential))
            _server(request).authenticate_complete(state, [credential], said)
            count = said.response.authenticator_data.counter
            # One that counts and does not go on is a copy (WebAuthn, 7.2, step 22).
            if (count or key.sign_count) and count <= key.sign_count:
                return False
            key.sign_count, key.used = count, timezone.now()
            key.save(update_fields=["sign_count", "used"])
    except (PasskeyError, Passkey.DoesNotExist, *_UNREADABLE):
        return False
    return True


def rename(person: AbstractBaseUser, pk: int, name: str) -> bool:
    """False where it is not there (any more)."""
    return bool(Passkey.objects.filter(person_id=person.pk, pk=pk).update(name=name[:NAME]))


def _keep(request: HttpRequest, purpose: str, person: AbstractBaseUser, state: dict[str, str]) -> None:
    request.session[purpose] = [person.pk, int(time.time()) + SECONDS, state]


def _kept(request: HttpRequest, purpose: str, person: AbstractBaseUser) -> dict[str, str]:
    pk, until, state = request.session.pop(purpose, None) or (None, 0, {})
    if pk != person.pk or until < time.time():
        raise PasskeyError("answer")
    kept: dict[str, str] = state
    return kept


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyError("answer")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise PasskeyError("answer")
    return read


def _server(request: HttpRequest, service: str = "") -> Fido2Server:
    origin = f"{request.scheme}://{request.get_host()}"
    party = PublicKeyCredentialRpEntity(name=service or _host(request), id=_host(request))
    return Fido2Server(party, verify_origin=lambda said: said == origin)


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0]


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY, id=websafe_decode(key.credential_id)
    )


def _handle(person: AbstractBaseUser) -> bytes:
    """What the device knows the person by: the same for all their passkeys, and says nothing of them."""
    return salted_hmac("ekorn.passkeys", str(person.pk), algorithm="sha256").digest()
