"""Attention is shared: no column stands in more top tens than its share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.exposure import MOST_PRICE, MOST_SHARE, MUTUAL, adjustment, largest_share, mutual, prices, top_counts


def every(order: np.ndarray) -> np.ndarray:
    return np.ones(order.shape[1], dtype=bool)


def matrices(seed: int, rows: int, spread: float, empty: float, favourite: float) -> NDArray[np.float64]:
    """Random log-odds with cells that are no pairs, whole rows of them, and columns that everyone likes."""
    rng = np.random.default_rng(seed)
    order = rng.normal(0, spread, (rows, rows)) + favourite * (rng.random(rows) < 0.1)
    order[rng.random((rows, rows)) < 0.1] = -np.inf
    order[rng.random(rows) < empty] = -np.inf
    np.fill_diagonal(order, -np.inf)
    return order


shapes = st.builds(
    matrices,
    st.integers(0, 10_000),
    st.integers(100, 160),  # enough columns for the bound: ten of each row, none in more than .15 of the rows, with room to spare
    st.floats(0.5, 3),
    st.sampled_from([0.0, 0.2]),
    st.floats(0, 6),
)


@settings(deadline=None, max_examples=25)
@given(shapes)
def test_the_bound_holds(order: NDArray[np.float64]) -> None:
    """The bound holds, or who is shown too often pays the most that sharing may cost, or stands in lists that are too short."""
    price = prices(order)
    often = top_counts(order - price) > MOST_SHARE * np.isfinite(order).any(axis=1).sum()
    assert (price[often] >= MOST_PRICE - 1e-9).all()
    assert (price <= MOST_PRICE + 1e-9).all()


@settings(deadline=None, max_examples=25)
@given(shapes)
def test_a_price_is_paid_only_by_those_shown_too_often(order: NDArray[np.float64]) -> None:
    price = prices(order)
    assert (price >= 0).all()
    if largest_share(order) <= MOST_SHARE:
        assert not price.any()


@settings(deadline=None, max_examples=25)
@given(shapes, st.integers(0, 10_000))
def test_names_do_not_matter(order: NDArray[np.float64], seed: int) -> None:
    shuffle = np.random.default_rng(seed).permutation(len(order))
    moved = order[shuffle][:, shuffle]
    np.testing.assert_allclose(mutual(moved), mutual(order)[shuffle], atol=1e-9)
    np.testing.assert_allclose(prices(moved), prices(order)[shuffle], atol=1e-9)


def test_a_favourite_of_all_becomes_dearer() -> None:
    order = np.random.default_rng(0).normal(0, 1, (100, 100))
    order[:, 7] += 1.5
    assert largest_share(order) > 2 * MOST_SHARE
    price = prices(order)
    assert price.argmax() == 7 and price[7] > 0.5
    assert largest_share(order - price) <= MOST_SHARE


def test_mutual_by_hand() -> None:
    # column 0: 3 and 1, mean 2; column 1: nothing told; column 2: the ten best of 0..11 are 2..11, mean 6.5
    order = np.full((12, 3), -np.inf)
    order[:2, 0] = 3, 1
    order[:, 2] = np.arange(12)
    assert mutual(order).tolist() == [2.0, 0.0, 6.5]
    assert adjustment(order, every(order))[1] == 0
    assert adjustment(order, every(order))[0] >= MUTUAL * 2


def test_top_counts_by_hand() -> None:
    # eleven columns: each of two rows shows its ten best; row 2 has one pair only, row 3 none
    order = np.tile(np.arange(11.0), (4, 1))
    order[2] = -np.inf
    order[2, 0] = 5
    order[3] = -np.inf
    assert top_counts(order).tolist() == [1] + [2] * 10
    assert largest_share(order) == 2 / 3


def test_fewer_than_ten_columns_and_none() -> None:
    assert top_counts(np.zeros((3, 2))).tolist() == [3, 3]
    assert largest_share(np.zeros((0, 0))) == 0
    assert largest_share(np.full((3, 3), -np.inf)) == 0
    assert adjustment(np.zeros((0, 0)), np.zeros(0, dtype=bool)).shape == (0,)
    assert adjustment(np.full((3, 3), -np.inf), np.ones(3, dtype=bool)).tolist() == [0, 0, 0]


def test_a_list_that_shows_all_it_has_costs_nobody_anything() -> None:
    # five columns and ten places: each column stands in every list whatever it costs
    assert largest_share(np.zeros((50, 5)) - prices(np.zeros((50, 5)))) == 1
    assert not prices(np.zeros((50, 5))).any()


@pytest.mark.parametrize("size", [12, 30, 50, 80])
def test_a_small_territory_keeps_its_good_answers(size: int) -> None:
    order = matrices(3, size, 1.0, 0.2, 5.0)
    assert prices(order).max() <= MOST_PRICE + 1e-9


def test_the_matrix_is_left_as_it_is() -> None:
    order = matrices(1, 100, 1.0, 0.2, 5.0)
    before = order.copy()
    adjustment(order, every(order))
    np.testing.assert_array_equal(order, before)


def test_columns_that_are_not_bounded_have_no_price() -> None:
    order = np.zeros((20, 12))
    order[:, 0] = 5.0
    free = np.ones(12, dtype=bool)
    free[0] = False
    bounded, unbounded = adjustment(order, np.ones(12, dtype=bool)), adjustment(order, free)
    assert unbounded[0] == MUTUAL * mutual(order)[0] < bounded[0]
