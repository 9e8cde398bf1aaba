"""The whole pipeline: a folder -> Policy; a document -> Decision."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from somepolicy.diskcache import cache_key, engine_key, load_cached, store_cached
from somepolicy.engine.assemble import AsOfSource
from somepolicy.engine.decision import Decision
from somepolicy.engine.digest import digest_of
from somepolicy.engine.validate import validate
from somepolicy.engine.values import instant_of, is_moment, with_fixed_offset
from somepolicy.errors import PolicyChangedError, SomepolicyError
from somepolicy.file_sets import FilesAsRead, FolderFiles, GivenFiles
from somepolicy.files import AnyPath, contents_of_folder, digest_of_files, folder_of
from somepolicy.json_type import Json
from somepolicy.normal_form import normal
from somepolicy.zones import engine_of

if TYPE_CHECKING:
    from pathlib import Path

    from somepolicy.backends.python.compiling import Compiled
    from somepolicy.backends.walk.results import Instance
    from somepolicy.engine.compiled_policy import CompiledPolicy
    from somepolicy.engine.days import Days
    from somepolicy.engine.evaluator import Evaluator
    from somepolicy.engine.library import Library
    from somepolicy.engine.schema_errors import Validator
    from somepolicy.engine.titles import SchemaFiles
    from somepolicy.ir import Program
    from somepolicy.syntax.diagnostics import Diagnostic


class Explained(NamedTuple):
    """A decision of the reference evaluator with the trace of every rule."""

    decision: Decision
    trace: tuple[Instance, ...]


class Policy:
    """A checked policy, ready to decide. Immutable and safe to share between threads.

    It is made from a program, or from an evaluator that was compiled before; in that case the
    program is read when a trace or the checker's knowledge is asked for, from the `contents` that
    the files had when it was loaded. So it stays as it was, whatever becomes of the files, and
    `reload` gives what they are now. Two policies with the same digest are equal. A policy is
    pickled as what it was loaded from.
    """

    def __init__(
        self,
        source: AnyPath | FolderFiles | GivenFiles,
        *,
        program: Program | None = None,
        warnings: tuple[Diagnostic, ...] = (),
        files: tuple[str, ...] = (),
        evaluator: Evaluator | None = None,
        settings: tuple[Mapping[str, Json], ...] = (),
        contents: Mapping[str, bytes] | None = None,
    ) -> None:
        if not isinstance(source, FolderFiles | GivenFiles):
            source = FolderFiles(os.fspath(source))
        self._source: FolderFiles | GivenFiles = source
        self.files = files
        self._program = program
        self._warnings = warnings
        self._evaluator = evaluator
        self._contents = contents
        self._settings = settings  # the parameters that were set, one after the other

    def __repr__(self) -> str:
        kinds = len(self._known.kinds)
        of = f"{kinds} kind{'' if kinds == 1 else 's'}"
        return f"<Policy {self.name} {self._known.version}, {of}, {self.digest[:11]}…>"

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Policy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Callable[..., Policy], tuple[object, ...]]:
        return _loaded_again, (self._source, self._settings, self.digest)

    @property
    def folder(self) -> Path:
        """The folder that holds policy.toml. Raises SomepolicyError for a policy without one.

        As it was given; in full where the current folder is another since.
        """
        from pathlib import Path  # noqa: PLC0415 - a process that decides does without it

        if isinstance(self._source, GivenFiles):
            raise SomepolicyError("the policy was made from given files, and has no folder")
        return Path(self._source.folder)

    @classmethod
    def load(cls, path: AnyPath) -> Policy:
        """Load and check the policy of a folder that holds policy.toml.

        What was compiled before is taken from the user's cache folder, where every file of the
        policy is as it was. Raises PolicyError with every error found, in order of file and
        place.
        """
        folder = folder_of(path)
        return cls._from_cache(folder) or cls.from_source(folder)

    @classmethod
    def from_files(cls, files: Mapping[str, str | bytes]) -> Policy:
        """Check a policy that is given by the names and the text of its files; no file is read.

        Names are as policy.toml writes them, from its own folder: `policy.toml`, `rules.pol`,
        `words/voice.toml`, `../../schemas/post.schema.json`. The digest is that of the same files
        in a folder; files that are no part of a policy are passed over, as there.

        Raises PolicyError with every error, under the names given, and ValueError for the name of
        rules or words that leads out of the folder, or that is not the shortest for its file, and
        for one that no file can have; TypeError for a name or a text that is none.
        """
        return _checked(GivenFiles(files))

    @classmethod
    def from_source(cls, path: AnyPath) -> Policy:
        """Load and check a policy from its files, whatever is cached. Raises PolicyError."""
        return _checked(FolderFiles(folder_of(path)))

    @classmethod
    def _from_cache(cls, folder: str) -> Policy | None:
        kept = load_cached(_cache_name(folder))
        if kept is None:
            return None
        from somepolicy.backends.python.artefact import from_bytes  # noqa: PLC0415 - loaded where needed

        artefact = from_bytes(kept)
        if artefact is None:
            return None
        contents = contents_of_folder(folder, artefact.files)
        if not contents or digest_of_files(contents) != artefact.evaluator.compiled.digest:
            return None
        return cls(folder, evaluator=artefact.evaluator, files=artefact.files, contents=contents)

    def reload(self) -> Policy:
        """Return the policy that its folder holds now, with the parameters that were set.

        This one stays as it is and goes on deciding, also where the files have become wrong.
        Raises PolicyError with every error found, ValueError where a parameter that was set is no
        longer there or its value no longer fits, SomepolicyError for a policy from given files.
        """
        if isinstance(self._source, GivenFiles):
            raise SomepolicyError(
                "the policy was made from given files, which do not change: "
                "give the new ones to `Policy.from_files`"
            )
        return _set_anew(Policy.load(self._source.folder), self._settings)

    def with_parameters(self, values: Mapping[str, Json]) -> Policy:
        """Return the policy with parameters set, at all times, to other values.

        Raises ValueError for a name or a value that does not fit.
        """
        from somepolicy.backends.python.lowering import parameter_descriptor  # noqa: PLC0415 - the checker is heavy

        program = _with_parameters(self.program, values)
        changed = {name: parameter_descriptor(each) for name, each in program.parameters.items()}
        return Policy(
            self._source,
            program=program,
            warnings=self.warnings,
            files=self.files,
            evaluator=self.evaluator.with_parameters(changed, program.digest),
            settings=(*self._settings, dict(values)),
        )

    @cached_property
    def program(self) -> Program:
        """The checked program, as it was when the policy was loaded."""
        return self._read.program if self._program is None else self._program

    @cached_property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings of the checker."""
        return self._read.warnings if self._program is None else self._warnings

    @cached_property
    def _read(self) -> Policy:
        """The policy read from the contents that were compiled."""
        source = self._source
        if self._contents is not None and isinstance(source, FolderFiles):
            source = FilesAsRead(source, self._contents)
        policy = _checked(source)
        if policy.digest != self.digest:
            raise PolicyChangedError
        return policy

    @property
    def _known(self) -> CompiledPolicy | Program:
        """What is at hand without reading or compiling anything."""
        return self.program if self._evaluator is None else self._evaluator.compiled

    @property
    def name(self) -> str:
        """The name in policy.toml."""
        return self._known.name

    @property
    def digest(self) -> str:
        """The digest over the files of the policy, and over the parameters that were set."""
        return self._known.digest

    @cached_property
    def compiled(self) -> Compiled:
        """The program lowered, with the code of what every decision runs."""
        from somepolicy.backends.python.compiling import compile_program  # noqa: PLC0415 - loaded where needed

        return compile_program(self.program)

    @cached_property
    def evaluator(self) -> Evaluator:
        """What decides; compiled at the first evaluation, and kept for the next start."""
        if self._evaluator is not None:
            return self._evaluator
        if self.files and isinstance(self._source, FolderFiles):
            self._keep()
        return self.compiled.evaluator()

    def _keep(self) -> None:
        from somepolicy.backends.python.artefact import to_bytes  # noqa: PLC0415 - loaded where needed

        store_cached(_cache_name(os.fspath(self.folder)), to_bytes(self.compiled, self.files))

    @cached_property
    def days(self) -> Days:
        """How days are taken: in the time zone of policy.toml or, without one, by offsets."""
        if self._evaluator is not None:
            return self._evaluator.days
        from somepolicy.engine.days import days_of  # noqa: PLC0415 - loaded where needed

        return days_of(self.program.time_zone)

    @property
    def engine(self) -> str:
        """What decides: the version of this package and, with a time zone, of the zones' rules."""
        return engine_of(self.days.zone)

    @property
    def schemas(self) -> Mapping[str, SchemaFiles]:
        """The schema files of each kind, its own first, without a program to be read."""
        found: Mapping[str, SchemaFiles] = self.evaluator.code.slow_function("schemas")
        return found

    @property
    def library(self) -> Library:
        """The functions bound to the policy's word lists."""
        return self.evaluator.library

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
        kind, clean, moment, source = self.validate(document, as_of)
        return self.evaluator.decide(kind, clean, moment, source, digest=digest)

    def explain(self, document: object, *, as_of: datetime.datetime | None = None) -> Explained:
        """Decide with the reference evaluator and keep its trace: the same decision, slower."""
        from somepolicy.backends.walk.reference import evaluation, trace  # noqa: PLC0415 - loaded where needed

        kind, clean, moment, source = self.validate(document, as_of)
        context = self.evaluator.context(kind, clean, moment)
        instances = trace(self.program, kind, context)
        decision = self.evaluator.assembled(
            kind, context, evaluation(self.program, kind, instances), source, digest=True
        )
        return Explained(decision, instances)

    def content_digest(self, document: object) -> str:
        """Return the digest that an attestation on the document has to carry.

        Raises InvalidDocument.
        """
        kind, clean = validate(document, self.evaluator.validators, self._validator)
        return digest_of(clean, self.evaluator.compiled.kinds[kind])

    def validate(
        self, document: object, as_of: datetime.datetime | None
    ) -> tuple[str, dict[str, Json], datetime.datetime, AsOfSource]:
        """Return what is decided on: the kind, the document, the instant and who stated it.

        Raises InvalidDocument, and ValueError for an `as_of` without offset.
        """
        if as_of is not None and not is_moment(as_of):
            raise ValueError("as_of is a datetime with an offset, as datetime(…, tzinfo=UTC)")
        if as_of is not None:
            as_of = with_fixed_offset(as_of)
        kind, clean = validate(document, self.evaluator.validators, self._validator)
        if as_of is not None:
            return kind, clean, as_of, "caller"
        if isinstance(stated := clean.get("as_of"), str):
            return kind, clean, instant_of(stated), "document"
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        return kind, clean, now, "clock"

    @cached_property
    def _validators(self) -> dict[str, Validator]:
        return {}

    def _validator(self, kind: str) -> Validator:
        """Return the reference validator of a kind; jsonschema is loaded for a refusal only."""
        from somepolicy.engine.schema_errors import Validator  # noqa: PLC0415 - jsonschema is heavy

        if kind not in self._validators:
            self._validators[kind] = Validator(self.schemas[kind])
        return self._validators[kind]


