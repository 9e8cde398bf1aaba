"""What is wrong with a policy, and how it is shown: the one place that draws carets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from somepolicy.errors import SomepolicyError
from somepolicy.look_alikes import difference
from somepolicy.nearest import nearest
from somepolicy.syntax.codes import CODES, Severity, severity
from somepolicy.syntax.source import Span

_MOST_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that belongs to a diagnostic, with what it has to do with it."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning.

    `message` says what is wrong, in lower case and without a full stop; `help` how to mend
    it; `context` where it happened in the policy's own terms (a rule, a clause).
    """

    code: str
    message: str
    span: Span
    help: str | None = None
    context: str | None = None
    labels: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a code that the table does not hold."""
        assert self.code in CODES, self.code

    @property
    def severity(self) -> Severity:
        """`error` or `warning`."""
        return severity(self.code)


class PolicyError(SomepolicyError):
    """A policy that cannot be used. `diagnostics` holds every error, in order of place."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = in_order(diagnostics)
        super().__init__("\n\n".join(render(d) for d in self.diagnostics))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file and place, each diagnostic once."""
    unique = {
        (d.span.source.path, d.span.start, d.span.end, d.code, d.message): d for d in diagnostics
    }
    return tuple(unique[key] for key in sorted(unique))


def render(diagnostic: Diagnostic) -> str:
    """Draw a diagnostic with its line, a caret under the word, and the mend."""
    d = diagnostic
    message = _printable(d.message)
    lines = [f"{d.span.where}: {d.severity}[{d.code}]: {message}", *_excerpt(d.span)]
    margin = " " * len(str(d.span.source.position(d.span.start)[0]))
    lines += [f"{margin} = {label.text}: {label.span.where}" for label in d.labels]
    if d.help:
        lines.append(f"{margin} = help: {_printable(d.help)}")
    if d.context:
        lines.append(f"{margin} = in {_printable(d.context)}")
    return "\n".join(lines)


def _excerpt(span: Span) -> list[str]:
    number, column = span.source.position(span.start)
    line = span.source.line(number)
    end = min(column - 1 + max(span.end - span.start, 1), max(len(line), column))
    start = max(0, column - 1 - _MOST_CHARACTERS // 2)
    window = line[start : start + _MOST_CHARACTERS]
    lead = _columns(line[start : column - 1])
    carets = max(1, _columns(line[column - 1 : min(end, start + _MOST_CHARACTERS)]))
    margin = " " * len(str(number))
    return [
        f"{margin} |",
        f"{number} | {_printable(window)}",
        f"{margin} | {' ' * lead}{'^' * carets}",
    ]


def _printable(text: str) -> str:
    """Replace what a terminal would act upon by a visible stand-in of one column."""
    return "".join(
        " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" if _is_control(c) else c for c in text
    )


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _columns(text: str) -> int:
    """Count the columns a terminal needs: wide letters two, marks on a letter none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(map(_takes_no_column, text))


def _takes_no_column(char: str) -> bool:
    """Whether a mark, or a vowel or end of a Korean syllable, stands in the column before it."""
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a help text with the nearest name, if there is one, and how it looks different."""
    near = nearest(name, known)
    if near is None:
        return None
    how = None if name.isascii() and near.isascii() else difference(name, near)
    return f"did you mean `{near}`?" + (f" {how}" if how else "")
