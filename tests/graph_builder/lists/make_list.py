"""Writes a list of 300 digital firms in the layout of the annuaire-entreprises export. EVERY ORGANISATION AND NUMBER IN IT IS INVENTED.

    python tests/graph_builder/lists/make_list.py list.csv

The layout is the one of Sirene's establishments (INSEE), of which annuaire-entreprises.data.gouv.fr gives a CSV of up to 200,000 rows.
Names are drawn from lists of syllables; SIREN and SIRET numbers have a right check digit and begin with 0000. Same seed, same file.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Sequence
from pathlib import Path

SEED = 20_261_124
COLUMNS = (
    "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement,anneeEffectifsEtablissement,"
    "dateDernierTraitementEtablissement,etablissementSiege,etatAdministratifUniteLegale,statutDiffusionUniteLegale,dateCreationUniteLegale,"
    "categorieJuridiqueUniteLegale,denominationUniteLegale,sigleUniteLegale,denominationUsuelle1UniteLegale,sexeUniteLegale,nomUniteLegale,"
    "nomUsageUniteLegale,prenom1UniteLegale,prenomUsuelUniteLegale,pseudonymeUniteLegale,activitePrincipaleUniteLegale,"
    "nomenclatureActivitePrincipaleUniteLegale,economieSocialeSolidaireUniteLegale,categorieEntreprise,complementAdresseEtablissement,"
    "numeroVoieEtablissement,typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,"
    "codeCommuneEtablissement,etatAdministratifEtablissement,enseigne1Etablissement,activitePrincipaleEtablissement,caractereEmployeurEtablissement"
).split(",")

COUNTS = {
    "company": 186,
    "closed": 12,
    "two_sites": 10,
    "repeated": 4,
    "wrong_siren": 6,
    "person_code": 24,
    "person_unnamed": 6,
    "person_name": 5,
    "person_ei": 5,
    "partial": 12,
    "other_activity": 10,
    "elsewhere": 10,
}
"""Companies and persons by what is particular about them; `two_sites` gives two rows each."""

PLACES = (
    ("BELFORT", "90010", "90000"),
    ("MONTBELIARD", "25388", "25200"),
    ("HERICOURT", "70285", "70400"),
    ("DELLE", "90033", "90100"),
    ("AUDINCOURT", "25031", "25400"),
    ("VALENTIGNEY", "25580", "25700"),
)
ELSEWHERE = ("STRASBOURG", "67482", "67000")
NAF = ("62.01Z", "62.02A", "62.02B", "62.03Z", "62.09Z", "63.11Z", "63.12Z")
FORMS = ("5710", "5499", "5498", "5720", "9220")
_FIRST = "Alto Brume Cèdre Dalie Écho Fanal Gire Héla Iris Jade Kilo Lumen Méandre Nacre Orion Prisme Quartz Récif Sève Tamis Ubac".split()
_LAST = ("Numérique", "Systèmes", "Données", "Logiciels", "Réseaux", "Web", "Cloud", "Informatique", "Digital", "Solutions", "Studio", "Tech")
_STREETS = ("DES TESTS", "DE L'EXEMPLE", "DU MODELE", "DES ESSAIS")
_GIVEN = ("Camille", "Julien", "Sophie", "Thomas", "Nadia", "Pierre")
_FAMILY = ("EXEMPLET", "FICTIVAL", "MODELON", "TESTARD", "IMAGINEZ")


def check_digit(digits: str) -> str:
    """The Luhn digit that makes `digits` and itself right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siren(number: int) -> str:
    """A made-up SIREN with a right check digit."""
    head = f"0000{number:04d}"
    return head + check_digit(head)


def siret(number: str, site: int) -> str:
    """A made-up SIRET of a SIREN."""
    head = f"{number}{site:04d}"
    return head + check_digit(head)


