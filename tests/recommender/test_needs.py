"""Which actor answers which need: a stated offer of the skill, and a kind that answers that type."""

from __future__ import annotations

import numpy as np
import pytest

from ontology.model import Confidence, NeedType
from recommender.answers import Text
from recommender.context import Context
from recommender.doubts import questions
from recommender.query import Query
from recommender.signals.need_words import TYPE_LABEL, gain_of_helper, gain_of_needer, need_answered
from recommender.signals.needs import FOR_AN_IDEA, NeedMet, NeedServed, answerers, answers, met_needs, served_needs
from tests.recommender.world import KINDS, World, at, world

TYPES = [t.value for t in NeedType]


def needing(need_type: str, kind: str, *, stated_offer: bool = True, stated_need: bool = True) -> Context:
    w = World().vocabulary()
    w.need(w.actor("needer", "asso"), "welding", need_type, stated=stated_need)
    w.offer(w.actor("helper", kind), "welding", stated=stated_offer)
    return w.context()


def helpers(context: Context, actor: str) -> dict[str, set[str]]:
    """Who answers each need of an actor, by skill and type."""
    found = {}
    for need in context.needs.of_actor.get(context.index[actor], ()):
        found[f"{context.vocabulary.skills[need.skill]} {need.need_type}"] = {context.ids[a] for a, _ in answerers(context, need)}
    return found


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("need_type", TYPES)
def test_the_kind_must_answer_the_type(need_type: str, kind: str) -> None:
    context = needing(need_type, kind)
    may = need_type == "other" or need_type in KINDS[kind][2]
    assert helpers(context, "needer") == {f"skill:welding {need_type}": {"helper"} if may else set()}


@pytest.mark.parametrize(("need_type", "kind"), [("supplier", "pme"), ("other", "pme")])
def test_a_guessed_offer_answers_nothing(need_type: str, kind: str) -> None:
    context = needing(need_type, kind, stated_offer=False)
    assert helpers(context, "needer") == {f"skill:welding {need_type}": set()}
    helper = context.index["helper"]
    assert answers(context, helper, context.needs.facts[0]) == 0
    assert met_needs(context, context.index["needer"], helper) == []


def test_a_guessed_need_is_a_question_and_no_need() -> None:
    context = needing("supplier", "pme", stated_need=False)
    needer, helper = context.index["needer"], context.index["helper"]
    assert context.needs.facts == () and met_needs(context, needer, helper) == []
    (question,) = questions(context, Query(actor=needer), helper)
    assert question.fr == "Ce savoir-faire de Helper serait-il utile à Needer : soudage ? Hypothèse à vérifier avec l'intéressé."


def test_another_skill_answers_nothing() -> None:
    w = World().vocabulary()
    w.need(w.actor("a"), "welding", "other")
    w.offer(w.actor("b"), "robots")
    assert helpers(w.context(), "a") == {"skill:welding other": set()}


def test_nobody_answers() -> None:
    w = World().vocabulary()
    w.need(w.actor("a"), "welding", "rd")
    context = w.context()
    assert helpers(context, "a") == {"skill:welding rd": set()}
    assert NeedMet().features(context, Query(actor=0), np.arange(1)).tolist() == [[0.0]]


def test_nobody_answers_its_own_need() -> None:
    w = World().vocabulary()
    w.need(w.actor("a"), "welding", "supplier")
    w.offer("a", "welding")
    assert helpers(w.context(), "a") == {"skill:welding supplier": set()}


def test_the_world_by_hand() -> None:
    context = world().context()
    # delta, epsilon and iota offer hydrogen too, but a cluster, a funder and a park answer no research need
    assert helpers(context, "alpha") == {"skill:hydrogen rd": {"beta"}}
    # alpha and kappa offer welding too, but a firm does not train recruits
    assert helpers(context, "eta") == {"skill:vision digital": {"zeta"}, "skill:welding recruit": {"gamma"}}
    assert helpers(context, "mu") == {"skill:robots other": {"eta"}}
    assert helpers(context, "lambda") == {"skill:hydrogen funding": {"epsilon"}}
    assert set(context.needs.of_actor) == {at("alpha"), at("eta"), at("mu"), at("lambda")}


def test_both_directions_tell_the_same_need() -> None:
    context = world().context()
    met = NeedMet().explain(context, Query(actor=at("alpha")), at("beta"))
    served = NeedServed().explain(context, Query(actor=at("beta")), at("alpha"))
    assert met is not None and served is not None
    assert met.text == served.text and met.statements == served.statements
    assert NeedServed().explain(context, Query(actor=at("alpha")), at("beta")) is None
    assert NeedMet().explain(context, Query(actor=at("beta")), at("alpha")) is None


def test_other_is_worded_as_a_maybe() -> None:
    context = needing("other", "pme")
    reason = NeedMet().explain(context, Query(actor=context.index["needer"]), context.index["helper"])
    assert reason is not None
    assert "pourrait aider" in reason.text.fr and "might help" in reason.text.en


@pytest.mark.parametrize("need_type", TYPES)
def test_an_idea_answers_what_a_project_can(need_type: str) -> None:
    context = needing(need_type, "pme")
    idea = Query(text="?", skills=("skill:welding",))
    served = served_needs(context, idea, context.index["needer"])
    assert bool(served) == (need_type in {"rd", "digital", "test_equipment", "supplier", "partners", "other"})
    assert (need_type in FOR_AN_IDEA) == bool(served)
    assert served_needs(context, Query(text="?", skills=("skill:robots",)), context.index["needer"]) == []


def test_one_answer_per_skill_the_best_first() -> None:
    w = world()
    w.need("alpha", "hydrogen", "other")
    w.need("alpha", "modelling", "rd", confidence=Confidence.UNCERTAIN)
    context = w.context()
    met = met_needs(context, at("alpha"), at("beta"))
    assert [(context.vocabulary.skills[n.skill], n.need_type) for n, _ in met] == [("skill:hydrogen", "rd"), ("skill:modelling", "rd")]
    assert met[0][1] > met[1][1]


def test_needs_of_one_type_are_said_together_and_all_cited() -> None:
    w = world()
    w.need("alpha", "modelling", "rd")
    context = w.context()
    reason = NeedMet().explain(context, Query(actor=at("alpha")), at("beta"))
    assert reason is not None
    assert reason.text.en == "Alpha needs research support: modelling and hydrogen storage. Beta works on this subject."
    assert len(reason.statements) == 4


@pytest.mark.parametrize("need_type", TYPES)
def test_every_type_has_its_words(need_type: str) -> None:
    a, b, skill = Text("Alpha", "Alpha Ltd"), Text("Beta", "Beta Ltd"), Text("soudage", "welding")
    sentence = need_answered(need_type, a, b, skill)
    assert "Alpha" in sentence.fr and "Beta" in sentence.fr and "soudage" in sentence.fr
    assert "Alpha Ltd" in sentence.en and "Beta Ltd" in sentence.en and "welding" in sentence.en
    for gain in (gain_of_needer(need_type, skill), gain_of_helper(need_type, skill)):
        assert gain.fr.endswith("soudage.") and gain.en.endswith("welding.")
    assert TYPE_LABEL[need_type].fr and TYPE_LABEL[need_type].en
