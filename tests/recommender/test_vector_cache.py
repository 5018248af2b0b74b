"""Vectors kept by text: nothing is encoded twice, nothing torn or foreign is read."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ontology.errors import EncoderError
from recommender.encoders import Encoder, encode_queries, open_encoder
from recommender.encoders.cache import CachedEncoder, cached
from recommender.encoders.rows import encode_distinct
from tests.recommender.encoder_contract import TEXTS, EncoderContract


class Counting:
    """An encoder of hash noise that writes down what it was asked."""

    def __init__(self, *, version: str = "1", dim: int = 8, name: str = "counting") -> None:
        self.name, self.version, self.dim = name, version, dim
        self.asked: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return encode_distinct(texts, self.dim, self._noise)

    def _noise(self, texts: list[str]) -> NDArray[np.float32]:
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        return np.array([[byte - 127.5 for byte in digest[: self.dim]] for digest in digests], dtype=np.float32)


def parts(home: Path) -> list[Path]:
    return sorted((home / "vectors" / "counting").glob("part-*.npz"))


class TestCachedInMemory(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return cached(open_encoder("lsa", TEXTS), None)


class TestCachedOnDisk(EncoderContract):
    @pytest.fixture
    def encoder(self, tmp_path: Path) -> Encoder:
        return cached(Counting(), tmp_path)


def test_a_second_open_encodes_nothing(tmp_path: Path) -> None:
    vectors = cached(Counting(), tmp_path).encode(TEXTS)
    again = Counting()
    np.testing.assert_array_equal(cached(again, tmp_path).encode(TEXTS[::-1])[::-1], vectors)
    assert again.asked == []


def test_only_missing_texts_are_encoded_once_in_the_order_given(tmp_path: Path) -> None:
    cached(Counting(), tmp_path).encode(["b"])
    inner = Counting()
    cached(inner, tmp_path).encode(["c", "", "b", "a", "c", " "])
    assert inner.asked == [["c", "a"]]


def test_memory_only_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inner = Counting()
    encoder = cached(inner, None)
    encoder.encode(TEXTS)
    encoder.encode(TEXTS)
    assert len(inner.asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_opening_writes_nothing(tmp_path: Path) -> None:
    cached(Counting(), tmp_path / "home").encode(["", " "])
    assert list(tmp_path.iterdir()) == []


def test_questions_are_not_kept(tmp_path: Path) -> None:
    inner = Counting()
    encoder = cached(inner, tmp_path)
    first = encode_queries(encoder, ["mon idée secrète"])
    np.testing.assert_array_equal(encode_queries(encoder, ["mon idée secrète"]), first)
    assert len(inner.asked) == 2
    assert parts(tmp_path) == []
    np.testing.assert_array_equal(encoder.encode(["mon idée secrète"]), first)
    encode_queries(encoder, ["mon idée secrète"])
    assert len(inner.asked) == 3


def test_an_encoder_fitted_on_its_corpus_stays_in_memory(tmp_path: Path) -> None:
    cached(open_encoder("lsa", TEXTS), tmp_path).encode(TEXTS)
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_says_whose_vectors(tmp_path: Path) -> None:
    cached(Counting(), tmp_path).encode(TEXTS)
    manifest = json.loads((tmp_path / "vectors" / "counting" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == {"name": "counting", "version": "1", "dim": 8, "hash": hashlib.sha256(b"counting\n1\n8").hexdigest()}


@pytest.mark.parametrize("other", [Counting(version="2"), Counting(dim=4)])
def test_another_version_or_dimension_is_refused(tmp_path: Path, other: Counting) -> None:
    cached(Counting(), tmp_path).encode(TEXTS)
    kept = parts(tmp_path)
    with pytest.raises(EncoderError, match="build again or remove that folder") as caught:
        cached(other, tmp_path)
    assert str(tmp_path / "vectors" / "counting") in str(caught.value) and "\n" not in str(caught.value)
    assert parts(tmp_path) == kept


def test_a_build_replaces_the_vectors_of_another_version(tmp_path: Path) -> None:
    cached(Counting(), tmp_path).encode(TEXTS)
    other = Counting(version="2", dim=4)
    cached(other, tmp_path, rewrite=True).encode(TEXTS[:2])
    assert other.asked == [TEXTS[:2]]
    again = Counting(version="2", dim=4)
    assert cached(again, tmp_path).encode(TEXTS[:2]).shape == (2, 4)
    assert again.asked == []


def test_rewrite_keeps_vectors_that_fit(tmp_path: Path) -> None:
    cached(Counting(), tmp_path).encode(TEXTS)
    again = Counting()
    cached(again, tmp_path, rewrite=True).encode(TEXTS)
    assert again.asked == []


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "flipped", "foreign", "array"])
def test_a_damaged_part_is_removed_and_encoded_again(tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    first = cached(Counting(), tmp_path)
    vectors = np.vstack([first.encode(TEXTS[:2]), first.encode(TEXTS[2:])])
    sound = parts(tmp_path)
    victim, content = sound[0], sound[0].read_bytes()
    middle = len(content) // 2
    if damage == "cut":
        victim.write_bytes(content[:middle])
    elif damage == "flipped":
        victim.write_bytes(content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :])
    elif damage == "foreign":
        cached(Counting(version="2"), tmp_path / "other").encode(["x"])
        victim.write_bytes(parts(tmp_path / "other")[0].read_bytes())
    elif damage == "array":
        with victim.open("wb") as stream:
            np.save(stream, np.zeros(3))
    else:
        victim.write_bytes(b"" if damage == "empty" else b"not a zip")
    again = Counting()
    with caplog.at_level(logging.WARNING):
        encoder = cached(again, tmp_path)
    assert "ignored and removed" in caplog.text and str(victim) in caplog.text
    assert not victim.exists()
    np.testing.assert_array_equal(encoder.encode(TEXTS), vectors)
    assert sum(map(len, again.asked)) in {2, 3}
    assert parts(tmp_path) == sound


def test_a_damaged_manifest_is_written_again(tmp_path: Path) -> None:
    cached(Counting(), tmp_path).encode(TEXTS)
    manifest = tmp_path / "vectors" / "counting" / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:9])
    inner = Counting()
    cached(inner, tmp_path).encode([*TEXTS, "one more"])
    assert inner.asked == [["one more"]]
    assert manifest.read_bytes() == whole


def test_a_killed_writer_leaves_nothing_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            cached(Counting(), tmp_path).encode(TEXTS)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    folder = tmp_path / "vectors" / "counting"
    young, old = folder / "part-a.npz.1-a.partial", folder / "part-b.npz.1-b.partial"
    for path in (young, old):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    inner = Counting()
    cached(inner, tmp_path).encode(TEXTS)
    assert inner.asked == [TEXTS]
    assert young.exists() and not old.exists()


def test_a_home_that_cannot_be_written_uses_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "vectors").write_text("a file where the folder should be", encoding="utf-8")
    inner = Counting()
    with caplog.at_level(logging.WARNING):
        encoder = cached(inner, tmp_path)
        encoder.encode(TEXTS)
        encoder.encode([*TEXTS, "more"])
    assert inner.asked == [TEXTS, ["more"]]
    assert caplog.text.count("memory only") == 1


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC])
def test_a_full_or_read_only_disk_keeps_what_is_there(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cached(Counting(), tmp_path).encode(TEXTS)
    kept = parts(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    inner = Counting()
    with caplog.at_level(logging.WARNING):
        encoder = cached(inner, tmp_path)
        encoder.encode([*TEXTS, "one"])
        encoder.encode([*TEXTS, "one", "two"])
    assert inner.asked == [["one"], ["two"]]
    assert caplog.text.count("memory only") == 1
    assert parts(tmp_path) == kept
    assert list(tmp_path.rglob("*.partial")) == []


def test_many_small_parts_become_one(tmp_path: Path) -> None:
    encoder = cached(Counting(), tmp_path)
    vectors = np.vstack([encoder.encode([f"text {number}"]) for number in range(40)])
    assert len(parts(tmp_path)) == 40
    cached(Counting(), tmp_path)
    assert len(parts(tmp_path)) == 1
    again = Counting()
    np.testing.assert_array_equal(cached(again, tmp_path).encode([f"text {number}" for number in range(40)]), vectors)
    assert again.asked == []


def test_a_part_that_another_process_merged_meanwhile_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cached(Counting(), tmp_path).encode(TEXTS)
    ghost = tmp_path / "vectors" / "counting" / "part-0.npz"
    ghost.symlink_to(tmp_path / "gone")
    inner = Counting()
    with caplog.at_level(logging.WARNING):
        cached(inner, tmp_path).encode(TEXTS)
    assert inner.asked == [] and caplog.records == []


def _write_some(home: str, first: int) -> None:
    encoder = cached(Counting(), Path(home))
    for number in range(first, first + 60):
        encoder.encode([f"text {number}"])
        if number % 20 == 0:
            encoder = cached(Counting(), Path(home))


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    # plain interpreters: multiprocessing would run again whatever an earlier test left as __main__
    code = "import sys; from tests.recommender.test_vector_cache import _write_some; _write_some(sys.argv[1], int(sys.argv[2]))"
    root = Path(__file__).parents[2]
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), first], cwd=root) for first in ("0", "30")]
    assert [writer.wait() for writer in writers] == [0, 0]
    texts = [f"text {number}" for number in range(90)]
    inner = Counting()
    np.testing.assert_array_equal(cached(inner, tmp_path).encode(texts), Counting().encode(texts))
    assert inner.asked == []
    assert list(tmp_path.rglob("*.partial")) == []


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", "", ".hidden", "Big"])
def test_a_name_that_is_no_folder_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(EncoderError, match="folder name"):
        cached(Counting(name=name), tmp_path)


def test_an_encoder_of_the_wrong_shape_is_refused(tmp_path: Path) -> None:
    class Wrong(Counting):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.ones((len(texts), 3), dtype=np.float32)

    with pytest.raises(EncoderError, match=r"shape \(1, 3\) for 1 texts; \(1, 8\)"):
        cached(Wrong(), tmp_path).encode(["x"])


def test_the_wrapper_is_an_encoder_of_the_same_name() -> None:
    wrapper: Encoder = cached(Counting(), None)
    assert isinstance(wrapper, CachedEncoder)
    assert (wrapper.name, wrapper.version, wrapper.dim) == ("counting", "1", 8)
