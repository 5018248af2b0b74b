"""Any sentence-transformers model, from a local folder or by its hub id; torch is imported here and nowhere else."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ontology.errors import EncoderError
from recommender.encoders.rows import encode_distinct

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_HUB_ID = re.compile(r"[\w][\w.-]*(/[\w][\w.-]*)?")
_E5 = re.compile(r"(^|[-_/])e5([-_/]|$)", re.IGNORECASE)
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}
_BLOCK = 1 << 20


class SentenceEncoder:
    """Vectors of a sentence-transformers model, on the CPU.

    Documents and questions get the model's own prompts; an e5 model gets `passage: ` and `query: `. A text longer than
    the model's window is cut there by the model.
    """

    def __init__(self, name: str, version: str, model: SentenceTransformer) -> None:
        self.name, self.version, self._model = name, version, model
        self.dim = int(model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of documents, (n, dim) float32 of norm 1; a blank text gives a zero row."""
        return encode_distinct(texts, self.dim, self._with(self._model.encode_document))

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions, (n, dim) float32 of norm 1; a blank text gives a zero row."""
        return encode_distinct(texts, self.dim, self._with(self._model.encode_query))

    @staticmethod
    def _with(side: Callable[..., object]) -> Callable[[list[str]], NDArray[np.float32]]:
        def run(texts: list[str]) -> NDArray[np.float32]:
            found = side(texts, show_progress_bar=False, normalize_embeddings=True, convert_to_numpy=True)
            return np.asarray(found, dtype=np.float32)

        return run


def open_sentence(argument: str, corpus: Sequence[str]) -> SentenceEncoder:
    """The encoder of the model at a folder, or else of that hub id; it looks at no corpus.

    A folder is read without any network call, and so is a hub id when HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set.
    Raises EncoderError where the packages, the folder or the model are absent or unreadable.
    """
    folder = Path(argument).expanduser()
    local = folder.is_dir()
    if not local and not _HUB_ID.fullmatch(argument):
        raise EncoderError(f"no model folder at {argument}; give an existing folder, or a hub id such as intfloat/multilingual-e5-small")
    place = str(folder.absolute()) if local else argument
    model = _load(place, offline=local or _offline())
    label = folder.absolute().name if local else argument
    weights = _fingerprint(folder) if local else _commit(argument)
    slug = re.sub(r"[^a-z0-9.]+", "-", label.lower()).strip("-.") or "model"
    name = f"st-{slug}-{weights[:8]}" if local else f"st-{slug}"
    prompts = "+e5" if _prompts(place) else ""
    return SentenceEncoder(name, f"{weights}{prompts}+sentence-transformers-{_release()}", model)


def _load(place: str, *, offline: bool) -> SentenceTransformer:
    try:
        from huggingface_hub.utils.tqdm import disable_progress_bars

        if offline:
            disable_progress_bars()  # read once, when transformers is imported; a download keeps its bar
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderError(
            f"the encoder st:{place} needs the Python packages sentence-transformers and torch, which are not installed here; "
            "install them (pip install 'passerelle[st]'), or choose use or lsa"
        ) from error
    try:
        return SentenceTransformer(place, device="cpu", local_files_only=offline, prompts=_prompts(place))
    except Exception as error:  # a foreign loader on foreign files: anything may come, and all of it means the same here
        said = " ".join(str(error).split())[:160]
        where = "this folder" if Path(place).is_dir() else "the local hub cache, offline" if offline else "the hub and its local cache"
        raise EncoderError(
            f"no sentence-transformers model could be read from {place} ({where}): {type(error).__name__}: {said}; "
            "give the folder of a saved model, or download that hub id once with network"
        ) from error


def _prompts(place: str) -> dict[str, str] | None:
    """The two prompts of an e5 model; None leaves a model its own (instruct models word theirs per task)."""
    names = [Path(place).name, *(part for part in Path(place).parts if part.startswith("models--"))]  # the hub cache's folders
    config = Path(place) / "config.json"
    if config.is_file():
        content = json.loads(config.read_text(encoding="utf-8"))
        names.append(str(content.get("_name_or_path", "")) if isinstance(content, dict) else "")
    is_e5 = any(_E5.search(name) for name in names) and "instruct" not in " ".join(names).lower()
    return dict(_E5_PROMPTS) if is_e5 else None


def _offline() -> bool:
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(os.environ.get(name, "").upper() in {"1", "ON", "YES", "TRUE"} for name in names)


def _release() -> str:
    import sentence_transformers

    return str(sentence_transformers.__version__)


def _fingerprint(folder: Path) -> str:
    """A hash of the model's files: name, size, first and last MiB of each (other weights differ everywhere)."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".md", ".pyc"}):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as stream:
            digest.update(stream.read(_BLOCK))
            stream.seek(max(size - _BLOCK, 0))
            digest.update(stream.read(_BLOCK))
    return digest.hexdigest()[:16]


def _commit(hub_id: str) -> str:
    """The revision of a hub model as it lies in the local cache, or 'unknown'."""
    from huggingface_hub import try_to_load_from_cache

    for name in (hub_id, f"sentence-transformers/{hub_id}"):
        found = try_to_load_from_cache(name, "config.json") if name.count("/") <= 1 else None
        if isinstance(found, str):
            return Path(found).parent.name[:16]
    return "unknown"
