"""Settings. Everything that differs between machines comes from the environment or from files, read once.

Secrets come only from files. Demonstration settings are ``WB_DEMO=1``; live use refuses to start with them.
"""

import os
import secrets
from pathlib import Path

from wilberforce.base import csp, postgres_roles
from wilberforce.base.postgres import django_database

from . import logs, signin
from .signin import *  # noqa: F403

CHECKOUT = postgres_roles.CHECKOUT
STATE = postgres_roles.state_folder()
SECRETS = postgres_roles.secrets_folder()

DEMO = os.environ.get("WB_DEMO") == "1"
LIVE = os.environ.get("WB_LIVE") == "1"
DEBUG = False
HELPLINE = os.environ.get("WB_HELPLINE", "")  # shown on the public pages where the operator has named one
SITE_ADDRESS = os.environ.get("WB_SITE", "http://localhost:8000")
STREAM = os.environ.get("WB_STREAM", "")  # where the stream answers, unless the proxy brings /stream/ to it
CONTENT_SECURITY_POLICY = csp.policy(STREAM)
ALLOWED_HOSTS = os.environ.get("WB_HOSTS", "" if LIVE else "localhost 127.0.0.1 [::1] testserver").split()
MADE_BY_ITSELF = "made-by-itself."
"""Begins a secret that a development machine made for itself; live use refuses it."""


def _secret(name: str) -> str:
    """A secret kept in a file of its own. Live use makes none: an empty one is refused at start (web.starting)."""
    path = SECRETS / name
    if LIVE:
        return path.read_text().rstrip("\n") if os.access(path, os.R_OK) else ""  # as an editor leaves it
    return postgres_roles.keep(path, MADE_BY_ITSELF + secrets.token_urlsafe(48))


SECRET_KEY = _secret("secret_key")
KEYRING_FILE = Path(os.environ.get("WB_KEYRING") or SECRETS / "keyring.json")
KEYRING_LOCKED = SECRETS / "keyring.locked"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "procrastinate.contrib.django",
    "wilberforce.base",
    "wilberforce.ledger",
    "wilberforce.deadlines",
    "wilberforce.agencies",
    *signin.SIGNIN_APPS,  # after agencies, whose templates replace theirs
    "wilberforce.concerns",
    "wilberforce.intelligence",
    "wilberforce.operations",
    "wilberforce.survivors",
    "wilberforce.custody",
    "wilberforce.reception",
    "wilberforce.referrals",
    "wilberforce.sharing",
    "wilberforce.stewardship",
    "wilberforce.statistics",
    "wilberforce.press",
    "wilberforce.web",
    "wilberforce.access",
]

REFUSALS_EVERY = 0.05
"""Seconds. A refusal is answered at a whole multiple of it, so that its time says nothing of what is hidden."""

MIDDLEWARE = [
    "wilberforce.web.middleware.refusals_take_the_same_time",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wilberforce.web.logs.Numbered",
    "csp.middleware.CSPMiddleware",
    "wilberforce.web.middleware.no_refusal_is_kept",
    "wilberforce.web.middleware.uses_nothing_of_the_machine",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wilberforce.web.tongues.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *signin.SIGNIN_MIDDLEWARE,
    "django_htmx.middleware.HtmxMiddleware",
    "wilberforce.web.middleware.only_forms_are_sent_here",
    "wilberforce.web.middleware.UndeclaredIsAbsent",
]

ROOT_URLCONF = "wilberforce.web.urls"
WSGI_APPLICATION = "wilberforce.web.wsgi.application"
DATABASES = {"default": django_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the e-mail address is unique whatever its case, by a constraint

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "wilberforce.web.middleware.surroundings",
            ],
        },
    }
]
FORM_RENDERER = "wilberforce.base.forms.Renderer"

LANGUAGE_CODE = "en-gb"
_TONGUES = {"en-gb": "English", "cy": "Cymraeg", "ar": "العربية"}
LANGUAGES = [
    (code, _TONGUES[code]) for code in os.environ.get("WB_LANGUAGES", "en-gb cy ar").split() if code in _TONGUES
]
"""Of the public pages. docs/languages.md says how far each is translated and who has read it."""
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
"""Shared by every process: a one-time code that was used here is used everywhere. Past its most entries it drops some
that are not yet over, so that strangers who knock from many addresses must not come near it."""

SESSION_ENGINE = "wilberforce.agencies.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "wilberforce.web.views.forged"
if LIVE:
    MIDDLEWARE.insert(0, "wilberforce.web.middleware.behind_the_proxy")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(live|ready)/$"]  # asked by the machine itself, behind the proxy
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024  # a 2 MB text in a script of three bytes a letter, percent-encoded
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_HANDLERS = ["wilberforce.base.uploads.OnlyInMemory"]

_MAIL = "smtp" if LIVE else "filebased"
EMAIL_FILE_PATH = STATE / "mail"
EMAIL_BACKEND = os.environ.get("WB_MAIL", f"django.core.mail.backends.{_MAIL}.EmailBackend")
EMAIL_HOST = os.environ.get("WB_SMTP_HOST", "" if LIVE else "localhost")
EMAIL_PORT = int(os.environ.get("WB_SMTP_PORT", "587" if LIVE else "25"))
EMAIL_HOST_USER = os.environ.get("WB_SMTP_USER", "")
EMAIL_HOST_PASSWORD = _secret("smtp_password") if EMAIL_HOST_USER else ""
EMAIL_USE_TLS = LIVE and os.environ.get("WB_SMTP_TLS") != "0"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("WB_MAIL_FROM", "updates@wilberforce.example.org")

LOGGING = logs.configuration(json_lines=LIVE)
