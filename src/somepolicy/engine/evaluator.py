"""A policy that decides: its descriptors, its code, and the run over one document."""

from __future__ import annotations

import datetime
from _thread import allocate_lock
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

from somepolicy.engine import formats, values
from somepolicy.engine.assemble import AsOfSource, Assembler
from somepolicy.engine.compiled_policy import (
    ChunkDescriptor,
    CompiledPolicy,
    KindDescriptor,
    ParameterDescriptor,
    RuleDescriptor,
)
from somepolicy.engine.context import Context, Document, Parameters
from somepolicy.engine.days import Days
from somepolicy.engine.decision import Citation, Decision
from somepolicy.engine.evaluation import Evaluation, StatusCode, UnmetInstance, read_note
from somepolicy.engine.library import Library
from somepolicy.engine.published import places, published
from somepolicy.engine.values import (
    SOME_ELEMENT,
    outside_elements,
    tidy_missing,
    unique,
    unset_names,
    walk,
)
from somepolicy.functions.detection import Detection, Detections
from somepolicy.functions.something import byte_finder, finder, says_something
from somepolicy.json_type import Json
from somepolicy.normal_form import python_name

_BUILTINS = (KeyError, ValueError, all, any, dict, enumerate, float, int, len, list, min, str, type)
_HELPERS = (
    byte_finder,
    finder,
    formats.is_instant,
    formats.is_sound,
    formats.is_uri,
    places,
    published,
    says_something,
    values.blamed,
    values.blamed_elements,
    values.encoded,
    values.every,
    values.evidence_elements,
    values.facts_of_elements,
    values.lacking_elements,
    values.located,
    values.member_of,
    values.some,
    values.total,
    values.total_of_decimals,
    values.unique,
)
Codes = Sequence[CodeType]
FullCodes = Callable[[str], Codes]
RuleFunction = Callable[[Document, "Evaluating", list[int]], None]
Reasons = Callable[..., list[str]]
Evidence = Callable[..., list[Detection]]


class CodeUnit:
    """The functions of the generated code.

    Those for unmet instances are loaded when one is needed: `full_codes` gives the code in which a
    name is found, and perhaps more. One thread loads at a time, since code that is given later
    may call what was given before.
    """

    def __init__(
        self, name: str, fast_codes: Codes, full_codes: FullCodes, days: Days | None = None
    ) -> None:
        self._full_codes = full_codes
        self.days = days or Days()
        self._loading = allocate_lock()  # threading itself takes a start 0.7 ms
        self._names: dict[str, Any] = {
            "__builtins__": {each.__name__: each for each in _BUILTINS},
            "__name__": name,
            **{each.__name__: each for each in _HELPERS},
            "add_days": self.days.add_days,
            "as_day": self.days.as_day,
            "day_of": values.day_of,
            "instant_of": values.instant_of,
            "functions": Library({}),
        }
        self._run(fast_codes)

    def function(self, name: str) -> Any:
        """Return a function that every decision runs."""
        return self._names[name]

    def slow_function(self, name: str) -> Any:
        """Return a function, or the schemas, that only some decisions need."""
        found = self._names.get(name)
        if found is None:
            with self._loading:
                if name not in self._names:
                    self._run(self._full_codes(name))
            found = self._names[name]
        return found

    def _run(self, codes: Codes) -> None:
        for code in codes:
            exec(code, self._names)  # noqa: S102 - code that codegen made


class Evaluator:
    """A policy ready to decide on validated documents. Safe to share between threads."""

    def __init__(
        self, compiled: CompiledPolicy, code: CodeUnit, library: Library | None = None
    ) -> None:
        self.compiled = compiled
        self.code = code
        self.days = code.days
        self.library = Library(compiled.lexicons) if library is None else library
        self.validators: Mapping[str, Callable[[object], bool]] = {
            name: code.function(python_name(f"is_valid_{name}")) for name in compiled.kinds
        }
        self._kinds = {name: _Kind(self, descriptor) for name, descriptor in compiled.kinds.items()}
        self._parameters: Parameters | None = None
        descriptors = compiled.parameters.values()
        if all(
            descriptor.values[-1:] == descriptor.values[:1] and _undated(descriptor)
            for descriptor in descriptors
        ):
            self._parameters = self._parameters_at(datetime.date.min)

    def with_parameters(
        self, parameters: Mapping[str, ParameterDescriptor], digest: str
    ) -> Evaluator:
        """Return an evaluator that runs the same code with other parameters."""
        changed = self.compiled._replace(parameters=dict(parameters), digest=digest)
        return Evaluator(changed, self.code, self.library)

    def parameters(self, as_of: datetime.datetime) -> Parameters:
        """Return the value of each parameter on the day of an instant; None before its first."""
        return self._parameters or self._parameters_at(self.days.as_day(as_of))

    def _parameters_at(self, day: datetime.date) -> Parameters:
        return {name: descriptor.at(day) for name, descriptor in self.compiled.parameters.items()}

    def context(self, kind: str, document: Document, as_of: datetime.datetime) -> Context:
        """Return what a rule may look at."""
        descriptor = self.compiled.kinds[kind]
        return Context(descriptor, document, as_of, self.parameters(as_of), self.library, self.days)

    def decide(
        self,
        kind: str,
        document: Document,
        as_of: datetime.datetime,
        as_of_source: AsOfSource,
        *,
        digest: bool,
    ) -> Decision:
        """Decide on a validated document."""
        chosen = self._kinds[kind]
        run = Evaluating(self, chosen.assembler.kind, document, as_of)
        citations = chosen.citations(document, run)
        return chosen.assembler.decision(run, run.unmet, citations, as_of_source, digest=digest)

    def assembled(
        self,
        kind: str,
        context: Context,
        evaluation: Evaluation,
        as_of_source: AsOfSource,
        *,
        digest: bool,
    ) -> Decision:
        """Build the decision from what another evaluator has found."""
        assembler = self._kinds[kind].assembler
        citations = assembler.citations(evaluation)
        return assembler.decision(context, evaluation.unmet, citations, as_of_source, digest=digest)


