"""What a person decides about the data of a home: lists brought in, duplicates judged, decisions taken back.

A decision is written into the journal while no build runs, and a build follows. When that build is refused or interrupted before its
snapshot is in use, the decision is taken back: the journal and the graph never tell two stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from graph_builder.identity import Names
from graph_builder.imports import keep
from graph_builder.journal import Entry, Journal
from graph_builder.pipeline import BuildReport, build, last_specs
from graph_builder.resolution import Pair, Verdict
from graph_builder.review import Review, read_review
from graph_builder.snapshot import Snapshot, open_current, read_current
from graph_builder.sources import open_source
from graph_builder.sources.company_list.mapping import mapping_yaml
from graph_builder.sources.company_list.mapping_reader import read_mapping
from graph_builder.sources.company_list.source import Preview
from graph_builder.sources.company_list.source import preview as preview_list
from graph_builder.sources.findings import refusal
from graph_builder.store import build_lock
from ontology.errors import InputError, PasserelleError, QueryError, TryAgain
from ontology.model import EntityKind
from passerelle.sources import default_sources

LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
"""Endings of files that are lists, read with a mapping; any other file is opened by its format."""

Progress = Callable[[str], None]
Act = Callable[[Journal], Entry]


@dataclass(frozen=True)
class Decided:
    """A decision, and the build that followed it. `again`: it was in force already, and nothing was written down.

    `seen` is how an imported list is read.
    """

    entry: Entry
    report: BuildReport
    again: bool = False
    seen: Preview | None = None


class Steward:
    """The decisions of one home. `progress` is told the stages of the builds."""

    def __init__(self, home: Path, progress: Progress | None = None) -> None:
        self.home, self._tell = home, progress or (lambda _: None)

    def review(self) -> Review:
        """What the last build merged and left to people; nothing when that is not known."""
        return read_review(self.home)

    def current_review(self) -> Review:
        """The same, certainly of the snapshot in use. Raises NoSnapshot when nothing was built, TryAgain when a build is needed first."""
        return self._known()[0]

    def history(self) -> tuple[Entry, ...]:
        """Every decision, the latest first."""
        return tuple(reversed(self._journal().entries()))

    def preview(self, file: Path, mapping: Path | None = None, *, rows: int = 20) -> Preview:
        """A list as it would be read, with the mapping in a file, else the one beside the list, else with columns as guessed.

        Nothing is stored. Faults are findings of the preview, those of the mapping too.
        """
        told, findings = (None, []) if mapping is None else read_mapping(mapping)
        if mapping is not None and told is None:
            return Preview(file.name, None, findings=tuple(findings))
        seen = preview_list(file, told, n=rows)
        return replace(seen, findings=(*findings, *seen.findings))

    def import_file(self, file: Path, mapping: Path | None = None) -> Decided:
        """Bring a file in and build. A list is read as `preview` shows it; an import of the same name is replaced.

        Raises InputError with the findings when the file or the whole cannot be built; nothing has changed then.
        """
        seen: Preview | None = None
        if file.is_dir():
            raise InputError(f"{file}: is a folder; give a file, or build with it: passerelle build {file}")
        if file.suffix.lower() in LISTS:
            seen = self.preview(file, mapping, rows=1)
            if seen.mapping is None or any(finding.severity == "error" for finding in seen.findings):
                raise refusal(file, seen.findings)
            text, name = mapping_yaml(seen.mapping), seen.mapping.name
        elif mapping is not None:
            raise QueryError(f"{file}: only a list ({', '.join(sorted(LISTS))}) is read with a mapping; leave the mapping out")
        else:
            text, name = "", open_source(file).name
        self._check_name(name)
        digest = keep(self.home, file, text)
        decided = self._decide([lambda journal: _once(journal, lambda: journal.add_import(name, digest, text, file.name), ("import", name), digest)])
        return replace(decided[0], seen=seen)

    def judge(self, a: str, b: str, verdict: Verdict) -> Decided:
        """Say whether two actors are the same, and build. Each is named by any of its ids, or by its name.

        Raises UnknownActor, AmbiguousActor, QueryError: one actor only, or two that can never be one.
        """
        review, snapshot = self._known()
        first, second = (_find(actor, review, snapshot) for actor in (a, b))
        if first == second:
            raise QueryError(f"{a[:80]!r} and {b[:80]!r} are both {first}; give the ids of two actors (merged ones: passerelle duplicates --merged)")
        if verdict == "same":
            _check_sirens(first, second, review, snapshot)
        (decided,) = self._decide([_judgement(_pair(first, second, review, snapshot), verdict)])
        joined = {(pair.a, pair.b) for pair in review.merged if pair.verdict == "same" and {pair.a, pair.b} != {first, second}}
        joined |= {(first, second)} if verdict == "same" else set()
        after = self.review()
        parted = sorted(pair for pair in joined if after.canonical(pair[0]) != after.canonical(pair[1]))
        if parted:
            if not decided.again:
                self._journal().undo(decided.entry.id)
                self.rebuild()
            against = f"{parted[0][0]} and {parted[0][1]} would be judged the same and stay apart"
            raise QueryError(f"this and another decision exclude each other: {against}; nothing was changed; see: passerelle history")
        return decided

    def unmerge(self, actor: str) -> tuple[Decided, ...]:
        """Undo every merge into one actor: each pair is judged different, in one build. Raises QueryError when nothing was merged into it."""
        review, snapshot = self._known()
        stays = review.canonical(_find(actor, review, snapshot))
        joined = [pair for pair in review.merged if review.canonical(pair.a) == stays]
        if not joined:
            raise QueryError(f"nothing was merged into {stays}; see what was: passerelle duplicates --merged")
        return self._decide([_judgement(pair, "different") for pair in joined])

    def undo(self, entry: int | None = None) -> Decided:
        """Take a decision back, the latest one in force unless another is named, and build."""
        return self._decide([lambda journal: journal.undo(entry)], take_back=Journal.redo)[0]

    def rebuild(self) -> BuildReport:
        """Build again from the sources of the last build."""
        return build(last_specs(self.home) or tuple(default_sources(())), self.home, self._tell)

    def _known(self) -> tuple[Review, Snapshot]:
        snapshot, review = open_current(self.home), self.review()
        if review.digest != snapshot.digest:
            found = f"what was merged in {self.home} is not known for the snapshot in use, {snapshot.digest[:12]}"
            raise TryAgain(f"{found}; build again: passerelle build")
        return review, snapshot

    def _journal(self) -> Journal:
        return Journal.open(self.home)

    def _decide(self, acts: Sequence[Act], *, take_back: Callable[[Journal, int], object] = Journal.undo) -> tuple[Decided, ...]:
        """Write decisions down and build once: all of it, or nothing."""
        journal = self._journal()
        before = {entry.id: entry.undone for entry in journal.entries()}
        entries: list[Entry] = []
        with self._all_or_nothing(lambda: [take_back(journal, e.id) for e in reversed(entries) if before.get(e.id) != e.undone]):
            with build_lock(self.home) if self.home.is_dir() else nullcontext():  # no build that may be under way reads half of it
                for act in acts:
                    entries.append(act(journal))  # noqa: PERF401  (those before a failure are taken back)
            report = self.rebuild()
        return tuple(Decided(entry, report, again=before.get(entry.id) == entry.undone) for entry in entries)

    @contextmanager
    def _all_or_nothing(self, take_back: Callable[[], object]) -> Iterator[None]:
        """Take decisions back when what follows them fails, unless their snapshot is in use already."""
        before = self._in_use()
        try:
            yield
        except BaseException:
            if self._in_use() == before:
                take_back()
            raise

    def _in_use(self) -> str | None:
        try:
            return read_current(self.home)
        except PasserelleError:
            return None

    def _check_name(self, name: str) -> None:
        """Refuse a file that bears the name of a package which is no import."""
        if self._in_use() is None or name in {kept.name for kept in self._journal().imports()}:
            return
        if name in {package["name"] for package in open_current(self.home).manifest.packages}:
            raise QueryError(f"the graph holds a package called {name!r} already; rename the file, or write another name: in its mapping")


def standing(entries: Iterable[Entry]) -> Mapping[tuple[str, ...], Entry]:
    """What is in force: the latest decision on each subject that was not taken back. `entries` are in the order of the journal."""
    return {subject(entry): entry for entry in entries if not entry.undone}


def subject(entry: Entry) -> tuple[str, ...]:
    """What a decision is about: a later one on the same replaces it."""
    keys = ("name",) if entry.kind == "import" else ("a", "b")
    return (entry.kind, *(str(entry.payload.get(key)) for key in keys))


def _once(journal: Journal, write: Callable[[], Entry], about: tuple[str, ...], says: str) -> Entry:
    """The decision in force that says the same already, else a new one."""
    held = standing(journal.entries()).get(about)
    return held if held and says in (held.payload.get("digest"), held.payload.get("verdict")) else write()


def _judgement(pair: Pair, verdict: Verdict) -> Act:
    """Writes down what was decided on a pair."""
    about = ("judgement", *sorted(pair.records))
    return lambda journal: _once(journal, lambda: journal.judge(*pair.records, verdict, names=pair.names), about, verdict)


def _find(text: str, review: Review, snapshot: Snapshot) -> str:
    """The actor that a text names: one of the build's input by its id, merged or not; else one of the graph, as every command finds it."""
    asked = text.strip()
    if asked in _records(review):
        return asked
    found = Names(snapshot).find(asked)
    if found not in snapshot.entities(EntityKind.ORGANIZATION):
        raise QueryError(f"{found} is a project, not an actor; give an actor")
    return found


