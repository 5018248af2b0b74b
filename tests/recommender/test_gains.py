"""What each side gains: the need met, the need served, else a stated skill; nothing that no fact says."""

from __future__ import annotations

import itertools

import pytest

from recommender.answers import Text
from recommender.context import Context
from recommender.gains import NOTHING, gains
from recommender.query import Query
from tests.recommender.world import SKILLS, WORDS, World, at, crowd, world


@pytest.fixture(scope="module")
def context() -> Context:
    return world().context(encoder=WORDS)


def test_the_one_who_needs_and_the_one_who_answers(context: Context) -> None:
    found = gains(context, Query(actor=at("alpha")), at("beta"))
    assert found.subject == Text("Un appui de recherche : stockage d'hydrogène.", "Research support: hydrogen storage.")
    assert found.partner == Text("Un cas réel pour ses travaux : stockage d'hydrogène.", "A real case for its work: hydrogen storage.")


def test_the_other_side_reads_the_same(context: Context) -> None:
    for a, b in itertools.permutations(range(12), 2):
        one, other = gains(context, Query(actor=a), b), gains(context, Query(actor=b), a)
        assert (one.subject, one.partner) == (other.partner, other.subject)


def test_a_skill_that_completes_its_own(context: Context) -> None:
    # "rails" is about welding (alpha) and robots (eta), but eta needs nothing of alpha: a firm does not train
    found = gains(context, Query(actor=at("alpha")), at("eta"))
    assert found.subject.fr == "Un savoir-faire qui complète le sien : robotique."
    assert found.partner.fr == "Un savoir-faire qui complète le sien : soudage."


def test_shared_skills_are_said_by_role(context: Context) -> None:
    found = gains(context, Query(actor=at("alpha")), at("gamma"))  # a firm, a school
    assert found.subject.en == "Research and training skills: welding."
    assert found.partner.en == "A field of application: welding."
    assert gains(context, Query(actor=at("beta")), at("delta")).subject.en == "Means to share: hydrogen storage."


def test_access_to_what_the_other_can_do(context: Context) -> None:
    found = gains(context, Query(actor=at("kappa")), at("zeta"))
    assert found.subject.fr == "L'accès à ce que l'autre sait faire : vision industrielle."
    # a body that serves others gains an actor to serve
    assert gains(context, Query(actor=at("theta")), at("zeta")).subject.fr == "Un acteur à associer à ses projets."


def test_nothing_is_said_where_nothing_is_told(context: Context) -> None:
    found = gains(context, Query(actor=at("kappa")), at("mu"))
    assert found.subject == NOTHING  # what mu offers was only guessed


def test_an_idea(context: Context) -> None:
    idea = Query(text="?", skills=("skill:hydrogen",))
    found = gains(context, idea, at("beta"))
    assert found.subject.fr == "Apporte à l'idée : stockage d'hydrogène."
    assert found.partner.fr == "Un projet dans son domaine : stockage d'hydrogène."
    found = gains(context, idea, at("alpha"))
    assert found.subject.en == "A test ground: someone already has this need."
    assert found.partner.en == "An answer to a stated need: hydrogen storage."
    assert gains(context, Query(text="?", skills=("skill:robots",)), at("beta")).subject == NOTHING
    assert gains(context, Query(text="?"), at("beta")).partner == NOTHING


def test_no_gain_is_invented() -> None:
    """Each skill that a gain names is a stated offer of the other side, or a stated need that one of them has and the other offers."""
    w = crowd()
    context = w.context()
    skills = {label[0].casefold(): context.vocabulary.skill_index[f"skill:{s}"] for s, label in SKILLS.items()}
    offers = [set(context.offers.of(a).tolist()) for a in range(context.size)]
    needs = [{n.skill for n in context.needs.of_actor.get(a, ())} for a in range(context.size)]
    named = 0
    for a, b in itertools.permutations(range(context.size), 2):
        text = gains(context, Query(actor=a), b).subject.fr.casefold()
        for label, skill in skills.items():
            if label in text:
                named += 1
                assert skill in offers[b] or (skill in offers[a] and skill in needs[b])
    assert named > 100


def test_hypotheses_are_no_gains() -> None:
    w = World().vocabulary()
    w.need(w.actor("a"), "welding", "other", stated=False)
    w.offer(w.actor("b"), "robots", stated=False)
    found = gains(w.context(), Query(actor=0), 1)
    assert found.subject == found.partner == NOTHING
