"""What of many examples the fast tests try; the slower checks try them all.

Hypothesis draws all its examples with `--hypothesis-profile=full`, else a fifth of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import settings


def examples(number: int) -> settings:
    """Return the settings of a property that is worth so many examples in full."""
    return settings(max_examples=max(min(number, 5), number * settings.default.max_examples // 100))


def one_in(step: int, rows: Iterable[object]) -> list[object]:
    """Return the rows of a table as parameters; all but the first of every `step` are slow."""
    return [_slow(row) if number % step else row for number, row in enumerate(rows)]


def _slow(row: object) -> object:
    if isinstance(row, type(pytest.param())):  # which is a tuple, too
        return pytest.param(*row.values, id=row.id, marks=[*row.marks, pytest.mark.slow])
    return pytest.param(*row if isinstance(row, tuple) else (row,), marks=pytest.mark.slow)
