"""What an evaluator returns: one outcome per instance of a rule, with its status for citation."""

from enum import IntEnum
from typing import NamedTuple

from somepolicy.engine.decision import STATUSES, Status
from somepolicy.functions.detection import Detections
from somepolicy.json_type import Json


class StatusCode(IntEnum):
    """The status of an instance as evaluators count with it; of several the lowest is cited."""

    VIOLATED = 0
    UNPROVEN = 1
    ADVISED = 2
    SATISFIED = 3
    PERMITTED = 4
    NOT_APPLICABLE = 5
    UNDECIDED = 6  # of a clause that no rule decides

    @property
    def word(self) -> Status:
        """The status as decisions name it."""
        return STATUSES[self]


_STATUSES = 8  # more than there are


def noted(rule: int, status: int) -> int:
    """Return the status of a rule, by its index, as one number."""
    return rule * _STATUSES + status


def read_note(number: int) -> tuple[int, int]:
    """Return the index of the rule and its status."""
    return divmod(number, _STATUSES)


class UnmetInstance(NamedTuple):
    """A violated or unproven instance of a rule, by its name.

    `element` is the element of `for each`, if any. `unset` are the parameters it depends on that
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
    """The status of each rule of the kind, in order, and the unmet instances."""

    statuses: tuple[int, ...]
    unmet: tuple[UnmetInstance, ...]
