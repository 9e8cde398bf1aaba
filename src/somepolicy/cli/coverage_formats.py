"""Coverage in the form asked for: text, JSON, a page of HTML, Cobertura XML, LCOV.

The last two know lines only. A line counts as often as the conditions and rules on it were
evaluated, and a condition has two branches: it decides while true, and while false.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from xml.etree import ElementTree as Xml

from somepolicy.language.source import Source, Span
from somepolicy.testing.coverage_report import Atom, Coverage, Gap, RuleCoverage

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0 }
tr { border-bottom: 1px solid #ccc }
pre { line-height: 1.35; overflow-x: auto }
pre span { display: block; padding-left: .5rem; border-left: .3rem solid transparent }
.yes { border-color: #2a7 !important; background: #e9f7ef }
.part { border-color: #c80 !important; background: #fff5e0 }
.no { border-color: #c33 !important; background: #fdecec }
"""


@dataclass(frozen=True)
class _Line:
    """What stands on one line of a file."""

    atoms: tuple[Atom, ...]
    rules: tuple[RuleCoverage, ...]

    @property
    def hits(self) -> int:
        evaluated = [sum(atom.seen.values()) for atom in self.atoms]
        return max([*evaluated, *map(_runs, self.rules)])

    @property
    def branches(self) -> tuple[int, ...]:
        """How many tests each branch decided, two for each condition."""
        return tuple(len(atom.decided[value]) for atom in self.atoms for value in (True, False))


def text(coverage: Coverage) -> str:
    """Return a report for people: the figures, then every gap with what would fill it."""
    clauses = [each for each in coverage.clauses if each.deciding]
    lines = [
        (
            f"{coverage.policy}: {coverage.tests} tests decide {coverage.percent:.1f} % of "
            f"{len(clauses)} clauses both ways, and {coverage.percent_of_conditions:.1f} % of the "
            f"values of {len(coverage.atoms)} conditions"
        )
    ]
    for clause in coverage.clauses:
        if not clause.covered:
            got = ", ".join(clause.tests) or "nothing"
            lines.append(f"{clause.span.where}: the clause {clause.name} is only {got}")
    for rule in coverage.rules:
        if not rule.covered:
            got = ", ".join(rule.tests) or "never evaluated"
            lines.append(f"{rule.span.where}: the rule {rule.name} is only {got}")
    for atom in coverage.atoms:
        for gap in atom.gaps:
            lines += _gap_lines(atom, gap)
    return "\n".join(lines) + "\n"


def _gap_lines(atom: Atom, gap: Gap) -> Iterator[str]:
    said = " ".join(atom.span.text.split())
    value = "true" if gap.wanted else "false"
    yield f"{atom.span.where}: {atom.owner}: `{said}` decides nothing while {value}"
    yield f"    {gap.reason}"
    if gap.change is not None:
        yield f"    a case that fills it: `{gap.change}`, starting from {gap.within!r}"


