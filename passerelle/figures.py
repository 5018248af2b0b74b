"""Key figures of a territory, and the figures that were measured on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from graph_builder.graph import Graph
from ontology.model import Role, Status
from passerelle.presenting import Presenter
from passerelle.views import Figure
from recommender.answers import Text
from recommender.signals.roles import RESEARCH

GONE = frozenset({Status.CLOSED.value, Status.MERGED.value})


@dataclass(frozen=True)
class Measured:
    """An evaluation that was run on a snapshot: its protocol, and one row per method with its metrics."""

    digest: str
    protocol: Mapping[str, object]
    results: tuple[Mapping[str, object], ...]


def measured(digest: str) -> Measured | None:
    """The evaluation stored with the product, when it was run on this very snapshot."""
    path = files("passerelle") / "measured.json"
    if not path.is_file():
        return None
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored.get("digest") != digest:
        return None
    return Measured(stored["digest"], stored["protocol"], tuple(stored["results"]))


def figures(presenter: Presenter, graph: Graph) -> tuple[Figure, ...]:
    """Actors, ties, research-company ties, actors without any known link; each with its definition and a second reading."""
    context, snapshot = presenter.context, presenter.snapshot
    status, here = snapshot.values("status"), ~context.actors.outside
    active = here & np.asarray([status.get(a) not in GONE for a in context.ids], dtype=bool)
    read = sum(snapshot.values("confidence").get(a) == "verified" for a, ok in zip(context.ids, active, strict=True) if ok)
    between = context.ties.matrix[here][:, here]
    ties = int(between.nnz / 2)
    dated = {frozenset((a, b)) for e in context.ties.events if e.since for a in e.actors for b in e.actors if a != b and here[a] and here[b]}
    role = np.asarray(context.actors.role)
    company, research = here & (role == Role.COMPANY.value), here & np.isin(role, list(RESEARCH))
    bridges = int(context.ties.matrix[company][:, research].sum())
    alone = int(((np.diff(graph.picture_matrix.indptr) == 0) & active).sum())
    n = int(active.sum())
    return (
        Figure(
            "actors",
            n,
            Text("Acteurs actifs", "Active actors"),
            Text(
                "Entreprises, laboratoires, écoles, organismes publics et associations, sans les structures dissoutes ou rachetées.",
                "Companies, laboratories, schools, public bodies and associations, without those dissolved or taken over.",
            ),
            Text(f"{_percent(read, n)}\u202f% lus dans une source", f"{_percent(read, n)}% read in a source"),
        ),
        Figure(
            "ties",
            ties,
            Text("Liens de travail", "Working ties"),
            Text(
                "Paires d'acteurs qu'une source dit partenaires, fournisseurs ou réunis dans un projet. Adhésions et financements n'en sont pas.",
                "Pairs of actors that a source calls partners, suppliers or joined in a project. Memberships and funding are not counted.",
            ),
            Text(f"{_percent(len(dated), ties)}\u202f% datés", f"{_percent(len(dated), ties)}% dated"),
        ),
        Figure(
            "bridges",
            bridges,
            Text("Recherche – entreprise", "Research – company"),
            Text(
                "Liens de travail connus entre un laboratoire, une école ou un organisme de formation et une entreprise.",
                "Known working ties between a laboratory, a school or a training body and a company.",
            ),
            Text(f"{_percent(bridges, ties)}\u202f% des liens de travail", f"{_percent(bridges, ties)}% of working ties"),
        ),
        Figure(
            "alone",
            alone,
            Text("Sans lien connu", "No known link"),
            Text(
                "Aucune source lue ne les relie à un autre acteur. Cela ne prouve pas qu'ils n'ont pas de partenaire.",
                "No source read links them to another actor. That does not prove that they have no partner.",
            ),
            Text(f"{_percent(alone, n)}\u202f% des acteurs actifs", f"{_percent(alone, n)}% of active actors"),
        ),
    )


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
