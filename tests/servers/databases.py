"""Databases for programs in processes of their own: each a file of SQLite's, or one on the PostgreSQL that
TEST_DATABASE_URL names."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg


def new_database(directory: Path, *, like: str = "") -> str:
    """Its URL, as DATABASE_URL takes it; an empty one, or a copy of another."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        path = directory / "ekorn.sqlite3"
        if like:
            shutil.copy(_path(like), path)
        return f"sqlite:///{path}"
    name = f"program_{secrets.token_hex(6)}"
    template = f" TEMPLATE {urlsplit(like).path.lstrip('/')}" if like else ""
    _execute(urlsplit(server)._replace(path="/postgres").geturl(), f"CREATE DATABASE {name}{template}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def drop_database(url: str) -> None:
    """Whoever is still connected is cut off. Of SQLite's the directory is all there is."""
    if not url.startswith("sqlite"):
        name = urlsplit(url).path.lstrip("/")
        _execute(urlsplit(url)._replace(path="/postgres").geturl(), f"DROP DATABASE {name} WITH (FORCE)")


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """What a query finds, as another program than ours sees it."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(_path(url), timeout=30)) as database:
            return database.execute(query).fetchall()
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
