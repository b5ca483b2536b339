"""Static files that live elsewhere: the typeface in its package, the charts' style sheet with the charts.

Named one by one, so that nothing else of those folders is served, and under names without brackets, which
browsers and servers do not encode alike.
"""

from __future__ import annotations

from importlib.resources import files

import fontpkg_source_sans_3
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

AILLEURS = {
    "police/source-sans-3.ttf": str(fontpkg_source_sans_3.ROOT / "files" / "SourceSans3[wght].ttf"),
    "graphiques/graphiques.css": str(files("pupitre.documents.graphiques") / "graphiques.css"),
}


class _Depot(FileSystemStorage):
    def path(self, name):
        return AILLEURS[name]


class Ailleurs(BaseFinder):
    def check(self, **kwargs) -> list:
        return []

    def find(self, path, find_all=False):
        trouve = AILLEURS.get(path)
        if trouve is None:
            return []
        return [trouve] if find_all else trouve

    def list(self, ignore_patterns):
        for nom in AILLEURS:
            yield nom, _Depot()
