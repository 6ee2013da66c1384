"""Django settings; everything an operator may change comes from the environment."""

import os
import sys
from pathlib import Path

import pysqlite3
import pysqlite3.dbapi2

from chengzhi.site.environment import county, database, flag, password_days, secret_key

# Debian's SQLite has a WAL-reset bug (fixed in 3.51.3); the wheel carries a newer library.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

SITE = Path(__file__).parent
STATE = Path(os.environ.get("CHENGZHI_STATE", "var"))

DEMO = flag("CHENGZHI_DEMO")
DEBUG = False
SECRET_KEY = secret_key(demo=DEMO)
ALLOWED_HOSTS = os.environ.get("CHENGZHI_HOSTS", "127.0.0.1 localhost testserver").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("CHENGZHI_ORIGINS", "").split()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "chengzhi.audit",
    "chengzhi.accounts",
    "chengzhi.notifications",
    "chengzhi.places",
    "chengzhi.evidence",
    "chengzhi.workorders",
    "chengzhi.vision",
    "chengzhi.reports",
    "chengzhi.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "chengzhi.site.middleware.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chengzhi.site.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chengzhi.site.middleware.CurrentActor",
    "chengzhi.accounts.web.PasswordGate",
    "chengzhi.site.middleware.PlainAddress",
    "chengzhi.site.middleware.StandardsInForce",
    "chengzhi.site.once.RateHeaders",
    "chengzhi.site.once.Once",
    "chengzhi.site.middleware.DomainErrors",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["chengzhi.site.templatetags.addresses"],
            "libraries": {
                "i18n": "chengzhi.site.templatetags.spoken",
                "static": "chengzhi.site.templatetags.addresses",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "chengzhi.site.context.frame",
            ],
        },
    }
]

SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # two libraries are ours in the place of Django's
ROOT_URLCONF = "chengzhi.site.urls"
WSGI_APPLICATION = "chengzhi.site.wsgi.application"
DATABASES = {"default": database(os.environ.get("CHENGZHI_DATABASE", ""), state=STATE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "chengzhi.accounts.web.KnownPeople",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in (
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 10}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
        (
            "UserAttributeSimilarityValidator",
            {"OPTIONS": {"user_attributes": ["username", "name"]}},
        ),
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "chengzhi.accounts.web.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

CHENGZHI_PASSWORD_DAYS = password_days()

SESSION_ENGINE = "chengzhi.site.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
CSRF_FAILURE_VIEW = "chengzhi.site.faults.stale_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": [
            "'self'",
            "data:",
            "blob:",
            *os.environ.get("CHENGZHI_TILE_ORIGINS", "").split(),
        ],
        "media-src": ["'self'", "blob:"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [SITE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # the built assets lie in the package; nothing is collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

CHENGZHI_COUNTY = county(demo=DEMO)
CHENGZHI_REACTIONS = "chengzhi.wiring.REACTIONS"
# dotted functions that each worker calls with `now`, regularly
CHENGZHI_TICKS = [
    "chengzhi.site.tasks.tick",
    "chengzhi.workorders.tasks.tick",
    "chengzhi.workorders.tasks.count_map",
    "chengzhi.workorders.tasks.drop_old_exports",
    "chengzhi.vision.tasks.tick",
    "chengzhi.accounts.tasks.tick",
    "chengzhi.notifications.tasks.tick",  # last: it waits for other people's machines
]
# calls a minute that one token may make in each web process; 0: as many as it likes
CHENGZHI_API_RATE = int(os.environ.get("CHENGZHI_API_RATE", "60000"))
# Only "production" lets SMS, mail and webhooks out; every other site is a rehearsal.
CHENGZHI_OUTSIDE = os.environ.get("CHENGZHI_OUTSIDE", "") == "production" and not DEMO
CHENGZHI_SMS = os.environ.get("CHENGZHI_SMS", "")  # the gateway's https address, or "console"
CHENGZHI_SMS_TOKEN = os.environ.get("CHENGZHI_SMS_TOKEN", "")
CHENGZHI_MAIL_FROM = os.environ.get("CHENGZHI_MAIL_FROM", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if CHENGZHI_OUTSIDE else 'dummy'}.EmailBackend"
EMAIL_HOST = os.environ.get("CHENGZHI_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("CHENGZHI_MAIL_PORT", "465"))
EMAIL_HOST_USER = os.environ.get("CHENGZHI_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("CHENGZHI_MAIL_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
# /open311/v2: whether everybody may read published requests without a key (docs/open311.md),
# calls a minute for each key or, without one, each address, and what discovery says.
CHENGZHI_OPEN311_PUBLIC = flag("CHENGZHI_OPEN311_PUBLIC") or DEMO
CHENGZHI_OPEN311_RATE = int(os.environ.get("CHENGZHI_OPEN311_RATE", "600"))
CHENGZHI_OPEN311_JURISDICTIONS = [
    *os.environ.get("CHENGZHI_OPEN311_JURISDICTIONS", "").split(),
    CHENGZHI_COUNTY,
]
CHENGZHI_OPEN311_CONTACT = os.environ.get("CHENGZHI_OPEN311_CONTACT", "综合行政执法局指挥中心")
CHENGZHI_OPEN311_KEYS = os.environ.get(
    "CHENGZHI_OPEN311_KEYS", "请向综合行政执法局系统管理员申请 open311 权限的令牌"
)
CHENGZHI_METRICS_TOKEN = os.environ.get("CHENGZHI_METRICS_TOKEN", "")
CHENGZHI_RAIL_SECONDS = 10  # how old the numbers beside the places of the rail may be
# XYZ or WMTS tiles over the offline base map; their origin belongs in CHENGZHI_TILE_ORIGINS too.
CHENGZHI_TILES = os.environ.get("CHENGZHI_TILES", "")
CHENGZHI_TILES_CREDIT = os.environ.get("CHENGZHI_TILES_CREDIT", "")
CHENGZHI_HASH = os.environ.get("CHENGZHI_HASH", "sha256")
# dotted functions that each worker calls with `should_stop` in a thread of its own: long work
CHENGZHI_JOBS = ["chengzhi.workorders.tasks.write_export", "chengzhi.evidence.tasks.hide_faces"]
# where files lie that people asked for: a folder or s3://bucket/prefix, shared by web and workers
CHENGZHI_EXPORTS = os.environ.get("CHENGZHI_EXPORTS", str(STATE / "exports"))
CHENGZHI_EVIDENCE = os.environ.get("CHENGZHI_EVIDENCE", str(STATE / "evidence"))
CHENGZHI_STANDARDS = os.environ.get("CHENGZHI_STANDARDS", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
