"""All that is known about one actor, as a view."""

from __future__ import annotations

import pyarrow.compute as pc

from graph_builder.normalise import fold
from ontology.model import PREDICATES, TIE_PREDICATES, Basis
from passerelle.presenting import Presenter
from passerelle.views import Need, Offer, Profile, SourceRef, Tie
from recommender.answers import Text
from recommender.doubts import to_check
from recommender.signals.need_words import TYPE_LABEL
from recommender.signals.needs import answerers
from recommender.skills import NeedFact, Offers

WHY_NOT = {
    "closed": Text("A cessé son activité.", "Has closed."),
    "merged": Text("A été repris ou fusionné.", "Was taken over or merged."),
    "planned": Text("N'existe pas encore.", "Does not exist yet."),
    "reduced": Text("Activité fortement réduite.", "Activity much reduced."),
    "placeholder": Text("Son activité n'est pas connue.", "Its activity is not known."),
    "unverified": Text("Son existence ou son activité actuelle reste à vérifier.", "Its existence or present activity is yet to be checked."),
    "place": Text("C'est un lieu, pas un partenaire.", "It is a place, not a partner."),
    "no_use": Text("Pas de rencontre utile à lui proposer.", "No useful meeting to suggest to it."),
}
"""Why an actor is never recommended, by the package's word."""


def profile(presenter: Presenter, actor_id: str) -> Profile:
    """The profile of an actor: stated needs apart from hypotheses, ties apart from context."""
    snapshot, context = presenter.snapshot, presenter.context
    i = context.index[actor_id]
    fr, en = snapshot.values("description_fr").get(actor_id, ""), snapshot.values("description_en").get(actor_id, "")
    note, why = snapshot.values("status_note").get(actor_id), snapshot.values("why_not").get(actor_id)
    statement = snapshot.attribute_statement(actor_id, "description_fr")
    ties, others = relations_of(presenter, actor_id)
    sources = _sources(presenter, actor_id)
    return Profile(
        actor=presenter.actor(actor_id),
        description=Text(fr, en or fr),
        description_fact=presenter.fact(statement) if statement else None,
        aliases=_aliases(presenter, actor_id),
        sectors=sectors_of(presenter, actor_id, Basis.STATED),
        status=snapshot.values("status").get(actor_id, "unknown"),
        status_note=Text(note, note) if note else None,
        recommendable=bool(context.actors.recommendable[i]),
        why_not=None if why is None else WHY_NOT.get(why, Text(why, why)),
        to_check=to_check(context, i),
        website=snapshot.values("website").get(actor_id),
        siren=snapshot.values("siren").get(actor_id),
        offers=_offers(presenter, i, context.offers),
        needs=tuple(_need(presenter, n) for n in sorted(context.needs.of_actor.get(i, ()), key=_telling)),
        hypotheses=tuple(_need(presenter, n) for n in context.guessed_needs.of_actor.get(i, ())),
        offer_hypotheses=_offers(presenter, i, context.guessed_offers),
        sector_hypotheses=sectors_of(presenter, actor_id, Basis.INFERRED),
        ties=ties,
        context=others,
        sources=sources,
        newest_year=max((context.actors.newest_year[i][:4], *((s.year or "")[:4] for s in sources))) or None,
    )


def _aliases(presenter: Presenter, actor_id: str) -> tuple[str, ...]:
    """Other names that say more than the name in other letters."""
    same = fold(presenter.actor(actor_id).name)
    return tuple(name for name in presenter.snapshot.lists("alt_name").get(actor_id, ()) if fold(name) != same)


def sectors_of(presenter: Presenter, actor_id: str, basis: Basis) -> tuple[tuple[str, Text], ...]:
    """Sectors that sources state of an actor, or that a rule inferred, each once, sorted by id."""
    rows = presenter.snapshot.relations
    told = pc.and_(pc.equal(rows["predicate"], "operatesInSector"), pc.equal(rows["subject"], actor_id))
    found = rows.filter(pc.and_(told, pc.equal(rows["basis"], basis.value)))
    return tuple((s, presenter.labels.of(s)) for s in sorted(set(found["object"].to_pylist())))


