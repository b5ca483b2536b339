"""A file of contacts enters the directory: columns confirmed, likenesses shown, each line decided, all reversible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from pupitre.annuaire import fichiers, fonctions, fusions, services
from pupitre.annuaire.doublons import Connue, Registre, connues
from pupitre.annuaire.models import CarnetRecu, Fonction, Personne, Service
from pupitre.annuaire.selectors import du_conseil, organisations
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Conseil

NOUVELLE, ECARTER = "nouvelle", "ecarter"
_CIVILITES = {
    "mme": Personne.Civilite.MADAME, "madame": Personne.Civilite.MADAME, "mlle": Personne.Civilite.MADAME,
    "m": Personne.Civilite.MONSIEUR, "mr": Personne.Civilite.MONSIEUR, "monsieur": Personne.Civilite.MONSIEUR,
}  # fmt: skip
_CHAMPS = ("nom", "prenom", "email", "telephone", "telephone_prive", "adresse", "note")


class ImportRefuse(ErreurPupitre):
    """No column says the name, or the import is already settled."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line of the file as it would enter. `decision`: `nouvelle`, `ecarter`, or the card it completes."""

    rang: int
    valeurs: dict[str, str]
    semblables: tuple[tuple[Personne, str], ...]
    decision: str
    faute: str

    @property
    def nom(self) -> str:
        return f"{self.valeurs.get('prenom', '')} {self.valeurs.get('nom', '')}".strip()


@transaction.atomic
def recevoir(*, conseil: Conseil, chemin: Path, nom: str, auteur=None) -> CarnetRecu:
    """Raises FichierRefuse, CarteIllisible."""
    tableau = fichiers.lire(chemin, nom)
    return CarnetRecu.objects.create(
        conseil=conseil,
        auteur=auteur,
        nom=nom[:200],
        colonnes=tableau.colonnes,
        roles=tableau.roles,
        lignes=tableau.lignes,
        bilan={"colonnes_sures": tableau.sur},
    )


@transaction.atomic
def dire_les_colonnes(*, recu: CarnetRecu, roles: list[str]) -> None:
    """
    Raises:
        ImportRefuse: no name, or the same thing said by two columns.
    """
    _ouvert(recu)
    if "nom" not in roles and "nom_entier" not in roles:
        raise ImportRefuse(
            "Aucune colonne ne donne le nom.",
            "Une fiche sans nom ne se retrouve pas.",
            "Choisissez la colonne du nom, ou celle du prénom et du nom ensemble.",
        )
    deux_fois = [r for r, n in Counter(filter(None, roles)).items() if n > 1]
    if deux_fois:
        raise ImportRefuse(
            f"Deux colonnes donnent «\u202f{dict(fichiers.ROLES)[deux_fois[0]]}\u202f».",
            "Pupitre ne saurait pas laquelle garder.",
            "Choisissez « ne pas reprendre » pour l’une des deux.",
        )
    recu.roles = roles
    recu.decisions = {}
    recu.bilan = {**recu.bilan, "colonnes_sures": True}
    recu.save(update_fields=["roles", "decisions", "bilan"])


def _ouvert(recu: CarnetRecu) -> None:
    if recu.regle_le is not None:
        raise ImportRefuse(
            "Ce fichier est déjà entré dans l’annuaire.",
            "Ses lignes ont été effacées après l’import.",
            "Déposez-le de nouveau s’il a changé.",
        )


def lignes(recu: CarnetRecu) -> list[Ligne]:
    """Every line with the cards it resembles. A same address is completed, anything else enters, by default."""
    registre = Registre(connues(recu.conseil))
    par_nom = {cle_de_recherche(o.nom): o.pk for o in organisations(recu.conseil)}
    vues = [_valeurs(recu.roles, brute) for brute in recu.lignes]
    trouvees = [registre.ressemblantes(_comparable(v, par_nom)) for v in vues]
    fiches = du_conseil(recu.conseil).in_bulk({c.pk for t in trouvees for c, _ in t})
    lues = []
    for rang, (valeurs, trouvee) in enumerate(zip(vues, trouvees, strict=True)):
        semblables = tuple((fiches[c.pk], raison) for c, raison in trouvee[:4] if c.pk in fiches)
        faute = "" if valeurs["nom"] else "cette ligne n’a pas de nom"
        d_office = str(semblables[0][0].pk) if semblables and semblables[0][1] != "noms proches" else NOUVELLE
        decision = ECARTER if faute else recu.decisions.get(str(rang), d_office)
        lues.append(Ligne(rang, valeurs, semblables, decision, faute))
    return lues


def _comparable(valeurs: dict[str, str], par_nom: dict[str, int]) -> Connue:
    organisation = par_nom.get(cle_de_recherche(valeurs.get("organisation", "")))
    return Connue(
        0,
        cle_de_recherche(f"{valeurs['nom']} {valeurs.get('prenom', '')}"),
        valeurs.get("email", "").lower(),
        frozenset({organisation} if organisation else ()),
    )


