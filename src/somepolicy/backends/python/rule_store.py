"""The rules of a checked program as bytes, one by one: what breaks is generated from them.

The code of a rule is several times larger than the checked rule, and takes longer to make
than the rule took to check. Of a policy with many rules, few of which ever break, the rules are
kept instead; one that breaks is read and becomes code then.
"""

from __future__ import annotations

import io
import marshal
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from types import MappingProxyType
from typing import Any, get_args

from somepolicy import ir as p
from somepolicy.backends.python.generation import FullCode
from somepolicy.functions.table import FUNCTIONS, Function
from somepolicy.ir import types as t
from somepolicy.normal_form import python_name
from somepolicy.syntax.source import Source, Span

Reduced = tuple[Callable[..., object], tuple[Any, ...]]
_NODES: tuple[type, ...] = (
    *(*get_args(p.Expr), p.Each, p.Question, p.Rule, Span),
    *(*get_args(t.Type), t.Field),
)


def rule_store(program: p.Program) -> bytes:
    """Write out what the code of any rule is generated from."""
    shared = [*_shared(program)]
    rest = replace(
        program, rules=(), clauses={}, readings={}, sections={}, lead_ins=(), lexicons={}
    )
    write = _Writer(shared).written
    rules = {
        python_name(rule.name): write(replace(rule, says={}, remedy=None)) for rule in program.rules
    }
    return marshal.dumps((_Writer(()).written((rest, shared)), rules))


def full_code(raw: bytes) -> FullCode:
    """Read what `rule_store` wrote, which has to be trusted as code is; rules when needed."""
    head, rules = marshal.loads(raw)  # noqa: S302 - the caller trusts it
    program, shared = _Reader(head, ()).load()

    def rule(name: str) -> p.Rule | None:
        kept = rules.get(name)
        return None if kept is None else _Reader(kept, shared).load()

    return FullCode(program, rule)


def _shared(program: p.Program) -> Iterator[object]:
    """Yield what many rules hold, to be written once: node classes, texts, types of fields."""
    yield from _NODES
    yield from dict.fromkeys(rule.source for rule in program.rules)
    pending: list[t.Type] = [kind.schema.record for kind in program.kinds.values()]
    while pending:
        kind = pending.pop()
        yield kind
        match kind:
            case t.Record():
                pending.extend(field.type for field in kind.fields.values())
            case t.ListOf():
                pending.append(kind.element)


def _by_fields(kind: type) -> Callable[[object], Reduced]:
    """Take a dataclass apart into the arguments that make it; its own way is slower by far."""
    assert is_dataclass(kind)
    names = [each.name for each in fields(kind)]
    if len(names) < 2:  # of one name `attrgetter` gives no tuple
        return lambda each: (kind, tuple(getattr(each, name) for name in names))
    taken = attrgetter(*names)
    return lambda each: (kind, taken(each))


def _function(name: str) -> Function:
    return FUNCTIONS[name]


class _Writer(pickle.Pickler):
    """Writes trees, in which a number stands for what is shared."""

    dispatch_table: Mapping[type, Callable[[Any], Reduced]] = MappingProxyType(
        {
            **{kind: _by_fields(kind) for kind in (*_NODES, Source)},
            MappingProxyType: lambda view: (dict, (dict(view),)),
            Function: lambda row: (_function, (row.name,)),
        }
    )

    def __init__(self, shared: Sequence[object]) -> None:
        self._file = io.BytesIO()
        super().__init__(self._file, pickle.HIGHEST_PROTOCOL)
        self._numbers = {id(each): number for number, each in enumerate(shared)}

    def persistent_id(self, obj: object) -> int | None:
        return self._numbers.get(id(obj))

    def written(self, value: object) -> bytes:
        """Return the bytes of a value, which do not depend on what was written before."""
        self._file.seek(0)
        self._file.truncate()
        self.clear_memo()
        self.dump(value)
        return self._file.getvalue()


class _Reader(pickle.Unpickler):
    def __init__(self, raw: bytes, shared: Sequence[object]) -> None:
        super().__init__(io.BytesIO(raw))
        self._shared = shared

    def persistent_load(self, number: int) -> object:
        return self._shared[number]
