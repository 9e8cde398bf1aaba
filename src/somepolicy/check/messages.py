"""Texts of a policy: every language once, and what a message may show of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from somepolicy import ir as p
from somepolicy.check.context import Scope
from somepolicy.check.expressions import expr
from somepolicy.check.names import bind
from somepolicy.check.type_rules import named
from somepolicy.functions.something import says_something
from somepolicy.ir import types as t
from somepolicy.normal_form import normal
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import did_you_mean
from somepolicy.syntax.names import is_name
from somepolicy.syntax.source import Span

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_SHOWN = (t.Enumeration, t.Boolean, t.Number, t.Date, t.Instant)


def localised(
    texts: n.Texts,
    languages: Sequence[str],
    at: Span,
    fail: Callable[[str, str, Span, str | None], None],
) -> dict[str, str]:
    """Return a text per language, in the policy's order; P211 or P212 where one is amiss."""
    found: dict[str, str] = {}
    for text in texts:
        name = text.language.text
        if name not in languages:
            fail(
                "P211",
                f"`{name}` is not a language of this policy",
                text.language.span,
                did_you_mean(name, languages) or f"policy.toml has {', '.join(languages)}",
            )
        elif name in found:
            fail(
                "P212",
                f"the language `{name}` stands twice",
                text.language.span,
                "a text is written once in each language",
            )
        elif not says_something(text.value):
            fail("P212", "the text is empty", text.span, "say it in words")
        found[name] = text.value
    missing = [name for name in languages if name not in found]
    if missing:
        named_ = " and ".join(f"`{name}`" for name in missing)
        fail(
            "P212",
            f"a text here is missing in the language {named_}",
            at,
            f'add it, as `{missing[0]} "…"`; the languages are listed in policy.toml',
        )
    return {name: found.get(name, "") for name in languages}


def message(texts: n.Texts, at: Span, scope: Scope, *, filled: bool = True) -> p.Message:
    """Return a message per language, split into fixed text and fields to fill in.

    Not `filled`, which is so where the list of the rule is amiss, the fields stay unread.
    """
    languages = scope.policy.manifest.languages
    said = localised(texts, languages, at, scope.fail)
    if not filled:
        return {language: (text,) for language, text in said.items()}
    return {
        text.language.text: _pieces(text, scope)
        for text in sorted(texts, key=lambda text: _rank(text.language.text, languages))
    }


def _rank(language: str, languages: Sequence[str]) -> int:
    return languages.index(language) if language in languages else len(languages)


def _pieces(text: n.Text, scope: Scope) -> tuple[str | p.Read, ...]:
    pieces: list[str | p.Read] = []
    for match in _PIECE.finditer(text.value):
        piece = match[0]
        if piece in ("{{", "}}"):
            pieces.append(piece[0])
        elif piece in ("{", "}"):
            scope.fail(
                "P114",
                f"`{piece}` without its other half",
                _place(text, *match.span()),
                f"a field is shown as `{{item.id}}`; a brace itself is written `{piece * 2}`",
            )
        elif match[1] is not None:
            read = _field(match[1].strip(), _place(text, *match.span()), scope)
            if read is not None:
                pieces.append(read)
        else:
            pieces.append(piece)
    return tuple(pieces)


def _field(path: str, span: Span, scope: Scope) -> p.Read | None:
    ident = n.Ident(normal(path), span)
    if not all(map(is_name, path.split("."))):
        scope.fail("P310", f"`{{{path}}}` is not a field", span, "write a path as `{item.id}`")
        return None
    known = (*scope.variables, scope.root)
    if ident.parts[0] not in known:
        scope.fail(
            "P310",
            f"`{{{path}}}` is not a field of the document",
            span,
            did_you_mean(ident.parts[0], known) or f"a path begins with {_listed(known)}",
        )
        return None
    read = bind(ident, scope, expr)
    if read is None:
        return None
    shows = isinstance(read.type, _SHOWN) or ident.parts[-1] == "id"
    if not isinstance(read, p.Read) or not shows or not read.path:
        scope.fail(
            "P310",
            f"a message may not show `{path}`, {named(read.type)}",
            span,
            "fields with one of a few values, booleans, numbers, dates and `id` can be shown; "
            "free text stays out of messages",
        )
        return None
    return read


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(f"`{name}.`" for name in names)


def _place(text: n.Text, start: int, end: int) -> Span:
    """Find characters of a text's value in the source, where each quote stands doubled."""
    first = text.span.start + 1 + start + text.value.count('"', 0, start)
    return Span(text.span.source, first, first + end - start + text.value.count('"', start, end))
