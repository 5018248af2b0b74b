"""Journeys through the page Données in a real browser, each on a home of its own that may be changed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs playwright: pip install -e '.[test]'")

from playwright.sync_api import Locator, Page, expect

from graph_builder.pipeline import build
from passerelle.stewarding import Steward
from tests.app.server import served_app
from tests.app.test_browser import browser, open_page, ready  # noqa: F401 - fixtures
from tests.graph_builder.lists.make_list import write_list
from tests.graph_builder.seed_package import SEED

VIEWS = ("sources", "import", "doublons", "faits", "faits&fait=utbm", "faits&fait=nobody", "fichiers")
SIZES = ((1280, 1400), (390, 844))

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original") / "home"
    build([SEED, SEED.parent / "cordis-franche-comte"], home)
    return home


@pytest.fixture(scope="module")
def served(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that the server reads: a link, which each test turns to its own copy."""
    link = tmp_path_factory.mktemp("served") / "home"
    link.symlink_to(original)
    return link


@pytest.fixture(scope="module")
def site(served: Path) -> Iterator[str]:
    """The address of the app over that link, served until the tests end."""
    with served_app(served) as address:
        yield address


@pytest.fixture
def own(original: Path, served: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy that the test may change, served until the test ends."""
    home = Path(shutil.copytree(original, tmp_path / "home"))
    _turn(served, home)
    yield home
    _turn(served, original)


def _turn(link: Path, to: Path) -> None:
    link.unlink()
    link.symlink_to(to)


def no_sideways_scroll(page: Page) -> None:
    wide = "[document.documentElement, document.querySelector('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth)"
    assert page.evaluate(wide) == [0, 0]


def told(page: Page, words: str | re.Pattern[str]) -> None:
    """The page says what happened, and is drawn."""
    expect(page.locator(".notice[role=status]")).to_contain_text(words, timeout=40_000)
    ready(page)


def choose(page: Page, file: Path) -> Locator:
    """Upload a list; the button that imports it."""
    page.locator("input[type=file]").set_input_files(str(file))
    start = page.get_by_role("button", name="Importer cette liste")
    expect(start).to_be_visible()
    ready(page)
    return start


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_upload_preview_import_find_undo(own: Path, open_page: Callable[..., Page], tmp_path: Path, width: int, height: int) -> None:  # noqa: F811
    page = open_page("/donnees", width=width, height=height)
    page.get_by_role("radio", name="Importer").click()
    expect(page).to_have_url(re.compile("vue=import"))
    start = choose(page, write_list(tmp_path / "numerique.csv"))
    expect(page.get_by_text("300 lignes lues, 234 acteurs à importer.")).to_be_visible()
    expect(page.get_by_text("diffusion refusée, écartées")).to_be_visible()
    expect(page.locator(".found tbody tr")).to_have_count(31)
    no_sideways_scroll(page)
    start.click()
    told(page, "« numerique » est dans le graphe")
    first = page.locator(".st-key-brought a").first
    name = first.inner_text()
    first.click()
    expect(page.locator(".st-key-card-profile h2")).to_have_text(name)
    page.locator(".st-key-see-network button").click()
    expect(page.locator(".scene .dot.chosen")).to_have_count(1, timeout=40_000)
    expect(page.locator(".st-key-card-picked")).to_contain_text(name)
    page.go_back()
    expect(page.locator(".st-key-card-profile h2")).to_have_text(name)
    ready(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/donnees\?vue=import$"))
    page.get_by_role("button", name="Annuler").click()
    told(page, "Annulé")
    expect(page.locator(".st-key-card-imported")).to_have_count(0)
    assert [entry.undone for entry in Steward(own).history()] == [True]


def test_judge_the_same_and_undo(own: Path, open_page: Callable[..., Page]) -> None:  # noqa: F811
    page = open_page("/donnees?vue=doublons")
    pairs, merged = page.locator("[class*=st-key-card-pair-]"), page.locator("[class*=st-key-card-merged-]")
    before = pairs.count(), merged.count()
    names = pairs.first.locator(".pair").all_inner_texts()
    pairs.first.get_by_role("button", name="Le même").click()
    told(page, f"{names[0]} et {names[1]} sont réunis")
    expect(merged).to_have_count(before[1] + 1)
    expect(pairs.filter(has_text=names[0])).to_have_count(0)
    expect(page.locator("[class*=st-key-card-decision-]")).to_contain_text([names[0]])
    page.get_by_role("button", name="Annuler").click()
    told(page, "Annulé")
    expect(pairs).to_have_count(before[0])
    expect(merged).to_have_count(before[1])


def test_the_facts_of_one_of_a_pair_are_one_click_away(open_page: Callable[..., Page]) -> None:  # noqa: F811
    page = open_page("/donnees?vue=doublons&lang=en")
    link = page.locator(".twins a").first
    name = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile(r"vue=faits&fait=.*lang=en"))
    expect(page.get_by_text(re.compile(rf"facts about {re.escape(name)}"))).to_be_visible()
    assert len(page.context.pages) == 1
    page.go_back()
    expect(page.get_by_role("heading", name="To settle")).to_be_visible()


def test_from_a_profile_to_the_source_of_a_fact(open_page: Callable[..., Page]) -> None:  # noqa: F811
    page = open_page("/partenaires?acteur=alstom_belfort")
    page.get_by_role("link", name="D’où viennent ces faits").click()
    expect(page).to_have_url(re.compile(r"/donnees\?vue=faits&fait=alstom_belfort"))
    need = page.locator(".facts tr", has_text="cherche").first
    source = need.locator("a[href^=http]").first
    assert source.get_attribute("target") == "_blank" and source.get_attribute("rel") == "noopener noreferrer"
    need.locator("summary").click()
    expect(need.get_by_text(re.compile(r"\.csv:\d+"))).to_be_visible()
    page.reload()
    ready(page)
    expect(page.locator(".facts tr").first).to_be_visible()
    page.go_back()
    expect(page.locator(".st-key-card-profile h2")).to_have_text("Alstom Belfort")


def test_the_parts_are_steps_of_the_history_and_work_with_the_keyboard(open_page: Callable[..., Page]) -> None:  # noqa: F811
    page = open_page("/donnees")
    page.get_by_role("radio", name="Sources").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="Apporter une liste")).to_be_visible()
    ready(page)
    page.get_by_role("radio", name="Faits").click()
    expect(page.get_by_role("heading", name="D’où viennent les faits")).to_be_visible()
    ready(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Apporter une liste")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Apporter une liste")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)


def test_a_workbook_is_given_and_opens(open_page: Callable[..., Page], tmp_path: Path) -> None:  # noqa: F811
    openpyxl = pytest.importorskip("openpyxl")
    page = open_page("/donnees?vue=fichiers")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=".xlsx").click()
    assert re.fullmatch(r"passerelle-[0-9a-f]{8}\.xlsx", download.value.suggested_filename)
    download.value.save_as(tmp_path / "book.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "book.xlsx", read_only=True).sheetnames) > 10


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_shut_out(open_page: Callable[..., Page], tmp_path: Path, theme: str) -> None:  # noqa: F811
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: pip install -e '.[test]'").Axe()
    page = open_page("/donnees", theme=theme)
    found = []
    for view in (*VIEWS, "list"):
        page.goto(page.url.partition("?")[0] + f"?vue={'import' if view == 'list' else view}")
        ready(page)
        if view == "list":
            choose(page, write_list(tmp_path / "list.csv"))
        found += [
            (view, v["id"], v["nodes"][0]["html"][:200]) for v in axe.run(page).response["violations"] if v["impact"] in {"serious", "critical"}
        ]
    assert found == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_phone_shows_every_part_without_sideways_scroll(open_page: Callable[..., Page], lang: str) -> None:  # noqa: F811
    page = open_page("/donnees", width=390, height=844)
    for view in VIEWS:
        page.goto(page.url.partition("?")[0] + f"?vue={view}&lang={lang}")
        ready(page)
        no_sideways_scroll(page)
        parts = page.locator(".st-key-vue button")
        tops = {round(box["y"]) for box in (parts.nth(i).bounding_box() for i in range(5)) if box}
        assert len(tops) == 1, "the five parts stand on one line"
