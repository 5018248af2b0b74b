"""The manifest of a snapshot: what it was built from, how much it holds, and the checksum of each of its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from graph_builder.canonical import FORMAT, PackageEntry

MANIFEST = "manifest.json"


class ManifestError(ValueError):
    """A text that is no manifest; the reader turns it into an error that says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot says of itself.

    `counts` has the rows of each table, the entities of each kind (by its name) and `ties` (distinct pairs of actors).
    `built` is an ISO date and time in UTC; it is not part of the digest. `files` maps a file name to its BLAKE2b checksum.
    """

    digest: str
    packages: tuple[PackageEntry, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    warnings: int = 0
    built: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> str:
        """The manifest as the text of `manifest.json`."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """The manifest in a text; raises ManifestError when it is none. A newer format is returned with what it has."""
        try:
            content = json.loads(text)
            known = {key: content[key] for key in cls.__dataclass_fields__}
            known["packages"] = tuple(known["packages"])
            manifest = cls(**known)
            if not (isinstance(manifest.format, int) and isinstance(manifest.digest, str)):
                raise ManifestError("format or digest of the wrong type")
        except (ValueError, KeyError, TypeError) as error:
            raise ManifestError(str(error) or type(error).__name__) from error
        return manifest
