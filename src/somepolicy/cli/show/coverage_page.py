"""Coverage as one page of HTML that needs nothing else: figures, gaps, clauses, files by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from somepolicy.cli.show.coverage_lines import CoverageLine, lines_of
from somepolicy.rendering.page import page
from somepolicy.rendering.xml_text import ascii_markup
from somepolicy.syntax.source import Source
from somepolicy.workbench.coverage_report import Coverage

_TEMPLATE = Path(__file__).parent / "page" / "coverage.html"
_SIGNS = {"yes": "+", "part": "~", "no": "-", "": " "}


def coverage_page(coverage: Coverage) -> str:
    """Return the page, in English."""
    files = lines_of(coverage)
    shown = page(
        _TEMPLATE,
        coverage=coverage,
        ids={source: f"file-{number}" for number, source in enumerate(files, 1)},
        figures=_figures(coverage),
        rules=[each for each in coverage.rules if not each.covered],
        gaps=[(atom, gap) for atom in coverage.atoms for gap in atom.gaps],
        listing=lambda source: _listing(source, files[source]),
        signs=_SIGNS,
    )
    return ascii_markup(shown)


def _figures(coverage: Coverage) -> list[tuple[str, str, str]]:
    clauses = [each.covered for each in coverage.clauses if each.deciding]
    rules = [each.covered for each in coverage.rules]
    values = 2 * len(coverage.atoms)
    filled = values - sum(len(each.gaps) for each in coverage.atoms)
    rows = (
        ("Clauses decided both ways", f"{coverage.percent:.1f} %", sum(clauses), len(clauses)),
        ("Values of conditions", f"{coverage.percent_of_conditions:.1f} %", filled, values),
        ("Rules decided both ways", str(sum(rules)), sum(rules), len(rules)),
    )
    return [(name, figure, _of(figure, part, whole)) for name, figure, part, whole in rows]


def _of(figure: str, part: int, whole: int) -> str:
    return f"of {whole}" if figure == str(part) else f"{part} of {whole}"


def _listing(
    source: Source, lines: Mapping[int, CoverageLine]
) -> Iterator[tuple[int, str, str, str]]:
    """Yield each line: its number, its text, its shade, and how often it was evaluated."""
    for number, content in enumerate(source.text.split("\n"), 1):
        line = lines.get(number)
        shade, hits = ("", "") if line is None else (_shade(line), f"{line.hits}×")
        yield number, content, shade, hits


def _shade(line: CoverageLine) -> str:
    if line.hits == 0:
        return "no"
    return "yes" if line.whole else "part"
