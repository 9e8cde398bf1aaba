"""The type of a text: one of a list, a day, an instant, or any text of bounded length."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from somepolicy.check.schema.keywords import WHY_A_BOUND
from somepolicy.check.schema.node import Node, escape
from somepolicy.check.schema.problems import Problems
from somepolicy.functions.something import says_something
from somepolicy.ir import types as t
from somepolicy.json_type import Json
from somepolicy.syntax.diagnostics import did_you_mean

_FORMATS: Mapping[str, t.Type] = {"date": t.Date(), "date-time": t.Instant(), "uri": t.Text()}


def text_type(node: Node, problems: Problems, languages: Collection[str]) -> t.Type:
    """Return the type of a schema of type string."""
    values = node.content.get("enum")
    if "const" in node.content:
        values = [node.content["const"]]
        if isinstance(values[0], bool):
            problems.fail("P604", "`const` has to be a text", node, key="const")
    if "const" in node.content or "enum" in node.content:
        texts = [str(value) for value in values] if isinstance(values, list) else []
        _check_labels(node, texts, problems, languages)
        return t.Enumeration(tuple(texts), _labels(node.content.get("x-labels")))
    _check_labels(node, (), problems, languages)
    form = node.content.get("format")
    if isinstance(form, str):
        if form not in _FORMATS:
            problems.fail(
                "P604",
                f"the format `{form}` is not known",
                node,
                key="format",
                help=did_you_mean(form, _FORMATS) or f"the formats are {', '.join(_FORMATS)}",
            )
            return t.Text()
        if form != "uri":
            return _FORMATS[form]
    if "maxLength" not in node.content:
        problems.fail("P605", "a text needs `maxLength`", node, help=WHY_A_BOUND)
    return t.Text()


def _check_labels(
    node: Node, values: Collection[str], problems: Problems, languages: Collection[str]
) -> None:
    """Refuse labels of what no document can say, and in languages that there are not."""
    labels = node.content.get("x-labels")
    for value, texts in labels.items() if isinstance(labels, dict) else ():
        at = f"x-labels/{escape(value)}"
        if value not in values:
            help = did_you_mean(value, values)
            said = f"`x-labels` names `{value}`, which is not among the values"
            problems.fail("P604", said, node, key=at, help=help)
            continue
        for language in texts if isinstance(texts, dict) else ():
            if language not in languages:
                said = f"`{language}` is no language of a policy"
                help = did_you_mean(language, languages) or f"there are {', '.join(languages)}"
                problems.fail("P604", said, node, key=f"{at}/{escape(language)}", help=help)


def _labels(value: Json) -> dict[str, dict[str, str]]:
    """Read `x-labels`; of bokmål and nynorsk one stands in where the other is missing."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, dict[str, str]] = {}
    for key, labels in value.items():
        stated = labels.items() if isinstance(labels, dict) else ()
        own = {
            lang: text for lang, text in stated if isinstance(text, str) and says_something(text)
        }
        for lang, related in (("nn", "nb"), ("nb", "nn")):
            if related in own:
                own.setdefault(lang, own[related])
        found[key] = own
    return found
