"""How fetching can end otherwise. `str()` is for logs and holds no address of a person's mail."""


class RemoteError(Exception):
    """Base of all."""


class UrlError(RemoteError, ValueError):
    """Not an address that is fetched: scheme, port, credentials, host or length."""


class ForbiddenAddressError(RemoteError):
    """The host is, or resolves to, an address that is not on the public Internet."""


class UnreachableError(RemoteError):
    """No such host, no connection, TLS that can't be trusted, or no sensible HTTP answer."""


class TooSlowError(RemoteError):
    """The time for all of it is over."""


class TooLargeError(RemoteError):
    """More octets or more pixels than is taken."""


class RedirectError(RemoteError):
    """Too many redirects, one from https to http, or one to nowhere."""


class StatusError(RemoteError):
    """The server answered, but not 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class NotAPictureError(RemoteError):
    """The octets are none of the raster formats that are passed on."""


class BusyError(RemoteError):
    """Too much is being fetched already."""


class SignatureError(RemoteError):
    """Not signed by us, or for somebody else."""
