from __future__ import annotations

from pathlib import Path

import pytest

from graph_builder.sources.cordis.source import Cordis
from graph_builder.sources.cordis.topics import about
from graph_builder.tables import Filler, Tables, concatenate
from ontology.model import Confidence
from tests.graph_builder.cordis_zip import files, write_zip


def skills(*rows: tuple[str, str, Confidence], kind: str = "Skill") -> Tables:
    fill = Filler()
    for skill, title, confidence in rows:
        record = fill.record(f"t/skills/{skill}", sources=["source:gk"])
        fill.attribute(skill, "type", kind, record)
        fill.attribute(skill, "euroscivoc", title, record, confidence=confidence)
    return fill.tables()


@pytest.fixture
def cordis(tmp_path: Path) -> Tables:
    return Cordis(write_zip(tmp_path / "cordis.zip", files())).tables()


def test_a_project_is_about_the_skill_that_names_its_field(cordis: Tables) -> None:
    vocabulary = skills(
        ("skill:h2", "Hydrogen Energy", Confidence.UNCERTAIN), ("skill:energy", "energy", Confidence.LIKELY), ("skill:none", "", Confidence.LIKELY)
    )
    added = about(concatenate([cordis, vocabulary]))
    assert (added.records.num_rows, added.attributes.num_rows) == (0, 0)
    (row,) = added.relations.to_pylist()
    assert (row["subject"], row["predicate"], row["object"]) == ("cordis:101000001", "about", "skill:h2")  # the last name alone, in any letters
    assert (row["basis"], row["confidence"], row["record"]) == ("stated", "uncertain", "cordis-horizon/euroscivoc/101000001|387")
    assert row["qualifiers"] == []
    assert row["record"] in cordis.records["record"].to_pylist()


def test_nothing_to_add(cordis: Tables) -> None:
    assert about(cordis).relations.num_rows == 0
    assert about(concatenate([cordis, skills(("skill:h2", "hydrogen", Confidence.LIKELY))])).relations.num_rows == 0
    assert about(concatenate([cordis, skills(("x", "hydrogen energy", Confidence.LIKELY), kind="Sector")])).relations.num_rows == 0
    assert about(concatenate([])).relations.num_rows == 0
