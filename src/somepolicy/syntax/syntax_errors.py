"""The parser's errors, in the author's terms: the one place that knows Lark's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import Token

from somepolicy.look_alikes import called, difference
from somepolicy.nearest import nearest
from somepolicy.syntax.diagnostics import Diagnostic, did_you_mean
from somepolicy.syntax.names import is_unseen
from somepolicy.syntax.source import Source, Span

_QUOTES = "'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb`\u300c\u300e\uff02\uff07"
_SIGNS = {
    "=": "a comparison is written `==`",
    "!": "write `not`, or `!=` between two values",
    "&": "write `and`",
    "|": "write `or`",
    "{": "the language has no braces; a rule ends where the next one begins",
    "}": "the language has no braces; a rule ends where the next one begins",
    ";": "the language has no semicolons; a rule ends where the next one begins",
    "[": "values stand in round brackets, as in `(1, 2)`; an element of a list is reached "
    "with `for each`, `some` or `every`",
    "]": "values stand in round brackets, as in `(1, 2)`",
    "*": "numbers can be added and subtracted only",
    "%": "a share is written as a number, as `0.5`",
    "/": "a comment starts with `#`",
    "\u2264": "write `<=`",
    "\u2265": "write `>=`",
    "\u2260": "write `!=`",
    "\u2013": "a minus is written `-`",
    "\u2014": "a minus is written `-`",
    "\u2212": "a minus is written `-`",
    "\u2026": "three dots stand for nothing here; write it out",
}
_OPERATORS = {
    "&&": "write `and`",
    "||": "write `or`",
    "=<": "write `<=`",
    "=>": "write `>=`",
    "<>": "write `!=`",
    "===": "write `==`",
    "!==": "write `!=`",
    ":=": "write `=`",
    "**": _SIGNS["*"],
    "//": _SIGNS["/"],
    "/*": _SIGNS["/"],
    "--": _SIGNS["/"],
}
_OPERATOR = re.compile("|".join(re.escape(sign) for sign in sorted(_OPERATORS, key=len)[::-1]))
_DAY_MONTH_YEAR = re.compile(r"\b([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})\b")
_NO_OFFSET = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?![0-9:.Z+-])")
_DECIMAL_COMMA = re.compile(r"(?<![\w.,])([0-9]+),([0-9]+)(?![\w.,])")
_WORDS = {
    "equals": "a comparison is written `==`",
    "equal": "a comparison is written `==`",
    "then": "write `that` before what must hold",
    "should": "write `that` before what must hold",
    "must": "write `that` before what must hold",
    "has": "write `contains` for a text, `in` for a list",
    "includes": "write `contains` for a text, `in` for a list",
    "all": "write `every`",
    "any": "write `some`",
    "exists": "write `some`, or `is present`",
    "each": "write `every`",
    "og": "write `and`",
    "eller": "write `or`",
    "ikke": "write `not`",
    "hvis": "write `if`",
    "else": "write two rules",
    "xor": "write it with `and`, `or` and brackets",
}
TEXT_OR_COMMENT = re.compile(r'"(?:[^"\n]|"")*"|#[^\n]*')
_EXPECTED = re.compile(r"\bexpect\s+(\w+)\s*\Z")
_EXPONENT = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+\b")
_OPEN_SUM = re.compile(r"\bsum\s*\([^():]*\Z")
_FORM_OF_SUM = "numbers of the elements of a list are added with `sum(x in list: x.n)`"
_ELEMENT = re.compile(r"(\w+)\[[^\]\n\",]*\]")
_VALUE = {"NAME", "STRING", "NUMBER"}
_PARTS = "cites, under, for each … where, when, that or if, unless, by, asks, says, remedy"
_RULE_PARTS = {"UNDER", "FOR", "WHEN", "THAT", "IF", "UNLESS", "BY", "ASKS", "SAYS", "REMEDY"}
_MOST_SHOWN = 40
DECLARATIONS = (
    "section", "lead_in", "clause", "reading", "rules", "unregulated", "define", "parameter",
    "require", "forbid", "attest", "advise", "permit", "test",
)  # fmt: skip


def translate(error: UnexpectedInput, source: Source, keywords: Mapping[str, str]) -> Diagnostic:
    """Turn one of the parser's errors into a diagnostic P104 to P107."""
    match error:
        case UnexpectedCharacters():
            return _character(source, error.pos_in_stream or 0)
        case UnexpectedToken() if error.token.type != "$END":
            return _token(error, source, keywords)
        case _:
            return _unfinished(error, source, keywords)


