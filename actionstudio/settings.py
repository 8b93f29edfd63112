"""Settings: reads every environment variable, and nothing else does. Safe defaults, one file."""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).lower() in ("1", "true", "yes", "on")


def _list(name: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def _kept_secret(name: str) -> str:
    """A secret made on first start and kept in the data folder, readable by its owner alone."""
    path = STUDIO_DATA_DIR / name
    if not path.exists():
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = _flag("DEBUG")
PORT = int(os.environ.get("PORT", "8000"))
STUDIO_HOST = os.environ.get("STUDIO_HOST", "127.0.0.1")  # what the server listens on
STUDIO_DATA_DIR = Path(os.environ.get("STUDIO_DATA_DIR", BASE_DIR / "data"))
STUDIO_DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds keys and what was logged
STUDIO_PUBLIC_URL = (os.environ.get("STUDIO_PUBLIC_URL", "").strip() or f"http://localhost:{PORT}").rstrip("/")
STUDIO_LIVE_DOMAIN = (os.environ.get("STUDIO_LIVE_DOMAIN", "").strip() or f"live.localhost:{PORT}").lower()
STUDIO_SIGNUP = os.environ.get("STUDIO_SIGNUP", "invite")  # open | invite | closed
STUDIO_WORKERS = int(os.environ.get("STUDIO_WORKERS", "1"))
STUDIO_ALLOW_PRIVATE_UPSTREAMS = _flag("STUDIO_ALLOW_PRIVATE_UPSTREAMS")
STUDIO_RETENTION_DAYS = int(os.environ.get("STUDIO_RETENTION_DAYS", "30"))
STUDIO_LOG_BODY_LIMIT = int(os.environ.get("STUDIO_LOG_BODY_LIMIT", str(256 * 1024)))
STUDIO_EMBEDDED_WORKER = _flag("STUDIO_EMBEDDED_WORKER", True)
REDIS_URL = os.environ.get("REDIS_URL", "")
OPENAI_BASE_URL = os.environ.get("OPENAI_BASE_URL", "").rstrip("/")  # a model for everybody, when one of these is set
if OPENAI_BASE_URL and not OPENAI_BASE_URL.startswith(("http://", "https://")):
    raise SystemExit("OPENAI_BASE_URL must begin with http:// or https://, as in http://127.0.0.1:11434/v1")
OPENAI_API_KEY = os.environ.get("OPENAI_API_KEY", "")
OPENAI_MODEL = os.environ.get("OPENAI_MODEL", "").strip() or "gpt-5-mini"

_public = urlsplit(STUDIO_PUBLIC_URL)
HTTPS = _public.scheme == "https"
STUDIO_LIVE_SCHEME = "https" if HTTPS else "http"

SECRET_KEY = os.environ.get("STUDIO_SECRET_KEY") or _kept_secret("secret_key")
SECRET_KEY_FALLBACKS = _list("STUDIO_SECRET_KEY_FALLBACKS")
STUDIO_ENCRYPTION_KEYS = _list("STUDIO_ENCRYPTION_KEYS") or [_kept_secret("encryption_key")]  # newest first
ALLOWED_HOSTS = [_public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]", *_list("STUDIO_ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [STUDIO_PUBLIC_URL]
if _flag("STUDIO_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "actionstudio.apps.web",
    "actionstudio.apps.accounts",
    "actionstudio.apps.projects",
    "actionstudio.apps.publishing",
    "actionstudio.apps.design",
    "actionstudio.apps.library",
    "actionstudio.apps.release",
    "actionstudio.apps.traffic",
    "actionstudio.apps.oauth",
    "actionstudio.apps.mocking",
    "actionstudio.apps.signin",
    "actionstudio.apps.gpt",
    "actionstudio.apps.replay",
    "actionstudio.apps.simulator",
    "actionstudio.apps.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "django_tasks_db",
]
AUTH_USER_MODEL = "accounts.User"

MIDDLEWARE = [
    "actionstudio.apps.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "actionstudio.apps.web.middleware.KitMiddleware",
    "actionstudio.apps.accounts.setup.SetupMiddleware",
]
ROOT_URLCONF = "actionstudio.urls"
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
                "actionstudio.apps.web.context.kit",
                "actionstudio.apps.accounts.context.signup",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "actionstudio.apps.web.templatetags.ui",
            ],
        },
    }
]


def _database(url: str) -> dict:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise SystemExit(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or dict(parse_qsl(parts.query)).get("host", "")),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 8, "timeout": 5}},
    }


def _sqlite(name: str, more: str = "") -> dict:
    with contextlib.suppress(OSError):  # made by us, it is its owner's alone; SQLite's files beside it follow it
        os.close(os.open(STUDIO_DATA_DIR / name, os.O_WRONLY | os.O_CREAT, 0o600))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STUDIO_DATA_DIR / name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=67108864; "
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000;" + more
            ),
        },
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": _database(DATABASE_URL)}
    LOG_DATABASE = "default"
else:
    # The log has a file of its own: 10,000 rows a second into it leave other writers alone. Its writer checkpoints it.
    DATABASES = {
        "default": _sqlite("studio.sqlite3"),
        "log": _sqlite("log.sqlite3", "PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON;"),
    }
    LOG_DATABASE = "log"
