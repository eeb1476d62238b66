"""A browser without script that speaks to a port, as nothing of Django's test client does."""

from __future__ import annotations

import http.client
import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.front.visitor import MailAccount

HOST = "mail.example.org"


@dataclass
class Browser:
    """Just enough of one to keep cookies as they are given, with their attributes."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    """Over HTTPS; without it as a proxy that has taken HTTPS off."""
    address: str = "127.0.0.1"
    """Where it comes from: any of 127.0.0.0/8."""

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str) -> Any:
        source = (self.address, 0)
        connection = (
            http.client.HTTPSConnection(
                "localhost", self.port, timeout=30, context=self.tls, source_address=source
            )
            if self.tls
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        )
        sent = {
            **({} if self.tls else {"Host": HOST, "X-Forwarded-Proto": "https"}),
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        connection.request(method, path, urlencode(fields) if fields is not None else None, sent)
        response: Any = connection.getresponse()
        response.body = response.read().decode("latin-1")
        connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name], self.given[name] = value, line
        return response

    def sign_in(self, user: MailAccount, **headers: str) -> Any:
        form = self.ask("GET", "/sign-in/")
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', form.body)
        assert token is not None
        host = f"localhost:{self.port}" if self.tls else HOST
        fields = {"username": user.name, "password": user.password, "csrfmiddlewaretoken": token[1]}
        return self.ask("POST", "/sign-in/", fields, Referer=f"https://{host}/sign-in/", **headers)
