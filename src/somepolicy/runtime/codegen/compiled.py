"""Generated code -> a runnable policy: compiled once, run per document."""

from __future__ import annotations

import ast
import datetime
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from somepolicy.functions.detection import Detection
from somepolicy.runtime.codegen.rules import Generated, generate
from somepolicy.runtime.context import Context, Document, context_for
from somepolicy.runtime.evaluation import Broken, Evaluation, Rank
from somepolicy.runtime.library import Library
from somepolicy.runtime.values import SOME_ELEMENT, outside_elements, tidy_missing, unique
from somepolicy.semantics import program as p
from somepolicy.types import Json

_BUILTINS = {"enumerate": enumerate, "len": len, "min": min, "str": str}
RuleCode = Callable[[Document, "Run"], int]
ReasonCode = Callable[..., list[str]]


@dataclass(frozen=True)
class Compiled:
    """The functions of a policy: per kind its rules in order, and the reasons by rule."""

    rules: Mapping[str, tuple[RuleCode, ...]]
    facts: Mapping[str, ReasonCode]
    missing: Mapping[str, ReasonCode]
    evidence: Mapping[str, Callable[..., list[Detection]]]
    library: Library
    by_name: Mapping[str, p.Rule]
    generated: tuple[Generated, ...] = field(repr=False)

    def python(self) -> str:
        """Return the generated code as text, file by file, the same at every run."""
        return "\n\n".join(
            f"# {each.source.path}\n{ast.unparse(each.tree)}" for each in self.generated
        )


@dataclass
class Run(Context):
    """A context that gathers what breaks."""

    compiled: Compiled | None = None
    broken: list[Broken] = field(default_factory=list)

    def broke(self, name: str, violated: bool, at: str, element: Json) -> int:
        """Note a violated or unproven instance with its reasons; return its rank."""
        compiled = self.compiled
        assert compiled is not None
        rule = compiled.by_name[name]
        bound = () if rule.each is None else (element, at)
        facts: tuple[str, ...] = ()
        missing: tuple[str, ...] = ()
        if violated:
            facts = unique(compiled.facts[name](self.document, self, *bound))
        else:
            missing = tidy_missing(compiled.missing[name](self.document, self, *bound))
        found = compiled.evidence[name](self.document, self, *bound)
        detections = tuple(dict.fromkeys(found))
        self.broken.append(Broken(rule, violated, at, element, facts, missing, detections))
        return _broken_rank(rule, violated)

    def lacked(self, name: str, at: str, found: list[Detection]) -> int:
        """Note an instance that is unproven because its list is absent; return its rank.

        What it lacks besides the list is what an element would lack outside itself.
        """
        assert self.compiled is not None
        rule = self.compiled.by_name[name]
        beside = self.compiled.missing[name](self.document, self, None, SOME_ELEMENT)
        missing = tidy_missing([at, *outside_elements(beside)])
        detections = tuple(dict.fromkeys(found))
        self.broken.append(Broken(rule, False, at, None, (), missing, detections))
        return _broken_rank(rule, False)


def _broken_rank(rule: p.Rule, violated: bool) -> int:
    if not rule.denies:
        return int(Rank.ADVISED)
    return int(Rank.VIOLATED if violated else Rank.UNPROVEN)


def compile_program(program: p.Program, library: Library) -> Compiled:
    """Generate and compile the code of a policy in a namespace of its own."""
    files, names = generate(program, library)
    namespace: dict[str, Any] = {"__builtins__": dict(_BUILTINS), "__name__": program.name, **names}
    for each in files:
        _show_in_tracebacks(each)
        code = compile(each.tree, each.source.path, "exec", dont_inherit=True)
        exec(code, namespace)  # noqa: S102 - the tree holds only nodes that rules.py makes
    reasoned = [rule.name for rule in program.rules if rule.effect != "permit"]
    return Compiled(
        rules={
            kind: tuple(
                namespace[f"rule_{rule.name}"] for rule in program.rules if kind in rule.kinds
            )
            for kind in program.kinds
        },
        facts={name: namespace[f"facts_rule_{name}"] for name in reasoned},
        missing={name: namespace[f"missing_rule_{name}"] for name in reasoned},
        evidence={name: namespace[f"evidence_rule_{name}"] for name in reasoned},
        library=library,
        by_name={rule.name: rule for rule in program.rules},
        generated=files,
    )


def _show_in_tracebacks(each: Generated) -> None:
    """Let Python's own traceback show the policy's lines."""
    text = each.source.text
    linecache.cache[each.source.path] = (len(text), None, text.splitlines(True), each.source.path)


def run(
    compiled: Compiled, program: p.Program, kind: str, document: Document, as_of: datetime.datetime
) -> tuple[Evaluation, Context]:
    """Evaluate every rule of the kind on an admitted document."""
    context = context_for(program, compiled.library, document, as_of)
    state = Run(document, as_of, context.parameters, context.library, compiled=compiled)
    ranks = tuple(rule(document, state) for rule in compiled.rules[kind])
    return Evaluation(ranks, tuple(state.broken)), state
