"""Many councils of one installation: one is made by the real path, the others are copies of it, row by row.

A copy has its own keys, its own accounts and its own store, sealed, compacted and published by the engine. What has no
council (communes, départements) is shared. Letters and personal links are not copied: they are written by what is
measured.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from benchmarks import _service

PAS = 1_000_000  # between the keys of one council and those of the next
FAITS = 600
_SANS = frozenset({"acces.lienacte", "acces.jetonapi", "socle.courriel"})
# Reached from a row of the council towards them, unlike all else which points at it.
_VERS = frozenset({"acces.utilisateur", "acces.organisation"})


def premier(dossier: Path, jour: date, part: int = 20):
    """Ten years of life, `part` times less busy than the busiest; a year of dated facts; a partner that is late."""
    from tests.conseils import fabrique_dix_ans
    from tests.fabriques import construire, utilisateur
    from tests.observatoire.fabrique import organisation

    from pupitre.acces.droits import Role
    from pupitre.territoires.models import Conseil

    dossier.mkdir(parents=True, exist_ok=True)
    conseil = construire(dossier).conseil
    for role in (Role.COORDINATEUR, Role.ASSISTANT, Role.PRESIDENT, Role.MAIRE_MEMBRE):
        utilisateur(role, conseil, email=f"{role}@exemple.fr")
    fabrique_dix_ans.vivre(conseil, [organisation(conseil), organisation(conseil, "STRAV")], part=part)
    _main_courante(conseil, dossier, jour)
    _en_retard(conseil, dossier, jour)
    return Conseil.objects.get(pk=conseil.pk)


def _main_courante(conseil, dossier: Path, jour: date) -> None:
    """Dated facts with their points, some of which repeat near and soon."""
    from tests.observatoire import fabrique

    from pupitre.moteur.sources import Description, Role
    from pupitre.observatoire.collecte import services

    description = Description(
        format="faits",
        roles={"Date": Role.DATE, "Longitude": Role.LON, "Latitude": Role.LAT},
        nature_fixe="inc:occupation_hall",
    )
    source = fabrique.source(
        conseil, code="main-courante", nom="Main courante", format="faits", description=description.to_dict()
    )
    lignes = _service.faits(FAITS, graine=1, jour=jour)
    lignes += [f"{jour - timedelta(days=n):%d/%m/%Y};2.450000;48.780000" for n in range(2, 8)]
    chemin = dossier / "main-courante.csv"
    chemin.write_text("\n".join(lignes), encoding="utf-8")
    services.importer(source=source, fichier=chemin, publier=True)


def _en_retard(conseil, dossier: Path, jour: date) -> None:
    """A partner that sent three months, then nothing for two."""
    from tests.observatoire import fabrique

    from pupitre.moteur.mesures import Pas, suivante
    from pupitre.observatoire.collecte import services

    mois = [suivante(jour.replace(day=1), Pas.MOIS, -n) for n in (6, 5, 4)]
    source = fabrique.source(conseil, code="retard", nom="Troubles de jouissance")
    chemin = dossier / "retard.csv"
    chemin.write_bytes(fabrique.comptages({f"{m:%Y-%m}": fabrique.partout(3) for m in mois}))
    services.importer(source=source, fichier=chemin, publier=True)


def copier(conseil, nombre: int, sans: frozenset[str] = frozenset()) -> list:
    """Until there are `nombre` councils like that one. Their slugs end with their rank.

    Args:
        sans: labels of models that are not copied either, with what hangs on them.
    """
    from django.core.management.color import no_style
    from django.db import connection, transaction

    rangees = _rangees(conseil, _SANS | sans)
    with transaction.atomic():
        with connection.constraint_checks_disabled(), connection.cursor() as curseur:
            for modele, cles in filter(lambda r: r[1], rangees.items()):
                _copier_table(curseur, modele, cles, rangees, nombre)
        with connection.cursor() as curseur:
            for remise in connection.ops.sequence_reset_sql(no_style(), list(rangees)):
                curseur.execute(remise)
    from pupitre.territoires.models import Conseil

    autres = list(Conseil.objects.filter(slug__startswith=f"{conseil.slug}-").order_by("pk"))
    for autre in autres:
        _publier(autre)
    return [conseil, *autres]


def _rangees(conseil, sans: frozenset[str]) -> dict:
    """Model → keys of what hangs on that council, however far."""
    from django.apps import apps

    modeles = [
        m
        for m in apps.get_models(include_auto_created=True)
        if m.__module__.startswith("pupitre.") and m._meta.label_lower not in sans and not m._meta.proxy
    ]
    # nothing hangs on what is not copied
    modeles = [
        m
        for m in modeles
        if not any(c.related_model._meta.label_lower in sans and not c.null for c in _liens(m))
    ]
    trouvees = {type(conseil): {conseil.pk}}
    while True:
        avant = sum(map(len, trouvees.values()))
        for modele in modeles:
            for lien in _liens(modele):
                cible = lien.related_model
                if modele._meta.label_lower not in _VERS and cible in trouvees:
                    cles = modele._base_manager.filter(**{f"{lien.name}__in": trouvees[cible]})
                    trouvees.setdefault(modele, set()).update(cles.values_list("pk", flat=True))
                if cible._meta.label_lower in _VERS and modele in trouvees:
                    cles = modele._base_manager.filter(
                        pk__in=trouvees[modele], **{f"{lien.name}__isnull": False}
                    )
                    trouvees.setdefault(cible, set()).update(cles.values_list(lien.attname, flat=True))
        if sum(map(len, trouvees.values())) == avant:
            return trouvees


def _liens(modele) -> list:
    return [c for c in modele._meta.concrete_fields if c.is_relation and c.related_model is not None]


def _copier_table(curseur, modele, cles, rangees, nombre: int) -> None:
    from django.db import connection, models

    nommer = connection.ops.quote_name
    champs = modele._meta.concrete_fields
    colonnes = ", ".join(nommer(c.column) for c in champs)
    valeurs = ", ".join(_valeur(c, rangees, connection) for c in champs)
    cle = modele._meta.pk
    table = nommer(modele._meta.db_table)
    if isinstance(cle, models.UUIDField) and connection.vendor == "sqlite":
        liste = ", ".join(f"'{k.hex}'" for k in cles)
    else:
        liste = ", ".join(f"'{k}'" for k in cles)
    curseur.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {nombre - 1}) "
        f"INSERT INTO {table} ({colonnes}) SELECT {valeurs} FROM {table} AS t CROSS JOIN n "
        f"WHERE t.{nommer(cle.column)} IN ({liste})"
    )


def _valeur(champ, rangees, connexion) -> str:
    from django.db import models

    colonne = f"t.{connexion.ops.quote_name(champ.column)}"
    cible = champ
    while cible.is_relation:
        if cible.related_model not in rangees:
            return colonne
        cible = cible.target_field
        if not cible.is_relation:
            return _decale(cible, colonne, connexion)
    if champ.primary_key:
        return _decale(champ, colonne, connexion)
    if champ.unique and isinstance(champ, models.UUIDField):
        return _decale(champ, colonne, connexion)
    if champ.unique and isinstance(champ, models.CharField):
        rang = "CAST(n.i AS TEXT)"
        if isinstance(champ, models.EmailField):
            return f"{rang} || '.' || {colonne}"
        if isinstance(champ, models.SlugField):
            return f"{colonne} || '-' || {rang}"
        # a digest, whose length is that of the column
        return f"{_rang(connexion)} || substr({colonne}, 9)"
    return colonne


def _decale(cle, colonne: str, connexion) -> str:
    from django.db import models

    if isinstance(cle, models.UUIDField):
        if connexion.vendor == "sqlite":
            return f"{_rang(connexion)} || substr({colonne}, 9)"
        return f"({_rang(connexion)} || substr({colonne}::text, 9))::uuid"
    if isinstance(cle, models.IntegerField):
        return f"{colonne} + n.i * {PAS}"
    raise TypeError(f"clé d’un genre imprévu : {cle}")


def _rang(connexion) -> str:
    """Eight hexadecimal digits."""
    return "printf('%08x', n.i)" if connexion.vendor == "sqlite" else "lpad(to_hex(n.i), 8, '0')"


def _publier(conseil) -> None:
    """Its own sealed files, its own compacted ones, visible as any publication is."""
    import pyarrow.parquet as pq
    from django.db import transaction

    from pupitre.moteur.observations import SCHEMA_LECTURE
    from pupitre.observatoire.chiffres import catalogue
    from pupitre.observatoire.models import Catalogue, Livraison

    depot = catalogue.entrepot()
    Catalogue.objects.filter(conseil=conseil).update(manifeste="")
    etat = Catalogue.objects.get(conseil=conseil)
    livrees = Livraison.objects.filter(source__conseil=conseil).select_related("source__conseil")
    for livraison in livrees:
        if "scelle" not in livraison.lecture:
            continue
        lue = pq.read_table(depot.racine / livraison.lecture["scelle"]["chemin"]).select(SCHEMA_LECTURE.names)
        scelle = depot.sceller(lue.cast(SCHEMA_LECTURE), conseil.slug, livraison.source.code, livraison.cle)
        livraison.lecture["scelle"] = scelle.to_dict()
        livraison.save(update_fields=["lecture"])
    from pupitre.observatoire.etats import Etat

    publiees = list(livrees.avec_etat().filter(etat=Etat.PUBLIEE))
    vue, manifeste = catalogue.compacter(conseil, publiees)
    with transaction.atomic():
        catalogue.rendre_visible(conseil, vue, manifeste, publiees)
    assert etat.version == vue
