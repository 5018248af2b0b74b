"""The reasons to meet: one signal per module, each gives features and explains itself; one line in `SIGNALS` adds one."""

from __future__ import annotations

from recommender.signals.activity import Activity
from recommender.signals.common_partners import CommonPartners
from recommender.signals.complement import Complement
from recommender.signals.distance import Distance
from recommender.signals.needs import NeedMet, NeedServed
from recommender.signals.roles import Roles
from recommender.signals.sectors import Sectors
from recommender.signals.shared_skills import SharedSkills
from recommender.signals.signal import Signal
from recommender.signals.similar_meaning import SimilarMeaning
from recommender.signals.similar_words import SimilarWords

SIGNALS: tuple[Signal, ...] = (
    NeedMet(),
    NeedServed(),
    SharedSkills(),
    Complement(),
    CommonPartners(),
    SimilarWords(),
    SimilarMeaning(),
    Sectors(),
    Roles(),
    Distance(),
    Activity(),
)
"""Every signal, in the order in which equal reasons are told."""

__all__ = ["SIGNALS", "Signal"]
