"""One event left out at a time: nothing of it may be left where it could be read."""

from __future__ import annotations

import numpy as np
import pytest

from graph_builder.graph import Graph
from graph_builder.snapshot import Snapshot
from recommender.context import Context
from recommender.evaluation.held_out import HeldOut, facts_of, half, held_out, names_of
from recommender.signals import SIGNALS
from tests.recommender.world import WORDS, World, crowd, statement_ids, world


def every(w: World) -> list[HeldOut]:
    return list(held_out(w.snapshot(), WORDS))


def told() -> World:
    """The world where descriptions speak of an event and of its actors."""
    w = world()
    w.entity("omni", "Organization", name="Omnitech", kind="kind:pme", alt_name="OmTe", name_en="Omnitech Ltd", recommendable="yes")
    w.describe("omni", "Omnitech et Gamma mènent Projet Rails avec Atelier Nord.", "Omnitech Ltd and Gamma run Project Rails.")
    w.actor("pi", text=("Filiale citée par OmTe, voisine de GAMMA.", "Firm near omnitech."), alt_name="Atelier Nord")
    w.project("bridge", {"omni": "lead", "gamma": "partner", "pi": "host"}, about=["vision"])
    return w


def test_every_actor_of_every_event_is_a_query() -> None:
    found = {(h.event if h.event in ("rails",) else "relation", h.context.ids[h.query.actor or 0]) for h in every(world())}
    assert found == {("relation", a) for a in ("alpha", "beta", "delta", "eta")} | {("rails", "gamma"), ("rails", "eta")}
    assert all(h.relevant for h in every(world()))


def test_by_hand() -> None:
    (left,) = [h for h in every(world()) if h.event == "rails" and h.context.ids[h.query.actor or 0] == "eta"]
    assert {left.context.ids[r] for r in left.relevant} == {"gamma"}
    # not itself, not delta, which it still supplies; all others, eligible or not
    assert {left.context.ids[c] for c in left.candidates} == set(left.context.ids) - {"eta", "delta"}


def test_the_events_facts_are_gone() -> None:
    w = told()
    snapshot = w.snapshot()
    for event in Graph(snapshot).tie_events:
        facts = facts_of(snapshot, event)
        assert set(event.statements) <= facts
        context = Context.at(snapshot, without=facts)
        assert event.id not in {e.id for e in context.ties.events}
        assert not facts & {s for e in context.ties.events for s in e.statements}
        if event.kind == "project":
            row = context.project_ids.index(event.id)
            assert context.project_skills[[row]].nnz == 0
            assert not facts & set(context.about_statement.values())
            gone = {s for s in statement_ids(snapshot) if event.id in (snapshot.statement(s).subject, snapshot.statement(s).object)}
            assert gone == facts


def test_names_of_the_event_and_of_its_actors_are_in_no_text() -> None:
    found = [h for h in every(told()) if h.event == "bridge"]
    assert len(found) == 3
    for held in found:
        texts = " ".join(held.context.profiles.texts).casefold()
        for name in ("omnitech", "gamma", "omte", "atelier nord", "projet bridge", "pi"):
            assert name not in texts.split() and (" " not in name or name not in texts)
        words = set(held.context.profiles.terms.terms) | {t for index in held.context.profiles.subjects for t in index.terms}
        assert not words & {"omnitech", "gamma", "omte", "bridge"}
    assert "projet rails" in " ".join(found[0].context.profiles.texts).casefold()  # another event


def test_vectors_see_no_masked_name() -> None:
    w = told()
    event = next(e for e in Graph(w.snapshot()).tie_events if e.id == "bridge")
    names = names_of(w.snapshot(), event)
    assert {"Omnitech", "Omnitech Ltd", "OmTe", "Gamma", "Atelier Nord", "Projet Bridge", "Project Bridge"} <= names
    held = next(h for h in every(w) if h.event == "bridge")
    other = told()
    other.describe("theta", "Omnitech Gamma OmTe", "")
    twin = next(h for h in held_out(other.snapshot(), WORDS) if h.event == "bridge")
    row = twin.context.index["theta"]
    assert held.context.profiles.vectors is not None and twin.context.profiles.vectors is not None
    assert not twin.context.profiles.vectors[row].any() and not held.context.profiles.vectors[row].any()


