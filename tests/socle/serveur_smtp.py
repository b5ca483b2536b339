"""A mail server on loopback: it keeps what it receives, and refuses whoever it is told to refuse."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Recus:
    """
    Attributes:
        enveloppes: sender, recipients, message as it came on the wire.
        sessions: how many times somebody called.
        par_session: letters after which it hangs up; 0 for never.
    """

    port: int
    refuses: frozenset[str] = frozenset()
    par_session: int = 0
    sessions: int = 0
    enveloppes: list[tuple[str, list[str], bytes]] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        recus: Recus = self.server.recus
        de, vers, lettres = "", [], 0
        recus.sessions += 1
        self._dire("220 essai")
        while ligne := self.rfile.readline():
            mot = ligne.decode("ascii").strip()
            verbe = mot.split(" ")[0].upper()
            if verbe == "EHLO":
                self._dire("250 essai")
            elif mot.upper().startswith("MAIL FROM:"):
                if recus.par_session and lettres == recus.par_session:
                    self._dire("421 assez pour cette fois")
                    return
                lettres += 1
                de, vers = mot[10:].strip(" <>").split(">")[0], []
                self._dire("250 bien")
            elif mot.upper().startswith("RCPT TO:"):
                adresse = mot[8:].strip(" <>")
                if adresse in recus.refuses:
                    self._dire("550 5.1.1 inconnu")
                else:
                    vers.append(adresse)
                    self._dire("250 bien")
            elif verbe == "DATA":
                self._dire("354 allez")
                lignes = []
                while (suite := self.rfile.readline()) != b".\r\n":
                    lignes.append(suite[1:] if suite.startswith(b"..") else suite)
                recus.enveloppes.append((de, vers, b"".join(lignes)))
                self._dire("250 gardé".encode("ascii", "ignore").decode())
            elif verbe == "QUIT":
                self._dire("221 adieu")
                return
            else:
                self._dire("250 bien")

    def _dire(self, mots: str) -> None:
        self.wfile.write(f"{mots}\r\n".encode("ascii"))


@contextmanager
def serveur(refuses: frozenset[str] = frozenset()) -> Iterator[Recus]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as ecoute:
        ecoute.recus = Recus(ecoute.server_address[1], refuses)
        fil = threading.Thread(target=ecoute.serve_forever, kwargs={"poll_interval": 0.05})
        fil.start()
        try:
            yield ecoute.recus
        finally:
            ecoute.shutdown()
            fil.join()