DATABASE_ROUTERS = ["actionstudio.apps.traffic.router.LogRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["fast", "bulk", "default"]}}

PASSWORD_HASHERS = [
    "actionstudio.apps.accounts.hashers.SmallArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("fr", "Français"), ("ko", "한국어")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STUDIO_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "actionstudio.apps.web.storage.ModuleStaticStorage"},
}
MEDIA_ROOT = STUDIO_DATA_DIR / "media"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-studio" if HTTPS else "studio"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000  # a large schema posts many rows; the default of 1,000 is a 400
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

CSRF_FAILURE_VIEW = "actionstudio.apps.web.errors.csrf_failure"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/projects/"
ACCOUNT_ADAPTER = "actionstudio.apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "actionstudio.apps.accounts.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # an installation without a mail server must work
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers because somebody typed their address
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Action Studio] "
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "actionstudio.apps.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Action Studio"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on localhost only


# The provider of every project (apps/oauth). Its models are swapped: end users are not users of the studio. What a
# project decides (scopes, life of tokens) comes from the project; what stands here holds for all of them.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth.Client"
OAUTH2_PROVIDER_GRANT_MODEL = "oauth.Grant"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth.RefreshToken"
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth.IDToken"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth.DeviceGrant"
OAUTH2_PROVIDER = {
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],  # http on loopback alone: see Client.get_allowed_schemes
    "REQUEST_APPROVAL_PROMPT": "force",
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "PKCE_REQUIRED": True,  # a client may say otherwise
    **{
        f"COMPLIANT_BCP_RFC9700_{gate}": True
        for gate in (
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE",
            "REFRESH_TOKEN",
            "REDIRECT_URI_SCHEME",
            "REDIRECT_URI_MATCHING",
            "PKCE_REQUIRED",
        )
    },
}
# What answers on an address (apps/oauth/door.py): a chain of its own, which never sees a session of the studio.
STUDIO_ADDRESS_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "actionstudio.apps.oauth.address.middleware.AddressMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
STUDIO_ADDRESS_URLCONF = "actionstudio.apps.oauth.address.urls"


def _mailer(url: str) -> dict:
    """smtp://user:password@host:587 (STARTTLS) or smtps://… (TLS throughout); without one, mail is printed."""
    if not url:
        return {"BACKEND": "actionstudio.apps.accounts.terminal.EmailBackend"}
    parts = urlsplit(url)
    options = {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and parts.port not in (25, 1025),
        "timeout": 20,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


STUDIO_SENDS_MAIL = bool(os.environ.get("STUDIO_SMTP_URL"))  # what else may a page promise?
MAILERS = {"default": _mailer(os.environ.get("STUDIO_SMTP_URL", ""))}
DEFAULT_FROM_EMAIL = os.environ.get("STUDIO_FROM_EMAIL", "studio@localhost")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "actionstudio.apps.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["actionstudio.apps.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "actionstudio.apps.api.schema.Schema",
    "EXCEPTION_HANDLER": "actionstudio.apps.api.problems.handler",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Action Studio",
    "VERSION": "1",
    "DESCRIPTION": "Everything the pages can do. See docs/api.md.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AuthorizationTypeEnum": ["bearer", "basic"],
        "StoredAuthorizationType": "actionstudio.apps.simulator.dialog.KEYS",
        "TokenExchangeEnum": "actionstudio.apps.simulator.dialog.EXCHANGES",
        "ClientPreset": ["gpt", "plugin", "mcp", "librechat", "other"],
        "RunState": "actionstudio.apps.replay.models.Run.State",
        "CallState": "actionstudio.apps.replay.models.Item.State",
        "RuleWhat": "actionstudio.apps.replay.models.IgnoreRule.What",
        "CauseEnum": ["hand", "save", "schedule", "ci", "api"],
        "PromptKind": ["direct", "indirect", "negative"],
        "FormatEnum": "actionstudio.apps.library.detecting.FORMATS",
        "PromptFormat": ["auto", "csv", "jsonl", "bfcl", "promptfoo"],
        "PromptCause": ["hand", "api", "ci"],
        "PromptVerdict": ["passed", "failed", "error", "skipped"],
        "PromptMode": ["select", "mock"],
        "ToldMode": ["reported", "lenient"],
        "ConsentChoice": ["confirm", "deny", "allow", "always", "decline"],
        "ChatState": "actionstudio.apps.simulator.models.Chat.State",
        "MessageState": "actionstudio.apps.simulator.models.Message.State",
    },
    "APPEND_COMPONENTS": {},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "actionstudio.apps.api.schema.add_problems",
    ],
}

STUDIO_LOG_LEVEL = os.environ.get("STUDIO_LOG_LEVEL", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": STUDIO_LOG_LEVEL or "WARNING"},
    # Every refused form and every finished task is a warning to these two: nothing that somebody has to look at.
    "loggers": {
        name: {"level": STUDIO_LOG_LEVEL or "ERROR"} for name in ("django.request", "django_tasks", "django_tasks_db")
    },
}
