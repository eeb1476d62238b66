"""Dovecot's own submission service in front of `post`, for root and anybody else: where Postfix can't run.

    with DovecotSubmission(post) as server: ...

A second Dovecot that knows the people of `post.dovecot`. It asks `post` about every sender and recipient while the
client waits, so refusals are the same as Postfix's.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from tests.servers.dovecot import Dovecot, dovecot_version
from tests.servers.dovecot_config import Options
from tests.servers.ports import LOOPBACK, free_ports
from tests.servers.post import DOMAIN, Post
from tests.servers.postfix import ROOT, SubmissionMissingError

PROGRAMS = ROOT / "usr/lib/dovecot"


class DovecotSubmission:
    """As `Postfix`, but without SMTPUTF8."""

    host = LOOPBACK

    def __init__(self, post: Post, *, message_size_limit: int = 50_000_000) -> None:
        if not (ROOT / "complete").exists():
            raise SubmissionMissingError("Dovecot's submission is not unpacked: `make packages` does it")
        self.post = post
        self.port, self.tls_port = free_ports(2)
        self._dovecot = Dovecot(Options(extra=self._config(message_size_limit)))
        self.ca_file: Path = self._dovecot.ca_file
        for part in ("users", "home"):
            (self._dovecot.directory / part).rmdir()
            (self._dovecot.directory / part).symlink_to(post.dovecot.directory / part)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """In clear, as one may on loopback."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def starttls_url(self) -> str:
        return f"smtp+starttls://{self.host}:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"smtps://{self.host}:{self.tls_port}"

    def log(self) -> str:
        return self._dovecot.log()

    def start(self) -> None:
        self._dovecot.start()

    def stop(self) -> None:
        self._dovecot.stop()

    def close(self) -> None:
        self._dovecot.close()

    def frozen(self) -> AbstractContextManager[None]:
        """While this lasts the server takes connections and octets and answers nothing."""
        return self._dovecot.frozen()

    def _config(self, message_size_limit: int) -> str:
        protocols = (
            "protocols {\n  submission = yes\n}"
            if dovecot_version() >= (2, 4)
            else "protocols = imap submission"
        )
        return f"""
{protocols}
hostname = mail.{DOMAIN}
submission_relay_host = {LOOPBACK}
submission_relay_port = {self.post.port}
submission_max_mail_size = {message_size_limit}
service submission-login {{
  executable = {PROGRAMS}/submission-login
  chroot =
  inet_listener submission {{
    port = {self.port}
  }}
  inet_listener submissions {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service submission {{
  executable = {PROGRAMS}/submission
}}
"""
