"""What is missing to be sure, and the questions that hypotheses raise."""

from __future__ import annotations

import pytest

from ontology.model import Confidence
from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.doubts import missing, questions, to_check
from recommender.query import Query
from recommender.signals import SIGNALS
from tests.recommender.world import World, at, world


def doubts(context: Context, subject: str | None, partner: str, *, km: float | None = None, text: str = "", skills: tuple[str, ...] = ()) -> str:
    """The French doubts on a pair, with every reason that the signals give."""
    query = Query(text=text, skills=skills) if subject is None else Query(actor=context.index[subject])
    candidate = context.index[partner]
    reasons = [r for s in SIGNALS if (r := s.explain(context, query, candidate)) is not None]
    found = missing(context, query, candidate, reasons, km)
    return "" if found is None else found.fr


def test_nothing_is_missing() -> None:
    assert doubts(world().context(), "alpha", "beta") == ""


@pytest.mark.parametrize(
    ("more", "fr", "en"),
    [
        ({"status": "unknown"}, "L'activité actuelle est à vérifier : Omega.", "Present activity to be checked: Omega."),
        ({"source_year": ""}, "Aucune source datée : Omega.", "No dated source: Omega."),
        ({"source_year": "2019"}, "La source la plus récente date de 2019 : Omega.", "The newest source dates from 2019: Omega."),
    ],
)
def test_an_actor_to_be_checked(more: dict[str, str], fr: str, en: str) -> None:
    w = world()
    w.offer(w.actor("omega", **more), "welding")
    context = w.context()
    assert to_check(context, context.index["omega"]) == Text(fr, en)
    assert doubts(context, "alpha", "omega").startswith(fr)
    assert to_check(context, at("alpha")) is None


@pytest.mark.parametrize(("published", "said"), [("2015", "Le besoin cité date de 2015 : existe-t-il encore ?"), ("2021", ""), ("2025", "")])
def test_an_old_need(published: str, said: str) -> None:
    w = world()
    w.need("zeta", "welding", "other", published=published)
    assert ("Le besoin cité" in doubts(w.context(), "alpha", "zeta")) == bool(said)
    assert said in doubts(w.context(), "alpha", "zeta")
    assert said in doubts(w.context(), "zeta", "alpha")


def test_an_undated_need() -> None:
    said = "Le besoin cité n'est pas daté : est-il toujours actuel ?"
    assert said in doubts(world().context(), "zeta", "eta")
    assert said in doubts(world().context(), None, "eta", skills=("skill:vision",))


def test_the_oldest_of_the_needs_cited() -> None:
    w = world()
    w.need("zeta", "hydrogen", "rd", published="2024")
    w.need("zeta", "modelling", "rd", published="2012")
    assert "Le besoin cité date de 2012" in doubts(w.context(), "beta", "zeta")


def test_a_need_that_is_not_cited_raises_no_doubt() -> None:
    w = world()
    w.need("alpha", "robots", "supplier", published="2012")  # which beta does not answer
    assert doubts(w.context(), "alpha", "beta") == ""


def test_one_reason_only() -> None:
    context = world().context()
    reason = Evidence("skills", 1.0, Text("a", "a"), ())
    one = missing(context, Query(actor=at("alpha")), at("beta"), [reason], None)
    two = missing(context, Query(actor=at("alpha")), at("beta"), [reason, reason], None)
    assert one == Text("Une seule raison connue.", "Only one reason is known.") and two is None


def test_an_uncertain_fact() -> None:
    w = world()
    w.offer(w.actor("omega"), "welding", confidence=Confidence.UNCERTAIN)
    assert "Un des faits cités est incertain." in doubts(w.context(), "alpha", "omega")
    assert "incertain" not in doubts(w.context(), "alpha", "gamma")


def test_nobody_to_introduce_them() -> None:
    context = world().context()
    said = "Aucun partenaire commun connu pour les présenter."
    assert said in doubts(context, "alpha", "gamma")
    assert said not in doubts(context, "alpha", "beta")
    assert said not in doubts(context, None, "beta", skills=("skill:hydrogen",))  # an idea has no partners


def test_a_common_partner_is_known_though_the_card_has_no_room_to_say_so() -> None:
    context = world().context()
    reason = Evidence("need", 1.0, Text("a", "a"), ())
    assert missing(context, Query(actor=at("alpha")), at("beta"), [reason, reason], None) is None


@pytest.mark.parametrize(("km", "said"), [(None, ""), (39.9, ""), (40.0, ""), (41.2, "41 km les séparent.")])
def test_far_apart(km: float | None, said: str) -> None:
    assert doubts(world().context(), "alpha", "beta", km=km) == said


def test_at_most_three_the_gravest_first() -> None:
    w = world()
    w.offer(w.actor("omega", "asso", "", status="unknown"), "welding", confidence=Confidence.UNCERTAIN)
    context = w.context()
    found = doubts(context, "alpha", "omega", km=80)
    assert found == "L'activité actuelle est à vérifier : Omega. Une seule raison connue. Un des faits cités est incertain."


def test_a_hypothesis_is_a_question() -> None:
    context = world().context()
    # a rule guessed that beta needs welding of a supplier: alpha is one
    (question,) = questions(context, Query(actor=at("alpha")), at("beta"))
    assert question.fr == "Ce savoir-faire de Alpha serait-il utile à Beta : soudage ? Hypothèse à vérifier avec l'intéressé."
    assert question.en == "Would this skill of Alpha be useful to Beta: welding? A hypothesis, to be checked with them."
    assert questions(context, Query(actor=at("beta")), at("alpha")) == (question,)


def test_questions_ask() -> None:
    context = world().context()
    asked = [q for a in range(12) for b in range(12) if a != b for q in questions(context, Query(actor=a), b)]
    assert asked
    for question in asked:
        assert " ?" in question.fr and "Hypothèse à vérifier" in question.fr
        assert "?" in question.en and "hypothesis" in question.en


def test_a_guessed_offer_answers_no_hypothesis() -> None:
    w = World().vocabulary()
    w.need(w.actor("a"), "welding", "other", stated=False)
    w.offer(w.actor("b"), "welding", stated=False)
    assert questions(w.context(), Query(actor=0), 1) == ()


def test_a_hypothesis_needs_an_answer_of_the_right_type() -> None:
    w = World().vocabulary()
    w.need(w.actor("a"), "welding", "rd", stated=False)
    w.offer(w.actor("b"), "welding")  # a firm answers no research need
    assert questions(w.context(), Query(actor=0), 1) == ()


def test_one_question_in_each_direction_and_none_for_an_idea() -> None:
    w = World().vocabulary()
    w.offer(w.actor("a"), "welding", "vision")
    w.offer(w.actor("b"), "robots", "modelling")
    for skill in ("robots", "modelling"):
        w.need("a", skill, "other", stated=False)
    for skill in ("welding", "vision"):
        w.need("b", skill, "other", stated=False)
    assert len(questions(w.context(), Query(actor=0), 1)) == 2
    assert questions(w.context(), Query(text="?", skills=("skill:welding",)), 1) == ()


def test_stated_needs_raise_no_question() -> None:
    assert questions(world().context(), Query(actor=at("eta")), at("zeta")) == ()
