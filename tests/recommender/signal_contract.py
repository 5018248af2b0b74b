"""What every signal promises. A test class inherits this and gives `signal`; golden values stand in the class itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

import numpy as np
import pytest

from ontology.model import Basis
from recommender.answers import Evidence
from recommender.context import Context
from recommender.known import Known
from recommender.query import Query
from recommender.ranking import WEIGHTS
from recommender.signals import SIGNALS, Signal
from tests.recommender.world import ACTORS, WORDS, Change, World, with_change, world

EVERYONE = np.arange(len(ACTORS))
IDEA = Query(text="Réservoirs composites pour trains", skills=("skill:hydrogen", "skill:robots"))
QUERIES = (*(Query(actor=a) for a in range(len(ACTORS))), IDEA)
AS_OF = date(2025, 1, 1)
ON_THE_DAY, LATER = "2025-01-01", "2025"
RAW_ID = re.compile(r"\b(?:skill|sector|place|kind|source|strategy):|\w_\w")


def _planted(w: World, published: str | None) -> None:
    """A fact of every predicate that ranking reads, all of one date, among the actors that are there."""
    w.offer("theta", "welding", "hydrogen", published=published)
    w.offer("alpha", "vision", published=published)
    w.need("alpha", "robots", "supplier", published=published)
    w.need("zeta", "hydrogen", "rd", published=published)
    w.tie("alpha", "zeta", published=published)
    w.tie("theta", "beta", published=published)
    w.relate("zeta", "participatesIn", "rails", role="partner", published=published)
    w.relate("rails", "about", "skill:hydrogen", published=published)
    w.relate("theta", "operatesInSector", "sector:energy", published=published)
    w.relate("alpha", "operatesInSector", "sector:culture", published=published)
    w.relate("alpha", "locatedIn", "place:delle", published=published)
    w.describe("theta", "Réservoirs composites et bogies.", "Composite tanks and bogies.", published)
    w.describe("alpha", "Autre chose que des réservoirs.", "Another thing than tanks.", published)


def _guessed(w: World) -> None:
    """Hypotheses: offers and needs that a rule inferred."""
    w.offer("theta", "welding", "hydrogen", "robots", stated=False)
    w.offer("alpha", "vision", stated=False)
    w.need("alpha", "robots", "other", stated=False)
    w.need("theta", "welding", "recruit", stated=False)
    w.need("zeta", "hydrogen", "rd", stated=False)


class SignalContract:
    """Shape and range, what is unknown, what is cited, what is not known yet."""

    signal: ClassVar[Signal]
    silent: ClassVar[Query] = Query(actor=0)
    """A query of which the signal knows nothing where actors have no facts at all."""

    @pytest.fixture(scope="class")
    @classmethod
    def context(cls) -> Context:
        return world().context(encoder=WORDS)

    def test_is_registered_and_weighed(self) -> None:
        assert any(type(self.signal) is type(s) for s in SIGNALS)
        assert self.signal.name and self.signal.feature_names
        assert {WEIGHTS[f].signal for f in self.signal.feature_names} == {self.signal.name}

    @pytest.mark.parametrize("query", QUERIES, ids=[*ACTORS, "idea"])
    def test_features_are_in_the_unit_interval_or_unknown(self, context: Context, query: Query) -> None:
        found = self.signal.features(context, query, EVERYONE)
        assert found.shape == (len(ACTORS), len(self.signal.feature_names))
        told = found[~np.isnan(found)]
        assert ((told >= 0) & (told <= 1 + 1e-9)).all()

    @pytest.mark.parametrize("query", QUERIES, ids=[*ACTORS, "idea"])
    def test_a_candidate_is_judged_whoever_stands_beside_it(self, context: Context, query: Query) -> None:
        whole = self.signal.features(context, query, EVERYONE)
        chosen = np.asarray([7, 2, 5, 0, 2])
        np.testing.assert_allclose(self.signal.features(context, query, chosen), whole[chosen], atol=1e-12)
        one_by_one = np.vstack([self.signal.features(context, query, np.asarray([a])) for a in EVERYONE])
        np.testing.assert_allclose(one_by_one, whole, atol=1e-12)

    @pytest.mark.parametrize("query", [Query(actor=0), IDEA], ids=["actor", "idea"])
    def test_no_candidate_gives_no_row(self, context: Context, query: Query) -> None:
        assert self.signal.features(context, query, EVERYONE[:0]).shape == (0, len(self.signal.feature_names))

    def test_knows_nothing_where_nothing_is_told(self) -> None:
        w = World().vocabulary()
        for name in ACTORS:
            w.actor(name, "", "")
        empty = w.context(encoder=WORDS)
        assert np.isnan(self.signal.features(empty, self.silent, EVERYONE)).all()
        assert [self.signal.explain(empty, self.silent, a) for a in range(1, len(ACTORS))] == [None] * (len(ACTORS) - 1)

    def test_a_territory_without_vocabulary_is_no_error(self) -> None:
        w = World()
        for name in ACTORS:
            w.actor(name, "", "")
        bare = w.context(encoder=WORDS)
        for query in (Query(actor=0), Query(text="Rien")):
            assert self.signal.features(bare, query, EVERYONE).shape == (len(ACTORS), len(self.signal.feature_names))

    def reasons(self, context: Context) -> Iterator[tuple[Query, int, Evidence]]:
        for query in QUERIES:
            for candidate in EVERYONE:
                if candidate != query.actor:
                    reason = self.signal.explain(context, query, int(candidate))
                    if reason is not None:
                        yield query, int(candidate), reason

    @pytest.mark.parametrize("as_of", [None, AS_OF, date(2022, 1, 1)])
    def test_a_reason_cites_known_stated_facts(self, as_of: date | None) -> None:
        context = world().context(as_of, encoder=WORDS)
        known = Known(context.snapshot, as_of)
        relations = frozenset(context.snapshot.relations["statement"].to_pylist())
        for _, _, reason in self.reasons(context):
            assert reason.signal == self.signal.name
            assert reason.contribution == 0
            assert reason.statements and len(set(reason.statements)) == len(reason.statements)
            for cited in reason.statements:
                fact = context.snapshot.statement(cited)
                assert fact.basis is Basis.STATED and fact.sources
                assert known.has(cited) if cited in relations else known.knows_attribute(cited, fact.record)

    def test_a_reason_speaks_of_the_pair(self, context: Context) -> None:
        for query, candidate, reason in self.reasons(context):
            subjects = {context.snapshot.statement(s).subject for s in reason.statements}
            ends = {context.ids[candidate]} | (set() if query.actor is None else {context.ids[query.actor]})
            assert subjects & ends

    def test_a_reason_is_worded_in_both_languages(self, context: Context) -> None:
        for _, _, reason in self.reasons(context):
            for text in (reason.text, *([reason.note] if reason.note else [])):
                for words in (text.fr, text.en):
                    assert words.strip() == words and words[-1] in ".!?"
                    assert not RAW_ID.search(words)
                    assert "  " not in words and ".." not in words and "()" not in words and "{" not in words
                    assert not any(re.search(rf"\b{name}\b", words) for name in self.signal.feature_names if "_" in name)

    def test_a_reason_is_given_only_where_a_feature_speaks_for_it(self, context: Context) -> None:
        for query, candidate, _ in self.reasons(context):
            assert np.nansum(self.signal.features(context, query, np.asarray([candidate]))) > 0

    def same(self, one: Context, other: Context) -> None:
        for query in QUERIES:
            np.testing.assert_array_equal(self.signal.features(one, query, EVERYONE), self.signal.features(other, query, EVERYONE))
            for candidate in EVERYONE:
                assert self.signal.explain(one, query, int(candidate)) == self.signal.explain(other, query, int(candidate))

    @pytest.mark.parametrize("published", [ON_THE_DAY, LATER, "2024/2025", "2024-21/..", None])
    def test_facts_of_a_later_day_or_of_no_day_change_nothing(self, published: str | None) -> None:
        snapshot, _ = with_change(lambda w: _planted(w, published))
        self.same(world().context(AS_OF, encoder=WORDS), Context.at(snapshot, AS_OF, encoder=WORDS))

    def test_facts_held_out_change_nothing(self) -> None:
        snapshot, added = with_change(lambda w: _planted(w, "2024"))
        self.same(world().context(encoder=WORDS), Context.at(snapshot, without=added, encoder=WORDS))

    def test_hypotheses_change_nothing(self) -> None:
        snapshot, _ = with_change(_guessed)
        self.same(world().context(encoder=WORDS), Context.at(snapshot, encoder=WORDS))

    def test_a_fact_told_twice_counts_once(self) -> None:
        def again(w: World) -> None:
            w.offer("alpha", "welding", published="2023")
            w.offer("beta", "hydrogen", published="2023")
            w.need("alpha", "hydrogen", "rd", published="2025")
            w.tie("alpha", "delta", published="2023")
            w.relate("alpha", "operatesInSector", "sector:energy", published="2023")
            w.relate("rails", "about", "skill:welding", published="2023")

        self.same_features(again)

    def same_features(self, change: Change) -> None:
        snapshot, _ = with_change(change)
        one, other = world().context(encoder=WORDS), Context.at(snapshot, encoder=WORDS)
        for query in QUERIES:
            np.testing.assert_allclose(self.signal.features(other, query, EVERYONE), self.signal.features(one, query, EVERYONE), atol=1e-12)
