"""The page Données, part by part, in both languages, without a browser."""

from __future__ import annotations

import csv
import io
import re
import shutil
from html import escape, unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from graph_builder.pipeline import build
from graph_builder.snapshot import open_current
from graph_builder.store import build_lock
from passerelle.ecosystem import Ecosystem
from passerelle.packages import brought
from passerelle.pages.data import VIEWS
from passerelle.stewarding import Steward
from tests.app.conftest import HOSTILE
from tests.app.test_pages import address, button, checked, opened, read
from tests.graph_builder.lists.make_list import rows, write_list
from tests.graph_builder.seed_package import SEED

CORDIS = SEED.parent / "cordis-franche-comte"
BAIT = "<img src=x onerror=alert(9)>"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The territory and the Franche-Comté of CORDIS, which share actors."""
    home = tmp_path_factory.mktemp("both") / "home"
    build([SEED, CORDIS], home)
    return home


@pytest.fixture
def shown(both: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app reads both packages; nothing is changed."""
    monkeypatch.setenv("PASSERELLE_HOME", str(both))
    monkeypatch.delenv("PASSERELLE_ENCODER", raising=False)
    return both


@pytest.fixture
def own(both: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of both packages that a test may change."""
    home = Path(shutil.copytree(both, tmp_path / "home"))
    monkeypatch.setenv("PASSERELLE_HOME", str(home))
    monkeypatch.delenv("PASSERELLE_ENCODER", raising=False)
    return home


def plain(app: AppTest) -> str:
    """What a reader sees of our own pieces."""
    return unescape(re.sub(r"<[^>]+>", " ", read(app))).replace("\u00a0", " ").replace("\u202f", " ")


def notices(app: AppTest) -> str:
    return " ".join(re.findall(r'<p class="notice"[^>]*>(.*?)</p>', read(app)))


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].set_value((name, content, "text/csv"))
    return checked(app.run())


def official(folder: Path) -> bytes:
    return write_list(folder / "list.csv").read_bytes()


HEADINGS = {
    "sources": ("Les sources", "Sources"),
    "import": ("Apporter une liste", "Bring a list in"),
    "doublons": ("À trancher", "To settle"),
    "faits": ("D’où viennent les faits\u00a0?", "Where do the facts come from?"),
    "fichiers": ("Emporter les données", "Take the data away"),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_each_part_in_each_language(shown: Path, view: str, lang: str) -> None:
    app = opened("donnees", vue=view, lang=lang)
    assert HEADINGS[view][lang == "en"] in {header.value for header in app.header}
    assert address(app)["vue"] == view
    other = HEADINGS[view][lang != "en"]
    assert other not in {header.value for header in app.header}


def test_a_part_that_does_not_exist_shows_the_first_one(shown: Path) -> None:
    assert HEADINGS["sources"][0] in {header.value for header in opened("donnees", vue="<script>").header}


def test_sources_say_licence_age_and_what_rests_on_them(shown: Path) -> None:
    app = opened("donnees")
    text, known = plain(app), Ecosystem.open(shown)
    first = known.sources()[0]
    assert first.source.title in text and str(first.licence) in text
    assert f"{first.facts:,}".replace(",", " ") in text and f"sur {first.actors} acteurs" in text
    assert "none" not in text.split(), "the package's word for no publisher is not shown"
    for part in known.coverage():
        assert f"{part.known} sur {part.of}" in text
    app.text_input(key="source-find").set_value("esco").run()
    assert read(checked(app)).count("<tr>") < 20
    app.text_input(key="source-find").set_value("nothing of the sort").run()
    assert "Aucune source ne répond" in read(checked(app))


def test_facts_each_with_its_source_and_inferred_ones_as_hypotheses(shown: Path) -> None:
    text = read(opened("donnees", vue="faits", fait="utbm"))
    facts = Ecosystem.open(shown).facts_about("utbm")
    lines = re.findall(r"<tr><th scope=\"row\">.*?</tr>", text)
    assert len(lines) == len(facts)
    assert all("Fichier et ligne" in line and "Clé de la ligne" in line for line in lines)
    assert all(escape(fact.sources[0].title) in line for fact, line in zip(facts, lines, strict=True)), "each has its source"
    guessed = [line for line in lines if "Hypothèse</span>" in line]
    assert len(guessed) == sum(fact.basis == "inferred" for fact in facts) > 0
    assert all(fact.record in text and str(fact.locator) in text for fact in facts)


def test_a_project_is_found_and_its_name_follows_the_language(shown: Path) -> None:
    french, english = (opened("donnees", vue="faits", fait="p_academie_hydrogene", lang=lang) for lang in ("fr", "en"))
    assert "Projet" in french.selectbox[0].options[-1] and "Project" in english.selectbox[0].options[-1]


def test_an_actor_outside_has_facts_too(shown: Path) -> None:
    text = plain(opened("donnees", vue="faits", fait="pic:891104760"))
    assert "1 Cube" in text and "pic:891104760" not in text.split("faits sur")[1][:60]


@pytest.mark.parametrize(("lang", "told"), [("fr", "n’est pas dans les données"), ("en", "not in the data")])
@pytest.mark.parametrize("asked", ["nexistepas", "_", BAIT])
def test_an_unknown_id_is_said_in_the_language_of_the_reader(shown: Path, lang: str, told: str, asked: str) -> None:
    text = read(opened("donnees", vue="faits", fait=asked, lang=lang))
    assert told in text and BAIT not in text
    assert "did you mean" not in text and "passerelle search" not in text


def test_a_name_that_several_bear_offers_them(shown: Path) -> None:
    app = opened("donnees", vue="faits", fait="Université")
    choice = next(b for b in app.button if str(b.key).startswith("name-"))
    checked(choice.click().run())
    assert address(app)["fait"] == str(choice.key).removeprefix("name-")


def test_the_facts_can_be_searched(shown: Path) -> None:
    app = opened("donnees", vue="faits", fait="utbm")
    app.text_input(key="fact-find").set_value("piles à combustible").run()
    assert 1 <= len(re.findall(r"<th scope=\"row\">", read(checked(app)))) <= 5
    app.text_input(key="fact-find").set_value("rien de tel").run()
    assert "Aucun fait ne répond" in read(checked(app))


def test_hostile_names_are_shown_and_not_run(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE_HOME", str(hostile))
    text = read(opened("donnees", vue="faits", fait="alstom_belfort"))
    assert "&lt;script&gt;alert(1)" in text and "<script>" not in text and "<img src=x" not in text and HOSTILE not in text


@pytest.mark.parametrize("place", ["name", "column", "cell", "file"])
def test_a_hostile_list_is_shown_and_not_run(own: Path, tmp_path: Path, place: str) -> None:
    column, name = ("Activité " + BAIT if place == "column" else "activité"), (f"Acme {BAIT}" if place == "name" else "Acme")
    siren = BAIT if place == "cell" else "123"
    content = f"nom;siren;{column}\n{name};{siren};essai\n".encode()
    app = upload(opened("donnees", vue="import"), f"{BAIT if place == 'file' else 'liste'}.csv", content)
    assert place == "file" or escape(BAIT) in read(app)
    if place == "name":
        app = button(app, "Importer cette liste")
    text = read(app)
    assert BAIT not in text and "<img src=x" not in text


def test_preview_says_what_becomes_of_each_row(own: Path, tmp_path: Path) -> None:
    """234, 40, 12, 14 and the reasons are `COUNTS` of the list.

    186 + 12 + 10 + 6 + 10 + 10 actors; 24 + 6 + 5 + 5 persons; 12 undisclosed; 10 + 4 joined.
    """
    app = upload(opened("donnees", vue="import"), "list.csv", official(tmp_path))
    text = plain(app)
    assert "300 lignes lues, 234 acteurs à importer." in text
    assert "personnes écartées : 40" in text and "lignes réunies (même SIREN) : 14" in text
    assert "diffusion refusée, écartées : 12" in text and "forme juridique d’entrepreneur individuel : 24" in text
    assert "numéro SIREN" in text and "denominationUniteLegale" in text
    assert "jamais lues : sexeUniteLegale" in text
    assert not Steward(own).history(), "a preview decides nothing"


@pytest.mark.parametrize("content", [b"", b"nom;siren\n", bytes(range(256)), b'nom,siren\n"Acme,1\n'])
def test_a_list_that_cannot_be_used_says_why_and_is_not_imported(own: Path, content: bytes) -> None:
    app = upload(opened("donnees", vue="import"), "list.csv", content)
    assert "La liste ne peut pas être importée telle quelle" in read(app) and 'class="chip error"' in read(app)
    assert next(b for b in app.button if b.key == "do-import").disabled


def test_a_mapping_that_is_badly_written_is_said_in_one_line(own: Path, tmp_path: Path) -> None:
    app = upload(opened("donnees", vue="import"), "list.csv", official(tmp_path))
    area = app.text_area[0]
    good = area.value
    area.set_value("columns: [name").run()
    text = read(checked(app))
    assert "La lecture des colonnes est mal écrite à la ligne" in text.replace("\u00a0", " ")
    assert not [b for b in app.button if b.key == "do-import"]
    app.text_area[0].set_value(good.replace("name: denominationUniteLegale", "name: sigleUniteLegale")).run()
    assert "sans nom" in plain(checked(app)), "the corrected mapping is what is read"


def test_import_find_and_undo(own: Path, tmp_path: Path) -> None:
    before = open_current(own).digest
    app = upload(opened("donnees", vue="import"), "list.csv", official(tmp_path))
    app = button(app, "Importer cette liste")
    assert "est dans le graphe" in notices(app) and not app.file_uploader[0].value
    assert "234 acteurs de cette liste" in plain(app)
    actor, name = brought(open_current(own), "list")[0]
    assert name in plain(opened("partenaires", acteur=actor))
    app = button(opened("donnees", vue="import"), "Annuler")
    assert "Annulé" in notices(app) and open_current(own).digest == before
    assert "acteurs de cette liste" not in plain(app) and not [b for b in app.button if b.label == "Annuler"]


@pytest.mark.parametrize("verdict", ["Le même", "Différents", "Je ne sais pas"])
def test_judge_and_undo(own: Path, verdict: str) -> None:
    before = Steward(own).review()
    app = opened("donnees", vue="doublons")
    first = before.pairs[0]
    app = button(app, verdict)
    after = Steward(own).review()
    apart = {(pair.a, pair.b) for pair in after.pairs}
    merged = {(pair.a, pair.b) for pair in after.merged}
    wanted = {"Le même": (False, True), "Différents": (False, False), "Je ne sais pas": (True, False)}[verdict]
    assert ((first.a, first.b) in apart, (first.a, first.b) in merged) == wanted
    assert first.names[0] in unescape(notices(app))
    app = button(app, "Annuler")
    assert "Annulé" in notices(app)
    again = Steward(own).review()
    assert (again.pairs, again.merged) == (before.pairs, before.merged)


def test_take_a_merge_apart(own: Path) -> None:
    merged = Steward(own).review().merged
    app = button(opened("donnees", vue="doublons"), "Séparer")
    assert len(Steward(own).review().merged) == len(merged) - 1 and "restent séparés" in notices(app)
    button(app, "Annuler")
    assert Steward(own).review().merged == merged


def test_merged_pairs_are_told_with_an_equals_sign(shown: Path) -> None:
    review, text = Steward(shown).review(), read(opened("donnees", vue="doublons"))
    assert text.count(">≟<") == len(review.pairs) > 0 and text.count(">=<") == len(review.merged) > 0


def test_a_build_that_is_running_is_said_and_nothing_is_lost(own: Path) -> None:
    app = opened("donnees", vue="doublons")
    with build_lock(own):
        app = button(app, "Différents")
    text = read(app)
    assert "Une autre construction est en cours" in text.replace("\u00a0", " ") and 'lang="en"' in text
    assert all(entry.undone for entry in Steward(own).history())
    assert "restent séparés" in notices(button(app, "Différents")), "the same button works a moment later"


def test_a_replaced_decision_offers_no_undo(own: Path) -> None:
    app = button(opened("donnees", vue="doublons"), "Je ne sais pas")
    first = Steward(own).history()[0]
    pair = Steward(own).review()
    judged = next(p for p in pair.pairs if p.verdict == "unsure")
    Steward(own).judge(judged.a, judged.b, "different")
    app = opened("donnees", vue="doublons")
    assert "remplacée" in read(app) and f"undo-{first.id}" not in {b.key for b in app.button}


def test_every_file_is_offered(shown: Path) -> None:
    app = opened("donnees", vue="fichiers")
    names = " ".join(str(element.proto.label) for element in app.get("download_button"))
    for ending in (".xlsx", ".geojson", ".graphml", ".gexf", ".ttl", ".jsonld", ".nq", ".ftm.json", ".zip"):
        assert ending in names
    assert len(app.get("download_button")) == 11


def test_the_profile_leads_to_the_facts(shown: Path) -> None:
    links = [link.proto for link in opened("partenaires", acteur="utbm").get("page_link")]
    assert [link.label for link in links] == ["D’où viennent ces faits\u00a0?"]
    assert "fait=utbm" in links[0].query_string and "vue=faits" in links[0].query_string


def test_without_a_home_nothing_can_be_decided(shown: Path) -> None:
    from passerelle.app import ecosystem

    known = ecosystem()
    home, known.home = known.home, None
    try:
        for view in ("import", "doublons"):
            assert "Rien à décider ici" in read(opened("donnees", vue=view))
    finally:
        known.home = home


def test_the_list_of_the_test_has_the_rows_that_are_told() -> None:
    assert len(rows()) == 300


def test_the_file_of_facts_is_what_the_page_shows(shown: Path) -> None:
    from passerelle.pieces.data_facts import _cells
    from passerelle.table import csv_bytes

    facts = Ecosystem.open(shown).facts_about("utbm")
    table = list(csv.DictReader(io.StringIO(csv_bytes([_cells(fact) for fact in facts]).decode("utf-8-sig")), delimiter=";"))
    assert [row["statement"] for row in table] == [fact.statement for fact in facts]
    assert all(row["sources"] and row["record"] for row in table)
