"""Django settings: everything that varies comes from `socle.configuration`."""

from csp.constants import NONE, SELF

from pupitre.socle import configuration

CONFIGURATION = configuration.charger()
configuration.verifier(CONFIGURATION)
_EN_PRODUCTION = CONFIGURATION.mode is configuration.Mode.PRODUCTION
_EN_TEST = CONFIGURATION.mode is configuration.Mode.TEST

SECRET_KEY = CONFIGURATION.cle_secrete or ("cle-de-test-sans-valeur-" * 3 if _EN_TEST else "")
CLE_CHIFFREMENT = CONFIGURATION.cle_chiffrement
DEBUG = CONFIGURATION.debogage
ALLOWED_HOSTS = list(CONFIGURATION.hotes) or ["127.0.0.1", "localhost", "testserver", "[::1]"]
CSRF_TRUSTED_ORIGINS = list(CONFIGURATION.origines)
DONNEES_FICTIVES = CONFIGURATION.mode is configuration.Mode.DEMONSTRATION

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "pupitre.socle",
    "pupitre.territoires",
    "pupitre.acces",
    "pupitre.annuaire",
    "pupitre.observatoire",
    "pupitre.conseils",
    "pupitre.web",
    "pupitre.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pupitre.socle.lecture_seule.GardeDeLecture",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pupitre.projet.urls"
FORM_RENDERER = "pupitre.web.formulaires.Rendu"
WSGI_APPLICATION = "pupitre.projet.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pupitre.web.contexte.cadre",
            ],
            "builtins": ["pupitre.web.templatetags.pupitre"],
        },
    }
]

DATABASES = {"default": configuration.base_de_donnees(CONFIGURATION.base, CONFIGURATION.donnees)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if _EN_TEST
        else "django_tasks_db.DatabaseBackend"
    }
}

AUTH_USER_MODEL = "acces.Utilisateur"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "connexion"
LOGIN_REDIRECT_URL = "accueil"
LOGOUT_REDIRECT_URL = "connexion"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600
SESSION_ENGINE = "pupitre.socle.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "pupitre_session"
CSRF_COOKIE_NAME = "pupitre_csrf"

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "compte/verrou.html"
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "pupitre.web.compte.formulaires.identifiant"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLED = not _EN_TEST

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _EN_PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Without a mail server, letters are kept and shown, never sent: the demonstration has none on purpose.
COURRIELS_GARDES = CONFIGURATION.mode is configuration.Mode.DEMONSTRATION
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if CONFIGURATION.courriel_hote
    else "pupitre.socle.courriel.absent.SansServeur"
)
EMAIL_HOST = CONFIGURATION.courriel_hote
EMAIL_PORT = CONFIGURATION.courriel_port
EMAIL_HOST_USER = CONFIGURATION.courriel_utilisateur
EMAIL_HOST_PASSWORD = CONFIGURATION.courriel_mot_de_passe
EMAIL_USE_TLS = CONFIGURATION.courriel_securite == "starttls"
EMAIL_USE_SSL = CONFIGURATION.courriel_securite == "ssl"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = CONFIGURATION.courriel_expediteur

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/statique/"
STATIC_ROOT = CONFIGURATION.statiques
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "pupitre.web.statiques.Ailleurs",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _EN_TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = CONFIGURATION.recus
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"sortie": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["sortie"], "level": "WARNING"},
    "loggers": {
        "pupitre": {"level": "INFO"},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
