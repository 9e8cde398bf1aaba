"""Text -> Module: check the characters, parse, build nodes, keep the comments.

Every wrong text ends in diagnostics; after a syntax error parsing goes on at the next
declaration, so one run shows an error of each.
"""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from importlib import resources
from itertools import islice

from lark import Lark
from lark import __version__ as lark_version
from lark.exceptions import UnexpectedInput
from lark.lexer import PatternRE, TerminalDef

from somepolicy.diskcache import cache_key, load_cached, store_cached
from somepolicy.syntax.builder import build
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError
from somepolicy.syntax.nodes import Comment, Module
from somepolicy.syntax.source import Source, Span
from somepolicy.syntax.syntax_errors import DECLARATIONS, TEXT_OR_COMMENT, translate

MOST_BYTES = 1 << 20
MOST_NESTED = 40
_MOST_ERRORS = 25
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What is no letter, mark or digit of a name and no `\w`: so all of XID_Continue is let through, and
# signs that `names.py` refuses. Few and small ranges, for `re` takes time by their size, once for
# every keyword in every state of the parser.
_BEYOND = (
    r"[^\x00-\xb6\xb8-\u02ff\u2000-\u203e\u2041-\u2053\u2055-\u20cf\u2100-\u2117\u2119-\u212d"
    r"\u212f-\u2bff\u2e00-\u3020\ufeff-\uff64]"
)
_LETTERS = rf"(?![0-9])(?:\w++|{_BEYOND}+)++"
_WORD_END = rf"(?![\w.\[]|{_BEYOND})"
_DECLARATION = re.compile(rf"^(?:{'|'.join(DECLARATIONS)})\b", re.MULTILINE)


def read_source(path: str, raw: bytes) -> Source:
    """Decode one policy file; CRLF and a leading byte order mark are accepted.

    Raises PolicyError P101, P102, P103 or P502.
    """
    shown = Source(path, _lines(raw[:MOST_BYTES].decode("utf-8-sig", "replace")))
    if len(raw) > MOST_BYTES:
        raise PolicyError(
            [
                Diagnostic(
                    "P502",
                    f"the file has {len(raw)} bytes, the most is {MOST_BYTES}",
                    Span(shown, 0, 0),
                    help="split the file; a policy may have many",
                )
            ]
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = len(_lines(error.object[: error.start].decode("utf-8")))
        raise PolicyError(
            [
                Diagnostic(
                    "P101",
                    "these bytes are not UTF-8",
                    Span(shown, offset, offset + 1),
                    help="save the file with the encoding UTF-8",
                )
            ]
        ) from None
    source = Source(path, _lines(text))
    problems = _wrong_characters(source)
    if problems:
        raise PolicyError(problems)
    return source


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _wrong_characters(source: Source) -> list[Diagnostic]:
    found = [
        Diagnostic(
            "P103",
            f"the invisible character {unicodedata.name(match[0])} reverses text",
            Span(source, *match.span()),
            help="delete it; such a character can make a rule read otherwise than it works",
        )
        for match in islice(_BIDIRECTIONAL.finditer(source.text), _MOST_ERRORS)
    ]
    found += [
        Diagnostic(
            "P102",
            f"control character U+{ord(match[0]):04X}",
            Span(source, *match.span()),
            help="delete it",
        )
        for match in islice(_CONTROL.finditer(source.text), _MOST_ERRORS - len(found))
    ]
    return found


def parse(source: Source) -> Module:
    """Parse one file. Raises PolicyError with every syntax error found, in order."""
    text, errors, found = source.text, _nesting(source), None
    start = 0
    while not errors or len(errors) < _MOST_ERRORS:
        if errors and errors[-1].code == "P501":
            break
        try:
            tree = _grammar().parse(" " * start + text[start:])
        except UnexpectedInput as error:
            errors.append(translate(error, source, _keywords()))
            at = errors[-1].span
            begins = at.text in DECLARATIONS and at.start > start
            restart = _DECLARATION.search(text, at.start if begins else max(at.end, start + 1))
            if restart is None:
                break
            start = restart.start()
        else:
            found = tree
            break
    if errors or found is None:
        raise PolicyError(errors)
    return Module(source, build(found, source), _comments(source))


def _nesting(source: Source) -> list[Diagnostic]:
    """Refuse brackets nested too deep before any recursive pass meets them."""
    depth = 0
    code = TEXT_OR_COMMENT.sub(lambda m: " " * len(m[0]), source.text)
    for match in re.finditer(r"[()]", code):
        depth += 1 if match[0] == "(" else -1
        if depth > MOST_NESTED:
            return [
                Diagnostic(
                    "P501",
                    f"brackets are nested more than {MOST_NESTED} deep",
                    Span(source, *match.span()),
                    help="name a part with `define`",
                )
            ]
    return []


def _comments(source: Source) -> tuple[Comment, ...]:
    return tuple(
        Comment(match[0], Span(source, *match.span()))
        for match in TEXT_OR_COMMENT.finditer(source.text)
        if match[0].startswith("#")
    )


@cache
def _grammar() -> Lark:
    """The grammar with its tables, which take 0.4 s to work out and are kept for the next start."""
    text = resources.files("somepolicy.syntax").joinpath("grammar.lark").read_text("utf-8")
    name = "grammar-" + cache_key(__name__, text, lark_version, _LETTERS, _WORD_END)
    if (kept := load_cached(name)) is not None:
        return Lark.load(io.BytesIO(kept))
    made = Lark(
        text,
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=True,
        edit_terminals=_end_at_word,
    )
    tables = io.BytesIO()
    made.save(tables)
    store_cached(name, tables.getvalue())
    return made


def _end_at_word(terminal: TerminalDef) -> None:
    """Let a keyword be a whole word, so that `requires` is not `require` and `s`."""
    if terminal.name in ("NAME", "EACH"):
        terminal.pattern = PatternRE(terminal.pattern.value.replace("LETTERS", _LETTERS))
    if terminal.pattern.type == "str" and terminal.pattern.value.isalpha():
        terminal.pattern = PatternRE(terminal.pattern.value + _WORD_END)
        terminal.priority = 1  # before NAME, which matches it too


@cache
def _keywords() -> dict[str, str]:
    """Terminal name -> the word or sign it stands for, for terminals that are one."""
    return {
        terminal.name: terminal.pattern.value.removesuffix(_WORD_END)
        for terminal in _grammar().terminals
        if terminal.pattern.type == "str" or terminal.pattern.value.endswith(_WORD_END)
    }
