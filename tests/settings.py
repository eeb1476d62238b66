"""The program's settings for tests: untouched by this machine's `.env`, environment and collected static files."""

import os
from pathlib import Path

os.environ.update(
    VAR_DIR=str(Path(__file__).resolve().parents[1] / ".cache" / "tests"),
    SECRET_KEY="tests only, tests only, tests only, tests only, tests only",
    CREDENTIAL_KEYS="",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:"),
    CACHE_URL="locmemcache://",
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    DEBUG="off",
    HTTPS="off",
    BEHIND_PROXY="off",
    DOMAIN_SECONDS="100000",
    TRUSTED_PROXIES="",
    IMAP_URL="",
    SMTP_URL="",
    SMTP_SIGN_IN="on",
    SMTP_RELAY_USER="",
    MAIL_CA_FILE="",
    MAIL_TLS_VERIFY="on",
    LANGUAGE_CODE="en",
    TIME_ZONE="Europe/Oslo",
    ADMINS="",
    METRICS_TOKEN="",
    METRICS_ALLOWED="",
)

from webmail.settings import *  # noqa: F403 - the settings read what was set above
