"""A small world written by hand, for the tests of the recommender, and the helper that adds facts to it.

Actors stand in alphabetical order, so that positions are easy to tell: alpha 0, beta 1, ... (see `ACTORS`).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from graph_builder.graph import Graph
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from ontology.model import Basis, Confidence
from recommender.context import Context
from recommender.encoders.rows import encode_distinct
from recommender.landscape.clusters import louvain
from recommender.ranking import ExpertRanker
from recommender.recommend import Recommender
from recommender.text import words_of
from tests.graph_builder.tiny import Info

KINDS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "pme": ("company", "yes", ("supplier",)),
    "numerique": ("company", "yes", ("digital", "supplier")),
    "labo": ("research", "yes", ("rd",)),
    "lycee": ("training", "yes", ("recruit", "train")),
    "cluster": ("support", "support", ("partners",)),
    "financeur": ("support", "support", ("funding",)),
    "ville": ("public", "yes", ("funding", "premises")),
    "parc": ("support", "place", ("premises",)),
    "asso": ("citizen", "yes", ()),
}
"""Kind -> role, partner, what it answers by default."""

SKILLS: Mapping[str, tuple[str, str]] = {
    "welding": ("Soudage", "Welding"),
    "hydrogen": ("Stockage d'hydrogène", "Hydrogen storage"),
    "vision": ("Vision industrielle", "Machine vision"),
    "modelling": ("Modélisation", "Modelling"),
    "robots": ("Robotique", "Robotics"),
}
SECTORS: Mapping[str, tuple[str, str]] = {
    "energy": ("Énergie", "Energy"),
    "rail": ("Ferroviaire", "Rail"),
    "culture": ("Culture", "Culture"),
}
PLACES: Mapping[str, tuple[str, float, float, str]] = {
    "belfort": ("Belfort", 47.64, 6.86, "yes"),
    "delle": ("Delle", 47.51, 7.0, "yes"),
    "dijon": ("Dijon", 47.32, 5.04, "no"),
}


class World:
    """Facts one by one. Every fact has a record of its own with a source, published in `year` unless told otherwise."""

    def __init__(self) -> None:
        self.filler, self._count = Filler(), 0

    def record(self, published: str | None = "2024", *, rule: str = "") -> str:
        """A record of its own; `rule` names the inference that it rests on."""
        self._count += 1
        source = f"source:inference-{rule}" if rule else f"source:s{self._count}"
        return self.filler.record(f"world/{self._count}", locator=f"world:{self._count}", sources=[source], published=published)

    def entity(self, entity: str, type_: str, /, **attributes: str) -> str:
        record = self.record()
        self.filler.attribute(entity, "type", type_, record)
        for name, value in attributes.items():
            self.filler.attribute(entity, name, value, record)
        return entity

    def vocabulary(self) -> World:
        """Kinds, skills, sectors and places."""
        for kind, (role, partner, answers) in KINDS.items():
            self.entity(f"kind:{kind}", "ActorKind", role=role, partner=partner, label_fr=kind.title(), label_en=kind.title())
            for need_type in answers:
                self.filler.attribute(f"kind:{kind}", "offers_by_default", need_type, self.record())
        for skill, (fr, en) in SKILLS.items():
            self.entity(f"skill:{skill}", "Skill", label_fr=fr, label_en=en, domain="yes" if skill == "vision" else "no")
        for sector, (fr, en) in SECTORS.items():
            self.entity(f"sector:{sector}", "Sector", label_fr=fr, label_en=en, excellence="yes" if sector == "culture" else "no")
        for place, (name, lat, lon, inside) in PLACES.items():
            self.entity(f"place:{place}", "Place", name=name, lat=str(lat), lon=str(lon), inside=inside)
        return self

    def actor(
        self, name: str, kind: str = "pme", place: str = "belfort", *, sectors: Iterable[str] = (), text: tuple[str, str] = ("", ""), **more: str
    ) -> str:
        """An actor; `more` are attributes (recommendable, status, source_year, ...), an empty one leaves the attribute out."""
        told = {"name": name.title(), "source_year": "2024", "recommendable": "yes", "status": "active", **more}
        self.entity(name, "Organization", kind=f"kind:{kind}" if kind else "", **told)
        self.describe(name, *text)
        if place:
            self.relate(name, "locatedIn", f"place:{place}")
        for sector in sectors:
            self.relate(name, "operatesInSector", f"sector:{sector}")
        return name

    def describe(self, name: str, fr: str, en: str, published: str | None = "2024") -> None:
        record = self.record(published)
        self.filler.attribute(name, "description_fr", fr, record, lang="fr")
        self.filler.attribute(name, "description_en", en, record, lang="en")

    def relate(
        self,
        subject: str,
        predicate: str,
        obj: str,
        *,
        published: str | None = "2024",
        since: str | None = None,
        stated: bool = True,
        confidence: Confidence = Confidence.VERIFIED,
        **qualifiers: str,
    ) -> None:
        record = self.record(published, rule="" if stated else "test")
        basis = Basis.STATED if stated else Basis.INFERRED
        self.filler.relation(subject, predicate, obj, record, since=since, basis=basis, confidence=confidence, qualifiers=qualifiers)

    def offer(self, actor: str, *skills: str, **more: object) -> None:
        for skill in skills:
            self.relate(actor, "offersSkill", f"skill:{skill}", **more)  # type: ignore[arg-type]

    def need(self, actor: str, skill: str, need_type: str, **more: object) -> None:
        self.relate(actor, "needsSkill", f"skill:{skill}", need_type=need_type, **more)  # type: ignore[arg-type]

    def tie(self, a: str, b: str, predicate: str = "collaboratesWith", **more: object) -> None:
        self.relate(a, predicate, b, **more)  # type: ignore[arg-type]

    def project(self, name: str, members: Mapping[str, str], *, about: Iterable[str] = (), counts: str = "yes", **more: object) -> str:
        """A project called "Projet NAME", with the role of each member and the skills it is about."""
        self.entity(name, "Project", name=f"Projet {name.title()}", name_en=f"Project {name.title()}", counts_as_tie=counts)
        for actor, role in members.items():
            self.relate(actor, "participatesIn", name, role=role, **more)  # type: ignore[arg-type]
        for skill in about:
            self.relate(name, "about", f"skill:{skill}", **more)  # type: ignore[arg-type]
        return name

    def copy(self) -> World:
        return copy.deepcopy(self)

    def snapshot(self) -> Snapshot:
        """The world so far, made in 2026 (the reference year)."""
        return in_memory(self.filler.tables(), [Info(created=date(2026, 3, 1))])

    def context(self, as_of: date | None = None, **more: object) -> Context:
        return Context.at(self.snapshot(), as_of, **more)  # type: ignore[arg-type]


ACTORS = ("alpha", "beta", "delta", "epsilon", "eta", "gamma", "iota", "kappa", "lambda", "mu", "theta", "zeta")
"""Every actor of `world`, in the order of the positions."""


def at(name: str) -> int:
    """Position of an actor of `world`."""
    return ACTORS.index(name)


def world() -> World:
    """Twelve actors: firms, a laboratory, a school, supports, a town, a business park, a closed firm, an association nobody knows."""
    w = World().vocabulary()
    _actors(w)
    _facts(w)
    return w


def _actors(w: World) -> None:
    w.actor("alpha", "pme", sectors=["energy"], text=("Réservoirs composites pour gaz comprimé.", "Composite tanks for compressed gas."))
    w.actor(
        "beta",
        "labo",
        sectors=["energy"],
        text=("Recherche sur les réservoirs composites et la combustion.", "Research on composite tanks and combustion."),
    )
    w.actor("gamma", "lycee", "delle", sectors=["rail"], text=("Formation en atelier de chaudronnerie.", "Workshop training in boilermaking."))
    w.actor("delta", "cluster", sectors=["energy"], text=("Réseau d'entreprises de la filière gaz.", "Network of firms of the gas sector."))
    w.actor("epsilon", "financeur", "dijon")
    w.actor("zeta", "numerique", "delle", sectors=["culture"], text=("Logiciels de mesure pour musées.", "Measuring software for museums."))
    w.actor("eta", "pme", "dijon", sectors=["rail"], text=("Bogies et freins pour trains régionaux.", "Bogies and brakes for regional trains."))
    w.actor("theta", "asso", "")
    w.actor("iota", "parc", sectors=["energy"])
    w.actor("kappa", "pme", "delle", recommendable="no", why_not="fermée", status="closed")
    w.actor("lambda", "pme", sectors=["energy"], text=("Site de production de vannes.", "Production site for valves."))
    w.actor("mu", "ville", "delle", sectors=["culture"], text=("Commune qui rénove son musée.", "Town that renovates its museum."))


def _facts(w: World) -> None:
    w.offer("alpha", "welding")
    w.offer("gamma", "welding", confidence=Confidence.LIKELY)
    w.offer("kappa", "welding")
    w.offer("beta", "hydrogen", "modelling")
    w.offer("delta", "hydrogen")
    w.offer("epsilon", "hydrogen")
    w.offer("iota", "hydrogen")
    w.offer("zeta", "vision")
    w.offer("eta", "robots")
    w.offer("mu", "robots", stated=False, confidence=Confidence.UNCERTAIN)
    w.offer("lambda", "vision", stated=False, confidence=Confidence.UNCERTAIN)
    w.need("alpha", "hydrogen", "rd", paraphrase_fr="La firme cherche un laboratoire.", paraphrase_en="The firm seeks a laboratory.")
    w.need("eta", "vision", "digital", published=None)
    w.need("eta", "welding", "recruit", published="2015")
    w.need("mu", "robots", "other")
    w.need("lambda", "hydrogen", "funding")
    w.need("beta", "welding", "supplier", stated=False)
    w.need("zeta", "modelling", "rd", stated=False)
    w.tie("alpha", "delta")
    w.tie("beta", "delta", since="2020")
    w.tie("eta", "delta", "supplies")
    w.project("rails", {"gamma": "lead", "eta": "partner", "mu": "funder"}, about=["welding", "robots"])
    w.project("plan", {"alpha": "beneficiary", "zeta": "beneficiary"}, about=["hydrogen", "vision"], counts="no")
    w.relate("lambda", "partOf", "alpha")
    w.relate("mu", "memberOf", "delta")


class Words:
    """An encoder for tests: counts of words in 32 buckets, each row of norm 1. A row depends on its text alone."""

    name, version, dim = "words", "1", 32

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return encode_distinct(texts, self.dim, lambda rows: np.vstack([self._row(text) for text in rows]))

    def _row(self, text: str) -> NDArray[np.float32]:
        row = np.zeros(self.dim, dtype=np.float32)
        for word in words_of(text):
            row[blake2b(word.encode(), digest_size=1).digest()[0] % self.dim] += 1
        return row


WORDS = Words()

Change = Callable[[World], object]


def with_change(change: Change) -> tuple[Snapshot, frozenset[str]]:
    """The world after a change, and the ids of the statements that the change added."""
    w = world()
    before = statement_ids(w.snapshot())
    change(w)
    snapshot = w.snapshot()
    return snapshot, statement_ids(snapshot) - before


def statement_ids(snapshot: Snapshot) -> frozenset[str]:
    """Ids of every statement of a snapshot."""
    return frozenset(snapshot.attributes["statement"].to_pylist()) | frozenset(snapshot.relations["statement"].to_pylist())


def crowd(size: int = 40, seed: int = 0) -> World:
    """Many actors with facts drawn at random, always the same: for lists that are full."""
    rng, w = np.random.default_rng(seed), World().vocabulary()
    words = "turbine réservoir capteur moteur musée formation soudure atelier données freins batterie logiciel".split()
    names = [f"a{k:02}" for k in range(size)]
    for name in names:
        text = " ".join(rng.choice(words, 4, replace=False))
        sectors = rng.choice(list(SECTORS), rng.integers(0, 3), replace=False)
        w.actor(name, str(rng.choice(list(KINDS))), str(rng.choice(list(PLACES))), sectors=sectors, text=(text, text))
        w.offer(name, *rng.choice(list(SKILLS), rng.integers(0, 4), replace=False))
        if rng.random() < 0.6:
            w.need(name, str(rng.choice(list(SKILLS))), str(rng.choice(["recruit", "rd", "supplier", "digital", "funding", "partners", "other"])))
        if rng.random() < 0.3:
            w.need(name, str(rng.choice(list(SKILLS))), "other", stated=False)
    for _ in range(size):
        a, b = rng.choice(names, 2, replace=False)
        w.tie(str(a), str(b))
    for k in range(size // 6):
        members = rng.choice(names, 4, replace=False)
        w.project(f"p{k}", {str(m): "partner" for m in members}, about=rng.choice(list(SKILLS), 2, replace=False))
    return w


def open_world(w: World, weights: dict[str, float] | None = None) -> Recommender:
    """The recommender of a world, with its clusters; `weights` stand for the expert ones."""
    snapshot = w.snapshot()
    labels = np.asarray(louvain(Graph(snapshot).picture_matrix))
    return Recommender(Context.at(snapshot, encoder=WORDS), labels, ExpertRanker(weights))
