"""Diagnostics for other programs: JSON, SARIF 2.1.0 and annotations of GitHub Actions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from somepolicy.cli.show.ci_formats import Fingerprints, file_uri, sarif_log, workflow_command
from somepolicy.cli.terminal import write
from somepolicy.json_type import Json
from somepolicy.rendering.plain_text import printable
from somepolicy.syntax.codes import CODES, severity
from somepolicy.syntax.diagnostics import Diagnostic
from somepolicy.syntax.source import Span

PAGES = "docs/diagnostics"


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> Json:
    """Return a list of records; lines and columns count from 1, the end is exclusive."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "message": each.message,
            "help": each.help,
            "context": each.context,
            "file": each.span.source.path,
            **place(each.span),
        }
        for each in diagnostics
    ]


def place(span: Span) -> dict[str, Json]:
    """Return line and column, in code points from 1, of the first character and past the last."""
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


# --- GitHub Actions


def annotation(level: str, span: Span, title: str, message: str) -> str:
    """Return a workflow command that GitHub shows beside the line."""
    line, column = span.source.position(span.start)
    named = {"file": span.source.path, "line": line, "col": column, "title": title}
    return workflow_command(level, named, message)


def write_annotations(diagnostics: Iterable[Diagnostic]) -> None:
    """Write one annotation per diagnostic."""
    for each in diagnostics:
        message = each.message + (f"\nhelp: {each.help}" if each.help else "")
        write(annotation(each.severity, each.span, each.code, message), sys.stdout)


# --- SARIF


def sarif(diagnostics: Sequence[Diagnostic]) -> Json:
    """Return a SARIF log of one run with every code as a rule."""
    places = {code: index for index, code in enumerate(CODES)}
    fingerprints = Fingerprints()
    results = [_result(each, places[each.code], fingerprints) for each in diagnostics]
    return sarif_log([_rule(code) for code in CODES], results)


def _rule(code: str) -> Json:
    # no helpUri: it has to be absolute, and the pages have no address of their own
    page = f"{PAGES}/{code}.md"
    meaning = CODES[code].replace("`", "")
    return {
        "id": code,
        "shortDescription": {"text": meaning},
        "help": {
            "text": f"{meaning}. See {page}.",
            "markdown": f"{CODES[code]}. See [{code}]({page}).",
        },
        "defaultConfiguration": {"level": severity(code)},
    }


def _result(diagnostic: Diagnostic, index: int, fingerprints: Fingerprints) -> Json:
    said = [diagnostic.message]
    said += [f"help: {diagnostic.help}"] if diagnostic.help else []
    said += [f"in {diagnostic.context}"] if diagnostic.context else []
    result: dict[str, Json] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": printable("\n".join(said))},
        "locations": [_location(diagnostic.span)],
        "partialFingerprints": _fingerprint(diagnostic, fingerprints),
    }
    if diagnostic.labels:
        result["relatedLocations"] = [
            {**_location(each.span), "message": {"text": printable(each.text)}}
            for each in diagnostic.labels
        ]
    return result


def _location(span: Span) -> dict[str, Json]:
    at = place(span)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": file_uri(span.source.path)},
            "region": {
                "startLine": at["line"],
                "startColumn": at["column"],
                "endLine": at["end_line"],
                "endColumn": at["end_column"],
            },
        }
    }


def _fingerprint(diagnostic: Diagnostic, fingerprints: Fingerprints) -> dict[str, Json]:
    """Return what stays the same while lines are added or taken away above a diagnostic."""
    source = diagnostic.span.source
    line = source.line(source.position(diagnostic.span.start)[0]).strip()
    return fingerprints.of(diagnostic.code, source.path, diagnostic.message, line)
