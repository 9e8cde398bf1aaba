"""Results of a policy's tests: text for people, JSON, JUnit XML, TAP, and GitHub annotations.

Values of free text are shown in none of them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.text import Text

from somepolicy.backends.walk.results import Instance
from somepolicy.cli.show.as_json import write_json
from somepolicy.cli.show.ci_formats import write_xml
from somepolicy.cli.show.diagnostics import annotation
from somepolicy.cli.show.fields import Fields
from somepolicy.cli.show.trace import show_trace
from somepolicy.cli.show.values import show_value, type_at
from somepolicy.cli.terminal import Page, console, styled, write
from somepolicy.engine.evaluation import StatusCode
from somepolicy.ir import types as t
from somepolicy.json_type import Json
from somepolicy.policy import Policy
from somepolicy.rendering.plain_text import one_line
from somepolicy.rendering.xml_text import xml_text
from somepolicy.syntax import nodes as n
from somepolicy.texts.catalogue import texts
from somepolicy.workbench.change import literal, sets_parameter, steps_of
from somepolicy.workbench.runner import CaseResult, TestReport, Unmet
from somepolicy.workbench.select import Row, Selection

_ENGLISH = "en"
_INDENT = 4
_MOST_RULES = 5  # traced for one case
_DATE = re.compile(r"[-0-9:.+TZ]{1,40}")
# a consumer that does not know TAP 14's `\#` takes the word behind it for a directive
_DIRECTIVE = re.compile(r"#(?=\s*(?:todo|skip))", re.IGNORECASE)


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    TAP = "tap"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    selection: Selection = field(default_factory=Selection)
    list_only: bool = False
    fail_fast: bool = False
    allow_empty: bool = False
    verbose: bool = False
    durations: bool = False
    format: Format = Format.TEXT


@dataclass(frozen=True)
class Ran:
    """The tests of one policy and what came of them."""

    policy: Policy
    report: TestReport


def write_list(listed: Iterable[Row], form: Format) -> None:
    """Write the names of cases and where they stand."""
    if form is Format.JSON:
        write_json([_named(row) for row in listed])
        return
    for row in listed:
        write(f"{_where(row)}: {row.name}", sys.stdout)


def write_results(ran: Sequence[Ran], chosen: int, listed: int, options: Options) -> None:
    """Write the results; `chosen` of the `listed` cases were asked for."""
    summary = _summary(ran, chosen, listed)
    match options.format:
        case Format.TEXT:
            _write_text(ran, options)
            write(summary, sys.stdout)
        case Format.JSON:
            write_json(_as_json(ran, chosen, listed))
        case Format.JUNIT:
            _write_junit(ran)
        case Format.TAP:
            _write_tap(ran, summary)
        case Format.GITHUB:
            for _, each in _results(ran):
                if each.unmet:
                    title = f"FAILED {each.name}"
                    failures = "\n".join(each.failures)
                    write(annotation("error", each.span, title, failures), sys.stdout)
            write(summary, sys.stdout)


def _results(ran: Iterable[Ran]) -> Iterator[tuple[Ran, CaseResult]]:
    return ((one, each) for one in ran for each in one.report.results)


def _where(row: Row) -> str:
    return row.span.where.rpartition(":")[0]


def _summary(ran: Sequence[Ran], chosen: int, listed: int) -> str:
    results = [each for _, each in _results(ran)]
    failed = sum(not each.passed for each in results)
    parts = [f"{len(results) - failed} passed", f"{failed} failed"]
    parts += [f"{chosen - len(results)} not run"] if chosen > len(results) else []
    parts += [f"{listed - chosen} not asked for"] if listed > chosen else []
    return f"{_names(ran)}: {', '.join(parts)}"


def _names(ran: Sequence[Ran]) -> str:
    return ", ".join(f"{each.policy.program.name} {each.policy.program.version}" for each in ran)


# --- for people


def _write_text(ran: Iterable[Ran], options: Options) -> None:
    screen = console(sys.stdout)
    for one, each in _results(ran):
        took = f"  ({each.seconds * 1000:.1f} ms)" if options.durations else ""
        if each.unmet:
            page = Page(screen)
            page.lines.append(
                styled(f"{_where(each.row)}: ", ("FAILED", "bold red"), f" {each.name}{took}")
            )
            page.lines += [Text(" " * _INDENT).append_text(line) for line in _details(one, each)]
            page.print()
        elif options.verbose:
            write(f"{_where(each.row)}: passed {each.name}{took}", sys.stdout)


def _details(one: Ran, result: CaseResult, screen: Console | None = None) -> list[Text]:
    """Return what was decided on, what was expected, what came, and why: no line is empty."""
    inner = screen or console(sys.stdout)
    inner.width = max(inner.width - _INDENT, inner.width // 2)
    page = Page(inner)
    page.line(styled(("given     ", "dim"), result.row.given.text))
    for change in result.row.changes:
        page.line(styled((_changed(one, result, change), "")), hang=10)
    for unmet in result.unmet:
        _unmet(page, unmet)
    _trace(page, one, result)
    return [line for line in page.lines if line.plain.strip()]


def _unmet(page: Page, unmet: Unmet) -> None:
    if unmet.expected is not None:
        page.prefixed("expected  ", " " * 10, styled((unmet.expected, "green")))
        page.prefixed("got       ", " " * 10, styled((unmet.got, "red")))
        return
    for line in unmet.got.splitlines():
        page.line(styled((line, "red")), hang=2)


def _trace(page: Page, one: Ran, result: CaseResult) -> None:
    """Add the trace of the rules in question, those that say something if there are many."""
    if result.explained is None:
        return
    asked = list(dict.fromkeys(rule for unmet in result.unmet for rule in unmet.rules))
    shown = [each for each in result.explained.trace if each.rule.name in asked]
    applied = {each.rule.name for each in shown if each.status is not StatusCode.NOT_APPLICABLE}
    if len(asked) > _MOST_RULES:
        asked = [name for name in asked if name in applied] or asked
    chosen = asked[:_MOST_RULES]
    instances: list[Instance] = [each for each in shown if each.rule.name in chosen]
    if not instances:
        return
    kind = (result.policy or one.policy).program.kinds[result.explained.decision.document.kind]
    fields = Fields(kind.schema.named_files, _ENGLISH)
    show_trace(page, instances, texts(_ENGLISH).eval, fields, advisory=kind.advisory)
    if len(asked) > len(chosen):
        page.line(f"… and {len(asked) - len(chosen)} more rules")


# --- the document's changes


def _changed(one: Ran, result: CaseResult, change: n.Change) -> str:
    """Return a change much as the test writes it, but never a free text."""
    path = change.path.text
    if isinstance(change, n.Without):
        return f"without   {path}"
    return f"with      {path} = {_shown(literal(change.value), _type(one, result, change))}"


def _type(one: Ran, result: CaseResult, change: n.With) -> t.Type | None:
    program = one.policy.program
    if sets_parameter(change):
        return program.parameters[change.path.text].type
    root = change.path.text.split(".", 1)[0]
    if root not in program.kinds and result.explained is not None:
        root = result.explained.decision.document.kind
    if root not in program.kinds:
        return None
    at = "".join(f"/{step}" for step in steps_of(change.path))
    return type_at(program.kinds[root].schema.record, at)


def _shown(value: Json, kind: t.Type | None) -> str:
    words = texts(_ENGLISH).eval
    if isinstance(value, str):
        dated = isinstance(kind, t.Date | t.Instant) and _DATE.fullmatch(value)
        safe = isinstance(kind, t.Enumeration) or dated
        return show_value(value, kind if safe and kind is not None else t.Text(), words)
    if isinstance(value, list):
        fits = isinstance(kind, t.ListOf)
        return show_value(value, kind if fits and kind is not None else t.ListOf(t.Text()), words)
    return json.dumps(value)


# --- for programs


def _named(row: Row) -> dict[str, Json]:
    line, column = row.span.source.position(row.span.start)
    return {
        "name": row.name,
        "test": row.test,
        "case": row.case,
        "file": row.span.source.path,
        "line": line,
        "column": column,
    }


def _as_json(ran: Sequence[Ran], chosen: int, listed: int) -> Json:
    results = [each for _, each in _results(ran)]
    failed = sum(not each.passed for each in results)
    return {
        "policies": [_policy_json(each.policy) for each in ran],
        "passed": len(results) - failed,
        "failed": failed,
        "not_run": chosen - len(results),
        "not_asked_for": listed - chosen,
        "seconds": round(sum(each.seconds for each in results), 6),
        "results": [_result_json(one, each) for one, each in _results(ran)],
    }


def _policy_json(policy: Policy) -> Json:
    return {"name": policy.program.name, "version": policy.program.version}


def _result_json(one: Ran, result: CaseResult) -> Json:
    record: dict[str, Json] = {
        "policy": one.policy.program.name,
        **_named(result.row),
        "outcome": "passed" if result.passed else "error" if result.broken else "failed",
        "seconds": round(result.seconds, 6),
    }
    if result.unmet:
        record["given"] = result.row.given.text
        record["changes"] = [
            " ".join(_changed(one, result, each).split()) for each in result.row.changes
        ]
        record["failures"] = [_unmet_json(one, each) for each in result.unmet]
    return record


def _unmet_json(one: Ran, unmet: Unmet) -> Json:
    spans = {rule.name: rule.span for rule in one.policy.program.rules}
    return {
        "message": str(unmet),
        "expected": unmet.expected,
        "got": unmet.got,
        "line": unmet.span.source.position(unmet.span.start)[0],
        "rules": [
            {"name": name, "where": spans[name].where} for name in dict.fromkeys(unmet.rules)
        ],
    }


def _plain(one: Ran, result: CaseResult) -> str:
    wide = Console(width=120, color_system=None, markup=False, highlight=False, emoji=False)
    return "\n".join(line.plain for line in _details(one, result, wide))


def _write_junit(ran: Sequence[Ran]) -> None:
    # the schema knows `skipped` and `file` of a suite, and neither elsewhere
    root = ET.Element("testsuites", {"name": xml_text(_names(ran)), **_counts(list(_results(ran)))})
    for (name, path), group in groupby(_results(ran), _suite):
        results = list(group)
        attributes = {"name": xml_text(path), "file": xml_text(path), "skipped": "0"}
        suite = ET.SubElement(root, "testsuite", {**attributes, **_counts(results)})
        for one, each in results:
            _junit_case(suite, name, one, each)
    write_xml(root)


def _suite(found: tuple[Ran, CaseResult]) -> tuple[str, str]:
    return found[0].policy.program.name, found[1].span.source.path


def _counts(results: Sequence[tuple[Ran, CaseResult]]) -> dict[str, str]:
    errors = sum(each.broken for _, each in results)
    return {
        "tests": str(len(results)),
        "failures": str(sum(not each.passed for _, each in results) - errors),
        "errors": str(errors),
        "time": f"{sum(each.seconds for _, each in results):.3f}",
    }


def _junit_case(suite: ET.Element, policy: str, one: Ran, result: CaseResult) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": xml_text(f"{policy}.{result.row.test.replace('.', ' ')}"),
            "name": xml_text(result.name),
            "time": f"{result.seconds:.6f}",
        },
    )
    if result.unmet:
        word = "error" if result.broken else "failure"
        attributes = {
            "message": xml_text(result.failures[0]),
            "type": "test" if result.broken else "expect",
        }
        at = f"at        {_where(result.row)}"
        ET.SubElement(case, word, attributes).text = xml_text(f"{at}\n{_plain(one, result)}")


def _write_tap(ran: Sequence[Ran], summary: str) -> None:
    results = list(_results(ran))
    write(f"TAP version 14\n1..{len(results)}", sys.stdout)
    for number, (one, each) in enumerate(results, 1):
        name = _DIRECTIVE.sub("\N{FULLWIDTH NUMBER SIGN}", one_line(each.name))
        name = name.replace("\\", "\\\\").replace("#", "\\#")
        write(f"{'ok' if each.passed else 'not ok'} {number} - {name}", sys.stdout)
        facts: dict[str, Json] = {"duration_ms": round(each.seconds * 1000, 3)}
        if each.unmet:
            facts |= {"message": each.failures[0], "at": _where(each.row)}
            facts["failures"] = list(each.failures)
            facts["details"] = _plain(one, each)
        write("  ---", sys.stdout)
        for key, value in facts.items():
            # JSON is YAML, and holds every text in one line
            write(f"  {key}: {json.dumps(value, ensure_ascii=False)}", sys.stdout)
        write("  ...", sys.stdout)
    write(f"# {summary}", sys.stdout)