def _unfinished(error: UnexpectedInput, source: Source, keywords: Mapping[str, str]) -> Diagnostic:
    """Point behind the last token: the end of the file may be comments away."""
    accepts: set[str] = set()
    end = len(source.text.rstrip())
    if isinstance(error, UnexpectedToken):
        accepts, end = error.accepts or set(), error.token.end_pos or end
    if mistyped := _mistyped_decision(source, end, accepts):
        return mistyped
    return Diagnostic(
        "P107",
        "the file ends in the middle of a declaration",
        Span(source, end, end),
        help=_expected(accepts, keywords),
    )


def _mistyped_decision(source: Source, end: int, accepts: set[str]) -> Diagnostic | None:
    """Recognise `expect alow`, which was read as the beginning of `expect RULE satisfied`."""
    found = _EXPECTED.search(source.text, 0, end)
    if found is None or "SATISFIED" not in accepts:
        return None
    span = Span(source, *found.span(1))
    help = did_you_mean(found[1], ("allow", "deny"))
    return Diagnostic("P106", f"`{found[1]}` cannot stand here", span, help) if help else None


def _character(source: Source, offset: int) -> Diagnostic:
    char = source.text[offset]
    span = Span(source, offset, offset + 1)
    if char == '"':
        number, column = source.position(offset)
        line = source.line(number).rstrip()
        closes = not any(after.isalnum() for after in line[column:])
        if closes and (unclosed := _unclosed(source, offset)):
            return unclosed
        return Diagnostic(
            "P104",
            "this text has no closing quote",
            Span(source, offset, max(offset + len(line) - column + 1, offset + 1)),
            help='end it with `"` on the same line; a quote within a text is written `""`',
        )
    if char in _QUOTES:
        return Diagnostic(
            "P105",
            f"`{char}` does not begin a text",
            span,
            help='texts stand between straight double quotes: `"`',
        )
    if known := _known_mistake(source, offset, "P105"):
        return known
    if not char.isprintable():
        return Diagnostic(
            "P105",
            f"the invisible character {called(char)} does not belong to the language",
            span,
            help="delete it" if is_unseen(char) else "put an ordinary blank in its place",
        )
    plain = unicodedata.normalize("NFKC", char)  # of a sign as wide as a Chinese letter
    help = f"write `{plain}`" if len(plain) == 1 and plain.isascii() else None
    message = f"`{char}` does not belong to the language"
    return Diagnostic("P105", message, span, help=_SIGNS.get(char, help))


def _known_mistake(source: Source, offset: int, code: str) -> Diagnostic | None:
    """Recognise what other languages, and people, write: `22.11.2026`, `1,5`, `&&`."""
    number, column = source.position(offset)
    first = max(0, column - 41)
    window = source.line(number)[first : column + 40]
    start = offset - column + 1 + first
    for pattern, explain in _MISTAKES:
        for match in pattern.finditer(window):
            if match.start() <= offset - start < match.end():
                message, help = explain(match)
                span = Span(source, start + match.start(), start + match.end())
                return Diagnostic(code, message, span, help)
    return None


def _date(match: re.Match[str]) -> tuple[str, str]:
    day, month, year = (int(part) for part in match.groups())
    mended = f"{year:04}-{month:02}-{day:02}"
    return f"`{match[0]}` is not how a date is written", f"write the year first: `{mended}`"