def _checked(source: FolderFiles | GivenFiles) -> Policy:
    from somepolicy.loading import load_program  # noqa: PLC0415 - the language is heavy

    loaded = load_program(source)
    return Policy(source, program=loaded.program, warnings=loaded.warnings, files=loaded.files)


def _loaded_again(
    source: FolderFiles | GivenFiles, settings: tuple[Mapping[str, Json], ...], digest: str
) -> Policy:
    """Return the policy that was pickled. Raises PolicyChangedError."""
    policy = _checked(source) if isinstance(source, GivenFiles) else Policy.load(source.folder)
    policy = _set_anew(policy, settings)
    if policy.digest != digest:
        raise PolicyChangedError
    return policy


def _set_anew(policy: Policy, settings: tuple[Mapping[str, Json], ...]) -> Policy:
    """Set parameters as they were set one after the other."""
    for values in settings:
        policy = policy.with_parameters(values)
    return policy


def _cache_name(folder: str) -> str:
    return "policy-" + cache_key(os.path.realpath(folder), engine_key())


def _with_parameters(program: Program, values: Mapping[str, Json]) -> Program:
    import hashlib  # noqa: PLC0415 - as below
    import json  # noqa: PLC0415 - as below
    from dataclasses import replace  # noqa: PLC0415 - as below

    from somepolicy.ir import ParameterValue  # noqa: PLC0415 - the checker is heavy

    parameters = dict(program.parameters)
    values = {name: normal(x) if isinstance(x, str) else x for name, x in values.items()}
    for name, value in values.items():
        if name not in parameters or not parameters[name].admits(value):
            raise ValueError(f"`{name}` is no parameter, or the value does not fit")
        fixed = ParameterValue(value, None)  # type: ignore[arg-type]
        parameters[name] = replace(parameters[name], values=(fixed,), overridden=True)
    stated = json.dumps(values, sort_keys=True)
    digest = hashlib.sha256(f"{program.digest}\0{stated}".encode()).hexdigest()
    return replace(program, parameters=parameters, digest=f"sha256:{digest}")
