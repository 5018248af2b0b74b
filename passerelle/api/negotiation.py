"""Which of the offered media types a client wants. Source: RFC 9110, sections 12.4.2 and 12.5.1."""

from __future__ import annotations

import re
from collections.abc import Sequence

_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered type of the highest quality, the first among equals; None when the client takes none of them.

    No header, or an empty one, takes everything. The most specific range that matches a type gives its quality; ranges that cannot be read
    are ignored.
    """
    ranges = [found for part in (accept or "*/*").split(",") if (found := _range(part)) is not None]
    rated = [(_quality(name, ranges), -position, name) for position, name in enumerate(offered)]
    quality, _, name = max(rated, default=(0.0, 0, ""))
    return name if quality > 0 else None


def _range(part: str) -> tuple[str, float] | None:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    if name.count("/") != 1:
        return None
    given = [value.strip() for key, _, value in (p.partition("=") for p in parameters) if key.strip() == "q"]
    if given and not _QUALITY.fullmatch(given[0]):
        return None
    return name, float(given[0]) if given else 1.0


def _quality(name: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Quality of a type, 0 when no range takes it."""
    for wanted in (name, f"{name.partition('/')[0]}/*", "*/*"):
        found = [quality for one, quality in ranges if one == wanted]
        if found:
            return max(found)
    return 0.0