def _offers(presenter: Presenter, actor: int, offers: Offers) -> tuple[Offer, ...]:
    skills = presenter.context.vocabulary.skills
    rows = sorted(offers.by_actor[actor], key=lambda s: (-offers.rarity[s], s))
    return tuple(Offer(skills[s], presenter.labels.of(skills[s]), presenter.fact(offers.statement[actor, s])) for s in rows)


def _telling(need: NeedFact) -> tuple[bool, float, str, int]:
    """Needs that a source puts into words first, then the surest and most recent."""
    return not need.paraphrase_fr, -need.weight, need.need_type, need.skill


def _need(presenter: Presenter, need: NeedFact) -> Need:
    context = presenter.context
    skill = context.vocabulary.skills[need.skill]
    paraphrase = Text(need.paraphrase_fr, need.paraphrase_en or need.paraphrase_fr) if need.paraphrase_fr else None
    best = sorted(answerers(context, need), key=lambda pair: (-pair[1], pair[0]))
    ok = [context.ids[a] for a, _ in best if context.actors.recommendable[a]]
    return Need(
        skill,
        presenter.labels.of(skill),
        need.need_type,
        TYPE_LABEL[need.need_type],
        paraphrase,
        presenter.fact(need.statement),
        tuple(presenter.actor(a) for a in ok),
    )


def relations_of(presenter: Presenter, actor_id: str) -> tuple[tuple[Tie, ...], tuple[Tie, ...]]:
    """Ties, then other relations to actors, each partner once, in the order of their names."""
    snapshot, context = presenter.snapshot, presenter.context
    found: dict[tuple[str, bool], tuple[list[Text], list[str]]] = {}
    rows = snapshot.relations.filter(pc.or_(pc.equal(snapshot.relations["subject"], actor_id), pc.equal(snapshot.relations["object"], actor_id)))
    for row in rows.to_pylist():
        other = row["object"] if row["subject"] == actor_id else row["subject"]
        if other in context.index and other != actor_id and row["basis"] == Basis.STATED:
            how, statements = found.setdefault((other, row["predicate"] in TIE_PREDICATES), ([], []))
            how.append(_how(presenter, row))
            statements.append(row["statement"])
    for event in (context.ties.events[k] for k in context.ties.of_actor[context.index[actor_id]]):
        if event.kind == "project":
            name = presenter.labels.name(event.id)
            for partner in event.actors:
                if context.ids[partner] != actor_id:
                    how, statements = found.setdefault((context.ids[partner], True), ([], []))
                    how.append(Text(f"projet commun : {name.fr}", f"joint project: {name.en}"))
                    statements += [s for s in event.statements if snapshot.statement(s).subject in (actor_id, context.ids[partner])]
    ties = [_tie(presenter, key, *parts) for key, parts in found.items()]
    ties.sort(key=lambda t: (t.partner.name.casefold(), t.partner.id))
    return tuple(t for t in ties if t.is_tie), tuple(t for t in ties if not t.is_tie)


def _how(presenter: Presenter, row: dict[str, str]) -> Text:
    """The relation as a short clause: subject, what, object."""
    predicate = PREDICATES[row["predicate"]]
    a, b = presenter.labels.name(row["subject"]), presenter.labels.name(row["object"])
    return Text(f"{a.fr} {predicate.label['fr']} {b.fr}", f"{a.en} {predicate.label['en']} {b.en}")


def _tie(presenter: Presenter, key: tuple[str, bool], how: list[Text], statements: list[str]) -> Tie:
    words = list(dict.fromkeys(how))
    text = Text(" ; ".join(w.fr for w in words), "; ".join(w.en for w in words))
    return Tie(presenter.actor(key[0]), text, key[1], presenter.facts(dict.fromkeys(statements)))


def _sources(presenter: Presenter, actor_id: str) -> tuple[SourceRef, ...]:
    """Sources that speak of an actor, the newest first, undated ones last."""
    rows = presenter.snapshot.attributes
    told = rows.filter(pc.equal(rows["subject"], actor_id))["record"].unique().to_pylist()
    cited = {source for record in told for source in presenter.snapshot.record_sources(record)}
    context = presenter.context
    for need in context.needs.of_actor.get(context.index[actor_id], ()):
        cited |= set(presenter.snapshot.statement(need.statement).sources)
    return tuple(sorted((presenter.source(s) for s in cited), key=lambda s: (s.year or "", s.key), reverse=True))
