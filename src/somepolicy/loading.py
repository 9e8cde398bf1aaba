"""A folder -> a checked program: read, parsed, checked."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from somepolicy.check.checker import check
from somepolicy.check.fulfilment import unfulfillable
from somepolicy.check.lexicons import (
    read_lexicon,
    refused_list,
    unknown_clause,
    unread_group,
)
from somepolicy.check.manifest import read_manifest
from somepolicy.check.schema import kind_schema, read_schema_file, references
from somepolicy.engine.library import refusals, unread_groups
from somepolicy.file_access import reason
from somepolicy.file_sets import FileSet
from somepolicy.files import MANIFEST, digest_of_files, normalised, shown_path
from somepolicy.gc_pause import without_collection
from somepolicy.ir import Program
from somepolicy.ir.schemas import KindSchema, SchemaFile
from somepolicy.lexicon import Lexicon
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError
from somepolicy.syntax.nodes import Module
from somepolicy.syntax.parser import parse, read_source
from somepolicy.syntax.source import Source, Span


@dataclass(frozen=True)
class LoadedProgram:
    """A checked program with its warnings and the names of the files it was read from."""

    program: Program
    warnings: tuple[Diagnostic, ...]
    files: tuple[str, ...]


def load_program(files: FileSet) -> LoadedProgram:
    """Load and check a policy.

    Raises PolicyError with every error found, in order of file and place.
    """
    with without_collection():
        return _load(files)


def _load(files: FileSet) -> LoadedProgram:
    sources = _Sources(files)
    manifest_source = sources.read(MANIFEST)
    manifest = read_manifest(manifest_source)
    names, lists = _listed(files)
    modules, errors = parse_all(sources.read(name) for name in names)
    schemas: dict[str, KindSchema] = {}
    for kind, name in manifest.kinds.items():
        try:
            schemas[kind] = kind_schema(kind, sources.schema(name), manifest.languages)
            errors += unfulfillable(schemas[kind])
        except PolicyError as error:
            errors += error.diagnostics
    lexicons: dict[str, Lexicon] = {}
    for name in lists:
        try:
            source, called = sources.read(name), Path(name).stem
            if called in lexicons:  # one is written `.TOML`
                errors.append(refused_list(lexicons[called], source, "there are two of this name"))
            lexicons[called] = read_lexicon(called, source)
        except PolicyError as error:
            errors += error.diagnostics
    if errors:
        raise PolicyError(errors)
    digest = digest_of_files(sources.bytes)
    checked = check(modules, manifest, manifest_source, schemas, lexicons, digest)
    named = {Path(name).stem: name for name in lists}
    _try_lists(lexicons, named, sources, checked.program.clauses)
    return LoadedProgram(checked.program, checked.warnings, tuple(sorted(sources.bytes)))


def _listed(files: FileSet) -> tuple[list[str], list[str]]:
    """Return the names of the `.pol` files and of the word lists. Raises PolicyError P115."""
    try:
        return files.rules(), files.lists()
    except OSError as error:
        raise PolicyError([unreadable(files.shown(""), error)]) from None


def unreadable(shown: str, error: OSError) -> Diagnostic:
    """Return P115 at the file or folder that the error names, else at the one that is shown."""
    if error.filename:
        shown = shown_path(Path(os.fsdecode(error.filename)))
    return Diagnostic("P115", reason(error), Span(Source(shown, ""), 0, 0))


def parse_all(sources: Iterable[Source]) -> tuple[list[Module], list[Diagnostic]]:
    """Parse every source, gathering the errors of all."""
    modules: list[Module] = []
    errors: list[Diagnostic] = []
    for source in sources:
        try:
            modules.append(parse(source))
        except PolicyError as error:
            errors += error.diagnostics
    return modules, errors


def _try_lists(
    lexicons: Mapping[str, Lexicon],
    files: Mapping[str, str],
    sources: _Sources,
    clauses: Collection[str],
) -> None:
    """Raise PolicyError P607 for the word lists that their functions, or the policy, refuse."""
    errors = [
        unknown_clause(words, sources.read(files[name]), clauses)
        for name, words in lexicons.items()
        if words.clause is not None and words.clause not in clauses
    ]
    refused = refusals(lexicons)
    for name, why in refused:
        errors.append(refused_list(lexicons[name], sources.read(files[name]), why))
    for name, group, purposes in () if refused else unread_groups(lexicons):
        errors.append(unread_group(sources.read(files[name]), group, purposes))
    if errors:
        raise PolicyError(errors)


class _Sources:
    """The files of a policy as they are read."""

    def __init__(self, files: FileSet) -> None:
        self.files = files
        self.bytes: dict[str, bytes] = {}

    def read(self, name: str) -> Source:
        shown = self.files.shown(name)
        try:
            raw = self.files.read(name)
        except OSError as error:
            raise PolicyError([unreadable(shown, error)]) from None
        self.bytes[name] = normalised(raw)
        return read_source(shown, raw)

    def schema(self, name: str) -> tuple[SchemaFile, ...]:
        """Read a schema and the files it refers to, beside it."""
        main = read_schema_file(self.read(name))
        files = {name: main}
        pending = [main]
        base = name.rpartition("/")[0]
        while pending:
            for reference in references(pending.pop()):
                path = f"{base}/{reference}" if base else reference
                if path not in files and "/" not in reference:
                    files[path] = read_schema_file(self.read(path))
                    pending.append(files[path])
        return tuple(files.values())
