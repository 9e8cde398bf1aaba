"""A policy that decides: its cards, its code, and the run over one document."""

from __future__ import annotations

import datetime
from _thread import allocate_lock
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

from somepolicy.engine import formats, values
from somepolicy.engine.assemble import AsOfSource, Assembler
from somepolicy.engine.compiled_policy import (
    ChunkCard,
    Executable,
    KindCard,
    ParameterCard,
    RuleCard,
)
from somepolicy.engine.context import Context, Document, Parameters
from somepolicy.engine.days import Days
from somepolicy.engine.decision import Citation, Decision
from somepolicy.engine.evaluation import Broken, Evaluation, Rank, read_note
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
    values.lacking_elements,
    values.located,
    values.member_of,
    values.some,
    values.unique,
)
Codes = Sequence[CodeType]
Wholes = Callable[[str], Codes]
Ranking = Callable[[Document, "Run", list[int]], None]
Reasons = Callable[..., list[str]]
Evidence = Callable[..., list[Detection]]


class Loaded:
    """The functions of the generated code.

    Those for what breaks are loaded when one is asked for: `wholes` gives the code in which a
    name is found, and perhaps more. One thread loads at a time, since code that is given later
    may call what was given before.
    """

    def __init__(self, name: str, screens: Codes, wholes: Wholes, days: Days | None = None) -> None:
        self._wholes = wholes
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
        self._run(screens)

    def screen(self, name: str) -> Any:
        """Return a function that every decision runs."""
        return self._names[name]

    def whole(self, name: str) -> Any:
        """Return a function, or the schemas, that only some decisions need."""
        found = self._names.get(name)
        if found is None:
            with self._loading:
                if name not in self._names:
                    self._run(self._wholes(name))
            found = self._names[name]
        return found

    def _run(self, codes: Codes) -> None:
        for code in codes:
            exec(code, self._names)  # noqa: S102 - code that codegen made


class Machine:
    """A policy ready to decide on admitted documents. Safe to share between threads."""

    def __init__(
        self, executable: Executable, loaded: Loaded, library: Library | None = None
    ) -> None:
        self.executable = executable
        self.loaded = loaded
        self.days = loaded.days
        self.library = Library(executable.lexicons) if library is None else library
        self.accepts: Mapping[str, Callable[[object], bool]] = {
            name: loaded.screen(f"accepts_{name}") for name in executable.kinds
        }
        self._kinds = {name: _Kind(self, card) for name, card in executable.kinds.items()}
        self._parameters: Parameters | None = None
        cards = executable.parameters.values()
        if all(card.values[-1:] == card.values[:1] and _undated(card) for card in cards):
            self._parameters = self._parameters_at(datetime.date.min)

    def with_parameters(self, parameters: Mapping[str, ParameterCard], digest: str) -> Machine:
        """Return a machine that runs the same code with other parameters."""
        changed = self.executable._replace(parameters=dict(parameters), digest=digest)
        return Machine(changed, self.loaded, self.library)

    def parameters(self, as_of: datetime.datetime) -> Parameters:
        """Return the value of each parameter on the day of an instant; None before its first."""
        return self._parameters or self._parameters_at(self.days.as_day(as_of))

    def _parameters_at(self, day: datetime.date) -> Parameters:
        return {name: card.at(day) for name, card in self.executable.parameters.items()}

    def context(self, kind: str, document: Document, as_of: datetime.datetime) -> Context:
        """Return what a rule may look at."""
        card = self.executable.kinds[kind]
        return Context(card, document, as_of, self.parameters(as_of), self.library, self.days)

    def decide(
        self,
        kind: str,
        document: Document,
        as_of: datetime.datetime,
        as_of_source: AsOfSource,
        *,
        digest: bool,
    ) -> Decision:
        """Decide on an admitted document."""
        chosen = self._kinds[kind]
        run = Run(self, chosen.assembler.kind, document, as_of)
        citations = chosen.citations(document, run)
        return chosen.assembler.decision(run, run.broken, citations, as_of_source, digest=digest)

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
        return assembler.decision(
            context, evaluation.broken, citations, as_of_source, digest=digest
        )


