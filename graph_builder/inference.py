"""Hypotheses from activity codes: the sectors and skills that an actor's NAF code suggests, each marked inferred and uncertain.

They are questions to put to the actor ("à vérifier avec l'entreprise"), never facts on which an answer rests.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.tables import Filler, Tables
from ontology.model import Basis, Confidence, EntityKind

RULE = "source:inference-naf"
"""The source that every fact of this module cites."""

RULE_FR = "Hypothèse : secteur ou compétence déduits du code d'activité (NAF), qu'aucune source n'énonce ; à vérifier avec l'acteur"
RULE_EN = "Hypothesis: sector or skill inferred from the activity code (NAF), stated by no source; to be checked with the actor"

_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{1,2}[A-Z]?)?")


def infer(tables: Tables) -> Tables:
    """The rows to add: `operatesInSector` and `offersSkill` with basis inferred, and the rule that they cite; empty without codes.

    An actor of which a sector is stated gets no inferred one; a skill that it offers already, or a relation that is there, is not
    told again. Sectors are those of the loaded vocabulary whose `naf_divisions` hold the code's division; skills are those whose
    `esco_uri` naf_skills.json gives for the longest part of the code that it knows. Deterministic, whatever the order of the rows.
    """
    codes = _pairs(tables.attributes, "naf", "value")
    actors = set(_subjects(tables.attributes, "type", EntityKind.ORGANIZATION.value))
    codes = {actor: told for actor, told in codes.items() if actor in actors}
    fill = Filler()
    if not codes:
        return fill.tables()
    sectors, skills = _by_value(tables, "naf_divisions", EntityKind.SECTOR), _by_value(tables, "esco_uri", EntityKind.SKILL)
    in_sector, offered = _pairs(tables.relations, "operatesInSector", "object"), _pairs(tables.relations, "offersSkill", "object")
    published = _published(tables)
    for actor in sorted(codes):
        found = [] if actor in in_sector else [("operatesInSector", s) for s in _union(sectors.get(code[:2], ()) for code in codes[actor])]
        offers = _union(skills.get(uri, ()) for code in codes[actor] for uri in skills_of(code))
        found += [("offersSkill", skill) for skill in offers if skill not in offered.get(actor, ())]
        if found:
            record = fill.record(f"inference/naf/{actor}", sources=[RULE], published=published.get(actor))
            for predicate, target in found:
                fill.relation(actor, predicate, target, record, basis=Basis.INFERRED, confidence=Confidence.UNCERTAIN)
    added = fill.tables()
    if added.records.num_rows and not _subjects(tables.attributes.filter(pc.equal(tables.attributes["subject"], RULE)), "type"):
        _describe_rule(fill)
        added = fill.tables()
    return added


def skills_of(naf: str) -> tuple[str, ...]:
    """ESCO addresses of the skills that a NAF code suggests, sorted; those of its subclass, else class, group or division."""
    if not _CODE.fullmatch(naf):
        return ()
    known = naf_skills()
    return next((known[naf[:length]] for length in range(len(naf), 1, -1) if naf[:length] in known), ())


@lru_cache(maxsize=1)
def naf_skills() -> Mapping[str, tuple[str, ...]]:
    """ESCO addresses by NAF code, or the beginning of one, as naf_skills.json has them."""
    loaded = json.loads(files("graph_builder").joinpath("naf_skills.json").read_text(encoding="utf-8"))
    return {code: tuple(sorted(entry["skills"])) for code, entry in loaded.items()}


def _describe_rule(fill: Filler) -> None:
    record = fill.record("inference/naf", sources=[RULE])
    for predicate, text, lang in (
        ("type", EntityKind.SOURCE.value, None),
        ("name_fr", RULE_FR, "fr"),
        ("name_en", RULE_EN, "en"),
        ("title", RULE_FR, None),
    ):
        fill.attribute(RULE, predicate, text, record, lang=lang, confidence=Confidence.KNOWN)


def _rows(table: pa.Table, predicate: str, column: str) -> Iterator[tuple[str, str]]:
    rows = table.filter(pc.equal(table["predicate"], predicate))
    return zip(rows["subject"].to_pylist(), rows[column].to_pylist(), strict=True)


def _pairs(table: pa.Table, predicate: str, column: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for subject, value in _rows(table, predicate, column):
        found[subject].add(value)
    return dict(found)


def _subjects(table: pa.Table, predicate: str, value: str | None = None) -> list[str]:
    return [subject for subject, told in _rows(table, predicate, "value") if value is None or told == value]


def _by_value(tables: Tables, predicate: str, kind: EntityKind) -> Mapping[str, set[str]]:
    """Entities of a kind by the values of an attribute."""
    of_kind = set(_subjects(tables.attributes, "type", kind.value))
    found: dict[str, set[str]] = defaultdict(set)
    for subject, value in _rows(tables.attributes, predicate, "value"):
        if subject in of_kind:
            found[value].add(subject)
    return dict(found)


def _union(sets: Iterable[Iterable[str]]) -> list[str]:
    return sorted({item for items in sets for item in items})


def _published(tables: Tables) -> Mapping[str, str]:
    """The newest date of the records that tell an actor's activity code."""
    dates = {k: v for k, v in zip(tables.records["record"].to_pylist(), tables.records["published"].to_pylist(), strict=True) if v}
    newest: dict[str, str] = {}
    for actor, record in _rows(tables.attributes, "naf", "record"):
        if record in dates:
            newest[actor] = max(newest.get(actor, ""), dates[record])
    return newest
