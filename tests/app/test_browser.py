"""Journeys in a real browser: what is clicked works, nothing leaves the machine, nobody is shut out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright", reason="needs playwright: pip install -e '.[test]'")

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.app.server import served_app

if TYPE_CHECKING:
    from playwright.sync_api import Request

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PROBE = re.compile(r"/_stcore/(health|host-config)$")
"""Streamlit looks for its base path on a deep link: two answers 404, harmless."""

CALM = """() => document.fonts.status === 'loaded' && !document.querySelector('[data-stale="true"]')
  && document.getAnimations().every((a) => a.playState !== 'running')"""
"""Fonts are there, nothing waits to be replaced, no colour is on its way to another."""

IDEA = "We want to test fuel cells on heavy vehicles"
BOX = "Un acteur, une idée ou un besoin"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[str]:
    """The address of the app over the real territory, served until the tests end."""
    with served_app(built) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens pages; in the end: no error in the console, no request that leaves this machine."""
    errors: list[str] = []
    hosts: set[str] = set()
    contexts = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBE.search(message.location.get("url", "")):
            errors.append(f"{message.text} ({message.location.get('url')})")

    def requested(request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"}:
            hosts.add(urlsplit(request.url).hostname or "")

    def opened(path: str = "/", *, width: int = 1280, height: int = 1400, theme: str = "light") -> Page:
        scheme = "dark" if theme == "dark" else "light"
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", console)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", requested)
        page.goto(site + path)
        ready(page)
        return page

    yield opened
    found = list(errors)  # closing a page interrupts what it still loads, and the browser complains of that
    for context in contexts:
        context.close()
    assert found == []
    assert hosts == {"127.0.0.1"}


def ready(page: Page) -> None:
    """Wait until the page is drawn."""
    page.wait_for_selector("h1")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function(CALM)


def panel(page: Page, *words: str) -> None:
    """The panel beside the network is there and says these words."""
    for word in words:
        expect(page.locator(".st-key-card-picked")).to_contain_text(word)


def test_first_view(open_page: Callable[..., Page]) -> None:
    page = open_page()
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator(".scene svg .mark")).to_have_count(5)
    expect(page.locator(".bridge.row")).to_have_count(5)
    assert page.locator(".scene .dot").count() > 200
    assert page.title() == "Aperçu · Passerelle" and page.evaluate("document.documentElement.lang") == "fr"
    fonts = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))")
    assert {"Public Sans", "Bricolage Grotesque"} <= set(fonts)


def test_search_a_name(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_label(BOX).fill("fclab")
    page.get_by_label(BOX).press("Enter")
    expect(page).to_have_url(re.compile(r"acteur=fclab"))
    panel(page, "FCLAB", "Ses pistes les plus fortes")
    expect(page.locator('.scene .dot.chosen[data-id="fclab"]')).to_have_count(1)
    expect(page.locator(".scene .mark")).to_have_count(4)


def test_an_idea_in_english_from_the_front_page(open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    page.get_by_label("An actor, an idea or a need").fill(IDEA)
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("h1")).to_have_text("Find a partner")
    expect(page).to_have_url(re.compile(r"/partenaires\?.*idee=We"))
    expect(page.locator(".st-key-card-lead-1 .reasons > li").first).to_be_visible()
    expect(page.locator(".st-key-card-lead-1")).to_contain_text("Why them?")
    assert "lang=en" in page.url


def test_a_recommendation_with_its_reasons_and_sources(open_page: Callable[..., Page]) -> None:
    page = open_page("/partenaires?acteur=alstom_belfort")
    card = page.locator(".st-key-card-lead-1")
    expect(card.locator("button")).to_be_visible()
    assert re.search(r"Piste (forte|sérieuse|à creuser)", card.inner_text()) and "Pourquoi eux" in card.inner_text()
    assert card.locator(".deck i").evaluate("e => getComputedStyle(e).width") != "0px"
    assert card.locator("a[href^=http][target=_blank]").first.get_attribute("rel") == "noopener noreferrer"
    card.locator("summary").first.click()
    expect(card.locator("details[open] li").first).to_be_visible()
    page.get_by_role("tab", name=re.compile("Appuis")).click()
    expect(page.locator(".st-key-card-support-1")).to_be_visible()


def test_the_profile_of_a_partner_opens_at_its_top(open_page: Callable[..., Page]) -> None:
    page = open_page("/partenaires?acteur=alstom_belfort", height=700)
    name = page.locator(".st-key-card-lead-3 h3").inner_text()
    page.locator(".st-key-card-lead-3 button").click()
    expect(page.locator(".st-key-card-profile h2")).to_have_text(name)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    page.go_back()
    expect(page.locator(".st-key-card-profile h2")).to_have_text("Alstom Belfort")


def test_click_on_an_actor_of_the_network(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator('.scene .dot[data-id="utbm"]').click()
    expect(page).to_have_url(re.compile("acteur=utbm"))
    panel(page, "Université de technologie")
    page.get_by_role("button", name="Voir ses partenaires possibles").click()
    expect(page).to_have_url(re.compile(r"/partenaires\?acteur=utbm"))


def test_a_finger_beside_a_small_actor_opens_it(open_page: Callable[..., Page]) -> None:
    page = open_page()
    box = page.locator('.scene .dot[data-id="isola_composite"]').bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] - 3)
    expect(page).to_have_url(re.compile("acteur="))


