"""JSON documents of the command line: the shapes of passerelle/schemas, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from ontology.errors import Finding
from passerelle.views import ActorRef, Answer, Card, Fact, Hit, Link, Need, Offer, Profile, Reason, SourceRef, Tie
from recommender.answers import Text

if TYPE_CHECKING:
    from graph_builder.pipeline import BuildReport

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"


def build_document(report: BuildReport) -> dict[str, Json]:
    """What `build --json` prints; `merged` and `review` count actors that were joined and pairs that a person should look at."""
    return {
        "digest": report.digest,
        "changed": report.changed,
        "counts": dict(report.counts),
        "warnings": [finding(f) for f in report.warnings],
        "merged": report.merged,
        "review": report.review,
    }


def validation_document(findings: Iterable[Finding]) -> Json:
    """What `validate --json` prints; `ok` is false as soon as there is one error."""
    rows = list(findings)
    return {"ok": all(f.severity != "error" for f in rows), "findings": [finding(f) for f in rows]}


def finding(f: Finding) -> Json:
    """One fault of a source."""
    return {"severity": f.severity, "file": f.file, "row": f.row, "column": f.column, "found": f.found, "accepted": f.accepted}


def search_document(hits: Iterable[Hit]) -> Json:
    """What `search --json` prints."""
    return {"results": [{"id": h.id, "name": h.name, "kind": h.kind, "match": h.match} for h in hits]}


def show_document(p: Profile) -> Json:
    """What `show --json` prints."""
    return {
        "actor": {
            **actor(p.actor),
            "description": text(p.description),
            "aliases": list(p.aliases),
            "sectors": [{"id": key, "label": text(label)} for key, label in p.sectors],
            "status": p.status,
            "recommendable": p.recommendable,
            "why_not": _maybe(p.why_not),
            "to_check": _maybe(p.to_check),
            "website": p.website,
            "siren": p.siren,
            "newest_year": p.newest_year,
        },
        "offers": [offer(o) for o in p.offers],
        "needs": [need(n) for n in p.needs],
        "hypotheses": {
            "needs": [need(n) for n in p.hypotheses],
            "offers": [offer(o) for o in p.offer_hypotheses],
            "sectors": [{"id": key, "label": text(label)} for key, label in p.sector_hypotheses],
        },
        "ties": [tie(t) for t in (*p.ties, *p.context)],
        "sources": [source(s) for s in p.sources],
    }


def recommend_document(answer: Answer) -> Json:
    """What `recommend --json` prints."""
    subject = answer.subject
    return {
        "subject": None if subject is None else {"id": subject.id, "name": subject.name, "kind": subject.kind},
        "recommendations": [card(c) for c in answer.recommendations],
        "supports": [card(c) for c in answer.supports],
        "skills": [{"id": key, "label": text(label)} for key, label in answer.skills],
        "notes": [text(n) for n in answer.notes],
    }


def links_document(links: Iterable[Link]) -> Json:
    """What `links --json` prints."""
    return {
        "links": [
            {
                "rank": link.rank,
                "a": actor(link.a),
                "b": actor(link.b),
                "score": link.score,
                "band": link.band,
                "gains": {"a": text(link.gains.subject), "b": text(link.gains.partner)},
                "evidence": [reason(r) for r in link.reasons],
                "missing": _maybe(link.missing),
                "km": _km(link.km),
            }
            for link in links
        ]
    }


def card(c: Card) -> Json:
    """One recommendation."""
    return {
        "rank": c.rank,
        "partner": actor(c.partner),
        "score": c.score,
        "band": c.band,
        "probability": c.probability,
        "basis": c.basis,
        "gains": {"subject": text(c.gains.subject), "partner": text(c.gains.partner)},
        "evidence": [reason(r) for r in c.reasons],
        "missing": _maybe(c.missing),
        "questions": [text(q) for q in c.questions],
        "known": _maybe(c.known),
        "km": _km(c.km),
    }


def reason(r: Reason) -> Json:
    """One reason with the statements it rests on."""
    return {
        "signal": r.signal,
        "contribution": r.contribution,
        "text": text(r.text),
        "note": _maybe(r.note),
        "statements": [fact(f) for f in r.facts],
    }


def fact(f: Fact) -> Json:
    """A statement with its sources."""
    return {"id": f.id, "sources": [source(s) for s in f.sources], "published": f.published, "basis": f.basis, "confidence": f.confidence}


def source(s: SourceRef) -> Json:
    """A source; `url` is null for one without a public address."""
    return {"key": s.key, "url": s.url, "title": s.title, "year": s.year}


def actor(a: ActorRef) -> dict[str, Json]:
    """An actor in one line."""
    return {"id": a.id, "name": a.name, "kind": a.kind, "role": a.role, "place": a.place}


def offer(o: Offer) -> Json:
    """A skill that is offered."""
    return {"skill": o.skill, "label": text(o.label), "statement": fact(o.fact)}


def need(n: Need) -> Json:
    """A skill that is needed, and who here can meet it."""
    return {
        "skill": n.skill,
        "label": text(n.label),
        "need_type": n.need_type,
        "paraphrase": _maybe(n.paraphrase),
        "statement": fact(n.fact),
        "answered_by": [{"id": a.id, "name": a.name} for a in n.answered_by],
    }


def tie(t: Tie) -> Json:
    """A known relation; `is_tie` tells ties from context."""
    return {"partner": actor(t.partner), "how": text(t.how), "is_tie": t.is_tie, "statements": [fact(f) for f in t.facts]}


def text(t: Text) -> Json:
    """A text in both languages."""
    return {"fr": t.fr, "en": t.en}


def _maybe(t: Text | None) -> Json:
    return None if t is None else text(t)


def _km(km: float | None) -> float | None:
    return None if km is None else round(km, 1)
