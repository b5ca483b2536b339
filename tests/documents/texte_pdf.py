"""Words of a PDF page by page, from the fonts' own ToUnicode maps: no system tool needed."""

import io
import re

import pikepdf


def _table(police):
    brut = police.ToUnicode.read_bytes().decode("latin-1")
    table = {}

    def lettres(h):
        return bytes.fromhex(h).decode("utf-16-be")

    for bloc in re.findall(r"beginbfchar(.*?)endbfchar", brut, re.S):
        for a, b in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", bloc):
            table[int(a, 16)] = lettres(b)
    for bloc in re.findall(r"beginbfrange(.*?)endbfrange", brut, re.S):
        for a, b, c in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", bloc):
            for i in range(int(a, 16), int(b, 16) + 1):
                table[i] = chr(int(c, 16) + i - int(a, 16))
    return table


def texte(octets):
    """One string per page: each text object on its own line, with the typography kept."""
    pages = []
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        for page in pdf.pages:
            polices = {n: _table(p) for n, p in page.get("/Resources", {}).get("/Font", {}).items()}
            morceaux, table = [], {}
            for operandes, operateur in pikepdf.parse_content_stream(page):
                if str(operateur) == "Tf":
                    table = polices[str(operandes[0])]
                elif str(operateur) in ("Tj", "TJ"):
                    liste = operandes[0] if str(operateur) == "TJ" else [operandes[0]]
                    for o in liste:
                        if isinstance(o, pikepdf.String):
                            b = bytes(o)
                            morceaux.append(
                                "".join(table.get(b[i] * 256 + b[i + 1], "?") for i in range(0, len(b), 2))
                            )
                elif str(operateur) == "ET":
                    morceaux.append("\n")
            pages.append("".join(morceaux))
    return pages
