"""Policy + tests -> Mutation: the small mistakes in the policy that no test would notice.

A mutant is judged by the rules it can change, on the documents of their kinds. The reference
evaluator decides them anew; the rest of each decision is kept from the unchanged policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Literal as OneOf

from somepolicy import ir as p
from somepolicy.backends.python.lowering import lower
from somepolicy.backends.walk.expressions import Walker
from somepolicy.backends.walk.reference import evaluation
from somepolicy.backends.walk.results import Instance, Result
from somepolicy.backends.walk.rules import instances_of
from somepolicy.check.checker import check
from somepolicy.check.manifest import read_manifest
from somepolicy.engine.assemble import AsOfSource, Assembler
from somepolicy.engine.context import Context
from somepolicy.engine.days import Days
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import InvalidDocument
from somepolicy.file_access import read_file
from somepolicy.files import MANIFEST, policy_files, shown_path
from somepolicy.json_type import Json
from somepolicy.loading import parse_all
from somepolicy.policy import Explained, Policy
from somepolicy.processes.jobs import count_jobs
from somepolicy.processes.pool import run_tasks
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.syntax.parser import read_source
from somepolicy.workbench.load import Suite
from somepolicy.workbench.mutants import Changeable, Mutant, mutants_of, mutated, named_in
from somepolicy.workbench.runner import (
    Trial,
    status_words,
    trials,
    unmet_expectation,
    unnamed_findings,
)

Outcome = OneOf["killed", "survived", "equivalent", "refused"]
Progress = Callable[[int, int], None]
_BATCH = 8


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    `killed`: by the test `trial`. `survived`: `advice` says which test to write. `equivalent`:
    the checker proves that nothing changes. `refused`: the checker would not have let it pass.
    """

    mutant: Mutant
    outcome: Outcome
    trial: str | None = None
    advice: str | None = None


@dataclass(frozen=True)
class Mutation:
    """The verdicts in order of file and place; `failing` tests fail anyway and judge nothing."""

    verdicts: tuple[Verdict, ...]
    failing: tuple[str, ...]

    def of(self, outcome: Outcome) -> tuple[Verdict, ...]:
        """Return the verdicts with an outcome."""
        return tuple(each for each in self.verdicts if each.outcome == outcome)

    @property
    def survivors(self) -> tuple[Verdict, ...]:
        """The mutants that no test notices."""
        return self.of("survived")

    @property
    def score(self) -> float:
        """Killed of those killed or survived, in percent; 100 where there is none."""
        killed, survived = len(self.of("killed")), len(self.survivors)
        return 100.0 * killed / (killed + survived) if killed + survived else 100.0


def mutate(
    policy: Policy, suite: Suite, jobs: int | None = None, progress: Progress | None = None
) -> Mutation:
    """Judge every mutant of the policy as it stands in its folder, in `jobs` processes.

    Without `jobs` one for each processor. `progress` is called with how many mutants of
    how many are judged. Raises WorkerError where one of the processes ends.
    """
    jobs = count_jobs(jobs or 0)
    judge = _Judge(policy, suite)
    total = len(judge.mutants)
    if total < 2 * _BATCH:
        jobs = 1
    size = 1 if jobs == 1 else _BATCH
    batches = [[*range(total)[at : at + size]] for at in range(0, total, size)]
    found: list[_Sentence] = []
    with closing(run_tasks(judge.sentences, batches, jobs)) as answers:
        for sentence in chain.from_iterable(answers):
            found.append(sentence)
            if progress is not None:
                progress(len(found), total)
    verdicts = (
        Verdict(mutant, *sentence) for mutant, sentence in zip(judge.mutants, found, strict=True)
    )
    return Mutation(tuple(verdicts), judge.failing)


@dataclass(frozen=True)
class Setting:
    """A test's document as admitted, with the policy as the test sets its parameters."""

    trial: Trial
    policy: Policy
    kind: str
    context: Context
    source: AsOfSource


