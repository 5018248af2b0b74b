"""`passerelle duplicates`: pairs of actors that may be the same, those that were merged, and why."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from passerelle import cli
from passerelle.documents import Json, text
from recommender.answers import Text

if TYPE_CHECKING:
    from graph_builder.resolution import Clue, Pair


def add(p: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    p.add_argument("-k", type=int, default=20, help="how many pairs (default: 20)")
    p.add_argument("--merged", action="store_true", help="list what the build merged, in place of what is left to people")


def run(args: argparse.Namespace) -> int:
    """List the pairs to review, the most valuable first, or those that were merged."""
    from ontology.errors import QueryError
    from passerelle.stewarding import Steward

    if args.k < 1:
        raise QueryError(f"-k {args.k}: no pair was asked for; give 1 or more")
    review = Steward(args.home).current_review()
    pairs = review.merged if args.merged else review.pairs
    return cli.output(args, document(review.digest, pairs, args.k, merged=args.merged), lambda: table(pairs, args.k, args.lang, merged=args.merged))


def document(digest: str, pairs: Sequence[Pair], k: int, *, merged: bool) -> Json:
    """What `duplicates --json` prints."""
    return {"digest": digest, "merged": merged, "of": len(pairs), "pairs": [pair_document(pair) for pair in pairs[:k]]}


def pair_document(pair: Pair) -> Json:
    """One pair as JSON: who, how likely, why, and what was decided."""
    blocked = pair.reason_blocked
    return {
        "a": {"id": pair.a, "name": pair.names[0], "record": pair.records[0]},
        "b": {"id": pair.b, "name": pair.names[1], "record": pair.records[1]},
        "probability": round(pair.probability, 4),
        "value": round(pair.value, 3),
        "verdict": pair.verdict,
        "clues": [{"name": clue.name, "weight": round(clue.weight, 3), "text": _text(clue)} for clue in pair.clues],
        "blocked": None if blocked is None else {"name": blocked.name, "text": _text(blocked)},
    }


def _text(clue: Clue) -> Json:
    return text(Text(clue.text.fr, clue.text.en))


def table(pairs: Sequence[Pair], k: int, lang: str, *, merged: bool) -> str:
    """The pairs for a person: both names and ids, then what speaks for (+) and against (-), and what forbids a merge (!)."""
    if not pairs:
        return "Nothing was merged." if merged else "No pair of actors is left to review."
    some = f"{len(pairs)} pair{'' if len(pairs) == 1 else 's'}"
    head = f"{some} merged" if merged else f"{some} to look at, the most valuable decision first"
    lines = [head + (f" ({k} shown):" if len(pairs) > k else ":")]
    for n, pair in enumerate(pairs[:k], 1):
        lines += _lines(n, pair, lang)
    how = "Take a merge back: passerelle unmerge ACTOR" if merged else "Decide: passerelle judge A B same|different|unsure"
    return "\n".join([*lines, how])


def _lines(n: int, pair: Pair, lang: str) -> list[str]:
    decided = f", judged {pair.verdict}" if pair.verdict else ""
    lines = [
        f"{n:>3}. {pair.names[0]}  [{pair.a}]",
        f"     {pair.names[1]}  [{pair.b}]   likeness {pair.probability:.2f}{decided}",
    ]
    blocked = pair.reason_blocked
    shown = [clue for clue in pair.clues if blocked is None or clue.name != blocked.name or clue.text != blocked.text]
    lines += [f"       {_sign(clue)} {getattr(clue.text, lang)}" for clue in shown]
    return [*lines, f"       ! not merged without a decision: {getattr(blocked.text, lang)}"] if blocked else lines


def _sign(clue: Clue) -> str:
    return "+" if clue.weight > 0 else "-" if clue.weight < 0 else "="
