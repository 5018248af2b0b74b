"""Untrained rankings against other software and by hand."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from recommender.evaluation.metrics import bootstrap_queries, rank, rank_row
from recommender.stopwords import STOP_WORDS
from recommender.temporal import baselines, ease
from recommender.temporal.asked import cold, ideas, warm
from recommender.temporal.history import History
from recommender.temporal.text import Words
from recommender.temporal.topics import Marks, field_marks, topic_marks
from tests.recommender.temporal_world import DAY, Dated, crowd

END = DAY("2022-06-01")


@pytest.fixture(scope="module")
def history() -> History:
    return History.before(crowd().events(), END)


@pytest.fixture(scope="module")
def everyone(history: History) -> np.ndarray:
    return np.arange(history.size)


@pytest.mark.parametrize(
    ("ranking", "index"),
    [
        (baselines.common_neighbours, lambda g, p: ((u, v, len(list(nx.common_neighbors(g, u, v)))) for u, v in p)),
        (baselines.adamic_adar, nx.adamic_adar_index),
        (baselines.resource_allocation, nx.resource_allocation_index),
    ],
)
def test_neighbour_scores_agree_with_networkx(history: History, everyone: np.ndarray, ranking: object, index: object) -> None:
    graph = nx.from_scipy_sparse_array(sparse.csr_array(history.adjacency))
    scores = ranking(history)(warm(history, everyone))  # type: ignore[operator]
    pairs = [(int(a), int(b)) for a in everyone for b in everyone if a < b]
    for a, b, expected in index(graph, pairs):  # type: ignore[operator]
        assert scores[a, b] == pytest.approx(expected, abs=1e-5) and scores[b, a] == pytest.approx(expected, abs=1e-5)


def test_neighbour_scores_by_hand() -> None:
    """a - x - b alone: x has two partners, so that common neighbours give 1, Adamic-Adar 1 / ln 2, resource allocation 1 / 2."""
    dated = Dated()
    for name, members in (("p", "ax"), ("q", "xb"), ("r", "a"), ("s", "b")):
        dated.project(name, "2020-01-01", list(members))
    history = History.before(dated.events(), END)
    names = [history.events.actors[actor] for actor in history.actors]
    a, b = names.index("a"), names.index("b")
    rankings = (baselines.common_neighbours, baselines.adamic_adar, baselines.resource_allocation)
    assert [ranking(history)(warm(history, np.asarray([a])))[0, b] for ranking in rankings] == pytest.approx([1, 1 / math.log(2), 0.5])


def test_profiles_agree_with_scikit_learn(history: History, everyone: np.ndarray) -> None:
    texts = history._texts
    matrix = TfidfVectorizer(sublinear_tf=True, stop_words=sorted(STOP_WORDS)).fit_transform(texts)
    profiles = normalize(history.incidence[: history.size] @ matrix)
    scores = baselines.text_profiles(history)(warm(history, everyone))
    assert np.allclose(scores, (profiles @ profiles.T).toarray(), atol=1e-5)


def test_r0_is_its_formula(history: History, everyone: np.ndarray) -> None:
    asked = warm(history, everyone)
    expected = np.log(baselines.resource_allocation(history)(asked) + 1e-3) + 3 * baselines.text_profiles(history)(asked)
    assert np.allclose(baselines.r0(history)(asked), expected)


def test_bm25_by_hand() -> None:
    dated = Dated()
    for name, member, text in (("p", "a", "hydrogen hydrogen tank"), ("q", "b", "hydrogen"), ("r", "c", "water")):
        dated.project(f"{name}1", "2020-01-01", [member], text)
        dated.project(f"{name}2", "2020-01-01", [member])
    history = History.before(dated.events(), END)
    scores = baselines.more_like_this(history)(ideas(history, ["hydrogen"], [[]], np.asarray([-1])))
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))  # two of three documents hold it; lengths 3, 1, 1: mean 5/3
    a = 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (5 / 3))) * idf
    b = 1 / (1 + 1.2 * (0.25 + 0.75 * 1 / (5 / 3))) * idf
    assert scores[0].tolist() == [pytest.approx(a), pytest.approx(b), 0]


def test_votes_of_similar_projects_by_their_formula(history: History) -> None:
    asked = ideas(history, ["hydrogen robot", "water", "unknown"], [["part:CL0"], [], []], np.asarray([1, 0, -1]))
    documents, members = history.documents.toarray(), history.wrote[: history.size].toarray()
    texts = (asked.text.toarray() @ documents.T) ** 2 @ members.T
    topics = (asked.topics.toarray() @ history.topics[history.described].toarray().T) ** 2 @ members.T
    profiles = asked.text.toarray() @ history.profiles[: history.size].toarray().T
    shared = asked.partners.toarray() @ (history.adjacency.toarray() / history.degree[:, None])[:, : history.size]
    parts = [part / np.maximum(part.max(axis=1, keepdims=True), 1e-9) for part in (texts, profiles, topics, shared)]
    assert np.allclose(baselines.similar_projects(history)(asked), parts[0] + parts[1] + 0.5 * parts[2] + parts[3], atol=1e-4)
    assert all(part[0].max() == pytest.approx(1) for part in parts)


def test_an_idea_whose_lead_is_unknown_has_no_ties(history: History) -> None:
    asked = ideas(history, ["water"] * 2, [[]] * 2, np.asarray([-1, 0]))
    assert np.diff(asked.partners.indptr).tolist() == [0, history.degree[0]]
    assert asked.strength[0].nnz == 0 and (asked.strength[1] != history.strength[0]).nnz == 0


def test_only_the_strongest_terms_ask() -> None:
    rows = sparse.csr_matrix(np.asarray([[3.0, 1.0, 2.0, 2.0], [0.0, 0.0, 1.0, 0.0]]))
    assert baselines.strongest(rows, 2).toarray().tolist() == [[3, 0, 2, 0], [0, 0, 1, 0]]


def test_ease_is_its_closed_form() -> None:
    """Steck 2019, eq. 8: B = I - P diagMat(1 / diag P) with P the inverse of X'X + penalty; here the penalty grows with a column's size."""
    users = sparse.random(40, 600, 0.05, random_state=0, dtype=np.float32, format="csr")
    gram = (users.T @ users).toarray().astype(float)
    size = np.diag(gram) + 1
    inverse = np.linalg.inv(gram + np.diag(100 * np.sqrt(size / size.mean())))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    assert np.allclose(ease.solve(users, 500), expected[:, :500], atol=1e-5)


def test_a_score_is_a_sum_over_partners_topics_fields_and_words(history: History, everyone: np.ndarray) -> None:
    model = ease.Ease.fit(history)
    asked = warm(history, everyone)
    parts = columns_of(history, asked, model)
    assert np.allclose(sum(parts), model.score(asked), atol=1e-5)
    assert all(np.abs(part).max() > 0 for part in parts)


def columns_of(history: History, asked: object, model: ease.Ease) -> list[np.ndarray]:
    inputs = ease.columns(asked, model.words).toarray()  # type: ignore[arg-type]
    ends = np.cumsum([history.size, len(history.calls.columns), len(history.sciences.columns), len(model.words)])
    assert ends[-1] == inputs.shape[1] == len(model.weights)
    return [inputs[:, a:b] @ model.weights[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def test_blocks_change_nothing(history: History, everyone: np.ndarray) -> None:
    for ranking in (baselines.r0, baselines.similar_projects, baselines.more_like_this, ease.augmented_ease):
        score = ranking(history)
        asked = warm(history, everyone)
        assert np.allclose(np.concatenate([score(block) for block in asked.blocks(7)]), score(asked), atol=1e-5)


def test_every_score_is_a_float_for_every_candidate(history: History, everyone: np.ndarray) -> None:
    for asked in (warm(history, everyone), cold(history, everyone), ideas(history, ["", "hydrogen"], [[], []], np.asarray([-1, 0]))):
        for ranking in (baselines.chance, baselines.popularity, baselines.text_and_popularity, baselines.similar_projects, ease.ease):
            scores = ranking(history)(asked)
            assert scores.shape == (len(asked), history.size) and scores.dtype == np.float32 and np.isfinite(scores).all()


def test_without_any_text_or_topic() -> None:
    dated = Dated()
    for name, members in (("p", "ab"), ("q", "bc"), ("r", "ca"), ("s", "ad"), ("t", "d")):
        dated.project(f"cordis:{name}", "2020-01-01", list(members), name=f"CORDIS {name}")
    history = History.before(dated.events(), END)
    assert history.documents.shape == (0, 0)  # a name that repeats the id is no text
    for ranking in (baselines.text_profiles, baselines.more_like_this, baselines.similar_projects, ease.augmented_ease):
        assert np.isfinite(ranking(history)(warm(history, np.arange(history.size)))).all()


def test_marks_of_calls_and_fields() -> None:
    dated = Dated()
    dated.project(
        "p", "2020-01-01", ["a"], topic="HORIZON-CL5-2022-D2-01-01", funding_scheme="HORIZON-RIA", euroscivoc_path="/natural sciences/biology"
    )
    dated.project("q", "2020-01-01", ["a"], topic="ERC-2021-STG")
    events = dated.events()
    assert topic_marks(events) == [["destination:CL5-D2", "part:CL5", "scheme:HORIZON-RIA"], ["topic:ERC-2021-STG"]]
    assert field_marks(events) == [["natural sciences", "natural sciences/biology"], []]


def test_marks_are_those_that_two_rows_bear() -> None:
    marks = Marks.fit([["x", "y"], ["x"], []])
    assert marks.columns == ("x",) and marks.idf.tolist() == [pytest.approx(1)]  # 1 + ln(3 / 3)
    assert marks.vectors([["x", "unknown"], ["y"]]).toarray().tolist() == [[1], [0]]


def test_rare_and_common_words_are_dropped_where_texts_are_many() -> None:
    texts = [f"common {'pair' if k < 2 else ''} {'thrice' if k < 3 else ''} alone{k}" for k in range(1000)]
    assert Words.fit(texts)._vectorizer.get_feature_names_out().tolist() == ["thrice"]
    assert "pair" in Words.fit(texts[:999])._vectorizer.get_feature_names_out()


@settings(deadline=None, max_examples=50)
@given(st.integers(3, 60), st.integers(0, 10_000))
def test_a_row_is_ranked_as_a_list_of_candidates_is(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.permutation(size).astype(float)
    scores[rng.random(size) < 0.1] = np.nan
    hidden, relevant = np.split(rng.permutation(size)[: 2 + int(rng.integers(size - 2))], [1])
    relevant = relevant[~np.isnan(scores[relevant])]
    candidates = np.setdiff1d(np.arange(size), hidden)
    found = rank_row(scores, hidden, relevant, "g", rng)
    expected = rank(scores[candidates], candidates, frozenset(relevant.tolist()), "g", rng)
    known = int((~np.isnan(scores[candidates])).sum())
    assert found.ranks.tolist() == expected.ranks.tolist() and found.top[:known].tolist() == expected.top[:known].tolist()


def test_equal_scores_of_a_row_stand_at_random() -> None:
    rng = np.random.default_rng(0)
    ranks = [rank_row(np.zeros(20), np.asarray([3]), np.asarray([7]), "g", rng).ranks[0] for _ in range(4000)]
    assert set(ranks) == set(range(1, 20))
    assert np.mean(ranks) == pytest.approx(10, abs=0.4)  # deviation of the mean: 5.5 / sqrt(4000) = .09


def test_intervals_over_queries() -> None:
    rng = np.random.default_rng(0)
    values = np.stack([np.repeat([0.0, 1.0], 100), np.full(200, 0.25)], axis=1)
    half, flat = bootstrap_queries(values, rng)
    # normal approximation by hand: .5 +- 1.96 x .5 / sqrt(200) = .5 +- .069
    assert (half.value, half.low, half.high) == (0.5, pytest.approx(0.431, abs=0.012), pytest.approx(0.569, abs=0.012))
    assert (flat.value, flat.low, flat.high) == (0.25, pytest.approx(0.25), pytest.approx(0.25))


def test_a_paired_interval_is_narrow_where_queries_move_together() -> None:
    rng = np.random.default_rng(0)
    one = rng.random(300)
    (difference,) = bootstrap_queries((one + 0.01 - one)[:, None], rng)
    assert difference.high - difference.low < 1e-6 < difference.low
