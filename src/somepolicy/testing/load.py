"""Test files -> Suite: parsed, and every name and path they use checked against the policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from somepolicy import types as t
from somepolicy.file_access import read_file
from somepolicy.files import TESTS, shown_path
from somepolicy.json_type import Json
from somepolicy.language import nodes as n
from somepolicy.language.diagnostics import Diagnostic, PolicyError, did_you_mean
from somepolicy.language.parser import parse, read_source
from somepolicy.language.source import Span
from somepolicy.policy import Policy
from somepolicy.runtime.days import Days
from somepolicy.testing.change import literal, sets_parameter, steps_of

EXAMPLES = "examples"
_MEANT = {
    **dict.fromkeys(("no", "nei", "off", "false"), "false"),
    **dict.fromkeys(("yes", "ja", "on", "true"), "true"),
}
_LEFT_OUT = "a field is taken away with `without`"


@dataclass(frozen=True)
class Suite:
    """The tests of a policy, the documents they start from by the name they use, and its days."""

    tests: tuple[n.Test, ...]
    documents: dict[str, dict[str, Json]]
    days: Days = field(default_factory=Days)


def load_suite(policy: Policy, folder: Path) -> Suite:
    """Load the tests below a policy's folder. Raises PolicyError with all that is wrong.

    Documents are looked up in `examples` beside the tests, then in the folders above.
    """
    loader = _Loader(policy, folder)
    suite = loader.suite()
    if loader.errors:
        raise PolicyError(loader.errors)
    return suite


class _Loader:
    def __init__(self, policy: Policy, folder: Path) -> None:
        self.policy = policy
        self.folder = folder
        self.errors: list[Diagnostic] = []
        self.documents: dict[str, dict[str, Json]] = {}
        program = policy.program
        self.rules = {rule.name for rule in program.rules}
        self.clauses = set(program.clauses)

    def fail(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        self.errors.append(Diagnostic(code, message, span, help))

    def suite(self) -> Suite:
        tests: list[n.Test] = []
        for path in sorted((self.folder / TESTS).rglob("*.pol")):
            try:
                module = parse(read_source(shown_path(path), read_file(path)))
            except PolicyError as error:
                self.errors += error.diagnostics
                continue
            for node in module.declarations:
                if isinstance(node, n.Test):
                    tests.append(node)
                else:
                    self.fail("P113", "only tests stand in the folder `tests`", node.span)
        names: dict[str, n.Test] = {}
        for test in tests:
            if test.name in names:
                self.fail("P201", f"two tests are called `{test.name}`", test.span)
            names[test.name] = test
            self.test(test)
        return Suite(tuple(tests), self.documents, self.policy.days)

    def test(self, test: n.Test) -> None:
        document = self.document(test.given)
        if document is not None:
            self.documents[test.given.text] = document
            record = self.record(document, test)
            for steps in (test.steps, *(case.steps for case in test.cases)):
                for change in steps.changes:
                    if isinstance(change, n.With) and not self.value(change.value):
                        continue
                    if sets_parameter(change):
                        self.parameter(change)
                    elif record is not None:
                        self.path(change.path, record, document)
        total = 0
        for steps in (test.steps, *(case.steps for case in test.cases)):
            total += len(steps.expectations)
            for expectation in steps.expectations:
                self.expectation(expectation)
        if not test.steps.expectations:
            for case in test.cases:
                if not case.steps.expectations:
                    self.fail("P803", f"the case `{case.name}` expects nothing", case.span)
        if not total:
            self.fail("P803", f"the test `{test.name}` expects nothing", test.given.span)
        seen: set[str] = set()
        for case in test.cases:
            if case.name in seen:
                self.fail("P201", f"two cases are called `{case.name}`", case.span)
            seen.add(case.name)

    def document(self, given: n.Quoted) -> dict[str, Json] | None:
        path = self.find(given.text)
        if path is None:
            near = did_you_mean(given.text, self.known_documents())
            self.fail("P802", "there is no such document", given.span, near)
            return None
        try:
            content = json.loads(read_file(path).decode())
        except (OSError, ValueError, RecursionError):
            self.fail("P802", "the document is not readable as JSON", given.span)
            return None
        if not isinstance(content, dict):
            self.fail("P802", "the document is not an object", given.span)
            return None
        return content

    def example_folders(self) -> Iterator[Path]:
        """Where documents may be: beside the tests, then ever further out."""
        base = self.folder.resolve()
        for place in (base / TESTS, base, *list(base.parents)[:3]):
            if (place / EXAMPLES).is_dir():
                yield place / EXAMPLES

    def find(self, name: str) -> Path | None:
        if name.startswith("/") or ".." in name.split("/"):
            return None
        for folder in self.example_folders():
            if (folder / name).is_file():
                return folder / name
        return None

    def known_documents(self) -> list[str]:
        return [
            path.relative_to(folder).as_posix()
            for folder in self.example_folders()
            for path in folder.rglob("*.json")
        ]

    def record(self, document: dict[str, Json], test: n.Test) -> t.Record | None:
        kind = document.get("kind")
        if not isinstance(kind, str) or kind not in self.policy.program.kinds:
            self.fail("P802", "the document is of no kind of this policy", test.given.span)
            return None
        return self.policy.program.kinds[kind].schema.record

    def path(self, path: n.Ident, record: t.Record, document: dict[str, Json]) -> None:
        """Hold a path against the schema; a field that does not exist is a mistake of the test."""
        root = path.text.split(".", 1)[0]
        if root not in (document["kind"], "document"):
            self.fail(
                "P804",
                f"the document is called `{document['kind']}`",
                path.span,
                f"write `{document['kind']}.{path.text}`" if root in record.fields else None,
            )
            return
        kind: t.Type = record
        for step in steps_of(path):
            if isinstance(step, int):
                if not isinstance(kind, t.ListOf):
                    self.fail("P804", f"there is no list before `[{step}]`", path.span)
                    return
                kind = kind.element
                continue
            if not isinstance(kind, t.Record) or step not in kind.fields:
                known = kind.fields if isinstance(kind, t.Record) else {}
                self.fail("P804", f"unknown field `{step}`", path.span, did_you_mean(step, known))
                return
            kind = kind.fields[step].type

    def value(self, value: n.Expr) -> bool:
        """Refuse what has to be worked out, or is a word without quotes."""
        match value:
            case n.Literal():
                return True
            case n.Tuple(items):
                return False not in [self.value(item) for item in items]
            case n.Name():
                word = value.ident.text
                meant = _MEANT.get(word.lower(), f'"{word}"')
                help = f"is `{meant}` meant? a text stands in quotes; {_LEFT_OUT}"
                self.fail("P805", f"`{word}` is no value", value.span, help)
            case _:
                said = "only a value can be set, and this has to be worked out"
                help = "write a text, a number, a date, `true`, `false`, or several in brackets"
                self.fail("P805", said, value.span, help)
        return False

    def parameter(self, change: n.Change) -> None:
        name = change.path.text
        parameters = self.policy.program.parameters
        if name not in parameters:
            self.fail(
                "P804",
                f"`{name}` is no parameter of the policy",
                change.path.span,
                did_you_mean(name, parameters) or "a field is written with the document's name",
            )
        elif isinstance(change, n.With) and not parameters[name].admits(literal(change.value)):
            kind = parameters[name].type
            self.fail("P311", f"`{name}` needs a value of type {kind}", change.value.span)

    def expectation(self, expectation: n.Expectation) -> None:
        match expectation:
            case n.ExpectClause() if expectation.clause.text not in self.clauses:
                self.fail(
                    "P801",
                    f"unknown clause `{expectation.clause.text}`",
                    expectation.clause.span,
                    did_you_mean(expectation.clause.text, self.clauses),
                )
            case n.ExpectRule() if expectation.rule.text not in self.rules:
                self.fail(
                    "P801",
                    f"unknown rule `{expectation.rule.text}`",
                    expectation.rule.span,
                    did_you_mean(expectation.rule.text, self.rules),
                )
            case _:
                pass
