"""Why a finding matters and what to do about it, by code: shown under every anomaly."""

from __future__ import annotations

from typing import NamedTuple

from pupitre.socle.texte import typographier


class Explication(NamedTuple):
    titre: str
    pourquoi: str
    que_faire: str


CORRIGER = "Demandez au partenaire un fichier corrigé et déposez-le\u202f: celui-ci reste tel que reçu."
COLONNES = "Ouvrez «\u202fCorriger la lecture des colonnes\u202f»."
RIEN = "Rien à faire, sauf si ce n’est pas ce que vous attendiez."
REPONDRE = "Répondez dans «\u202fÀ reconnaître\u202f»\u202f: la réponse vaudra pour les prochains fichiers."

_TEXTES: dict[str, tuple[str, str, str]] = {
    # numbers
    "erreur_tableur": ("Erreur de tableur", "Une formule cassée n’est pas un nombre de faits.", CORRIGER),
    "decimal": ("Nombre à virgule", "Des faits se comptent en unités entières.", CORRIGER),
    "negatif": ("Nombre négatif", "Un nombre de faits ne peut pas l’être.", CORRIGER),
    "trop_grand": ("Nombre démesuré", "C’est sans doute un code ou un numéro.", COLONNES),
    "pas_un_nombre": ("Texte à la place d’un nombre", "La case ne peut pas être comptée.", CORRIGER),
    "fraction": (
        "Fraction de poste",
        "Un mi-temps n’est ni zéro ni un agent entier.",
        "Rien\u202f: la case reste «\u202fn.\u202fd.\u202f». Demandez les effectifs entiers si vous en avez besoin.",
    ),
    "renvoi_de_note": (
        "Renvoi de note",
        "La note peut dire que ce nombre est partagé, provisoire ou hors total.",
        "Lisez la note dans le fichier du partenaire.",
    ),
    "valeur_absente": ("Valeur absente", "Une case vide n’est pas un zéro.", CORRIGER),
    "valeur_invraisemblable": (
        "Valeur invraisemblable",
        "Aucun territoire local n’atteint ce nombre.",
        COLONNES,
    ),
    "unite_changee": (
        "Unité de compte changée",
        "Des victimes et des infractions ne s’additionnent pas.",
        "Vérifiez auprès du producteur, puis l’unité dite dans la lecture des colonnes.",
    ),
    # totals, rows
    "total_faux": (
        "Total qui ne concorde pas",
        "Une ligne manque, est comptée deux fois, ou le total du partenaire est faux.",
        "Comparez avec le fichier\u202f; dites-le au partenaire. Les totaux ne sont jamais comptés.",
    ),
    "total_ecarte": ("Total vérifié", "Un total additionné aux lignes compterait deux fois.", RIEN),
    "ligne_ecartee": (
        "Texte hors du tableau",
        "Une date d’édition ou une signature n’est pas un fait.",
        RIEN,
    ),
    "doublon": (
        "Même nombre deux fois",
        "Les deux lignes portent sur la même nature, la même période et le même lieu.",
        CORRIGER,
    ),
    "ligne_mal_coupee": (
        "Ligne mal coupée",
        "Un séparateur de trop décale toutes les cases suivantes.",
        CORRIGER,
    ),
    "cellules_fusionnees": (
        "Cellules fusionnées",
        "Une valeur écrite une fois vaut pour les lignes vides du dessous.",
        "Vérifiez sur le début du fichier que le report est juste.",
    ),
    "valeurs_reportees": ("Valeur écrite une fois et reportée", "Elle vaut jusqu’à la suivante.", RIEN),
    # columns
    "description_proposee": (
        "Première lecture, devinée",
        "Personne n’a encore dit ce que veut dire chaque colonne de cette source.",
        "Regardez le début du fichier ci-dessous. Si tout est juste, publiez\u202f: la lecture sera retenue. Sinon, "
        "corrigez la lecture des colonnes.",
    ),
    "colonnes_changees": (
        "Le tableau du partenaire a changé",
        "Le gabarit retenu ne convient plus\u202f: une lecture devinée pourrait prendre une colonne pour une autre.",
        "Ouvrez «\u202fVérifier la lecture proposée\u202f» et confirmez ou corrigez.",
    ),
    "colonnes_renommees": (
        "Colonnes renommées",
        "Leur titre et leur contenu ressemblent assez aux anciens pour être suivis.",
        "Vérifiez d’un regard, puis publiez.",
    ),
    "colonnes_nouvelles": (
        "Colonnes nouvelles",
        "Une colonne dont personne n’a dit le rôle n’entre jamais dans Pupitre.",
        "Si l’une d’elles est utile, donnez-lui un rôle dans la lecture des colonnes.",
    ),
    "colonne_ignoree": ("Colonne laissée de côté", "Elle répète ou résume les autres.", RIEN),
    "entete_repete": ("Deux colonnes du même nom", "On ne sait pas laquelle est la bonne.", COLONNES),
    "entete_vide": ("Colonne sans titre", "On ne sait pas ce qu’elle compte.", COLONNES),
    "nom_repete": ("Nom répété", "Deux colonnes ou deux lieux portent le même nom.", CORRIGER),
    "titres_deplaces": (
        "Titres à une autre ligne",
        "Le partenaire a ajouté ou retiré des lignes au-dessus.",
        RIEN,
    ),
    "feuille_renommee": ("Feuille renommée", "Son nom ne diffère que par ses chiffres.", RIEN),
    "feuille_ignoree": ("Feuille laissée de côté", "Elle ne ressemble pas à un tableau de ce format.", RIEN),
    "aucun_nombre": ("Aucune colonne de nombres", "Sans nombre, il n’y a rien à compter.", COLONNES),
    "donnees_personnelles": (
        "Données de personnes",
        "L’observatoire ne garde aucun nom\u202f: la colonne n’est pas lue.",
        "Demandez au partenaire de ne plus l’envoyer, et rejetez ce fichier si la convention l’interdit.",
    ),
    # periods
    "periode_illisible": ("Période illisible", "Sans période, un nombre ne peut pas être placé.", COLONNES),
    "periode_absente": ("Période absente", "Sans période, un nombre ne peut pas être placé.", CORRIGER),
    "periode_trouvee": ("Période trouvée autour du tableau", "Aucune colonne ne la dit.", RIEN),
    "periode_incoherente": (
        "Deux périodes différentes",
        "Le fichier et sa description se contredisent.",
        COLONNES,
    ),
    "periodes_melees": ("Périodes mêlées", "Des mois et des années ne s’additionnent pas.", COLONNES),
    "periode_inachevee": (
        "Période en cours",
        "Le nombre va encore augmenter\u202f: le comparer à un mois entier tromperait.",
        "Attendez la fin de la période, ou publiez en sachant qu’un fichier complet corrigera celui-ci.",
    ),
    "annee_illisible": ("Année illisible", "La colonne ne peut pas être placée dans le temps.", CORRIGER),
    "annee_incoherente": (
        "Deux années différentes",
        "Le fichier et sa description se contredisent.",
        COLONNES,
    ),
    "date_illisible": ("Date illisible", "Un fait sans date ne peut pas être compté dans un mois.", CORRIGER),
    "date_absente": ("Date absente", "Un fait sans date ne peut pas être compté dans un mois.", CORRIGER),
    "dates_a_venir": (
        "Dates à venir",
        "Un fait ne peut pas être constaté demain\u202f: le jour et le mois sont peut-être inversés.",
        CORRIGER,
    ),
    "heure_illisible": ("Heure illisible", "Le fait compte, sans son heure.", RIEN),
    "gravite_illisible": ("Gravité illisible", "Le fait compte, sans sa gravité.", RIEN),
    "suite_inconnue": ("Suite inconnue", "Le fait compte, sans ce qui en a été fait.", RIEN),
    "mois_manquants": (
        "Mois manquants",
        "Un mois absent n’est pas un mois à zéro\u202f: les totaux l’attendraient sans le dire.",
        "Demandez ces mois au partenaire. Vous pouvez publier les autres.",
    ),
    # places
    "commune_inconnue": ("Commune inconnue", "Le nombre ne peut être rattaché à aucune commune.", REPONDRE),
    "communes_a_reconnaitre": (
        "Communes non reconnues",
        "Le nom est ancien, abrégé, ou désigne plusieurs communes à la fois.",
        REPONDRE,
    ),
    "communes_a_regler": (
        "Communes à reconnaître",
        "Ces noms peuvent être ceux de communes du conseil\u202f: leurs chiffres manqueraient.",
        REPONDRE,
    ),
    "communes_absentes": (
        "Communes absentes",
        "Le partenaire n’y intervient pas, ou a oublié une partie de son tableau.",
        "Si le partenaire y intervient, demandez-lui un fichier complet.",
    ),
    "communes_hors_conseil": (
        "Communes d’ailleurs",
        "Le fichier couvre d’autres communes que celles du conseil.",
        "Vérifiez que ce n’est pas le fichier d’un autre conseil.",
    ),
    "lieux_manquants": (
        "Lieux manquants",
        "Un lieu qui se tait n’est pas un lieu à zéro.",
        "Demandez au partenaire s’il n’y a rien eu, ou s’il manque une ligne.",
    ),
    "secteurs_inconnus": (
        "Secteurs inconnus",
        "Ces faits comptent pour la commune, pas pour un secteur.",
        REPONDRE,
    ),
    "secteur_autre_que_l_adresse": (
        "Secteur et adresse en désaccord",
        "L’un des deux est faux.",
        "Vérifiez le découpage\u202f; c’est le secteur écrit qui compte.",
    ),
    "sans_decoupage": (
        "Pas de découpage",
        "Le fichier nomme des secteurs que le conseil n’a pas dessinés.",
        "Importez un découpage, puis relisez ce fichier.",
    ),
    "zero_perdu": ("Zéro perdu par le tableur", "«\u202f1004\u202f» est lu «\u202f01004\u202f».", RIEN),
    "coordonnees_invalides": (
        "Coordonnées invalides",
        "Ni degrés, ni Lambert-93\u202f: le fait compte, sans son point.",
        "Demandez au partenaire dans quel système sont ses coordonnées.",
    ),
    "hors_territoires_retenus": ("Autres territoires", "Cette source ne porte que sur le conseil.", RIEN),
    "territoires_a_choisir": (
        "Territoires à choisir",
        "Sans choix, tout le fichier serait publié, au-delà du conseil.",
        "Cochez ci-dessous les services qui vous concernent.",
    ),
    "rien_a_publier": (
        "Rien sur le conseil",
        "Aucune ligne du fichier ne porte sur ses territoires.",
        "Vérifiez que c’est le bon fichier, ou choisissez les territoires.",
    ),
    "adresses_a_regler": (
        "Adresses douteuses",
        "Deux lieux possibles\u202f: en deviner un fausserait la carte.",
        "Réglez-les d’un clic chacune\u202f; publier sans attendre les laisse sans lieu.",
    ),
    "adresses_hors_du_conseil": ("Adresses hors du conseil", "Vous les avez dites hors du conseil.", RIEN),
    "adresses_sans_ban": (
        "Adresses sans référence",
        "Aucun extrait de la base adresse n’est importé pour ces communes.",
        "Importez celui de la commune, puis relisez ce fichier.",
    ),
    # natures
    "nature_inconnue": (
        "Nature inconnue",
        "Le nombre ne peut être rangé sous aucune nature de faits.",
        REPONDRE,
    ),
    "nature_absente": ("Nature absente", "On ne sait pas ce qui est compté.", COLONNES),
    "index_inconnu": ("Index inconnu", "L’état 4001 va de 1 à 107.", CORRIGER),
    "index_absent": ("Index absents", "Un index absent n’est pas un index à zéro.", CORRIGER),
    "index_inutilise": ("Index inutilisé", "Le ministère n’utilise pas cet index.", CORRIGER),
    "libelle_inattendu": (
        "Libellé d’un autre index",
        "Des lignes ont peut-être été décalées.",
        "Comparez avec le tableau d’origine du partenaire.",
    ),
    # plausibility
    "valeurs_inattendues": (
        "Nombre inattendu",
        "Il sort de l’intervalle que le passé de la même série annonçait, même en tenant compte du nombre de "
        "séries regardées. Une fois sur vingt au plus, c’est le hasard.",
        "Demandez au partenaire s’il confirme\u202f: une opération, un changement de saisie, un oubli\u202f? Si le "
        "nombre est juste, publiez\u202f: c’est un fait à commenter.",
    ),
    "anomalies_en_trop": (
        "D’autres anomalies",
        "Le fichier en contient plus que ce qui peut être montré.",
        "Corrigez d’abord celles qui se répètent.",
    ),
}
_AUTRE = Explication("Constat", "", "Vérifiez à cet endroit du fichier.")


def explication(code: str) -> Explication:
    textes = _TEXTES.get(code)
    return Explication(*map(typographier, textes)) if textes else _AUTRE


CODES = frozenset(_TEXTES)
