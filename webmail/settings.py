"""Every setting comes from the environment (or `.env`), with safe values where nothing is said."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from webmail.metrics import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def kept_secret(place: Path) -> str:
    """A secret made at the first start, so that one machine needs no configuration; several share SECRET_KEY."""
    try:
        with place.open("x") as file:
            place.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return place.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or kept_secret(VAR_DIR / "secret-key")
# Former ones: what they signed stays valid until it is taken out.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)

# The mail servers that everybody uses while the database holds no mail domain. imap://, imaps:// or imap+starttls://;
# smtp and sieve likewise.
IMAP_URL = env("IMAP_URL", default="")
SMTP_URL = env("SMTP_URL", default="")
SIEVE_URL = env("SIEVE_URL", default="")
MAIL_CA_FILE = env("MAIL_CA_FILE", default="")
MAIL_TLS_VERIFY = env.bool("MAIL_TLS_VERIFY", default=True)
# Sealing keys, newest first, as "id:base64 of 32 bytes"; derived from SECRET_KEY where none is given.
CREDENTIAL_KEYS = env.list("CREDENTIAL_KEYS", default=[])
# A second proof at sign-in: "off", "optional", or "required" of everybody.
SECOND_FACTOR = env("SECOND_FACTOR", default="optional")
IMAP_CONNECTIONS_PER_PERSON = env.int("IMAP_CONNECTIONS_PER_PERSON", default=2)
IMAP_CONNECTIONS = env.int("IMAP_CONNECTIONS", default=1000)
# Requests that may wait for one mail server at once, so that a slow one leaves threads to the people of others. The
# threads are those of deploy/gunicorn.py.
MAIL_SERVER_THREADS = env.int("MAIL_SERVER_THREADS", default=max(1, env.int("THREADS", default=200) * 3 // 5))
# After so long a change of the mail domains in another process holds in this one.
DOMAIN_SECONDS = env.float("DOMAIN_SECONDS", default=5)
# Pages that are told at once what changes: in all of a process, and of one person. More of them ask now and then.
LIVE_STREAMS = env.int("LIVE_STREAMS", default=1000)
LIVE_STREAMS_PER_PERSON = env.int("LIVE_STREAMS_PER_PERSON", default=6)
# Those that take up a thread each, where the server does not let go of its sockets (`runserver`).
LIVE_THREADS = env.int("LIVE_THREADS", default=20)
IMAP_IDLE_SECONDS = env.float("IMAP_IDLE_SECONDS", default=300)
IMAP_TIMEOUT = env.float("IMAP_TIMEOUT", default=30)
SMTP_TIMEOUT = env.float("SMTP_TIMEOUT", default=60)
# Mail is handed in as whoever wrote it, or for everybody as this one account, or (off) without signing in.
SMTP_SIGN_IN = env.bool("SMTP_SIGN_IN", default=True)
SMTP_RELAY_USER = env("SMTP_RELAY_USER", default="")
SMTP_RELAY_PASSWORD = env("SMTP_RELAY_PASSWORD", default="")
# Who may write as whom: see webmail/accounts/senders.py.
MAIL_DOMAIN = env("MAIL_DOMAIN", default="")
SENDER_POLICY = env("SENDER_POLICY", default="domain")
SENDER_ADDRESSES = env.list("SENDER_ADDRESSES", default=[])
# What one message, and one person in an hour, may send. ATTACHMENT_LIMIT is in octets, for all of a message.
ATTACHMENT_LIMIT = env.int("ATTACHMENT_LIMIT", default=25_000_000)
RECIPIENTS_PER_MESSAGE = env.int("RECIPIENTS_PER_MESSAGE", default=100)
MESSAGES_PER_HOUR = env.int("MESSAGES_PER_HOUR", default=200)
CLIENT_ADDRESS_IN_HEADERS = env.bool("CLIENT_ADDRESS_IN_HEADERS", default=False)
USER_AGENT_IN_HEADERS = env.bool("USER_AGENT_IN_HEADERS", default=False)
# The hosts whose Authentication-Results are believed (RFC 8601).
TRUSTED_AUTH_HOSTS = env.list("TRUSTED_AUTH_HOSTS", default=[])
UPLOAD_DIR = Path(env("UPLOAD_DIR", default=str(VAR_DIR / "uploads")))
# What waits to be sent, and who sends it: "inside" this program, or "separate" (`manage.py outbox`).
OUTBOX_DIR = Path(env("OUTBOX_DIR", default=str(VAR_DIR / "outbox")))
OUTBOX_WORKER = env("OUTBOX_WORKER", default="inside")
# After so long without a sign of life, what a process was sending is taken up by another.
OUTBOX_LEASE_SECONDS = env.float("OUTBOX_LEASE_SECONDS", default=60)
# Pictures from elsewhere, only ever through our proxy.
REMOTE_PICTURES = env.bool("REMOTE_PICTURES", default=True)

# Who may read /metrics: whoever shows this token, and these networks (by the address that `client_address` finds).
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_ALLOWED = env.list("METRICS_ALLOWED", default=[])
# Where `manage.py outbox` tells its own, to this machine alone: http://127.0.0.1:PORT/metrics; 0 for not at all.
OUTBOX_METRICS_PORT = env.int("OUTBOX_METRICS_PORT", default=0)
# What takes longer, in seconds, is named in the log.
SLOW_REQUEST_SECONDS = env.float("SLOW_REQUEST_SECONDS", default=5)
SLOW_IMAP_SECONDS = env.float("SLOW_IMAP_SECONDS", default=5)
# Who is told of faults of the program, by mail through EMAIL_URL ("smtp+tls://user:password@host:587").
ADMINS = [("", address) for address in env.list("ADMINS", default=[])]
SERVER_EMAIL = env("SERVER_EMAIL", default="root@localhost")
EMAIL_SUBJECT_PREFIX = "[Ekorn] "
EMAIL_TIMEOUT = 30
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))

# Where the service is administered, and whether it is there at all. Its sign-in is one of its own.
ADMIN = env.bool("ADMIN", default=True)
ADMIN_PATH = env("ADMIN_PATH", default="admin").strip("/") + "/"
ADMIN_SECOND_FACTOR = env.bool("ADMIN_SECOND_FACTOR", default=True)
ADMIN_SESSION_SECONDS = env.int("ADMIN_SESSION_SECONDS", default=3600)

INSTALLED_APPS = [
    "webmail.administration.apps.DjangoAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "webmail.factors",
    "webmail.domains",
    "webmail.signins",
    "webmail.accounts",
    "webmail.contacts",
    "webmail.journal",
    "webmail.outbox",
    "webmail.administration",
    "webmail.upkeep",
    "webmail.web",
]
MIDDLEWARE = [
    "webmail.web.watching.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "webmail.web.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "webmail.signins.middleware.SignInsMiddleware",
    "webmail.administration.session.AdminSessionMiddleware",
    "webmail.web.middleware.PreferencesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "webmail.accounts.middleware.PersonMiddleware",
    "webmail.accounts.middleware.CredentialCookieMiddleware",
    "webmail.accounts.middleware.PokeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "webmail.web.middleware.SecondStepFirstMiddleware",
    "webmail.web.middleware.MailFaultMiddleware",
]
ROOT_URLCONF = "webmail.urls"
WSGI_APPLICATION = "webmail.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "webmail.web.context.page",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ekorn.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
# A database that was restarted is found again by the next request.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Seconds, and milliseconds: a database that hangs must not hold people's pages for minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    DATABASES["default"]["OPTIONS"].setdefault("tcp_user_timeout", 15000)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=10,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    )
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # Nobody waits for long for what can be done without.
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("socket_connect_timeout", 1)
    CACHES["default"]["OPTIONS"].setdefault("socket_timeout", 1)
    CACHES["default"]["OPTIONS"]["serializer"] = "webmail.plain_cache.Json"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"

SESSION_ENGINE = "webmail.signins.store"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=14 * 24 * 3600)
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
ADMIN_COOKIE_NAME = "__Secure-administration" if HTTPS else "administration"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "webmail.web.views.errors.csrf_failure"
# Proxies by address or network: what X-Forwarded-For says is believed of them alone. Without any, BEHIND_PROXY=on
# believes whoever asks, which is right where only the proxy can.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=bool(TRUSTED_PROXIES))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Only where it can be known how a request came: guessing would send browsers in circles.
SECURE_SSL_REDIRECT = HTTPS and BEHIND_PROXY
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
# What else lives on this domain, and whether browsers are told for ever, is for its owner to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
DEFAULT_EXCEPTION_REPORTER_FILTER = "webmail.accounts.reporting.SilentReporterFilter"
# "no-referrer" would make browsers send "Origin: null" with our own forms, which CSRF must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = env("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", "English"), ("nn", "Norsk nynorsk"), ("nb", "Norsk bokmål")]
CREDENTIAL_COOKIE_NAME = "__Host-key" if HTTPS else "key"
KNOWN_DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
# How long it is kept who signed in, or tried to, when and from where.
SIGN_IN_LOG_DAYS = env.int("SIGN_IN_LOG_DAYS", default=90)
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", default="Europe/Oslo")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
# The editor of formatted text, fetched by deploy/setup/editor.py; without it messages are written as plain text.
EDITOR_DIR = Path(env("EDITOR_DIR", default=str(BASE_DIR / ".cache" / "editor")))
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BASE_DIR / "static"]
if EDITOR_DIR.is_dir():
    STATICFILES_DIRS.append(("editor", EDITOR_DIR))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# From a plain checkout (tests, development) static files come straight from their folders.
if "collectstatic" not in sys.argv and not (STATIC_ROOT / "staticfiles.json").exists():
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# "line", or "json" with one object on each line.
LOG_FORMAT = env("LOG_FORMAT", default="line")
LOGGING = logs.set_up(
    form=LOG_FORMAT,
    level=env("LOG_LEVEL", default="INFO"),
    admins="webmail.web.error_mail.ErrorMailHandler",
)
