"""Actors of several packages: what merges, what never does, and what people decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_builder.canonical import canonical
from graph_builder.resolution import AUTOMATIC, Judgement, Pair, Resolution, resolve
from graph_builder.resolution.matching import START
from graph_builder.sources import open_source
from graph_builder.tables import Filler, Tables, concatenate
from tests.graph_builder.tiny import SEED

SIREN_A, SIREN_B = "552081317", "380129866"  # EDF and Orange, from the public register
Row = Mapping[str, str]
Part = tuple[str, Tables]


def package(name: str, rows: Sequence[Row], links: Sequence[tuple[str, str, str]] = ()) -> Part:
    """A package of actors: `id`, `city`, and attributes; `names` after the first are alternative names, split at semicolons."""
    filler = Filler()
    for row in rows:
        record = filler.record(f"{name}/actors/{row['id']}", sources=["source:s"], published="2024")
        filler.attribute(row["id"], "type", "Organization", record)
        first, *others = row["names"].split(";")
        filler.attribute(row["id"], "name", first, record)
        for other in others:
            filler.attribute(row["id"], "alt_name", other, record)
        for key in set(row) - {"id", "names", "city"}:
            filler.attribute(row["id"], key, row[key], record)
        if row.get("city"):
            place = f"place:{row['city'].lower()}"
            filler.attribute(place, "type", "Place", record)
            filler.attribute(place, "name", row["city"], record)
            filler.attribute(place, "country", row.get("country", "FR"), record)
            filler.relation(row["id"], "locatedIn", place, record)
    record = filler.record(f"{name}/links", sources=["source:s"])
    for subject, predicate, obj in links:
        filler.relation(subject, predicate, obj, record)
    return name, filler.tables()


def actor(key: str, names: str, city: str = "", **attributes: str) -> Row:
    return {"id": key, "names": names, "city": city, **attributes}


def pair_of(pairs: Sequence[Pair], a: str, b: str) -> Pair:
    found = [pair for pair in pairs if {pair.a, pair.b} == {a, b}]
    assert len(found) == 1, [(pair.a, pair.b) for pair in pairs]
    return found[0]


def merges(*parts: Part, judgements: Sequence[Judgement] = ()) -> dict[str, str]:
    return dict(resolve(parts, judgements).merges)


def judged(a: str, b: str, verdict: str) -> Judgement:
    return Judgement(a, b, verdict)  # type: ignore[arg-type]


T = package("t", [actor("utbm", "Université de technologie de Belfort-Montbéliard;UTBM", "Sevenans"), actor("edf", "EDF", "Belfort")])


def test_one_package_is_returned_as_it_is() -> None:
    resolution = resolve([T])
    assert resolution.tables.attributes.equals(T[1].attributes)
    assert (resolution.merges, resolution.merged, resolution.review, resolution.conflicts) == ({}, (), (), ())
    assert resolve([]).tables.records.num_rows == 0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"siren": SIREN_A}, {"siren": SIREN_A}),
        ({"siren": SIREN_A}, {"siren": f"{SIREN_A}00018"}),  # a SIRET whose head it is
        ({"siren": SIREN_A}, {"vat": f"FR03{SIREN_A}"}),
        ({"pic": "999926829"}, {"pic": "999926829"}),
        ({"alias": "pic:999926829"}, {"pic": "999926829"}),
        ({"alias": "other"}, {}),  # the id itself
        ({"alias": "siren:" + SIREN_A}, {"alias": "siren:" + SIREN_A}),
    ],
)
def test_a_shared_identifier_merges_whatever_the_names(left: Row, right: Row) -> None:
    one = package("one", [actor("edf", "Énergie", "Belfort", **left)])
    two = package("two", [actor("other", "Something else entirely", "Paris", **right)])
    assert merges(one, two) == {"other": "edf"}
    (pair,) = resolve([one, two]).merged
    assert pair.clues[0].name == "identifier" and pair.records == ("one/actors/edf", "two/actors/other")


def test_a_number_with_a_wrong_check_digit_is_no_identifier() -> None:
    assert merges(package("one", [actor("a", "Alpha", siren="552081318")]), package("two", [actor("b", "Bravo", siren="552081318")])) == {}


def test_an_identifier_of_several_actors_of_one_package_goes_to_review() -> None:
    one = package("one", [actor("site_a", "Site A", siren=SIREN_A), actor("site_b", "Site B", siren=SIREN_A)])
    resolution = resolve([one, package("two", [actor("unit", "Unité légale", siren=SIREN_A)])])
    assert resolution.merges == {}
    reasons = {(pair.a, pair.b): pair.reason_blocked for pair in resolution.review}
    assert set(reasons) == {("site_a", "unit"), ("site_b", "unit")}
    assert all(reason and reason.name == "shared_identifier" for reason in reasons.values())


def test_two_different_siren_never_merge() -> None:
    one = package("one", [actor("a", "Exemple Industrie", "Belfort", siren=SIREN_A)])
    two = package("two", [actor("b", "Exemple Industrie", "Belfort", siren=SIREN_B)])
    alone = resolve([one, two])
    assert (alone.merges, alone.review, alone.conflicts) == ({}, (), ())  # nothing to ask
    resolution = resolve([one, two], [judged("one/actors/a", "two/actors/b", "same")])
    assert resolution.merges == {} and resolution.review == ()
    assert [(c.kind, c.kept, c.dropped) for c in resolution.conflicts] == [("two_sirens", "a", "b")]
    assert SIREN_A in resolution.conflicts[0].text.en and "\n" not in resolution.conflicts[0].text.fr


def test_the_same_name_in_the_same_place_merges_and_says_why() -> None:
    resolution = resolve(
        [T, package("c", [actor("pic:998527604", "UNIVERSITE DE TECHNOLOGIE DE BELFORT - MONTBELIARD SA", "Sevenans", country="FR")])]
    )
    assert resolution.merges == {"pic:998527604": "utbm"}
    (pair,) = resolution.merged
    assert {clue.name for clue in pair.clues} >= {"name", "words", "same_place"}
    assert pair.reason_blocked is None and pair.verdict is None


@pytest.mark.parametrize(
    ("site", "unit", "reason"),
    [
        (actor("alstom_belfort", "Alstom Belfort", "Belfort"), actor("pic:1", "ALSTOM TRANSPORT SA", "Saint-Ouen"), "place_in_name"),
        (actor("stellantis", "Stellantis Sochaux", "Sochaux"), actor("pic:1", "STELLANTIS AUTO SAS", "Poissy"), "place_in_name"),
        (
            actor("cnrs", "CNRS (délégation Centre-Est)", "Besançon"),
            actor("pic:1", "CENTRE NATIONAL DE LA RECHERCHE SCIENTIFIQUE;CNRS", "Paris"),
            "unit_word",
        ),
        (actor("disc", "FEMTO-ST, département DISC", "Besançon"), actor("pic:1", "FEMTO-ST", "Besançon"), "unit_word"),
        (actor("enedis", "Enedis", "Belfort"), actor("pic:1", "ENEDIS", "Paris"), "elsewhere"),
        (
            actor("efs", "Établissement français du sang Bourgogne-Franche-Comté", "Besançon"),
            actor("pic:1", "ETABLISSEMENT FRANCAIS DU SANG", "Paris"),
            "place_in_name",
        ),
        (actor("orange", "Orange (direction régionale)", "Besançon"), actor("pic:1", "ORANGE SA", "Besançon"), "unit_word"),
    ],
)
def test_a_site_goes_to_review_with_the_reason_and_never_merges(site: Row, unit: Row, reason: str) -> None:
    resolution = resolve([package("t", [site]), package("c", [unit])])
    assert resolution.merges == {}
    pair = pair_of(resolution.review, site["id"], "pic:1")
    assert pair.reason_blocked is not None and pair.reason_blocked.name == reason


@pytest.mark.parametrize("predicate", ["partOf", "owns"])
def test_a_part_of_what_the_other_looks_like_is_no_match(predicate: str) -> None:
    link = ("lab", "partOf", "institute") if predicate == "partOf" else ("institute", "owns", "lab")
    one = package("one", [actor("lab", "Exemplaris Institut", "Dole"), actor("institute", "Institut Exemplaris", "Dole")], [link])
    two = package("two", [actor("pic:1", "EXEMPLARIS INSTITUT", "Dole")])
    pair = pair_of(resolve([one, two]).review, "lab", "pic:1")
    assert pair.reason_blocked is not None and pair.reason_blocked.name == "parent"


def test_a_likely_pair_in_two_places_is_not_merged() -> None:
    one = package("one", [actor("a", "Exemplaris Industrie", "Dole", website="https://exemplaris.fr")])
    two = package("two", [actor("pic:1", "EXEMPLARIS INDUSTRIE", "Paris", website="https://www.exemplaris.fr")])
    resolution = resolve([one, two])
    pair = pair_of(resolution.review, "a", "pic:1")
    assert resolution.merges == {} and pair.probability > AUTOMATIC
    assert pair.reason_blocked is not None and pair.reason_blocked.name == "elsewhere" and pair.reason_blocked.weight == 0


def test_two_candidates_of_one_package_go_to_review() -> None:
    one = package("one", [actor("a", "Exemplaris Industrie", "Dole")])
    two = package("two", [actor("pic:1", "EXEMPLARIS INDUSTRIE", "Dole"), actor("pic:2", "EXEMPLARIS INDUSTRIE SAS", "Dole")])
    resolution = resolve([one, two])
    assert resolution.merges == {}
    assert {pair.reason_blocked.name for pair in resolution.review if pair.reason_blocked} == {"rivals"}
    assert len(resolution.review) == 2


def test_two_actors_of_one_package_merge_only_when_judged() -> None:
    one = package("one", [actor("a", "Exemplaris Industrie", "Dole"), actor("b", "Exemplaris Industrie", "Dole")])
    two = package("two", [actor("c", "Tout autre chose", "Paris")])
    assert merges(one, two) == {}
    assert merges(one, two, judgements=[judged("one/actors/b", "one/actors/a", "same")]) == {"b": "a"}
    assert merges(one, judgements=[judged("one/actors/b", "one/actors/a", "same")]) == {"b": "a"}


LIKE = package("c", [actor("pic:998527604", "UNIVERSITE DE TECHNOLOGIE DE BELFORT - MONTBELIARD", "Sevenans")])


def test_judgements_win_and_name_records() -> None:
    records = ("c/actors/pic:998527604", "t/actors/utbm")
    assert merges(T, LIKE, judgements=[judged(*records, "different")]) == {}
    assert resolve([T, LIKE], [judged(*records, "different")]).review == ()
    unsure = resolve([T, LIKE], [judged(*records, "unsure")])
    assert unsure.merges == {} and [pair.verdict for pair in unsure.review] == ["unsure"]
    far = package("c", [actor("pic:1", "Rien à voir", "Madrid", country="ES")])
    same = resolve([T, far], [judged("t/actors/utbm", "c/actors/pic:1", "same")])
    assert same.merges == {"pic:1": "utbm"} and same.merged[0].verdict == "same" and same.merged[0].clues[0].name == "judgement"
    identified = package("one", [actor("x", "X", siren=SIREN_A)]), package("two", [actor("y", "Y", siren=SIREN_A)])
    assert merges(*identified, judgements=[judged("one/actors/x", "two/actors/y", "different")]) == {}


def test_a_judgement_on_a_record_that_is_gone_is_reported() -> None:
    resolution = resolve([T, LIKE], [judged("gone/actors/x", "t/actors/utbm", "different")])
    assert resolution.merges == {"pic:998527604": "utbm"}
    assert [c.kind for c in resolution.conflicts if c.kind == "stale_judgement"] == ["stale_judgement"]


def chain() -> list[Part]:
    """a (one) = b (two) by SIREN, b = c (three) by PIC; each in a package of its own."""
    return [
        package("one", [actor("a", "Alpha", siren=SIREN_A)]),
        package("two", [actor("b", "Bravo", siren=SIREN_A, pic="900000001")]),
        package("three", [actor("c", "Charlie", pic="900000001")]),
    ]


def test_a_chain_becomes_one_and_the_first_package_id_stays() -> None:
    assert merges(*chain()) == {"b": "a", "c": "a"}
    assert merges(*reversed(chain())) == {"a": "c", "b": "c"}


def test_a_chain_stops_where_two_were_judged_apart() -> None:
    resolution = resolve(chain(), [judged("one/actors/a", "three/actors/c", "different")])
    assert resolution.merges == {"b": "a"}
    assert [c.kind for c in resolution.conflicts if c.kind == "judged_apart"] == ["judged_apart"]
    assert pair_of(resolution.review, "b", "c").reason_blocked is not None


def test_a_chain_stops_before_a_second_siren_or_a_second_actor_of_a_package() -> None:
    one, two, _ = chain()
    other_siren = package("three", [actor("c", "Charlie", pic="900000001", siren=SIREN_B)])
    resolution = resolve([one, two, other_siren])
    assert resolution.merges == {"b": "a"} and resolution.conflicts[0].kind == "two_sirens"
    twice = package("one", [actor("a", "Alpha", siren=SIREN_A), actor("d", "Delta", pic="900000001")])
    resolution = resolve([twice, two])
    assert resolution.merges in ({"b": "a"}, {"b": "d"})
    assert [c.kind for c in resolution.conflicts if c.kind == "same_package"] == ["same_package"]


def test_the_weakest_pair_is_left_out() -> None:
    one = package("one", [actor("a", "Exemplaris Industrie", "Dole"), actor("d", "Delta", siren=SIREN_A)])
    two = package("two", [actor("c", "EXEMPLARIS INDUSTRIE", "Dole", siren=SIREN_A)])
    resolution = resolve([one, two])
    assert resolution.merges == {"c": "d"}  # the identifier, not the name
    assert pair_of(resolution.review, "a", "c").reason_blocked is not None


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [("pic:1", "utbm", "utbm"), ("pic:1", "siren:" + SIREN_A, "siren:" + SIREN_A), ("siren:" + SIREN_A, "utbm", "utbm"), ("x", "y", "x")],
)
def test_which_id_stays(first: str, second: str, stays: str) -> None:
    one, two = package("one", [actor(first, "Alpha", pic="900000001")]), package("two", [actor(second, "Bravo", pic="900000001")])
    assert set(merges(one, two).values()) == {stays}


def test_review_is_sorted_by_what_a_decision_would_move() -> None:
    one = package(
        "one",
        [actor("a", "Exemplaris Industrie", "Dole"), actor("b", "Novatrix Energie", "Dole"), actor("p", "Partner", "Dole")],
        [("b", "memberOf", "p"), ("b", "collaboratesWith", "p")],
    )
    two = package(
        "two",
        [actor("pic:1", "EXEMPLARIS INDUSTRIE", "Lyon"), actor("pic:2", "NOVATRIX ENERGIE", "Lyon"), actor("pic:3", "Somebody", "Lyon")],
        [("pic:2", "memberOf", "pic:3"), ("pic:2", "collaboratesWith", "pic:3")],
    )
    review = resolve([one, two]).review
    assert [pair.a for pair in review] == ["b", "a"]
    assert review[0].value == pytest.approx(2 * review[1].value)  # 3 relations + 1 against 1 + 1


def shuffled(tables: Tables, seed_: int) -> Tables:
    import numpy as np

    order = np.random.default_rng(seed_)
    return Tables(*(table.take(pa.array(order.permutation(table.num_rows))) for table in tables))


def outcome(resolution: Resolution) -> tuple[object, ...]:
    return resolution.merges, resolution.merged, resolution.review, resolution.conflicts


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(seed_: int) -> None:
    parts = [
        *chain(),
        package("four", [actor("e", "Exemplaris Industrie", "Dole")]),
        package("five", [actor("pic:9", "EXEMPLARIS INDUSTRIE", "Dole")]),
    ]
    before = resolve(parts)
    after = resolve([(name, shuffled(tables, seed_)) for name, tables in parts])
    assert outcome(before) == outcome(after)
    assert all(x.equals(y) for x, y in zip(canonical(before.tables), canonical(after.tables), strict=True))


def test_resolving_again_changes_nothing_and_input_is_untouched() -> None:
    parts = chain()
    kept = [tables.attributes.to_pylist() for _, tables in parts]
    assert outcome(resolve(parts)) == outcome(resolve(parts))
    assert [tables.attributes.to_pylist() for _, tables in parts] == kept
    again = resolve([("all", resolve(parts).tables)])
    assert again.merges == {}


def test_without_a_match_the_tables_are_those_of_the_packages() -> None:
    parts = [T, package("c", [actor("pic:1", "Rien à voir", "Madrid", country="ES")])]
    assert resolve(parts).tables.attributes.equals(concatenate(tables for _, tables in parts).attributes)


def test_contributions_add_up_to_the_probability() -> None:
    import math

    resolution = resolve([T, LIKE])
    for pair in (*resolution.merged, *resolution.review):
        assert pair.probability == pytest.approx(1 / (1 + math.exp(-(START + sum(clue.weight for clue in pair.clues)))))


def test_the_territory_finds_itself_in_a_list() -> None:
    """Three actors of the seed as CORDIS writes them (facts of the CORDIS data of December 2025), one site that is not its company."""
    cordis = package(
        "cordis",
        [
            actor("pic:953112495", "STATICE SAS;STATICE INNOVATION", "Besancon", country="FR"),
            actor("pic:882162524", "MINCATEC ENERGY SAS", "Meroux Moval", country="FR", postcode="90400"),
            actor(
                "pic:999958839",
                "CSEM CENTRE SUISSE D'ELECTRONIQUE ET DE MICROTECHNIQUE SA;CSEM",
                "Neuchatel",
                country="CH",
                website="https://www.csem.ch",
            ),
            actor("pic:999804900", "ALSTOM TRANSPORT SA", "Saint Ouen", country="FR", website="https://www.alstom.com"),
        ],
    )
    resolution = resolve([("nord-franche-comte", open_source(SEED).tables()), cordis])
    assert resolution.merges == {"pic:953112495": "statice", "pic:882162524": "mincatec", "pic:999958839": "csem"}
    assert pair_of(resolution.review, "alstom_belfort", "pic:999804900").reason_blocked is not None
