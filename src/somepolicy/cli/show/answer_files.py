"""Answers for servers of continuous integration: JUnit, annotations of GitHub, SARIF.

What is written here is kept by others. A private post is therefore not written at all, as it is
not logged: nobody else is to read what it would break.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree import ElementTree as ET

from somepolicy.cli.show.answers import Answer, Tally
from somepolicy.cli.show.as_json import write_json
from somepolicy.cli.show.ci_formats import (
    Fingerprints,
    file_uri,
    sarif_log,
    workflow_command,
    write_xml,
)
from somepolicy.cli.show.errors import error_line, error_text, place
from somepolicy.cli.show.reasons import Reason, Wordings
from somepolicy.cli.terminal import write
from somepolicy.documents.reading import Item
from somepolicy.documents.sources import STANDARD_INPUT
from somepolicy.json_type import Json
from somepolicy.languages import in_language
from somepolicy.policy import Policy
from somepolicy.rendering.plain_text import one_line, printable
from somepolicy.rendering.xml_text import xml_text


class GithubWriter:
    """An annotation for each reason, at the file of the document; then the count."""

    def __init__(self, wordings: Wordings) -> None:
        self._wordings = wordings

    def write(self, answer: Answer) -> None:
        """Write the annotations of one document."""
        for line, title, message in self._told(answer):
            at = _file(answer.item, line)
            write(workflow_command("error", {**at, "title": title}, message), sys.stdout)

    def _told(self, answer: Answer) -> Iterator[tuple[int, str, str]]:
        words = self._wordings.words
        for error in answer.errors:
            told = f"{place(answer.item, words)}: {error_text(answer.item, error, self._wordings)}"
            yield error_line(answer.item, error), error.code, told
        if answer.decision is not None:
            for each in self._wordings.reasons(answer.decision):
                told = f"{answer.decision.document.id}: {_pointed(each)}"
                yield answer.item.line or 1, ", ".join(each.clauses), told

    def end(self, tally: Tally) -> None:
        """Sum up."""
        write(tally.summary(self._wordings.words), sys.stdout)


def _file(item: Item, line: int) -> dict[str, object]:
    return {} if item.source == STANDARD_INPUT else {"file": item.source, "line": line}


def _pointed(reason: Reason) -> str:
    return f"{reason.text}  {reason.at}".rstrip()


class JunitWriter:
    """A test case for each document, a suite for each file. Written at the end, with its counts."""

    def __init__(self, wordings: Wordings, policy: Policy) -> None:
        self._wordings = wordings
        self._policy = policy.evaluator.compiled
        self._cases: list[tuple[str, ET.Element]] = []

    def write(self, answer: Answer) -> None:
        """Keep the case of one document."""
        words, item = self._wordings.words, answer.item
        decision = answer.decision
        kind = "document" if decision is None else decision.document.kind
        name = place(item, words) if decision is None else decision.document.id
        case = ET.Element(
            "testcase",
            {"classname": f"{self._policy.name}.{kind}", "name": xml_text(name), "time": "0"},
        )
        if decision is None:
            told = [error_text(item, each, self._wordings) for each in answer.errors]
            _outcome(case, "error", answer.errors[0].code, told)
        elif not decision.allowed:
            reasons = list(self._wordings.reasons(decision))
            told = [f"{', '.join(each.clauses)}: {_pointed(each)}" for each in reasons]
            _outcome(case, "failure", str(decision.because), told)
        self._cases.append((item.source, case))

    def end(self, _tally: Tally) -> None:
        """Write the whole."""
        named = f"{self._policy.name} {self._policy.version}"
        cases = [case for _, case in self._cases]
        root = ET.Element("testsuites", {"name": xml_text(named), **_counts(cases)})
        for source, group in groupby(self._cases, lambda each: each[0]):
            own = [case for _, case in group]
            piped = source == STANDARD_INPUT
            name = xml_text(self._wordings.words.standard_input if piped else source)
            suite = {"name": name, "skipped": "0", **_counts(own)}
            if not piped:
                suite["file"] = name
            ET.SubElement(root, "testsuite", suite).extend(own)
        write_xml(root)


def _outcome(case: ET.Element, tag: str, type: str, told: list[str]) -> None:
    first = {"message": xml_text(one_line(told[0])), "type": type}
    ET.SubElement(case, tag, first).text = xml_text("\n".join(told))


def _counts(cases: Iterable[ET.Element]) -> dict[str, str]:
    tags = [[each.tag for each in case] for case in cases]
    return {
        "tests": str(len(tags)),
        "failures": str(sum("failure" in each for each in tags)),
        "errors": str(sum("error" in each for each in tags)),
        "time": "0",
    }


class SarifWriter:
    """A result for each reason and clause, with the clauses as rules. Written at the end.

    What cannot be judged is a notification of the tool, for it breaks no clause.
    """

    def __init__(self, wordings: Wordings, policy: Policy) -> None:
        self._wordings = wordings
        self._clauses = policy.program.clauses
        self._places = {name: index for index, name in enumerate(self._clauses)}
        self._results: list[Json] = []
        self._notes: list[Json] = []
        self._fingerprints = Fingerprints()

    def write(self, answer: Answer) -> None:
        """Keep the results of one document."""
        item = answer.item
        for error in answer.errors:
            self._notes.append(
                {
                    "level": "error",
                    "descriptor": {"id": error.code},
                    "message": {"text": printable(error_text(item, error, self._wordings))},
                    "locations": _locations(item, error.pointer, error_line(item, error)),
                }
            )
        if answer.decision is not None:
            id = answer.decision.document.id
            for each in self._wordings.reasons(answer.decision):
                self._results += [self._result(item, id, each, name) for name in each.clauses]

    def _result(self, item: Item, id: str, reason: Reason, clause: str) -> Json:
        return {
            "ruleId": clause,
            "ruleIndex": self._places[clause],
            "level": "error",
            "message": {"text": printable(f"{id}: {reason.text}")},
            "locations": _locations(item, reason.at, item.line or 1),
            "partialFingerprints": self._fingerprints.of(clause, item.source, id, reason.at),
        }

    def end(self, _tally: Tally) -> None:
        """Write the whole."""
        language = self._wordings.language
        rules: list[Json] = [
            {
                "id": name,
                "shortDescription": {"text": printable(in_language(clause.says, language))},
            }
            for name, clause in self._clauses.items()
        ]
        done: Json = {
            "executionSuccessful": not self._notes,
            "toolExecutionNotifications": self._notes,
        }
        write_json(sarif_log(rules, self._results, invocations=[done]))


def _locations(item: Item, at: str, line: int) -> list[Json]:
    found: dict[str, Json] = {"logicalLocations": [{"fullyQualifiedName": item.at + at or "/"}]}
    if item.source != STANDARD_INPUT:
        region: Json = {"startLine": line}
        file: Json = {"uri": file_uri(item.source)}
        found["physicalLocation"] = {"artifactLocation": file, "region": region}
    return [found]
