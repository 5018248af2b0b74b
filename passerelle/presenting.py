"""From ids and statements to views: actors, facts with their sources, reasons, cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph_builder.snapshot import Snapshot
from ontology.model import Role
from passerelle.views import ActorRef, Card, Fact, Link, Reason, SourceRef
from recommender.answers import Evidence, MissingLink, Recommendation, Text
from recommender.context import Context
from recommender.doubts import to_check
from recommender.wording import Labels, labels_of

CARE_KINDS = frozenset({"health_institution", "culture_institution", "tourism_body"})
"""Kinds of organisation drawn as the family "care": health, culture, tourism."""

REASON_LABELS: Mapping[str, Text] = {
    "need": Text("Besoin et offre", "Need and offer"),
    "offer": Text("Offre et besoin", "Offer and need"),
    "skills": Text("Savoir-faire communs", "Shared skills"),
    "complement": Text("Savoir-faire complémentaires", "Complementary skills"),
    "common": Text("Partenaires communs", "Common partners"),
    "words": Text("Mêmes mots", "Same words"),
    "meaning": Text("Sujets proches", "Close subjects"),
    "sectors": Text("Secteurs", "Sectors"),
    "distance": Text("Proximité", "Nearness"),
}
"""What a reason is called on a card, by signal."""


class Presenter:
    """Views over one snapshot and its context."""

    def __init__(self, snapshot: Snapshot, context: Context) -> None:
        self.snapshot, self.context = snapshot, context
        self.labels: Labels = labels_of(snapshot)
        self._org_kind = snapshot.values("org_kind")
        self._title, self._url = snapshot.values("title"), snapshot.values("url")
        self._year, self._publisher = snapshot.values("year"), snapshot.values("publisher")

    def actor(self, actor_id: str) -> ActorRef:
        """An actor in one line."""
        i, actors = self.context.index[actor_id], self.context.actors
        kind, role = actors.kind[i], actors.role[i]
        return ActorRef(
            id=actor_id,
            name=actors.name[i],
            kind=kind.removeprefix("kind:"),
            kind_label=self.labels.of(kind),
            role=role,
            family=self._family(kind, role),
            place=self.context.place_name(i) or None,
            inside=bool(actors.inside[i]),
            outside=bool(actors.outside[i]),
        )

    def _family(self, kind: str, role: str) -> str:
        if self._org_kind.get(kind) in CARE_KINDS:
            return "care"
        return {Role.COMPANY: "company", Role.RESEARCH: "research", Role.TRAINING: "research"}.get(Role(role), "public") if role else "public"

    def source(self, source_id: str) -> SourceRef:
        """A source; its title falls back on its key, an urn is no address."""
        url, publisher = self._url.get(source_id, ""), self._publisher.get(source_id)
        key = source_id.removeprefix("source:")
        title = self._title.get(source_id) or self.labels.name(source_id).fr.removeprefix("source:")
        return SourceRef(key, title or key, url if url.startswith(("http://", "https://")) else None, self._year.get(source_id), publisher)

    def fact(self, statement_id: str) -> Fact:
        """A statement with its sources."""
        s = self.snapshot.statement(statement_id)
        sources = tuple(self.source(x) for x in s.sources)
        return Fact(s.id, sources, s.published, s.basis.value, s.confidence.value, s.since, s.until)

    def facts(self, statements: Iterable[str]) -> tuple[Fact, ...]:
        """Several statements with their sources."""
        return tuple(self.fact(s) for s in statements)

    def reason(self, evidence: Evidence) -> Reason:
        """One reason of a card."""
        label = REASON_LABELS[evidence.signal]
        return Reason(evidence.signal, label, evidence.contribution, evidence.text, evidence.note, self.facts(evidence.statements))

    def card(self, r: Recommendation) -> Card:
        """A recommendation with its sources."""
        return Card(
            rank=r.rank,
            partner=self.actor(r.partner),
            km=r.km,
            score=r.score,
            band=r.band,
            probability=r.probability,
            basis=r.basis,
            gains=r.gains,
            reasons=tuple(self.reason(e) for e in r.evidence),
            missing=r.missing,
            questions=r.questions,
            to_check=to_check(self.context, self.context.index[r.partner]),
            known=r.known,
        )

    def link(self, m: MissingLink) -> Link:
        """A missing link with its sources."""
        reasons = tuple(self.reason(e) for e in m.evidence)
        return Link(m.rank, self.actor(m.a), self.actor(m.b), m.km, m.score, m.band, m.gains, reasons, m.missing)
