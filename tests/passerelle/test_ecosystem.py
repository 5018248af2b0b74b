"""The facade: it agrees with the command line and with the seed's own tables, its filters filter, its figures add up."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from graph_builder.pipeline import build
from ontology.errors import AmbiguousActor, QueryError, UnknownActor
from passerelle.documents import links_document, recommend_document, search_document, show_document
from passerelle.ecosystem import NOTHING_TOLD, Ecosystem
from passerelle.sources import default_sources
from passerelle.views import Card, Figure, Filters, Link
from tests.passerelle.command import SEED
from tests.passerelle.conftest import Call
from tests.passerelle.seed_tables import Seed, table

SOME = ("utbm", "alstom_belfort", "hnfc", "numerica", "stellantis_sochaux", "mincatec")


@pytest.fixture(scope="module")
def seed() -> Seed:
    return Seed()


def plain(document: Any) -> Any:
    """As JSON would carry it."""
    return json.loads(json.dumps(document))


def partners(ecosystem: Ecosystem, actor: str, k: int = 300, **filters: Any) -> list[Card]:
    answer = ecosystem.recommend(actor=actor, k=k, filters=Filters(**filters))
    return [*answer.recommendations, *answer.supports]


# ------------------------------------------------------------------------------------------------------------ agreement


def test_the_command_line_says_what_the_library_says(ecosystem: Ecosystem, call: Call) -> None:
    idea, filters = "capteurs pour l'agriculture", Filters(roles=frozenset({"company"}), max_km=30.0, cross_sector=True)
    pairs = (
        (("recommend", "utbm", "-k", "4"), recommend_document(ecosystem.recommend(actor="utbm", k=4))),
        (("recommend", "utbm", "--explore", ".5"), recommend_document(ecosystem.recommend(actor="utbm", explore=0.5))),
        (("recommend", "--text", idea), recommend_document(ecosystem.recommend(text=idea))),
        (
            ("recommend", "utbm", "--role", "company", "--max-km", "30", "--cross-sector"),
            recommend_document(ecosystem.recommend(actor="utbm", filters=filters)),
        ),
        (("links", "-k", "7"), links_document(ecosystem.links(k=7))),
        (("links", "--research-industry"), links_document(ecosystem.links(filters=Filters(research_industry=True)))),
        (("show", "UTBM"), show_document(ecosystem.profile(ecosystem.find("utbm")))),
        (("search", "santé"), search_document(ecosystem.search("santé", 15))),
    )
    for asked, document in pairs:
        assert call(*asked, "--json").document == plain(document), asked


def test_asking_twice_gives_the_same(ecosystem: Ecosystem) -> None:
    assert ecosystem.recommend(actor="utbm") == ecosystem.recommend(actor="utbm")
    assert ecosystem.links(k=5) == ecosystem.links(k=5)


def test_fewer_answers_are_the_first_of_more(ecosystem: Ecosystem) -> None:
    few, many = (ecosystem.recommend(actor="alstom_belfort", k=k) for k in (3, 30))
    assert few.recommendations == many.recommendations[:3]
    assert few.supports == many.supports[:3]


def test_only_actors_of_the_seed_are_known(ecosystem: Ecosystem, seed: Seed) -> None:
    assert {a.id for a in ecosystem.actors()} == set(seed.actors)
    assert {a.id: a.role for a in ecosystem.actors()} == seed.role
    assert {key.removeprefix("sector:") for key, _ in ecosystem.sectors()} == {row["id"] for row in table("sectors")}
    assert {key.removeprefix("skill:") for key, _ in ecosystem.skills()} == {row["id"] for row in table("skills")}


def test_names_and_their_errors(ecosystem: Ecosystem, seed: Seed) -> None:
    for actor in seed.actors:
        assert ecosystem.find(actor) == actor
    with pytest.raises(AmbiguousActor):
        ecosystem.find("lycee")
    with pytest.raises(UnknownActor):
        ecosystem.find("no such actor at all")
    with pytest.raises(QueryError, match="project"):
        ecosystem.find("p_crunch")


# ------------------------------------------------------------------------------------------------------------ who may be recommended


def test_nobody_meets_himself_a_partner_or_somebody_who_may_not_be_recommended(ecosystem: Ecosystem, seed: Seed) -> None:
    for actor in list(seed.actors)[::7]:
        for card in partners(ecosystem, actor):
            other = card.partner.id
            assert other != actor
            assert frozenset((actor, other)) not in seed.ties, (actor, other)
            assert seed.actors[other]["recommendable"] == "yes", other


def test_partners_and_supports_are_apart(ecosystem: Ecosystem) -> None:
    answer = ecosystem.recommend(actor="utbm", k=300)
    assert not {c.partner.id for c in answer.recommendations} & {c.partner.id for c in answer.supports}
    support = {row["kind"] for row in table("kinds") if row["partner"] == "support"}
    assert not {c.partner.kind for c in answer.recommendations} & support


# ------------------------------------------------------------------------------------------------------------ filters


@pytest.mark.parametrize("actor", SOME)
def test_roles_sectors_and_distance_filter(ecosystem: Ecosystem, seed: Seed, actor: str) -> None:
    everyone = {c.partner.id for c in partners(ecosystem, actor)}
    own = seed.sectors(actor)
    wanted: Mapping[str, tuple[dict[str, Any], set[str]]] = {
        "role": ({"roles": frozenset({"company"})}, {a for a in everyone if seed.role[a] == "company"}),
        "roles": ({"roles": frozenset({"research", "training"})}, {a for a in everyone if seed.role[a] in ("research", "training")}),
        "sector": ({"sector": "energy"}, {a for a in everyone if "energy" in seed.sectors(a)}),
        "max_km": ({"max_km": 15.0}, {a for a in everyone if (km := seed.km(actor, a)) is not None and km <= 15}),
        "cross_sector": ({"cross_sector": True}, {a for a in everyone if seed.sectors(a) and not seed.sectors(a) & own}),
        "family": ({"families": frozenset({"company"})}, {a for a in everyone if seed.role[a] == "company"}),
        "two at once": (
            {"roles": frozenset({"company"}), "sector": "energy"},
            {a for a in everyone if seed.role[a] == "company" and "energy" in seed.sectors(a)},
        ),
    }
    for name, (filters, expected) in wanted.items():
        assert {c.partner.id for c in partners(ecosystem, actor, **filters)} == expected, name
    assert wanted["role"][1] and wanted["role"][1] < everyone, "the filter is worth a test"


def test_the_distance_of_a_card_is_that_of_the_two_communes(ecosystem: Ecosystem, seed: Seed) -> None:
    for card in partners(ecosystem, "alstom_belfort"):
        expected = seed.km("alstom_belfort", card.partner.id)
        assert card.km == (None if expected is None else pytest.approx(expected, abs=0.1, rel=0.005))


def test_an_idea_is_filtered_too(ecosystem: Ecosystem, seed: Seed) -> None:
    filters = Filters(roles=frozenset({"research"}), sector="hydrogen")
    found = ecosystem.recommend(text="stockage d'hydrogène", k=50, filters=filters).recommendations
    assert found
    assert all(seed.role[c.partner.id] == "research" and "hydrogen" in seed.sectors(c.partner.id) for c in found)


def ends(link: Link) -> tuple[str, str]:
    return link.a.id, link.b.id


def test_links_are_missing_inside_and_between_partners(ecosystem: Ecosystem, seed: Seed) -> None:
    links = ecosystem.links(k=50)
    assert len(links) == 50
    support = {row["kind"] for row in table("kinds") if row["partner"] != "yes"}
    for link in links:
        assert frozenset(ends(link)) not in seed.ties
        assert link.a.inside or link.b.inside
        assert not {link.a.kind, link.b.kind} & support
    assert len({frozenset(ends(link)) for link in links}) == 50
    often = Counter(end for link in links for end in ends(link))
    assert max(often.values()) <= 5, "no actor fills more than a tenth of the list"


LINK_FILTERS: Mapping[str, dict[str, Any]] = {
    "cross_sector": {"cross_sector": True},
    "cross_cluster": {"cross_cluster": True},
    "research_industry": {"research_industry": True},
    "role": {"roles": frozenset({"training"})},
    "sector": {"sector": "automotive"},
    "max_km": {"max_km": 10.0},
}


@pytest.mark.parametrize("name", LINK_FILTERS)
def test_filters_of_links(ecosystem: Ecosystem, seed: Seed, name: str) -> None:
    cluster = {ref.id: label for ref, label, _ in ecosystem.network().nodes}

    def passes(a: str, b: str) -> bool:
        one, two, km = seed.sectors(a), seed.sectors(b), seed.km(a, b)
        return {
            "cross_sector": bool(one) and bool(two) and not one & two,
            "cross_cluster": cluster[a] != cluster[b] and min(cluster[a], cluster[b]) >= 0,
            "research_industry": "company" in (seed.role[a], seed.role[b]) and bool({"research", "training"} & {seed.role[a], seed.role[b]}),
            "role": "training" in (seed.role[a], seed.role[b]),
            "sector": "automotive" in one | two,
            "max_km": km is not None and km <= 10.05,
        }[name]

    found = ecosystem.links(k=20, filters=Filters(**LINK_FILTERS[name]))
    assert len(found) >= 5
    assert all(passes(*ends(link)) for link in found)
    assert not all(passes(*ends(link)) for link in ecosystem.links(k=20)), "the filter is worth a test"


def test_unknown_words_and_impossible_numbers_are_refused(ecosystem: Ecosystem) -> None:
    for filters, says in (
        (Filters(families=frozenset({"dragons"})), "family.*'dragons'.*care, company, public, research"),
        (Filters(roles=frozenset({"boss"})), "role.*'boss'"),
        (Filters(sector="alchemy"), "sector.*'alchemy'"),
        (Filters(max_km=float("nan")), "distance"),
        (Filters(max_km=-1.0), "distance"),
    ):
        with pytest.raises(QueryError, match=says):
            ecosystem.recommend(actor="utbm", filters=filters)
        with pytest.raises(QueryError, match=says):
            ecosystem.links(filters=filters)
    for bad in ({"k": 0}, {"k": -3}, {"explore": 1.5}, {"explore": float("nan")}):
        with pytest.raises(QueryError):
            ecosystem.recommend(actor="utbm", **bad)  # type: ignore[arg-type]
    for nobody in ({}, {"text": " "}, {"actor": "nobody"}, {"text": "batterie", "skills": ("skill:alchemy",)}):
        with pytest.raises(QueryError):
            ecosystem.recommend(**nobody)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------ the dial


def test_the_dial_moves_from_the_closest_to_the_most_bridging(ecosystem: Ecosystem, seed: Seed) -> None:
    cluster = {ref.id: label for ref, label, _ in ecosystem.network().nodes}

    def apart(explore: float) -> tuple[int, int]:
        """How many of the first ten partners of some actors share no sector with them, and how many are of another cluster."""
        pairs = [(a, c.partner.id) for a in SOME for c in ecosystem.recommend(actor=a, explore=explore).recommendations]
        return sum(not seed.sectors(a) & seed.sectors(b) for a, b in pairs), sum(cluster[a] != cluster[b] for a, b in pairs)

    (sectors_0, clusters_0), (sectors_1, clusters_1) = apart(0.0), apart(1.0)
    assert sectors_1 > sectors_0
    assert clusters_1 > clusters_0


def test_the_dial_at_0_is_the_default_and_a_score_does_not_depend_on_it(ecosystem: Ecosystem) -> None:
    assert ecosystem.recommend(actor="utbm", explore=0.0) == ecosystem.recommend(actor="utbm")
    score = {c.partner.id: c.score for c in ecosystem.recommend(actor="utbm", k=300).recommendations}
    for card in ecosystem.recommend(actor="utbm", explore=1.0).recommendations:
        assert card.score == score[card.partner.id]


# ------------------------------------------------------------------------------------------------------------ figures


def number(text: str) -> int:
    found = re.match(r"\d+", text)
    assert found, text
    return int(found.group())


def test_the_figures_add_up(ecosystem: Ecosystem, seed: Seed) -> None:
    """Every figure, counted again from the tables; DESIGN of the seed: 501 pairs in all."""
    figures: dict[str, Figure] = {f.key: f for f in ecosystem.figures()}
    assert list(figures) == ["actors", "ties", "bridges", "alone"]
    active = {a for a, row in seed.actors.items() if row["status"] not in ("closed", "merged")}
    bridges = {p for p in seed.ties if any(seed.role[a] == "company" for a in p) and any(seed.role[a] in ("research", "training") for a in p)}
    alone = active - {a for pair in seed.related for a in pair}
    verified = {a for a in active if seed.actors[a]["confidence"] == "verified"}
    assert len(seed.ties) == 501
    assert {key: f.value for key, f in figures.items()} == {"actors": len(active), "ties": 501, "bridges": len(bridges), "alone": len(alone)}
    shares = {"actors": (verified, active), "ties": (seed.dated_ties, seed.ties), "bridges": (bridges, seed.ties), "alone": (alone, active)}
    for key, (part, whole) in shares.items():
        expected = round(100 * len(part) / len(whole))
        assert number(figures[key].second.en) == number(figures[key].second.fr) == expected, key
    for figure in figures.values():
        assert all((figure.label.fr, figure.label.en, figure.meaning.fr, figure.meaning.en))


def test_the_share_told_under_the_links_is_that_of_the_lists_served(ecosystem: Ecosystem, call: Call) -> None:
    share = ecosystem.largest_share()
    assert 0 < share < 1
    assert call("links", "-k", "1").out.rstrip().endswith(f"no actor stands in more than {100 * share:.0f}% of all top tens")


# ------------------------------------------------------------------------------------------------------------ search


@pytest.mark.parametrize(
    ("text", "first", "match"),
    [
        ("utbm", "utbm", "id"),
        ("UTBM", "utbm", "alias"),
        ("Alstom Belfort", "alstom_belfort", "name"),
        ("ALSTOM  belfort", "alstom_belfort", "name"),
        ("stellantis_sochau", "stellantis_sochaux", "part"),
        ("Alstrom Belfrot", "alstom_belfort", "near"),
        ("Internet des objets", "sector:iot", "sector"),
        ("soudage", "skill:welding", "skill"),
        ("welding", "skill:welding", "skill"),
    ],
)
def test_search_names_what_it_found_and_how(ecosystem: Ecosystem, text: str, first: str, match: str) -> None:
    hits = ecosystem.search(text)
    assert (hits[0].id, hits[0].match) == (first, match), hits
    assert len(hits) <= 8
    assert len({h.id for h in hits}) == len(hits)


def test_search_of_a_shared_name_gives_all_of_them(ecosystem: Ecosystem, seed: Seed) -> None:
    lycees = {a for a, row in seed.actors.items() if "lycée" in row["name"].lower()}
    found = {h.id for h in ecosystem.search("lycee", 20) if h.kind == "Organization"}
    assert lycees and lycees <= found


def test_search_reads_what_the_texts_speak_of(ecosystem: Ecosystem) -> None:
    hits = ecosystem.search("réservoirs composites pour stocker l'hydrogène sous pression", 15)
    assert "mahytec" in [h.id for h in hits if h.match == "text"]


def test_search_offers_similar_names_only_where_nothing_has_this_one(ecosystem: Ecosystem) -> None:
    assert {h.match for h in ecosystem.search("Alstrom Belfrot", 15)} >= {"near"}
    hits = ecosystem.search("réalité augmentée", 15)
    assert hits[0].id == "skill:augmented_reality"
    assert "near" not in {h.match for h in hits}


def test_search_finds_every_actor_and_project_that_has_the_word_in_its_name(ecosystem: Ecosystem) -> None:
    hits = {h.id: h.match for h in ecosystem.search("UTBM", 30)}
    assert hits["utbm"] == "alias"
    assert {key for key in ("crunch_lab", "elliadd", "openlab_utbm", "p_accord_ufc") if hits.get(key) != "part"} == set()


def test_search_gives_at_most_what_is_asked(ecosystem: Ecosystem) -> None:
    assert ecosystem.search("energie", 3) == ecosystem.search("energie", 15)[:3]


# ------------------------------------------------------------------------------------------------------------ profiles and recent needs


def test_profiles_keep_what_is_stated_apart_from_hypotheses(ecosystem: Ecosystem) -> None:
    stated = {(row["actor"], row["skill"], row["need_type"]) for row in table("needs")}
    guessed = {(row["actor"], row["skill"]) for row in table("needs_inferred")}
    offers = {basis: {(row["actor"], row["skill"]) for row in table("offers") if row["basis"] == basis} for basis in ("stated", "inferred")}
    found: dict[str, set[Any]] = {"needs": set(), "guessed": set(), "stated": set(), "inferred": set()}
    for actor in ecosystem.actors():
        p = ecosystem.profile(actor.id)
        found["needs"] |= {(actor.id, n.skill.removeprefix("skill:"), n.need_type) for n in p.needs}
        found["guessed"] |= {(actor.id, n.skill.removeprefix("skill:")) for n in p.hypotheses}
        found["stated"] |= {(actor.id, o.skill.removeprefix("skill:")) for o in p.offers}
        found["inferred"] |= {(actor.id, o.skill.removeprefix("skill:")) for o in p.offer_hypotheses}
        assert all(n.fact.basis == "stated" for n in p.needs) and all(n.fact.basis == "inferred" for n in p.hypotheses)
        assert all(o.fact.basis == "stated" for o in p.offers) and all(o.fact.basis == "inferred" for o in p.offer_hypotheses)
    assert found == {"needs": stated, "guessed": guessed, **offers}


def test_profiles_show_every_tie_and_nothing_else_as_one(ecosystem: Ecosystem, seed: Seed) -> None:
    found = {frozenset((a.id, t.partner.id)) for a in ecosystem.actors() for t in ecosystem.profile(a.id).ties}
    assert found == seed.ties


def test_what_answers_a_need_may_be_recommended(ecosystem: Ecosystem, seed: Seed) -> None:
    offered = {(row["actor"], row["skill"]) for row in table("offers") if row["basis"] == "stated"}
    answered = 0
    for actor in ecosystem.actors():
        for need in ecosystem.profile(actor.id).needs:
            for helper in need.answered_by:
                answered += 1
                assert helper.id != actor.id
                assert seed.actors[helper.id]["recommendable"] == "yes"
                assert (helper.id, need.skill.removeprefix("skill:")) in offered, "an inferred offer answers nothing"
    assert answered > 50


def test_an_actor_that_is_never_recommended_says_why(ecosystem: Ecosystem, seed: Seed) -> None:
    for actor, row in seed.actors.items():
        p = ecosystem.profile(actor)
        assert p.recommendable == (row["recommendable"] == "yes")
        assert (p.why_not is None) == p.recommendable, actor


def test_recent_needs_are_the_newest_in_the_words_of_the_source(ecosystem: Ecosystem) -> None:
    rows = [row for row in table("needs") if row["paraphrase_fr"] and row["year"]]
    found = ecosystem.recent(100)
    years = {(row["actor"], row["skill"].removeprefix("skill:"), row["need_type"]): row["year"] for row in rows}
    newest = {actor: max(row["year"] for row in rows if row["actor"] == actor) for actor in {row["actor"] for row in rows}}
    told = [(r.actor.id, r.need.skill.removeprefix("skill:"), r.need.need_type) for r in found]
    assert {key[0] for key in told} == set(newest), "one per actor"
    assert len(told) == len(newest)
    assert [years[key] for key in told] == sorted(newest.values(), reverse=True)
    assert all(years[key] == newest[key[0]] for key in told)
    assert ecosystem.recent(3) == found[:3]
    assert all(r.need.paraphrase and r.need.fact.sources and r.need.fact.basis == "stated" for r in found)


# ------------------------------------------------------------------------------------------------------------ the picture


def test_the_picture_covers_every_actor_and_every_known_link(ecosystem: Ecosystem, seed: Seed) -> None:
    network = ecosystem.network()
    ids = [ref.id for ref, _, _ in network.nodes]
    assert sorted(ids) == sorted(seed.actors)
    assert len(network.positions) == len(ids)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in network.positions)
    assert len(set(network.positions)) == len(ids), "no two actors lie on one another"
    assert {frozenset((a, b)) for a, b, _ in network.links} == seed.related
    assert {frozenset((a, b)) for a, b, is_tie in network.links if is_tie} == seed.ties
    degree = Counter(end for pair in seed.related for end in pair)
    assert {ref.id: d for ref, _, d in network.nodes} == {a: degree[a] for a in seed.actors}


def test_clusters_are_named_disjoint_and_cover_every_group_of_four_or_more(ecosystem: Ecosystem, seed: Seed) -> None:
    clusters = ecosystem.clusters()
    members = [a for c in clusters for a in c.members]
    assert len(members) == len(set(members))
    assert set(members) == {a for group in seed.groups if len(group) >= 4 for a in group}
    assert [c.id for c in clusters] == list(range(len(clusters)))
    sizes = [len(c.members) for c in clusters]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] >= 4
    for c in clusters:
        assert c.name.fr.strip("| ") and c.name.en.strip("| ")
    assert len({c.name.fr for c in clusters}) == len(clusters), "two clusters have the same name"
    label = {ref.id: k for ref, k, _ in ecosystem.network().nodes}
    assert all(label[a] == c.id for c in clusters for a in c.members)
    linked = {a for pair in seed.related for a in pair}
    assert {a for a, k in label.items() if k == -1} == set(seed.actors) - linked
    assert {a for a, k in label.items() if k == -2} == linked - set(members), "pairs and trios apart"
    assert ecosystem.network().clusters == clusters


def test_what_a_rule_inferred_is_a_question_and_no_sector(tmp_path: Path) -> None:
    listed = tmp_path / "firms-2026.csv"
    listed.write_text("siren;nom;activite_principale;code_commune;libelle_commune\n000000018;Nova Logiciels;62.01Z;90010;Belfort\n", encoding="utf-8")
    build([SEED, listed], tmp_path / "home")
    found = Ecosystem.open(tmp_path / "home")
    profile = found.profile("siren:000000018")
    assert profile.sectors == ()
    assert {key for key, _ in profile.sector_hypotheses} >= {"sector:big_data", "sector:iot"}
    assert [offer.skill for offer in profile.offer_hypotheses] == ["skill:software_dev"]
    assert found.recommend(actor="siren:000000018").notes == (NOTHING_TOLD,)
    assert found.recommend(actor="utbm").notes == ()


def test_actors_outside_give_context_only(tmp_path: Path) -> None:
    build(default_sources(()), tmp_path / "home")
    found = Ecosystem.open(tmp_path / "home")
    far = {a for a, out in zip(found.context.ids, found.context.actors.outside, strict=True) if out}
    assert len(far) == 653
    assert not far & {ref.id for ref in found.actors()}
    assert not far & {ref.id for ref, _, _ in found.network().nodes}
    assert not far & {actor for cluster in found.clusters() for actor in cluster.members}
    assert not far & {end for link in found.links(k=50) for end in (link.a.id, link.b.id)}
    answer = found.recommend(actor="utbm", k=50)
    assert not far & {card.partner.id for card in (*answer.recommendations, *answer.supports)}
    assert any(tie.partner.outside and tie.facts[0].since for tie in found.profile("utbm").ties), "dated ties with them stay"
    assert found.title.fr == "Nord Franche-Comté"
    assert found.figures()[0].value < 300