def test_pairs_that_another_event_ties_are_neither_relevant_nor_candidates() -> None:
    w = world()
    w.tie("gamma", "eta")
    w.project("again", {"alpha": "lead", "delta": "partner", "zeta": "user"})
    for held in every(w):
        tied = held.context.ties.matrix[[held.query.actor]].todense().ravel() > 0
        assert not tied[list(held.relevant)].any() and not tied[held.candidates].any()
        assert held.query.actor not in held.candidates and held.relevant <= set(held.candidates.tolist())
    # gamma and eta are tied twice: neither event finds them; alpha and delta too
    pairs = {frozenset((h.context.ids[h.query.actor or 0], h.context.ids[r])) for h in every(w) for r in h.relevant}
    assert frozenset(("gamma", "eta")) not in pairs and frozenset(("alpha", "delta")) not in pairs
    assert frozenset(("alpha", "zeta")) in pairs


def test_a_project_takes_all_its_pairs_with_it() -> None:
    w = World().vocabulary()
    for name in "abcde":
        w.actor(name)
    w.project("clique", dict.fromkeys("abcd", "partner"))
    found = every(w)
    assert len(found) == 4
    for held in found:
        assert held.context.ties.matrix.nnz == 0  # no single edge is left to find the others by
        assert len(held.relevant) == 3 and len(held.candidates) == 4


def test_ineligible_actors_are_candidates_too() -> None:
    (held,) = [h for h in every(world()) if h.context.ids[h.query.actor or 0] == "beta"]
    names = {held.context.ids[c] for c in held.candidates}
    assert {"kappa", "iota", "theta"} <= names


def features(held: HeldOut) -> np.ndarray:
    return np.hstack([s.features(held.context, held.query, held.candidates) for s in SIGNALS])


@pytest.mark.parametrize("seed", [0, 1])
def test_what_only_the_event_tells_changes_nothing(seed: int) -> None:
    """Planted leaks: more about the project, and its name and its actors' names in all texts. No feature moves."""
    plain, planted = crowd(24, seed), crowd(24, seed)
    event = next(e for e in Graph(plain.snapshot()).tie_events if e.kind == "project")
    project = event.id
    ids = Context.at(plain.snapshot()).ids
    planted.relate(project, "about", "skill:vision", published="2022")
    planted.relate(project, "about", "sector:rail", published="2022")
    record = planted.record()
    planted.filler.attribute(project, "description_fr", "Turbine soudure freins, " + ids[event.actors[0]], record, lang="fr")
    before = {h.query: features(h) for h in held_out(plain.snapshot(), WORDS) if h.event == project}
    after = {h.query: features(h) for h in held_out(planted.snapshot(), WORDS) if h.event == project}
    assert before and before.keys() == after.keys()
    for query, found in before.items():
        np.testing.assert_array_equal(after[query], found)


def test_an_event_left_out_leaves_the_context_as_if_it_had_never_been_told() -> None:
    """The world without the project, built apart, gives the same features as the world with the project left out."""

    def build(*, with_project: bool) -> Snapshot:
        w = crowd(24)
        w.entity("secret", "Project", name="Projet Secret", counts_as_tie="yes")
        if with_project:
            for actor in ("a01", "a05", "a09"):
                w.relate(actor, "participatesIn", "secret", role="partner")
            w.relate("secret", "about", "skill:vision")
        return w.snapshot()

    full = build(with_project=True)
    event = next(e for e in Graph(full).tie_events if e.id == "secret")
    names = names_of(full, event)
    never = Context.at(build(with_project=False), masked_names=names, encoder=WORDS)
    for held in held_out(full, WORDS):
        if held.event == "secret":
            for signal in SIGNALS:
                np.testing.assert_array_equal(
                    signal.features(held.context, held.query, held.candidates), signal.features(never, held.query, held.candidates)
                )


def test_halves_are_disjoint_and_stable() -> None:
    snapshot = crowd(24).snapshot()
    one = {h.event for h in held_out(snapshot, None, "choose")}
    other = {h.event for h in held_out(snapshot, None, "report")}
    both = {h.event for h in held_out(snapshot, None)}
    assert one and other and not one & other and one | other == both
    # origin: hashlib.blake2b(id, digest_size=1), odd digest = choose, computed once
    assert [half(e) for e in ("p_tti", "p_isthy", "p_estart", "a")] == ["report", "report", "choose", "report"]
    assert 0.4 < np.mean([half(f"event{k}") == "choose" for k in range(2000)]) < 0.6


def test_progress_is_told() -> None:
    lines: list[str] = []
    assert list(held_out(crowd(24).snapshot(), None, progress=lines.append))
    assert lines and all(line.startswith("event ") for line in lines)
