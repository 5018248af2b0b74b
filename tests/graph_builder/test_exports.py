"""Any export: whole or absent, the same bytes each time, nothing of others overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from graph_builder import exports
from graph_builder.exports import EXPORTS, shareable, write_export
from graph_builder.exports.about import created, licences, notes, packages, title
from graph_builder.exports.catalogue_coverage import coverage
from graph_builder.exports.catalogue_rights import Publication, citation
from graph_builder.exports.placing import BEGUN
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from ontology.errors import QueryError, StorageError
from tests.graph_builder.hostile import hostile, hostile_tables
from tests.graph_builder.tiny import Info, seed

OURS = ("graphml", "gexf", "csv", "xlsx", "geojson")


def bytes_of(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path.parent).as_posix(): file.read_bytes() for file in files}


def test_the_names_of_the_command_line() -> None:
    assert list(EXPORTS) == ["turtle", "json-ld", "n-quads", "graphml", "gexf", "csv", "xlsx", "geojson", "ftm"]
    for name, export in EXPORTS.items():
        assert export.name == name and export.label["fr"] and export.label["en"]
        assert export.folder == (not export.suffix)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("snapshot", [hostile(), seed()], ids=["hostile", "seed"])
def test_the_same_bytes_each_time(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    first, again = tmp_path / "1" / "out", tmp_path / "2" / "out"
    for out in (first, again):
        out.parent.mkdir()
        written = write_export(name, snapshot, out)
        assert written.path == out
        assert sorted(written.files) == sorted([out] if out.is_file() else out.rglob("*"))
        assert [path.name for path in out.parent.iterdir()] == ["out"], "nothing else is left beside it"
    assert bytes_of(first) == bytes_of(again)


@pytest.mark.parametrize("name", OURS)
def test_an_export_replaces_an_earlier_one(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_export(name, hostile(), out)
    before = bytes_of(out)
    write_export(name, seed(), out)
    assert bytes_of(out) != before
    write_export(name, hostile(), out)
    assert bytes_of(out) == before
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", OURS)
def test_an_error_leaves_what_was_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_export(name, hostile(), out)
    before = bytes_of(out)

    def broken(snapshot: Snapshot, path: Path) -> None:
        target = path / "half.csv" if path.is_dir() else path
        target.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "EXPORTS", {name: replace(EXPORTS[name], write=broken)})
    with pytest.raises(StorageError, match="No space left"):
        write_export(name, seed(), out)
    assert bytes_of(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    refused = [
        ("graphml", tmp_path / "none" / "out.graphml", "create it first"),
        ("csv", tmp_path / "none" / "out", "create it first"),
        ("graphml", tmp_path / "folder", "give the name of a file"),
        ("csv", tmp_path / "file", "give the name of a new folder"),
        ("xlsx", tmp_path / "file" / "x.xlsx", "create it first"),
        ("csv", Path("/"), "names no file"),
        ("csv", tmp_path / "..", "names no file"),
        ("pdf", tmp_path / "x.pdf", "choose one of turtle, json-ld"),
    ]
    for name, out, wanted in refused:
        with pytest.raises(QueryError, match=wanted) as caught:
            write_export(name, hostile(), out)
        assert "\n" not in str(caught.value) and caught.value.exit_code == 2
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_folder_of_others_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    write_export("csv", hostile(), out)  # empty: may be filled
    (out / "my notes.txt").write_text("mine")
    with pytest.raises(QueryError, match="holds files that no export wrote"):
        write_export("csv", hostile(), out)
    assert (out / "my notes.txt").read_text() == "mine"
    other = tmp_path / "other"
    other.mkdir()
    (other / "datapackage.json").write_text('{"name": "mine", "resources": []}')
    with pytest.raises(QueryError, match="holds files that no export wrote"):
        write_export("csv", hostile(), other)


def test_the_rest_of_a_killed_export_is_swept_and_nothing_else(tmp_path: Path) -> None:
    out, partial = tmp_path / "out", tmp_path / "out.partial"
    partial.mkdir()
    (partial / "half.csv").write_text("half")
    with pytest.raises(QueryError, match="in the way"):
        write_export("csv", hostile(), out)
    assert (partial / "half.csv").exists()
    (partial / BEGUN).touch()
    write_export("csv", hostile(), out)
    assert not partial.exists()
    (tmp_path / "out.old").mkdir()
    with pytest.raises(QueryError, match="interrupted"):
        write_export("csv", hostile(), out)
    assert out.is_dir() and not partial.exists()


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(snapshot: Snapshot, folder: Path) -> None:
        (folder / "half").write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(exports, "EXPORTS", {"csv": replace(EXPORTS["csv"], write=interrupted)})
    with pytest.raises(KeyboardInterrupt):
        write_export("csv", hostile(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", OURS)
def test_a_snapshot_of_no_package_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="names no package") as caught:
        write_export(name, in_memory(hostile_tables()), tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", OURS)
def test_facts_that_may_not_be_passed_on_stay_out_of_every_format(name: str, tmp_path: Path) -> None:
    snapshot = hostile(redistribution={"b": "none", "c": "none"})
    written = write_export(name, snapshot, tmp_path / "out")
    assert [source.id for source in written.withheld.sources] == ["source:b", "source:c"]
    assert written.withheld.facts > 0
    listed = tmp_path / "out" / "withheld.csv"
    if EXPORTS[name].folder:
        assert listed in written.files
        assert listed.read_text(encoding="utf-8").splitlines()[1].startswith('source:b,"Source, B",https://example.org/b?x=1&y=2,')
        listed.unlink()
    if name != "xlsx":  # its parts are compressed; the sheets are read in test_exports_xlsx
        everything = b"".join(bytes_of(tmp_path / "out").values())
        assert b"Projet = 1" not in everything and b"source:c" not in everything and b"source:b" not in everything


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_to_pass_on_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    snapshot = closed("a")
    with pytest.raises(QueryError, match=r"rests on sources that forbid redistribution \(1\)") as caught:
        write_export(name, snapshot, tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_vocabulary_alone_is_exported_but_not_as_followthemoney(tmp_path: Path) -> None:
    filler = Filler()
    filler.attribute("skill:s", "type", "Skill", filler.record("tiny/skills/s"))
    snapshot = in_memory(filler.tables(), [Info()])
    write_export("turtle", snapshot, tmp_path / "out.ttl")
    with pytest.raises(QueryError, match="no actor and no project"):
        write_export("ftm", snapshot, tmp_path / "out.json")
    assert [path.name for path in tmp_path.iterdir()] == ["out.ttl"]


def closed(*actors: str) -> Snapshot:
    """Actors that only a source without redistribution tells."""
    filler = Filler()
    record = filler.record("tiny/all", sources=["source:shut"])
    filler.attribute("source:shut", "type", "Source", record)
    filler.attribute("source:shut", "redistribution", "none", record)
    for actor in actors:
        filler.attribute(actor, "type", "Organization", record)
    return in_memory(filler.tables(), [Info()])


def two_packages(redistribution: str) -> Snapshot:
    """Package `a`, whose source says so, before `tiny` by name; `tiny` says that its place is inside."""
    filler = Filler()
    far, near = filler.record("a/all", sources=["source:a"]), filler.record("tiny/all")
    filler.attribute("source:a", "type", "Source", far)
    filler.attribute("source:a", "redistribution", redistribution, far)
    for actor, record in (("x", far), ("y", near)):
        filler.attribute(actor, "type", "Organization", record)
    filler.attribute("place:1", "type", "Place", near)
    filler.attribute("place:1", "inside", "yes", near)
    return in_memory(filler.tables(), [Info("a", "Ailleurs", "Elsewhere", date(2026, 5, 1), licences="Mienne"), Info(licences="Ouverte")])


def test_the_territory_is_named_before_the_other_packages() -> None:
    shared, _ = shareable(two_packages("facts"))
    assert [entry["name"] for entry in packages(shared)] == ["tiny", "a"]
    assert title(shared) == "Passerelle – Petit territoire, Ailleurs"
    assert coverage(shared).title.en == "Tiny territory and Elsewhere"
    assert licences(shared) == "Ouverte; Mienne"
    assert created(shared) == date(2026, 5, 1)


def test_a_package_of_which_nothing_is_left_is_not_named() -> None:
    shared, _ = shareable(two_packages("none"))
    assert title(shared, "en") == "Passerelle – Tiny territory"
    assert coverage(shared).packages == ("tiny",)
    assert citation(coverage(shared), Publication()).en == "Passerelle, Tiny territory data, 1 March 2026"
    assert licences(shared) == "Ouverte"
    assert "Ailleurs" not in str(notes(shared)) and "a 1.0" not in str(notes(shared))
