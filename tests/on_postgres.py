"""`python -m tests.on_postgres [PYTEST ARGUMENTS]`: the tests on a private PostgreSQL instead of SQLite."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.servers.postgres import Postgres

# Each of xdist's workers has a database of its own, and each program that a test starts has several connections.
MAX_CONNECTIONS = 400


def main(arguments: list[str]) -> int:
    with Postgres(max_connections=MAX_CONNECTIONS) as server:
        environment = {**os.environ, "TEST_DATABASE_URL": server.url("ekorn")}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], env=environment, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
