"""What an evaluator hands over: one outcome per instance of a rule, ranked for citation."""

from enum import IntEnum
from typing import NamedTuple

from somepolicy.functions.detection import Detections
from somepolicy.json_type import Json


class Rank(IntEnum):
    """The status of an instance; of several the lowest is cited."""

    VIOLATED = 0
    UNPROVEN = 1
    ADVISED = 2
    SATISFIED = 3
    PERMITTED = 4
    NOT_APPLICABLE = 5


_RANKS = 8  # more than there are


def noted(rule: int, rank: int) -> int:
    """Return the rank of a rule, by its index, as one number."""
    return rule * _RANKS + rank


def read_note(number: int) -> tuple[int, int]:
    """Return the index of the rule and its rank."""
    return divmod(number, _RANKS)


class Broken(NamedTuple):
    """A violated or unproven instance of a rule, by its name.

    `element` is the element of `for each`, if any. `unset` are the parameters it hangs on that
    have no value yet.
    """

    rule: str
    violated: bool
    at: str
    element: Json
    facts: tuple[str, ...]
    missing: tuple[str, ...]
    detections: Detections
    unset: tuple[str, ...] = ()


class Evaluation(NamedTuple):
    """The rank of each rule of the kind, in order, and what broke."""

    ranks: tuple[int, ...]
    broken: tuple[Broken, ...]
