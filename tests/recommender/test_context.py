"""The context of a date: what it takes from a snapshot, what it leaves out, what it masks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from recommender.context import Context
from tests.recommender.world import ACTORS, WORDS, World, at, world


def test_rows_are_the_actors_in_the_order_of_their_ids() -> None:
    context = world().context(encoder=WORDS)
    assert context.ids == ACTORS and context.size == 12
    assert [context.index[a] for a in ACTORS] == list(range(12))
    assert context.offers.matrix.shape == (12, 5) and context.sectors.shape == (12, 3)
    assert context.profiles.vectors is not None and context.profiles.vectors.shape == (12, WORDS.dim)


def test_no_actor_is_no_error() -> None:
    context = World().vocabulary().context(encoder=WORDS)
    assert context.size == 0 and context.ties.matrix.shape == (0, 0)


def test_a_year_of_grace_makes_a_fact_known() -> None:
    w = world()
    w.offer("theta", "welding", published="2020")
    column = w.context().vocabulary.skill_index["skill:welding"]
    assert column not in w.context(date(2020, 12, 31)).offers.of(at("theta"))
    assert column in w.context(date(2021, 1, 1)).offers.of(at("theta"))


def test_a_tie_is_known_from_its_own_date() -> None:
    # beta collaboratesWith delta since 2020, told by a record of 2024
    assert world().context(date(2021, 1, 1)).ties.matrix[at("beta"), at("delta")] == 1
    assert world().context(date(2020, 6, 1)).ties.matrix[at("beta"), at("delta")] == 0


def test_undated_facts_are_counted() -> None:
    w = world()
    before = w.context(date(2025, 1, 1)).undated
    w.offer("theta", "welding", published=None)
    assert before == 1  # eta needs vision
    assert w.context(date(2025, 1, 1)).undated == 2
    assert w.context().undated == 0


def test_nothing_is_known_before_everything() -> None:
    context = world().context(date(1900, 1, 1), encoder=WORDS)
    assert context.offers.matrix.nnz == context.ties.matrix.nnz == context.sectors.nnz == len(context.needs.facts) == 0
    assert set(context.profiles.texts) == {""} and set(context.profiles.statement) == {""}


def test_held_out_statements_leave_every_matrix() -> None:
    w = world()
    snapshot = w.snapshot()
    everything = frozenset(snapshot.relations["statement"].to_pylist()) | frozenset(snapshot.attributes["statement"].to_pylist())
    context = Context.at(snapshot, without=everything, encoder=WORDS)
    assert context.offers.matrix.nnz == context.ties.matrix.nnz == context.sectors.nnz == context.group.nnz == context.project_skills.nnz == 0
    assert not context.needs.facts and not context.guessed_needs.facts and not context.place_statement
    assert set(context.profiles.texts) == {""}


def test_hypotheses_stand_apart() -> None:
    context = world().context()
    skills = context.vocabulary.skill_index
    assert skills["skill:robots"] in context.guessed_offers.of(at("mu")) and skills["skill:robots"] not in context.offers.of(at("mu"))
    assert [n.skill for n in context.guessed_needs.of_actor[at("beta")]] == [skills["skill:welding"]]
    assert at("beta") not in context.needs.of_actor


def test_hypotheses_are_in_no_text() -> None:
    context = world().context()
    assert "Robotique" not in context.profiles.texts[at("mu")]
    assert "Robotique" in context.profiles.texts[at("eta")]


@pytest.mark.parametrize("name", ["composites", "COMPOSITES", "Composite tanks", "composites pour gaz"])
def test_masked_names_are_in_no_text(name: str) -> None:
    context = world().context(masked_names=frozenset({name}), encoder=WORDS)
    assert name.casefold() not in context.profiles.texts[at("alpha")].casefold()
    masked = {w for index in context.profiles.subjects for w in index.terms} | set(context.profiles.terms.terms)
    assert " ".join(name.casefold().split()) not in masked
    plain = world().context(encoder=WORDS).profiles.vectors
    assert plain is not None and context.profiles.vectors is not None
    if "tanks" not in name:  # vectors see the French text
        assert not np.array_equal(plain[at("alpha")], context.profiles.vectors[at("alpha")])


def test_a_mask_takes_whole_words_only() -> None:
    context = world().context(masked_names=frozenset({"composite", "gaz."}))
    text = context.profiles.texts[at("alpha")]
    assert "composites" in text  # a longer word
    assert "Composite " not in text and "gaz." not in text


def test_its_own_name_is_no_subject() -> None:
    w = world()
    w.actor("omega", text=("Omega travaille à Belfort avec Projet Rails et Turbo.", "Omega works in Belfort."), alt_name="Turbo")
    context = w.context()
    french = context.profiles.subjects[0]
    row = french.matrix[[context.index["omega"]]]
    terms = {french.terms[c] for c in row.indices}
    assert "travaille" in terms and not terms & {"omega", "belfort", "rails", "turbo"}


def test_the_first_known_description_counts() -> None:
    w = world()
    w.describe("alpha", "Aaa première dans l'alphabet.", "", "2025")
    assert w.context(date(2025, 6, 1)).profiles.texts[at("alpha")].startswith("Réservoirs composites")
    assert w.context().profiles.texts[at("alpha")].startswith("Aaa première")


def test_ages_are_counted_from_the_date_or_from_the_year_of_the_package() -> None:
    w = world()
    w.actor("omega", source_year="2020")
    assert w.context().actors.reference_year == 2026
    assert w.context().actors.to_check[w.context().index["omega"]] == "old"
    then = w.context(date(2025, 6, 1))
    assert then.actors.reference_year == 2025 and then.actors.to_check[then.index["omega"]] == ""


def test_needs_grow_old() -> None:
    w = World().vocabulary()
    w.actor("a")
    for skill, since, published in (
        ("welding", None, "2021"),
        ("hydrogen", None, "2020"),
        ("vision", None, None),
        ("robots", "2019", "2024"),
        ("modelling", "2016/2021", "2010"),
    ):
        w.need("a", skill, "other", since=since, published=published)
    context = w.context()
    found = {context.vocabulary.skills[n.skill]: (n.year, n.weight) for n in context.needs.facts}
    # 2026 - 2021 = 5 years is fresh, 6 is old; its own date comes before that of its record, and its latest day counts
    assert found == {
        "skill:welding": ("2021", 1.0),
        "skill:hydrogen": ("2020", 0.6),
        "skill:vision": ("", 0.6),
        "skill:robots": ("2019", 0.6),
        "skill:modelling": ("2021", 1.0),
    }


def test_ties_between_two_actors() -> None:
    w = world()
    w.tie("eta", "gamma")
    ties = w.context().ties
    kinds = [e.kind for e in ties.between(at("eta"), at("gamma"))]
    assert sorted(kinds) == ["project", "relation"]
    assert ties.between(at("theta"), at("alpha")) == ()
    assert ties.matrix[at("eta"), at("gamma")] == 1  # binary, however many events


def test_the_same_context_each_time() -> None:
    one, other = (world().context(encoder=WORDS) for _ in range(2))
    assert one.profiles.texts == other.profiles.texts and one.needs.facts == other.needs.facts
    assert (one.offers.weight != other.offers.weight).nnz == 0
