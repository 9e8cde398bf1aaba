"""Expressions as text: brackets where they are needed or help, lines of at most 100 columns.

Levels say where brackets are needed: a part whose level is below what its place requires
stands in brackets. Two kinds of brackets are for the reader: round `otherwise` as a part, and
round a comparison after `not`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from somepolicy.syntax import nodes as n

WIDTH = 100
ANY, JUNCTION, NOT, COMPARISON, SUM, TERM, ATOM = range(7)
_MOST_TERMS = 40  # of one sum; more stand in brackets
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: words, or an expression between a prefix and a suffix."""

    prefix: str
    expr: n.Expr | None = None
    suffix: str = ""
    level: int = ANY


class Layout:
    """Lays out the expressions of one file.

    `forced(start, text)` says whether a comment stands within a text that begins after that
    many signs of the file, so that the text has to take more than one line. `measure` counts
    the signs of a text.
    """

    def __init__(
        self, measure: Callable[[str], int], forced: Callable[[int, str], bool], *, spare: bool
    ) -> None:
        self.measure = measure
        self.forced = forced
        self.spare = spare  # leave brackets out that are only for the reader
        self._flat: dict[int, str] = {}

    # --- one line

    def flat(self, expr: n.Expr, level: int = ANY) -> str:
        """Return an expression in one line, in brackets if its place requires a higher level."""
        if id(expr) not in self._flat:
            self._flat[id(expr)] = self._one_line(expr)
        text = self._flat[id(expr)]
        return f"({text})" if self.bracketed(expr, level) else text

    def bracketed(self, expr: n.Expr, level: int) -> bool:
        """Whether an expression needs brackets in a place that requires this level."""
        if isinstance(expr, n.Otherwise):
            return level > (TERM if self.spare else ANY)
        if level == NOT + 1:  # after `not`
            return _level(expr) < (NOT if self.spare or isinstance(expr, n.Not) else SUM)
        return _level(expr) < level

    def _one_line(self, expr: n.Expr) -> str:
        match expr:
            case n.Literal():
                return _literal(expr)
            case n.Name(ident):
                return ident.text
            case n.And(operands) | n.Or(operands):
                word = " and " if isinstance(expr, n.And) else " or "
                return word.join(self.flat(each, NOT) for each in operands)
            case n.Not(operand):
                return f"not {self.flat(operand, NOT + 1)}"
            case n.Quantified(word, variable, container, condition):
                return f"{word} {variable.text} in {container.text} ({self.flat(condition)})"
            case n.Summed(variable, container, value):
                return f"sum({variable.text} in {container.text}: {self.flat(value)})"
            case n.Attested(answer, roles):
                return f"attested {answer} by {', '.join(role.text for role in roles)}"
            case n.Tuple() | n.Call():
                opened, items, closed = self._listed(expr)
                return opened + " ".join(self._piece(item) for item in items) + closed
            case n.Is(operand, test):
                return f"{self.flat(operand, SUM)} is {test}"
            case n.Matches(text, pattern):
                return f"{self.flat(text, SUM)} matches {quoted(pattern)}"
            case _:
                left, sign, right = self._pair(expr)
                return f"{self._piece(left)} {sign} {self._piece(right)}"

    def _piece(self, piece: Piece) -> str:
        inner = "" if piece.expr is None else self.flat(piece.expr, piece.level)
        return f"{piece.prefix}{inner}{piece.suffix}"

    def _pair(self, expr: n.Expr) -> tuple[Piece, str, Piece]:
        """Take an expression of two operands apart."""
        match expr:
            case n.Compare(operator, left, right):
                return Piece("", left, level=SUM), operator, Piece("", right, level=SUM)
            case n.Membership(item, container, negated):
                sign = "not in" if negated else "in"
                return Piece("", item, level=SUM), sign, self.container(container)
            case n.Contains(text, part):
                return Piece("", text, level=SUM), "contains", Piece("", part, level=SUM)
            case n.Arithmetic(operator, left, right):
                level = ATOM if _terms(left) >= _MOST_TERMS else SUM
                return Piece("", left, level=level), operator, Piece("", right, level=TERM)
            case n.Otherwise(operand, fallback):
                return Piece("", operand, level=ATOM), "otherwise", Piece("", fallback, level=ATOM)
            case other:
                raise AssertionError(other)

    def container(self, container: n.Expr) -> Piece:
        """After `in`, one literal in brackets is a list of one."""
        match container:
            case n.Tuple((n.Literal() as only,)):
                return Piece("(", only, ")")
            case _:
                return Piece("", container, level=SUM)

    def _listed(self, expr: n.Tuple | n.Call) -> tuple[str, list[Piece], str]:
        """Take a tuple or a call apart: what opens it, its items, what closes it."""
        items, opened = (
            (expr.items, "(")
            if isinstance(expr, n.Tuple)
            else (expr.arguments, f"{expr.name.text}(")
        )
        alone = isinstance(expr, n.Tuple) and len(items) == 1
        return opened, self.enumerated(items, alone=alone), ")"

    def enumerated(
        self, items: Sequence[n.Expr], level: int = ANY, *, alone: bool = False
    ) -> list[Piece]:
        """Put commas between items, or behind an only one."""
        pieces = []
        for number, item in enumerate(items, 1):
            comma = "," if alone or number < len(items) else ""
            # the roles of `attested` would go on after the comma
            needed = ATOM + 1 if comma and self._ends_in_roles(item, level) else level
            pieces.append(Piece("", item, comma, needed))
        return pieces

    def _ends_in_roles(self, expr: n.Expr, level: int) -> bool:
        if self.bracketed(expr, level):
            return False
        match expr:
            case n.Attested():
                return True
            case n.And(operands) | n.Or(operands):
                return self._ends_in_roles(operands[-1], NOT)
            case n.Not(operand):
                return self._ends_in_roles(operand, NOT + 1)
            case n.Compare() | n.Membership() | n.Contains() | n.Arithmetic() | n.Otherwise():
                right = self._pair(expr)[2]
                return (
                    not right.suffix
                    and right.expr is not None
                    and self._ends_in_roles(right.expr, right.level)
                )
            case _:
                return False

    # --- several lines; every method returns them, the first without its indent

    def lines(
        self, piece: Piece, start: int, column: int, room: int = 0, hang: int | None = None
    ) -> list[str]:
        """Lay out a piece that begins in a column and after `start` signs.

        `room` is how many columns the last line has to leave; `hang` the column of the
        operators of the outermost `and` or `or`, if that is not where the expression begins.
        """
        flat = self._piece(piece)
        if piece.expr is None or self._fits(flat, start, column, room):
            return [flat]
        start += self.measure(piece.prefix)
        opened, closed = piece.prefix, piece.suffix
        if self.bracketed(piece.expr, piece.level):
            opened, closed, hang = f"{opened}(", f"){closed}", None
        inner = column + len(opened)
        broken = self._broken(piece.expr, start, inner, room + len(closed), hang)
        return [opened + broken[0], *broken[1:-1], broken[-1] + closed] if len(broken) > 1 else [
            opened + broken[0] + closed
        ]  # fmt: skip

    def _fits(self, flat: str, start: int, column: int, room: int) -> bool:
        return column + len(flat) + room <= WIDTH and not self.forced(start, flat)

    def _broken(
        self, expr: n.Expr, start: int, column: int, room: int, hang: int | None
    ) -> list[str]:
        match expr:
            case n.And(operands) | n.Or(operands):
                word = "and " if isinstance(expr, n.And) else "or "
                pieces = [
                    Piece(word if number else "", each, level=NOT)
                    for number, each in enumerate(operands)
                ]
                hang = column if hang is None else hang
                return self.filled(pieces, start, column, room, hang, apart=True)
            case n.Not(operand):
                return self.lines(Piece("not ", operand, level=NOT + 1), start, column, room)
            case n.Quantified(word, variable, container, condition):
                head = f"{word} {variable.text} in {container.text}"
                return self._below(head, Piece("(", condition, ")"), start, column, room)
            case n.Summed(variable, container, value):
                head = f"sum({variable.text} in {container.text}:"
                return self._below(head, Piece("", value, ")"), start, column, room)
            case n.Tuple() | n.Call():
                opened, items, closed = self._listed(expr)
                inner = column + len(opened)
                after = start + self.measure(opened)
                lines = self.filled(items, after, inner, room + len(closed), inner)
                lines[0] = opened + lines[0]
                lines[-1] += closed
                return lines
            case n.Attested(answer, roles):
                names = [Piece(f"{role.text},") for role in roles[:-1]] + [Piece(roles[-1].text)]
                names[0] = Piece(f"attested {answer} by {names[0].prefix}")
                return self.filled(names, start, column, room, column + 2)
            case n.Is(operand, test):
                return self.lines(Piece("", operand, f" is {test}", SUM), start, column, room)
            case n.Matches(text, pattern):
                suffix = f" matches {quoted(pattern)}"
                return self.lines(Piece("", text, suffix, SUM), start, column, room)
            case n.Literal() | n.Name():
                return [self.flat(expr)]
            case _:
                return self._two_sides(expr, start, column, room)

    def _below(self, head: str, piece: Piece, start: int, column: int, room: int) -> list[str]:
        """Put a piece on the line below its head, two columns further in."""
        below = self.lines(piece, start + self.measure(head), column + 2, room)
        return [head, f"{' ' * (column + 2)}{below[0]}", *below[1:]]

    def _two_sides(self, expr: n.Expr, start: int, column: int, room: int) -> list[str]:
        """Break within the right side where it can be broken, else before the operator."""
        left, sign, right = self._pair(expr)
        first = self.lines(left, start, column)
        start += self.measure(self._piece(left))
        after = len(first[-1]) + len(sign) + 2 + (column if len(first) == 1 else 0)
        solid = isinstance(right.expr, n.Literal | n.Name) and not right.prefix
        if (solid and after + len(self._piece(right)) + room > WIDTH) or after > WIDTH * 3 // 4:
            piece = Piece(f"{sign} {right.prefix}", right.expr, right.suffix, right.level)
            rest = self.lines(piece, start, column + 2, room)
            return [*first, f"{' ' * (column + 2)}{rest[0]}", *rest[1:]]
        rest = self.lines(right, start + self.measure(sign), after, room)
        return [*first[:-1], f"{first[-1]} {sign} {rest[0]}", *rest[1:]]

    def filled(
        self,
        pieces: Sequence[Piece],
        start: int,
        column: int,
        room: int,
        hang: int,
        *,
        apart: bool = False,
    ) -> list[str]:
        """Put as many pieces on a line as it takes; one if `apart` or a comment is among them.

        The first line begins in the column, the others in the column `hang`.
        """
        whole = " ".join(self._piece(piece) for piece in pieces)
        one_a_line = apart or self.forced(start, whole)
        done: list[str] = []
        line, at, solid = "", column, False
        for number, piece in enumerate(pieces, 1):
            spare = room if number == len(pieces) else 0
            flat = self._piece(piece)
            begun = at + len(line) + 1
            if line and not one_a_line and solid and self._fits(flat, start, begun, spare):
                line += f" {flat}"
            else:
                if line:
                    done.append(line)
                    at = hang
                laid = self.lines(piece, start, at, spare)
                laid[0] = f"{' ' * hang}{laid[0]}" if done else laid[0]
                done += laid[:-1]
                line, solid = laid[-1], len(laid) == 1
                at = column if not done else 0
            start += self.measure(flat)
        return [*done, line]


def quoted(text: str) -> str:
    """Return a text between quotes, its own quotes doubled."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _level(expr: n.Expr) -> int:
    match expr:
        case n.And() | n.Or():
            return JUNCTION
        case n.Not():
            return NOT
        case n.Compare() | n.Membership() | n.Contains() | n.Matches() | n.Is():
            return COMPARISON
        case n.Arithmetic():
            return SUM
        case n.Otherwise():
            return TERM
        case _:
            return ATOM


def _terms(expr: n.Expr) -> int:
    """Count the terms of a sum up to its brackets."""
    signs = 0
    while isinstance(expr, n.Arithmetic):
        expr, signs = expr.left, signs + 1
    count = 1
    for _ in range(signs):
        count = 2 if count >= _MOST_TERMS else count + 1
    return count


def _literal(literal: n.Literal) -> str:
    """Keep the spelling of a number: `0.50` is not made `0.5`."""
    if isinstance(literal.value, bool):
        return "true" if literal.value else "false"
    if isinstance(literal.value, str):
        return quoted(literal.value)
    written = literal.span.text
    if written.startswith("-"):
        found = _NUMBER.search(written)
        assert found is not None
        return f"-{found[0]}"
    return written
