"""Commands that decide and take back: `judge`, `unmerge`, `undo`, `history`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from passerelle import cli
from passerelle.documents import Json

if TYPE_CHECKING:
    from graph_builder.journal import Entry
    from graph_builder.pipeline import BuildReport
    from passerelle.stewarding import Decided, Steward

T = TypeVar("T")


def add_judge(p: argparse.ArgumentParser) -> None:
    """The arguments of `judge`."""
    p.add_argument("a", metavar="A", help="an actor: id, name or alias")
    p.add_argument("b", metavar="B", help="another one")
    p.add_argument("verdict", choices=("same", "different", "unsure"), help="what you decide")


def add_unmerge(p: argparse.ArgumentParser) -> None:
    """The arguments of `unmerge`."""
    p.add_argument("actor", metavar="ACTOR", help="the actor that others were merged into, or one of these: id, name or alias")


def add_undo(p: argparse.ArgumentParser) -> None:
    """The arguments of `undo`."""
    p.add_argument(
        "entry", nargs="?", type=int, metavar="ENTRY", help="number of the decision (default: the latest in force); see: passerelle history"
    )


def add_history(p: argparse.ArgumentParser) -> None:
    """The arguments of `history`: none of its own."""


def judge(args: argparse.Namespace) -> int:
    """Say whether two actors are the same, and build again."""
    by = steward(args)
    return _done(args, carried_out(args, lambda: [by.judge(args.a, args.b, args.verdict)]))


def unmerge(args: argparse.Namespace) -> int:
    """Undo every merge into an actor, and build again."""
    by = steward(args)
    return _done(args, carried_out(args, lambda: by.unmerge(args.actor)))


def undo(args: argparse.Namespace) -> int:
    """Take a decision back, and build again."""
    by = steward(args)
    return _done(args, carried_out(args, lambda: [by.undo(args.entry)]))


def history(args: argparse.Namespace) -> int:
    """List every decision, the latest first."""
    from passerelle.stewarding import standing

    entries = steward(args).history()
    force = {entry.id for entry in standing(reversed(entries)).values()}
    document: Json = {"history": [entry_document(entry, in_force=entry.id in force) for entry in entries]}
    return cli.output(args, document, lambda: history_table(entries, force))


def steward(args: argparse.Namespace) -> Steward:
    """Who decides in the home of the arguments; an encoder that cannot be used is refused before anything is decided."""
    from passerelle.stewarding import Steward

    if args.encoder:
        from recommender.encoders import open_encoder

        open_encoder(args.encoder, ())
    return Steward(args.home, cli.tell)


def carried_out(args: argparse.Namespace, decide: Callable[[], T]) -> T:
    """What was decided, after the build that follows and the encoding of its texts."""
    from passerelle.ecosystem import Ecosystem

    try:
        decided = decide()
        cli.tell("encoding the texts")
        Ecosystem.open(args.home, args.encoder, rewrite=True)
    finally:
        cli.told()
    return decided


def _done(args: argparse.Namespace, decided: Sequence[Decided]) -> int:
    """Print what was decided and the snapshot that followed."""
    report = decided[-1].report
    document: Json = {
        "decisions": [entry_document(one.entry, in_force=not one.entry.undone) for one in decided],
        "digest": report.digest,
        "changed": report.changed,
        "merged": report.merged,
        "review": report.review,
    }
    lines = [_told(one) for one in decided]
    return cli.output(args, document, lambda: "\n".join([*lines, f"  {outcome(report)}"]))


def _told(decided: Decided) -> str:
    entry = decided.entry
    if entry.undone:
        return f"decision {entry.id} is taken back: {what(entry)}"
    again = " was taken already" if decided.again else ""
    return f"decision {entry.id}{again}: {what(entry)} (take it back: passerelle undo {entry.id})"


def outcome(report: BuildReport) -> str:
    """The state of the graph after a decision, in one line."""
    use = "is in use" if report.changed else "stays in use, the graph is the same"
    return f"snapshot {report.digest[:12]} {use}: {report.counts.get('Organization', 0):,} actors, {report.merged} merged, {report.review} to review"


def entry_document(entry: Entry, *, in_force: bool) -> Json:
    """One decision as JSON."""
    payload: Json = {key: _plain(value) for key, value in entry.payload.items()}
    return {"id": entry.id, "at": entry.at, "kind": entry.kind, "undone": entry.undone, "in_force": in_force, "payload": payload}


def _plain(value: object) -> Json:
    return [str(item) for item in value] if isinstance(value, list | tuple) else str(value)


def what(entry: Entry) -> str:
    """What was decided, in words."""
    told = entry.payload
    if entry.kind == "import":
        return f"import of {told['filename']} as {told['name']!r}"
    if entry.kind != "judgement":
        return f"a decision of another version ({entry.kind})"
    names = told["names"]
    first, second = names if isinstance(names, list) and len(names) == 2 else (told["a"], told["b"])
    return f"{first} ~ {second}: {told['verdict']}"


def history_table(entries: Sequence[Entry], in_force: set[int]) -> str:
    """The decisions for a person; those that count no more say why."""
    if not entries:
        return "Nothing was decided yet."
    lines = []
    for entry in entries:
        gone = "  (taken back)" if entry.undone else "" if entry.id in in_force else "  (replaced by a later one)"
        lines.append(f"{entry.id:>4}  {entry.at[:16].replace('T', ' ')} UTC  {what(entry)}{gone}")
    how = ["Take one back: passerelle undo ENTRY"] if any(not entry.undone for entry in entries) else []
    return "\n".join([*lines, *how])
