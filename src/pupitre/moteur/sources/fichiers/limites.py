"""What a partner's file may weigh. Refused before it is read, so that the process stays under 2 GB."""

from __future__ import annotations

MEBIOCTET = 1024 * 1024
# What is read of a file at once.
MORCEAU = MEBIOCTET

# The national communal base of the SSMSI is ~40 MB in csv.gz and ~550 MB once unpacked.
TAILLE_MAX = 600 * MEBIOCTET
# A spreadsheet is held whole in memory, a flat file is streamed: their limits differ.
TAILLE_MAX_CLASSEUR = 100 * MEBIOCTET
TAILLE_MAX_TEXTE = 200 * MEBIOCTET
TAILLE_MAX_DECOMPRESSE = 400 * MEBIOCTET
TAILLE_MAX_ODS = 120 * MEBIOCTET
TAILLE_MAX_GZ = 1024 * MEBIOCTET
CELLULES_MAX = 6_000_000
# A reader allocates the whole rectangle from A1 to the last cell, even when it is empty.
RECTANGLE_MAX = 12_000_000
# A flat file is read by lots of rows: what it costs is its own text, a second time.
CELLULES_MAX_TEXTE = 24_000_000
RECTANGLE_MAX_TEXTE = 36_000_000
# Longest shared text × number of cells: an upper bound of what a sheet holds once its texts are repeated.
TEXTES_MAX = 8192 * MEBIOCTET
OBSERVATIONS_MAX = 6_000_000
ANOMALIES_MAX = 1000
EXTRAIT_LIGNES = 12
EXTRAIT_COLONNES = 12
