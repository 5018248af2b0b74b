"""What is asked: partners for an actor, for an idea, or for both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    """`actor` is a position in the context; `skills` are skill ids that the text is about."""

    actor: int | None = None
    text: str | None = None
    skills: tuple[str, ...] = ()
