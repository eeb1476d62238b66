"""The whole house: nginx with the site of deploy/, instances behind it, PostgreSQL and Valkey under them, and the
outbox's worker beside them: `with House(dovecot, submission, postgres, valkey) as house: get(house.url)`."""

from __future__ import annotations

import atexit
import itertools
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from tests.servers.browser import Browser
from tests.servers.dovecot import Dovecot
from tests.servers.dovecot_submission import DovecotSubmission
from tests.servers.nginx import Nginx
from tests.servers.post import DOMAIN
from tests.servers.postfix import Postfix
from tests.servers.postgres import Postgres
from tests.servers.process import leashed
from tests.servers.program import PROJECT, START_SECONDS, Program
from tests.servers.valkey import Valkey


class House:
    """Everything speaks TLS with everything on the way from a browser to the mail servers, and verifies it. Every
    person of `dovecot` may sign in, and write as `post.address(user)`."""

    def __init__(
        self,
        dovecot: Dovecot,
        submission: Postfix | DovecotSubmission,
        postgres: Postgres,
        valkey: Valkey,
        *,
        instances: int = 4,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.dovecot, self.submission, self.postgres, self.valkey = dovecot, submission, postgres, valkey
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-house-"))
        self.directory.chmod(0o711)  # nginx is nobody here.
        authorities = self.directory / "mail-ca.pem"
        authorities.write_text(dovecot.ca_file.read_text() + submission.ca_file.read_text())
        self.environment = {
            "HTTPS": "on",
            "BEHIND_PROXY": "on",
            "ALLOWED_HOSTS": "localhost",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": postgres.url(),
            "CACHE_URL": valkey.url,
            "MAIL_CA_FILE": str(authorities),
            "MAIL_DOMAIN": DOMAIN,
            "STATIC_ROOT": str(self.directory / "static"),
            "UPLOAD_DIR": str(self.directory / "uploads"),
            "OUTBOX_DIR": str(self.directory / "outbox"),
            "OUTBOX_WORKER": "separate",
            "OUTBOX_LEASE_SECONDS": "3",
            "THREADS": "16",
            "METRICS_ALLOWED": "127.0.0.1",
            **(env or {}),
        }
        self.instances = [self._instance() for _ in range(instances)]
        self._worker: subprocess.Popen[bytes] | None = None
        self._addresses = itertools.count(256)
        self.nginx: Nginx
        atexit.register(self.close)

    def __enter__(self) -> Self:
        self.instances[0].start(static=True)
        for one in self.instances[1:]:
            one.launch()
        for one in self.instances:
            one.wait()
        self.start_worker()
        self.nginx = Nginx(self.instances, static=self.directory / "static")
        self.nginx.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def database(self) -> str:
        """Its name on `postgres`."""
        return self.environment["DATABASE_URL"].rpartition("/")[2]

    @property
    def url(self) -> str:
        return self.nginx.url

    def browser(self) -> Browser:
        """Each from an address of its own, as nginx counts by them."""
        number = next(self._addresses)
        return Browser(
            self.nginx.port, tls=self.nginx.tls, address=f"127.0.{number // 250 % 250}.{number % 250 + 1}"
        )

    def asked(self, path: str) -> list[bool]:
        """Which instances were asked for it."""
        return [path in (one.directory / "access").read_text() for one in self.instances]

    def log(self) -> str:
        """What all of the program's processes said."""
        worker = self.directory / "worker.log"
        return "".join(one.log() for one in self.instances) + (worker.read_text() if worker.exists() else "")

    def add(self) -> Program:
        """One more instance, of which nginx is told."""
        self.instances.append(self._instance())
        self.instances[-1].launch()
        self.instances[-1].wait()
        self.nginx.serve(self.instances)
        return self.instances[-1]

    def start_worker(self) -> None:
        """`manage.py outbox`, as the unit of systemd runs it."""
        with (self.directory / "worker.log").open("ab") as log:
            self._worker = subprocess.Popen(
                leashed([sys.executable, "manage.py", "outbox"]),
                cwd=PROJECT,
                env=self.instances[0].environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop_worker(
        self, end: Callable[[subprocess.Popen[bytes]], None] = subprocess.Popen.terminate
    ) -> None:
        if self._worker is not None:
            end(self._worker)
            self._worker.wait(START_SECONDS)
            self._worker = None

    def close(self) -> None:
        """End everything that is only ours, and remove our directory."""
        atexit.unregister(self.close)
        if hasattr(self, "nginx"):
            self.nginx.close()
        self.stop_worker(subprocess.Popen.kill)
        for one in self.instances:
            one.kill()
            one.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _instance(self) -> Program:
        one = Program(
            imap_url=self.dovecot.tls_url, smtp_url=self.submission.tls_url, env=self.environment, unix=True
        )
        one.environment["ACCESS_LOG"] = str(one.directory / "access")
        return one
