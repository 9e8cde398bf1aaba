"""The pages in a real browser: accessible in every state, within the window, silent, printable.

Needs Chromium (the package of the system, `/usr/bin/chromium`) and the extra `browser`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from somepolicy.cli.workflows.report_inputs import field_names, from_documents
from somepolicy.installed import installed_policy
from somepolicy.reports.citations import citations
from somepolicy.reports.decision import decision_report
from somepolicy.reports.evidence import Evidence
from somepolicy.reports.model import Report
from somepolicy.reports.traceability import traceability
from somepolicy.reports.writing import written
from tests.reports.report_cases import DAY, LANGUAGES, NAMES, example, policy, report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EXAMPLES = Path(__file__).parents[2] / "examples"
WIDE, NARROW, NARROWEST = 1280, 390, 360
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

pytestmark = [
    pytest.mark.slow,
    # the driver leaves its event loop to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pytest.importorskip("playwright", reason="playwright is not installed: the extra `browser`")
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: extra `browser`")
    found = str(CHROMIUM) if CHROMIUM.exists() else shutil.which("chromium")
    if not found:
        pytest.skip("there is no Chromium: install the system's package `chromium`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


def opened(browser: Browser, folder: Path, made: Report, width: int, scheme: str) -> Page:
    file = folder / "report.html"
    file.write_bytes(written(made, "html"))
    # the page forbids scripts, and axe is one; what the page itself asks for is still seen
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(file.as_uri())
    return page


def violations(page: Page) -> list[Any]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]


def overflow(page: Page) -> int:
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_accessible_and_fits(
    browser: Browser, tmp_path: Path, name: str, language: str
) -> None:
    for width in (WIDE, NARROW):
        for scheme in ("light", "dark"):
            page = opened(browser, tmp_path, report(name, language), width, scheme)
            assert violations(page) == [], (width, scheme)
            assert overflow(page) <= 0, (width, scheme)
            page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_bergen_pages_too(browser: Browser, tmp_path: Path, name: str, language: str) -> None:
    made = bergen(name, language)
    for width in (WIDE, NARROWEST):
        for scheme in ("light", "dark"):
            page = opened(browser, tmp_path, made, width, scheme)
            page.evaluate("document.querySelectorAll('details').forEach(x => { x.open = true })")
            assert violations(page) == [], (width, scheme)
            assert overflow(page) <= 0, (width, scheme)
            page.context.close()


def bergen(name: str, language: str) -> Report:
    used = installed_policy()
    program, names = used.program, field_names(used.program, language)
    if name == "traceability":
        quotes = dict.fromkeys(program.clauses, "Ordlyden står her.")
        return traceability(
            program, Evidence((), (), at_hand=False), names, language, day=DAY, quotes=quotes
        )
    if name == "citations":
        counted = from_documents(used, [str(EXAMPLES / "post"), str(EXAMPLES / "profile")])
        return citations(program, counted.totals, names, language, from_log=False, day=DAY)
    document = json.loads((EXAMPLES / "post/class-photo.json").read_text(encoding="utf-8"))
    decision = used.evaluate(document)
    return decision_report(program, decision, document, names["post"], language, day=DAY, quotes={})


def test_a_page_asks_for_nothing_and_keeps_hostile_names_as_text(
    browser: Browser, tmp_path: Path
) -> None:
    used = policy()
    bad = "en <img src=http://nowhere.example/x onerror=document.title='owned'>"
    decision = used.evaluate(example("post/school-trip.json") | {"id": bad})
    names = field_names(used.program, "en")["post"]
    made = decision_report(used.program, decision, None, names, "en", day=DAY, quotes={})
    file = tmp_path / "hostile.html"
    file.write_bytes(written(made, "html"))
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert told == []
    assert bad in page.title()
    assert page.locator("h1").inner_text() == f"Decision: {bad}"
    context.close()


def test_the_keyboard_skips_to_the_content_and_reaches_wide_tables(
    browser: Browser, tmp_path: Path
) -> None:
    page = opened(browser, tmp_path, report("citations", "en"), NARROW, "light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(x => x.tabIndex === 0)")
    page.context.close()


def test_a_box_of_the_strip_leads_to_its_clause(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, report("traceability", "en"), WIDE, "light")
    page.locator("a.tile").nth(3).click()
    assert page.locator(":target h3").inner_text() == "tall.riktig"
    page.context.close()


def test_it_prints_on_a4_without_loss(browser: Browser, tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    page = opened(browser, tmp_path, report("traceability", "en"), WIDE, "dark")
    file = tmp_path / "report.pdf"
    page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    pages = pypdf.PdfReader(file).pages
    text = "".join(each.extract_text() for each in pages)
    assert {tuple(round(float(x)) for x in each.mediabox[2:]) for each in pages} <= {
        (595, 842),
        (842, 595),
    }
    assert "The guideline at a glance" in text
    assert "privat.omtanke" in text
    assert "Tests that keep it" in text  # the table that is folded on the screen
    page.context.close()


CUT = """[...document.querySelectorAll('.scroll')].filter(x => x.scrollWidth > x.clientWidth)
    .map(x => x.querySelector('caption').textContent)"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_table_is_cut_off(browser: Browser, tmp_path: Path, name: str, language: str) -> None:
    """On a narrow screen rows fold into cards with the names of the columns."""
    for width in (WIDE, NARROW, NARROWEST):
        page = opened(browser, tmp_path, bergen(name, language), width, "light")
        page.evaluate("document.querySelectorAll('details').forEach(x => { x.open = true })")
        assert page.evaluate(CUT) == [], width
        page.context.close()


def test_long_codes_wrap(browser: Browser, tmp_path: Path) -> None:
    used, document = policy(), example("post/school-trip.json") | {"id": "x" * 400}
    names = field_names(used.program, "en")["post"]
    decision = used.evaluate(document)
    made = decision_report(used.program, decision, document, names, "en", day=DAY, quotes={})
    for width in (WIDE, NARROW):
        page = opened(browser, tmp_path, made, width, "light")
        assert overflow(page) <= 0 and page.evaluate(CUT) == [], width
        page.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_on_paper_no_page_is_half_empty_and_no_heading_alone(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    pypdf = pytest.importorskip("pypdf")
    made, file = bergen(name, "nb"), tmp_path / "report.pdf"
    page = opened(browser, tmp_path, made, WIDE, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    colours = (
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert page.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    page.context.close()
    pages = pypdf.PdfReader(file).pages
    assert len(pages) <= {"traceability": 22, "citations": 15, "decision": 8}[name]
    headings = {each.title for each in made.sections}
    for number, each in enumerate(pages, 1):
        text = each.extract_text()
        *body, last = [x for x in text.splitlines() if x.strip()]
        assert f"{number} / {len(pages)}" in text
        assert (made.title in body[0] or made.title in last) or number == 1
        assert not {body[-1].strip(), last.strip()} & headings, number
    assert sum(len(each.get("/Annots", ())) for each in pages) >= len(made.sections)
