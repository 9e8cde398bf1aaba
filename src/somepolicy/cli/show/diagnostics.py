"""Diagnostics for other programs: JSON, SARIF 2.1.0 and annotations of GitHub Actions."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from urllib.parse import quote

from somepolicy.cli.terminal import write
from somepolicy.json_type import Json
from somepolicy.rendering.plain_text import printable
from somepolicy.syntax.codes import CODES, severity
from somepolicy.syntax.diagnostics import Diagnostic
from somepolicy.syntax.source import Span
from somepolicy.version import __version__

PAGES = "docs/diagnostics"
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


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
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in named.items())
    return f"::{level} {shown}::{_data(message)}"


def write_annotations(diagnostics: Iterable[Diagnostic]) -> None:
    """Write one annotation per diagnostic."""
    for each in diagnostics:
        message = each.message + (f"\nhelp: {each.help}" if each.help else "")
        write(annotation(each.severity, each.span, each.code, message), sys.stdout)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# --- SARIF


def sarif(diagnostics: Sequence[Diagnostic]) -> Json:
    """Return a SARIF log of one run with every code as a rule."""
    fingerprints = _fingerprints(diagnostics)
    places = {code: index for index, code in enumerate(CODES)}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "somepolicy",
                        "version": __version__,
                        "rules": [_rule(code) for code in CODES],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(each, places[each.code], fingerprint)
                    for each, fingerprint in zip(diagnostics, fingerprints, strict=True)
                ],
            }
        ],
    }


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


def _result(diagnostic: Diagnostic, index: int, fingerprint: str) -> Json:
    said = [diagnostic.message]
    said += [f"help: {diagnostic.help}"] if diagnostic.help else []
    said += [f"in {diagnostic.context}"] if diagnostic.context else []
    result: dict[str, Json] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": printable("\n".join(said))},
        "locations": [_location(diagnostic.span)],
        "partialFingerprints": {"somepolicy/v1": fingerprint},
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
            "artifactLocation": {"uri": _uri(span.source.path)},
            "region": {
                "startLine": at["line"],
                "startColumn": at["column"],
                "endLine": at["end_line"],
                "endColumn": at["end_column"],
            },
        }
    }


def _uri(path: str) -> str:
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())


def _fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return what stays the same while lines are added or taken away above a diagnostic."""
    seen: Counter[str] = Counter()
    found = []
    for each in diagnostics:
        source = each.span.source
        line = source.line(source.position(each.span.start)[0]).strip()
        key = f"{each.code}\0{source.path}\0{each.message}\0{line}"
        seen[key] += 1
        found.append(hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "replace")).hexdigest())
    return found