def as_json(coverage: Coverage) -> str:
    """Return everything as one JSON object."""
    record = {
        "policy": coverage.policy,
        "tests": coverage.tests,
        "percent": round(coverage.percent, 2),
        "percent_of_conditions": round(coverage.percent_of_conditions, 2),
        "clauses": [
            {"clause": x.name, **_place(x.span), "covered": x.covered, "tests": dict(x.tests)}
            for x in coverage.clauses
        ],
        "rules": [
            {"rule": x.name, **_place(x.span), "covered": x.covered, "tests": dict(x.tests)}
            for x in coverage.rules
        ],
        "conditions": [_condition(atom) for atom in coverage.atoms],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _condition(atom: Atom) -> dict[str, object]:
    words = {True: "true", False: "false", None: "unknown"}
    return {
        "condition": " ".join(atom.span.text.split()),
        "owner": atom.owner,
        "part": atom.part,
        **_place(atom.span),
        "covered": atom.covered,
        "seen": {words[value]: atom.seen.get(value, 0) for value in (True, False, None)},
        "decided": {words[value]: list(atom.decided[value]) for value in (True, False)},
        "gaps": [
            {"wanted": x.wanted, "reason": x.reason, "within": x.within, "change": x.change}
            for x in atom.gaps
        ],
    }


def _place(span: Span) -> dict[str, object]:
    line, column = span.source.position(span.start)
    return {"file": span.source.path, "line": line, "column": column}


# --- by line


def lcov(coverage: Coverage) -> str:
    """Return a tracefile of LCOV: a rule is a function, a condition two branches."""
    lines: list[str] = []
    for source, found in _files(coverage).items():
        rules = [(line, rule) for line, each in found.items() for rule in each.rules]
        lines += ["TN:", f"SF:{source.path}"]
        lines += [f"FN:{line},{rule.name}" for line, rule in rules]
        lines += [f"FNDA:{_runs(rule)},{rule.name}" for _, rule in rules]
        lines += [f"FNF:{len(rules)}", f"FNH:{sum(_runs(rule) > 0 for _, rule in rules)}"]
        lines += [
            f"BRDA:{line},{index // 2},{index % 2},{taken if each.hits else '-'}"
            for line, each in found.items()
            for index, taken in enumerate(each.branches)
        ]
        taken_all = [taken for each in found.values() for taken in each.branches]
        lines += [f"BRF:{len(taken_all)}", f"BRH:{sum(taken > 0 for taken in taken_all)}"]
        lines += [f"DA:{line},{each.hits}" for line, each in found.items()]
        hit = sum(each.hits > 0 for each in found.values())
        lines += [f"LF:{len(found)}", f"LH:{hit}", "end_of_record"]
    return "\n".join(lines) + "\n"


def cobertura(coverage: Coverage) -> str:
    """Return a report after the DTD coverage-04 of Cobertura, a class for each file."""
    files = _files(coverage)
    total = [each for found in files.values() for each in found.values()]
    root = Xml.Element("coverage", {**_rates(total), **_totals(total), "version": "1"})
    root.set("complexity", "0")
    root.set("timestamp", "0")
    Xml.SubElement(Xml.SubElement(root, "sources"), "source").text = "."
    package = Xml.SubElement(
        Xml.SubElement(root, "packages"),
        "package",
        {"name": coverage.policy, **_rates(total), "complexity": "0"},
    )
    classes = Xml.SubElement(package, "classes")
    for source, found in files.items():
        path = source.path
        kept = {"name": path, "filename": path, **_rates([*found.values()]), "complexity": "0"}
        node = Xml.SubElement(classes, "class", kept)
        Xml.SubElement(node, "methods")
        lines = Xml.SubElement(node, "lines")
        for number, each in found.items():
            Xml.SubElement(lines, "line", _cobertura_line(number, each))
    Xml.indent(root)
    body = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _cobertura_line(number: int, line: _Line) -> dict[str, str]:
    record = {"number": str(number), "hits": str(line.hits), "branch": "false"}
    if line.branches:
        taken, count = sum(x > 0 for x in line.branches), len(line.branches)
        record["branch"] = "true"
        record["condition-coverage"] = f"{100 * taken // count}% ({taken}/{count})"
    return record


def _totals(lines: list[_Line]) -> dict[str, str]:
    taken = [x for each in lines for x in each.branches]
    return {
        "lines-valid": str(len(lines)),
        "lines-covered": str(sum(each.hits > 0 for each in lines)),
        "branches-valid": str(len(taken)),
        "branches-covered": str(sum(x > 0 for x in taken)),
    }


def _rates(lines: list[_Line]) -> dict[str, str]:
    counts = {name: int(value) for name, value in _totals(lines).items()}
    return {
        f"{name}-rate": f"{counts[f'{plural}-covered'] / (counts[f'{plural}-valid'] or 1):.4f}"
        for name, plural in (("line", "lines"), ("branch", "branches"))
    }


def _files(coverage: Coverage) -> dict[Source, dict[int, _Line]]:
    """Return the lines with a condition or the name of a rule, by file, in order."""
    atoms: dict[tuple[Source, int], list[Atom]] = {}
    rules: dict[tuple[Source, int], list[RuleCoverage]] = {}
    for atom in coverage.atoms:
        atoms.setdefault(_line_of(atom.span), []).append(atom)
    for rule in coverage.rules:
        rules.setdefault(_line_of(rule.span), []).append(rule)
    places = sorted({*atoms, *rules}, key=lambda place: (place[0].path, place[1]))
    files: dict[Source, dict[int, _Line]] = {}
    for place in places:
        line = _Line(tuple(atoms.get(place, ())), tuple(rules.get(place, ())))
        files.setdefault(place[0], {})[place[1]] = line
    return files


def _line_of(span: Span) -> tuple[Source, int]:
    return span.source, span.source.position(span.start)[0]


def _runs(rule: RuleCoverage) -> int:
    return len({name for names in rule.tests.values() for name in names})


# --- the page


def html(coverage: Coverage) -> str:
    """Return one page that needs nothing else: figures, clauses, gaps, the files by line."""
    title = f"Coverage of {escape(coverage.policy)}"
    parts = [
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>",
        (
            f"<p>{coverage.tests} tests decide {coverage.percent:.1f} % of the clauses both ways, "
            f"and {coverage.percent_of_conditions:.1f} % of the values of conditions.</p>"
        ),
        "<h2>Clauses</h2>",
        _table(("Clause", "Covered", "Tests by status"), _clause_rows(coverage)),
        "<h2>Gaps</h2>",
        _table(("Place", "Condition", "Value", "Why", "A case that fills it"), _gap_rows(coverage)),
    ]
    for source, lines in _files(coverage).items():
        parts += [f"<h2>{escape(source.path)}</h2>", _listing(source, lines)]
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _clause_rows(coverage: Coverage) -> Iterator[tuple[str, ...]]:
    for each in coverage.clauses:
        counts = ", ".join(f"{status}: {len(names)}" for status, names in each.tests.items())
        yield each.name, "yes" if each.covered else "no", counts


def _gap_rows(coverage: Coverage) -> Iterator[tuple[str, ...]]:
    for atom in coverage.atoms:
        for gap in atom.gaps:
            said = f"{atom.owner}: {' '.join(atom.span.text.split())}"
            case = f"{gap.within}: {gap.change}" if gap.change else ""
            yield atom.span.where, said, "true" if gap.wanted else "false", gap.reason, case


def _listing(source: Source, lines: Mapping[int, _Line]) -> str:
    rows = []
    for number, content in enumerate(source.text.split("\n"), 1):
        line = lines.get(number)
        shade = "" if line is None else f' class="{_shade(line)}" title="{line.hits} evaluations"'
        rows.append(f"<span{shade}>{number:4}  {escape(content)}</span>")
    return f"<pre>{''.join(rows)}</pre>"


def _shade(line: _Line) -> str:
    if line.hits == 0:
        return "no"
    whole = all(line.branches) and all(rule.covered for rule in line.rules)
    return "yes" if whole else "part"


FORMATS: Mapping[str, Callable[[Coverage], str]] = MappingProxyType(
    {"text": text, "json": as_json, "html": html, "cobertura": cobertura, "lcov": lcov}
)
