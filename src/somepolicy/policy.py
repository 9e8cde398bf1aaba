"""The whole pipeline: a folder -> Policy; a document -> Decision."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from somepolicy.functions.lexicon import Lexicon
from somepolicy.language.diagnostics import Diagnostic, PolicyError
from somepolicy.language.nodes import Module
from somepolicy.language.parser import parse, read_source
from somepolicy.language.source import Source, Span
from somepolicy.runtime.assemble import KindPlan, assemble, plan
from somepolicy.runtime.codegen.compiled import Compiled, compile_program, run
from somepolicy.runtime.context import Context, context_for
from somepolicy.runtime.decision import Decision
from somepolicy.runtime.digest import digest_of
from somepolicy.runtime.document import admit
from somepolicy.runtime.library import Library, bind, refusals
from somepolicy.runtime.reference import Instance, evaluation, trace
from somepolicy.runtime.schema_errors import Validator
from somepolicy.runtime.values import instant_of
from somepolicy.semantics.checker import check
from somepolicy.semantics.lexicons import read_lexicon
from somepolicy.semantics.manifest import read_manifest
from somepolicy.semantics.program import ParameterValue, Program
from somepolicy.semantics.schema import (
    KindSchema,
    SchemaFile,
    kind_schema,
    read_schema_file,
    references,
)
from somepolicy.types import Json
from somepolicy.version import __version__

MANIFEST = "policy.toml"
TESTS = "tests"
WORDS = "words"


@dataclass(frozen=True)
class Explained:
    """A decision of the reference evaluator with the trace of every rule."""

    decision: Decision
    trace: tuple[Instance, ...]


class Policy:
    """A checked policy, ready to decide. Immutable and safe to share between threads."""

    def __init__(self, program: Program, warnings: tuple[Diagnostic, ...], folder: Path) -> None:
        self.program = program
        self.warnings = warnings
        self.folder = folder

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Load and check the policy of a folder that holds policy.toml.

        Raises PolicyError with every error found, in order of file and place.
        """
        folder = Path(path)
        if folder.name == MANIFEST:
            folder = folder.parent
        sources = _Sources(folder)
        manifest_source = sources.read(MANIFEST)
        manifest = read_manifest(manifest_source)
        modules, errors = parse_all(sources.read(name) for name in policy_files(folder))
        schemas: dict[str, KindSchema] = {}
        for kind, name in manifest.kinds.items():
            try:
                schemas[kind] = kind_schema(kind, sources.schema(name))
            except PolicyError as error:
                errors += error.diagnostics
        lexicons: dict[str, Lexicon] = {}
        for name in _list_files(folder):
            try:
                lexicons[Path(name).stem] = read_lexicon(Path(name).stem, sources.read(name))
            except PolicyError as error:
                errors += error.diagnostics
        if errors:
            raise PolicyError(errors)
        digest = sources.digest()
        checked = check(modules, manifest, manifest_source, schemas, lexicons, digest)
        _try_lists(lexicons, sources)
        return cls(checked.program, checked.warnings, folder)

    def with_parameters(self, values: Mapping[str, Json]) -> Policy:
        """Return the policy with parameters set, at all times, to other values.

        Raises ValueError for a name or a value that does not fit.
        """
        parameters = dict(self.program.parameters)
        for name, value in values.items():
            if name not in parameters or not parameters[name].admits(value):
                raise ValueError(f"`{name}` is no parameter, or the value does not fit")
            fixed = ParameterValue(value, None)  # type: ignore[arg-type]
            parameters[name] = replace(parameters[name], values=(fixed,), overridden=True)
        stated = json.dumps(dict(values), sort_keys=True)
        digest = hashlib.sha256(f"{self.program.digest}\0{stated}".encode()).hexdigest()
        program = replace(self.program, parameters=parameters, digest=f"sha256:{digest}")
        changed = Policy(program, self.warnings, self.folder)
        changed.__dict__ |= {"library": self.library, "compiled": self.compiled}
        return changed

    @property
    def name(self) -> str:
        """The name in policy.toml."""
        return self.program.name

    @cached_property
    def compiled(self) -> Compiled:
        """The generated code; compiled at the first evaluation."""
        return compile_program(self.program, self.library)

    @cached_property
    def library(self) -> Library:
        """The functions bound to the policy's word lists."""
        return bind(self.program)

    @cached_property
    def _plans(self) -> Mapping[str, KindPlan]:
        return {name: plan(self.program, kind) for name, kind in self.program.kinds.items()}

    @cached_property
    def _validators(self) -> Mapping[str, Validator]:
        return {name: Validator(kind.schema) for name, kind in self.program.kinds.items()}

    def evaluate(
        self,
        document: object,
        *,
        as_of: datetime.datetime | None = None,
        digest: bool = True,
    ) -> Decision:
        """Decide on one document.

        `document` is a parsed JSON object; it is not changed. `as_of` is the instant of the
        decision and needs an offset; where it is None the document's own `as_of` counts, and
        without one the clock is read. `digest=False` leaves `document.digest` None.

        Raises InvalidDocument with every error of the document, ValueError for an `as_of`
        without offset.
        """
        kind, clean, moment, source = self._admit(document, as_of)
        found, context = run(self.compiled, self.program, kind, clean, moment)
        return assemble(
            self.program,
            self._plans[kind],
            context,
            found,
            engine=__version__,
            as_of_source=source,
            digest=digest,
        )

    def explain(self, document: object, *, as_of: datetime.datetime | None = None) -> Explained:
        """Decide with the reference evaluator and keep its trace: the same decision, slower."""
        kind, clean, moment, source = self._admit(document, as_of)
        context: Context = context_for(self.program, self.library, clean, moment)
        instances = trace(self.program, kind, context)
        decision = assemble(
            self.program,
            self._plans[kind],
            context,
            evaluation(self.program, kind, instances),
            engine=__version__,
            as_of_source=source,
            digest=True,
        )
        return Explained(decision, instances)

    def content_digest(self, document: object) -> str:
        """Return the digest that an attestation on the document has to carry.

        Raises InvalidDocument.
        """
        _, clean = admit(document, self._validators)
        return digest_of(clean)

    def _admit(
        self, document: object, as_of: datetime.datetime | None
    ) -> tuple[str, dict[str, Json], datetime.datetime, str]:
        if as_of is not None and not _is_moment(as_of):
            raise ValueError("as_of is a datetime with an offset, as datetime(…, tzinfo=UTC)")
        kind, clean = admit(document, self._validators)
        if as_of is not None:
            return kind, clean, as_of, "caller"
        if isinstance(stated := clean.get("as_of"), str):
            return kind, clean, instant_of(stated), "document"
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        return kind, clean, now, "clock"


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime.datetime) and value.utcoffset() is not None


