"""A folder -> a checked program: read, parsed, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from somepolicy.file_access import read_file
from somepolicy.files import (
    MANIFEST,
    WORDS,
    digest_of_files,
    list_files,
    normalised,
    policy_files,
    shown_path,
)
from somepolicy.functions.lexicon import Lexicon
from somepolicy.garbage import without_collection
from somepolicy.language.diagnostics import Diagnostic, PolicyError
from somepolicy.language.nodes import Module
from somepolicy.language.parser import parse, read_source
from somepolicy.language.source import Source, Span
from somepolicy.runtime.fulfilment import unfulfillable
from somepolicy.runtime.library import refusals
from somepolicy.semantics.checker import check
from somepolicy.semantics.lexicons import read_lexicon, refused_list
from somepolicy.semantics.manifest import read_manifest
from somepolicy.semantics.program import Program
from somepolicy.semantics.schema import (
    KindSchema,
    SchemaFile,
    kind_schema,
    read_schema_file,
    references,
)


@dataclass(frozen=True)
class LoadedProgram:
    """A checked program with its warnings and the names of the files it was read from."""

    program: Program
    warnings: tuple[Diagnostic, ...]
    files: tuple[str, ...]


def load_program(folder: Path) -> LoadedProgram:
    """Load and check the policy of a folder that holds policy.toml.

    Raises PolicyError with every error found, in order of file and place.
    """
    with without_collection():
        return _load(folder)


def _load(folder: Path) -> LoadedProgram:
    sources = _Sources(folder)
    manifest_source = sources.read(MANIFEST)
    manifest = read_manifest(manifest_source)
    modules, errors = parse_all(sources.read(name) for name in policy_files(folder))
    schemas: dict[str, KindSchema] = {}
    for kind, name in manifest.kinds.items():
        try:
            schemas[kind] = kind_schema(kind, sources.schema(name))
            errors += unfulfillable(schemas[kind])
        except PolicyError as error:
            errors += error.diagnostics
    lexicons: dict[str, Lexicon] = {}
    for name in list_files(folder):
        try:
            lexicons[Path(name).stem] = read_lexicon(Path(name).stem, sources.read(name))
        except PolicyError as error:
            errors += error.diagnostics
    if errors:
        raise PolicyError(errors)
    digest = digest_of_files(sources.bytes)
    checked = check(modules, manifest, manifest_source, schemas, lexicons, digest)
    _try_lists(lexicons, sources)
    return LoadedProgram(checked.program, checked.warnings, tuple(sorted(sources.bytes)))


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


def _try_lists(lexicons: Mapping[str, Lexicon], sources: _Sources) -> None:
    """Raise PolicyError P607 for the word lists that their functions refuse."""
    errors = []
    for name, reason in refusals(lexicons):
        source = sources.read(f"{WORDS}/{name}.toml")
        errors.append(refused_list(lexicons[name], source, reason))
    if errors:
        raise PolicyError(errors)


class _Sources:
    """The files of a policy as they are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bytes: dict[str, bytes] = {}

    def read(self, name: str) -> Source:
        path = self.folder / name
        shown = shown_path(path)
        try:
            raw = read_file(path)
        except OSError as error:
            nothing = Source(shown, "")
            reason = (error.strerror or "cannot be read").lower()
            raise PolicyError([Diagnostic("P115", reason, Span(nothing, 0, 0))]) from None
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