def settings(policy: Policy, suite: Suite) -> Iterator[Setting]:
    """Yield what is evaluated: one setting per test or case whose document is valid."""
    variants: dict[tuple[tuple[str, Json], ...], Policy] = {(): policy}
    for trial in trials(suite):
        if not isinstance(trial, Trial):
            continue
        if trial.parameters not in variants:
            variants[trial.parameters] = policy.with_parameters(dict(trial.parameters))
        setting = setting_of(variants[trial.parameters], trial)
        if setting is not None:
            yield setting


def setting_of(policy: Policy, trial: Trial) -> Setting | None:
    """Admit a test's document; None where it is invalid."""
    try:
        kind, document, moment, source = policy.validate(trial.document, trial.at)
    except InvalidDocument:
        return None
    return Setting(trial, policy, kind, policy.evaluator.context(kind, document, moment), source)


_Sentence = tuple[Outcome, str | None, str | None]


@dataclass(frozen=True)
class _Base:
    """A document decided by the unchanged policy."""

    setting: Setting
    instances: Mapping[str, tuple[Instance, ...]]
    definitions: Mapping[str, Result]
    named: frozenset[str]

    @property
    def trace(self) -> tuple[Instance, ...]:
        return tuple(each for found in self.instances.values() for each in found)


class _Judge:
    """Judges mutants by their numbers. It travels to another process as what it is made from."""

    def __init__(self, policy: Policy, suite: Suite) -> None:
        self.policy = policy
        self.suite = suite
        folder = policy.folder
        paths = [(shown_path(folder / name), folder / name) for name in policy_files(folder)]
        modules, errors = parse_all(read_source(name, read_file(path)) for name, path in paths)
        if errors:
            raise PolicyError(errors)
        self.modules = modules
        self.manifest_source = read_source(MANIFEST, read_file(folder / MANIFEST))
        self.manifest = read_manifest(self.manifest_source)
        self.uses = _Uses(modules)
        self.mutants = tuple(self.all_mutants())
        everything = [_base(each) for each in settings(policy, suite)]
        self.bases = [each for each in everything if not _fails(each.setting, _unchanged(each))]
        passing = {each.setting.trial.name for each in self.bases}
        names = dict.fromkeys(each.setting.trial.name for each in everything)
        self.failing = tuple(name for name in names if name not in passing)

    def __reduce__(self) -> tuple[type[_Judge], tuple[Policy, Suite]]:
        return _Judge, (self.policy, self.suite)

    def all_mutants(self) -> Iterator[Mutant]:
        """Mutants of what a rule uses: a parameter set in policy.toml is not."""
        clauses = {
            node.name.text: node
            for module in self.modules
            for node in module.declarations
            if isinstance(node, n.Clause)
        }
        for module in self.modules:
            for mutant in mutants_of(module, clauses):
                if mutant.owner not in self.manifest.parameters and self.uses.rules(mutant.owner):
                    yield mutant

    def sentences(self, numbers: list[int]) -> list[_Sentence]:
        return [self.sentence(number) for number in numbers]

    def sentence(self, number: int) -> _Sentence:
        mutant = self.mutants[number]
        program = self.checked(mutant)
        if isinstance(program, str):
            return program, None, None
        rules = self.uses.rules(mutant.owner)
        change = _Change(self.policy.program, program, rules, self.uses.definitions(mutant.owner))
        noticed: list[str] = []
        bases = sorted(self.bases, key=lambda each: not each.named & rules)
        for base in bases:
            explained, seen = change.explained(base)
            if explained is None:
                continue
            if _fails(base.setting, explained):
                return "killed", base.setting.trial.name, None
            noticed.append(f"in {base.setting.trial.name!r} expect {seen}")
        return "survived", None, noticed[0] if noticed else _advice(mutant)

    def checked(self, mutant: Mutant) -> p.Program | Outcome:
        """Have the mutant checked as a policy; a new warning is the proof of a fixed value."""
        program = self.policy.program
        at = next(i for i, m in enumerate(self.modules) if m.source is mutant.span.source)
        try:
            module = mutated(self.modules[at], mutant)
            if module is None:
                return "equivalent"
            modules = [*self.modules[:at], module, *self.modules[at + 1 :]]
            schemas = {name: kind.schema for name, kind in program.kinds.items()}
            source = self.manifest_source
            found = check(modules, self.manifest, source, schemas, program.lexicons, program.digest)
        except PolicyError:
            return "refused"
        constant = [x for x in found.warnings if x.code == "P702"]
        before = [x for x in self.policy.warnings if x.code == "P702"]
        return "equivalent" if len(constant) > len(before) else found.program


