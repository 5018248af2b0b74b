"""From what a person types to the actor that is meant, and ids that clash."""

from __future__ import annotations

import pytest

from graph_builder.identity import Names, check_identities
from graph_builder.snapshot import in_memory
from graph_builder.tables import Filler, Tables
from ontology.errors import AmbiguousActor, QueryError, UnknownActor
from tests.graph_builder.tiny import actors, project, seed

NAMED = {
    "utbm": "Université de technologie de Belfort-Montbéliard (UTBM)",
    "ufc": "Université de Franche-Comté",
    "stellantis_sochaux": "Stellantis, site de Sochaux",
    "stellantis_vesoul": "Stellantis, site de Vesoul",
    "fclab": "FCLAB",
    "one": "Fonderie du Lion",
    "two": "Fonderie du Lion",
    "lion": "Brasserie",
    "park": "Parc Sochauxland",
}


def names() -> Names:
    filler = Filler()
    filler.record("r")
    for actor, name in NAMED.items():
        filler.attribute(actor, "type", "Organization", "r")
        filler.attribute(actor, "name", name, "r")
    filler.attribute("fclab", "alt_name", "Fédération hydrogène", "r")
    filler.attribute("ufc", "siren", "192512150", "r")
    project(filler, "p_lion", {"utbm": "lead"})
    return Names(in_memory(filler.tables()))


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("utbm", "utbm"),
        (" UTBM ", "utbm"),
        ("p_lion", "p_lion"),
        ("stellantis sochaux", "stellantis_sochaux"),
        ("federation HYDROGENE", "fclab"),
        ("192512150", "ufc"),
        ("siren:192512150", "ufc"),
        ("université de franche-comté", "ufc"),
        ("Université de technologie", "utbm"),
        ("Sochaux", "stellantis_sochaux"),
        ("montbel", "utbm"),
        ("lion", "lion"),  # an id before a part of a name
    ],
)
def test_found(text: str, actor: str) -> None:
    assert names().find(text) == actor


@pytest.mark.parametrize(
    ("text", "matches"),
    [("Fonderie du Lion", ["one", "two"]), ("universite", ["ufc", "utbm"]), ("Stellantis", ["stellantis_sochaux", "stellantis_vesoul"])],
)
def test_ambiguous(text: str, matches: list[str]) -> None:
    with pytest.raises(AmbiguousActor) as caught:
        names().find(text)
    assert [actor for actor, _ in caught.value.matches] == matches
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("stellantis_sochau", "stellantis_sochaux"), ("utmb", "utbm"), ("Stelantis", "stellantis_sochaux"), ("universite de franche comte.", "ufc")],
)
def test_the_nearest_names_are_told(text: str, nearest: str) -> None:
    assert names().nearest(text)[0] == nearest


def test_unknown() -> None:
    with pytest.raises(UnknownActor, match="did you mean stellantis_sochaux") as caught:
        names().find("stellantis_sochau")
    assert caught.value.nearest[0] == ("stellantis_sochaux", "Stellantis, site de Sochaux")
    assert len(caught.value.nearest) <= 5
    with pytest.raises(UnknownActor, match="passerelle search"):
        names().find("zzzzzz")


def test_a_misspelt_id_is_never_taken_for_a_part_of_a_name() -> None:
    assert names().find("site de Soch") == "stellantis_sochaux"
    with pytest.raises(UnknownActor):
        names().find("site_de_Soch")
    with pytest.raises(UnknownActor):
        names().find("fc")  # two letters inside a word


@pytest.mark.parametrize("text", ["", "  ", "--"])
def test_nothing_asked(text: str) -> None:
    with pytest.raises(QueryError, match="give an id or a name"):
        names().find(text)


@pytest.mark.parametrize(("text", "actor"), [("utbm", "utbm"), ("UTBM", "utbm"), ("Université de technologie", "utbm"), ("fclab", "fclab")])
def test_found_in_the_seed(text: str, actor: str) -> None:
    assert Names(seed()).find(text) == actor


def test_unknown_in_the_seed() -> None:
    with pytest.raises(UnknownActor) as caught:
        Names(seed()).find("stellantis_sochau")
    assert caught.value.nearest[0][0] == "stellantis_sochaux"


def test_every_actor_of_the_seed_answers_to_its_id() -> None:
    known = Names(seed())
    assert all(known.find(actor) == actor for actor in seed().values("recommendable"))


def package(*ids: str, kind: str = "Organization") -> Tables:
    filler = Filler()
    actors(filler, ids)
    for name in ids:
        filler.attribute(name, "type", kind, f"tiny/actors/{name}")
    return filler.tables()


def test_ids_that_clash() -> None:
    assert check_identities([("x", package("a", "b")), ("y", package("c"))]) == []
    (finding,) = check_identities([("x", package("a", "b")), ("y", package("b"))])
    assert (finding.file, finding.column, finding.severity) == ("y", "id", "error")
    assert "'b'" in finding.found
    assert "'x'" in finding.found


def test_many_ids_that_clash_are_told_once_for_each_pair_of_packages() -> None:
    many = [f"a{n:03}" for n in range(707)]
    (finding,) = check_identities([("x", package("own", *many)), ("y", package("other", *many))])
    assert (finding.file, finding.column, finding.severity) == ("y", "id", "error")
    assert finding.found == "707 ids stand in 'x' too, first a000, a001, a002, a003, a004, ..."
    assert finding.accepted == "leave one of the two packages out"
    found = check_identities([("x", package(*many[:6])), ("y", package(*many[:6], "b")), ("z", package("b"))])
    assert [(finding.file, finding.found[:5]) for finding in found] == [("y", "6 ids"), ("z", "'b' i")]


def test_up_to_five_ids_that_clash_are_told_one_by_one() -> None:
    found = check_identities([("x", package(*"abcde")), ("y", package(*"abcde"))])
    assert [finding.found for finding in found] == [f"{key!r} is in the package 'x' too" for key in "abcde"]


def test_one_id_two_kinds() -> None:
    (finding,) = check_identities([("x", package("a", kind="Skill"))])
    assert finding.found == "'a' is Organization and Skill"


def test_a_package_given_twice() -> None:
    (finding,) = check_identities([("x", package("a", "b")), ("x", package("a", "b"))])
    assert finding.found == "the package 'x' is given twice"
