"""The attack test: somebody who keeps all that Pupitre shows tries to recover what it withholds.

`parcours` collects, as a reader, through the real pages; `documents` reads what was collected; `constats` turns it
into equations on elementary counts; `systeme` solves them; `cibles` knows the truth, to say what was recovered.
`python -m outils.attaque --donnees DOSSIER` runs it on an installation; `tests/attaque` on the demonstration and
on tables drawn at random. See docs/secret.md.
"""
