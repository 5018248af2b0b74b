"""What the columns of a company list mean: the types, the check against a header, and the file written out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from graph_builder.normalise import slug
from graph_builder.sources.company_list.headers import names_of_persons
from graph_builder.sources.company_list.sheet import Options
from graph_builder.sources.findings import shown
from ontology.errors import Finding

SUFFIXES = (".yaml", ".yml")

FIELDS: Mapping[str, tuple[str, str]] = {
    "siren": ("numéro SIREN, 9 chiffres", "SIREN number, 9 digits"),
    "siret": ("numéro SIRET, 14 chiffres ; son début est le SIREN", "SIRET number, 14 digits; its head is the SIREN"),
    "vat": ("numéro de TVA français ; sa fin est le SIREN", "French VAT number; its end is the SIREN"),
    "name": ("nom ou raison sociale (obligatoire) ; la première colonne remplie", "name (required); the first column that is filled"),
    "alt_name": ("sigle, enseigne, autre nom ; toutes les colonnes", "acronym, sign, other name; every column"),
    "naf": ("code d'activité NAF, comme 62.01Z", "NAF activity code, such as 62.01Z"),
    "commune": ("nom de la commune, ou « 90000 Belfort »", "name of the commune, or '90000 Belfort'"),
    "insee": ("code INSEE de la commune, comme 90010", "INSEE code of the commune, such as 90010"),
    "postcode": ("code postal", "postcode"),
    "address": ("adresse ; plusieurs colonnes sont jointes", "address; several columns are joined"),
    "website": ("site web", "website"),
    "description_fr": ("ce que fait l'entreprise, en français", "what the company does, in French"),
    "description_en": ("ce que fait l'entreprise, en anglais", "what the company does, in English"),
    "legal_form": ("forme juridique, en code (5710) ou en mots (SAS)", "legal form, as a code (5710) or in words (SAS)"),
    "status": ("statut de diffusion Sirene (O, P, N)", "Sirene's status of diffusion (O, P, N)"),
    "state": ("état administratif : A actif, C cessé, F fermé", "administrative state: A active, C ceased, F closed"),
    "lat": ("latitude (WGS 84)", "latitude (WGS 84)"),
    "lon": ("longitude (WGS 84)", "longitude (WGS 84)"),
    "kind": ("genre d'acteur du territoire, comme eti_pme", "kind of actor of the territory, such as eti_pme"),
    "head_office": ("siège : oui ou non", "head office: yes or no"),
}
"""Everything that a column may be read as: explained in French and in English."""

PREFIXES = frozenset({"siren", "pic", "cordis", "skill", "sector", "place", "source", "kind", "strategy"})
"""First words of entity ids, which no list may be called."""

REDISTRIBUTION = ("facts", "texts", "none")
SOURCE_KEYS = ("title", "url", "publisher", "licence", "redistribution", "year")


@dataclass(frozen=True)
class ListSource:
    """Where a list comes from. `redistribution`: facts, texts or none; `year` is the state of the data, "" when not told."""

    title: str = ""
    url: str = ""
    publisher: str = ""
    licence: str = ""
    redistribution: str = "none"
    year: str = ""


@dataclass(frozen=True)
class ListMapping:
    """How a list is read: its package name, the columns of each field, where it comes from, which rows are kept.

    `kind` is the kind of its actors where no column says one. `keep_naf` holds prefixes of NAF codes without the point.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    title_fr: str = ""
    title_en: str = ""
    source: ListSource = field(default_factory=ListSource)
    options: Options = field(default_factory=Options)
    kind: str = "entreprise"
    keep_naf: tuple[str, ...] = ()
    keep_departement: tuple[str, ...] = ()


def mapping_beside(path: Path) -> Path | None:
    """The mapping file that lies beside a list and bears its name, None when there is none."""
    return next((file for file in (path.with_suffix(suffix) for suffix in SUFFIXES) if file.is_file()), None)


def package_name(path: Path) -> str:
    """The name of a list that nobody named: that of its file, in small letters and digits."""
    name = re.sub(r"[^a-z0-9-]", "", slug(path.stem).encode("ascii", "ignore").decode()).strip("-")[:90]
    return f"liste-{name}" if name in PREFIXES else name or "liste"


def check_columns(mapping: ListMapping, columns: Sequence[str], file: str, line: int) -> Iterator[Finding]:
    """Errors: columns that the mapping names and the list lacks, with the nearest that it has, or has twice."""
    from rapidfuzz import fuzz, process

    if "name" not in mapping.columns and names_of_persons(columns):
        found = "no column holds names of organisations, and some hold names of persons: the list seems to hold natural persons only"
        yield Finding(file, line, None, found, "nothing of it can be used: no personal data is stored; give a list of organisations")
    elif "name" not in mapping.columns:
        yield Finding(file, line, None, f"no column holds the names: {shown(', '.join(columns))}", "write a mapping with columns: {name: ...}")
    wanted = sorted({(column, key) for key, named in mapping.columns.items() for column in named})
    for column, key in wanted:
        if column not in columns:
            near = process.extractOne(column, columns, scorer=fuzz.WRatio, processor=slug)
            hint = f"did you mean {shown(near[0])}?" if near and near[1] >= 60 else f"it has: {shown(', '.join(columns))}"
            yield Finding(file, line, column, f"the mapping reads {key} from {shown(column)}, which the list has not", hint)
        elif columns.count(column) > 1:
            yield Finding(file, line, column, f"the column {shown(column)} is there twice", "rename one of the two")


def mapping_yaml(mapping: ListMapping) -> str:
    """The mapping as a YAML file with comments, which `read_mapping` reads as the same mapping."""
    source = {key: getattr(mapping.source, key) for key in SOURCE_KEYS}
    keep = {"naf": list(mapping.keep_naf), "departement": list(mapping.keep_departement)}
    options = {key: value for key in ("sheet", "delimiter", "encoding") if (value := getattr(mapping.options, key))}
    head = {"name": mapping.name, "title_fr": mapping.title_fr, "title_en": mapping.title_en, "source": source, **options}
    tail = {"kind": mapping.kind, **({"keep": keep} if any(keep.values()) else {})}
    columns = "".join(
        f"  {_dump({key: named[0] if len(named) == 1 else list(named)})}  # {FIELDS[key][0]} / {FIELDS[key][1]}\n"
        for key in FIELDS
        if (named := mapping.columns.get(key))
    )
    parts = [
        "# Ce que veulent dire les colonnes de la liste / What the columns of the list mean\n",
        _block(head),
        "columns:\n",
        columns,
        _block(tail),
    ]
    return "".join(parts)


def _dump(value: Mapping[str, object]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**6).strip()[1:-1]


def _block(value: Mapping[str, object]) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10**6))
