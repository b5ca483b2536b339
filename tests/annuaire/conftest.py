from tests.observatoire.conftest import autre, conseil, dossiers

__all__ = ["autre", "conseil", "dossiers"]
