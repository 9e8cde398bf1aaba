"""Coverage in the form asked for: text, JSON, a page of HTML, Cobertura XML, LCOV.

The last two know lines only; a condition has two branches: it decides while true, and while
false.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from xml.etree import ElementTree as Xml

from somepolicy.cli.show.coverage_lines import CoverageLine, lines_of, runs
from somepolicy.cli.show.coverage_page import coverage_page
from somepolicy.rendering.plain_text import one_line
from somepolicy.rendering.xml_text import ascii_markup, xml_text
from somepolicy.syntax.source import Span
from somepolicy.workbench.coverage_report import Atom, Coverage, CoverageGap


def text(coverage: Coverage) -> str:
    """Return a report for people: the figures, then every gap with what would fill it."""
    clauses = [each for each in coverage.clauses if each.deciding]
    lines = [
        (
            f"{coverage.policy} {coverage.version}: {coverage.tests} tests decide {coverage.percent:.1f} % of "
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


def _gap_lines(atom: Atom, gap: CoverageGap) -> Iterator[str]:
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
        "version": coverage.version,
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
    return json.dumps(record, indent=2) + "\n"


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
    for source, found in lines_of(coverage).items():
        rules = [(line, rule) for line, each in found.items() for rule in each.rules]
        lines += ["TN:", f"SF:{one_line(source.path)}"]
        lines += [f"FN:{line},{rule.name}" for line, rule in rules]
        lines += [f"FNDA:{runs(rule)},{rule.name}" for _, rule in rules]
        lines += [f"FNF:{len(rules)}", f"FNH:{sum(runs(rule) > 0 for _, rule in rules)}"]
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
    files = lines_of(coverage)
    total = [each for found in files.values() for each in found.values()]
    root = Xml.Element("coverage", {**_rates(total), **_totals(total), "version": "1"})
    root.set("complexity", "0")
    root.set("timestamp", "0")
    Xml.SubElement(Xml.SubElement(root, "sources"), "source").text = "."
    package = Xml.SubElement(
        Xml.SubElement(root, "packages"),
        "package",
        {"name": xml_text(coverage.policy), **_rates(total), "complexity": "0"},
    )
    classes = Xml.SubElement(package, "classes")
    for source, found in files.items():
        path = xml_text(source.path)
        kept = {"name": path, "filename": path, **_rates([*found.values()]), "complexity": "0"}
        node = Xml.SubElement(classes, "class", kept)
        Xml.SubElement(node, "methods")
        lines = Xml.SubElement(node, "lines")
        for number, each in found.items():
            Xml.SubElement(lines, "line", _cobertura_line(number, each))
    Xml.indent(root)
    body = Xml.tostring(root, encoding="unicode")
    return ascii_markup(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n')


def _cobertura_line(number: int, line: CoverageLine) -> dict[str, str]:
    record = {"number": str(number), "hits": str(line.hits), "branch": "false"}
    if line.branches:
        taken, count = sum(x > 0 for x in line.branches), len(line.branches)
        record["branch"] = "true"
        record["condition-coverage"] = f"{100 * taken // count}% ({taken}/{count})"
    return record


def _totals(lines: list[CoverageLine]) -> dict[str, str]:
    taken = [x for each in lines for x in each.branches]
    return {
        "lines-valid": str(len(lines)),
        "lines-covered": str(sum(each.hits > 0 for each in lines)),
        "branches-valid": str(len(taken)),
        "branches-covered": str(sum(x > 0 for x in taken)),
    }


def _rates(lines: list[CoverageLine]) -> dict[str, str]:
    counts = {name: int(value) for name, value in _totals(lines).items()}
    return {
        f"{name}-rate": f"{counts[f'{plural}-covered'] / (counts[f'{plural}-valid'] or 1):.4f}"
        for name, plural in (("line", "lines"), ("branch", "branches"))
    }


FORMATS: Mapping[str, Callable[[Coverage], str]] = MappingProxyType(
    {"text": text, "json": as_json, "html": coverage_page, "cobertura": cobertura, "lcov": lcov}
)
