"""Settings of the tests: the same module, in test mode."""

import os
import tempfile

os.environ["PUPITRE_MODE"] = "test"
os.environ.setdefault("PUPITRE_DONNEES", tempfile.mkdtemp(prefix="pupitre-tests-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from pupitre.projet.settings import *  # noqa: F403
from pupitre.projet.settings import STATIC_ROOT

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
