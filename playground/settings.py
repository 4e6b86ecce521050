"""Django's settings, read from the environment. docs/settings.md explains each variable.

Without any variable everything is embedded: SQLite, a channel layer in the web process, a Celery
broker of plain files. ``DATABASE_URL`` and ``REDIS_URL`` distribute it over machines.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

import django_stubs_ext
from django.utils.csp import CSP

from playground import env
from playground.databases import database_config
from playground.secret import secret_key
from playground.sqlite import use_safe_sqlite

use_safe_sqlite()
# Lets classes such as ModelForm name their model in brackets, which the type checker needs.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path(
    "DATA_DIR",
    "data",
    "Folder of everything that must be kept: database, blobs, secret key.",
    base=BASE_DIR,
)
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- what runs where ---------------------------------------------------------------------------

HOST = env.text("HOST", "127.0.0.1", "Address that the server listens on.")
PORT = env.number("PORT", "8000", "Port that the server listens on.")
DATABASE_URL = env.text(
    "DATABASE_URL", "", "Address of a PostgreSQL database; empty means SQLite in DATA_DIR."
)
REDIS_URL = env.text(
    "REDIS_URL", "", "Address of a Redis for messages, tasks and cache; empty means none is needed."
)
DEBUG = env.flag("DEBUG", "off", "Shows error details on pages; for development alone.")
SECRET_KEY = env.text(
    "SECRET_KEY", "", "Signs cookies; empty means one made on the first run, kept in DATA_DIR."
) or secret_key(DATA_DIR)
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS",
    "localhost, 127.0.0.1, [::1]",
    "Host names under which the server is reached, without ports.",
)
HTTPS = env.flag(
    "HTTPS", "off", "Says that a proxy in front speaks https (and sets X-Forwarded-Proto)."
)
LOG_LEVEL = env.text("LOG_LEVEL", "INFO", "Least severe messages that are logged.").upper()

INSTALLED_APPS = [
    "daphne",
    "playground.apps.PlaygroundConfig",
    "playground.accounts",
    "playground.classrooms",
    "sessions_app",
    "channels",
    "django_vite",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "playground.middleware.IsolationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "playground.middleware.StaticFilesMiddleware",
    "playground.middleware.SameSiteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "playground.middleware.LoopbackCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "playground.urls"
ASGI_APPLICATION = "playground.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "playground" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- stores ------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": database_config(DATABASE_URL, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BLOB_DIR = DATA_DIR / "blobs"

if REDIS_URL:
    CACHES: dict[str, dict[str, Any]] = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
    CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # redis-py's pool of 100 is too small for a class that reconnects at once.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "max_connections": 4000}]},
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 600}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CHANNEL_LAYERS = {"default": {"BACKEND": "sessions_app.hub.HubLayer"}}
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker" / "queue"),
        "data_folder_out": str(DATA_DIR / "broker" / "queue"),
        "processed_folder": str(DATA_DIR / "broker" / "processed"),
        "control_folder": str(DATA_DIR / "broker" / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }

CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_TIMEZONE = "UTC"

# --- people ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
#: Half a year; POST /api/visit renews it. Reading a page never writes, so it never renews.
SESSION_COOKIE_AGE = 182 * 24 * 3600
SESSION_ENGINE = "playground.accounts.login_sessions"
SESSION_COOKIE_NAME = "playground"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "playground.errors.csrf_failure"

# --- isolation and security --------------------------------------------------------------------

SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "worker-src": [CSP.NONE],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 3600

# --- static files and pages --------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path(
    "STATIC_DIR", "build/static", "Folder into which static files are collected.", base=BASE_DIR
)
STATICFILES_DIRS = [BASE_DIR / "playground" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "playground.staticfiles.HashedStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Names that hold a hash, Vite's or Django's: browsers keep such files for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"(/build/assets/[^/]+-[\w-]{8}|\.[0-9a-f]{12})\.\w+$"
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")

FRONTEND_BUILD = BASE_DIR / "playground" / "static" / "build"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "build",
        "manifest_path": FRONTEND_BUILD / "manifest.json",
    }
}
RUNTIME_BUILD = BASE_DIR / "pyodide" / "distribution" / "build"
FRAME_PAGE = BASE_DIR / "frontend" / "src" / "runtime" / "frame.html"
FRAME_SCRIPT = FRONTEND_BUILD / "runtime" / "frame.js"
EARLY_SCRIPT = FRONTEND_BUILD / "runtime" / "early.js"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True

# --- limits ------------------------------------------------------------------------------------

PLAYGROUND_VARIABLE_BYTES = env.size(
    "PLAYGROUND_VARIABLE_BYTES", "10 MB", "The largest variable or file that is saved."
)
PLAYGROUND_SESSION_BYTES = env.size(
    "PLAYGROUND_SESSION_BYTES", "100 MB", "Stored bytes of one session."
)
PLAYGROUND_ACCOUNT_BYTES = env.size(
    "PLAYGROUND_ACCOUNT_BYTES", "1 GB", "Stored bytes of one person's sessions together."
)
PLAYGROUND_MAX_BLOB_BYTES = env.size(
    "PLAYGROUND_MAX_BLOB_BYTES", "64 MB", "The largest blob, before compression."
)
PLAYGROUND_MAX_MANIFEST_BYTES = env.size(
    "PLAYGROUND_MAX_MANIFEST_BYTES", "4 MB", "The largest manifest of a snapshot."
)
PLAYGROUND_MAX_MANIFEST_BLOBS = env.number(
    "PLAYGROUND_MAX_MANIFEST_BLOBS", "5000", "Blobs that one snapshot may name."
)
PLAYGROUND_MAX_SNAPSHOTS = env.number(
    "PLAYGROUND_MAX_SNAPSHOTS", "500", "Snapshots of one session; the oldest go first.", least=1
)
PLAYGROUND_KEEP_ALL_HOURS = env.number(
    "PLAYGROUND_KEEP_ALL_HOURS", "24", "Hours for which the state after every run is kept."
)
PLAYGROUND_KEEP_HOURLY_DAYS = env.number(
    "PLAYGROUND_KEEP_HOURLY_DAYS",
    "7",
    "Days for which one state an hour is kept; later one a day. States with a name stay.",
)
PLAYGROUND_HISTORY_BYTES = env.size(
    "PLAYGROUND_HISTORY_BYTES", "64 MB", "Text of all entries and outputs of one session."
)
PLAYGROUND_ENTRY_BYTES = env.size(
    "PLAYGROUND_ENTRY_BYTES", "8 MB", "Text of the outputs of one entry."
)
PLAYGROUND_IMPORT_BYTES = env.size(
    "PLAYGROUND_IMPORT_BYTES", "200 MB", "The largest notebook or session file that is imported."
)
PLAYGROUND_LOG_BYTES = env.size(
    "PLAYGROUND_LOG_BYTES", "32 MB", "Bytes of a session's operation log."
)
PLAYGROUND_FREE_DISK_PERCENT = env.number(
    "PLAYGROUND_FREE_DISK_PERCENT", "10", "Free disk space below which new guests are refused."
)
PLAYGROUND_IDLE_DAYS = env.number(
    "PLAYGROUND_IDLE_DAYS", "7", "Days without activity after which a session counts as idle."
)
PLAYGROUND_GUEST_DAYS = env.number(
    "PLAYGROUND_GUEST_DAYS",
    "180",
    "Days without activity after which a guest's session goes to the bin.",
    least=1,
)
PLAYGROUND_GUEST_NOTICE_DAYS = env.number(
    "PLAYGROUND_GUEST_NOTICE_DAYS", "30", "Days before that in which guests are told of it."
)
PLAYGROUND_PUPIL_IDLE_HOURS = env.number(
    "PLAYGROUND_PUPIL_IDLE_HOURS",
    "8",
    "Hours without use after which a pupil of a class has to come in anew with the card.",
    least=1,
)
PLAYGROUND_BIN_DAYS = env.number(
    "PLAYGROUND_BIN_DAYS", "30", "Days for which the bin keeps a session.", least=1
)
PLAYGROUND_LOG_HOURS = env.number(
    "PLAYGROUND_LOG_HOURS", "24", "Hours for which a session's operation log is kept.", least=1
)
PLAYGROUND_LOG_OPERATIONS = env.number(
    "PLAYGROUND_LOG_OPERATIONS", "10000", "Operations that a session's log keeps.", least=100
)
PLAYGROUND_RATE_LIMITS = env.flag(
    "PLAYGROUND_RATE_LIMITS", "on", "Rate limits; off is for load tests alone."
)
PLAYGROUND_RATES = {
    "sign-in": env.rate(
        "PLAYGROUND_RATE_SIGN_IN", "10/15m", "Failed sign-ins of one name from one address."
    ),
    "sign-up": env.rate("PLAYGROUND_RATE_SIGN_UP", "300/1h", "New accounts from one address."),
    "recover": env.rate(
        "PLAYGROUND_RATE_RECOVER",
        "10/1h",
        "Tries of a recovery code for one name from one address.",
    ),
    "guests": env.rate("PLAYGROUND_RATE_GUESTS", "600/1h", "New guests from one address."),
    "sessions": env.rate("PLAYGROUND_RATE_SESSIONS", "60/1h", "New sessions of one person."),
    "transfers": env.rate(
        "PLAYGROUND_RATE_TRANSFERS", "60/1h", "Exports and imports of one person."
    ),
    "links": env.rate(
        "PLAYGROUND_RATE_LINKS", "60/10m", "Wrong share links tried from one address."
    ),
    "class-codes": env.rate(
        "PLAYGROUND_RATE_CLASS_CODES", "120/10m", "Wrong codes of classes tried from one address."
    ),
    "joins": env.rate("PLAYGROUND_RATE_JOINS", "300/1h", "Pupils who join from one address."),
    "messages": env.rate("PLAYGROUND_RATE_MESSAGES", "200/1s", "Messages on one socket."),
    "exports": env.rate(
        "PLAYGROUND_RATE_EXPORTS", "10/1d", "Exports of everything about one person."
    ),
    "uploads": env.rate("PLAYGROUND_RATE_UPLOADS", "1200/1m", "Uploaded blobs of one person."),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"tokens": {"()": "playground.logs.HideTokens"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Both tell of every wrong address and of every start of a server as if it mattered.
        "django.request": {"level": "ERROR"},
        "daphne": {"level": "WARNING"},
    },
}