def _valeurs(roles: list[str], brute: list[str]) -> dict[str, str]:
    valeurs = {role: v.strip() for role, v in zip(roles, brute, strict=False) if role}
    entier = valeurs.pop("nom_entier", "")
    if entier and not valeurs.get("nom"):
        valeurs["prenom"], valeurs["nom"] = _couper(entier)
    valeurs.setdefault("nom", "")
    return valeurs


def _couper(entier: str) -> tuple[str, str]:
    """ "DUPONT Jean" and "Jean Dupont": what is in capitals is the name."""
    mots = entier.split()
    if mots and _CIVILITES.get(cle_de_recherche(mots[0])):
        mots = mots[1:]
    capitales = [m for m in mots if len(m) > 1 and m.isupper()]
    if capitales and len(capitales) < len(mots):
        return " ".join(m for m in mots if m not in capitales), " ".join(capitales)
    return " ".join(mots[:1]) if len(mots) > 1 else "", " ".join(mots[1:] or mots)


@transaction.atomic
def decider(*, recu: CarnetRecu, decisions: dict[int, str]) -> None:
    """Keep what has been decided so far. What is neither of the offered answers is ignored."""
    _ouvert(recu)
    offertes = {
        li.rang: {NOUVELLE, ECARTER, *(str(p.pk) for p, _ in li.semblables)}
        for li in lignes(recu)
        if not li.faute
    }
    for rang, decision in decisions.items():
        if decision in offertes.get(rang, ()):
            recu.decisions[str(rang)] = decision
    recu.save(update_fields=["decisions"])


@transaction.atomic
def importer(*, recu: CarnetRecu, auteur=None) -> dict[str, int]:
    """Cards made; those that complete another are merged into it, which can be undone. The lines are erased.

    Returns:
        How many cards are new, completed, left aside.
    """
    recu = CarnetRecu.objects.select_for_update(of=("self",)).get(pk=recu.pk)
    _ouvert(recu)
    bilan, fautes = Counter({"nouvelles": 0, "completees": 0, "ecartees": 0}), []
    for ligne in lignes(recu):
        if ligne.decision == ECARTER:
            bilan["ecartees"] += 1
            continue
        try:
            with transaction.atomic():
                _entrer(recu.conseil, ligne, auteur)
        except ValidationError as erreur:
            fautes.append(f"Ligne {ligne.rang + 2}\u202f: {' '.join(erreur.messages)}")
            bilan["ecartees"] += 1
        else:
            bilan["nouvelles" if ligne.decision == NOUVELLE else "completees"] += 1
    recu.lignes, recu.decisions = [], {}
    recu.bilan = {**bilan, "fautes": fautes}
    recu.regle_le = horloge.maintenant()
    recu.save()
    return dict(bilan)


def _entrer(conseil: Conseil, ligne: Ligne, auteur) -> Personne:
    v = ligne.valeurs
    personne = services.enregistrer(
        personne=Personne(
            conseil=conseil,
            civilite=_CIVILITES.get(cle_de_recherche(v.get("civilite", "")), ""),
            **{c: v.get(c, "") for c in _CHAMPS},
        )
    )
    completee = None if ligne.decision == NOUVELLE else du_conseil(conseil).get(pk=int(ligne.decision))
    for mot in v.get("etiquettes", "").split(","):
        if mot.strip():
            services.etiqueter(conseil=conseil, personnes=[personne.pk], nom=mot)
    if v.get("organisation"):
        _prendre_fonction(conseil, personne, completee, v)
    if completee is not None:
        fusions.fusionner(gardee=completee, absorbee=personne, auteur=auteur)
    return personne


def _prendre_fonction(conseil: Conseil, personne: Personne, completee: Personne | None, v: dict) -> None:
    organisation = services.trouver_ou_creer_organisation(conseil=conseil, nom=v["organisation"][:160])
    intitule = v.get("fonction") or "fonction non précisée"
    if completee is not None:
        tenues = completee.fonctions.as_of(horloge.aujourdhui()).filter(organisation=organisation)
        cles = {cle_de_recherche(f.intitule) for f in tenues}
        if cle_de_recherche(intitule) in cles or (cles and not v.get("fonction")):
            return
    service = None
    if v.get("service"):
        service, _ = Service.objects.get_or_create(organisation=organisation, nom=v["service"][:160])
    fonctions.enregistrer(
        fonction=Fonction(
            conseil=conseil,
            personne=personne,
            organisation=organisation,
            service=service,
            intitule=intitule,
        )
    )


@transaction.atomic
def abandonner(*, recu: CarnetRecu) -> None:
    """Nothing enters; the lines are erased at once."""
    _ouvert(recu)
    recu.delete()
