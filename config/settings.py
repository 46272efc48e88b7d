"""Django's settings: safe for production by default; config/env.py reads what a server may change."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from config import embedded, env, pages, rest
from config.error_reports import is_address, report_errors

BASE_DIR = env.BASE_DIR
MODE = env.MODE
HOME = env.HOME
PORT = env.PORT
DEBUG = False
# Pages that only builders and people trying the product may see: /_design/ and /outbox/.
DEVELOPMENT_PAGES = not env.IS_PRODUCTION

# ---------- Addresses ----------
SCHEME = env.read(
    "str",
    "PUBLIC_SCHEME",
    default="https" if env.IS_PRODUCTION else "http",
    validate=env.validate.OneOf(("http", "https")),
)
BASE_DOMAIN = env.read(
    "str",
    "BASE_DOMAIN",
    required=env.IS_PRODUCTION,
    default="localhost",
    validate=env.validate.Regexp(r"(?i)[a-z0-9-]+(\.[a-z0-9-]+)*$"),
).lower()
# A port belongs into addresses only where people type it: behind a proxy it is 80 or 443.
ADDRESS_SUFFIX = "" if env.IS_PRODUCTION else f":{PORT}"
PUBLIC_URL = f"{SCHEME}://{BASE_DOMAIN}{ADDRESS_SUFFIX}"
ALLOWED_HOSTS = [BASE_DOMAIN, f".{BASE_DOMAIN}"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, f"{SCHEME}://*.{BASE_DOMAIN}{ADDRESS_SUFFIX}"]

# ---------- Applications ----------
# Tables of the platform, in the schema "public".
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "tenants.signup",
]
# Tables each workspace owns, one schema per workspace.
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "tenants.members",
    "tenants.sso",
    "allauth.account",
    "allauth.mfa",
    "core.events",
    "api.keys",
    "api.scim",
    "crm.history",
    "crm.customers",
    "crm.transfer",
    "crm.views",
    "crm.notes",
    "crm.files",
    "crm.bookmarks",
    "crm.sharing",
    "crm.notifications",
    "crm.home",
]
VAULT_APPS = ["compliance.encryption.vault"]
WITHOUT_TABLES = [
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "core",
    "compliance.encryption",
    "billing",
    "config.demo",
    "tenants.provisioning",
    "django_countries",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *VAULT_APPS, *WITHOUT_TABLES]
# The app behind this check asks every new connection for the types of extensions we do not use.
SILENCED_SYSTEM_CHECKS = ["postgres.E005"]
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
AUTH_USER_MODEL = "members.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "config.urls"
PUBLIC_SCHEMA_URLCONF = "config.public_urls"
WSGI_APPLICATION = "config.wsgi.application"

# ---------- Databases ----------
if env.read("str", "DATABASE_URL", default=""):
    DIRECT_URL = env.read("str", "DATABASE_DIRECT_URL", default="")
    if DIRECT_URL:
        env.database(DIRECT_URL, "DATABASE_DIRECT_URL")
    DATABASE_URLS = env.DatabaseUrls(
        application=env.read("str", "DATABASE_URL"),
        # The owner's sessions stand in one schema, so they too go past a pooler.
        owner=env.read(
            "str", "DATABASE_OWNER_URL", default=DIRECT_URL or env.read("str", "DATABASE_URL")
        ),
        vault=env.read("str", "VAULT_DATABASE_URL", required=True),
        direct=DIRECT_URL,
    )
else:
    if env.IS_PRODUCTION:
        env.read("str", "DATABASE_URL", required=True)
    DATABASE_URLS = embedded.urls()


def _database(url: str, name: str, engine: str, **options: Any) -> dict[str, Any]:
    parsed = env.database(url, name)
    # Set at connection, because asking for it later takes set_config, which nobody may call.
    time_zone = {"options": "-c TimeZone=UTC", **parsed.get("OPTIONS", {})}
    return {**parsed, "ENGINE": engine, **options, "OPTIONS": time_zone}


DATABASES = {
    "default": _database(
        DATABASE_URLS.application,
        "DATABASE_URL",
        "core.isolation.backend",
        # Not longer: a connection keeps the catalog of every workspace it has touched in memory.
        CONN_MAX_AGE=env.read(
            "int", "DATABASE_CONN_MAX_AGE", default=300, validate=env.not_below(0)
        ),
        CONN_HEALTH_CHECKS=True,
        DISABLE_SERVER_SIDE_CURSORS=True,
    ),
    "owner": _database(
        DATABASE_URLS.owner, "DATABASE_OWNER_URL", "django_tenants.postgresql_backend"
    ),
    "vault": _database(
        DATABASE_URLS.vault,
        "VAULT_DATABASE_URL",
        "django.db.backends.postgresql",
        CONN_MAX_AGE=300,
        CONN_HEALTH_CHECKS=True,
        DISABLE_SERVER_SIDE_CURSORS=True,
    ),
}
TENANT_SYNC_ROUTER = "tenants.routers.HomeRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
STATEMENT_TIMEOUT_MS = env.read(
    "int", "STATEMENT_TIMEOUT_MS", default=10_000, validate=env.not_below(1)
)
# Ready, empty schemas kept so that a sign-up need not wait for one.
SPARE_WORKSPACES = env.read("int", "SPARE_WORKSPACES", default=3, validate=env.not_below(0))
VAULT_KEY_DIR = env.folder("VAULT_KEY_DIR", default=HOME / "keys")

# ---------- Requests ----------
MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.StaticFilesMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "compliance.encryption.middleware.VaultUnavailableMiddleware",
    "api.throttling.RateHeadersMiddleware",
    "tenants.middleware.WorkspaceMiddleware",
    "tenants.members.middleware.SessionUseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tenants.members.middleware.MemberAuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tenants.members.middleware.PreferencesMiddleware",
    "tenants.members.middleware.FailedTriesMiddleware",
    "tenants.members.middleware.MembersOnlyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.members.middleware.ActorMiddleware",
    "core.records.middleware.SeenRecordTypeMiddleware",
    "tenants.members.middleware.OnlyLookingMiddleware",
    "tenants.members.middleware.PolicyMiddleware",
    "core.middleware.OperationErrorMiddleware",
]
TEMPLATES = pages.TEMPLATES
FORM_RENDERER = "core.forms.ComponentRenderer"
SECRET_KEY = env.secret_key()
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = SCHEME == "https"
# A program that calls over plain http is told, not led on: its key was readable on the way.
SECURE_REDIRECT_EXEMPT = [r"^api/v1/", r"^scim/"]
SECURE_HSTS_SECONDS = 31_536_000 if SCHEME == "https" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
TRUSTED_PROXY_COUNT = env.read("int", "TRUSTED_PROXY_COUNT", default=0, validate=env.not_below(0))
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# A temporary file of Django's would hold what people send unsealed.
FILE_UPLOAD_HANDLERS = ["compliance.encryption.uploads.SealedUploadHandler"]

# ---------- Sessions: of one host, in the workspace's own tables ----------
SESSION_ENGINE = "tenants.members.sessions"
SESSION_COOKIE_NAME = "__Host-sid"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = "/"
# As long as any policy allows; each workspace's own ends them earlier.
SESSION_COOKIE_AGE = 90 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.error_pages.csrf_failure"
MESSAGE_STORAGE = "core.isolation.signing.MessageStorage"
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True

# ---------- Log-in ----------
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["tenants.members.sessions.MemberBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "tenants.members.passwords.PolicyLengthValidator"},
    {"NAME": "tenants.members.passwords.KnownPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_FORMS = {
    "add_email": "tenants.members.forms.people.NewAddressForm",
    "change_password": "tenants.members.forms.passwords.PasswordChangeForm",
    "login": "tenants.members.forms.passwords.PlainLoginForm",
    "reauthenticate": "tenants.members.forms.passwords.AgainForm",
    "request_login_code": "tenants.members.forms.passwords.CodeRequestForm",
    "reset_password": "tenants.members.forms.passwords.ForgottenForm",
    "reset_password_from_key": "tenants.members.forms.passwords.NewPasswordForm",
    "set_password": "tenants.members.forms.passwords.FirstPasswordForm",
}
ACCOUNT_ADAPTER = "tenants.sso.adapter.SignOnAccountAdapter"
SOCIALACCOUNT_ADAPTER = "tenants.sso.adapter.GuardedProviders"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {
    "public_signup": "30/h/ip,6/h/key",
    "public_signup_code": "60/h/ip",
    "public_find": "20/h/ip,4/h/key",
    "public_address_check": "240/m/ip",
    "join": "20/h/ip,4/h/key",
    "proof_code": "20/h/ip,6/h/key",
    "sso": "120/m/ip",
}
MFA_ADAPTER = "compliance.encryption.second_factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey takes the place of the password, so a touch is not enough.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "login_webauthn": "tenants.members.forms.factors.PasskeyLoginForm",
    "authenticate_webauthn": "tenants.members.forms.factors.PasskeyStepForm",
    "reauthenticate_webauthn": "tenants.members.forms.factors.PasskeyAgainForm",
}
# A code counts in its own half-minute alone: one that counts longer than it is remembered could be used twice.
MFA_TOTP_TOLERANCE = 0
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# ---------- Words, numbers, time ----------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

# ---------- Cache, files, mail ----------
REDIS_URL = env.read(
    "str", "REDIS_URL", default="", validate=env.validate.Regexp(r"$|(rediss?|unix)://.")
)
CACHES = {
    "default": {
        "BACKEND": f"core.isolation.cache.{'RedisCache' if REDIS_URL else 'DatabaseCache'}",
        "LOCATION": REDIS_URL or "cache_entry",
        "KEY_FUNCTION": "core.isolation.cache.make_key",
    },
    # Counting calls must not cost a query each: without Redis every process counts its own.
    "throttle": {
        "BACKEND": f"core.isolation.cache.{'RedisCache' if REDIS_URL else 'LocalCache'}",
        "LOCATION": REDIS_URL or "throttle",
        "KEY_FUNCTION": "core.isolation.cache.make_key",
    },
}
STORAGES = {
    "default": env.storage("STORAGE_URL", default=f"file://{HOME / 'files'}"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if not env.IS_PRODUCTION
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Where people try or build the product, files are served from where they are built.
WHITENOISE_USE_FINDERS = not env.IS_PRODUCTION
if not env.IS_PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
OUTBOX_DIR = HOME / "outbox"
MAILERS = {"default": env.mailer("EMAIL_URL", required=env.IS_PRODUCTION, outbox=OUTBOX_DIR)}
DEFAULT_FROM_EMAIL = env.read(
    "str",
    "DEFAULT_FROM_EMAIL",
    default=f"Atrium <atrium@{BASE_DOMAIN}>",
    validate=env.validate.Regexp(r"[^@\r\n]*[^@\s]@[^@\s]+$"),
)

# Where companies' domains are looked up; none are the machine's own.
DNS_SERVERS = env.servers("DNS_SERVERS", port=53)

# ---------- Addresses that people enter ----------
# The servers inside a network of ours that they may lead to all the same; see core/outgoing.py.
_PLACES = env.validate.Regexp(env.PLACES)
OUTGOING_ALLOWED = env.places(env.read("str", "OUTGOING_ALLOWED", default="", validate=_PLACES))

# ---------- API ----------
_RATE = env.validate.Regexp(r"\d+/(s|sec|m|min|h|hour|d|day)$")
# How many calls one key or session may make, and all of a workspace together.
API_RATE = env.read("str", "API_RATE", default="1200/min", validate=_RATE)
API_WORKSPACE_RATE = env.read("str", "API_WORKSPACE_RATE", default="6000/min", validate=_RATE)
REST_FRAMEWORK, SPECTACULAR_SETTINGS = rest.REST_FRAMEWORK, rest.SPECTACULAR_SETTINGS

# ---------- Errors and logs ----------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.LineFormatter"}},
    "filters": {"without_addresses": {"()": "core.logs.WithoutAddresses"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_addresses"],
        }
    },
    # The queue tells of every job it sees; its failures are what matters.
    "loggers": {"procrastinate": {"level": "WARNING"}},
    "root": {
        "handlers": ["console"],
        "level": env.read(
            "str",
            "LOG_LEVEL",
            default="INFO" if env.IS_PRODUCTION else "WARNING",
            validate=env.validate.OneOf(("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
        ),
    },
}
SENTRY_DSN = env.read("str", "SENTRY_DSN", default="")
if SENTRY_DSN and not is_address(SENTRY_DSN):
    env.stop("SENTRY_DSN cannot be read: it is the address the error tracker gives.")
if SENTRY_DSN:
    report_errors(SENTRY_DSN, environment=MODE)
