"""A security key in software: one passkey for each host, user presence always, a counter where wanted."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.webauthn import AttestedCredentialData

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


class Device:
    """`origin` is what the browser says it is at. Both methods take what the page holds, and return the JSON of the
    browser's `PublicKeyCredential`."""

    def __init__(self, origin: str = "http://testserver", *, counts: bool = True) -> None:
        self.origin, self.counts = origin, counts
        self.count = 0
        self.credential_id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any]) -> str:
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.credential_id, public)
        data = self._data(options["rp"]["id"], PRESENT | VERIFIED | ATTESTED) + credential
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._answer(attestationObject=attestation, clientDataJSON=client)

    def prove(self, options: dict[str, Any]) -> str:
        data = self._data(options["rpId"], PRESENT | VERIFIED)
        client = self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(authenticatorData=data, clientDataJSON=client, signature=signature)

    def _data(self, host: str, flags: int) -> bytes:
        self.count += self.counts
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        name = _text(self.credential_id)
        fields = {key: _text(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": fields})
