"""What would inflate the figures, and must be impossible: each is built by hand here, and ranking must not see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from ontology.errors import QueryError
from recommender.evaluation.metrics import rank_row
from recommender.temporal.asked import cold, warm
from recommender.temporal.ease import Ease, columns, frequent_words, solve
from recommender.temporal.events import Events, Told
from recommender.temporal.history import History
from recommender.temporal.protocol import answers, methods, run_all
from recommender.temporal.tasks import TRACKS, actor_task, idea_task, without_names
from recommender.temporal.traits import Traits
from recommender.temporal.window import Window, row
from tests.recommender.temporal_world import DAY, Dated, crowd

START, END = DAY("2022-06-01"), DAY("2023-06-01")


@pytest.fixture(scope="module")
def events() -> Events:
    return crowd().events()


def vocabulary(history: History) -> set[str]:
    return set(history.words._vectorizer.get_feature_names_out())


def two_years() -> Dated:
    dated = Dated()
    dated.project("p1", "2020-01-01", ["a", "b"], "hydrogen tanks")
    dated.project("p2", "2020-06-01", ["a", "c"], "hydrogen health")
    dated.project("p3", "2021-01-01", ["b", "c"], "water")
    return dated


def test_the_text_of_a_later_project_is_in_no_profile() -> None:
    dated = two_years()
    before = History.before(dated.events(), START)
    dated.project("later", "2022-06-01", ["a", "b", "c"], "hydrogen robots", keywords="swarm")
    after = History.before(dated.events(), START)
    assert vocabulary(after) == vocabulary(before) == {"hydrogen", "tanks", "health", "water"}
    assert (after.profiles != before.profiles).nnz == 0


def test_a_later_text_of_an_earlier_project_is_in_no_profile() -> None:
    dated = two_years()
    dated.tell("p1", "description_fr", "robots", "2022-07-01")
    assert "robots" not in vocabulary(History.before(dated.events(), START))


def test_idf_is_that_of_past_texts_alone() -> None:
    dated = two_years()
    for k in range(30):
        dated.project(f"later{k}", "2023-01-01", ["a"], "water")
    history = History.before(dated.events(), START)
    found = dict(zip(history.words._vectorizer.get_feature_names_out(), history.words.idf, strict=True))
    # three past texts: 1 + ln(4 / (1 + 1)) for water, 1 + ln(4 / (1 + 2)) for hydrogen
    assert found["water"] == pytest.approx(1 + np.log(2)) and found["hydrogen"] == pytest.approx(1 + np.log(4 / 3))


def test_popularity_is_that_of_the_past_alone() -> None:
    dated = two_years()
    before = History.before(dated.events(), START).popularity
    for k in range(9):
        dated.project(f"later{k}", "2022-06-01", ["a", "b"])
    assert History.before(dated.events(), START).popularity.tolist() == before.tolist()


def test_a_repeated_partner_is_neither_an_answer_nor_a_candidate() -> None:
    dated = two_years()
    dated.project("d1", "2020-01-01", ["d", "e"])
    dated.project("d2", "2020-01-01", ["d", "e"])
    dated.project("again", "2022-07-01", ["a", "b", "d"])
    events = dated.events()
    history = History.before(events, START)
    window = Window.of(events, history, START, END)
    task = actor_task(history, window, window.askers, "warm")
    names = [history.events.actors[actor] for actor in history.actors]
    at = task.names.index("a")
    assert {names[k] for k in task.relevant[at]} == {"d"}
    assert {names[k] for k in task.hidden[at]} == {"a", "b", "c"}


def test_every_actor_that_is_not_known_is_ranked(events: Events) -> None:
    """No sampled negatives: an answer that is scored worst of all stands at the very end of the universe."""
    history = History.before(events, START)
    window = Window.of(events, history, START, END)
    task = actor_task(history, window, window.askers, "warm")
    for hidden, relevant in zip(task.hidden, task.relevant, strict=True):
        scores = np.zeros(history.size)
        scores[relevant] = -1
        found = rank_row(scores, hidden, relevant, "q", np.random.default_rng(0))
        assert found.ranks[-1] == history.size - len(hidden) and not set(found.top) & set(hidden)


def test_attributes_are_those_first_seen() -> None:
    dated = two_years()
    dated.tell("a", "kind", "kind:first", "2020-01-01")
    dated.tell("b", "kind", "kind:first", "2020-01-01")
    before = Traits.of(History.before(dated.events(), START)).codes["cross_type"]
    dated.tell("a", "kind", "kind:earlier-in-the-alphabet", "2021-01-01")
    dated.tell("b", "kind", "kind:future", "2023-01-01")
    dated.tell("c", "kind", "kind:future", "2023-01-01")
    after = Traits.of(History.before(dated.events(), START)).codes["cross_type"]
    assert after.tolist() == before.tolist() == [0, 0, -1]


def future_shuffled(events: Events, seed: int) -> Events:
    """The same past; every column of what is dated from START on is drawn in another order, days in the future included."""
    rng = np.random.default_rng(seed)

    def mixed(column: np.ndarray, later: np.ndarray) -> np.ndarray:
        out = column.copy()
        out[later] = rng.permutation(column[later])
        return out

    def told(one: Told) -> Told:
        later = ~(one.day < START)
        return Told(mixed(one.of, later), mixed(one.day, later), mixed(one.value, later))

    later = events.day >= START
    rows = {name: mixed(getattr(events, name), later) for name in ("actor", "event", "day", "lead", "eligible")}
    return replace(
        events,
        **rows,
        of_events={name: told(one) for name, one in events.of_events.items()},
        of_actors={name: told(one) for name, one in events.of_actors.items()},
    )


def test_shuffling_the_future_changes_nothing(events: Events) -> None:
    one, other = (History.before(each, START) for each in (events, future_shuffled(events, 3)))
    assert one.actors.tolist() == other.actors.tolist() and one.size == other.size
    for name in ("incidence", "adjacency", "strength", "profiles", "topics", "fields"):
        assert (getattr(one, name) != getattr(other, name)).nnz == 0, name
    assert one.popularity.tolist() == other.popularity.tolist() and one.words.idf.tolist() == other.words.idf.tolist()
    assert all(one_.tolist() == other_.tolist() for one_, other_ in zip(*(Traits.of(h).codes.values() for h in (one, other)), strict=True))
    nobody = np.zeros(0, dtype=np.int64)
    for track in TRACKS:
        for method in methods(track, nobody):
            scores = [method.ranking(h)(warm(h, np.arange(h.size))) for h in (one, other)]
            assert np.array_equal(*scores), method.name


def test_hidden_ties_are_not_read(events: Events) -> None:
    """Cold: with other ties and the same texts, topics and fields, the answer is the same."""
    history = History.before(events, START)
    asked = cold(history, np.arange(history.size))
    assert asked.partners.nnz == asked.strength.nnz == 0
    assert (asked.text != warm(history, np.arange(history.size)).text).nnz == 0


def test_hidden_ties_are_not_learnt_from(events: Events) -> None:
    history = History.before(events, START)
    hidden = np.asarray([0, 3])
    words = frequent_words(history)
    others = np.setdiff1d(np.arange(len(history.actors)), hidden)
    expected = solve(columns(warm(history, np.arange(len(history.actors))), words)[others], history.size)
    assert np.allclose(Ease.fit(history, without=hidden).weights, expected, atol=1e-6)
    assert not np.allclose(Ease.fit(history).weights, expected, atol=1e-6)


def test_those_who_are_cold_are_left_out_of_learning(events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History.before(events, START)
    window = Window.of(events, history, START, END)
    left_out = []
    whole = Ease.fit

    def noted(history: History, **given: object) -> Ease:
        left_out.append(given.get("without"))
        return whole(history, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(Ease, "fit", noted)
    run_all(history, actor_task(history, window, window.askers, "cold"), 0, lambda _: None)
    assert [rows.tolist() for rows in left_out if rows is not None] == [window.askers.tolist()]


def idea_events(text: str) -> Events:
    dated = two_years()
    dated.actor("b", name="Zebra Labs", alt_name="ZEBRA")
    dated.actor("d", name="Élan GmbH")
    dated.project("d1", "2020-01-01", ["d", "e"], "zebra labs elan gmbh")  # words that would be found again, were they left in the idea
    dated.project("d2", "2020-01-01", ["d"])
    dated.project("idea", "2022-07-01", {"a": "lead", "b": "partner", "d": "partner"}, text)
    return dated.events()


def test_names_are_taken_out_of_ideas_and_known_partners_are_hidden() -> None:
    events = idea_events("hydrogen with Zebra Labs (ZEBRA) and élan gmbh")
    bare = idea_events("hydrogen with  (  ) and  ")
    tasks = []
    for each in (events, bare):
        history = History.before(each, START)
        tasks.append((history, idea_task(each, history, Window.of(each, history, START, END))))
    history, task = tasks[0]
    names = [history.events.actors[actor] for actor in history.actors]
    assert task.names == ("idea",)
    assert {names[k] for k in task.relevant[0]} == {"d"}  # b met a before
    assert {names[k] for k in task.hidden[0]} == {"a", "b", "c"}
    assert (task.asked.text != tasks[1][1].asked.text).nnz == 0 and task.asked.text.nnz == 1


def test_a_project_without_text_is_no_idea() -> None:
    events = idea_events("")
    history = History.before(events, START)
    with pytest.raises(QueryError, match="no project from 2022-06-01 to 2023-06-01 has a text, a lead and a partner new to it"):
        idea_task(events, history, Window.of(events, history, START, END))


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("with ZEBRA Labs, and zebras", ["Zebra", "Zebra Labs"], "with , and zebras"),
        ("a CEA idea", ["CEA"], "a CEA idea"),  # under four letters it may be a word
        ("plus (A+B Co.) inside", ["A+B Co."], "plus ( ) inside"),
    ],
)
def test_without_names(text: str, names: list[str], left: str) -> None:
    assert " ".join(without_names(text, names).split()) == left


def test_the_words_of_an_idea_do_not_enter_the_profiles() -> None:
    events = idea_events("quantum")
    history = History.before(events, START)
    task = idea_task(events, history, Window.of(events, history, START, END))
    assert "quantum" not in vocabulary(history) and task.asked.text.nnz == 0


def test_ties_stand_at_random_and_the_same_for_every_method(events: Events) -> None:
    history = History.before(events, START)
    window = Window.of(events, history, START, END)
    task = actor_task(history, window, window.askers, "warm")

    def flat(value: float) -> Callable[[object], np.ndarray]:
        return lambda asked: np.full((len(asked), history.size), value, dtype=np.float32)  # type: ignore[arg-type]

    one, other, third = (answers(task, flat(v), np.random.default_rng(s))[0] for v, s in ((0, 1), (5, 1), (0, 2)))
    assert [a.ranks.tolist() for a in one] == [a.ranks.tolist() for a in other] != [a.ranks.tolist() for a in third]
    assert len({tuple(a.top) for a in one}) == len(one)


def test_known_partners_are_masked_by_the_window_not_by_the_history() -> None:
    dated = two_years()
    dated.project("gap", "2022-02-01", ["a", "d"])
    for k in range(2):
        dated.project(f"d{k}", "2020-01-01", ["d"])
    dated.project("w", "2022-07-01", ["b", "d"])
    events = dated.events()
    history = History.before(events, DAY("2022-01-01"))
    window = Window.of(events, history, START, END)
    names = [history.events.actors[actor] for actor in history.actors]
    assert {names[k] for k in row(window.known, names.index("a"))} == {"b", "c", "d"}
    assert isinstance(history.adjacency, sparse.csr_matrix) and history.adjacency[names.index("a"), names.index("d")] == 0
