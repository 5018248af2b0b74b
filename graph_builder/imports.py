"""Lists that were brought into a home: the file and its mapping, kept so that every later build reads them again."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graph_builder.sources import Source, open_source
from graph_builder.store import refusals, write_file
from ontology.errors import InputError

if TYPE_CHECKING:
    from graph_builder.journal import Journal

IMPORTS = "imports"
MAPPING = "mapping.yaml"
PARTIAL = ".partial"
"""A folder in `imports` holds one file and, for a list, the mapping that reads it; it is named by their content."""


class Kept(Protocol):
    """What the journal says of an import."""

    @property
    def digest(self) -> str:
        """Name of the folder."""

    @property
    def filename(self) -> str:
        """Name of the file in it."""


def keep(home: Path, file: Path, mapping: str = "") -> str:
    """Copy a file and its mapping into the home, all or nothing; returns the name of the folder. Raises StorageError, InputError."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); give a file") from error
    digest = hashlib.sha256(content + b"\0" + mapping.encode() + b"\0" + file.name.encode()).hexdigest()[:16]
    folder = home / IMPORTS / digest
    if folder.is_dir():
        return digest
    partial = folder.with_name(f"{digest}-{os.getpid()}{PARTIAL}")
    with refusals(home):
        try:
            partial.mkdir(parents=True)
            write_file(partial / file.name, content)
            if mapping:
                write_file(partial / MAPPING, mapping.encode())
            partial.rename(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return digest


def imported_sources(home: Path, journal: Journal) -> list[Source]:
    """The sources of the imports in force, in the order in which they came. Raises InputError when a file is gone."""
    return [open_kept(home, kept) for kept in journal.imports()]


def open_kept(home: Path, kept: Kept) -> Source:
    """The source of one import. Raises InputError when its file is gone."""
    folder = home / IMPORTS / kept.digest
    file = folder / kept.filename
    if not file.is_file():
        raise InputError(f"{file}: the imported file is gone; put it back, or take the import back: passerelle undo")
    mapping = folder / MAPPING
    if not mapping.is_file():
        return open_source(file)
    from graph_builder.sources.company_list.mapping_reader import read_mapping
    from graph_builder.sources.company_list.source import CompanyList
    from graph_builder.sources.findings import refusal

    told, findings = read_mapping(mapping)
    if told is None:
        raise refusal(mapping, findings)
    return CompanyList(file, told)
