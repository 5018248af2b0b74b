"""What may be given away: by hand on a small territory, and what holds on any."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_builder.exports.redistribution import ALL, CITING, Withheld, WithheldSource, shareable, write_withheld
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler, Tables
from ontology.model import Basis
from tests.graph_builder.hostile import hostile
from tests.graph_builder.tiny import Info, seed

SOURCES = ("open", "text", "shut", "silent")


def described(filler: Filler, source: str, says: str, cites: str = "") -> None:
    record = filler.record(f"tiny/sources/{source}", sources=[f"source:{cites or source}"])
    filler.attribute(f"source:{source}", "type", "Source", record)
    filler.attribute(f"source:{source}", "title", source.title(), record)
    filler.attribute(f"source:{source}", "redistribution", says, record)


def actor(filler: Filler, name: str, *sources: str) -> str:
    record = filler.record(f"tiny/actors/{name}", sources=[f"source:{source}" for source in sources])
    filler.attribute(name, "type", "Organization", record)
    filler.attribute(name, "name", name.title(), record)
    return record


def small() -> Filler:
    filler = Filler()
    for source, says in (("open", "facts"), ("text", "texts"), ("shut", "none"), ("silent", "")):
        described(filler, source, says)
    actor(filler, "a", "open")
    actor(filler, "b", "shut", "text")
    actor(filler, "c", "shut")
    actor(filler, "d", "silent")
    return filler


def snapshot(filler: Filler) -> Snapshot:
    return in_memory(filler.tables(), [Info()])


def test_by_hand(tmp_path: Path) -> None:
    filler = small()
    both = filler.record("tiny/relations/1", sources=["source:open", "source:shut"])
    alone = filler.record("tiny/relations/2", sources=["source:shut"])
    free = filler.record("tiny/relations/3", sources=["source:open"])
    filler.relation("a", "memberOf", "b", both)
    filler.relation("a", "supplies", "b", alone)
    filler.relation("a", "memberOf", "c", free)  # to an actor that only the forbidden source describes
    filler.relation("a", "memberOf", "d", free)
    whole = snapshot(filler)
    shared, withheld = shareable(whole)
    assert set(shared.values("type")) == {"a", "b", "d", "source:open", "source:text", "source:silent"}
    relations = shared.relations.select(["subject", "predicate", "object"]).to_pylist()
    assert [(row["predicate"], row["object"]) for row in relations] == [("memberOf", "b"), ("memberOf", "d")]
    assert shared.record_sources("tiny/relations/1") == ("source:open",)
    assert shared.record_sources("tiny/actors/b") == ("source:text",)
    assert set(whole.records["record"].to_pylist()) - set(shared.records["record"].to_pylist()) == {
        "tiny/sources/shut",
        "tiny/actors/c",
        "tiny/relations/2",
    }
    # three facts of the source itself, two of c, a supplies b, a memberOf c
    assert withheld == Withheld(7, (WithheldSource("source:shut", "Shut", 6),), citing=6)
    assert shared.digest != whole.digest
    write_withheld(withheld, tmp_path / "withheld.csv")
    with (tmp_path / "withheld.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [["source:shut", "Shut", "", "6"], ["", CITING, "", "6"], ["", ALL, "", "7"]]
    assert shared.manifest.counts["Organization"] == 3 and shared.manifest.counts["relations"] == 2


def test_nothing_forbidden_is_the_same_snapshot() -> None:
    for whole in (hostile(), seed()):
        shared, withheld = shareable(whole)
        assert shared is whole and shared.digest == whole.digest
        assert withheld == Withheld()


def test_a_fact_of_two_forbidden_sources_is_counted_once() -> None:
    filler = small()
    described(filler, "odd", "none")
    actor(filler, "e", "odd", "shut")
    _, withheld = shareable(snapshot(filler))
    # three facts of each of the two sources, two of c, two of e
    assert [source.facts for source in withheld.sources] == [5, 7] and (withheld.citing, withheld.facts) == (10, 10)


def test_an_unknown_word_forbids_and_the_stricter_of_two_packages_decides() -> None:
    filler = small()
    described(filler, "odd", "perhaps")
    actor(filler, "e", "odd")
    record = filler.record("tiny/again", sources=["source:open"])
    filler.attribute("source:text", "redistribution", "none", record)
    shared, withheld = shareable(snapshot(filler))
    assert set(shared.values("type")) == {"a", "d", "source:open", "source:silent"}
    assert [source.id for source in withheld.sources] == ["source:odd", "source:shut", "source:text"]


def test_a_rule_does_not_replace_the_source_that_it_read() -> None:
    filler = small()
    rule = filler.record("tiny/inference/x", sources=["source:inference-x"])
    filler.attribute("source:inference-x", "type", "Source", rule)
    filler.attribute("skill:s", "type", "Skill", filler.record("tiny/skills/s"))
    for number, sources in enumerate((["shut", "inference-x"], ["inference-x"], ["open", "inference-x"])):
        record = filler.record(f"tiny/offers/{number}", sources=[f"source:{source}" for source in sources])
        filler.relation("a", "offersSkill", "skill:s", record, basis=Basis.INFERRED)
    shared, _ = shareable(snapshot(filler))
    assert sorted(shared.relations["record"].to_pylist()) == ["tiny/offers/1", "tiny/offers/2"]


def test_a_source_that_only_a_forbidden_one_describes_goes_with_its_facts() -> None:
    filler = small()
    described(filler, "hidden", "facts", cites="shut")
    actor(filler, "e", "hidden")
    shared, withheld = shareable(snapshot(filler))
    assert "e" not in shared.values("type")
    assert "source:hidden" not in {source for sources in shared.records["sources"].to_pylist() for source in sources}
    assert [source.id for source in withheld.sources] == ["source:shut"]


def test_a_kind_that_is_lost_is_named_by_nobody() -> None:
    filler = small()
    record = filler.record("tiny/kinds/k", sources=["source:shut"])
    filler.attribute("kind:k", "type", "ActorKind", record)
    filler.attribute("a", "kind", "kind:k", "tiny/actors/a")
    shared, _ = shareable(snapshot(filler))
    assert "a" in shared.values("type") and "a" not in shared.values("kind")


@st.composite
def territories(draw: st.DrawFn) -> Tables:
    filler = Filler()
    for source in SOURCES:
        described(filler, source, draw(st.sampled_from(["facts", "texts", "none", ""])))
    names = "abcdef"
    for name in names:
        actor(filler, name, *draw(st.lists(st.sampled_from(SOURCES), max_size=3)))
    for number in range(draw(st.integers(0, 8))):
        ends = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
        record = filler.record(f"tiny/relations/{number}", sources=[f"source:{s}" for s in draw(st.lists(st.sampled_from(SOURCES), max_size=3))])
        filler.relation(ends[0], "memberOf", ends[1], record)
    return filler.tables()


@settings(max_examples=60, deadline=None)
@given(territories())
def test_what_is_shared_hangs_together(tables: Tables) -> None:
    whole = in_memory(tables, [Info()])
    shared, withheld = shareable(whole)
    forbidden = {source.id for source in withheld.sources}
    assert forbidden == {source for source, says in whole.values("redistribution").items() if says == "none"}
    typed = set(shared.values("type"))
    records = set(shared.records["record"].to_pylist())
    for table in (shared.attributes, shared.relations):
        assert set(table["subject"].to_pylist()) <= typed
        assert set(table["record"].to_pylist()) <= records
    assert set(shared.relations["object"].to_pylist()) <= typed
    assert not forbidden & {source for sources in shared.records["sources"].to_pylist() for source in sources}
    assert max((source.facts for source in withheld.sources), default=0) <= withheld.citing <= withheld.facts
    assert withheld.facts == sum(getattr(whole, name).num_rows - getattr(shared, name).num_rows for name in ("attributes", "relations"))
    # again changes nothing, and the digest is that of a build of these tables
    assert shareable(shared)[0] is shared
    plain = Tables(shared.records, shared.attributes.drop_columns(["statement"]), shared.relations.drop_columns(["statement"]))
    assert in_memory(plain, [Info()]).digest == shared.digest
