"""Tables of the command line: short, readable; answers about actors in the language asked for, reports on data in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from ontology.errors import Finding
from passerelle.views import COMPUTED, Answer, Card, Fact, Hit, Link, Need, Profile, Reason, Tie, abroad, level_of
from recommender.answers import Text

if TYPE_CHECKING:
    from graph_builder.pipeline import BuildReport

WIDTH = 110

_WORDS: Mapping[str, Text] = {
    "strong": Text("piste forte", "strong lead"),
    "serious": Text("piste sérieuse", "serious lead"),
    "explore": Text("piste à creuser", "lead to explore"),
    "verified": Text("lu dans une source", "read in a source"),
    "likely": Text("vraisemblable", "likely"),
    "known": Text("connu, sans source lue", "known, no source read"),
    "uncertain": Text("incertain", "uncertain"),
    "inferred": Text("hypothèse", "hypothesis"),
    "computed": Text("calculé", "computed"),
    "active": Text("actif", "active"),
    "unknown": Text("activité inconnue", "activity unknown"),
    "closed": Text("fermé", "closed"),
    "merged": Text("fusionné", "merged"),
    "planned": Text("en projet", "planned"),
    "reduced": Text("réduit", "reduced"),
    "no place": Text("lieu inconnu", "place unknown"),
    "no source": Text("sans source", "no source"),
    "no date": Text("sans date", "no date"),
    "more": Text("et {} de plus", "and {} more"),
    "nobody": Text("personne de connu ici", "nobody known here"),
    "offers": Text("savoir-faire", "offers"),
    "needs": Text("besoins exprimés", "stated needs"),
    "hypotheses": Text("hypothèses, à vérifier avec l'acteur", "hypotheses, to be checked with the actor"),
    "sectors": Text("secteurs", "sectors"),
    "ties": Text("liens de travail", "ties"),
    "abroad": Text("partenaires hors du territoire", "partners outside the territory"),
    "context": Text("autres relations", "other relations"),
    "sources": Text("sources", "sources"),
    "skills": Text("savoir-faire reconnus : {}", "skills recognised: {}"),
    "idea": Text("cette idée", "this idea"),
    "partners": Text("partenaires pour {}", "partners for {}"),
    "supports": Text("appuis pour {}", "supports for {}"),
    "none": Text(
        "personne à proposer pour {} avec les faits connus et ces filtres, s'il y en a",
        "nobody to suggest for {} with the facts known and these filters, if any",
    ),
    "gains": Text("apports : {} / pour {} : {}", "gains: {} / for {}: {}"),
    "missing": Text("à vérifier : {}", "to be sure: {}"),
    "no link": Text("aucun lien manquant avec ces filtres et les faits connus", "no missing link with these filters and the facts known"),
    "share": Text("aucun acteur ne figure dans plus de {}\u202f% des listes de dix", "no actor stands in more than {}% of all top tens"),
}


def _say(lang: str, word: str, *parts: object) -> str:
    """A word or phrase of the tables; a word without translation stays as it is."""
    return _WORDS.get(word, Text(word, word)).of(lang).format(*parts)


def built(report: BuildReport) -> str:
    """What a build made."""
    counts = report.counts
    kinds = ", ".join(f"{counts[k]:,} {word}" for k, word in _KINDS if counts.get(k))
    lines = [
        f"{'built' if report.changed else 'nothing changed'}: snapshot {report.digest[:12]}",
        f"  {kinds}",
        f"  {counts.get('attributes', 0):,} attributes and {counts.get('relations', 0):,} relations from {counts.get('records', 0):,} records",
    ]
    if report.merged or report.review:
        lines.append(f"  {report.merged} actors merged with another one, {report.review} pairs to review (passerelle duplicates)")
    lines += [f"  {w.line()}" for w in report.warnings]
    return "\n".join(lines)


_KINDS = (
    ("Organization", "actors"),
    ("Project", "projects"),
    ("Skill", "skills"),
    ("Sector", "sectors"),
    ("Place", "places"),
    ("Source", "sources"),
)


def findings(found: Sequence[Finding]) -> str:
    """The faults of a source, or that it has none."""
    errors = sum(f.severity == "error" for f in found)
    head = f"{errors} errors, {len(found) - errors} warnings"
    return "\n".join([*(f.line() for f in found), f"{'not valid' if errors else 'valid'}: {head}"])


def hits(found: Sequence[Hit]) -> str:
    """Search results."""
    if not found:
        return "nothing found; try another word, or describe the subject in a sentence"
    width = max(len(h.id) for h in found)
    return "\n".join(f"{h.id:<{width}}  {h.name}  ({h.kind}, by {h.match})" for h in found)


def profile(p: Profile, lang: str) -> str:
    """All that is known about an actor."""
    head = (p.actor.kind_label.of(lang), p.actor.place or _say(lang, "no place"), _say(lang, p.status))
    lines = [f"{p.actor.name}  [{p.actor.id}]", f"  {' · '.join(head)}"]
    lines += _wrapped(p.description.of(lang), 2)
    for note in (p.why_not, p.to_check):
        lines += _wrapped(note.of(lang), 2, "! ") if note else []
    if p.sectors:
        lines += _wrapped(", ".join(label.of(lang) for _, label in p.sectors), 2, f"{_say(lang, 'sectors')}: ")
    lines += _section(_say(lang, "offers"), [f"{o.label.of(lang)}  ({_cited((o.fact,), lang)})" for o in p.offers])
    lines += _section(_say(lang, "needs"), [_need(n, lang) for n in p.needs])
    lines += _section(_say(lang, "hypotheses"), _questions(p, lang))
    lines += _section(_say(lang, "ties"), [f"{t.partner.name}: {t.how.of(lang)}  ({_cited(t.facts, lang)})" for t in p.ties if not t.partner.outside])
    lines += _section(_say(lang, "abroad"), [f"{how.of(lang)}: {_some_names(ties)}  ({_cited(ties[0].facts, lang)})" for how, ties in abroad(p.ties)])
    lines += _section(_say(lang, "context"), [f"{t.how.of(lang)}  ({_cited(t.facts, lang)})" for t in p.context])
    lines += _section(_say(lang, "sources"), [f"{s.title}, {s.year or _say(lang, 'no date')}  {s.url or ''}" for s in p.sources])
    return "\n".join(lines)


def answer(a: Answer, lang: str) -> str:
    """Partners and supports with their reasons."""
    lines = [n.of(lang) for n in a.notes]
    if a.skills:
        lines.append(_say(lang, "skills", ", ".join(label.of(lang) for _, label in a.skills)))
    whom = a.subject.name if a.subject else _say(lang, "idea")
    for title, cards in (("partners", a.recommendations), ("supports", a.supports)):
        if cards:
            lines += ["", _say(lang, title, whom)]
        for card in cards:
            lines += _card(card, lang)
    if not a.recommendations and not a.supports and not (a.subject and a.notes):
        lines.append(_say(lang, "none", whom))
    return "\n".join(lines).strip()


def links(found: Sequence[Link], share: float, lang: str) -> str:
    """Missing links with their reasons."""
    lines: list[str] = []
    for link in found:
        km = "" if link.km is None else f", {link.km:.0f} km"
        lines.append(f"{link.rank:>3}. {link.a.name} -- {link.b.name}  ({_say(lang, link.band)}{km})")
        lines += [x for r in link.reasons[:2] for x in _reason(r, lang)]
    if not found:
        return _say(lang, "no link")
    return "\n".join([*lines, "", _say(lang, "share", f"{100 * share:.0f}")])


def _card(card: Card, lang: str) -> list[str]:
    km = "" if card.km is None else f", {card.km:.0f} km"
    lines = [f"{card.rank:>3}. {card.partner.name}  [{card.partner.id}]  {_say(lang, card.band)}{km}"]
    lines += _wrapped(card.known.of(lang), 7) if card.known else []
    lines += [x for r in card.reasons for x in _reason(r, lang)]
    lines += _wrapped(_say(lang, "gains", card.gains.subject.of(lang), card.partner.name, card.gains.partner.of(lang)), 7)
    if card.missing:
        lines += _wrapped(_say(lang, "missing", card.missing.of(lang)), 7)
    lines += [x for q in card.questions for x in _wrapped(q.of(lang), 7, "? ")]
    return lines


def _reason(reason: Reason, lang: str) -> list[str]:
    cited = _cited(reason.facts, lang, computed=reason.signal in COMPUTED)
    note = f" “{reason.note.of(lang)}”" if reason.note else ""
    return _wrapped(f"{reason.text.of(lang)}{note}  ({cited})", 7, "- ")


def _cited(facts: Sequence[Fact], lang: str, *, computed: bool = False) -> str:
    """First source with its year, how many more there are, and how sure the least sure fact is, or that the tool computed it."""
    sources = list(dict.fromkeys(source for fact in facts for source in fact.sources))
    if not sources:
        return _say(lang, "no source")
    more = f" {_say(lang, 'more', len(sources) - 1)}" if len(sources) > 1 else ""
    return f"{sources[0].title}, {sources[0].year or _say(lang, 'no date')}{more}; {_say(lang, 'computed' if computed else level_of(facts))}"


def _need(need: Need, lang: str) -> str:
    who = ", ".join(a.name for a in need.answered_by[:3]) or _say(lang, "nobody")
    note = f" “{need.paraphrase.of(lang)}”" if need.paraphrase else ""
    return f"{need.label.of(lang)} ({need.type_label.of(lang).lower()}){note}  ({_cited((need.fact,), lang)}) -> {who}"


def _some_names(ties: Sequence[Tie], most: int = 3) -> str:
    """The first names, and how many more there are."""
    names = sorted(tie.partner.name for tie in ties)
    more = f" (+{len(names) - most})" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def _questions(p: Profile, lang: str) -> list[str]:
    """What a rule inferred, each as a question: needs, then skills, then sectors."""
    asked = [(("cherche", "needs"), n.label) for n in p.hypotheses]
    asked += [(("sait faire", "can do"), o.label) for o in p.offer_hypotheses]
    asked += [(("travaille dans le secteur", "works in the sector"), label) for _, label in p.sector_hypotheses]
    return [f"{fr} : {label.fr} ?" if lang == "fr" else f"{en}: {label.en}?" for (fr, en), label in asked]


def _section(title: str, rows: Sequence[str]) -> list[str]:
    return [f"  {title}", *(line for row in rows for line in _wrapped(row, 4, "- "))] if rows else []


def _wrapped(text: str, indent: int, mark: str = "") -> list[str]:
    lead = " " * indent
    hang = lead + " " * len(mark)
    return fill(text, WIDTH, initial_indent=lead + mark, subsequent_indent=hang, break_on_hyphens=False, break_long_words=False).splitlines()
