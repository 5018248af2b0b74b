"""What every source must do. A source's test class inherits `SourceContract`, gives a `source` fixture and minimum counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

import pyarrow as pa
import pytest

from graph_builder import tables as schemas
from graph_builder.normalise import clean_url, edtf_ok, has_email, has_phone
from graph_builder.sources import Source
from graph_builder.tables import Tables
from ontology.model import ATTRIBUTES, PREDICATES, QUALIFIERS, Basis, Confidence, EntityKind


class SourceContract:
    """Checks on whatever a source yields. `minimum` counts entities by kind and relations by predicate."""

    minimum: ClassVar[Mapping[str, int]] = {}

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls) -> Source:
        raise NotImplementedError("override the fixture `source` in the test class")

    @pytest.fixture(scope="class")
    @classmethod
    def tables(cls, source: Source) -> Tables:
        return source.tables()

    @pytest.fixture(scope="class")
    @classmethod
    def kinds(cls, tables: Tables) -> dict[str, str]:
        """Entity -> its type; fails where an entity has two."""
        kinds: dict[str, str] = {}
        for row in tables.attributes.to_pylist():
            if row["predicate"] == "type":
                assert kinds.setdefault(row["subject"], row["value"]) == row["value"], f"two types: {row['subject']}"
        return kinds

    def test_schemas(self, tables: Tables) -> None:
        for table, schema in zip(tables, (schemas.RECORDS, schemas.ATTRIBUTES, schemas.RELATIONS), strict=True):
            assert table.schema.equals(schema)
            for field in schema:
                assert field.nullable or table[field.name].null_count == 0, field.name

    def test_says_what_it_is(self, source: Source, tables: Tables) -> None:
        info = source.info
        assert info.name == source.name
        assert info.title_fr
        assert info.title_en
        assert all(key.startswith(f"{source.name}/") for key in tables.records["record"].to_pylist())

    def test_minimum_counts(self, tables: Tables, kinds: dict[str, str]) -> None:
        assert self.minimum, "a source states how many facts it must yield"
        counts = Counter(kinds.values()) + Counter(tables.relations["predicate"].to_pylist())
        too_few = {name: (counts[name], least) for name, least in self.minimum.items() if counts[name] < least}
        assert not too_few

    def test_records_are_unique(self, tables: Tables) -> None:
        assert _twice(tables.records["record"]) == []

    def test_every_record_exists_and_is_used(self, tables: Tables) -> None:
        cited = set(tables.attributes["record"].to_pylist()) | set(tables.relations["record"].to_pylist())
        assert cited == set(tables.records["record"].to_pylist())

    def test_every_source_cited_is_a_source(self, tables: Tables, kinds: dict[str, str]) -> None:
        cited = {source for sources in tables.records["sources"].to_pylist() for source in sources}
        assert {source: kinds.get(source) for source in cited} == dict.fromkeys(cited, EntityKind.SOURCE.value)

    def test_every_entity_has_a_known_type(self, tables: Tables, kinds: dict[str, str]) -> None:
        named = {*tables.attributes["subject"].to_pylist(), *tables.relations["subject"].to_pylist(), *tables.relations["object"].to_pylist()}
        assert named - set(kinds) == set()
        assert set(kinds.values()) <= {kind.value for kind in EntityKind}

    def test_relations_respect_domain_and_range(self, tables: Tables, kinds: dict[str, str]) -> None:
        wrong = []
        for row in tables.relations.to_pylist():
            predicate = PREDICATES[row["predicate"]]
            if kinds[row["subject"]] not in predicate.domain or kinds[row["object"]] not in predicate.range or row["subject"] == row["object"]:
                wrong.append(row)
        assert wrong == []

    def test_values_are_in_their_closed_lists(self, tables: Tables) -> None:
        for table in (tables.attributes, tables.relations):
            assert set(table["basis"].to_pylist()) <= {basis.value for basis in Basis}
            assert set(table["confidence"].to_pylist()) <= {confidence.value for confidence in Confidence}
        assert {key for pairs in tables.relations["qualifiers"].to_pylist() for key, _ in pairs} <= QUALIFIERS
        assert set(tables.attributes["lang"].to_pylist()) <= {None, "fr", "en"}

    def test_attributes_have_the_form_of_their_type(self, tables: Tables) -> None:
        form = {
            "number": lambda text: text == repr(float(text)).removesuffix(".0"),
            "yes_no": lambda text: text in ("yes", "no"),
            "edtf": edtf_ok,
            "url": lambda text: text.startswith("urn:") or clean_url(text) is not None,
        }
        wrong = [row for row in tables.attributes.to_pylist() if not form.get(ATTRIBUTES[row["predicate"]].type, bool)(row["value"])]
        assert wrong == []

    def test_dates(self, tables: Tables) -> None:
        told = {*tables.relations["since"].to_pylist(), *tables.relations["until"].to_pylist(), *tables.records["published"].to_pylist()}
        assert [text for text in told if text is not None and not edtf_ok(text)] == []

    def test_inferred_facts_cite_a_rule(self, tables: Tables) -> None:
        sources = dict(zip(tables.records["record"].to_pylist(), tables.records["sources"].to_pylist(), strict=True))
        for table in (tables.attributes, tables.relations):
            for row in table.to_pylist():
                by_rule = any(source.startswith("source:inference-") for source in sources[row["record"]])
                if row["basis"] == Basis.INFERRED:
                    assert by_rule, row

    def test_no_fact_is_told_twice_by_a_record(self, tables: Tables) -> None:
        for table, pair in ((tables.attributes, ("predicate", "value")), (tables.relations, ("predicate", "object"))):
            assert _twice([(row["record"], row["subject"], row[pair[0]], row[pair[1]]) for row in table.to_pylist()]) == []

    def test_no_persons(self, tables: Tables) -> None:
        texts = [row["value"] for row in tables.attributes.to_pylist() if ATTRIBUTES[row["predicate"]].type == "text"]
        texts += [text for pairs in tables.relations["qualifiers"].to_pylist() for _, text in pairs]
        assert [text for text in texts if has_email(text) or has_phone(text)] == []

    def test_same_facts_each_time(self, source: Source, tables: Tables) -> None:
        assert all(one.equals(other) for one, other in zip(source.tables(), tables, strict=True))


def _twice(values: pa.ChunkedArray | list[tuple[str, ...]]) -> list[object]:
    listed = values if isinstance(values, list) else values.to_pylist()
    return [value for value, count in Counter(listed).items() if count > 1]