class _Uses:
    """Which rules and definitions change with a declaration."""

    def __init__(self, modules: list[n.Module]) -> None:
        nodes = [
            node
            for module in modules
            for node in module.declarations
            if isinstance(node, Changeable)
        ]
        self.rule_names = {node.name.text for node in nodes if isinstance(node, n.Rule)}
        self.users: dict[str, set[str]] = {}
        for node in nodes:
            for name in named_in(node):
                self.users.setdefault(name, set()).add(_key(node))
        self.found: dict[str, frozenset[str]] = {}

    def rules(self, name: str) -> frozenset[str]:
        """Return the rules that depend on a rule, definition, predicate or parameter."""
        if name in self.rule_names:
            return frozenset({name})
        return frozenset(x.removeprefix("rule ") for x in self.all(name) if x.startswith("rule "))

    def definitions(self, name: str) -> frozenset[str]:
        """Return the definitions that depend on a declaration, itself included."""
        return frozenset({name}) | {x for x in self.all(name) if not x.startswith("rule ")}

    def all(self, name: str) -> frozenset[str]:
        if name not in self.found:
            seen: set[str] = set()
            pending = [name]
            while pending:
                new = self.users.get(pending.pop(), set()) - seen
                seen |= new
                pending += new
            self.found[name] = frozenset(seen)
        return self.found[name]


def _key(node: Changeable) -> str:
    return f"rule {node.name.text}" if isinstance(node, n.Rule) else node.name.text


class _Change:
    """A mutated program against the documents that the policy has decided."""

    def __init__(
        self, old: p.Program, new: p.Program, rules: frozenset[str], definitions: frozenset[str]
    ) -> None:
        self.new = new
        self.stale = definitions
        self.rules = [rule for rule in new.rules if rule.name in rules]
        before = {rule.name: rule for rule in old.rules}
        self.recited = any(
            (rule.effect, rule.clauses, rule.question and rule.question.answer)
            != (was.effect, was.clauses, was.question and was.question.answer)
            for rule in self.rules
            for was in (before[rule.name],)
        )
        self.assemblers: dict[str, Assembler] = {}

    def explained(self, base: _Base) -> tuple[Explained | None, str]:
        """Decide anew; None where nothing differs. Also what to expect to see the difference."""
        kind = base.setting.kind
        rules = [rule for rule in self.rules if kind in rule.kinds]
        if not rules:
            return None, ""
        context = _context(base.setting, self.new)
        walker = Walker(self.new, context)
        known = base.definitions.items()
        walker.definitions = {name: x for name, x in known if name not in self.stale}
        instances = dict(base.instances)
        seen = ""
        for rule in rules:
            instances[rule.name] = tuple(instances_of(rule, walker))
            seen = seen or _difference(base.instances[rule.name], instances[rule.name])
        if not seen and not self.recited:
            return None, ""
        trace = tuple(each for found in instances.values() for each in found)
        decision = _decision(
            self.assembler(kind, context.days), self.new, base.setting, context, trace
        )
        seen = seen or _recited(base, decision)
        return (Explained(decision, trace), seen) if seen else (None, "")

    def assembler(self, kind: str, days: Days) -> Assembler:
        if kind not in self.assemblers:
            compiled = lower(self.new)
            schema = self.new.kinds[kind].schema
            self.assemblers[kind] = Assembler(
                compiled, compiled.kinds[kind], days, lambda: schema.named_files
            )
        return self.assemblers[kind]