def _records(review: Review) -> dict[str, str]:
    """Actor -> record that says what it is, of every actor that was merged or may be."""
    return {actor: record for pair in (*review.pairs, *review.merged) for actor, record in zip((pair.a, pair.b), pair.records, strict=True)}


def _pair(a: str, b: str, review: Review, snapshot: Snapshot) -> Pair:
    """The pair of two actors: merged, to be reviewed, or one that nothing spoke for."""
    for pair in (*review.pairs, *review.merged):
        if {pair.a, pair.b} == {a, b}:
            return pair
    known, names = _records(review), snapshot.values("name")
    told = {actor: known.get(actor) or snapshot.statement(str(snapshot.attribute_statement(actor, "type"))).record for actor in (a, b)}
    return Pair(a, b, (told[a], told[b]), (_name(a, review, names), _name(b, review, names)), probability=0.0, clues=(), value=0.0)


def _name(actor: str, review: Review, names: Mapping[str, str]) -> str:
    """The name of an actor, under which its own record knows it when it was merged."""
    pairs = (zip((pair.a, pair.b), pair.names, strict=True) for pair in (*review.pairs, *review.merged))
    return next((name for pair in pairs for key, name in pair if key == actor), names.get(actor, actor))


def _check_sirens(a: str, b: str, review: Review, snapshot: Snapshot) -> None:
    """Refuse two actors with two SIREN: they are two legal units, whoever says otherwise."""
    sirens, names = snapshot.values("siren"), snapshot.values("name")
    first, second = (actor.removeprefix("siren:") if actor.startswith("siren:") else sirens.get(actor) for actor in (a, b))
    if first and second and first != second:
        merged = next((actor for actor in (a, b) if actor in review.merges.values() and not actor.startswith("siren:")), None)
        hint = f"part what was merged by mistake (passerelle unmerge {merged}), or correct" if merged else "correct"
        found = f"{_name(a, review, names)} has the SIREN {first}, {_name(b, review, names)} the SIREN {second}"
        raise QueryError(f"{found}: two legal units never become one; {hint} the wrong number in its source")
