"""Coverage as one page of HTML that needs nothing else: figures, gaps, clauses, files by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from somepolicy.cli.show.coverage_lines import Line, lines_of
from somepolicy.cli.show.xml_text import ascii_markup
from somepolicy.syntax.source import Source, Span
from somepolicy.workbench.coverage_report import Atom, Coverage, Gap, RuleCoverage

_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1b1b; --quiet: #565656; --rule: #d0d0d0;
  --link: #0b4fbd; --yes: #e4f3e8; --part: #fdeecb; --no: #fbdfdf }
@media (prefers-color-scheme: dark) { :root { --back: #15181b; --text: #e8e8e8; --quiet: #b3b8bd;
  --rule: #43484d; --link: #93bbff; --yes: #14331f; --part: #443307; --no: #541f22 } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back);
  max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere }
h1, h2 { line-height: 1.25; margin: 2.5rem 0 .75rem }
h1 { margin-top: 0 }
a { color: var(--link) }
:focus-visible, :target { outline: 2px solid var(--link); outline-offset: 1px }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0 }
nav a { display: inline-block; padding: .25rem 0 }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 1rem }
.figures div { border-top: 3px solid var(--rule); padding-top: .5rem }
dt, .quiet { color: var(--quiet) }
dd { margin: 0; font-size: 1.75rem; line-height: 1.3 }
dd small { font-size: 1rem; color: var(--quiet) }
.gaps { padding-left: 2.5rem }
.gaps li { padding: .75rem 0; border-bottom: 1px solid var(--rule) }
.gaps p { margin: .125rem 0 }
table { border-collapse: collapse; width: 100% }
tr { border-bottom: 1px solid var(--rule) }
th, td { text-align: left; vertical-align: top; padding: .375rem 1rem .375rem 0;
  overflow-wrap: break-word }
th[scope=row] { font-weight: normal }
td:last-child { padding-right: 0 }
code, pre { font: .8125rem/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
code { font-size: .875rem }
.listing { overflow-x: auto; border: 1px solid var(--rule) }
pre { margin: 0; padding: .5rem 0; width: max-content; min-width: 100%; overflow-wrap: normal }
pre span { display: block; padding: 0 .75rem }
pre i { font-style: normal; color: var(--quiet); user-select: none }
.yes { background: var(--yes) } .part { background: var(--part) } .no { background: var(--no) }
.sign { padding: 0 .375rem }
"""
_SIGNS = {"yes": "+", "part": "~", "no": "-", "": " "}
_KEY = (
    '<p class="quiet">Beside a line of a rule stands how often it was evaluated, and '
    '<span class="sign yes">+</span> its conditions decide both ways, '
    '<span class="sign part">~</span> some only one way or never, '
    '<span class="sign no">-</span> it was never evaluated.</p>'
)


def page(coverage: Coverage) -> str:
    """Return the page, in English."""
    files = lines_of(coverage)
    ids = {source: f"file-{number}" for number, source in enumerate(files, 1)}
    title = f"Coverage of {escape(coverage.policy)} {escape(coverage.version)}"
    gaps = list(_gaps(coverage, ids))
    parts = [
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>",
        _contents(len(gaps), ids),
        f"</header>\n<main>\n{_figures(coverage)}",
        '<h2 id="gaps">What the tests leave open</h2>',
        _list(gaps) if gaps else "<p>Nothing: every rule and condition is decided both ways.</p>",
        '<h2 id="clauses">Clauses</h2>',
        _clauses(coverage),
    ]
    for source, lines in files.items():
        parts += [f'<h2 id="{ids[source]}">{escape(source.path)}</h2>', _KEY]
        parts.append(_listing(source, lines, ids[source]))
    return ascii_markup("\n".join([*parts, "</main>\n</body>\n</html>"]) + "\n")


def _contents(gaps: int, ids: Mapping[Source, str]) -> str:
    links = [("gaps", f"What the tests leave open ({gaps})"), ("clauses", "Clauses")]
    links += [(name, source.path) for source, name in ids.items()]
    items = "\n".join(f'<li><a href="#{name}">{escape(said)}</a></li>' for name, said in links)
    return f'<nav aria-label="On this page">\n<ul>\n{items}\n</ul>\n</nav>'