def rows() -> list[dict[str, str]]:
    """The 300 rows, shuffled."""
    chance = random.Random(SEED)
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    chance.shuffle(names)
    numbers = iter(range(1000, 9999, 7))
    made: list[dict[str, str]] = []
    for what, count in COUNTS.items():
        for index in range(count):
            name = names.pop() if not what.startswith("person") and what != "repeated" else ""
            made += _made(what, chance, siren(next(numbers)), name, index) if what != "repeated" else [dict(made[index])]
    chance.shuffle(made)
    return made


def _row(chance: random.Random, number: str, site: int = 1, **told: str) -> dict[str, str]:
    place, insee, postcode = chance.choice(PLACES)
    naf = chance.choice(NAF)
    row = dict.fromkeys(COLUMNS, "")
    full = siret(number, site)
    row |= {"siren": number, "nic": full[9:], "siret": full, "statutDiffusionEtablissement": "O", "statutDiffusionUniteLegale": "O"}
    row |= {"etablissementSiege": "true", "etatAdministratifUniteLegale": "A", "etatAdministratifEtablissement": "A"}
    row |= {"activitePrincipaleUniteLegale": naf, "activitePrincipaleEtablissement": naf, "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2"}
    row |= {
        "numeroVoieEtablissement": str(chance.randint(1, 90)),
        "typeVoieEtablissement": "RUE",
        "libelleVoieEtablissement": chance.choice(_STREETS),
    }
    row |= {"codePostalEtablissement": postcode, "libelleCommuneEtablissement": place, "codeCommuneEtablissement": insee}
    row |= {"dateCreationUniteLegale": f"{chance.randint(1990, 2025)}-01-01", "dateDernierTraitementEtablissement": "2026-11-01T10:00:00"}
    return row | told


def _made(what: str, chance: random.Random, number: str, name: str, index: int) -> list[dict[str, str]]:
    if what.startswith("person"):
        return [_person(what, chance, number)]
    told = {"denominationUniteLegale": name.upper() if index % 3 else name, "categorieJuridiqueUniteLegale": chance.choice(FORMS)}
    if index % 5 == 0:
        told["sigleUniteLegale"] = "".join(word[0] for word in name.split())
    if what == "closed":
        told |= {"etatAdministratifUniteLegale": "C", "etatAdministratifEtablissement": "F"}
    elif what == "partial":
        told |= {"statutDiffusionUniteLegale": "P", "statutDiffusionEtablissement": "P", "denominationUniteLegale": "[ND]"}
    elif what == "other_activity":
        told |= {"activitePrincipaleUniteLegale": "25.62B", "activitePrincipaleEtablissement": "25.62B"}
    elif what == "elsewhere":
        place, insee, postcode = ELSEWHERE
        told |= {"libelleCommuneEtablissement": place, "codeCommuneEtablissement": insee, "codePostalEtablissement": postcode}
    elif what == "two_sites":
        return [_row(chance, number, 1, **told), _row(chance, number, 2, **told, etablissementSiege="false")]
    row = _row(chance, number, **told)
    if what == "wrong_siren":
        row["siren"] = row["siren"][:-1] + str((int(row["siren"][-1]) + 1) % 10)
        row["siret"] = row["siren"] + row["nic"]
    return [row]


def _person(what: str, chance: random.Random, number: str) -> dict[str, str]:
    given, family = chance.choice(_GIVEN), chance.choice(_FAMILY)
    told = {"nomUniteLegale": family, "prenom1UniteLegale": given.upper(), "sexeUniteLegale": "F", "categorieJuridiqueUniteLegale": "1000"}
    if what == "person_unnamed":
        told["categorieJuridiqueUniteLegale"] = ""
    elif what == "person_name":
        told = {"denominationUniteLegale": chance.choice((f"{family} {given}", f"{given} {family}", f"M. {family}"))}
    elif what == "person_ei":
        told = {"denominationUniteLegale": f"{family} {given} EI"}
    return _row(chance, number, **told)


def write_list(path: Path, content: Sequence[dict[str, str]] | None = None, *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows, the 300 unless told otherwise, as CSV."""
    listed = rows() if content is None else content
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(listed)
    return path


if __name__ == "__main__":
    write_list(Path(sys.argv[1]))
