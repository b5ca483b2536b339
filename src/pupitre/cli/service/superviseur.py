"""One foreground process that keeps its children alive, and ends them with itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import nombre

_TOUR = 0.1
_REPRISE_MAX = 60.0
_STABLE_APRES = 60.0


class DemarrageManque(ErreurPupitre):
    """A child ended, or the site stayed silent, before the service was ready."""


@dataclass(slots=True)
class Enfant:
    nom: str
    commande: Sequence[str]
    descripteurs: tuple[int, ...] = ()
    processus: subprocess.Popen[bytes] | None = None
    lance_a: float = 0.0
    reprise_a: float = 0.0
    chutes: int = 0

    def lancer(self, environ: Mapping[str, str]) -> None:
        self.lance_a = time.monotonic()
        self.processus = subprocess.Popen(
            self.commande,
            env={**environ, "PUPITRE_SUPERVISEUR": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            pass_fds=self.descripteurs,
            # Its own group: Ctrl+C reaches the supervisor alone, which ends its children in order.
            process_group=0,
        )

    @property
    def vivant(self) -> bool:
        return self.processus is not None and self.processus.poll() is None

    def signaler(self, numero: int) -> None:
        if self.vivant:
            self.processus.send_signal(numero)


class Superviseur:
    """Starts the children, says once that the service is ready, restarts who falls, stops on SIGTERM/SIGINT."""

    def __init__(
        self,
        enfants: Sequence[Enfant],
        *,
        pret: Callable[[], bool],
        annoncer: Callable[[], None],
        patience: float = 120.0,
        delai_arret: float = 30.0,
    ) -> None:
        self.enfants = list(enfants)
        self.pret = pret
        self.annoncer = annoncer
        self.patience = patience
        self.delai_arret = delai_arret
        self._arret = False

    def conduire(self) -> None:
        """Until a signal asks to stop.

        Raises:
            DemarrageManque: not ready in time, or a child that fell before.
        """
        anciens = {s: signal.signal(s, self._demander_arret) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            for enfant in self.enfants:
                enfant.lancer(os.environ)
            self._attendre_pret()
            while not self._arret:
                self._relever()
                time.sleep(_TOUR)
        finally:
            self._arreter()
            for numero, ancien in anciens.items():
                signal.signal(numero, ancien)

    def _demander_arret(self, *_: object) -> None:
        self._arret = True

    def _attendre_pret(self) -> None:
        limite = time.monotonic() + self.patience
        while not self._arret:
            for enfant in self.enfants:
                if not enfant.vivant:
                    raise DemarrageManque(
                        "Pupitre n’a pas démarré.",
                        f"Le processus «\u202f{enfant.nom}\u202f» s’est arrêté\u202f: son message est plus haut.",
                        "Corrigez ce qu’il dit et relancez «\u202fpupitre servir\u202f».",
                    )
            if self.pret():
                self.annoncer()
                return
            if time.monotonic() > limite:
                raise DemarrageManque(
                    "Pupitre n’a pas démarré.",
                    f"Le site n’a pas répondu en {self.patience:.0f} secondes.",
                    "Lisez les messages plus haut, puis relancez «\u202fpupitre servir\u202f».",
                )
            time.sleep(_TOUR)

    def _relever(self) -> None:
        maintenant = time.monotonic()
        for enfant in self.enfants:
            if enfant.vivant:
                continue
            if enfant.processus is not None:
                stable = maintenant - enfant.lance_a > _STABLE_APRES
                enfant.chutes = 1 if stable else enfant.chutes + 1
                attente = min(_REPRISE_MAX, 0.5 * 2 ** (enfant.chutes - 1))
                enfant.reprise_a = maintenant + attente
                print(
                    f"Le processus «\u202f{enfant.nom}\u202f» s’est arrêté (code "
                    f"{enfant.processus.returncode})\u202f: reprise dans {nombre(attente, 1)} s.",
                    file=sys.stderr,
                    flush=True,
                )
                enfant.processus = None
            elif maintenant >= enfant.reprise_a:
                enfant.lancer(os.environ)

    def _arreter(self) -> None:
        for enfant in self.enfants:
            enfant.signaler(signal.SIGTERM)
        limite = time.monotonic() + self.delai_arret
        for enfant in self.enfants:
            if enfant.processus is None:
                continue
            try:
                enfant.processus.wait(timeout=max(0.0, limite - time.monotonic()))
            except subprocess.TimeoutExpired:
                enfant.processus.kill()
                enfant.processus.wait()
