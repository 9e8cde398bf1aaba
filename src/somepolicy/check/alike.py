"""Names that a reader may mistake for others: warnings about their letters, P705 and P706."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from somepolicy.check.manifest import Manifest, name_span
from somepolicy.check.schema.node import escape, subschemas
from somepolicy.check.schema.places import Places
from somepolicy.check.scripts import mixture
from somepolicy.check.symbols import BUILT_IN, DOCUMENT, Symbols
from somepolicy.functions.table import FUNCTIONS
from somepolicy.ir.schemas import KindSchema
from somepolicy.look_alikes import difference, skeleton
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, Label
from somepolicy.syntax.source import Source, Span
from somepolicy.syntax.traversal import variables

_RENAME = "give one of them another name"


class _Name(NamedTuple):
    """A name; a reader has to tell those of one space apart."""

    space: str
    text: str
    place: Callable[[], Span] | None = None  # found for a warning only; None: of the language


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
        *(
            _named("value", variable)
            for module in modules
            for node in module.declarations
            for variable in variables(node)
        ),
        *_fields(schemas),
    ]
    first: dict[str, _Name] = {}
    for name in names:
        first.setdefault(name.text, name)
    skeletons = {text: skeleton(text) for text in first}
    looks: dict[str, list[str]] = {}
    for text, seen in skeletons.items():
        looks.setdefault(seen, []).append(text)
    mixed: set[str] = set()
    for text, name in first.items():
        if name.place is not None and (warning := _mixed(text, name.place, looks[skeletons[text]])):
            mixed.add(text)
            yield warning
    yield from _same(names, skeletons, mixed)


def _mixed(text: str, place: Callable[[], Span], known: Iterable[str]) -> Diagnostic | None:
    """Warn of a mixture of scripts; the first of the `known` names without one is meant."""
    found = [mixture(step) for step in text.split(".")]
    first = next((each for each in found if each), None)
    if first is None:
        return None
    meant = next((x for x in known if not any(map(mixture, x.split(".")))), None)
    if meant is None and all(each is None or each.meant is not None for each in found):
        steps = zip(text.split("."), found, strict=True)
        meant = ".".join(step if each is None else each.meant or "" for step, each in steps)
    help = "write the name in letters of one script"
    if meant is not None:
        help = f"write `{meant}`, with letters of one script"
    return Diagnostic("P705", f"`{text}` mixes letters: {first.message}", place(), help)


def _same(
    names: Iterable[_Name], skeletons: Mapping[str, str], mixed: Collection[str]
) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], _Name] = {}
    reported: set[str] = set()
    for name in names:
        other = first.setdefault((name.space, skeletons[name.text]), name)
        if name.text in (other.text, *mixed, *reported) or other.text in mixed:
            continue
        if name.place is None:
            continue
        reported.add(name.text)
        yield Diagnostic(
            "P706",
            f"`{name.text}` looks like `{other.text}`, which is another name",
            name.place(),
            "; ".join(filter(None, (difference(name.text, other.text), _RENAME))),
            labels=()
            if other.place is None
            else (Label(other.place(), f"`{other.text}` is named at"),),
        )


# --- where names stand


def _declared(symbols: Symbols) -> Iterator[_Name]:
    for built_in in (*FUNCTIONS, *BUILT_IN, DOCUMENT):
        yield _Name("value", built_in)
    for clause in symbols.clauses.values():
        yield _named("clause", clause.name)
    for reading in symbols.readings.values():
        yield _named("reading", reading.name)
    for topic in symbols.topics.values():
        yield _named("topic", topic.name)
    for rule in symbols.rules.values():
        yield _named("rule", rule.node.name)
    for parameter in symbols.parameters.values():
        yield _named("value", parameter.name)
    for definition in symbols.definitions.values():
        for ident in (definition.node.name, *definition.node.parameters):
            yield _named("value", ident)


def _named(space: str, ident: n.Ident) -> _Name:
    return _Name(space, ident.text, lambda: ident.span)


def _stated(manifest: Manifest, source: Source) -> Iterator[_Name]:
    spaces = {"policy": [manifest.name], "value": manifest.kinds, "role": manifest.roles}
    for space, names in spaces.items():
        for name in names:
            yield _Name(space, name, partial(name_span, source, name))


def _fields(schemas: Mapping[str, KindSchema]) -> Iterator[_Name]:
    """Yield the names of properties; a reader has to tell those of one object apart."""
    files = {file.source.path: file for schema in schemas.values() for file in schema.files}
    places = Places()
    for path, file in files.items():
        for node in subschemas(file):
            at = f"{node.pointer}/properties"
            for name in node.members("properties"):
                yield _Name(f"{path}{at}", name, partial(places.span, file, f"{at}/{escape(name)}"))
