"""Takes the pictures of docs/images from the running app: python docs/screenshots.py [--url http://localhost:8501]"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SCREENS = (
    ("apercu", "/?", "light", (1280, 1400)),
    ("partenaires", "/partenaires?acteur=alstom_belfort", "light", (1280, 1400)),
    ("partners-idea-dark", "/partenaires?lang=en&pour=idea&idee=digital+health+at+home+for+elderly+people", "dark", (1280, 1400)),
    ("donnees", "/donnees?vue=doublons", "light", (1280, 1100)),
    ("methode", "/methode", "light", (1280, 1400)),
    ("apercu-telephone", "/?", "light", (390, 1500)),
)


def picture(page: Page, url: str, path: Path) -> None:
    """One screenshot, once the page has settled."""
    page.goto(url)
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2500)
    page.screenshot(path=path)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8501")
    url = parser.parse_args().url.rstrip("/")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, path, scheme, (width, height) in SCREENS:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            picture(context.new_page(), url + path, IMAGES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