def _time(match: re.Match[str]) -> tuple[str, str]:
    return f"the time `{match[0]}` has no offset", f"write `{match[0]}+01:00`, or `Z` for UTC"


def _decimal(match: re.Match[str]) -> tuple[str, str]:
    mended = f"write a point before the decimals: `{match[1]}.{match[2]}`"
    return f"`{match[0]}` is not how a number is written", mended


def _operator(match: re.Match[str]) -> tuple[str, str]:
    return f"`{match[0]}` does not belong to the language", _OPERATORS[match[0]]


def _exponent(match: re.Match[str]) -> tuple[str, str]:
    return f"`{match[0]}` is not how a number is written", "write all its digits, at most 15"


def _element(match: re.Match[str]) -> tuple[str, str]:
    help = (
        f"elements are counted from 0: `{match[1]}[0]` is the first; "
        f"after `unregulated` stands `{match[1]}[]` for every element"
    )
    return f"`{match[0]}` is not how an element is named", help


_MISTAKES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
    (_DAY_MONTH_YEAR, _date),
    (_NO_OFFSET, _time),
    (_DECIMAL_COMMA, _decimal),
    (_OPERATOR, _operator),
    (_EXPONENT, _exponent),
    (_ELEMENT, _element),
)


def _token(error: UnexpectedToken, source: Source, keywords: Mapping[str, str]) -> Diagnostic:
    token = error.token
    before = error.token_history[-1] if error.token_history else None
    for each in (before, token):  # a mistyped `not` is read as a name, and stands before the error
        if each is not None and (alike := _look_alike(each, source, keywords)):
            return alike
    if before is not None and before.type == "NAME":
        if str(before).upper() in _RULE_PARTS:  # `unless` was read as the name of a language
            return _out_of_order(before, source)
        if str(before) in DECLARATIONS and _first_of_line(before, source):
            return _interrupted(before, source)
    if token.type == "NAME" and str(token) in DECLARATIONS and _first_of_line(token, source):
        return _interrupted(token, source)
    if token.type.lower() in DECLARATIONS and _first_of_line(token, source):
        return _interrupted(token, source, _expected(error.accepts or set(), keywords))
    start, value = token.start_pos or 0, str(token)
    if mistyped := _mistyped_decision(source, start, error.accepts or set()):
        return mistyped
    if unclosed := _unclosed(source, start):
        return unclosed
    if known := _known_mistake(source, start, "P106"):
        return known
    if before is not None and before.type == "NAME" and (help := _WORDS.get(str(before).lower())):
        token = before
    elif (value == ":" and "RPAR" in (error.accepts or ())) or _in_sum(before, source, start):
        help = _FORM_OF_SUM
    else:
        help = _mend(value, token.type, set(error.accepts or error.expected or ()), keywords)
    shown = str(token) if len(token) <= _MOST_SHOWN else f"{token[: _MOST_SHOWN - 1]}…"
    return Diagnostic(
        "P106",
        f"`{shown}` cannot stand here",
        Span(source, token.start_pos or 0, token.end_pos or 0),
        help=help,
    )


def _look_alike(token: Token, source: Source, keywords: Mapping[str, str]) -> Diagnostic | None:
    """Recognise a keyword with a letter of another script."""
    if token.type != "NAME" or token.isascii() or len(token) > _MOST_SHOWN:
        return None
    word = nearest(token, filter(str.isalpha, keywords.values()))
    if word is None or difference(token, word) is None:
        return None
    span = Span(source, token.start_pos or 0, token.end_pos or 0)
    return Diagnostic("P106", f"`{token}` cannot stand here", span, did_you_mean(token, (word,)))


def _in_sum(before: Token | None, source: Source, offset: int) -> bool:
    """Whether this stands behind `sum` and before the colon."""
    word = before is not None and before.type == "SUM"
    return word or _OPEN_SUM.search(source.text, 0, offset) is not None


