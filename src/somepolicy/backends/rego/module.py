"""A program -> the text of a module: its rules, its tables, and the library they call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from somepolicy import ir as p
from somepolicy.backends.rego.expressions import expression
from somepolicy.backends.rego.terms import Context, RefusedError, json_text, read, set_of
from somepolicy.backends.rego.time import zone

_ZONED, _UNZONED = "# --- days in the time zone", "# --- days by the offset"


@dataclass(frozen=True)
class RegoModule:
    """The text of a module, the rules it carries, and why it does not carry the others."""

    text: str
    carried: tuple[str, ...]
    refused: Mapping[str, str]


def rego(program: p.Program) -> RegoModule:
    """Write the module of a policy."""
    ctx = Context(program)
    rules, refused = [], {}
    for rule in program.rules:
        try:
            rules.append((rule, instances_of(ctx, rule)))
        except RefusedError as why:
            refused[rule.name] = str(why)
    library = (
        resources.files("somepolicy.backends.rego").joinpath("library.rego").read_text("utf-8")
    )
    common, _, rest = library.partition(_UNZONED)
    unzoned, _, zoned = rest.partition(_ZONED)
    blocks = [
        f"# {json_text([program.name, program.version, program.digest])}",
        "package somepolicy",
        "import rego.v1",
        *([text for _, text in rules] or ["instances := {}"]),
        *ctx.lines,
        *_tables(ctx, [rule for rule, _ in rules], refused),
        (common + (unzoned if program.time_zone is None else zoned)).strip(),
        *([] if program.time_zone is None else [zone(program.time_zone)]),
    ]
    return RegoModule("\n\n".join(blocks) + "\n", tuple(rule.name for rule, _ in rules), refused)


def _tables(ctx: Context, carried: list[p.Rule], refused: Mapping[str, str]) -> list[str]:
    program = ctx.program
    left_out = {
        kind: {
            x.name: refused[x.name] for x in program.rules if kind in x.kinds and x.name in refused
        }
        for kind in program.kinds
    }
    advising = [name for name, kind in program.kinds.items() if not kind.unproven_denies]
    denying = [rule.name for rule in program.rules if rule.denies]
    unproven_denies = [name for name in program.kinds if name not in advising]
    counts = {kind: sum(kind in rule.kinds for rule in carried) for kind in program.kinds}
    return [
        f"denying := {set_of(denying)}",
        f"unproven_denies := {set_of(unproven_denies)}",
        f"carried := {json_text(counts)}",
        f"left_out := {json_text(left_out)}",
        f"silent := {set_of(sorted(ctx.silent))}",
    ]


def instances_of(ctx: Context, rule: p.Rule) -> str:
    """Write the instances of a rule, of each whether it passes; `permit` has none."""
    head = f"# {rule.effect}\ninstances[{json_text(rule.name)}] := found if {{\n\tkind in {set_of(rule.kinds)}"
    if rule.effect == "permit":
        return f"{head}\n\tfound := []\n}}"
    guard = "true" if rule.guard is None else expression(ctx, rule.guard, {})
    variables = {} if rule.each is None else {rule.each.variable: "each"}
    where = rule.each.where if rule.each else None
    applies = "guard" if where is None else f"all_of([guard, {expression(ctx, where, variables)}])"
    holds = "false"
    if rule.question is not None:
        asked = rule.question
        holds = f"verdict({json_text(asked.clause)}, {json_text(asked.answer)}, {json_text(list(asked.roles))})"
    elif rule.condition is not None:
        holds = expression(ctx, rule.condition, variables)
        holds = f"negated({holds})" if rule.forbids else holds
    parts = [f"negated({applies})", holds]
    if rule.exception is not None:
        parts.append(expression(ctx, rule.exception, variables))
    passes = "any_of([" + ", ".join(parts) + "])"
    head += f"\n\tguard := {guard}"
    if rule.each is None:
        return f"{head}\n\tfound := [{passes}]\n}}"
    return (
        f"{head}\n\tlist := {read(rule.each.container, {})}"
        f"\n\tparts := [passes |\n\t\tsome each in list\n\t\tpasses := {passes}\n\t]"
        f"\n\tfound := instances_of(guard, list, parts)\n}}"
    )
