"""LOGIN and AUTHENTICATE (RFC 9051, 6.2; SASL-IR: RFC 4959). What they carry shows in no repr and no error."""

from __future__ import annotations

from webmail.imap.commands.command import Simple
from webmail.imap.encode import Text, atom, base64


class Login(Simple):
    words = ("LOGIN",)
    repeatable = False

    def __init__(self, user: str, password: str) -> None:
        super().__init__(Text(user), Text(password))


class Authenticate(Simple):
    """One mechanism whose client speaks once. `initial`: with the command, not when asked."""

    words = ("AUTHENTICATE",)
    repeatable = False

    def __init__(self, mechanism: str, response: bytes, *, initial: bool) -> None:
        self._mechanism = mechanism
        self._response = base64(response)
        self._initial = initial
        super().__init__(atom(mechanism), *((self._response,) if initial else ()))

    def reset(self) -> None:
        self._told = self._initial

    def challenge(self, text: str) -> bytes:
        """The response, or, to the report of a failure, what lets the server say NO."""
        del text
        if not self._told:
            self._told = True
            return self._response.wire
        return {"XOAUTH2": b"", "OAUTHBEARER": b"AQ=="}.get(self._mechanism, b"*")
