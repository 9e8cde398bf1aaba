"""The parser's errors, told in the author's terms: the one place that knows Lark's."""

from __future__ import annotations

from collections.abc import Mapping

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from somepolicy.language.diagnostics import Diagnostic, nearest
from somepolicy.language.source import Source, Span

_QUOTES = "'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb`"
_SIGNS = {
    "=": "a comparison is written `==`",
    "!": "write `not`, or `!=` between two values",
    "&": "write `and`",
    "|": "write `or`",
    "{": "the language has no braces; a rule ends where the next one begins",
    "}": "the language has no braces; a rule ends where the next one begins",
    ";": "the language has no semicolons; a rule ends where the next one begins",
    "[": "an element of a list is reached with `for each`, `some` or `every`",
    "*": "numbers can be added and subtracted only",
    "/": "a comment starts with `#`",
}
_VALUE = {"NAME", "STRING", "NUMBER"}
_PARTS = "cites, under, for each … where, when, that or if, unless, by, asks, says, remedy"
_RULE_PARTS = {"UNDER", "FOR", "WHEN", "THAT", "IF", "UNLESS", "BY", "ASKS", "SAYS", "REMEDY"}


def translate(error: UnexpectedInput, source: Source, keywords: Mapping[str, str]) -> Diagnostic:
    """Turn one of the parser's errors into a diagnostic P104 to P107."""
    match error:
        case UnexpectedCharacters():
            return _character(source, error.pos_in_stream or 0)
        case UnexpectedToken() if error.token.type != "$END":
            return _token(error, source, keywords)
        case _:
            end = len(source.text.rstrip())
            allowed = error.accepts if isinstance(error, UnexpectedToken) else set()
            return Diagnostic(
                "P107",
                "the file ends in the middle of something",
                Span(source, end, end),
                help=_expected(allowed or set(), keywords),
            )


def _character(source: Source, offset: int) -> Diagnostic:
    char = source.text[offset]
    span = Span(source, offset, offset + 1)
    if char == '"':
        number, _ = source.position(offset)
        end = offset + len(source.line(number)) - source.position(offset)[1] + 1
        return Diagnostic(
            "P104",
            "this text has no closing quote",
            Span(source, offset, max(end, offset + 1)),
            help='end it with `"` on the same line; a quote within a text is written `""`',
        )
    if char in _QUOTES:
        return Diagnostic(
            "P105",
            f"`{char}` does not begin a text",
            span,
            help='texts stand between straight double quotes: `"`',
        )
    if char.isalpha():
        return Diagnostic(
            "P105",
            f"`{char}` cannot stand in a name",
            span,
            help="names use the letters a to z, æ, ø and å, digits and `_`",
        )
    return Diagnostic(
        "P105", f"`{char}` does not belong to the language", span, help=_SIGNS.get(char)
    )


def _token(error: UnexpectedToken, source: Source, keywords: Mapping[str, str]) -> Diagnostic:
    token = error.token
    before = error.token_history[-1] if error.token_history else None
    if before is not None and str(before).upper() in _RULE_PARTS and before.type == "NAME":
        token = before  # `unless` after `says` was read as the name of a language
        return Diagnostic(
            "P106",
            f"`{token}` cannot stand here",
            Span(source, token.start_pos or 0, token.end_pos or 0),
            help=f"the parts of a rule come in this order: {_PARTS}",
        )
    start = token.start_pos or 0
    accepts = error.accepts or error.expected or set()
    value = str(token)
    shown = value if len(value) <= 40 else value[:39] + "…"
    return Diagnostic(
        "P106",
        f"`{shown}` cannot stand here",
        Span(source, start, start + len(value)),
        help=_mend(value, token.type, set(accepts), keywords),
    )


def _mend(value: str, kind: str, accepts: set[str], keywords: Mapping[str, str]) -> str | None:
    words = sorted(keywords[name] for name in accepts if keywords.get(name, "").isalpha())
    if value == "=" and "COMPARE" in accepts:
        return _SIGNS["="]
    if kind == "NAME" and (near := nearest(value, words)):
        return f"did you mean `{near}`?"
    if value == "(" and "COMPARE" in accepts:
        return "a function is written `name(…)`, a definition is used by its name alone"
    if kind in _RULE_PARTS and not accepts & _VALUE:
        return f"the parts of a rule come in this order: {_PARTS}"
    return _expected(accepts, keywords) or _SIGNS.get(value[:1])


def _expected(accepts: set[str], keywords: Mapping[str, str]) -> str | None:
    named = {
        "STRING": "a text in double quotes",
        "NAME": "a name",
        "NUMBER": "a number",
        "DATE": "a date such as 2026-11-22",
        "INSTANT": "a time such as 2026-11-22T12:00:00+01:00",
        "LOCATOR": "a place in the source such as 3.b4.s2",
        "DIGEST": "a digest of 12 hexadecimal digits",
        "POINTER": "a JSON Pointer such as /media/0",
        "COMPARE": "a comparison",
        "SIGN": "`+` or `-`",
    }
    if accepts >= _VALUE:
        return "a value or a condition is needed here"
    wanted = sorted(
        named.get(name) or f"`{keywords[name]}`"
        for name in accepts
        if name in named or name in keywords
    )
    if not wanted or len(wanted) > 7:
        return None
    *first, last = wanted
    return f"expected {', '.join(first)} or {last}" if first else f"expected {last}"
