"""Parameters: the type of each, its values by day, and the value that policy.toml sets."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy import ir as p
from somepolicy.check.context import PolicyContext
from somepolicy.check.declarations import refuse_choice
from somepolicy.check.manifest import name_span
from somepolicy.check.messages import localised
from somepolicy.check.type_rules import comparable, constant, named
from somepolicy.ir import types as t
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean
from somepolicy.syntax.source import Source

_TYPES: Mapping[str, t.Type] = {
    "number": t.Number(),
    "integer": t.Number(whole=True),
    "text": t.Text(),
    "boolean": t.Boolean(),
    "date": t.Date(),
}


def parameter(node: n.Parameter, policy: PolicyContext, toml: Source) -> p.Parameter | None:
    """Type a parameter; None after P202 or P311 where its type or a value is amiss."""
    kind = _type(node, policy)
    if kind is None:
        return None
    name, manifest = node.name, policy.manifest
    if node.says:
        localised(node.says, manifest.languages, name.span, policy.fail)
    values = [_value(dated, kind, policy) for dated in node.values]
    good = [value for value in values if value is not None]
    if len(good) < len(values):
        return None
    starts = [value.since for value in good]
    if len(set(starts)) < len(starts):
        policy.fail(
            "P311",
            "two values begin on the same day",
            name.span,
            "a later value needs the day it holds from, as `80 from 2027-01-01`; "
            "decimals stand after a point, as `1.5`",
        )
    overridden = name.text in manifest.parameters
    if overridden:
        good = _override(name.text, kind, policy, toml)
    good.sort(key=lambda value: value.since.toordinal() if value.since else 0, reverse=True)
    policy.parameter_types[name.text] = kind
    return p.Parameter(name.text, kind, tuple(good), overridden)


def _type(node: n.Parameter, policy: PolicyContext) -> t.Type | None:
    if node.type is None:
        return t.Enumeration(tuple(str(choice.value) for choice in node.choices))
    if node.type.text not in _TYPES:
        refuse_choice("type", node.type, [*_TYPES, "one of (…)"], policy)
        return None
    return _TYPES[node.type.text]


def _value(dated: n.Dated, kind: t.Type, policy: PolicyContext) -> p.ParameterValue | None:
    if isinstance(dated.value, n.Literal):
        value = constant(dated.value)
        if not isinstance(value.value, tuple) and _fits(value, kind):
            return p.ParameterValue(value.value, dated.since)
    policy.fail("P311", f"this is not {named(kind)}", dated.value.span, _mend(dated.value, kind))
    return None


def _mend(node: n.Expr, kind: t.Type) -> str:
    """Say how to mend a value that a parameter cannot have."""
    value = node.value if isinstance(node, n.Literal) else None
    if value is None:
        return "a parameter has a fixed value; what is worked out is named with `define`"
    if isinstance(kind, t.Enumeration):
        listed = ", ".join(f'`"{choice}"`' for choice in kind.values)
        return did_you_mean(str(value), kind.values) or f"the values are {listed}"
    if isinstance(value, str):
        return f"{named(kind)} is written without quotes"
    if isinstance(kind, t.Text):
        return "a text stands in double quotes"
    return f"write {named(kind)}, or change the type of the parameter"


def _fits(value: p.Constant, kind: t.Type) -> bool:
    if isinstance(kind, t.Enumeration):
        return value.value in kind.values
    if isinstance(kind, t.Number):
        return isinstance(value.type, t.Number) and (value.type.whole or not kind.whole)
    return comparable(value.type, kind) and type(value.type) is type(kind)


def _override(
    name: str, kind: t.Type, policy: PolicyContext, toml: Source
) -> list[p.ParameterValue]:
    """Take the value of policy.toml, which holds at all times."""
    value = constant(n.Literal(policy.manifest.parameters[name], name_span(toml, name)))
    if isinstance(value.value, tuple) or not _fits(value, kind):
        policy.fail(
            "P311",
            f"the value of `{name}` is not {named(kind)}",
            value.span,
            "policy.toml sets a value of the type that the parameter has",
        )
        return []
    return [p.ParameterValue(value.value, None)]


def refuse_unknown_overrides(policy: PolicyContext, toml: Source) -> None:
    """Refuse a value in policy.toml of a parameter that no file declares."""
    declared = policy.symbols.parameters
    for name in policy.manifest.parameters.keys() - declared.keys():
        policy.fail(
            "P202",
            f"unknown parameter `{name}`",
            name_span(toml, name),
            did_you_mean(name, declared) or "a parameter is declared in a `.pol` file",
        )