def _undated(card: ParameterCard) -> bool:
    return all(since is None for _, since in card.values)


class _Kind:
    """The functions that rank the rules of a kind."""

    def __init__(self, machine: Machine, card: KindCard) -> None:
        self.assembler = Assembler(machine.executable, card, machine.days)
        self._machine = machine
        self._always: list[Ranking] = [machine.loaded.screen(each.function) for each in card.chunks]
        self._chunks: dict[int, ChunkCard] = {}  # those selected, by their notes
        self._selectors = [
            (
                selector.steps,
                {
                    value: [self._selectable(each) for each in chunks]
                    for value, chunks in selector.chunks.items()
                },
            )
            for selector in card.selectors
        ]

    def _selectable(self, chunk: ChunkCard) -> tuple[Ranking, int]:
        """Return the function of a chunk that is not always asked, and the note that it was."""
        note = -len(self._chunks) - 1
        self._chunks[note] = chunk
        return self._machine.loaded.screen(chunk.function), note

    def citations(self, document: Document, run: Run) -> tuple[Citation, ...]:
        """Rank every rule that may apply and cite every clause."""
        notes: list[int] = []
        for rank in self._always:
            rank(document, run, notes)
        if self._selectors:
            for rank, note in self._selected(document):
                notes.append(note)
                rank(document, run, notes)
        signature = tuple(notes)
        return self.assembler.cited(signature, lambda: self._ranks(signature))

    def _ranks(self, notes: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        """Yield the rank of each rule of the selected chunks, and then what was noted."""
        for note in notes:
            if note < 0:
                for index in self._chunks[note].rules:
                    yield index, self.assembler.usual(index)
        for note in notes:
            if note >= 0:
                yield read_note(note)

    def _selected(self, document: Document) -> list[tuple[Ranking, int]]:
        found: list[tuple[Ranking, int]] = []
        for steps, groups in self._selectors:
            value = walk(document, steps)
            if isinstance(value, str):
                found += groups.get(value, ())
            else:
                for group in groups.values():
                    found += group
        return found


class Run(Context):
    """A context that gathers what breaks."""

    __slots__ = ("_machine", "broken")

    def __init__(
        self, machine: Machine, kind: KindCard, document: Document, as_of: datetime.datetime
    ) -> None:
        parameters = machine.parameters(as_of)
        super().__init__(kind, document, as_of, parameters, machine.library, machine.days)
        self._machine = machine
        self.broken: list[Broken] = []

    def whole(self, name: str) -> int:
        """Return the rank of a rule, by its function, about which its screen could say nothing."""
        rank: int = self._machine.loaded.whole(name)(self.document, self)
        return rank

    def broke(
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
        """Note a violated or unproven instance with its reasons; return its rank.

        `bound` is the element and its place where the rule is about the elements of a list.
        """
        document = self.document
        found: Detections = ()
        if evidence is not None:
            found = tuple(dict.fromkeys(evidence(document, self, *bound)))
        if violated:
            known = unique(facts(document, self, *bound))
            broken = Broken(name, True, at, element, known, (), found)
        else:
            lacking = missing(document, self, *bound)
            absent, unset = tidy_missing(lacking), unset_names(lacking)
            broken = Broken(name, False, at, element, (), absent, found, unset)
        self.broken.append(broken)
        return _broken_rank(self._machine.executable.rules[name], violated)

    def lacked(self, name: str, at: str, found: list[Detection]) -> int:
        """Note an instance that is unproven because its list is absent; return its rank.

        What it lacks besides the list is what an element would lack outside itself.
        """
        loaded = self._machine.loaded
        beside = loaded.whole(f"missing_rule_{name}")(self.document, self, None, SOME_ELEMENT)
        missing = tidy_missing([at, *outside_elements(beside)])
        detections = tuple(dict.fromkeys(found))
        unset = unset_names(beside)
        self.broken.append(Broken(name, False, at, None, (), missing, detections, unset))
        return _broken_rank(self._machine.executable.rules[name], False)


def _broken_rank(rule: RuleCard, violated: bool) -> int:
    if not rule.denies:
        return int(Rank.ADVISED)
    return int(Rank.VIOLATED if violated else Rank.UNPROVEN)
