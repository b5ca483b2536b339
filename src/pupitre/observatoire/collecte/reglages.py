"""What decides how the files of a source are read, in a few characters."""

from __future__ import annotations

import hashlib
import json

from pupitre.observatoire.collecte import adresses
from pupitre.observatoire.models import Source


def reglages(source: Source) -> str:
    """Digest of what decides how the files of a source are read."""
    reglages_ = [source.format, source.description, source.territoires, *adresses.reglages(source)]
    return hashlib.sha256(json.dumps(reglages_, sort_keys=True).encode()).hexdigest()[:16]
