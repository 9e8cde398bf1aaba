"""Test files -> Suite: parsed, and every name and path they use checked against the policy."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from somepolicy.engine.days import Days
from somepolicy.file_access import read_file, reason
from somepolicy.files import TESTS, files_below, files_of_tests, shown_path
from somepolicy.functions.something import says_something
from somepolicy.ir import types as t
from somepolicy.json_type import Json
from somepolicy.loading import unreadable
from somepolicy.policy import Policy
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, did_you_mean
from somepolicy.syntax.parser import parse, read_source
from somepolicy.syntax.source import Span
from somepolicy.workbench.change import (
    NoSuchPlaceError,
    changed,
    literal,
    sets_parameter,
    steps_of,
)
from somepolicy.workbench.select import Row, rows

EXAMPLES = "examples"
_MOST_NAMED = 12  # fields
_MOST_ABOVE = 3  # how many folders above a policy may hold examples
_SOME_DAY = "2026-11-22"
_MEANT = {
    **dict.fromkeys(("no", "nei", "off", "false"), "false"),
    **dict.fromkeys(("yes", "ja", "on", "true"), "true"),
}
_LEFT_OUT = "a field is taken away with `without`"


@dataclass(frozen=True)
class Suite:
    """The cases of a policy's tests, the documents they start from by their names, its days."""

    rows: tuple[Row, ...]
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


def read_tests(folder: Path) -> tuple[list[n.Test], list[Diagnostic]]:
    """Read the tests below a policy's folder; return them with what is wrong whatever the policy."""
    try:
        names = files_of_tests(folder)
    except OSError as error:
        return [], [unreadable(shown_path(folder), error)]
    tests: list[n.Test] = []
    errors: list[Diagnostic] = []
    for name in names:
        path = folder / name
        try:
            module = parse(read_source(shown_path(path), read_file(path)))
        except PolicyError as error:
            errors += error.diagnostics
            continue
        except OSError as error:
            errors.append(unreadable(shown_path(path), error))
            continue
        for node in module.declarations:
            if isinstance(node, n.Test):
                tests.append(node)
            else:
                message = "only tests stand in the folder `tests`"
                errors.append(Diagnostic("P113", message, node.span))
    return tests, errors


def example_folders(folder: Path) -> list[Path]:
    """Return the folders of documents that are there: beside the tests, then ever further out."""
    base = folder.resolve()
    places = (base / TESTS, base, *list(base.parents)[:_MOST_ABOVE])
    # unlike Path.is_dir, no error where a folder above cannot be searched
    return [place / EXAMPLES for place in places if os.path.isdir(place / EXAMPLES)]  # noqa: PTH112


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
        tests, self.errors = read_tests(self.folder)
        names: dict[str, n.Test] = {}
        for test in tests:
            if test.name in names:
                self.fail("P201", f"two tests are called `{test.name}`", test.span)
            names[test.name] = test
            if not says_something(test.name):
                self.fail("P112", "a test needs a name that says something", test.span)
            self.test(test)
        return Suite(tuple(rows(tests)), self.documents, self.policy.days)

    def test(self, test: n.Test) -> None:
        document = self.document(test.given)
        if document is not None:
            self.documents[test.given.text] = document
            record = self.record(document, test)
            if record is not None:
                self.time(document, test)
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
            if not says_something(case.name):
                self.fail("P112", "a case needs a name that says something", case.span)

    def document(self, given: n.Quoted) -> dict[str, Json] | None:
        try:
            path = self.find(given.text)
        except OSError as error:
            shown = shown_path(Path(os.fsdecode(error.filename)))
            message = f"the document cannot be looked for: {shown}: {reason(error)}"
            self.fail("P802", message, given.span)
            return None
        if path is None:
            near = did_you_mean(given.text, self.known_documents())
            self.fail("P802", "there is no such document", given.span, near)
            return None
        try:
            content = json.loads(read_file(path).decode())
        except OSError as error:
            cause = "this is a folder" if error.errno == errno.EISDIR else reason(error)
            self.fail("P802", f"the document cannot be read: {cause}", given.span)
            return None
        except (ValueError, RecursionError):
            self.fail("P802", "the document is not readable as JSON", given.span)
            return None
        if not isinstance(content, dict):
            self.fail("P802", "the document is not an object", given.span)
            return None
        return content

    def find(self, name: str) -> Path | None:
        if name.startswith("/") or ".." in name.split("/"):
            return None
        for folder in example_folders(self.folder):
            try:
                (folder / name).lstat()
            except (FileNotFoundError, NotADirectoryError, ValueError):
                continue
            return folder / name
        return None

    def known_documents(self) -> list[str]:
        found: list[str] = []
        for folder in example_folders(self.folder):
            with suppress(OSError):  # a help only
                found += files_below(folder, ".json")
        return found

    def record(self, document: dict[str, Json], test: n.Test) -> t.Record | None:
        kind = document.get("kind")
        if not isinstance(kind, str) or kind not in self.policy.program.kinds:
            self.fail("P802", "the document is of no kind of this policy", test.given.span)
            return None
        return self.policy.program.kinds[kind].schema.record

    def time(self, document: dict[str, Json], test: n.Test) -> None:
        """Check that no case depends on the clock: its answer has to be the same tomorrow."""
        untimed = [
            row for row in rows([test]) if row.at is None and not _states_time(document, row)
        ]
        whole = len(untimed) == max(1, len(test.cases))
        for span in [test.given.span] if whole else [row.span for row in untimed]:
            self.fail(
                "P806",
                "neither the test nor its document says at what time",
                span,
                f"write `at {_SOME_DAY}` before what is expected, or give the document an `as_of`",
            )

    def path(self, path: n.Ident, record: t.Record, document: dict[str, Json]) -> None:
        """Check a path against the schema; a field that does not exist is a mistake of the test."""
        root = path.text.split(".", 1)[0]
        if root not in (document["kind"], "document"):
            rest = path.text if root in record.fields else path.text.partition(".")[2]
            self.fail(
                "P804",
                f"the document is called `{document['kind']}`",
                path.span,
                f"write `{document['kind']}.{rest}`",
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
                help = did_you_mean(step, known) or _fields(known)
                self.fail("P804", f"unknown field `{step}`", path.span, help)
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


def _fields(known: Collection[str]) -> str:
    """Say which fields there are, as many as can be taken in."""
    if not known:
        return "what stands before it has no fields"
    more = ", …" if len(known) > _MOST_NAMED else ""
    return f"there are {', '.join(islice(known, _MOST_NAMED))}{more}"


def _states_time(document: dict[str, Json], row: Row) -> bool:
    try:
        return changed(document, row.changes).get("as_of") is not None
    except NoSuchPlaceError:
        return True  # it is not decided on, and the run says so
