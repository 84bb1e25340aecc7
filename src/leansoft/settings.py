"""Settings come from the environment alone; README.md has the table. A wrong one ends the start
with a sentence that names the variable."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from environs import Env, EnvError

env = Env(eager=True)

DEBUG = False


def _address(name: str, default: str = "") -> str:
    """Without its last slash. Raises `EnvError`."""
    given = env.str(name, default).rstrip("/")
    parts = urlsplit(given)
    if given and not (parts.scheme in {"http", "https"} and parts.hostname):
        raise EnvError(f"LEANSOFT_{name} has to look like https://host.example, not {given}")
    return given


with env.prefixed("LEANSOFT_"):
    DATA_DIR = env.path("DATA_DIR", Path("data")).resolve()
    BASE_URL = _address("BASE_URL", "http://localhost:8000")
    # A program that nobody told the address, such as the command line, cannot say that it changed.
    BASE_URL_GIVEN = bool(env.str("BASE_URL", ""))
    # Empty: the hosts of the cloud that is chosen on the integration page.
    MICROSOFT_LOGIN_URL = _address("MICROSOFT_LOGIN_URL")
    MICROSOFT_GRAPH_URL = _address("MICROSOFT_GRAPH_URL")
    # Empty: Leansoft sends no mail.
    SENDS_MAIL = bool(env.str("EMAIL_URL", ""))
    _mail = env.dj_email_url("EMAIL_URL") if SENDS_MAIL else {}
    # Whoever starts Leansoft without one gets the server in the data folder: see `cli.prepare`.
    if urlsplit(env.str("DATABASE_URL")).scheme not in {"postgres", "postgresql"}:
        raise EnvError(
            "LEANSOFT_DATABASE_URL has to look like postgresql://user:password@host.example/name"
        )
    DATABASES = {
        "default": {
            **env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True),
            "ATOMIC_REQUESTS": True,
        }
    }


def _secret_key() -> str:
    """The key given in the environment or a file, else one kept in the data folder."""
    with env.prefixed("LEANSOFT_"):
        given, file = env.str("SECRET_KEY", ""), env.str("SECRET_KEY_FILE", "")
    if given:
        return given
    path = Path(file) if file else DATA_DIR / "secret-key"
    if file and not path.is_file():
        raise EnvError(f"LEANSOFT_SECRET_KEY_FILE names {file}, and there is no such file")
    if not file and not path.exists():
        _make_key(path)
    return path.read_text().strip()


def _make_key(path: Path) -> None:
    """Nobody else can read it at any moment; of two programs that start at once one makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Private from the start, and whole before it has its name.
    with NamedTemporaryFile("w", dir=path.parent) as draft:
        draft.write(secrets.token_urlsafe(48))
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)


SECRET_KEY = _secret_key()

_base = urlsplit(BASE_URL)
SECURE = _base.scheme == "https"
# A public address is checked to the letter; on a loopback address every name of this host is fine.
LOOPBACK = _base.hostname in {"localhost", "127.0.0.1", "::1"}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if LOOPBACK else [_base.hostname or ""]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_COOKIE_NAME = "leansoft_session"
CSRF_COOKIE_NAME = "leansoft_csrf"
CSRF_FAILURE_VIEW = "leansoft.web.views.errors.forged"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# The way back from Microsoft is a link from another site: `Lax` lets the session come along.
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"

if SENDS_MAIL and "EMAIL_BACKEND" not in _mail:
    raise EnvError("LEANSOFT_EMAIL_URL has to look like submission://user:password@mail.example")
vars().update(_mail)
EMAIL_TIMEOUT = _mail.get("EMAIL_TIMEOUT") or 20
DEFAULT_FROM_EMAIL = _mail.get("DEFAULT_FROM_EMAIL") or f"Leansoft <leansoft@{_base.hostname}>"

INSTALLED_APPS = [
    # First, so that its templates stand before those that other apps bring along.
    "leansoft.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "leansoft.accounts",
    "leansoft.contacts",
    "leansoft.calendars",
    "leansoft.connections",
    "leansoft.sync",
]

MIDDLEWARE = [
    "leansoft.web.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "leansoft.web.middleware.api_answers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "leansoft.urls"
WSGI_APPLICATION = "leansoft.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "leansoft.web.context.shell",
            ],
        },
    },
]


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "leansoft.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "change_password": "leansoft.accounts.forms.ChangePassword",
    "reset_password_from_key": "leansoft.accounts.forms.ChoosePassword",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whoever asks for a stranger's address learns nothing by mail, either.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
LOGIN_REDIRECT_URL = "/calendar/"
LOGIN_URL = "/accounts/login/"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Static files are served from where they lie in the package: no collecting step to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "leansoft": {"level": "INFO"},
        # A refused or mistaken request is told to whoever made it.
        "django.request": {"level": "ERROR"},
    },
}