def test_click_on_a_missing_bridge(open_page: Callable[..., Page]) -> None:
    page = open_page()
    pair = page.locator(".bridge .pair").nth(1).inner_text()
    page.locator(".scene .mark").nth(1).click()
    expect(page).to_have_url(re.compile("passerelle="))
    panel(page, *(name.strip() for name in pair.split("╌╌")))
    page.get_by_role("button", name="Revenir à la liste").click()
    expect(page.locator(".bridge.row")).to_have_count(5)
    ready(page)  # a shorter page may have moved under the pointer
    page.locator(".scene .mark").nth(1).click()  # the same one again
    expect(page.locator(".st-key-card-picked")).to_be_visible()


def test_the_network_with_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator(".scene svg").focus()
    before = page.locator(".scene svg").get_attribute("viewBox")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    assert page.locator(".scene svg").get_attribute("viewBox") != before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot?.activeElement?.getAttribute('role')") == "button"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("passerelle="))
    panel(page, "Pourquoi ces deux-là")
    assert page.evaluate("document.activeElement.shadowRoot?.activeElement?.getAttribute('role')") == "button", "focus stays"
    page.keyboard.press("Escape")
    expect(page.locator(".bridge.row")).to_have_count(5)


def test_the_language_switch_is_kept_from_page_to_page(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("radio", name="EN").click()
    expect(page.locator("h1")).to_have_text(re.compile("who should"))
    page.get_by_role("link", name="Method").click()
    expect(page.locator("h1")).to_have_text("How leads are found")
    expect(page).to_have_url(re.compile("lang=en"))
    assert page.evaluate("document.documentElement.lang") == "en"


def test_each_page_is_reached_from_the_navigation(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for name, title in (
        ("Partenaires", "Trouver un partenaire"),
        ("Méthode", "Comment les pistes sont trouvées"),
        ("Aperçu", re.compile("qui devrait")),
    ):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_have_text(title)


def test_the_table_can_be_downloaded(open_page: Callable[..., Page]) -> None:
    page = open_page("/partenaires?acteur=alstom_belfort")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger (CSV)").click()
    assert download.value.suggested_filename == "partenaires-alstom_belfort.csv"
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbfPour;Liste;Rang;Nom;")


PLACES = [
    "/",
    "/?acteur=fclab",
    "/partenaires",
    "/partenaires?acteur=alstom_belfort",
    "/partenaires?idee=souder%20des%20cadres%20en%20aluminium",
    "/methode",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PLACES)
def test_nobody_is_shut_out(open_page: Callable[..., Page], path: str, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: pip install -e '.[test]'").Axe()
    page = open_page(path, theme=theme)
    found = [v for v in axe.run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
    assert [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found] == []


@pytest.mark.parametrize("path", PLACES)
def test_no_sideways_scroll_on_a_phone(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path, width=390, height=844)
    wide = "[document.documentElement, document.querySelector('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth)"
    assert page.evaluate(wide) == [0, 0]


def test_a_phone_jumps_over_the_profile(open_page: Callable[..., Page]) -> None:
    page = open_page("/partenaires?acteur=alstom_belfort", width=390, height=844)
    page.get_by_role("link", name="Aller aux pistes").click()
    expect(page.get_by_role("heading", name="Pistes pour Alstom Belfort")).to_be_in_viewport()
    assert len(page.context.pages) == 1
