"""One HTTP/1.1 request to one address, over before a deadline and within a number of octets."""

from __future__ import annotations

import io
import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Final

from webmail.remote.address import IPAddress
from webmail.remote.errors import RemoteError, TooLargeError, TooSlowError, UnreachableError
from webmail.remote.target import Target

HEADER_OCTETS: Final = 64 << 10
_CONNECT_SECONDS: Final = 4.0
_SLOW: Final = "The server did not answer in time."
_BROKEN: Final = "The server did not answer sensibly."


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower case name; `body` is empty unless the status is 200."""

    status: int
    headers: dict[str, str]
    body: bytes


class _Incoming(io.RawIOBase):
    """What a socket receives, until a deadline, and no more than so many octets."""

    def __init__(self, sock: socket.socket, deadline: float, most: int) -> None:
        self._sock, self._deadline, self._left = sock, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: Buffer
        self._sock.settimeout(seconds_left(self._deadline))
        try:
            count = self._sock.recv_into(buffer)
        except TimeoutError:
            raise TooSlowError(_SLOW) from None
        except OSError as error:
            raise UnreachableError("The connection was lost.") from error
        self._left -= count
        if self._left < 0:
            raise TooLargeError("The server sends more than is taken.")
        return count


class _Socket:
    """As much of a socket as HTTPResponse asks for."""

    def __init__(self, incoming: _Incoming) -> None:
        self._incoming = incoming

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._incoming, 16 << 10)


def connect(
    addresses: list[IPAddress], target: Target, *, tls: ssl.SSLContext, deadline: float
) -> socket.socket:
    """To the first of these very addresses that answers; TLS is for the host's name. Raises a RemoteError."""
    failure: RemoteError = UnreachableError("The server can't be reached.")
    for address in addresses[:4]:
        seconds = min(_CONNECT_SECONDS, seconds_left(deadline))
        try:
            sock = socket.create_connection((str(address), target.port), timeout=seconds)
        except TimeoutError:
            failure = TooSlowError(_SLOW)
        except OSError:
            failure = UnreachableError("The server can't be reached.")
        else:
            return _secure(sock, target, tls, deadline) if target.scheme == "https" else sock
    raise failure


def _secure(sock: socket.socket, target: Target, tls: ssl.SSLContext, deadline: float) -> socket.socket:
    try:
        sock.settimeout(seconds_left(deadline))
        return tls.wrap_socket(sock, server_hostname=target.host)
    except TimeoutError:
        sock.close()
        raise TooSlowError(_SLOW) from None
    except (OSError, ValueError) as error:
        sock.close()
        raise UnreachableError("The server's TLS can't be trusted.") from error
    except BaseException:
        sock.close()
        raise


def get(
    sock: socket.socket, target: Target, *, accept: str, agent: str, deadline: float, octets: int
) -> Answer:
    """GET without cookies, referrer or compression. The body whole, at most so many octets. RemoteError."""
    request = (
        f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: {agent}\r\nAccept: {accept}\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )
    return _asked(sock, request, method="GET", deadline=deadline, octets=octets)


def post(sock: socket.socket, target: Target, *, form: str, agent: str, deadline: float) -> Answer:
    """POST of a form in ASCII, without cookies or referrer. What is said beyond the header isn't read. RemoteError."""
    request = (
        f"POST {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: {agent}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        f"Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n{form}"
    )
    return _asked(sock, request, method="POST", deadline=deadline, octets=0)


def _asked(sock: socket.socket, request: str, *, method: str, deadline: float, octets: int) -> Answer:
    """`octets` 0 for an answer whose body isn't wanted."""
    try:
        sock.settimeout(seconds_left(deadline))
        sock.sendall(request.encode("ascii"))
        # Chunks and their lengths are octets too: twice the body is more than an honest server needs.
        incoming = _Incoming(sock, deadline, HEADER_OCTETS + 2 * octets)
        response = HTTPResponse(_Socket(incoming), method=method)  # type: ignore[arg-type]  # uses only makefile
        with response:
            response.begin()
            headers = {name.lower(): value for name, value in response.headers.items()}
            if response.status != 200 or not octets:
                return Answer(response.status, headers, b"")
            if response.length is not None and response.length > octets:
                raise TooLargeError("The server announces more than is taken.")
            return Answer(200, headers, _body(response, octets))
    except TimeoutError:
        raise TooSlowError(_SLOW) from None
    except (HTTPException, OSError, ValueError) as error:
        raise UnreachableError(_BROKEN) from error


def _body(response: HTTPResponse, octets: int) -> bytes:
    whole = bytearray()
    while piece := response.read(min(64 << 10, octets + 1 - len(whole))):
        whole += piece
        if len(whole) > octets:
            raise TooLargeError("The server sends more than is taken.")
    if response.length:
        raise UnreachableError("The server sent less than it announced.")
    return bytes(whole)


def seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TooSlowError(_SLOW)
    return left
