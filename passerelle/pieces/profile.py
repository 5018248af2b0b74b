"""All that is known about an actor, in one card: facts with their sources first, hypotheses apart, as questions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from passerelle.i18n import say, some, tell
from passerelle.look import chip, confidence, fold_rest, html, need_row, over, quiet, source_line, sources_of, who
from passerelle.pieces.links import link_to
from passerelle.views import Fact, Need, Offer, Profile, SourceRef, Tie, abroad
from recommender.answers import Text

_FULL_NEEDS, _FULL_GUESSES, _FULL_TIES, _FULL_ABROAD = 3, 3, 5, 2


def profile_card(profile: Profile, *, year: int) -> None:
    """Draw the profile. `year` is the year of the data: the age of a source counts from it."""
    with st.container(border=True, key="card-profile"):
        html(_identity(profile))
        for part in (_needs(profile.needs), _offers(profile.offers), _guesses(profile), _ties(profile), _sources(profile, year)):
            if part:
                html(part)
        link_to("data", say("origin_link"), ":material/receipt_long:", vue="faits", fait=profile.actor.id)


def cautions(profile: Profile) -> str:
    """Why the actor is not suggested, what its status is, what is to be checked; '' when all is well."""
    lines: list[str] = []
    if profile.status != "active":
        lines.append(_caution(say("status_" + profile.status), profile.status_note))
    if not profile.recommendable:
        lines.append(_caution(say("not_proposed"), profile.why_not))
    if profile.to_check:
        lines.append(f'<p class="caution">{escape(tell(profile.to_check))}</p>')
    return "".join(lines)


def _caution(title: str, why: Text | None) -> str:
    """A warning, and why."""
    told = f"<br>{escape(tell(why))}" if why else ""
    return f'<p class="caution"><b>{escape(title)}</b>{told}</p>'


def _identity(profile: Profile) -> str:
    """Name, kind and place, warnings, description, sectors, address on the web."""
    aliases = quiet(say("also_called", names=", ".join(profile.aliases))) if profile.aliases else ""
    told = f'<p style="margin:.6rem 0 .2rem">{escape(tell(profile.description))}</p>'
    origin = sources_of((profile.description_fact,)) if profile.description_fact else ""
    sectors = "".join(chip(tell(label)) for _, label in profile.sectors)
    chips = f'<p class="over" style="margin-top:.9rem">{escape(say("sectors"))}</p><div class="foot">{sectors}</div>' if sectors else ""
    return who(profile.actor, level=2) + aliases + cautions(profile) + told + origin + chips + _links_out(profile)


def _links_out(profile: Profile) -> str:
    """Web site and business number, where they are known."""
    parts = []
    if profile.website and profile.website.startswith(("http://", "https://")):
        parts.append(f'<a class="quiet" href="{escape(profile.website)}" target="_blank" rel="noopener noreferrer">{escape(say("website"))}</a>')
    if profile.siren:
        parts.append(f'<span class="quiet">{escape(say("siren", number=profile.siren))}</span>')
    return f'<div class="foot" style="margin-top:.6rem">{"".join(parts)}</div>' if parts else ""


def _needs(needs: Sequence[Need]) -> str:
    """Stated needs, each with who here can meet it."""
    if not needs:
        return ""
    rows = [need_row(f"{tell(need.label)} · {tell(need.type_label)}", need, answers(need)) for need in needs]
    return over("needs") + fold_rest(rows, _FULL_NEEDS, "more_needs")


def answers(need: Need) -> str:
    """How many can meet a need, and the first of them by name."""
    count = len(need.answered_by)
    names = ", ".join(actor.name for actor in need.answered_by[:3])
    told = some("answered", count)
    return say("answered_by", told=told, names=names + ("…" if count > 3 else "")) if names else told


def _offers(offers: Sequence[Offer]) -> str:
    """Skills offered, how sure, and the sources on request."""
    if not offers:
        return ""
    chips = "".join(chip(tell(offer.label)) for offer in offers)
    return f'{over("offers")}<div class="foot">{chips}</div>{sources_of([offer.fact for offer in offers])}'


def _guesses(profile: Profile) -> str:
    """Inferred needs and offers, worded as questions, in a dashed outline."""
    asked = [say("guess_need", skill=tell(need.label), type=tell(need.type_label)) for need in profile.hypotheses]
    asked += [say("guess_offer", skill=tell(offer.label)) for offer in profile.offer_hypotheses]
    asked += [say("guess_sector", sector=tell(label)) for _, label in profile.sector_hypotheses]
    if not asked:
        return ""
    rows = [f'<p class="guess">{escape(question)}</p>' for question in asked]
    note = f'<div class="foot">{confidence("inferred")}</div>{quiet(say("guess_note"))}'
    return over("guesses") + note + fold_rest(rows, _FULL_GUESSES, "more_guesses")


def _ties(profile: Profile) -> str:
    """Known partners, then the other relations."""
    ties = [_tie(tie) for tie in profile.ties if not tie.partner.outside]
    out = over("ties") + (fold_rest(ties, _FULL_TIES, "more_ties") if ties else quiet(say("no_tie")))
    groups = [_group(how, far) for how, far in abroad(profile.ties)]
    out += over("abroad") + fold_rest(groups, _FULL_ABROAD, "more_projects") if groups else ""
    context = [_tie(tie) for tie in profile.context]
    return out + (over("context") + fold_rest(context, _FULL_NEEDS, "more_ties") if context else "")


def _group(how: Text, ties: Sequence[Tie]) -> str:
    """Partners outside that one project brings: the project, when, how many they are; their names and the source on request."""
    when = _period(ties[0].facts)
    told = f"<b>{escape(tell(how))}</b>{quiet(some('abroad_n', len(ties)) + (f', {when}' if when else ''))}"
    names = quiet("; ".join(sorted(tie.partner.name for tie in ties)))
    return f'<details class="tie"><summary>{told}</summary>{names}{sources_of(ties[0].facts)}</details>'


def _tie(tie: Tie) -> str:
    """One relation: with whom, how, since when; where it was read, on request."""
    when = _period(tie.facts)
    told = f"{tell(tie.how)}, {when}" if when else tell(tie.how)
    return f'<details class="tie"><summary><b>{escape(tie.partner.name)}</b>{quiet(told)}</summary>{sources_of(tie.facts)}</details>'


def _period(facts: Sequence[Fact]) -> str:
    """The years that the facts span, as far as they are known; '' when no start is."""
    starts = sorted(fact.since[:4] for fact in facts if fact.since)
    ends = sorted(fact.until[:4] for fact in facts if fact.until)
    if not starts:
        return ""
    if len(ends) == len(facts) and ends[-1] != starts[0]:
        return say("period", start=starts[0], end=ends[-1])
    return say("since", year=starts[0])


def _sources(profile: Profile, year: int) -> str:
    """The sources with their age, on request."""
    if not profile.sources:
        return quiet(say("sources_none"))
    count, newest = len(profile.sources), (profile.newest_year or "")[:4]
    title = say("sources", n=count, year=newest) if newest else say("sources_undated", n=count)
    items = "".join(f"<li>{source_line(source)} {_age(source, year)}</li>" for source in profile.sources)
    return f'<details class="rest sources"><summary>{escape(title)}</summary><ul class="doubt">{items}</ul></details>'


def _age(source: SourceRef, year: int) -> str:
    """How old a source is, '' when it has no date."""
    text = (source.year or "")[:4]
    if not text.isdigit():
        return ""
    return f'<span class="quiet">({escape(some("age", max(0, year - int(text))))})</span>'