def _unclosed(source: Source, offset: int) -> Diagnostic | None:
    """Recognise a quote that is missing before others on the line: `nb "x en "y"`."""
    number, column = source.position(offset)
    texts = list(TEXT_OR_COMMENT.finditer(source.line(number)))
    before = [match for match in texts if match.end() < column and match[0].startswith('"')]
    if not before or '"' not in TEXT_OR_COMMENT.sub("", source.line(number)):
        return None
    start = offset - column + 1
    return Diagnostic(
        "P104",
        "a quote is missing on this line, so that this text ends in the wrong place",
        Span(source, start + before[-1].start(), start + before[-1].end()),
        help='each text begins and ends with `"`; a quote within a text is written `""`',
    )


def _first_of_line(token: Token, source: Source) -> bool:
    number, column = source.position(token.start_pos or 0)
    return not source.line(number)[: column - 1].strip()


def _out_of_order(token: Token, source: Source) -> Diagnostic:
    return Diagnostic(
        "P106",
        f"`{token}` cannot stand here",
        Span(source, token.start_pos or 0, token.end_pos or 0),
        help=f"the parts of a rule come in this order: {_PARTS}",
    )


def _interrupted(token: Token, source: Source, help: str | None = None) -> Diagnostic:
    return Diagnostic(
        "P107",
        f"`{token}` begins a declaration, but the one before it is not complete",
        Span(source, token.start_pos or 0, token.end_pos or 0),
        help=help,
    )


def _mend(value: str, kind: str, accepts: set[str], keywords: Mapping[str, str]) -> str | None:
    words = sorted(keywords[name] for name in accepts if keywords.get(name, "").isalpha())
    if value == "=" and "COMPARE" in accepts:
        return _SIGNS["="]
    if {"PRESENT", "MISSING"} <= accepts:
        return _after_is(value, kind)
    if value == "present" and accepts == {"EMPTY"}:
        return "write `is missing`"
    if value == "missing" and accepts == {"EMPTY"}:
        return "write `is present`"
    if kind in ("STRING", "NUMBER", "DATE", "NAME", "TRUE", "FALSE") and accepts == {"EMPTY"}:
        return "two values that differ are written with `!=`"
    if kind == "NAME" and (near := did_you_mean(value, words)):
        return near
    if kind == "NAME" and "COMPARE" in accepts and (help := _WORDS.get(value.lower())):
        return help
    if value == "(" and "COMPARE" in accepts:
        return "a function is written `name(…)`, a definition is used by its name alone"
    if kind in _RULE_PARTS and not accepts & (_VALUE | {"RPAR"}):
        return f"the parts of a rule come in this order: {_PARTS}"
    return _expected(accepts, keywords) or _SIGNS.get(value[:1])


def _after_is(value: str, kind: str) -> str:
    if kind == "TRUE":
        return "a boolean field is a condition by itself: leave `is true` out"
    if kind == "FALSE":
        return "write `not` before the boolean field"
    if kind == "NAME" and (near := did_you_mean(value, ("present", "missing", "empty"))):
        return near
    return "a comparison is written `==`; after `is` stands `present`, `missing`, `empty` or `not empty`"


def _expected(accepts: set[str], keywords: Mapping[str, str]) -> str | None:
    named = {
        "STRING": "a text in double quotes",
        "NAME": "a name",
        "EACH": "a path such as post.media[].kind",
        "NUMBER": "a number",
        "DATE": "a date such as 2026-11-22",
        "INSTANT": "a time such as 2026-11-22T12:00:00+01:00",
        "LOCATOR": "a place in the source such as 3.b4.s2",
        "DIGEST": "a digest of 12 hexadecimal digits",
        "POINTER": "a JSON Pointer such as /media/0",
        "COMPARE": "a comparison",
        "SIGN": "`+` or `-`",
    }
    if {"RPAR", "COMPARE"} <= accepts:
        return "a bracket `(` before this is not closed with `)`"
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
