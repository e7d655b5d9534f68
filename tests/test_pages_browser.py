"""The pages in a real browser: phone, print, keyboard, both languages, and what a screen reader is told."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import carbonledger as cl
from carbonledger.pages.reconciliation import board_summary, reconciliation_page
from tests.support import PROJECT

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# Nothing of the browser itself goes to the network, and no display is needed.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of the real case and the page of a book with defects, as files."""
    folder = tmp_path_factory.mktemp("pages")
    techen = cl.open_book(PROJECT / "seeds" / "techen-2024").reporting_year()
    techen.to_html(folder / "report.html")
    (folder / "figures.html").write_text(reconciliation_page(techen, "en"), encoding="utf-8")
    (folder / "board.html").write_text(board_summary(techen, "zh"), encoding="utf-8")
    cl.open_book(PROJECT / "examples" / "six-defects").reporting_year().to_html(folder / "defects.html", lang="zh")
    return folder


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all tests."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture
def show(browser, pages):
    """A page in a window of some size; what it asked for besides itself, and what it complained of, fails the test."""
    context = browser.new_context(viewport=DESK, java_script_enabled=True)
    asked, said = [], []

    def opened(name, size=DESK):
        tab = context.new_page()
        tab.set_viewport_size(size)
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.goto((pages / name).as_uri())
        return tab

    yield opened
    context.close()
    assert not said
    assert all(url.startswith(("file:", "data:image/svg+xml;")) for url in asked)
    assert sum(url.startswith("file:") for url in asked) <= 2


def switch_to(tab, lang):
    """Choose a language on the page."""
    tab.locator(f"label[for=choose-{lang}]").click()


def faults(tab):
    """What axe finds on a page as it is shown, with everything that opens opened."""
    tab.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    found = Axe().run(tab).response["violations"]
    return [(item["impact"], item["id"], item["nodes"][0]["html"]) for item in found]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["report.html", "defects.html"])
def test_no_fault_of_access_in_the_report(show, name, lang):
    """axe finds no violation of any weight, in either language, with every figure opened."""
    tab = show(name)
    switch_to(tab, lang)
    assert tab.locator(f"article.{lang} h1").is_visible()
    assert faults(tab) == []


@pytest.mark.parametrize("name", ["figures.html", "board.html"])
def test_no_fault_of_access_in_the_reconciliation(show, name):
    """axe finds no violation on the pages of the printed figures."""
    assert faults(show(name)) == []


@pytest.mark.parametrize("name", ["report.html", "defects.html", "figures.html", "board.html"])
def test_no_page_scrolls_sideways_on_a_phone(show, name):
    """At 360 pixels the page is as wide as the window, closed and opened; only tables scroll in themselves."""
    tab = show(name, PHONE)
    for lang in ("en", "zh") if name in {"report.html", "defects.html"} else ("",):
        if lang:
            switch_to(tab, lang)
        assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        tab.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(("name", "most"), [("report.html", 8), ("figures.html", 6), ("board.html", 1)])
def test_the_pages_print_on_few_sheets(show, name, most):
    """On A4 the report of the real case with its registers fills at most eight pages, the reconciliation six, the board's summary one."""
    tab = show(name)
    for lang in ("en", "zh") if name == "report.html" else ("",):
        if lang:
            switch_to(tab, lang)
        printed = tab.pdf(prefer_css_page_size=True)
        assert 0 < printed.count(b"/Type /Page\n") <= most


def test_the_keyboard_is_enough(show):
    """Arrow keys choose the language; Enter on a figure shows its lines, and again hides them."""
    tab = show("report.html")
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    assert tab.locator("article.zh h1").is_visible()
    assert not tab.locator("article.en h1").is_visible()
    tab.keyboard.press("ArrowLeft")
    figure = tab.locator("article.en td .fold > summary").first
    behind = tab.locator("article.en tr.behind").first
    assert not behind.is_visible()
    figure.focus()
    tab.keyboard.press("Enter")
    assert behind.is_visible()
    assert "407838.53 kWh" in behind.inner_text()
    tab.keyboard.press("Enter")
    assert not behind.is_visible()


def test_the_page_needs_no_script(browser, pages):
    """With scripts turned off, both languages and every figure are there."""
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    tab = context.new_page()
    tab.goto((pages / "report.html").as_uri())
    switch_to(tab, "zh")
    tab.locator("article.zh td .fold > summary").first.click()
    assert "407838.53 kWh" in tab.locator("article.zh tr.behind").first.inner_text()
    context.close()


def test_a_link_in_a_derivation_leads_to_its_lines(show):
    """From what is behind a figure to the kind of lines it names."""
    tab = show("report.html")
    tab.locator("article.en td .fold > summary").first.click()
    tab.locator("article.en tr.behind a").first.click()
    kind = tab.locator("article.en .lines details:target")
    assert kind.count() == 1
    assert "Grid electricity" in kind.inner_text()
