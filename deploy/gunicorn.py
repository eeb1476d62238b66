"""One instance under gunicorn. The mail connections are pooled in the process: one worker, many threads."""

import os
from pathlib import Path

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = 1
threads = int(os.environ.get("THREADS", "200"))
timeout = 60
graceful_timeout = 10
keepalive = 15
memory = Path("/dev", "shm")
# Heartbeats written to a disk can stall the worker.
worker_tmp_dir = str(memory) if memory.is_dir() else None
# Its place in the home directory would be shared by every instance of this user.
control_socket_disable = True
accesslog = os.environ.get("ACCESS_LOG") or None
