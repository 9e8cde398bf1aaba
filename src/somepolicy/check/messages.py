"""Texts of a policy: every language once, and what a message may show of the document."""

from __future__ import annotations

import re
from collections.abc import Callable

from somepolicy import ir as p
from somepolicy.check.expressions import Typer
from somepolicy.check.names import Scope
from somepolicy.check.type_rules import named
from somepolicy.functions.something import says_something
from somepolicy.ir import types as t
from somepolicy.normal_form import normal
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, did_you_mean
from somepolicy.syntax.names import is_name
from somepolicy.syntax.source import Span

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_SHOWN = (t.Enumeration, t.Boolean, t.Number, t.Date, t.Instant)


def localised(
    texts: n.Texts,
    languages: tuple[str, ...],
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


def message(
    texts: n.Texts, languages: tuple[str, ...], at: Span, typer: Typer, scope: Scope | None
) -> p.Message:
    """Return a message per language, split into fixed text and fields to fill in.

    Without a scope, which is so where the list of the rule is amiss, the fields stay unread.
    """
    said = localised(texts, languages, at, typer.fail)
    if scope is None:
        return {language: (text,) for language, text in said.items()}
    return {
        text.language.text: _pieces(text, typer, scope)
        for text in sorted(texts, key=lambda text: _rank(text.language.text, languages))
    }


def _rank(language: str, languages: tuple[str, ...]) -> int:
    return languages.index(language) if language in languages else len(languages)


def _pieces(text: n.Text, typer: Typer, scope: Scope) -> tuple[str | p.Read, ...]:
    pieces: list[str | p.Read] = []
    for match in _PIECE.finditer(text.value):
        piece = match[0]
        if piece in ("{{", "}}"):
            pieces.append(piece[0])
        elif piece in ("{", "}"):
            typer.fail(
                "P114",
                f"`{piece}` without its other half",
                _place(text, *match.span()),
                f"a field is shown as `{{item.id}}`; a brace itself is written `{piece * 2}`",
            )
        elif match[1] is not None:
            read = _field(match[1].strip(), _place(text, *match.span()), typer, scope)
            if read is not None:
                pieces.append(read)
        else:
            pieces.append(piece)
    return tuple(pieces)


def _field(path: str, span: Span, typer: Typer, scope: Scope) -> p.Read | None:
    name = n.Ident(normal(path), span)
    if not all(map(is_name, path.split("."))):
        typer.fail("P310", f"`{{{path}}}` is not a field", span, "write a path as `{item.id}`")
        return None
    known = (*scope.variables, scope.root)
    if name.parts[0] not in known:
        typer.fail(
            "P310",
            f"`{{{path}}}` is not a field of the document",
            span,
            did_you_mean(name.parts[0], known) or f"a path begins with {_listed(known)}",
        )
        return None
    read = typer.name(n.Name(name, span), scope)
    if read is None:
        return None
    shows = isinstance(read.type, _SHOWN) or name.parts[-1] == "id"
    if not isinstance(read, p.Read) or not shows or not read.path:
        typer.fail(
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


def problem_collector(errors: list[Diagnostic]) -> Callable[[str, str, Span, str | None], None]:
    """Return a function that notes a problem outside any rule."""

    def fail(code: str, text: str, span: Span, help: str | None) -> None:
        errors.append(Diagnostic(code, text, span, help))

    return fail
