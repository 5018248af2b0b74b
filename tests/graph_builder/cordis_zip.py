"""Small CORDIS downloads, written by hand: the rows that a test gives, with the columns of the official layout."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SEED = Path(__file__).parents[2] / "data_seeds" / "cordis-franche-comte"

Row = Mapping[str, str]

PROJECT = {
    "id": "101000001",
    "acronym": "BRIDGE",
    "status": "SIGNED",
    "title": "Hydrogen bridges",
    "startDate": "2023-01-01",
    "endDate": "2025-12-31",
    "totalCost": "100",
    "ecMaxContribution": "100.50",
    "topics": "HORIZON-CL5-2022-D2-01-01",
    "ecSignatureDate": "2022-11-15",
    "frameworkProgramme": "HORIZON",
    "masterCall": "HORIZON-CL5-2022-D2-01",
    "subCall": "HORIZON-CL5-2022-D2-01",
    "fundingScheme": "HORIZON-RIA",
    "objective": "We store hydrogen.\nIt is cheap.",
    "contentUpdateDate": "2025-12-01 10:00:00",
    "grantDoi": "10.3030/101000001",
    "keywords": "hydrogen, tanks",
}
ORGANIZATION = {
    "projectID": "101000001",
    "organisationID": "999000001",
    "vatNumber": "FR60199003567",
    "name": "UNIVERSITE DE TECHNOLOGIE DE BELFORT - MONTBELIARD",
    "shortName": "UTBM",
    "SME": "false",
    "activityType": "HES",
    "street": "RUE ERNEST THIERRY MIEG",
    "postCode": "90010",
    "city": "BELFORT CEDEX",
    "country": "FR",
    "nutsCode": "FRC24",
    "geolocation": "47.64218,6.84419",
    "organizationURL": "www.utbm.fr",
    "role": "coordinator",
    "ecContribution": "60.50",
    "endOfParticipation": "false",
}
PARTNER = {
    "organisationID": "999000002",
    "vatNumber": "DE811307718",
    "name": "Tank GmbH",
    "shortName": "",
    "SME": "true",
    "activityType": "PRC",
    "postCode": "33615",
    "city": "Bielefeld",
    "country": "DE",
    "nutsCode": "DEA41",
    "geolocation": "0.0,0.0",
    "organizationURL": "",
    "role": "participant",
    "ecContribution": "40",
}
FIELD = {
    "projectID": "101000001",
    "euroSciVocCode": "/25/63/387",
    "euroSciVocPath": "/engineering and technology/energy/hydrogen energy",
    "euroSciVocTitle": "hydrogen energy",
}


def project(**cells: str) -> dict[str, str]:
    """A row of project.csv."""
    return PROJECT | cells


def organization(**cells: str) -> dict[str, str]:
    """A row of organization.csv: the coordinator, unless told otherwise."""
    return ORGANIZATION | cells


def partner(**cells: str) -> dict[str, str]:
    """A row of organization.csv: the German firm that takes part."""
    return ORGANIZATION | PARTNER | cells


def text(rows: Sequence[Row], *, delimiter: str = ";", columns: Sequence[str] | None = None) -> str:
    """Rows as CSV; the columns are those of the first row, unless told otherwise."""
    out = io.StringIO()
    names = list(rows[0]) if columns is None else list(columns)
    writer = csv.DictWriter(out, names, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def files(projects: Sequence[Row] | None = None, organizations: Sequence[Row] | None = None, fields: Sequence[Row] | None = None) -> dict[str, str]:
    """The three files; one project of two, unless rows are given."""
    return {
        "project.csv": text([PROJECT] if projects is None else projects),
        "organization.csv": text([organization(), partner()] if organizations is None else organizations),
        "euroSciVoc.csv": text([FIELD] if fields is None else fields, columns=list(FIELD)),
    }


def write_zip(path: Path, content: Mapping[str, str | bytes], *, folder: str = "") -> Path:
    """A zip with these members, in a folder inside it when one is named."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(f"{folder}{name}", data)
    return path


def write_folder(path: Path, content: Mapping[str, str | bytes]) -> Path:
    """A folder with these files."""
    path.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        (path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of CORDIS."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
