"""Names that a reader may mistake for others: warnings about their letters, P705 and P706."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from somepolicy.check.json_places import json_places
from somepolicy.check.manifest import Manifest, name_span
from somepolicy.check.schema.node import escape
from somepolicy.check.scripts import mixture
from somepolicy.check.symbols import BUILT_IN, DOCUMENT, Symbols
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir.schemas import KindSchema
from somepolicy.json_type import Json
from somepolicy.look_alikes import difference, skeleton
from somepolicy.normal_form import normal
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, Label
from somepolicy.syntax.source import Source, Span

_RENAME = "give one of them another name"
_VARIABLE = re.compile(
    r'"(?:[^"\n]|"")*"|#[^\n]*|\b(?:each|some|every)\s+(?P<name>[^\s"#(),.]+)\s+in\b'
)


class _Name(NamedTuple):
    """A name; a reader has to tell those of one space apart."""

    space: str
    text: str
    span: Span | None = None  # None: of the language itself


def alike(
    symbols: Symbols,
    modules: Iterable[n.Module],
    manifest: Manifest,
    manifest_source: Source,
    schemas: Mapping[str, KindSchema],
) -> Iterator[Diagnostic]:
    """Yield the warnings, each name once."""
    names = [
        *_declared(symbols),
        *_stated(manifest, manifest_source),
        *(name for module in modules for name in _variables(module.source)),
        *_fields(schemas),
    ]
    mixed: set[str] = set()
    for name in names:
        if name.span is None or name.text.isascii() or name.text in mixed:
            continue
        if warning := _mixed(name.text, name.span, names):
            mixed.add(name.text)
            yield warning
    yield from _same(names, mixed)


def _mixed(text: str, span: Span, names: Iterable[_Name]) -> Diagnostic | None:
    found = [mixture(step) for step in text.split(".")]
    first = next((each for each in found if each), None)
    if first is None:
        return None
    seen = skeleton(text)
    known = (x.text for x in names if skeleton(x.text) == seen)
    meant = next((x for x in known if not any(map(mixture, x.split(".")))), None)
    if meant is None and all(each is None or each.meant is not None for each in found):
        steps = zip(text.split("."), found, strict=True)
        meant = ".".join(step if each is None else each.meant or "" for step, each in steps)
    help = "write the name in letters of one script"
    if meant is not None:
        help = f"write `{meant}`, with letters of one script"
    return Diagnostic("P705", f"`{text}` mixes letters: {first.message}", span, help)


def _same(names: Iterable[_Name], mixed: Collection[str]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], _Name] = {}
    reported: set[str] = set()
    for name in names:
        other = first.setdefault((name.space, skeleton(name.text)), name)
        if name.text in (other.text, *mixed, *reported) or name.span is None or other.text in mixed:
            continue
        reported.add(name.text)
        yield Diagnostic(
            "P706",
            f"`{name.text}` looks like `{other.text}`, which is another name",
            name.span,
            "; ".join(filter(None, (difference(name.text, other.text), _RENAME))),
            labels=()
            if other.span is None
            else (Label(other.span, f"`{other.text}` is named at"),),
        )


# --- where names stand


def _declared(symbols: Symbols) -> Iterator[_Name]:
    for built_in in (*FUNCTIONS, *BUILT_IN, DOCUMENT):
        yield _Name("value", built_in)
    for clause in symbols.clauses.values():
        yield _Name("clause", clause.name.text, clause.name.span)
    for reading in symbols.readings.values():
        yield _Name("reading", reading.name.text, reading.name.span)
    for rule in symbols.rules.values():
        yield _Name("rule", rule.node.name.text, rule.node.name.span)
    for parameter in symbols.parameters.values():
        yield _Name("value", parameter.name.text, parameter.name.span)
    for definition in symbols.definitions.values():
        for ident in (definition.node.name, *definition.node.parameters):
            yield _Name("value", ident.text, ident.span)


def _stated(manifest: Manifest, source: Source) -> Iterator[_Name]:
    yield _Name("policy", manifest.name, name_span(source, manifest.name))
    for kind in manifest.kinds:
        yield _Name("value", kind, name_span(source, kind))
    for role in manifest.roles:
        yield _Name("role", role, name_span(source, role))


def _variables(source: Source) -> Iterator[_Name]:
    for found in _VARIABLE.finditer(source.text):
        if found["name"]:
            yield _Name("value", normal(found["name"]), Span(source, *found.span("name")))


def _fields(schemas: Mapping[str, KindSchema]) -> Iterator[_Name]:
    """Yield the names of properties; a reader has to tell those of one object apart."""
    files = {file.source.path: file for schema in schemas.values() for file in schema.files}
    for path, file in files.items():
        places = json_places(file.source.text)
        for at, name in _properties(file.content, ""):
            span = Span(file.source, *places.get(f"{at}/{escape(name)}", (0, 1)))
            yield _Name(f"{path}{at}", name, span)


def _properties(schema: Json, at: str) -> Iterator[tuple[str, str]]:
    """Yield the pointer of each `properties` and the names in it."""
    if isinstance(schema, list):
        for index, each in enumerate(schema):
            yield from _properties(each, f"{at}/{index}")
    for key, value in schema.items() if isinstance(schema, dict) else ():
        place = f"{at}/{escape(key)}"
        if key == "properties" and isinstance(value, dict):
            yield from ((place, name) for name in value)
        yield from _properties(value, place)
