"""Universe, popularity, strength of ties and new pairs, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ontology.errors import QueryError
from recommender.evaluation.metrics import Ranked
from recommender.temporal.history import History, months_before
from recommender.temporal.traits import Traits
from recommender.temporal.window import Window, row
from tests.recommender.temporal_world import DAY, Dated

START, END = DAY("2022-01-01"), DAY("2023-01-01")


def past(dated: Dated, end: np.datetime64 = START) -> History:
    return History.before(dated.events(), end)


def ids(history: History, rows: np.ndarray) -> set[str]:
    return {history.events.actors[actor] for actor in history.actors[rows]}


def pairs(history: History, window: Window) -> set[tuple[str, str]]:
    names = [history.events.actors[actor] for actor in history.actors]
    a, b = window.new.nonzero()
    return {(names[i], names[j]) for i, j in zip(a, b, strict=True) if names[i] < names[j]}


def base() -> Dated:
    """a, b, c, d in the universe: two events each before 2022, one of Horizon Europe. e: one event; f: Horizon 2020 alone."""
    dated = Dated()
    dated.project("p1", "2020-01-01", ["a", "b", "f"], horizon=False)
    dated.project("p2", "2021-01-01", ["a", "b"])
    dated.project("p3", "2020-06-01", ["c", "d", "f"], horizon=False)
    dated.project("p4", "2021-06-01", ["c"])
    dated.project("p5", "2021-07-01", ["d", "e"])
    return dated


def test_the_universe_has_two_events_and_one_of_the_programme() -> None:
    history = past(base())
    assert ids(history, np.arange(history.size)) == {"a", "b", "c", "d"}
    assert ids(history, np.arange(history.size, len(history.actors))) == {"e", "f"}


def test_partners_outside_the_universe_still_connect() -> None:
    history = past(base())
    names = [history.events.actors[actor] for actor in history.actors]
    a, c, f = (names.index(name) for name in "acf")
    assert history.adjacency[a, f] == 1 and history.adjacency[f, c] == 1 and history.adjacency[a, c] == 0
    assert history.degree[f] == 4  # a, b, c, d


def test_popularity_counts_shared_events_of_two_years() -> None:
    dated = base()
    dated.project("old", "2019-12-31", ["a", "c"])
    dated.project("edge", "2020-01-01", ["b", "c"])  # the first day of the 24 months before 2022-01-01
    history = past(dated)
    found = dict(zip((history.events.actors[k] for k in history.actors[: history.size]), history.popularity, strict=True))
    # a: p1, p2 (+ old beyond); b: p1, p2, edge; c: p3, edge (p4 has one actor; old beyond); d: p3, p5; all shared events break ties
    assert found == {"a": pytest.approx(2.003), "b": pytest.approx(3.003), "c": pytest.approx(2.003), "d": pytest.approx(2.002)}


def test_strength_by_hand() -> None:
    history = past(base())
    names = [history.events.actors[actor] for actor in history.actors]
    a, b = names.index("a"), names.index("b")
    days = {"p1": 731, "p2": 365}  # to 2022-01-01
    sum_ = math.exp(-days["p1"] / 365.25 / 3) / 2 + math.exp(-days["p2"] / 365.25 / 3) / 1
    assert history.strength[a, b] == pytest.approx(math.sqrt(sum_))
    assert history.strength[a, a] == 0


def test_months_before() -> None:
    assert months_before(DAY("2024-01-01"), 24) == DAY("2022-01-01")
    assert months_before(DAY("2024-03-15"), 24) == DAY("2022-03-15")


def test_new_pairs_met_for_the_first_time_in_the_window() -> None:
    dated = base()
    dated.project("w1", "2022-01-01", ["a", "c", "e"])  # a-c is new; e is not in the universe
    dated.project("w2", "2022-12-31", ["a", "b", "d"])  # a-b repeats; a-d and b-d are new
    dated.project("w3", "2023-01-01", ["b", "c"])  # after the window
    history = past(dated)
    window = Window.of(dated.events(), history, START, END)
    assert pairs(history, window) == {("a", "c"), ("a", "d"), ("b", "d")}
    assert len(window.events) == 2
    assert ids(history, window.askers) == {"a", "b", "c", "d"}


def test_repeated_partners_are_no_answer() -> None:
    dated = base()
    dated.project("w1", "2022-05-01", ["a", "b"])
    dated.project("w2", "2022-05-01", ["a", "c"])
    history = past(dated)
    assert pairs(history, Window.of(dated.events(), history, START, END)) == {("a", "c")}


@pytest.mark.parametrize(("others", "expected"), [(48, {("a", "c")}), (49, set())])
def test_an_event_of_more_than_fifty_makes_no_new_pair(others: int, expected: set[tuple[str, str]]) -> None:
    dated = base()
    dated.project("w", "2022-05-01", ["a", "c", *(f"x{k}" for k in range(others))])
    history = past(dated)
    assert pairs(history, Window.of(dated.events(), history, START, END)) == expected


def test_an_event_of_more_than_fifty_makes_known_partners() -> None:
    dated = base()
    dated.project("big", "2021-02-02", ["a", "c", *(f"x{k}" for k in range(60))])
    dated.project("w", "2022-05-01", ["a", "c", "d"])
    history = past(dated)
    assert pairs(history, Window.of(dated.events(), history, START, END)) == {("a", "d")}


def test_who_joins_later_meets_later() -> None:
    """A project that runs since 2021 takes in d in 2022: its first members knew each other, d is new to them."""
    dated = base()
    late = dated.record("2022-03-01", ["source:cordis-horizon"])
    dated.filler.relation("d", "participatesIn", "p2", late, since="2022-03-01", qualifiers={"role": "partner"})
    history = past(dated)
    assert pairs(history, Window.of(dated.events(), history, START, END)) == {("a", "d"), ("b", "d")}
    assert history.participants[history.past.tolist().index(history.events.events.index("p2"))] == 2


def test_who_met_between_training_and_test_is_known_but_not_learnt_from() -> None:
    dated = base()
    dated.project("gap", "2022-03-01", ["a", "c"])
    dated.project("w", "2022-08-01", ["a", "c", "d"])
    history = past(dated)
    window = Window.of(dated.events(), history, DAY("2022-06-01"), END)
    assert pairs(history, window) == {("a", "d")}  # c and d met in p3
    names = [history.events.actors[actor] for actor in history.actors]
    a, c = names.index("a"), names.index("c")
    assert c in row(window.known, a) and history.adjacency[a, c] == 0


def test_nothing_in_the_window() -> None:
    dated = base()
    with pytest.raises(QueryError, match="no event from 2022-01-01 to 2023-01-01: the newest event is of 2021-07-01"):
        Window.of(dated.events(), past(dated), START, END)


def test_nothing_before() -> None:
    with pytest.raises(QueryError, match="before 2019-01-01 no actor took part"):
        past(base(), DAY("2019-01-01"))


def test_shares_of_another_sort_by_hand() -> None:
    dated = base()
    for actor, kind, country in (("a", "firm", "FR"), ("b", "lab", "FR"), ("c", "firm", "DE")):
        dated.actor(actor, "2019-01-01", kind=f"kind:{kind}", country=country)
    for event, path in (("p2", "/natural/physics/optics"), ("p1", "/natural/physics"), ("p3", "/social/law"), ("p4", "/natural/biology")):
        dated.tell(event, "euroscivoc_path", path, "2020-01-01")
    dated.tell("p4", "euroscivoc_path", "/natural/biology/plants", "2020-01-01")
    dated.project("p6", "2021-08-01", ["c"], euroscivoc_path="/natural/biology")
    history = past(dated)
    names = [history.events.actors[actor] for actor in history.actors]
    a, b, c, d = (names.index(name) for name in "abcd")
    # fields: a and b physics, c biology (twice against law once), d law; d's kind and country are not told
    top = Ranked("q", np.asarray([1]), np.asarray([b, c, d]))
    shares = Traits.of(history).crossing(np.asarray([a]), [top])
    assert shares == {"cross_type": 1 / 2, "cross_field": pytest.approx(2 / 3), "cross_country": 1 / 2}
    unknown = Traits.of(history).crossing(np.asarray([d, -1]), [top, top])
    assert unknown == {"cross_type": None, "cross_field": pytest.approx(2 / 3), "cross_country": None}