def _base(setting: Setting) -> _Base:
    program = setting.policy.program
    walker = Walker(program, setting.context)
    rules = [rule for rule in program.rules if setting.kind in rule.kinds]
    instances = {rule.name: tuple(instances_of(rule, walker)) for rule in rules}
    clauses = {x.clause.text for x in setting.trial.expectations if isinstance(x, n.ExpectClause)}
    named = {x.rule.text for x in setting.trial.expectations if isinstance(x, n.ExpectRule)}
    named |= {rule.name for rule in rules if clauses & {*rule.clauses}}
    return _Base(setting, instances, walker.definitions, frozenset(named))


def _unchanged(base: _Base) -> Explained:
    setting, trace = base.setting, base.trace
    evaluated = evaluation(setting.policy.program, setting.kind, trace)
    decision = setting.policy.evaluator.assembled(
        setting.kind, setting.context, evaluated, setting.source, digest=False
    )
    return Explained(decision, trace)


def _context(setting: Setting, program: p.Program) -> Context:
    """Return the context with the mutant's parameters, but for those that the test sets."""
    day = setting.context.days.as_day(setting.context.as_of)
    parameters = {name: each.at(day) for name, each in program.parameters.items()}
    for name, _ in setting.trial.parameters:
        parameters[name] = setting.context.parameters[name]
    return setting.context.with_parameters(parameters)


def _decision(
    assembler: Assembler,
    program: p.Program,
    setting: Setting,
    context: Context,
    trace: tuple[Instance, ...],
) -> Decision:
    evaluated = evaluation(program, setting.kind, trace)
    citations = assembler.citations(evaluated)
    return assembler.decision(context, evaluated.unmet, citations, setting.source, digest=False)


def _fails(setting: Setting, explained: Explained) -> bool:
    expectations = setting.trial.expectations
    if any(True for each in expectations for _ in unmet_expectation(each, explained)):
        return True
    return any(True for _ in unnamed_findings(setting.trial, explained.decision))


def _difference(old: tuple[Instance, ...], new: tuple[Instance, ...]) -> str:
    """Return what a test could expect of a rule that holds before and not after."""
    marks = {_mark(each) for each in new}
    for each in old:
        if _mark(each) in marks:
            continue
        at = f" at {each.at}" if each.at else ""
        same = [
            x for x in new if (x.at, x.status, x.violated) == (each.at, each.status, each.violated)
        ]
        now = {pointer for x in same for pointer in (*x.facts, *x.missing)}
        lost = [x for x in (*each.facts, *each.missing) if x not in now]
        because = f" because {', '.join(lost)}" if same and lost else ""
        return f"{each.rule.name} {status_words(each.status)}{at}{because}"
    if len(old) == len(new):
        return ""
    more = next(each for each in new if _mark(each) not in {_mark(x) for x in old})
    return f"nothing of {more.rule.name} at {more.at or 'the document'}"


def _mark(each: Instance) -> tuple[object, ...]:
    return each.at, each.status, each.violated, each.facts, each.missing


def _recited(base: _Base, decision: Decision) -> str:
    old = {each.clause: each.status for each in _unchanged(base).decision.citations}
    for each in decision.citations:
        if old[each.clause] != each.status:
            return f"clause {each.clause} {old[each.clause].replace('_', ' ')}"
    return ""


def _advice(mutant: Mutant) -> str:
    """Say which test would notice, where no document of the tests gives a difference."""
    was = " ".join(mutant.span.text.split())
    ways = {
        "negate": "a document that reaches the condition and hangs on it alone",
        "junction": "a document in which one operand is true and the other false",
        "quantifier": "a list in which the condition holds for one element and not for another",
        "operand": f"a document in which `{was}` alone decides",
        "bound": "a document with the value exactly at the bound",
        "constant": f"a document that hangs on `{was}`",
        "member": f"a document with a value of `{was}` that is left out here",
        "exception": "a document that breaks the rule but for the exception",
        "guard": "a document that would break the rule but for the guard",
        "filter": "an element that would break the rule but is filtered out",
        "effect": "a document that breaks the rule, with `expect deny`",
        "citation": "the clause cited, with `expect clause`",
    }
    return f"write a test: {ways[mutant.operator]}"
