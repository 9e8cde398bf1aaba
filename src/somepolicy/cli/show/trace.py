"""The trace of `--explain`: every rule with its instances and the values of its conditions.

Text of the policy is shown, text of the document never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.text import Text

from somepolicy import ir as p
from somepolicy.backends.walk.results import Instance, Result
from somepolicy.cli.show.fields import Fields
from somepolicy.cli.show.values import show_value
from somepolicy.cli.terminal import Page, styled
from somepolicy.engine.evaluation import StatusCode
from somepolicy.engine.values import UNLESS_PARENT, UNSET
from somepolicy.ir import types as t
from somepolicy.rendering.plain_text import one_line
from somepolicy.syntax.source import Span
from somepolicy.texts.commands import EvalTexts

_STYLE = {
    StatusCode.VIOLATED: ("✗", "red"),
    StatusCode.UNPROVEN: ("?", "yellow"),
    StatusCode.ADVISED: ("•", "blue"),
    StatusCode.SATISFIED: ("✓", "green"),
    StatusCode.PERMITTED: ("✓", "green"),
    StatusCode.NOT_APPLICABLE: ("–", "dim"),
}
_TRUTH = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}
_STRING_OR_COMMENT = re.compile(r'("(?:[^"\n]|"")*")|#[^\n]*')


def show_trace(
    page: Page, trace: Iterable[Instance], words: EvalTexts, fields: Fields, *, advisory: bool
) -> None:
    """Add the trace to the page, one block for each rule.

    `advisory`: the effects of the rules are left out, for nothing is forbidden or required
    where the decision is advice.
    """
    page.line()
    page.line(styled((words.trace, "bold underline"), (f"   {words.legend}", "dim")))
    shown: p.Rule | None = None
    for instance in trace:
        if instance.rule is not shown:
            shown = instance.rule
            page.line()
            _rule(page, shown, advisory)
        _instance(page, instance, words, fields)


def _rule(page: Page, rule: p.Rule, advisory: bool) -> None:
    effect = "" if advisory else rule.effect
    parts = [effect, ", ".join(rule.clauses), ", ".join(rule.readings), rule.span.where]
    about = " · ".join(part for part in parts if part)
    page.line(styled((rule.name, "bold"), (f"  {about}", "dim")), hang=2)


def _instance(page: Page, instance: Instance, words: EvalTexts, fields: Fields) -> None:
    mark, style = _STYLE[instance.status]
    outcome = words.vocabulary.status[StatusCode(instance.status).name.lower()]
    at = f"  {instance.at}" if instance.at else ""
    page.line(
        styled((f"{mark} {outcome}", style), (at or _emptiness(instance, words), "dim")), indent=2
    )
    if (question := instance.rule.question) is not None:
        roles = [fields.label("/attestations/0/role", role) for role in question.roles]
        asked = words.asks.format(
            answer=words.vocabulary.answer[question.answer],
            roles=f" {words.vocabulary.or_else} ".join(roles),
        )
        page.line(styled(("attest ", "cyan"), asked), indent=4, hang=2)
    for keyword, result in _parts(instance):
        _tree(page, result, words, f"    {keyword} ", " " * (5 + len(keyword)))


def _emptiness(instance: Instance, words: EvalTexts) -> str:
    """Say that a rule for each element found none, where that is why it does not apply."""
    each, guard = instance.rule.each, instance.guard
    if each is None or (guard is not None and guard.value is False):
        return ""
    return "  " + words.nothing_listed.format(container=_source(each.container.span))


def _parts(instance: Instance) -> list[tuple[str, Result]]:
    """Pair the parts of a rule with the keywords they stand behind."""
    sense = "if" if instance.rule.forbids else "that"
    named = (
        ("when", instance.guard),
        ("where", instance.where),
        (sense, instance.condition),
        ("unless", instance.exception),
    )
    return [(keyword, result) for keyword, result in named if result is not None]


def _tree(page: Page, result: Result, words: EvalTexts, first: str, others: str) -> None:
    parts = [part for part in result.parts if _worth_showing(part)]
    page.prefixed(first, others + ("│ " if parts else "  "), _node(result, words))
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        _tree(
            page, part, words, others + ("└ " if last else "├ "), others + ("  " if last else "│ ")
        )


def _worth_showing(result: Result) -> bool:
    """Whether a node says more than the text above it does: a constant does not."""
    return not isinstance(result.expr, p.Constant)


def _node(result: Result, words: EvalTexts) -> Text:
    source = _source(result.expr.span)
    at = f"  {', '.join(_pointers(result))}" if not result.parts else ""
    if isinstance(result.expr.type, t.Boolean):
        assert result.value is None or isinstance(result.value, bool)
        mark, style = _TRUTH[result.value]
        return styled((f"{mark} ", style), source, (at.rstrip(), "dim"))
    return styled(source, " = ", _value(result, words), (at.rstrip(), "dim"))


def _value(result: Result, words: EvalTexts) -> tuple[str, str]:
    if result.value is not None:
        return show_value(result.value, result.expr.type, words), "bold"
    return words.absent if isinstance(result.expr, p.Read) else words.unknown, "yellow"


def _pointers(result: Result) -> Iterable[str]:
    found = (at for at in (*result.facts, *result.missing) if not at.startswith(UNSET))
    return dict.fromkeys(at.removeprefix(UNLESS_PARENT) for at in found)


def _source(span: Span) -> str:
    """Return the policy's own words in one line, without the comments between them."""
    return one_line(_STRING_OR_COMMENT.sub(lambda found: found[1] or " ", span.text))
