"""The command line at its edges: exit codes, one-line complaints, help, languages, interruptions, pipes."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from graph_builder.store import build_lock
from passerelle import cli
from tests.graph_builder.seed_package import copy_seed, set_cell
from tests.passerelle import command
from tests.passerelle.command import SEED, Said, spawn, start
from tests.passerelle.conftest import Call


def refused(said: Said, *parts: str, code: int = 2) -> str:
    """The one line of a refusal, which has these parts."""
    assert said.code == code, (said.code, said.err)
    assert said.out == ""
    assert len(said.complaints) == 1, said.err
    line = said.complaints[0]
    assert line.startswith("error: ")
    assert "Traceback" not in said.err
    for part in parts:
        assert part in line
    return line


# ------------------------------------------------------------------------------------------------------------ who is meant


def test_an_unknown_actor_is_told_the_nearest_names(call: Call) -> None:
    refused(call("show", "stellantis_sochau"), "'stellantis_sochau'", "stellantis_sochaux (Stellantis Sochaux)")
    refused(call("recommend", "utmb"), "utbm (Université de technologie de Belfort-Montbéliard)")


def test_an_actor_like_no_other_is_sent_to_search(call: Call) -> None:
    refused(call("show", "qqqwwwxxx"), "'qqqwwwxxx'", "passerelle search")


def test_an_ambiguous_name_lists_the_ids(call: Call) -> None:
    line = refused(call("show", "lycee"), "'lycee' names 7 actors", "use one of these ids")
    ids = re.findall(r"(lycee_\w+) \(", line)
    assert len(ids) == len(set(ids)) >= 6
    for actor in ids:
        assert call("show", actor).code == 0, actor


def test_an_empty_name_and_a_project_are_no_actor(call: Call) -> None:
    refused(call("show", "  "), "give an id or a name")
    refused(call("recommend", "p_crunch"), "p_crunch is a project, not an actor")


@pytest.mark.parametrize("name", ["utbm", "UTBM", "Utbm", "Université de technologie", "universite de technologie de belfort-montbeliard", " utbm "])
def test_names_find_the_same_actor(call: Call, name: str) -> None:
    assert call("show", name, "--json").document["actor"]["id"] == "utbm"


# ------------------------------------------------------------------------------------------------------------ questions


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "…!?", "\x00"])
def test_an_empty_text_is_refused(call: Call, text: str) -> None:
    refused(call("recommend", "--text", text), "the text is empty")
    refused(call("search", text), "the text is empty")


def test_a_text_may_have_100_000_characters_and_no_more(call: Call) -> None:
    refused(call("recommend", "--text", "a" * 100_001), "100,001 characters", "at most 100,000")
    refused(call("search", "a" * 100_001), "100,001 characters")
    assert call("recommend", "--text", "batterie " * 11_111).code == 0


@pytest.mark.parametrize(("options", "says"), [(("-k", "-3"), "-3 answers"), (("-k", "0"), "0 answers"), (("-k", "abc"), "invalid int value: 'abc'")])
def test_a_bad_number_of_answers_is_refused(call: Call, options: tuple[str, ...], says: str) -> None:
    refused(call("recommend", "utbm", *options), says)
    refused(call("links", *options), says)


def test_more_answers_than_actors_gives_all_there_are(call: Call) -> None:
    assert 10 < len(call("recommend", "utbm", "-k", "100000", "--json").document["recommendations"]) < 280


@pytest.mark.parametrize("dial", ["2", "-0.1", "nan", "inf"])
def test_a_dial_outside_0_to_1_is_refused(call: Call, dial: str) -> None:
    refused(call("recommend", "utbm", f"--explore={dial}"), "it goes from 0", "to 1")


@pytest.mark.parametrize("km", ["-1", "0", "nan", "inf"])
def test_a_distance_that_is_none_is_refused(call: Call, km: str) -> None:
    refused(call("recommend", "utbm", f"--max-km={km}"), "the distance limit is", "more than 0")
    refused(call("links", f"--max-km={km}"), "the distance limit is", "more than 0")


def test_an_idea_has_no_place_and_no_sector(call: Call) -> None:
    refused(call("recommend", "--text", "batterie", "--max-km", "10"), "leave --max-km out")
    refused(call("recommend", "--text", "batterie", "--cross-sector"), "leave --cross-sector out")
    assert call("recommend", "--text", "batterie", "--role", "company", "--sector", "energy").code == 0


@pytest.mark.parametrize("asked", [("recommend", "utbm"), ("links",)], ids=str)
def test_unknown_roles_and_sectors_are_told_the_known_ones(call: Call, asked: tuple[str, ...]) -> None:
    line = refused(call(*asked, "--role", "boss"), "'boss'")
    for role in ("company", "research", "training", "support", "public", "citizen"):
        assert role in line
    line = refused(call(*asked, "--sector", "alchemy"), "'alchemy'")
    for sector in ("energy", "automotive", "digital_health"):
        assert sector in line


def test_one_role_among_several_that_is_unknown_is_refused(call: Call) -> None:
    refused(call("recommend", "utbm", "--role", "company", "--role", "boss"), "'boss'")


def test_a_sector_is_accepted_with_and_without_its_prefix(call: Call) -> None:
    one, two = (call("recommend", "utbm", "--sector", sector, "--json").document for sector in ("energy", "sector:energy"))
    assert one == two


def test_an_actor_or_a_text_and_not_both(call: Call) -> None:
    refused(call("recommend"), "give an actor or --text")
    refused(call("recommend", "utbm", "--text", "batterie"), "give an actor or --text")


def test_filters_that_nobody_passes_are_said(call: Call) -> None:
    said = call("recommend", "utbm", "--role", "citizen", "--sector", "nuclear")
    assert said.code == 0
    assert "nobody to suggest" in said.out
    said = call("links", "--role", "citizen", "--sector", "nuclear")
    assert said.code == 0
    assert "no missing link" in said.out


def test_one_word_is_answered_with_a_note(call: Call) -> None:
    document = call("recommend", "--text", "hydrogène", "--json").document
    assert document["recommendations"]
    assert any("single word" in note["en"] for note in document["notes"])
    assert not any("single word" in n["en"] for n in call("recommend", "--text", "stockage d'hydrogène", "--json").document["notes"])


def test_a_text_in_which_no_skill_is_recognised_says_so(call: Call) -> None:
    document = call("recommend", "--text", "xyzzy", "--json").document
    assert document["skills"] == []
    assert any("No skill is recognised" in note["en"] for note in document["notes"])


# ------------------------------------------------------------------------------------------------------------ sources, homes, encoders


@pytest.mark.parametrize("name", ["build", "validate", "evaluate"])
def test_a_missing_source_is_refused(call: Call, name: str, tmp_path: Path) -> None:
    refused(call(name, tmp_path / "nowhere"), "nowhere", "no such file or folder")
    refused(call(name, tmp_path), "not a known kind of data")


def test_a_faulty_source_blocks_and_changes_nothing(home: Path, call: Call, tmp_path: Path) -> None:
    package = copy_seed(tmp_path / "package")
    set_cell(package / "actors.csv", 3, "kind", "spaceship")
    set_cell(package / "actors.csv", 4, "status", "asleep")
    before = (home / "CURRENT").read_text()
    said = call("build", package)
    assert said.code == 2
    errors = [line for line in said.complaints if line.startswith("error: actors.csv, line ")]
    assert len(errors) == 2 and "spaceship" in errors[0] and "asleep" in errors[1]
    assert said.complaints[-1].endswith("nothing was changed")
    assert (home / "CURRENT").read_text() == before


@pytest.mark.parametrize("asked", [("show", "utbm"), ("search", "utbm"), ("recommend", "utbm"), ("links",)], ids=str)
def test_nothing_built_yet(tmp_path: Path, asked: tuple[str, ...]) -> None:
    refused(command.call(*asked, "--home", tmp_path / "new"), "nothing was built", "passerelle build", code=1)
    assert not (tmp_path / "new").exists(), "a question creates nothing"


def test_a_build_that_another_holds(home: Path, call: Call) -> None:
    with build_lock(home):
        refused(call("build", SEED), "another build is running", code=1)
        assert call("show", "utbm").code == 0, "readers wait for nobody"


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    refused(command.call("build", SEED, "--home", file), "is not a folder")
    refused(command.call("show", "utbm", "--home", file), str(file), code=1)
    assert file.read_text() == "mine"


def test_a_home_whose_pointer_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").mkdir()
    refused(command.call("show", "utbm", "--home", tmp_path), "CURRENT", "choose another --home", code=1)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything; run the tests as a user")
def test_a_home_without_permissions(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    refused(command.call("show", "utbm", "--home", closed), "ermission", code=1)
    refused(command.call("build", SEED, "--home", closed), "ermission", code=1)


def test_a_pointer_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("f" * 32)
    refused(command.call("show", "utbm", "--home", tmp_path), "passerelle build", code=1)


@pytest.mark.parametrize("encoder", ["nope", "st:", "use:3", "st:/nowhere/at/all"])
def test_a_bad_encoder_is_refused_before_anything_changes(call: Call, home: Path, tmp_path: Path, encoder: str) -> None:
    refused(call("show", "utbm", "--encoder", encoder))
    refused(command.call("build", SEED, "--home", tmp_path / "new", "--encoder", encoder))
    assert not (tmp_path / "new" / "CURRENT").exists()
    assert "accepted: use, lsa, st:" in refused(call("links", "--encoder", "word2vec"), "'word2vec'")


# ------------------------------------------------------------------------------------------------------------ commands and help


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command with its parser."""
    groups = [a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(groups[0].choices)


def test_an_unknown_command_and_none() -> None:
    line = refused(command.call("frobnicate"), "'frobnicate'", "passerelle --help")
    assert all(name in line for name in commands())
    refused(command.call(), "COMMAND", "passerelle --help")


def test_an_unknown_option_says_where_the_help_is(call: Call) -> None:
    refused(call("show", "utbm", "--colour"), "--colour", "--help")


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_help_of_every_command(name: str) -> None:
    said = command.call(name, "--help")
    assert said.code == 0 and said.err == ""
    assert said.out.startswith(f"usage: passerelle {name} ")
    for option in ("--home DIR", "--json", "--encoder", "--lang"):
        assert option in said.out
    silent = [a.dest for a in commands()[name]._actions if a.option_strings and not a.help]
    assert silent == [], "every option says what it does"
    assert name in command.call("--help").out


def test_the_version_is_that_of_the_package() -> None:
    said = command.call("--version")
    assert (said.code, said.out.strip()) == (0, f"passerelle {version('passerelle')}")


# ------------------------------------------------------------------------------------------------------------ languages and letters


def test_tables_are_in_the_language_asked_for(call: Call) -> None:
    french, english = (call("recommend", "alstom_belfort", "--lang", lang).out for lang in ("fr", "en"))
    for word in ("partenaires pour Alstom Belfort", "appuis pour", "apports :", "piste", "de plus; "):
        assert word in french and word not in english
    for word in ("partners for Alstom Belfort", "supports for", "gains:", "lead", "to be sure:", "more; "):
        assert word in english and word not in french
    assert "Alstom Belfort recrute : soudage" in " ".join(french.split())


def test_profiles_links_and_empty_answers_in_french(call: Call) -> None:
    profile = call("show", "alstom_belfort", "--lang", "fr").out
    for word in ("Grande entreprise", "actif", "savoir-faire", "besoins exprimés", "liens de travail", "autres relations", "personne de connu ici"):
        assert word in profile
    assert "Usine de motrices" in profile and "offers" not in profile
    assert "aucun acteur ne figure" in call("links", "-k", "2", "--lang", "fr").out
    assert "personne à proposer" in call("recommend", "utbm", "--role", "citizen", "--sector", "nuclear", "--lang", "fr").out
    assert "aucun lien manquant" in call("links", "--role", "citizen", "--sector", "nuclear", "--lang", "fr").out


def test_a_table_is_narrow_and_keeps_addresses_whole(call: Call) -> None:
    for line in call("show", "utbm").out.splitlines():
        assert len(line) <= 110 or line.strip().startswith("http"), line
    assert "https://letrois.info/societe/belfort-montbeliard-800-nouveaux-etudiants-a-lutbm/" in call("show", "utbm").out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_is_not_unicode_loses_no_letter_of_a_document(home: Path, encoding: str) -> None:
    table = spawn("show", "utbm", "--home", home, environment={"PYTHONIOENCODING": encoding})
    assert table.code == 0 and table.err == ""
    said = spawn("show", "utbm", "--json", "--home", home, environment={"PYTHONIOENCODING": encoding})
    assert said.document["actor"]["name"] == "Université de technologie de Belfort-Montbéliard"
    assert said.out.isascii()


# ------------------------------------------------------------------------------------------------------------ interruptions and pipes

INTERRUPT = "import os, signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell that runs tests in the background ignores it
AT_PROGRESS = INTERRUPT + (
    "from passerelle import cli\n"
    "said = cli.tell\n"
    "def tell(message):\n"
    "    said(message)\n"
    "    if message.startswith({!r}): os.kill(os.getpid(), signal.SIGINT)\n"
    "cli.tell = tell\n"
)
AT_FILE = INTERRUPT + (
    "from pathlib import Path\n"
    "from graph_builder import store\n"
    "write = store.write_file\n"
    "def write_file(path, content):\n"
    "    write(path, content)\n"
    "    if path.name == {!r}: os.kill(os.getpid(), signal.SIGINT)\n"
    "store.write_file = write_file\n"
)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to a process")
@pytest.mark.parametrize(
    "before",
    [AT_PROGRESS.format("reading"), AT_PROGRESS.format("writing"), AT_FILE.format("relations.parquet"), AT_FILE.format("CURRENT.partial")],
    ids=["reading", "writing", "half the files", "naming it"],
)
def test_ctrl_c_during_a_build_leaves_the_previous_snapshot_in_use(home: Path, tmp_path: Path, before: str) -> None:
    package = copy_seed(tmp_path / "package")
    set_cell(package / "actors.csv", 2, "name", "Another name")
    current, kept = (home / "CURRENT").read_text(), listing(home)
    said = spawn("build", package, "--home", home, before=before)
    assert said.code == cli.INTERRUPTED == 128 + signal.SIGINT
    assert said.complaints == ["interrupted; nothing was left half-written"]
    assert (home / "CURRENT").read_text() == current
    assert [name for name in listing(home) if "partial" in name] == []
    assert set(kept) <= set(listing(home))
    assert command.call("show", "utbm", "--home", home).code == 0


def listing(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


@pytest.mark.skipif(os.name == "nt", reason="the pipe of a POSIX shell")
@pytest.mark.parametrize("asked", [("show", "utbm"), ("show", "utbm", "--json"), ("links", "--json")], ids=str)
def test_a_reader_that_leaves_early_is_no_error(home: Path, asked: tuple[str, ...]) -> None:
    with start(*asked, "--home", home) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.read(1)
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="the pipe of a POSIX shell")
@pytest.mark.parametrize("asked", [("show", "utbm"), ("recommend", "utbm", "--json"), ("--help",)], ids=str)
def test_a_reader_that_was_never_there_is_no_error(home: Path, asked: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    with start(*asked, *(() if asked == ("--help",) else ("--home", home)), stdout=write) as process:
        os.close(write)
        _, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, where every write finds a full disk")
def test_a_full_disk_is_one_line(home: Path) -> None:
    with Path("/dev/full").open("w") as full, start("show", "utbm", "--home", home, stdout=full) as process:
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 1
    assert errors.startswith("error: No space left on device") and len(errors.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_is_one_line_on_a_terminal_and_leaves_nothing_behind(home: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    with start("build", SEED, "--home", home, stderr=theirs) as process:
        os.close(theirs)
        out, _ = process.communicate(timeout=300)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal ends
        while part := os.read(ours, 10_000):
            shown += part
    os.close(ours)
    assert process.returncode == 0 and out.startswith("nothing changed")
    assert b"\n" not in shown and shown.endswith(b"\r\x1b[K")
    assert b"reading nord-franche-comte" in shown


def test_the_installed_command_is_this_one() -> None:
    script = Path(sys.executable).with_name("passerelle")
    if not script.exists():
        pytest.skip("no console script beside this interpreter: pip install -e .")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == command.call("--version").out
