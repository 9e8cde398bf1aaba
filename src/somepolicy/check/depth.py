"""How deep an expression is nested, the definitions that it uses included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

MOST_DEEP = 60


class Depth:
    """Counts on the way down, and keeps the height of each body typed."""

    def __init__(self) -> None:
        self.here = 0  # of the expression at hand, definitions that lead to it included
        self._deepest = 0
        self._heights: dict[str, int] = {}

    def allows(self, body: str | None = None) -> bool:
        """Note how deep it goes from here, through the body of that name; whether that may be."""
        reached = self.here + (0 if body is None else self._heights[body])
        self._deepest = max(self._deepest, reached)
        return reached <= MOST_DEEP

    @contextmanager
    def measured(self, body: str) -> Iterator[None]:
        """Keep the height of what is typed within as that of the body of this name."""
        before, self._deepest = self._deepest, self.here
        yield
        self._heights[body] = self._deepest - self.here
        self._deepest = max(before, self._deepest)
