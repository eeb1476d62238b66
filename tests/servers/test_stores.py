from __future__ import annotations

import subprocess

import psycopg
import pytest
import redis

from tests.servers.postgres import Postgres
from tests.servers.valkey import Valkey


def test_postgres_keeps_what_was_committed_over_stop_kill_and_start() -> None:
    with Postgres() as server:
        url = server.url()
        name, port = url.rpartition("/")[2], server.port
        server.execute("CREATE TABLE brev AS SELECT 'Å' AS emne", name)
        with psycopg.connect(url) as client:
            server.stop()
            with pytest.raises(psycopg.OperationalError):
                client.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
        server.start()
        assert server.port == port
        server.execute("CREATE TABLE sendt ()", name)
        server.kill()
        server.start()
        assert server.execute("SELECT lower(emne) FROM brev, pg_class WHERE relname = 'sendt'", name) == [
            ("å",)
        ]
        assert server.url() != url
    assert str(server.directory) not in running()
    assert not server.directory.exists()


def test_valkey_forgets_over_stop_and_start() -> None:
    with Valkey() as server:
        client = redis.Redis.from_url(server.url)
        client.set("kven", "Kari")
        server.stop()
        with pytest.raises(redis.ConnectionError):
            client.get("kven")
        server.start()
        assert client.get("kven") is None
        port = f":{server.port}"
    assert port not in running()
    assert not server.directory.exists()


def running() -> str:
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True, text=True).stdout
