"""A private nginx with the project's own site, from Debian's package: `with Nginx([program], ...) as nginx: ...`."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.servers.certificate import Authority
from tests.servers.ports import LOOPBACK, free_ports
from tests.servers.process import children, leashed
from tests.servers.program import Program

PROJECT = Path(__file__).resolve().parents[2]
ROOT = Path(os.environ.get("EKORN_CACHE") or PROJECT / ".cache") / "nginx"
START_SECONDS = 20
MAIN = """
daemon off;
{user}
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 1024; }}
http {{
    include {root}/etc/nginx/mime.types;
    default_type application/octet-stream;
    {temporary}
    include {directory}/site.conf;
}}
"""


class NginxError(Exception):
    """nginx is not unpacked or did not start; the message says why."""


class Nginx:
    """`deploy/nginx/ekorn.conf` with this machine's names, ports and instances in it, and nothing else changed."""

    def __init__(self, programs: Sequence[Program], *, static: Path) -> None:
        if not (ROOT / "complete").exists():
            raise NginxError("nginx is not unpacked: `make packages` does it")
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-nginx-"))
        self.directory.chmod(0o755)
        authority = Authority(self.directory)
        keys = authority.issue()
        self.ca_file = authority.ca_file
        self.tls = ssl.create_default_context(cafile=str(self.ca_file))
        self.plain_port, self.port = free_ports(2)
        self._static = static
        self._keys = keys
        self._write_site(programs)
        kinds = "client_body proxy fastcgi uwsgi scgi".split()
        (self.directory / "nginx.conf").write_text(
            MAIN.format(
                directory=self.directory,
                root=ROOT,
                user="user nobody nogroup;" if os.getuid() == 0 else "",
                temporary=" ".join(f"{kind}_temp_path {self.directory}/{kind};" for kind in kinds),
            )
        )
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def __enter__(self) -> Self:
        command = [str(ROOT / "usr/sbin/nginx"), "-p", str(self.directory), "-c", "nginx.conf"]
        command += ["-e", str(self.directory / "error.log")]
        libraries = {str(path.parent) for path in ROOT.rglob("lib*.so*")}
        environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(sorted(libraries))}
        self._process = subprocess.Popen(leashed(command), env=environment, stdin=subprocess.DEVNULL)
        end = time.monotonic() + START_SECONDS
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > end:
                raise NginxError(f"nginx did not start: {self.errors()[-2000:]}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def serve(self, programs: Sequence[Program]) -> None:
        """From now on with these instances; requests under way are finished as they began."""
        self._write_site(programs)
        if self._process is not None:
            former = children(self._process.pid, "nginx")
            self._process.send_signal(signal.SIGHUP)
            end = time.monotonic() + START_SECONDS
            while former & children(self._process.pid, "nginx"):
                if time.monotonic() > end:
                    raise NginxError(f"nginx did not take the new site: {self.errors()[-2000:]}")
                time.sleep(0.02)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def errors(self) -> str:
        path = self.directory / "error.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def log(self) -> str:
        return (self.directory / "ekorn.log").read_text(errors="replace")

    def _write_site(self, programs: Sequence[Program]) -> None:
        site = (PROJECT / "deploy" / "nginx" / "ekorn.conf").read_text()
        instances = "".join(
            f"    server {program.place} max_fails=2 fail_timeout=5s;\n" for program in programs
        )
        for old, new in (
            (r"(?m)^ +(# )?server [^{;]+;\n", ""),
            (r"(?m)^( +hash .*\n)", rf"\1{instances}"),
            (r"(?m)^ +listen \[::\].*\n", ""),
            (r"listen 80;", f"listen {LOOPBACK}:{self.plain_port};"),
            (r"listen 443 ", f"listen {LOOPBACK}:{self.port} "),
            (r"server_name .*;", "server_name localhost;"),
            (r"https://mail\.example\.org", f"https://localhost:{self.port}"),
            (r"/etc/nginx/mime\.types", f"{ROOT}/etc/nginx/mime.types"),
            (r"/etc/ssl/ekorn/fullchain\.pem", str(self._keys.cert_file)),
            (r"/etc/ssl/ekorn/key\.pem", str(self._keys.key_file)),
            (r"/var/www/ekorn/", f"{self._static}/"),
            (r"http://unix:/run/ekorn/", f"http://unix:{self.directory}/"),
            (r"/var/log/nginx/", f"{self.directory}/"),
        ):
            site, count = re.subn(old, new, site)
            if not count:
                raise NginxError(f"the site has no {old}")
        (self.directory / "site.conf").write_text(site)
        for number, program in enumerate(programs, start=1):
            link = self.directory / f"{number}.sock"
            link.unlink(missing_ok=True)
            if program.socket:
                link.symlink_to(program.socket)

    def close(self) -> None:
        atexit.unregister(self.close)
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_SECONDS)
            self._process = None
        shutil.rmtree(self.directory, ignore_errors=True)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
