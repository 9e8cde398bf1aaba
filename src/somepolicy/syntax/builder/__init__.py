"""Parse tree -> nodes, with what the grammar cannot say: brackets, dates, parts of a rule."""

from somepolicy.syntax.builder.declarations import build

__all__ = ["build"]
