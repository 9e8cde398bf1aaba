"""The site: every page of docs/ is in its navigation, and it builds without a warning or a host.

The builds are slow and need the extra `docs`.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RESOURCE = re.compile(r"<(?:link|script|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?([^\"' >]+)")


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_pages", ROOT / ".ci" / "site_pages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def named(hooks: ModuleType) -> list[str]:
    """Return the pages of the navigation, in order."""
    entries = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    return hooks.pages(hooks.navigation(entries))


def test_the_navigation_names_every_page_once(named: list[str]) -> None:
    assert len(named) == len(set(named))
    assert [page for page in named if not (ROOT / page).is_file()] == []
    written = {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md")}
    assert written - set(named) == set()


def test_an_anchor_is_that_of_the_repository(hooks: ModuleType) -> None:
    shown = {"One-way, A / B": "one-way-a--b", "What `x` says?": "what-x-says", "Språk": "språk"}
    assert {heading: hooks.anchor(heading, "-") for heading in shown} == shown


@pytest.fixture
def sources(tmp_path: Path, named: list[str]) -> Path:
    """Return a copy of what the site is made from, to break."""
    pytest.importorskip("material", reason="Material for MkDocs is not installed: extra `docs`")
    folder = tmp_path / "sources"
    for name in ("docs", ".ci"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", *(page for page in named if not page.startswith("docs/"))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def build(sources: Path) -> subprocess.CompletedProcess[str]:
    """Build strictly; not `--quiet`, which would drop the warnings before they are counted."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", "../site"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        command, cwd=sources, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_site_builds_and_asks_no_other_host(sources: Path, tmp_path: Path) -> None:
    done = build(sources)
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr
    site = tmp_path / "site"
    pages = list(site.rglob("*.html"))
    assert len(pages) > 90
    for page in pages:
        text = page.read_text(encoding="utf-8")
        asked = [each for each in RESOURCE.findall(text) if re.match(r"\w+:|//", each)]
        assert asked == [], page
        prose = re.sub(r"<pre.*?</pre>|<code.*?</code>", "", text, flags=re.DOTALL)
        assert "| --- |" not in prose and "```" not in prose, page  # Markdown that was not read
    for sheet in site.rglob("*.css"):
        assert re.findall(r"(?:@import|url\()[\s\"']*(?:https?:)?//", sheet.read_text()) == [], (
            sheet
        )


BROKEN = (
    "gone.md",
    "../GONE.md",
    "../policy/bergen/",
    "#gone",
    "language.md#gone",
    "../README.md#gone",
    "pictures/gone.svg",
    "/language.md",
)


@pytest.mark.slow
def test_each_thing_broken_is_a_warning_and_any_warning_fails(sources: Path) -> None:
    with (sources / "docs" / "glossary.md").open("a", encoding="utf-8") as page:
        page.writelines(f"\n[x]({target})\n" for target in BROKEN)
    with (sources / "CONTRIBUTING.md").open("a", encoding="utf-8") as page:
        page.write("\n[x](docs/gone.md)\n")
    (sources / "docs" / "new.md").write_text("# New\n", encoding="utf-8")
    (sources / "docs" / "texts.md").unlink()
    done = build(sources)
    assert done.returncode != 0
    warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    for said in (
        *(("'docs/glossary.md'", f"'{target}'") for target in BROKEN),
        ("'CONTRIBUTING.md'", "'docs/gone.md'"),
        ("'docs/texts.md'", "'nav'"),
    ):
        assert any(all(word in line for word in said) for line in warnings), (said, done.stderr)
    assert "docs/new.md" in done.stderr


@pytest.mark.slow
def test_a_page_from_outside_docs_that_is_missing_fails(sources: Path) -> None:
    (sources / "SECURITY.md").unlink()
    done = build(sources)
    assert done.returncode != 0 and "SECURITY.md" in done.stderr
