"""What people decided, in `journal.db` of a home: judgements on pairs and imported lists, each dated, each undone and redone by its number.

Nothing is ever deleted: a decision that is undone, or replaced by a later one, stays in the history. SQLite in WAL mode: a decision is there
as a whole or not at all, whatever happens to the process, and two processes write one after the other.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from graph_builder.resolution import Judgement, Verdict
from ontology.errors import PasserelleError, QueryError, StorageError, TryAgain

JOURNAL = "journal.db"
SCHEMA = 1
"""Version of the tables, kept as `user_version`."""

APPLICATION = 0x50535231
"""Marks the file as a journal of this product (SQLite's `application_id`)."""

WAIT = 5.0
"""Seconds to wait for another process that is writing."""

_CREATE = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    payload TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    touched INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX entries_topic ON entries (kind, topic);
"""
_COLUMNS = "id, at, kind, topic, payload, undone"
_KEYS: Mapping[str, tuple[str, ...]] = {"judgement": ("a", "b", "verdict", "names"), "import": ("name", "digest", "mapping", "filename")}
"""What the payload of each kind of entry holds."""

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_FOREIGN = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


@dataclass(frozen=True)
class Entry:
    """One decision: its number, when (ISO, UTC), what kind (`judgement` or `import`), what, and whether it was undone."""

    id: int
    at: str
    kind: str
    payload: Mapping[str, object]
    undone: bool


@dataclass(frozen=True)
class Import:
    """A list that was brought in and is in force: the number of its entry, its name, where its content is kept, and its mapping."""

    id: int
    name: str
    digest: str
    mapping: str
    filename: str


class Journal:
    """The decisions of one home. Get one from `Journal.open`; nothing is read or created before it is asked for."""

    def __init__(self, home: Path) -> None:
        self._path = home / JOURNAL

    @classmethod
    def open(cls, home: Path) -> Journal:
        """The journal of a home, which need not have one yet."""
        return cls(home)

    def entries(self) -> tuple[Entry, ...]:
        """Every decision, the oldest first, those undone or replaced included."""
        return tuple(_entry(row) for row in self._rows())

    def judgements(self) -> tuple[Judgement, ...]:
        """The judgements in force: of each pair the latest that is not undone."""
        latest = {row["topic"]: _entry(row).payload for row in self._rows() if row["kind"] == "judgement" and not row["undone"]}
        return tuple(Judgement(str(p["a"]), str(p["b"]), _verdict(p["verdict"])) for _, p in sorted(latest.items()))

    def imports(self) -> tuple[Import, ...]:
        """The imports in force, the oldest first: of each name the latest that is not undone."""
        latest = {row["topic"]: _entry(row) for row in self._rows() if row["kind"] == "import" and not row["undone"]}
        found = sorted(latest.values(), key=lambda entry: entry.id)
        return tuple(Import(e.id, *(str(e.payload[key]) for key in ("name", "digest", "mapping", "filename"))) for e in found)

    def judge(self, a_record: str, b_record: str, verdict: Verdict, *, names: Sequence[str] = ()) -> Entry:
        """Write down whether two actors, named by the records that carry their type, are the same; replaces what was judged on them.

        `names` are kept to be shown, in the order of the records given. Raises QueryError for a pair of one record or another verdict.
        """
        if a_record == b_record:
            raise QueryError(f"{a_record[:80]!r} is compared with itself; give the records of two actors")
        shown = list(names) or [a_record, b_record]
        (a, first), (b, second) = sorted(zip((a_record, b_record), shown, strict=True))
        payload = {"a": a, "b": b, "verdict": _verdict(verdict), "names": [first, second]}
        return self._add("judgement", json.dumps([a, b], ensure_ascii=False), payload)

    def add_import(self, name: str, digest_of_file: str, mapping_text: str, original_filename: str) -> Entry:
        """Write down that a list was brought in; replaces an earlier import of that name."""
        payload = {"name": name, "digest": digest_of_file, "mapping": mapping_text, "filename": original_filename}
        return self._add("import", name, payload)

    def undo(self, entry_id: int | None = None) -> Entry:
        """Undo a decision, the latest in force when none is named; what it replaced is in force again. Raises QueryError when there is none."""
        return self._mark(entry_id, undone=True)

    def redo(self, entry_id: int | None = None) -> Entry:
        """Put a decision that was undone in force again, the one undone last when none is named. Raises QueryError when there is none."""
        return self._mark(entry_id, undone=False)

    def _add(self, kind: str, topic: str, payload: Mapping[str, object]) -> Entry:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._writing() as database:
            row = database.execute(
                f"INSERT INTO entries (at, kind, topic, payload) VALUES (?, ?, ?, ?) RETURNING {_COLUMNS}",  # noqa: S608  (constant names)
                (at, kind, topic, json.dumps(payload, ensure_ascii=False, sort_keys=True)),
            ).fetchone()
        return _entry(row)

    def _mark(self, entry_id: int | None, *, undone: bool) -> Entry:
        word, other = ("undone", "undo") if undone else ("redone", "redo")
        if not self._path.exists():
            raise QueryError(f"nothing was decided in {self._path.parent} yet, so nothing can be {word}")
        with self._writing() as database:
            row = _chosen(database, entry_id, undone=undone)
            if row is None and entry_id is None:
                raise QueryError(f"nothing is left to {other}; see: passerelle history")
            if row is None:
                raise QueryError(f"no decision has the number {entry_id}; see: passerelle history")
            if bool(row["undone"]) == undone:
                raise QueryError(f"decision {row['id']} is {'undone' if undone else 'in force'} already; see: passerelle history")
            order = database.execute("SELECT max(touched) + 1 FROM entries").fetchone()[0]
            database.execute("UPDATE entries SET undone = ?, touched = ? WHERE id = ?", (int(undone), order, row["id"]))
            changed = database.execute(f"SELECT {_COLUMNS} FROM entries WHERE id = ?", (row["id"],)).fetchone()  # noqa: S608  (constant names)
        return _entry(changed)

    def _rows(self) -> list[sqlite3.Row]:
        """Every row, the oldest first; nothing, and no file, when this home has no journal."""
        if not self._path.exists():
            return []
        with self._opened() as database:
            if not any(_state(database)):  # killed before the tables were there
                return []
            return database.execute(f"SELECT {_COLUMNS} FROM entries ORDER BY id").fetchall()  # noqa: S608  (constant names)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of its own: all of it is kept, or nothing."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"cannot write {self._path}: {error.strerror}; choose another --home") from error
        with self._opened(create=True) as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _opened(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect(create=create)) as database:
                _check(database, self._path, create=create)
                yield database
        except sqlite3.Error as error:
            raise _told(error, self._path) from error

    def _connect(self, *, create: bool) -> sqlite3.Connection:
        mode = "rwc" if create else "rw"
        database = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=WAIT, isolation_level=None)
        database.row_factory = sqlite3.Row
        return database


def _check(database: sqlite3.Connection, path: Path, *, create: bool) -> None:
    """Create the tables of an empty file; refuse what is not a journal, or that of a newer version."""
    version, application, tables = _state(database)
    if create and not (version or application or tables):
        with suppress(sqlite3.OperationalError):  # another process is creating the same file, and sets it
            database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        try:
            if not any(_state(database)):  # another process may have been faster
                for statement in _CREATE.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA application_id = {APPLICATION}")
                database.execute(f"PRAGMA user_version = {SCHEMA}")
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")
        version, application, tables = _state(database)
    if application != APPLICATION and (application or tables or create):
        raise PasserelleError(f"{path} is not a journal of this product; move it away, or choose another --home (nothing was changed)")
    if version > SCHEMA:
        raise PasserelleError(f"{path} was written by a newer version (schema {version}, this one reads {SCHEMA}); upgrade passerelle")
    database.execute("PRAGMA synchronous = FULL")


def _state(database: sqlite3.Connection) -> tuple[int, int, int]:
    """Version of the schema, mark of the product, number of tables."""
    version, application = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id"))
    return version, application, database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _chosen(database: sqlite3.Connection, entry_id: int | None, *, undone: bool) -> sqlite3.Row | None:
    """The entry that is named, else the latest one in force (to undo) or the one undone last (to redo)."""
    if entry_id is not None:
        rows = database.execute(f"SELECT {_COLUMNS} FROM entries WHERE id = ?", (entry_id,))  # noqa: S608  (constant names)
    elif undone:
        rows = database.execute(f"SELECT {_COLUMNS} FROM entries WHERE undone = 0 ORDER BY id DESC LIMIT 1")  # noqa: S608
    else:
        rows = database.execute(f"SELECT {_COLUMNS} FROM entries WHERE undone = 1 ORDER BY touched DESC LIMIT 1")  # noqa: S608
    row: sqlite3.Row | None = rows.fetchone()
    return row


def _entry(row: sqlite3.Row) -> Entry:
    try:
        payload = {key: json.loads(row["payload"])[key] for key in _KEYS.get(row["kind"], ())}
    except (KeyError, TypeError, ValueError) as error:
        raise PasserelleError(f"entry {row['id']} of the journal cannot be read; restore {JOURNAL} from a copy") from error
    return Entry(row["id"], row["at"], row["kind"], MappingProxyType(payload), bool(row["undone"]))


def _verdict(text: object) -> Verdict:
    if text not in get_args(Verdict):
        raise QueryError(f"no verdict {str(text)[:40]!r}; give one of {', '.join(get_args(Verdict))}")
    return text  # type: ignore[return-value]


def _told(error: sqlite3.Error, path: Path) -> PasserelleError:
    """What SQLite met, as an error of this product."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in _BUSY:
        return TryAgain(f"{path} is being written by another process; try again")
    if code in _FOREIGN or code == sqlite3.SQLITE_ERROR:
        return PasserelleError(f"{path} is damaged or not a journal of this product ({error}); restore a copy or move it away (nothing was changed)")
    return StorageError(f"cannot use {path}: {error}; check its permissions and the free space, or choose another --home")