def _undated(descriptor: ParameterDescriptor) -> bool:
    return all(since is None for _, since in descriptor.values)


class _Kind:
    """The functions that evaluate the rules of a kind."""

    def __init__(self, evaluator: Evaluator, descriptor: KindDescriptor) -> None:
        self.assembler = Assembler(
            evaluator.compiled,
            descriptor,
            evaluator.days,
            lambda: evaluator.code.slow_function("schemas")[descriptor.name],
        )
        self._evaluator = evaluator
        self._always: list[RuleFunction] = [
            evaluator.code.function(each.function) for each in descriptor.chunks
        ]
        self._chunks: dict[int, ChunkDescriptor] = {}  # those selected, by their notes
        self._selectors = [
            (
                selector.path,
                {
                    value: [self._selectable(each) for each in chunks]
                    for value, chunks in selector.chunks.items()
                },
            )
            for selector in descriptor.selectors
        ]

    def _selectable(self, chunk: ChunkDescriptor) -> tuple[RuleFunction, int]:
        """Return the function of a chunk that is not always evaluated, and the note that it was."""
        note = -len(self._chunks) - 1
        self._chunks[note] = chunk
        return self._evaluator.code.function(chunk.function), note

    def citations(self, document: Document, run: Evaluating) -> tuple[Citation, ...]:
        """Evaluate every rule that may apply and cite every clause."""
        notes: list[int] = []
        for status in self._always:
            status(document, run, notes)
        if self._selectors:
            for status, note in self._selected(document):
                notes.append(note)
                status(document, run, notes)
        signature = tuple(notes)
        return self.assembler.cited(signature, lambda: self._statuses(signature))

    def _statuses(self, notes: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        """Yield the status of each rule of the selected chunks, and then what was noted."""
        for note in notes:
            if note < 0:
                for index in self._chunks[note].rules:
                    yield index, self.assembler.usual(index)
        for note in notes:
            if note >= 0:
                yield read_note(note)

    def _selected(self, document: Document) -> list[tuple[RuleFunction, int]]:
        found: list[tuple[RuleFunction, int]] = []
        for steps, groups in self._selectors:
            value = walk(document, steps)
            if isinstance(value, str):
                found += groups.get(value, ())
            else:
                for group in groups.values():
                    found += group
        return found


class Evaluating(Context):
    """A context that gathers the unmet instances."""

    __slots__ = ("_evaluator", "unmet")

    def __init__(
        self,
        evaluator: Evaluator,
        kind: KindDescriptor,
        document: Document,
        as_of: datetime.datetime,
    ) -> None:
        parameters = evaluator.parameters(as_of)
        super().__init__(kind, document, as_of, parameters, evaluator.library, evaluator.days)
        self._evaluator = evaluator
        self.unmet: list[UnmetInstance] = []

    def full_status(self, name: str) -> int:
        """Return the status of a rule, by its function, that the fast path could not settle."""
        status: int = self._evaluator.code.slow_function(name)(self.document, self)
        return status

    def note_unmet(
        self,
        name: str,
        violated: bool,
        facts: Reasons,
        missing: Reasons,
        evidence: Evidence | None,
        at: str,
        element: Json,
        *bound: object,
    ) -> int:
        """Note a violated or unproven instance with its reasons; return its status.

        `bound` is the element and its place where the rule is about the elements of a list.
        """
        document = self.document
        found: Detections = ()
        if evidence is not None:
            found = tuple(dict.fromkeys(evidence(document, self, *bound)))
        if violated:
            known = unique(facts(document, self, *bound))
            unmet = UnmetInstance(name, True, at, element, known, (), found)
        else:
            lacking = missing(document, self, *bound)
            absent, unset = tidy_missing(lacking), unset_names(lacking)
            unmet = UnmetInstance(name, False, at, element, (), absent, found, unset)
        self.unmet.append(unmet)
        return _unmet_status(self._evaluator.compiled.rules[name], violated)

    def note_absent_list(self, name: str, at: str, found: list[Detection]) -> int:
        """Note an instance that is unproven because its list is absent; return its status.

        What it lacks besides the list is what an element would lack outside itself.
        """
        beside = self._evaluator.code.slow_function(python_name(f"missing_rule_{name}"))(
            self.document, self, None, SOME_ELEMENT
        )
        missing = tidy_missing([at, *outside_elements(beside)])
        detections = tuple(dict.fromkeys(found))
        unset = unset_names(beside)
        self.unmet.append(UnmetInstance(name, False, at, None, (), missing, detections, unset))
        return _unmet_status(self._evaluator.compiled.rules[name], False)


def _unmet_status(rule: RuleDescriptor, violated: bool) -> int:
    if not rule.denies:
        return int(StatusCode.ADVISED)
    return int(StatusCode.VIOLATED if violated else StatusCode.UNPROVEN)
