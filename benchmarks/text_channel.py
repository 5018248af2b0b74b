"""What an actor's text should hold: held-out partners found by each text channel alone, on the half of the events for choosing.

python benchmarks/text_channel.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.sources import open_source
from ontology.model import EntityKind
from recommender import profiles
from recommender.encoders import open_encoder
from recommender.encoders.cache import cached
from recommender.evaluation.held_out import held_out
from recommender.evaluation.metrics import metrics_of, rank
from recommender.known import Known
from recommender.signals.similar_meaning import SimilarMeaning
from recommender.signals.similar_words import SimilarWords

SEED = Path(__file__).resolve().parents[1] / "data_seeds" / "nord-franche-comte"
Labels = Callable[[Snapshot, Sequence[str], Known, str], list[str]]
KEPT: Labels = profiles.topic_labels


def no_labels(_snapshot: Snapshot, ids: Sequence[str], _known: Known, _predicate: str) -> list[str]:
    """Descriptions alone."""
    return [""] * len(ids)


def with_projects(snapshot: Snapshot, ids: Sequence[str], known: Known, predicate: str) -> list[str]:
    """Labels, and the names and descriptions of the projects that an actor is known to take part in."""
    projects = snapshot.entities(EntityKind.PROJECT)
    facts = known.facts("participatesIn", {a: i for i, a in enumerate(ids)}, {p: i for i, p in enumerate(projects)})
    lang = predicate[-2:]
    parts = [snapshot.values("name" if lang == "fr" else "name_en"), snapshot.values(f"description_{lang}")]
    found = KEPT(snapshot, ids, known, predicate)
    for actor, project in sorted(set(zip(facts.subject.tolist(), facts.object.tolist(), strict=True))):
        found[actor] += " " + " ".join(part.get(projects[project], "") for part in parts)
    return found


def main() -> None:
    """Print hits@10 of each channel for each text."""
    source = open_source(SEED)
    snapshot = in_memory(source.tables(), [source.info])
    for name, labels in (("descriptions and labels (kept)", KEPT), ("the same with project texts", with_projects), ("descriptions alone", no_labels)):
        profiles.topic_labels = labels
        hits: dict[str, list[float]] = {"words": [], "meaning": []}
        rng, events = np.random.default_rng(0), set()
        with tempfile.TemporaryDirectory() as home:
            for held in held_out(snapshot, cached(open_encoder(None, []), Path(home)), "choose"):
                events.add(held.event)
                for signal in (SimilarWords(), SimilarMeaning()):
                    scores = signal.features(held.context, held.query, held.candidates)[:, 0]
                    hits[signal.name].append(metrics_of(rank(scores, held.candidates, held.relevant, held.event, rng))["hits_at_10"])
        figures = ", ".join(f"{channel} {np.mean(values):.3f}" for channel, values in hits.items())
        print(f"{name}: hits@10 {figures} ({len(hits['words'])} queries over {len(events)} events)")


if __name__ == "__main__":
    main()
