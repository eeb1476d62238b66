"""One instance under gunicorn. The mail connections are pooled in the process: one worker, many threads."""

import ctypes
import gc
import os
import resource
import signal
import sys
from pathlib import Path

# Where systemd hands over a socket that counts, and what is said here doesn't.
bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = 1
threads = int(os.environ.get("THREADS", "200"))
timeout = 60
graceful_timeout = 10
keepalive = 15
# As nginx allows: searches are long, and each header of a browser's is short.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
memory = Path("/dev", "shm")
# Heartbeats written to a disk can stall the worker.
worker_tmp_dir = str(memory) if memory.is_dir() else None
# Its place in the home directory would be shared by every instance of this user.
control_socket_disable = True
accesslog = os.environ.get("ACCESS_LOG") or None


def post_worker_init(worker: object) -> None:  # noqa: ARG001 - gunicorn's signature
    """The program itself is no garbage: it is looked through no more, and what loading it left behind goes back.
    Open pages and watched mailboxes take a descriptor each, and a stop ends them first."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    stop_on(signal.SIGTERM)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # Only glibc keeps so much.
        trim(0)


def stop_on(number: signal.Signals) -> None:
    """Streams end before gunicorn waits for what is under way."""
    former = signal.getsignal(number)

    def stop(*what: object) -> None:
        # Where it was not loaded, nobody listens.
        if connections := sys.modules.get("webmail.accounts.connections"):
            connections.close_hub()
        if callable(former):
            former(*what)

    signal.signal(number, stop)
