"""Files brought into a home: kept whole or not at all, named by content, opened again by every later build."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_builder import imports
from graph_builder.imports import IMPORTS, imported_sources, keep, open_kept
from graph_builder.journal import Import, Journal
from ontology.errors import InputError, StorageError

LIST = "firm,town\nVerrerie du Rosemont,Delle\n"
MAPPING = "name: verre\ncolumns: {name: firm, commune: town}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list that only its mapping can read."""
    path = tmp_path / "glass.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_a_file_is_kept_with_its_mapping_and_needs_its_original_no_more(file: Path, tmp_path: Path) -> None:
    digest = keep(tmp_path / "home", file, MAPPING)
    file.unlink()
    source = open_kept(tmp_path / "home", Import(1, "verre", digest, MAPPING, "glass.csv"))
    assert source.name == "verre"
    assert "Verrerie du Rosemont" in source.tables().attributes["value"].to_pylist()


def test_the_folder_is_named_by_file_mapping_and_file_name(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = keep(home, file, MAPPING)
    assert keep(home, file, MAPPING) == first, "the same again is one folder"
    renamed = file.with_name("other.csv")
    renamed.write_bytes(file.read_bytes())
    changed = file.with_name("changed.csv")
    changed.write_text(LIST.replace("Delle", "Belfort"), encoding="utf-8")
    several = {first, keep(home, file), keep(home, renamed, MAPPING), keep(home, changed.rename(file), MAPPING)}
    assert len(several) == 4
    assert {folder.name for folder in (home / IMPORTS).iterdir()} == several


def test_what_is_kept_is_no_longer_what_the_file_becomes(file: Path, tmp_path: Path) -> None:
    digest = keep(tmp_path / "home", file, MAPPING)
    file.write_text("firm,town\nAutre,Delle\n", encoding="utf-8")
    assert (tmp_path / "home" / IMPORTS / digest / "glass.csv").read_text(encoding="utf-8") == LIST


@pytest.mark.parametrize("stopped", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_stopped_half_way_nothing_is_kept(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: BaseException) -> None:
    real = imports.write_file

    def stop(path: Path, content: bytes) -> None:
        if path.name == imports.MAPPING:
            raise stopped
        real(path, content)

    monkeypatch.setattr(imports, "write_file", stop)
    with pytest.raises(KeyboardInterrupt if isinstance(stopped, KeyboardInterrupt) else StorageError):
        keep(tmp_path / "home", file, MAPPING)
    assert list((tmp_path / "home" / IMPORTS).iterdir()) == []


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            keep(tmp_path / "home", path)
    assert not (tmp_path / "home").exists()


def test_the_sources_of_a_home_are_its_imports_in_force_in_their_order(file: Path, tmp_path: Path) -> None:
    home, journal = tmp_path / "home", Journal.open(tmp_path / "home")
    assert imported_sources(home, journal) == []
    for name in ("b", "a", "b"):
        journal.add_import(name, keep(home, file, MAPPING.replace("verre", name)), "", file.name)
    assert [source.name for source in imported_sources(home, journal)] == ["a", "b"]
    journal.undo()
    assert [source.name for source in imported_sources(home, journal)] == ["b", "a"]


def test_a_kept_file_that_is_gone_or_damaged_is_said(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = Import(1, "verre", keep(home, file, MAPPING), MAPPING, "glass.csv")
    folder = home / IMPORTS / kept.digest
    (folder / imports.MAPPING).write_text("name: [", encoding="utf-8")
    with pytest.raises(InputError):
        open_kept(home, kept)
    (folder / "glass.csv").unlink()
    with pytest.raises(InputError, match=r"glass\.csv: the imported file is gone; .* passerelle undo"):
        open_kept(home, kept)
