"""Texts with a number, in the form that goes with it, by the plural rules of CLDR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

CATEGORIES = ("zero", "one", "two", "few", "many", "other")

_RELATION = r"n(?: % [1-9]\d*)? !?= \d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*"
_PARTS = re.compile(r"n(?: % (\d+))? (!?=) (.*)")
RULE = re.compile(rf"{_RELATION}(?: (?:and|or) {_RELATION})*")


@dataclass(frozen=True, slots=True)
class Plural:
    """A text in the forms of its language. `rules` has a rule for every form but `other`."""

    forms: Mapping[str, str]
    rules: Mapping[str, str]

    def __call__(self, count: int, **values: object) -> str:
        """Return the text for a number: `{count}` in it. Where a form is not given, `other` is."""
        form = next((x for x, rule in self.rules.items() if holds(rule, count)), "other")
        return self.forms.get(form, self.forms["other"]).format(count=count, **values)


def holds(rule: str, number: int) -> bool:
    """Whether a whole number fulfils a rule such as `n % 10 = 2..4 and n % 100 != 12..14`."""
    return any(
        all(_is_so(relation, number) for relation in every.split(" and "))
        for every in rule.split(" or ")
    )


def _is_so(relation: str, number: int) -> bool:
    parts = _PARTS.fullmatch(relation)
    assert parts is not None, "rules are checked as they are read"
    modulus, sign, ranges = parts.groups()
    value = number % int(modulus) if modulus else number
    among = False
    for each in ranges.split(","):
        first, _, last = each.partition("..")
        among |= int(first) <= value <= int(last or first)
    return among == (sign == "=")