def policy_files(folder: Path) -> list[str]:
    """Return the names of the folder's `.pol` files, tests left out, sorted."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.pol"))
    return sorted(name for name in found if not name.startswith(f"{TESTS}/"))


def _try_lists(lexicons: Mapping[str, Lexicon], sources: _Sources) -> None:
    """Raise PolicyError P607 for the word lists that their functions refuse."""
    errors = []
    for name, reason in refusals(lexicons):
        source = sources.read(f"{WORDS}/{name}.toml")
        errors.append(Diagnostic("P607", reason, Span(source, 0, 0)))
    if errors:
        raise PolicyError(errors)


def _list_files(folder: Path) -> list[str]:
    return sorted(f"{WORDS}/{path.name}" for path in (folder / WORDS).glob("*.toml"))


def parse_all(sources: object) -> tuple[list[Module], list[Diagnostic]]:
    """Parse every source, gathering the errors of all."""
    modules: list[Module] = []
    errors: list[Diagnostic] = []
    for source in sources:  # type: ignore[attr-defined]
        try:
            modules.append(parse(source))
        except PolicyError as error:
            errors += error.diagnostics
    return modules, errors


class _Sources:
    """The files of a policy as they are read, and the digest over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bytes: dict[str, bytes] = {}

    def read(self, name: str) -> Source:
        path = self.folder / name
        shown = shown_path(path)
        try:
            raw = path.read_bytes()
        except OSError as error:
            nothing = Source(shown, "")
            reason = (error.strerror or "cannot be read").lower()
            raise PolicyError([Diagnostic("P115", reason, Span(nothing, 0, 0))]) from None
        self.bytes[name] = raw.replace(b"\r\n", b"\n")
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

    def digest(self) -> str:
        """Return the digest over sorted (path, LF-normalised bytes) of all files read."""
        total = hashlib.sha256()
        for name in sorted(self.bytes):
            total.update(f"{name}\0{len(self.bytes[name])}\0".encode())
            total.update(self.bytes[name])
        return f"sha256:{total.hexdigest()}"


def shown_path(path: Path) -> str:
    """Return the path as a person typed or would type it: relative where that is shorter."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
