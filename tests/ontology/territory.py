"""A small territory without fault, for what the shapes must find in it once something is spoilt."""

from __future__ import annotations

from functools import lru_cache

from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from ontology.model import Basis, Confidence
from tests.graph_builder.tiny import Info


@lru_cache(maxsize=1)
def territory() -> Snapshot:
    """Two actors, a project, a skill, a sector, a place and a kind; a hypothesis; two sources, one that only infers."""
    filler = Filler()

    def entity(key: str, type_: str, table: str, *, sources: tuple[str, ...] = ("source:press",), **attributes: str) -> str:
        record = filler.record(f"tiny/{table}/{key}", sources=sources, published="2021")
        for name, value in {"type": type_, **attributes}.items():
            filler.attribute(key, name, value, record)
        return record

    entity("source:press", "Source", "sources", title="Le Trois", url="https://letrois.info/", year="2021")
    entity("source:inference-need", "Source", "rules", sources=("source:inference-need",), title="Hypothèse")
    entity(
        "kind:sme", "ActorKind", "kinds", sources=(), label_fr="PME", org_kind="company", role="company", partner="yes", offers_by_default="supplier"
    )
    entity("place:90010", "Place", "places", sources=(), name="Belfort", lat="47.64218", lon="6.85385", inside="yes")
    entity(
        "skill:weld", "Skill", "skills", label_fr="Soudage", label_en="Welding", esco_label="welding", esco_uri="http://data.europa.eu/esco/skill/1"
    )
    entity("sector:metal", "Sector", "sectors", label_fr="Métallurgie", naf_divisions="24")
    both = entity(
        "alpha", "Organization", "actors", sources=("source:press", "source:blog"), name="Alpha", siren="732829320", status="active", kind="kind:sme"
    )
    entity("source:blog", "Source", "sources", title="Un blog")
    record = entity(
        "beta", "Organization", "actors", name="Beta", lat="47.6", lon="6.8", website="https://beta.fr/", description_fr='Une "note"\n\\ é'
    )
    entity("weld_up", "Project", "projects", name="Weld up", start="2019", end="2021~")
    filler.relation("alpha", "collaboratesWith", "beta", both, since="2018-05", qualifiers={"role": "joint_lab", "word": "partenaire_de"})
    filler.relation("alpha", "offersSkill", "skill:weld", both, confidence=Confidence.LIKELY)
    filler.relation("beta", "participatesIn", "weld_up", record, since="2019", until="2021", qualifiers={"role": "lead"})
    filler.relation("beta", "needsSkill", "skill:weld", record, qualifiers={"need_type": "rd", "paraphrase_fr": "Cherche un soudeur."})
    guess = filler.record("tiny/needs_inferred/alpha", sources=["source:inference-need"])
    filler.relation(
        "alpha", "needsSkill", "skill:weld", guess, basis=Basis.INFERRED, confidence=Confidence.UNCERTAIN, qualifiers={"need_type": "train"}
    )
    filler.relation("alpha", "locatedIn", "place:90010", both)
    filler.relation("beta", "operatesInSector", "sector:metal", record)
    filler.relation("weld_up", "about", "skill:weld", "tiny/projects/weld_up")
    return in_memory(filler.tables(), [Info(licences="Licence Ouverte 2.0")])
