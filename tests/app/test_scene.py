"""What the network component is given to draw."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from passerelle.scene.hull import hull_path
from passerelle.scene.scene import network_scene, short_name
from passerelle.views import ActorRef, Cluster, Network
from recommender.answers import Text

KIND = Text("Laboratoire", "Laboratory")


def actor(key: str, name: str = "") -> ActorRef:
    return ActorRef(key, name or key.upper(), "labo", KIND, "research", "research", "Belfort", inside=True)


def network() -> Network:
    refs = [actor("a", "A <script>"), actor("b"), actor("c"), actor("alone")]
    cluster = Cluster(0, Text("Énergie|et transports", "Energy|and transport"), (), (), ("a", "b", "c"))
    nodes = ((refs[0], 0, 2), (refs[1], 0, 1), (refs[2], 0, 1), (refs[3], -1, 0))
    return Network(nodes, (("a", "b", True), ("a", "c", False)), (cluster,), ((0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (500.0, 500.0)))


def test_hull_of_a_square_with_a_point_inside() -> None:
    # by hand: the inner point is not on the outline
    assert hull_path([(0, 0), (10, 0), (10, 10), (0, 10), (5, 5)]) == "M0,0L10,0L10,10L0,10Z"


def test_hull_of_few_points() -> None:
    assert hull_path([]) == ""
    assert hull_path([(1, 2)]) == "M1,2Z"
    assert hull_path([(1, 2), (3, 4)]) == "M1,2L3,4Z"


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=30))
def test_hull_does_not_depend_on_order_and_repetition(points: list[tuple[int, int]]) -> None:
    floats = [(float(x), float(y)) for x, y in points]
    assert hull_path(floats) == hull_path(floats[::-1] + floats)


def test_numbers_follow_the_list() -> None:
    scene = network_scene(network(), [(actor("b"), actor("c")), (actor("a"), actor("alone"))], None)
    assert [(bridge["number"], bridge["id"]) for bridge in scene["bridges"]] == [(1, "b~c"), (2, "a~alone")]


def test_a_bridge_to_an_actor_that_is_not_drawn_keeps_the_numbers_of_the_list() -> None:
    scene = network_scene(network(), [(actor("b"), actor("elsewhere")), (actor("b"), actor("c"))], None)
    assert [(bridge["number"], bridge["id"]) for bridge in scene["bridges"]] == [(2, "b~c")]


def test_islands_are_named_and_the_unlinked_stand_apart() -> None:
    scene = network_scene(network(), [], None)
    assert [(island["name"], island["lone"]) for island in scene["islands"]] == [
        (["Sans lien connu ici"], True),
        (["Énergie", "et transports"], False),
    ]
    assert re.fullmatch(r"M[\d,L]+Z", scene["islands"][1]["outline"])


def test_names_travel_as_data() -> None:
    scene = network_scene(network(), [], "node:a")
    dot = scene["dots"][0]
    assert dot["title"] == "A <script> · Laboratoire · Belfort · 2 liens connus" and dot["name"] == "A <script>"
    assert scene["chosen"] == "node:a"


def test_short_names() -> None:
    assert short_name("EDF power solutions (ex-EDF Renouvelables)") == "EDF power solutions"
    assert short_name("FEMTO-ST, Énergie") == "FEMTO-ST, Énergie", "several actors are called FEMTO-ST before the comma"
    assert short_name("Fonds (industrie) de Belfort") == "Fonds (industrie) de Belf…"
    assert short_name("Agence de développement et d'urbanisme") == "Agence de développement e…"
