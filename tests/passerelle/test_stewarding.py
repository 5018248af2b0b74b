"""Decisions about data: lists brought in, duplicates judged, decisions taken back; and the commands that do so.

Two lists of invented firms make the home: two pairs merge by name, place and website, one is left to people, and one, with two SIREN, never merges.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from graph_builder.identity import Names
from graph_builder.imports import IMPORTS
from graph_builder.journal import Entry, Journal
from graph_builder.pipeline import RUN, BuildReport, build, build_sources
from graph_builder.resolution import Verdict
from graph_builder.review import REVIEW
from graph_builder.snapshot import CURRENT, open_current
from graph_builder.store import build_lock
from graph_builder.tables import Filler
from ontology.errors import AmbiguousActor, BuildLocked, EncoderError, InputError, NoSnapshot, QueryError, TryAgain, UnknownActor
from ontology.model import EntityKind
from passerelle import cli, stewarding
from passerelle.stewarding import Steward, standing
from tests.graph_builder.lists.make_list import siren
from tests.graph_builder.tiny import FakeSource, Info, tiny
from tests.passerelle import command
from tests.passerelle.command import Said

ONE, TWO, THREE = (siren(number) for number in (101, 202, 303))
CLUB = f"""name,siren,commune,postcode,website
Atelier du Lion,,Belfort,90000,https://lion.example
Savoureuse Numérique,{ONE},Belfort,90000,
Jura Capteurs,,Montbéliard,25200,https://jura.example
Fonderie des Trois Rivières,,Delle,90100,
"""
REGISTER = f"""name,siren,commune,postcode,website
ATELIER DU LION SAS,{TWO},Belfort,90000,https://www.lion.example
SAVOUREUSE NUMERIQUE,{THREE},Belfort,90000,
Capteurs du Jura,,Montbéliard,25200,https://jura.example
Fonderie de la Rivière,,Delle,90100,
Brasserie du Château,,Belfort,90000,
"""
LION, LION_SAS = "club:atelier-du-lion--belfort", f"siren:{TWO}"
SAVOUREUSE, SAVOUREUSE_TOO = f"siren:{ONE}", f"siren:{THREE}"
JURA, JURA_TOO = "club:jura-capteurs--montbeliard", "register:capteurs-du-jura--montbeliard"
FONDERIE, FONDERIE_TOO = "club:fonderie-des-trois-rivieres--delle", "register:fonderie-de-la-riviere--delle"
BRASSERIE = "register:brasserie-du-chateau--belfort"

TURTLE = """@prefix org: <http://www.w3.org/ns/org#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/verre> a org:Organization ; skos:prefLabel "Atelier du Verre"@fr ; dct:modified "2026-03-01"^^xsd:date .
"""

Call = Callable[..., Said]


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the two lists; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("lists")
    (folder / "club.csv").write_text(CLUB, encoding="utf-8")
    (folder / "register.csv").write_text(REGISTER, encoding="utf-8")
    return folder


@pytest.fixture
def club(lists: Path, tmp_path: Path) -> Steward:
    """A home built from one list."""
    build([lists / "club.csv"], tmp_path / "home")
    return Steward(tmp_path / "home")


@pytest.fixture
def both(lists: Path, tmp_path: Path) -> Steward:
    """A home built from the two lists."""
    build([lists / "club.csv", lists / "register.csv"], tmp_path / "home")
    return Steward(tmp_path / "home")


def actors(steward: Steward) -> set[str]:
    return set(open_current(steward.home).entities(EntityKind.ORGANIZATION))


def merged(steward: Steward) -> set[frozenset[str]]:
    return {frozenset((pair.a, pair.b)) for pair in steward.review().merged}


def in_force(steward: Steward) -> list[int]:
    return sorted(entry.id for entry in standing(reversed(steward.history())).values())


def state(home: Path) -> dict[str, bytes]:
    """What a home holds, but the files of imports, the journal (compared by its decisions) and the lock."""
    kept = (home / CURRENT, home / REVIEW, home / RUN, *sorted((home / "snapshots").rglob("*")))
    return {str(path): path.read_bytes() for path in kept if path.is_file()}


def other(tmp_path: Path, content: str, name: str = "register.csv") -> Path:
    """A list in a folder of its own."""
    folder = tmp_path / f"list-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


# ------------------------------------------------------------------------------------------------------------ import


def test_an_import_is_resolved_with_what_is_there(club: Steward, lists: Path) -> None:
    decided = club.import_file(lists / "register.csv")
    assert (decided.report.changed, decided.report.merged, decided.report.review) == (True, 2, 1)
    assert decided.entry.payload["name"] == "register"
    assert decided.seen and decided.seen.counts and decided.seen.counts["actors"] == 5
    assert merged(club) == {frozenset((LION, LION_SAS)), frozenset((JURA, JURA_TOO))}
    assert [{pair.a, pair.b} for pair in club.review().pairs] == [{FONDERIE, FONDERIE_TOO}]
    assert len(actors(club)) == 7, "4 + 5 - 2"


def test_an_import_gives_the_graph_that_a_build_of_both_gives(club: Steward, lists: Path, tmp_path: Path) -> None:
    imported = club.import_file(lists / "register.csv").report.digest
    assert imported == build([lists / "club.csv", lists / "register.csv"], tmp_path / "other").digest


def test_an_import_outlives_its_file_and_its_undo_gives_the_graph_of_before(club: Steward, tmp_path: Path) -> None:
    before = club.review().digest
    file = other(tmp_path, REGISTER)
    digest = club.import_file(file).report.digest
    file.unlink()
    assert club.rebuild().digest == digest
    assert club.undo().report.digest == before
    assert merged(club) == set()


def test_an_import_of_the_same_name_replaces_the_earlier_one_and_its_undo_brings_that_back(club: Steward, lists: Path, tmp_path: Path) -> None:
    first = club.import_file(lists / "register.csv")
    second = club.import_file(other(tmp_path, REGISTER.replace("Brasserie du Château", "Brasserie du Fort")))
    assert in_force(club) == [second.entry.id]
    assert BRASSERIE not in actors(club)
    assert club.undo().report.digest == first.report.digest
    assert BRASSERIE in actors(club)


def test_the_same_file_again_decides_nothing(club: Steward, lists: Path) -> None:
    first = club.import_file(lists / "register.csv")
    again = club.import_file(lists / "register.csv")
    assert (again.entry.id, again.again, again.report.changed) == (first.entry.id, True, False)
    assert len(club.history()) == 1
    club.undo()
    assert not club.import_file(lists / "register.csv").again, "it was taken back: this is a new decision"


def test_later_builds_keep_imports_and_judgements(club: Steward, lists: Path) -> None:
    club.import_file(lists / "register.csv")
    digest = club.unmerge(LION)[0].report.digest
    assert build([lists / "club.csv"], club.home).digest == digest
    fewer = other(lists, CLUB.replace("Fonderie des Trois Rivières,,Delle,90100,\n", ""), "club.csv")
    try:
        assert build([fewer], club.home).merged == 1
        assert LION in actors(club) and LION_SAS in actors(club), "explicitly other sources keep both too"
    finally:
        shutil.rmtree(fewer.parent)


def test_a_mapping_that_cannot_be_built_changes_nothing(club: Steward, lists: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("name: fleet\ncolumns: {name: name}\nkind: spaceship\n", encoding="utf-8")
    before = state(club.home)
    with pytest.raises(InputError, match="spaceship"):
        club.import_file(lists / "register.csv", mapping)
    assert state(club.home) == before
    assert in_force(club) == [] and [entry.undone for entry in club.history()] == [True]
    assert not club.rebuild().changed


def test_a_list_that_cannot_be_read_is_not_even_decided(club: Steward, lists: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("name: fleet\ncolumns: {name: nom}\n", encoding="utf-8")
    before = state(club.home)
    with pytest.raises(InputError) as refused:
        club.import_file(lists / "register.csv", mapping)
    assert [(finding.column, finding.row) for finding in refused.value.findings if finding.severity == "error"] == [("nom", 1)]
    assert (state(club.home), club.history()) == (before, ())
    assert not (club.home / IMPORTS).exists()


def test_refused_before_anything_is_written(club: Steward, lists: Path, tmp_path: Path) -> None:
    turtle = other(tmp_path, TURTLE, "verre.ttl")
    for file, mapping, error, words in (
        (lists, None, InputError, "is a folder"),
        (lists / "none.csv", None, InputError, "no such file"),
        (lists / "none.ttl", None, InputError, "no such file"),
        (turtle, lists / "club.csv", QueryError, "only a list"),
        (lists / "club.csv", None, QueryError, "a package called 'club' already"),
    ):
        with pytest.raises(error, match=words):
            club.import_file(file, mapping)
    assert club.history() == ()


def test_other_formats_come_in_too(club: Steward, tmp_path: Path) -> None:
    decided = club.import_file(other(tmp_path, TURTLE, "verre.ttl"))
    assert decided.seen is None and decided.entry.payload["mapping"] == ""
    found = Names(open_current(club.home)).find("Atelier du Verre")
    assert found in actors(club)
    club.undo()
    assert found not in actors(club)


def test_an_import_into_a_home_that_was_never_built_builds_the_default_too(lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stewarding, "default_sources", lambda given: [str(lists / "club.csv")])
    steward = Steward(tmp_path / "new")
    assert steward.import_file(lists / "register.csv").report.merged == 2


def test_the_preview_stores_nothing_and_its_mapping_reads_the_list_the_same_way(tmp_path: Path, lists: Path) -> None:
    steward = Steward(tmp_path / "none")
    seen = steward.preview(lists / "register.csv", rows=2)
    assert not steward.home.exists()
    assert seen.counts and seen.counts["actors"] == 5 and len(seen.rows) == 2
    assert seen.mapping
    (tmp_path / "map.yaml").write_text(stewarding.mapping_yaml(seen.mapping), encoding="utf-8")
    again = steward.preview(lists / "register.csv", tmp_path / "map.yaml", rows=2)
    assert (again.rows, again.counts) == (seen.rows, seen.counts)


# ------------------------------------------------------------------------------------------------------------ all or nothing

DECISIONS: dict[str, Callable[[Steward, Path], object]] = {
    "import": lambda steward, lists: steward.import_file(other(lists.parent, "name,commune\nVerrerie,Delle\n", "glass.csv")),
    "judge": lambda steward, lists: steward.judge(FONDERIE, FONDERIE_TOO, "same"),
    "unmerge": lambda steward, lists: steward.unmerge(LION),
    "undo": lambda steward, lists: steward.undo(),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_locked_home_takes_no_decision(both: Steward, lists: Path, name: str) -> None:
    both.judge(BRASSERIE, FONDERIE, "different")
    before, told = state(both.home), both.history()
    with build_lock(both.home), pytest.raises(BuildLocked):
        DECISIONS[name](both, lists)
    assert (state(both.home), both.history()) == (before, told)


@pytest.mark.parametrize("refused", [KeyboardInterrupt(), BuildLocked("another build"), InputError("no"), MemoryError()], ids=repr)
@pytest.mark.parametrize("name", DECISIONS)
def test_a_build_that_does_not_come_about_takes_the_decision_back(
    both: Steward, lists: Path, monkeypatch: pytest.MonkeyPatch, name: str, refused: BaseException
) -> None:
    both.judge(BRASSERIE, FONDERIE, "different")
    before, force = state(both.home), in_force(both)

    def failing(*_: object) -> BuildReport:
        assert in_force(both) != force, "the decision is there while the build runs"
        raise refused

    monkeypatch.setattr(stewarding, "build", failing)
    with pytest.raises(type(refused)):
        DECISIONS[name](both, lists)
    assert (state(both.home), in_force(both)) == (before, force)


def test_once_its_snapshot_is_in_use_a_decision_stands(both: Steward, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(specs: Sequence[str | Path], home: Path, *_: object) -> BuildReport:
        build(specs, home)
        raise KeyboardInterrupt

    monkeypatch.setattr(stewarding, "build", interrupted)
    with pytest.raises(KeyboardInterrupt):
        both.judge(FONDERIE, FONDERIE_TOO, "same")
    assert in_force(both) == [1]
    assert FONDERIE_TOO not in actors(both), "the graph and the journal agree"


# ------------------------------------------------------------------------------------------------------------ judge


def test_judged_the_same_they_become_one_which_answers_to_both_ids(both: Steward) -> None:
    both.judge(FONDERIE_TOO, FONDERIE, "same")
    assert both.review().canonical(FONDERIE_TOO) == FONDERIE
    names = Names(open_current(both.home))
    assert names.find(FONDERIE_TOO) == names.find("Fonderie de la Rivière") == FONDERIE
    assert both.review().pairs == ()
    both.undo()
    assert {FONDERIE, FONDERIE_TOO} <= actors(both)
    assert len(both.review().pairs) == 1


def test_judged_different_or_unsure_the_graph_stays(both: Steward) -> None:
    assert not both.judge(FONDERIE, FONDERIE_TOO, "unsure").report.changed
    (pair,) = both.review().pairs
    assert pair.verdict == "unsure"
    decided = both.judge(FONDERIE, FONDERIE_TOO, "different")
    assert (decided.report.changed, decided.report.review) == (False, 0)
    assert both.review().pairs == ()
    assert in_force(both) == [2], "the later judgement on a pair replaces the earlier one"


def test_actors_that_nothing_brings_together_may_be_judged(both: Steward) -> None:
    both.judge(BRASSERIE, "Fonderie de la Rivière", "same")
    assert len(actors(both)) == 6
    assert json.loads((both.home / REVIEW).read_text(encoding="utf-8"))["merges"][FONDERIE_TOO] == BRASSERIE


def test_an_id_that_was_merged_away_means_its_own_record(both: Steward) -> None:
    payload = both.judge(LION, BRASSERIE, "same").entry.payload
    assert (payload["a"], payload["b"]) == (f"club/companies/{LION}", f"register/companies/{BRASSERIE}")
    assert both.review().canonical(BRASSERIE) == LION
    assert LION_SAS in actors(both), "the register tells LION_SAS and BRASSERIE apart, and what people judge comes first"


def test_the_same_judgement_again_decides_nothing(both: Steward) -> None:
    first = both.judge(FONDERIE, FONDERIE_TOO, "same")
    again = both.judge(FONDERIE_TOO, FONDERIE, "same")
    assert (again.entry.id, again.again) == (first.entry.id, True)
    assert len(both.history()) == 1


def test_what_cannot_be_judged_is_refused_in_one_line(both: Steward) -> None:
    before = state(both.home)
    for a, b, error, words in (
        (LION, LION, QueryError, f"are both {LION}"),
        (SAVOUREUSE, f"siren:{ONE}", QueryError, f"are both {SAVOUREUSE}"),
        (SAVOUREUSE, SAVOUREUSE_TOO, QueryError, f"the SIREN {ONE}, SAVOUREUSE NUMERIQUE the SIREN {THREE}"),
        (JURA, "Braserie du Chateau", UnknownActor, f"did you mean {BRASSERIE}"),
        (JURA, "savoureuse", AmbiguousActor, "2 actors"),
        (JURA, " ", QueryError, "no actor can be found"),
    ):
        with pytest.raises(error, match=words) as refused:
            both.judge(a, b, "same")
        assert "\n" not in str(refused.value)
    assert (state(both.home), both.history()) == (before, ())


def test_two_siren_may_be_judged_different(both: Steward) -> None:
    assert not both.judge(SAVOUREUSE, SAVOUREUSE_TOO, "different").report.changed


def test_a_wrong_merge_is_named_when_it_brings_the_second_siren(tmp_path: Path) -> None:
    one, two = Filler(), Filler()
    for filler, package, ids in ((one, "one", ("mill", "forge")), (two, "two", (f"siren:{ONE}",))):
        for actor in ids:
            record = filler.record(f"{package}/actors/{actor}", sources=["source:s"], published="2021")
            filler.attribute(actor, "type", "Organization", record)
            filler.attribute(actor, "name", "Forge du Nord" if actor == "forge" else "Moulin de Savoureuse", record)
            filler.attribute(actor, "website", f"https://{actor[:5]}.example" if actor == "forge" else "https://mill.example", record)
    one.attribute("forge", "siren", TWO, "one/actors/forge")
    two.attribute(f"siren:{ONE}", "siren", ONE, f"two/actors/siren:{ONE}")
    steward = Steward(tmp_path / "home")
    build_sources([FakeSource(one.tables(), Info("one")), FakeSource(two.tables(), Info("two"))], steward.home)
    assert steward.review().merges == {f"siren:{ONE}": "mill"}
    with pytest.raises(QueryError, match="passerelle unmerge mill"):
        steward.judge("mill", "forge", "same")
    with pytest.raises(QueryError, match="correct the wrong number"):
        steward.judge(f"siren:{ONE}", "forge", "same")


def test_a_project_is_no_actor(tmp_path: Path) -> None:
    build_sources([FakeSource(tiny())], tmp_path)
    with pytest.raises(QueryError, match="p is a project, not an actor"):
        Steward(tmp_path).judge("a", "p", "same")


@pytest.mark.parametrize(
    "told",
    [
        [(FONDERIE, BRASSERIE, "same"), (BRASSERIE, JURA, "different"), (FONDERIE, JURA, "same")],
        [(FONDERIE, JURA, "same"), (FONDERIE, BRASSERIE, "different"), (JURA, BRASSERIE, "same")],
        [(FONDERIE, JURA, "same"), (JURA, BRASSERIE, "same"), (FONDERIE, BRASSERIE, "different")],
    ],
)
def test_decisions_that_exclude_each_other_are_refused(both: Steward, told: list[tuple[str, str, Verdict]]) -> None:
    *earlier, last = told
    for judgement in earlier:
        both.judge(*judgement)
    before, force = state(both.home), in_force(both)
    with pytest.raises(QueryError, match="exclude each other: "):
        both.judge(*last)
    assert in_force(both) == force
    after = state(both.home)
    assert all(after[path] == before[path] for path in map(str, (both.home / CURRENT, both.home / REVIEW)))


def test_nothing_is_judged_on_what_another_build_merged(both: Steward, tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        Steward(tmp_path / "none").judge(LION, JURA, "same")
    (both.home / REVIEW).unlink()
    for act in (both.current_review, lambda: both.judge(LION, JURA, "same"), lambda: both.unmerge(LION)):
        with pytest.raises(TryAgain, match="build again: passerelle build"):
            act()
    both.rebuild()
    assert len(both.unmerge(LION)) == 1


# ------------------------------------------------------------------------------------------------------------ unmerge, undo, history


@pytest.mark.parametrize("named", [LION, LION_SAS, "Atelier du Lion", "ATELIER DU LION SAS", TWO])
def test_unmerge_takes_a_merge_apart_by_any_of_its_names(both: Steward, named: str) -> None:
    (decided,) = both.unmerge(named)
    assert decided.entry.payload["verdict"] == "different"
    assert {LION, LION_SAS} <= actors(both)
    both.undo()
    assert LION not in actors(both)


def test_unmerge_takes_a_whole_group_apart_in_one_build(both: Steward, monkeypatch: pytest.MonkeyPatch) -> None:
    both.judge(LION_SAS, BRASSERIE, "same")
    builds: list[object] = []
    monkeypatch.setattr(stewarding, "build", lambda *told: builds.append(told) or build(*told))
    decided = both.unmerge(BRASSERIE)
    assert {LION, LION_SAS, BRASSERIE} <= actors(both)
    assert (len(decided), len(builds)) == (2, 1)
    assert merged(both) == {frozenset((JURA, JURA_TOO))}, "another merge stays"


def test_nothing_to_unmerge(both: Steward) -> None:
    with pytest.raises(QueryError, match=f"nothing was merged into {BRASSERIE}"):
        both.unmerge(BRASSERIE)
    with pytest.raises(UnknownActor):
        both.unmerge("zzz")


def test_undo_goes_back_one_decision_at_a_time_or_to_the_one_named(both: Steward) -> None:
    digests = [both.review().digest, both.judge(FONDERIE, FONDERIE_TOO, "same").report.digest, both.unmerge(LION)[0].report.digest]
    assert both.undo(1).entry.id == 1
    assert both.undo().entry.id == 2
    assert both.review().digest == digests[0]
    for wrong in (None, 1, 99):
        with pytest.raises(QueryError, match="passerelle history"):
            both.undo(wrong)
    assert [entry.undone for entry in both.history()] == [True, True]


def test_undo_where_nothing_was_ever_decided_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="nothing was decided"):
        Steward(tmp_path / "none").undo()
    assert not (tmp_path / "none").exists()


def test_what_stands(both: Steward) -> None:
    def entry(number: int, kind: str, *, undone: bool = False, **payload: str) -> Entry:
        return Entry(number, "2026-01-01T00:00:00+00:00", kind, payload, undone)

    told = [
        entry(1, "import", name="x"),
        entry(2, "judgement", a="r", b="s", verdict="same"),
        entry(3, "import", name="x"),
        entry(4, "import", name="x", undone=True),
        entry(5, "judgement", a="r", b="t", verdict="same"),
    ]
    assert sorted(e.id for e in standing(told).values()) == [2, 3, 5]


# ------------------------------------------------------------------------------------------------------------ the commands


@pytest.fixture
def call(both: Steward, monkeypatch: pytest.MonkeyPatch, lists: Path) -> Call:
    """Runs a command on the home of both lists with the encoder that needs no weights."""
    monkeypatch.setattr(cli, "default_sources", lambda given: list(given) or [str(lists / "club.csv"), str(lists / "register.csv")])
    return lambda *args: command.call(*args, "--home", both.home, "--encoder", "lsa")


def test_a_build_without_arguments_keeps_what_was_decided(call: Call, both: Steward) -> None:
    call("judge", FONDERIE, FONDERIE_TOO, "same")
    document = call("build", "--json").document
    assert (document["changed"], document["merged"], document["review"]) == (False, 3, 0)


def test_duplicates_as_a_table_and_as_a_document(call: Call) -> None:
    said = call("duplicates")
    assert (said.code, said.err) == (0, "")
    head, first, second, *clues, last = said.out.splitlines()
    assert head == "1 pair to look at, the most valuable decision first:"
    assert first == f"  1. Fonderie des Trois Rivières  [{FONDERIE}]" and f"[{FONDERIE_TOO}]   likeness 0." in second
    assert clues and all(line.lstrip()[:2] in ("+ ", "- ", "= ") for line in clues)
    assert last == "Decide: passerelle judge A B same|different|unsure"
    assert "même commune : Delle" in call("duplicates", "--lang", "fr").out
    document = call("duplicates", "--merged", "-k", "1", "--json").document
    assert (document["merged"], document["of"], len(document["pairs"])) == (True, 2, 1)
    assert call("duplicates", "--merged").out.startswith("2 pairs merged:\n")
    assert call("duplicates", "-k", "0").code == 2


def test_judge_undo_and_history_for_a_person(call: Call) -> None:
    said = call("judge", FONDERIE, FONDERIE_TOO, "same")
    decision, snapshot = said.out.splitlines()
    assert decision == "decision 1: Fonderie des Trois Rivières ~ Fonderie de la Rivière: same (take it back: passerelle undo 1)"
    assert snapshot.endswith("is in use: 6 actors, 3 merged, 0 to review")
    assert call("show", FONDERIE_TOO).out.startswith(f"Fonderie des Trois Rivières  [{FONDERIE}]")
    assert call("judge", FONDERIE, FONDERIE_TOO, "same").out.startswith("decision 1 was taken already: ")
    call("judge", FONDERIE, FONDERIE_TOO, "unsure")
    assert call("undo").out.startswith("decision 2 is taken back: ")
    call("unmerge", LION)
    call("judge", LION, LION_SAS, "same")
    lines = call("history").out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == ["4", "3", "2", "1"]
    ends = [line.endswith(("(replaced by a later one)", "(taken back)")) for line in lines[:-1]]
    assert ends == [False, True, True, False]
    assert lines[-1] == "Take one back: passerelle undo ENTRY"


def test_import_for_a_person(call: Call, tmp_path: Path) -> None:
    file = other(tmp_path, "name,commune,legal_form\nVerrerie du Rosemont,Delle,SAS\nDUPONT Jean,Delle,Entrepreneur individuel\n", "glass.csv")
    looked = call("import", file, "--dry-run").out.splitlines()
    assert looked[0] == "glass.csv: how it would be read; nothing was changed"
    assert "  2 rows: 1 actor; natural persons left out: 1" in looked
    assert looked[-1] == f"Bring it in: passerelle import {file}"
    said = call("import", file)
    assert (said.code, said.complaints) == (0, [])
    assert said.out.splitlines()[0] == "glass.csv is in the graph as 'glass': decision 1 (take it back: passerelle undo 1)"
    assert "DUPONT" not in said.out
    assert call("import", file).out.startswith("glass.csv is in the graph already as 'glass': decision 1")
    assert call("search", "verrerie").out.split()[0] == "glass:verrerie-du-rosemont--delle"


def test_the_mapping_that_is_shown_may_be_corrected_and_given(call: Call, tmp_path: Path) -> None:
    file = other(tmp_path, "firm,town\nVerrerie du Rosemont,Delle\n", "glass.csv")
    (tmp_path / "map.yaml").write_text("name: verre\ncolumns: {name: firm, commune: town}\n", encoding="utf-8")
    shown = call("import", file, "--map", tmp_path / "map.yaml", "--show-map")
    (tmp_path / "again.yaml").write_text(shown.out, encoding="utf-8")
    assert shown.code == 0 and call("import", file, "--map", tmp_path / "again.yaml", "--show-map").out == shown.out
    document = call("import", file, "--map", tmp_path / "again.yaml", "--json").document
    assert (document["name"], document["rows"]["actors"]) == ("verre", 1)


def test_a_mapping_with_faults_is_shown_with_them(call: Call, lists: Path, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("name: x\ncolumns: {name: nom}\n", encoding="utf-8")
    said = call("import", lists / "register.csv", "--map", tmp_path / "map.yaml", "--show-map")
    assert said.code == 2 and "name: nom" in said.out
    (complaint,) = said.complaints
    assert complaint.startswith("error: register.csv, line 1, column nom:")


ERRORS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "two SIREN": (("judge", SAVOUREUSE, SAVOUREUSE_TOO, "same"), 2, "two legal units never become one"),
    "one actor": (("judge", LION_SAS, "Atelier du Lion", "same"), 2, "are both"),
    "unknown": (("judge", LION, "Braserie du Chateau", "same"), 2, "did you mean"),
    "no verdict": (("judge", LION, JURA, "perhaps"), 2, "invalid choice"),
    "nothing merged": (("unmerge", BRASSERIE), 2, "nothing was merged"),
    "nothing decided": (("undo",), 2, "nothing was decided"),
    "no number": (("undo", "x"), 2, "invalid int"),
    "no file": (("import", "none.csv"), 2, "no such file"),
    "no file to preview": (("import", "none.csv", "--dry-run"), 2, "no such file"),
    "no mapping": (("import", "none.csv", "--map", "none.yaml"), 2, "no such file; give a mapping"),
    "no preview": (("import", "none.ttl", "--dry-run"), 2, "passerelle validate none.ttl"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_refusal_is_one_line(call: Call, name: str) -> None:
    args, code, words = ERRORS[name]
    said = call(*args)
    assert (said.code, said.out) == (code, "")
    (complaint,) = said.complaints
    assert complaint.startswith("error: ") and words in complaint


def test_a_home_in_use_or_never_built_may_be_tried_again(call: Call, both: Steward, tmp_path: Path) -> None:
    with build_lock(both.home):
        said = call("judge", FONDERIE, FONDERIE_TOO, "same")
    assert said.code == 1 and "another build is running" in said.complaints[0]
    assert both.history() == ()
    for args in (("duplicates",), ("judge", "a", "b", "same"), ("unmerge", "a")):
        said = command.call(*args, "--home", tmp_path / "none")
        assert said.code == 1 and "run: passerelle build" in said.complaints[0]
    assert command.call("history", "--home", tmp_path / "none").out == "Nothing was decided yet.\n"
    assert not (tmp_path / "none").exists()


def test_an_encoder_that_cannot_be_used_is_refused_before_the_decision(both: Steward) -> None:
    said = command.call("judge", FONDERIE, FONDERIE_TOO, "same", "--home", both.home, "--encoder", "none")
    assert said.code == EncoderError.exit_code
    assert both.history() == ()


def test_interrupted(call: Call, both: Steward, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> BuildReport:
        raise KeyboardInterrupt

    monkeypatch.setattr(stewarding, "build", interrupted)
    assert call("judge", FONDERIE, FONDERIE_TOO, "same").code == cli.INTERRUPTED
    assert Journal.open(both.home).judgements() == ()
