"""What the last build merged and what a person should look at: `resolution.json` beside the snapshots, written by each build.

It is no part of a snapshot: a judgement "different" or "unsure" changes this list and not the graph.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from graph_builder.resolution import Clue, Pair, Resolution, Text
from graph_builder.store import replace_file
from ontology.errors import StorageError

REVIEW = "resolution.json"

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | float | bool | None"


@dataclass(frozen=True)
class Review:
    """Pairs that were merged, pairs to look at (the most valuable first), and what every merged id became."""

    digest: str
    merged: tuple[Pair, ...]
    pairs: tuple[Pair, ...]
    merges: Mapping[str, str]

    def canonical(self, actor: str) -> str:
        """The id under which an actor stands in the graph."""
        return self.merges.get(actor, actor)


NOTHING = Review("", (), (), MappingProxyType({}))


def write_review(home: Path, digest: str, resolution: Resolution) -> None:
    """Keep what a build merged and what it leaves to people. Raises OSError."""
    content = {
        "digest": digest,
        "merged": [asdict(pair) for pair in resolution.merged],
        "review": [asdict(pair) for pair in resolution.review],
        "merges": dict(sorted(resolution.merges.items())),
    }
    replace_file(home / REVIEW, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def read_review(home: Path) -> Review:
    """What the last build in this home merged and left to people; nothing when there is no such file or it cannot be understood.

    Raises StorageError when the disk refuses.
    """
    try:
        content = json.loads((home / REVIEW).read_text(encoding="utf-8"))
        merged, pairs = (tuple(_pair(row) for row in content[key]) for key in ("merged", "review"))
        return Review(str(content["digest"]), merged, pairs, MappingProxyType(dict(content["merges"])))
    except FileNotFoundError:
        return NOTHING
    except OSError as error:
        raise StorageError(f"cannot read {home / REVIEW}: {error.strerror}; check its permissions or choose another --home") from error
    except (ValueError, KeyError, TypeError):
        return NOTHING  # another version wrote it: the next build writes it anew


def _pair(row: dict[str, _Json]) -> Pair:
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if key not in ("clues", "reason_blocked")}
    blocked = row["reason_blocked"]
    clues = row["clues"]
    if not isinstance(clues, list):
        raise TypeError("clues")
    return Pair(**plain, clues=tuple(_clue(clue) for clue in clues), reason_blocked=_clue(blocked) if blocked else None)  # type: ignore[arg-type]


def _clue(told: _Json) -> Clue:
    if not isinstance(told, dict) or not isinstance(told["text"], dict):
        raise TypeError("clue")
    return Clue(name=str(told["name"]), weight=float(str(told["weight"])), text=Text(fr=str(told["text"]["fr"]), en=str(told["text"]["en"])))
