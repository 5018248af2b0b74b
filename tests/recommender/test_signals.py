"""Every signal keeps the contract, and each feature has the value that a person finds by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.context import Context
from recommender.query import Query
from recommender.signals import SIGNALS, Signal
from recommender.signals.activity import Activity
from recommender.signals.common_partners import CommonPartners
from recommender.signals.complement import Complement
from recommender.signals.distance import Distance, kilometres
from recommender.signals.needs import NeedMet, NeedServed
from recommender.signals.roles import Roles
from recommender.signals.sectors import Sectors
from recommender.signals.shared_skills import SharedSkills
from recommender.signals.similar_meaning import SimilarMeaning
from recommender.signals.similar_words import SimilarWords
from tests.recommender.signal_contract import IDEA, SignalContract
from tests.recommender.world import World, at, world

# Rarity of the skills of `world`, by hand from log((n + 1) / (offerers + 1)) / log(n + 1) with n = 12:
# hydrogen, offered by four: ln(13/5)/ln 13; welding, by three: ln(13/4)/ln 13; the others, by one: ln(13/2)/ln 13.
HYDROGEN, WELDING, ALONE = 0.372526, 0.459524, 0.729762


def test_every_signal_has_a_test_class() -> None:
    tested = {type(c.__dict__["signal"]) for c in SignalContract.__subclasses__()}
    assert {type(s) for s in SIGNALS} - tested == set()


def test_names_are_unique() -> None:
    names = [s.name for s in SIGNALS]
    features = [f for s in SIGNALS for f in s.feature_names]
    assert len(set(names)) == len(names) and len(set(features)) == len(features)


def feature(signal: Signal, context: Context, query: Query, candidate: int, column: int = 0) -> float:
    return float(signal.features(context, query, np.asarray([candidate]))[0, column])


def cited(context: Context, statements: Sequence[str]) -> set[tuple[str, str, str]]:
    facts = [context.snapshot.statement(s) for s in statements]
    return {(f.subject, f.predicate, f.object) for f in facts}


class TestNeedMet(SignalContract):
    signal = NeedMet()

    def test_by_hand(self, context: Context) -> None:
        # offer 1 (verified) x need 1 (verified, 2024) x (1/2 + rarity/2)
        assert feature(self.signal, context, Query(actor=at("alpha")), at("beta")) == pytest.approx(0.5 + HYDROGEN / 2, abs=1e-5)
        # an undated need weighs .6
        assert feature(self.signal, context, Query(actor=at("eta")), at("zeta")) == pytest.approx(0.6 * (0.5 + ALONE / 2), abs=1e-5)
        # a likely offer weighs .8, a need of 2015 read in 2026 weighs .6
        assert feature(self.signal, context, Query(actor=at("eta")), at("gamma")) == pytest.approx(0.8 * 0.6 * (0.5 + WELDING / 2), abs=1e-5)
        # a need of type other weighs .6
        assert feature(self.signal, context, Query(actor=at("mu")), at("eta")) == pytest.approx(0.6 * (0.5 + ALONE / 2), abs=1e-5)

    def test_two_needs_met(self) -> None:
        w = world()
        w.need("alpha", "modelling", "rd")
        # hydrogen: .5 + .372526/2 = .686263; modelling: .5 + .729762/2 = .864881; 1 - .313737 x .135119 = .957608
        assert feature(self.signal, w.context(), Query(actor=at("alpha")), at("beta")) == pytest.approx(0.957608, abs=1e-5)

    def test_says_who_needs_what_and_quotes_the_source(self, context: Context) -> None:
        reason = self.signal.explain(context, Query(actor=at("alpha")), at("beta"))
        assert reason is not None
        assert reason.text.fr == "Alpha cherche un appui de recherche : stockage d'hydrogène. Beta travaille sur ce sujet."
        assert reason.text.en == "Alpha needs research support: hydrogen storage. Beta works on this subject."
        assert reason.note is not None and reason.note.en == "The firm seeks a laboratory."
        assert cited(context, reason.statements) == {("alpha", "needsSkill", "skill:hydrogen"), ("beta", "offersSkill", "skill:hydrogen")}


class TestNeedServed(SignalContract):
    signal = NeedServed()

    def test_by_hand(self, context: Context) -> None:
        assert feature(self.signal, context, Query(actor=at("beta")), at("alpha")) == pytest.approx(0.5 + HYDROGEN / 2, abs=1e-5)
        # an idea: .6 x need x (1/2 + rarity/2), whoever offers it
        assert feature(self.signal, context, IDEA, at("alpha")) == pytest.approx(0.6 * (0.5 + HYDROGEN / 2), abs=1e-5)
        assert feature(self.signal, context, IDEA, at("mu")) == pytest.approx(0.6 * (0.5 + ALONE / 2), abs=1e-5)
        # an idea is no funder
        assert feature(self.signal, context, IDEA, at("lambda")) == 0

    def test_is_need_met_seen_from_the_other_side(self) -> None:
        w = world()
        w.need("alpha", "hydrogen", "other", published="2010")
        w.need("alpha", "hydrogen", "supplier")
        w.need("alpha", "modelling", "rd")
        w.need("eta", "vision", "other")
        context, everyone = w.context(), np.arange(12)
        met = np.column_stack([NeedMet().features(context, Query(actor=a), everyone)[:, 0] for a in everyone])
        served = np.vstack([self.signal.features(context, Query(actor=a), everyone)[:, 0] for a in everyone])
        off = ~np.eye(12, dtype=bool)
        np.testing.assert_allclose(served[off], met[off], atol=1e-12)


class TestSharedSkills(SignalContract):
    signal = SharedSkills()

    def test_by_hand(self, context: Context) -> None:
        # beta offers hydrogen and modelling, delta hydrogen alone: r_h^2 / (sqrt(r_h^2 + r_m^2) r_h) = .372526 / .819349
        assert feature(self.signal, context, Query(actor=at("beta")), at("delta")) == pytest.approx(0.454661, abs=1e-5)
        # the idea needs hydrogen and robots, beta has hydrogen: .372526 / (.372526 + .729762)
        assert feature(self.signal, context, IDEA, at("beta")) == pytest.approx(0.337957, abs=1e-5)

    def test_a_skill_that_everyone_offers_says_nothing(self) -> None:
        w = World().vocabulary()
        for name in ("a", "b"):
            w.offer(w.actor(name), "welding")
        context = w.context()
        assert np.isnan(self.signal.features(context, Query(actor=0), np.asarray([1]))).all()
        assert np.isnan(self.signal.features(context, Query(text="?", skills=("skill:welding",)), np.asarray([0, 1]))).all()

    @pytest.mark.parametrize(
        ("skills", "words"),
        [
            (("hydrogen",), "Beta a le savoir-faire de votre idée : stockage d'hydrogène."),
            (("hydrogen", "modelling"), "Beta a les 2 savoir-faire de votre idée : modélisation et stockage d'hydrogène."),
            (("hydrogen", "robots"), "Beta a 1 des 2 savoir-faire de votre idée : stockage d'hydrogène."),
        ],
    )
    def test_says_how_much_of_an_idea_is_covered(self, context: Context, skills: tuple[str, ...], words: str) -> None:
        reason = self.signal.explain(context, Query(text="?", skills=tuple(f"skill:{s}" for s in skills)), at("beta"))
        assert reason is not None and reason.text.fr == words


class TestComplement(SignalContract):
    signal = Complement()

    def test_by_hand(self, context: Context) -> None:
        # "rails" is about welding and robots: strength 1; 1 - exp(-.459524 x .729762) = 1 - exp(-.335343)
        assert feature(self.signal, context, Query(actor=at("alpha")), at("eta")) == pytest.approx(0.284908, abs=1e-5)
        assert feature(self.signal, context, Query(actor=at("alpha")), at("zeta")) == 0
        assert np.isnan(feature(self.signal, context, Query(actor=at("alpha")), at("theta")))

    def test_names_the_project_and_cites_it(self, context: Context) -> None:
        reason = self.signal.explain(context, Query(actor=at("alpha")), at("eta"))
        assert reason is not None
        assert reason.text.fr == "Alpha sait faire : soudage ; Eta : robotique. Le projet « Projet Rails » réunit ces deux savoir-faire."
        assert reason.text.en == "Alpha can do: welding; Eta: robotics. The project “Project Rails” brings these two skills together."
        assert cited(context, reason.statements) == {
            ("alpha", "offersSkill", "skill:welding"),
            ("eta", "offersSkill", "skill:robots"),
            ("rails", "about", "skill:welding"),
            ("rails", "about", "skill:robots"),
        }

    def test_a_project_about_five_skills_says_nothing(self) -> None:
        w = World().vocabulary()
        w.offer(w.actor("a"), "welding")
        w.offer(w.actor("b"), "robots")
        w.actor("c")
        w.project("p", {}, about=["welding", "robots", "vision", "hydrogen", "modelling"])
        assert feature(self.signal, w.context(), Query(actor=0), 1) == 0


class TestCommonPartners(SignalContract):
    signal = CommonPartners()

    def test_by_hand(self, context: Context) -> None:
        # alpha and beta share delta, of degree 3: AA = 1/ln 3 = .910239, RA = 1/3
        alpha = Query(actor=at("alpha"))
        assert feature(self.signal, context, alpha, at("beta"), 0) == pytest.approx(1 - np.exp(-0.910239 / 2), abs=1e-5)
        assert feature(self.signal, context, alpha, at("beta"), 1) == pytest.approx(0.632121, abs=1e-5)  # 1 - 1/e
        assert feature(self.signal, context, alpha, at("gamma"), 0) == 0
        assert np.isnan(feature(self.signal, context, alpha, at("zeta"), 0))

    def test_agrees_with_networkx(self, context: Context) -> None:
        # other software: networkx.adamic_adar_index and resource_allocation_index
        import networkx as nx

        from recommender.signals.common_partners import neighbour_scores

        graph = nx.from_scipy_sparse_array(context.ties.matrix)
        for a, b in combinations(range(context.size), 2):
            aa, ra = neighbour_scores(context.ties.matrix, a)
            assert aa[b] == pytest.approx(next(nx.adamic_adar_index(graph, [(a, b)]))[2])
            assert ra[b] == pytest.approx(next(nx.resource_allocation_index(graph, [(a, b)]))[2])

    def test_names_the_go_between_and_cites_both_ties(self, context: Context) -> None:
        reason = self.signal.explain(context, Query(actor=at("alpha")), at("beta"))
        assert reason is not None and reason.text.fr == "Delta travaille déjà avec les deux."
        assert cited(context, reason.statements) == {("alpha", "collaboratesWith", "delta"), ("beta", "collaboratesWith", "delta")}

    def test_every_partner_named_is_cited(self) -> None:
        w = World().vocabulary()
        for name in "abcdef":
            w.actor(name)
        for go_between in "cdef":
            w.tie("a", go_between)
            w.tie("b", go_between)
        context = w.context()
        reason = self.signal.explain(context, Query(actor=0), 1)
        assert reason is not None
        assert reason.text == type(reason.text)("4 partenaires en commun, dont C et D.", "4 partners in common, among them C and D.")
        objects = {o for _, _, o in cited(context, reason.statements)}
        assert {"c", "d"} <= objects


class TableEncoder:
    """An encoder of which the vectors are given by text."""

    name, version, dim = "table", "1", 2

    def __init__(self, rows: Mapping[str, Sequence[float]]) -> None:
        self.rows = rows

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray([self.rows.get(t, (0.0, 1.0)) for t in texts], dtype=np.float32).reshape(-1, 2)


class TestSimilarWords(SignalContract):
    signal = SimilarWords()

    def test_by_hand(self) -> None:
        w = World().vocabulary()
        w.actor("a", text=("Turbines", ""))
        w.actor("b", text=("Turbines soudées polies peintes", ""))
        w.actor("c", text=("Fromage", ""))
        w.actor("d")
        # idf = 1 + ln(5 / (1 + df)): turbines 1 + ln(5/3) = 1.510826, the others 1 + ln(5/2) = 1.916291; no pair of words is held
        # twice. cosine = 1.510826 / sqrt(1.510826^2 + 3 x 1.916291^2) = .414310; doubled
        context = w.context()
        assert feature(self.signal, context, Query(actor=0), 1) == pytest.approx(0.828620, abs=1e-4)
        assert feature(self.signal, context, Query(actor=0), 2) == 0
        assert np.isnan(feature(self.signal, context, Query(actor=0), 3))

    def test_an_idea_is_read_though_the_actor_beside_it_has_no_text(self, context: Context) -> None:
        assert feature(self.signal, context, Query(actor=at("theta"), text="Réservoirs composites"), at("alpha")) > 0

    def test_says_the_words_of_each_language_and_cites_both_texts(self, context: Context) -> None:
        reason = self.signal.explain(context, Query(actor=at("alpha")), at("beta"))
        assert reason is not None
        assert reason.text.fr == "Leurs descriptions parlent toutes deux de « réservoirs composites »."
        assert reason.text.en == "Both descriptions speak of “composite tanks”."
        assert [(s, p) for s, p, _ in sorted(cited(context, reason.statements))] == [("alpha", "description_fr"), ("beta", "description_fr")]

    def test_of_an_idea_the_description_alone_is_cited(self, context: Context) -> None:
        reason = self.signal.explain(context, Query(text="Des réservoirs composites pour le rail"), at("alpha"))
        assert reason is not None
        assert reason.text.fr == "Sa description reprend des mots de votre idée : « réservoirs composites »."
        assert {s for s, _, _ in cited(context, reason.statements)} == {"alpha"}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Pôle Belfort tourné vers Beta", "Maison Belfort près de Beta"),  # names of a town and of an actor
            ("Entreprise fondée en octobre 1990", "Association fondée en 1990"),  # a word of habit and a number
            ("Turbines et fromage", "Turbines, musée"),  # one word alone
            ("Du soudage de précision", "Précision et soudage"),  # the label of a skill that both state
        ],
    )
    def test_says_nothing_of(self, one: str, other: str) -> None:
        w = world()
        w.offer(w.actor("n1", text=(one, one)), "welding")
        w.offer(w.actor("n2", text=(other, other)), "welding")
        context = w.context()
        assert self.signal.explain(context, Query(actor=context.index["n1"]), context.index["n2"]) is None


class TestSimilarMeaning(SignalContract):
    signal = SimilarMeaning()

    def nearby(self, encoder: TableEncoder | None) -> Context:
        w = World().vocabulary()
        for name, text in zip("abcde", ("un", "deux", "trois", "quatre", ""), strict=True):
            w.actor(name, text=(text, ""))
        return w.context(encoder=encoder)

    def test_by_hand(self) -> None:
        # cosines of the others that have a text: 1, 0, 0; mean 1/3, deviation sqrt(2)/3; (2/3) / (4 sqrt(2)/3) = sqrt(2)/4
        context = self.nearby(TableEncoder({"un": (1, 0), "deux": (1, 0), "": (0, 0)}))
        found = self.signal.features(context, Query(actor=0), np.arange(5))[1:, 0]
        np.testing.assert_allclose(found, [np.sqrt(2) / 4, 0, 0, np.nan], atol=1e-6)

    def test_without_an_encoder_it_is_unknown(self) -> None:
        assert np.isnan(self.signal.features(self.nearby(None), Query(actor=0), np.arange(5))).all()

    def test_is_said_from_two_deviations_above_the_mean(self) -> None:
        w = World().vocabulary()
        names = [f"a{k:02}" for k in range(12)]
        for name in names:
            w.actor(name, text=(name, name))
        context = w.context(encoder=TableEncoder({"a00": (1, 0), "a01": (1, 0)}))
        # one cosine of 1 among ten of 0: (10/11) / (4 sqrt(10)/11) = sqrt(10)/4 = .79
        assert feature(self.signal, context, Query(actor=0), 1) == pytest.approx(np.sqrt(10) / 4, abs=1e-6)
        reason = self.signal.explain(context, Query(actor=0), 1)
        assert reason is not None and reason.text.fr == "Leurs descriptions traitent de sujets proches."
        assert {s for s, _, _ in cited(context, reason.statements)} == {"a00", "a01"}
        assert self.signal.explain(context, Query(actor=0), 2) is None


class TestSectors(SignalContract):
    signal = Sectors()

    def test_shared_sectors_by_hand(self) -> None:
        w = World().vocabulary()
        w.actor("a", sectors=["energy", "rail"])
        w.actor("b", sectors=["energy"])
        w.actor("c", sectors=["energy"])
        w.actor("d")
        # weights ln(5/4) = .223144 and ln(5/2) = .916291; cosine = .223144 / sqrt(.223144^2 + .916291^2)
        found = self.signal.features(w.context(), Query(actor=0), np.arange(4))
        assert found[1, 0] == pytest.approx(0.236615, abs=1e-5)
        assert np.isnan(found[3]).all()

    def cliques(self) -> Context:
        """Two sectors of four, each knit together, and one tie between them."""
        w = World().vocabulary()
        for sector in ("energy", "rail"):
            for k in range(4):
                w.actor(f"{sector}{k}", sectors=[sector])
            for a, b in combinations(range(4), 2):
                w.tie(f"{sector}{a}", f"{sector}{b}")
        w.tie("energy0", "rail0")
        return w.context()

    def test_rare_pair_by_hand(self) -> None:
        # degrees: 13 in each sector, 26 in all; expected 13 x 13 / 26 = 6.5 against 1 observed: 1 - 1/6.5
        found = self.signal.features(self.cliques(), Query(actor=1), np.arange(8))
        np.testing.assert_allclose(found[5:, 1], 1 - 1 / 6.5)
        assert (found[:4, 1] == 0).all()

    def test_a_bridge_is_said_with_both_sectors(self) -> None:
        context = self.cliques()
        reason = self.signal.explain(context, Query(actor=1), 5)
        assert reason is not None
        assert reason.text.fr == "Un pont entre deux secteurs qui se rencontrent peu ici : « énergie » et « ferroviaire »."
        assert cited(context, reason.statements) == {
            ("energy1", "operatesInSector", "sector:energy"),
            ("rail1", "operatesInSector", "sector:rail"),
        }

    def test_too_few_ties_to_say_rarely(self, context: Context) -> None:
        found = self.signal.features(context, Query(actor=at("alpha")), np.asarray([at("zeta")]))
        assert found[0, 1] == 0


class TestRoles(SignalContract):
    signal = Roles()

    def test_by_hand(self, context: Context) -> None:
        def both(a: str, b: str) -> list[float]:
            return self.signal.features(context, Query(actor=at(a)), np.asarray([at(b)]))[0].tolist()

        assert both("alpha", "beta") == both("beta", "alpha") == [1, 0]  # firm, laboratory
        assert both("alpha", "gamma") == [1, 0]  # firm, school
        assert both("beta", "gamma") == [0, 0]
        assert both("zeta", "mu") == both("mu", "zeta") == [0, 1]  # digital firm, town in a sector of excellence
        assert both("alpha", "mu") == [0, 0]

    def test_is_no_reason(self, context: Context) -> None:
        assert list(self.reasons(context)) == []


class TestDistance(SignalContract):
    signal = Distance()

    def test_by_hand(self) -> None:
        w = World().vocabulary()
        w.entity("place:north", "Place", name="Nord", lat="47.6", lon="7", inside="yes")
        w.entity("place:south", "Place", name="Sud", lat="47.51", lon="7", inside="yes")
        w.actor("a", place="north")
        w.actor("b", place="south")
        w.actor("c", place="")
        # .09 degrees of a great circle of 6,371 km: .09 x pi/180 x 6371 = 10.0075 km
        context = w.context()
        assert kilometres(context, 0)[1] == pytest.approx(10.0075, abs=1e-4)
        assert feature(self.signal, context, Query(actor=0), 1) == pytest.approx(np.exp(-10.0075 / 25), abs=1e-5)
        assert feature(self.signal, context, Query(actor=0), 0) == 1
        assert np.isnan(feature(self.signal, context, Query(actor=0), 2))
        reason = self.signal.explain(context, Query(actor=0), 1)
        assert reason is not None and reason.text.fr == "À 10 km : Nord et Sud."
        assert cited(context, reason.statements) == {("a", "locatedIn", "place:north"), ("b", "locatedIn", "place:south")}

    def test_the_same_town_and_one_too_far_to_say(self, context: Context) -> None:
        reason = self.signal.explain(context, Query(actor=at("alpha")), at("beta"))
        assert reason is not None and reason.text.en == "In the same town: Belfort."
        assert self.signal.explain(context, Query(actor=at("alpha")), at("eta")) is None

    def test_the_fact_cited_is_the_place_said(self) -> None:
        w = world()
        w.relate("alpha", "locatedIn", "place:dijon")
        context = w.context()
        reason = self.signal.explain(context, Query(actor=at("alpha")), at("beta"))
        told = set() if reason is None else {o for s, _, o in cited(context, reason.statements) if s == "alpha"}
        assert reason is None or told == {context.actors.place[at("alpha")]}


class TestActivity(SignalContract):
    signal = Activity()

    def test_by_hand(self, context: Context) -> None:
        found = self.signal.features(context, Query(actor=at("mu")), np.arange(12))[:, 0]
        own = found[at("theta")]  # theta has no tie: half of what mu itself has
        assert found[at("delta")] == pytest.approx(0.5 + own)  # 3 ties, the most
        assert found[at("alpha")] == pytest.approx(0.25 + own)  # ln 2 / ln 4, halved
        idea = self.signal.features(context, Query(text="?"), np.arange(12))[:, 0]
        assert idea[at("delta")] == 1 and idea[at("theta")] == 0

    def test_is_no_reason(self, context: Context) -> None:
        assert list(self.reasons(context)) == []
