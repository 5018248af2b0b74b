"""Every page, in both languages, on the real territory, without a browser."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from graph_builder.pipeline import build
from passerelle.app import PAGES, home
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import tell
from passerelle.pieces.answer import ASKED, FULL, rows
from passerelle.table import csv_bytes
from recommender.answers import Text
from tests.graph_builder.seed_package import SEED

APP = Path(__file__).parents[2] / "app.py"
IDEA = "We want to follow the wear of machine tools with sensors and plan the maintenance"

pytestmark = [pytest.mark.usefixtures("real_territory"), pytest.mark.slow]


def opened(page: str = "apercu", **parameters: str) -> AppTest:
    """The app, run once on a page with these parameters of the address."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    if page != PAGES[0].url_path:
        app._page_hash = calc_hash(page)
    for name, value in parameters.items():
        app.query_params[name] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    assert len(app.title) == 1, "one h1 on each page"
    return app


def known() -> Ecosystem:
    """What the facade itself says."""
    return Ecosystem.open(home())


def read(app: AppTest) -> str:
    """What our own pieces of HTML say."""
    return "\n".join(element.proto.body for element in app.get("html"))


def address(app: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def button(app: AppTest, label: str) -> AppTest:
    return checked(next(b for b in app.button if b.label == label).click().run())


@pytest.mark.parametrize(
    ("page", "language", "title"),
    [
        ("apercu", "fr", "Nord Franche-Comté\u00a0: qui travaille avec qui, et qui devrait"),
        ("apercu", "en", "Nord Franche-Comté: who works with whom, and who should"),
        ("partenaires", "fr", "Trouver un partenaire"),
        ("partenaires", "en", "Find a partner"),
        ("methode", "fr", "Comment les pistes sont trouvées"),
        ("methode", "en", "How leads are found"),
    ],
)
def test_each_page_in_each_language(page: str, language: str, title: str) -> None:
    app = opened(page, lang=language)
    assert app.title[0].value == title


def test_the_language_switch_is_kept_in_the_address() -> None:
    app = opened()
    checked(app.segmented_control(key="lang").set_value("en").run())
    assert app.title[0].value.endswith("who should") and address(app)["lang"] == "en"


def test_front_page_shows_figures_bridges_and_recent_facts() -> None:
    app = opened()
    assert [metric.label for metric in app.metric] == [figure.label.fr for figure in known().figures()]
    assert read(app).count('class="bridge row"') == 5
    assert read(app).count('class="need"') == 3


def test_more_bridges_are_one_click_away() -> None:
    app = button(opened(), "En voir plus")
    assert read(app).count('class="bridge row"') == 12 and address(app)["plus"] == "1"


def test_no_number_stands_for_a_chance() -> None:
    for app in (opened(), opened("partenaires", acteur="alstom_belfort")):
        shown = re.sub(r"<[^>]+>", " ", read(app))
        assert "Piste" in shown
        assert not re.search(r"Piste \w+[^.]{0,40}\d\s?%", shown)


def test_a_bridge_of_the_address_opens_its_panel() -> None:
    link = known().links(k=5)[2]
    app = opened(passerelle=f"{link.a.id}~{link.b.id}")
    assert "Pourquoi ces deux-là" in read(app) and link.reasons[0].text.fr[:30] in read(app).replace("\u00a0", " ").replace("&#x27;", "'")
    button(app, "Revenir à la liste")
    assert "passerelle" not in address(app)


def test_a_bridge_that_is_gone_says_so() -> None:
    assert "n’est plus proposée" in read(opened(passerelle="nobody~nowhere"))


def test_filters_of_bridges_are_kept_in_the_address() -> None:
    app = opened()
    checked(app.button_group(key="filtres").set_value(["research"]).run())
    assert address(app)["filtres"] == "research"


def search(text: str) -> AppTest:
    app = opened()
    app.text_input(key="box").set_value(text)
    return button(app, "Chercher")


def test_a_name_opens_the_actor() -> None:
    app = search("fclab")
    assert address(app) == {"acteur": "fclab"}
    assert "FCLAB" in read(app)


def test_a_part_of_a_name_opens_the_actor_and_offers_the_idea() -> None:
    app = search("Alstom")
    assert address(app)["acteur"] == "alstom_belfort"
    assert any(b.label.startswith("Chercher «") for b in app.button)


def test_a_name_of_several_gives_the_choice() -> None:
    app = search("femto")
    assert len([b for b in app.button if b.label.startswith("FEMTO")]) > 2
    button(app, "FEMTO Engineering")
    assert address(app)["acteur"] == "femto_eng"


def test_a_word_of_a_trade_offers_the_skill() -> None:
    assert "Soudage et chaudronnerie (savoir-faire)" in [b.label for b in search("soudage").button]


def test_a_sentence_becomes_an_idea() -> None:
    app = search(IDEA)
    assert address(app)["idee"] == IDEA and app.title[0].value == "Trouver un partenaire"


def test_a_text_that_does_not_fit_the_address_becomes_an_idea() -> None:
    text = "Nous voulons souder des cadres en aluminium pour le train. " * 40  # 400 words
    app = search(text)
    assert app.title[0].value == "Trouver un partenaire" and app.text_area(key="idea_text").value == text.strip()
    assert app.tabs and address(app) == {"pour": "idee"}


def test_a_paste_of_two_hundred_words_becomes_an_idea() -> None:
    assert opened().text_input(key="box").proto.max_chars == 0, "the browser refuses nothing"
    app = search("Nous voulons souder des cadres en aluminium pour le train. " * 20)  # over 1,000 characters
    assert app.title[0].value == "Trouver un partenaire" and app.tabs


def test_a_paste_that_is_too_long_says_so() -> None:
    assert "100\u202f001 caractères" in read(search("x " * 50_000 + "x"))


def test_an_empty_box_says_what_to_write() -> None:
    assert "Écrivez un nom ou une phrase" in read(search("   "))


@pytest.mark.parametrize("text", ["?!…", "' OR 1=1 --", "\u202e", "💡", "x" * 900])
def test_odd_texts_are_answered(text: str) -> None:
    search(text)


def test_an_actor_has_reasons_gains_and_doubts() -> None:
    app = opened("partenaires", acteur="alstom_belfort")
    shown = read(app)
    assert all(words in shown for words in ("Pourquoi eux", "Ce que chacun y gagne", "Ce qu’il manque pour en être sûr", "Ce dont il a besoin"))
    answer = known().recommend(actor="alstom_belfort")
    counts = len(answer.recommendations), len(answer.supports)
    assert [tab.label for tab in app.tabs] == [f"Partenaires ({counts[0]})", f"Appuis ({counts[1]})"]
    assert shown.count('class="reasons"') == sum(min(FULL, count) for count in counts)


def test_the_next_cards_are_one_click_away() -> None:
    before = opened("partenaires", acteur="alstom_belfort")
    shown = read(before).count('class="reasons"')
    app = button(before, f"Voir les {ASKED - FULL} suivants")
    assert read(app).count('class="reasons"') == shown + ASKED - FULL and address(app)["tout"] == "lead"


def test_hypotheses_are_questions_in_a_dashed_outline() -> None:
    shown = read(opened("partenaires", acteur="h2sys"))
    guesses = re.findall(r'class="guess">([^<]+)<', shown)
    assert guesses and all(guess.endswith("?") for guess in guesses)


def test_why_an_actor_is_not_suggested() -> None:
    territory = known()
    actor = next(a.id for a in territory.actors() if territory.profile(a.id).why_not)
    assert "Non proposé comme partenaire" in read(opened("partenaires", acteur=actor))


NOTE = Text("Une suite : Successeur SA.", "A successor: Successeur SA.")


@pytest.mark.parametrize("status", ["closed", "merged"])
def test_no_lead_starts_from_an_actor_that_is_no_more(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    territory = known()
    told = next(p for p in (territory.profile(a.id) for a in territory.actors()) if p.status == status and p.why_not and p.status_note)
    asked = Ecosystem.recommend
    monkeypatch.setattr(Ecosystem, "recommend", lambda *a, **k: replace(asked(*a, **k), notes=(NOTE,)))
    for app in (opened("partenaires", acteur=told.actor.id), opened(acteur=told.actor.id)):
        shown = html.unescape(read(app))
        assert all(tell(text) in shown for text in (told.why_not, told.status_note, NOTE) if text)
        assert not app.tabs and "Pourquoi" not in shown and "Ses pistes" not in shown and 'class="bridge' not in shown
        assert not [b.label for b in app.button if b.label.startswith(("Voir ses partenaires", "Télécharger"))]


def test_a_remark_on_an_actor_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Ecosystem.recommend
    monkeypatch.setattr(Ecosystem, "recommend", lambda *a, **k: replace(asked(*a, **k), notes=(NOTE,)))
    for app in (opened("partenaires", acteur="alstom_belfort"), opened(acteur="alstom_belfort")):
        assert tell(NOTE) in read(app)


def test_what_two_actors_are_already_stands_on_the_card() -> None:
    answer = known().recommend(actor="alstom_belfort", k=ASKED)
    cards = [card for card in (*answer.recommendations, *answer.supports) if card.known]
    shown = read(opened("partenaires", acteur="alstom_belfort", tout="lead,support"))
    assert cards and shown.count('class="quiet already"') == len(cards)


def test_buttons_of_a_list_have_names_of_their_own() -> None:
    app = opened()
    rows_shown = [b for b in app.button if b.key and b.key.startswith("see-link")]
    assert [b.label for b in rows_shown] == [f"Voir {n}" for n in range(1, 6)]
    assert len({b.help for b in rows_shown}) == 5


def test_the_ends_of_a_bridge_keep_their_whole_name() -> None:
    link = known().links(k=1)[0]
    labels = [b.label.replace("\\", "") for b in opened(passerelle=f"{link.a.id}~{link.b.id}").button]
    assert {f"Voir les partenaires de {end.name}" for end in (link.a, link.b)} <= set(labels)


def test_every_actor_has_a_page() -> None:
    territory = known()
    for actor in [a.id for a in territory.actors()][::40]:
        opened("partenaires", acteur=actor, lang="en")


def test_an_unknown_actor_gets_the_nearest_names() -> None:
    app = opened("partenaires", acteur="alstome belfor")
    assert "n’est pas dans les données" in read(app)
    button(app, "Alstom Belfort")
    assert address(app)["acteur"] == "alstom_belfort"


def test_the_profile_of_a_partner_is_one_click_away() -> None:
    app = opened("partenaires", acteur="alstom_belfort")
    expected = known().recommend(actor="alstom_belfort").recommendations[0].partner.id
    button(app, "Voir sa fiche")
    assert address(app)["acteur"] == expected


def test_filters_are_kept_in_the_address_and_can_be_cleared() -> None:
    app = opened("partenaires", acteur="alstom_belfort", familles="care", secteur="sector:agriculture", km="10", audace="1")
    assert "Aucune piste avec ces choix" in read(app) and app.expander[0].label == "Affiner (3)"
    button(app, "Enlever les choix")
    assert address(app) == {"acteur": "alstom_belfort"}


def test_nonsense_in_the_address_is_left_aside() -> None:
    app = opened("partenaires", acteur="alstom_belfort", familles="x,company", secteur="nope", km="-3", audace="9", tout="zzz", ailleurs="2")
    assert app.tabs[0].label.startswith("Partenaires (")


def test_the_dial_changes_the_answer() -> None:
    near, bold = (re.findall(r'<h3 class="head name">([^<]+)', read(opened("partenaires", acteur="utbm", audace=dial))) for dial in ("0", "1"))
    assert near and bold and near != bold


def test_an_idea_in_english_is_answered_with_its_skills() -> None:
    app = opened("partenaires", idee=IDEA, lang="en")
    pills = next(group for group in app.button_group if group.key.startswith("skills-"))
    assert pills.value and "Why them?" in read(app)
    kept = list(pills.value)[:1]
    checked(pills.set_value(kept).run())
    assert address(app)["competences"] == ",".join(kept)


def test_a_skill_can_be_added() -> None:
    app = opened("partenaires", idee=IDEA)
    checked(app.selectbox(key="skill_added").set_value("skill:welding").run())
    assert address(app)["competences"].endswith("skill:welding")


def test_no_skill_left_is_still_answered() -> None:
    assert opened("partenaires", idee=IDEA, competences="-").tabs


def test_a_word_gets_an_answer_and_a_remark() -> None:
    assert "Un seul mot" in read(opened("partenaires", idee="hydrogène"))


def ask(text: str) -> AppTest:
    app = opened("partenaires", pour="idee")
    app.text_area(key="idea_text").set_value(text)
    return button(app, "Chercher des partenaires")


def test_an_empty_idea_says_what_to_write() -> None:
    assert "Écrivez une phrase" in read(ask("  \n "))


def test_a_text_that_is_too_long_is_not_read() -> None:
    assert "100\u202f001 caractères" in read(ask("x " * 50_000 + "x"))


def test_a_long_text_is_answered_though_it_does_not_fit_the_address() -> None:
    app = ask("Nous voulons souder des cadres en aluminium. " * 60)
    assert app.tabs and "idee" not in address(app)


def test_examples_can_be_clicked() -> None:
    app = button(opened("partenaires", pour="idee"), "Tester une pile à combustible sur un engin")
    assert address(app)["idee"].startswith("Tester une pile") and app.tabs


def test_the_method_shows_weights_and_what_not_to_do() -> None:
    shown = read(opened("methode"))
    assert "<table>" in shown and shown.count("<li>") >= 4


def test_no_data_text_becomes_markup(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE_HOME", str(hostile))
    for app in (opened(acteur="alstom_belfort"), opened("partenaires", acteur="alstom_belfort"), opened("partenaires", acteur="crunch_factory")):
        shown = read(app)
        assert "<script" not in shown and "<img" not in shown and "onclick=alert" not in re.sub(r"&lt;.*?&gt;", "", shown)
        labels = [heading.value for heading in app.header] + [b.label for b in app.button]
        assert not any("**x**" in label or " :red[" in label or "<b" in label.replace("\\<", "") for label in labels), "Markdown is escaped"


def test_nothing_built_says_how_to_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE_HOME", str(tmp_path / "nothing"))
    for language, title in (("fr", "Les données ne sont pas encore construites"), ("en", "The data are not built yet")):
        app = opened(lang=language)
        assert app.title[0].value == title and "passerelle build" in app.code[0].value


def test_a_rebuild_shows_at_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE_HOME", str(tmp_path / "later"))
    app = opened()
    build([SEED], tmp_path / "later")
    assert checked(app.run()).title[0].value.startswith("Nord Franche-Comté")


def test_the_downloaded_table_says_what_the_cards_say() -> None:
    answer = known().recommend(actor="alstom_belfort")
    table = list(csv.DictReader(io.StringIO(csv_bytes(rows(answer)).decode("utf-8-sig")), delimiter=";"))
    assert {row["Pour"] for row in table} == {"Alstom Belfort"} and next(iter(table[0])) == "Pour"
    assert table[0]["Gain pour ce demandeur"] and table[0]["Gain pour le partenaire"]
    assert {row["Pour"] for row in rows(known().recommend(text=IDEA))} == {"idée"}
    assert [row["Nom"] for row in table] == [card.partner.name for card in (*answer.recommendations, *answer.supports)]
    assert {row["Piste"] for row in table} <= {"Piste forte", "Piste sérieuse", "Piste à creuser"} and table[0]["Sources"].startswith("http")


@pytest.mark.parametrize("asked", ["_", "p_estart"])
def test_what_is_no_actor_is_said_in_french(asked: str) -> None:
    text = read(opened("partenaires", acteur=asked))
    assert "give an" not in text and "is a project" not in text