def _figures(coverage: Coverage) -> str:
    clauses = [each.covered for each in coverage.clauses if each.deciding]
    rules = [each.covered for each in coverage.rules]
    values = 2 * len(coverage.atoms)
    filled = values - sum(len(each.gaps) for each in coverage.atoms)
    rows = (
        ("Clauses decided both ways", f"{coverage.percent:.1f} %", sum(clauses), len(clauses)),
        ("Values of conditions", f"{coverage.percent_of_conditions:.1f} %", filled, values),
        ("Rules decided both ways", str(sum(rules)), sum(rules), len(rules)),
    )
    shown = [
        f"<div><dt>{name}</dt><dd>{figure} <small>{_of(figure, part, whole)}</small></dd></div>"
        for name, figure, part, whole in rows
    ]
    shown.append(f"<div><dt>Tests</dt><dd>{coverage.tests}</dd></div>")
    return '<dl class="figures">\n' + "\n".join(shown) + "\n</dl>"


def _of(figure: str, part: int, whole: int) -> str:
    return f"of {whole}" if figure == str(part) else f"{part} of {whole}"


# --- gaps


def _list(items: Iterable[str]) -> str:
    return '<ol class="gaps">\n' + "\n".join(f"<li>{each}</li>" for each in items) + "\n</ol>"


def _gaps(coverage: Coverage, ids: Mapping[Source, str]) -> Iterator[str]:
    for rule in coverage.rules:
        if not rule.covered:
            yield _rule(rule, ids)
    for atom in coverage.atoms:
        for gap in atom.gaps:
            yield _gap(atom, gap, ids)


def _rule(rule: RuleCoverage, ids: Mapping[Source, str]) -> str:
    got = ", ".join(rule.tests)
    said = f"is only {escape(got)}" if got else "is never evaluated"
    return f"{_place(rule.span, ids)}\n<p>The rule <code>{escape(rule.name)}</code> {said}.</p>"


def _gap(atom: Atom, gap: Gap, ids: Mapping[Source, str]) -> str:
    condition = escape(" ".join(atom.span.text.split()))
    value = "true" if gap.wanted else "false"
    lines = [
        _place(atom.span, ids),
        (
            f"<p>{escape(atom.owner)}: <code>{condition}</code> decides nothing while "
            f"<strong>{value}</strong></p>"
        ),
        f'<p class="quiet">{escape(gap.reason)}</p>',
    ]
    if gap.change is not None:
        within = escape(gap.within or "")
        lines.append(
            f"<p>A case that fills it: <code>{escape(gap.change)}</code>, starting from "
            f"“{within}”</p>"
        )
    return "\n".join(lines)


def _place(span: Span, ids: Mapping[Source, str]) -> str:
    line = span.source.position(span.start)[0]
    return f'<p><a href="#{ids[span.source]}-{line}">{escape(span.where)}</a></p>'


# --- clauses and files


def _clauses(coverage: Coverage) -> str:
    heads = "".join(f'<th scope="col">{x}</th>' for x in ("Clause", "Covered", "Tests by status"))
    rows = []
    for each in coverage.clauses:
        counts = ", ".join(f"{status}: {len(names)}" for status, names in each.tests.items())
        covered = "yes" if each.covered else "no"
        name = escape(each.name).replace(".", ".<wbr>")
        rows.append(
            f'<tr><th scope="row">{name}</th><td>'
            f'<span class="sign {covered}">{covered}</span></td>'
            f"<td>{escape(counts) or 'none'}</td></tr>"
        )
    body = "\n".join(rows)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _listing(source: Source, lines: Mapping[int, Line], name: str) -> str:
    rows = []
    for number, content in enumerate(source.text.split("\n"), 1):
        line = lines.get(number)
        shade, hits = ("", "") if line is None else (_shade(line), f"{line.hits}×")
        kind = f' class="{shade}"' if shade else ""
        # the space keeps a line in place that holds nothing else
        rows.append(
            f'<span{kind} id="{name}-{number}"><i>{number:5} {hits:>6} {_SIGNS[shade]}  </i>'
            f"{escape(content)}</span>"
        )
    # a region that scrolls has to be reached from the keyboard
    frame = f'<div class="listing" role="region" tabindex="0" aria-labelledby="{name}">'
    return f"{frame}<pre>{''.join(rows)}</pre></div>"


def _shade(line: Line) -> str:
    if line.hits == 0:
        return "no"
    return "yes" if line.whole else "part"
