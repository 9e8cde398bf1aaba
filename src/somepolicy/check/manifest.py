"""policy.toml -> Manifest: what the policy is called, its languages, kinds and roles."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from somepolicy.check.languages import is_language
from somepolicy.check.toml import key_span, read_toml, spellings
from somepolicy.nearest import nearest
from somepolicy.normal_form import normal
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, did_you_mean
from somepolicy.syntax.names import is_name
from somepolicy.syntax.source import Source, Span
from somepolicy.zones import zone_names

_RESERVED = ("none", "document", "as_of", "count", "sum", "days")
_MOST = 10**15
_MOST_LETTERS = 64


def is_policy_name(name: str) -> bool:
    """Whether a policy can have a name: a small letter, then those, digits, `_` and `-`."""
    return _is_word(name.replace("-", "_"))


def _is_word(name: str) -> bool:
    small = name[:1] != "_" and name == name.lower() and len(name) <= _MOST_LETTERS
    return small and is_name(name)


def _if(fits: Callable[[str], bool]) -> AfterValidator:
    """Take a name in form NFC if it fits."""

    def checked(name: str) -> str:
        if not fits(name := normal(name)):
            raise ValueError
        return name

    return AfterValidator(checked)


_Name = Annotated[str, _if(is_policy_name)]
_Word = Annotated[str, _if(_is_word)]
_Path = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f][^\\\x00-\x1f]*\.json$", max_length=200)]
_Whole = Annotated[int, Field(ge=-_MOST, le=_MOST)]
_Decimal = Annotated[float, Field(ge=-_MOST, le=_MOST)]
_Steps = Annotated[
    str,
    Field(max_length=200),
    _if(lambda path: all(map(is_name, path.split(".")))),
]
_Where = _Steps | Annotated[dict[_Word, _Steps], Field(min_length=1)]
_TABLES = ("kinds", "parameters", "log")
_WANTED = {
    "name": "small letters, digits, `_` and `-`, as `harbour-town`",
    "version": "three numbers, as `1.0.0`",
    "languages": 'a list of tags of languages (BCP 47), as `["nb", "en"]`, each once',
    "roles": "a list of names of small letters, digits and `_`, each once",
    "time_zone": 'the name of a time zone, as `"Europe/Oslo"`',
    "kinds": 'a table with a schema for each kind, as `post = "post.schema.json"`',
    "parameters": "a table of texts, numbers, booleans and dates",
    "log": 'a table of what may be logged, as `kinds = ["post"]`',
}
_PATH = "a path, or a path for each kind, as `{ post = %s }`"
_WANTED_IN_LOG = {
    "kinds": 'a list of the kinds of documents whose decisions may be logged, each once, as `["post"]`',
    "unit_type": _PATH % '"unit.type"',
    "unit_id": _PATH % '"unit.id"',
    "unit_ids": "a pattern, as `'[a-z]+-[0-9]{1,3}'`",
    "platform": _PATH % '"channel.platform"',
    "fields": 'a list of paths, each once, as `["channel.profile_id"]`',
}


class LogTable(BaseModel):
    """The table `[log]`: what may be logged of a decision, and where in a document it stands."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kinds: Annotated[list[_Word], Field(min_length=1)]
    unit_type: _Where | None = None
    unit_id: _Where | None = None
    unit_ids: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    platform: _Where | None = None
    fields: list[_Steps] = []


class Manifest(BaseModel):
    """The manifest. Schema paths are relative to the folder of policy.toml."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: _Name
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    languages: Annotated[list[str], Field(min_length=1)]
    roles: list[_Word] = []
    time_zone: str | None = None
    kinds: Annotated[dict[_Word, _Path], Field(min_length=1)]
    parameters: dict[
        Annotated[str, AfterValidator(normal)], bool | _Whole | _Decimal | str | datetime.date
    ] = {}
    log: LogTable | None = None


def read_manifest(source: Source) -> Manifest:
    """Parse the manifest. Raises PolicyError P601 or P602 with all that is wrong."""
    content = read_toml(source, "P601")
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        found = [(problem["type"], problem["loc"]) for problem in error.errors()]
        raise PolicyError(_misfits(source, found)) from None
    wrong = [("languages", name) for name in manifest.languages if not is_language(name)]
    languages = [name.lower() for name in manifest.languages]
    for key, names in {"languages": languages, "roles": manifest.roles}.items():
        if len(set(names)) < len(names):
            wrong.append((key, ""))
    if (log := manifest.log) is not None:
        for key, names in {"kinds": log.kinds, "fields": log.fields}.items():
            if len(set(names)) < len(names):
                wrong.append(("log", key))
    wrong += [("kinds", name) for name in manifest.kinds if name in _RESERVED]
    errors = [
        *_twice(source, content),
        *_misfits(source, [("value", location) for location in wrong]),
    ]
    errors += _unknown_zone(source, manifest.time_zone)
    if errors:
        raise PolicyError(errors)
    return manifest


def _twice(source: Source, content: object) -> Iterator[Diagnostic]:
    """Report keys of one table that are one name, spelled in two ways."""
    tables = content.values() if isinstance(content, dict) else ()
    for table in tables:
        yield from _twice(source, table)
    names = [normal(key) for key in content] if isinstance(content, dict) else []
    for name in sorted({name for name in names if names.count(name) > 1}):
        help = "the two look the same and are: leave one out"
        message = f"`{name}` stands twice, spelled in two ways"
        yield Diagnostic("P602", message, name_span(source, name), help)


def name_span(source: Source, name: str) -> Span:
    """Find a name in form NFC where it first stands, as a key or as a text of a list."""
    word = rf"(?<![\w-])(?:{spellings(name)})(?![\w-])"
    found = re.search(rf"{word}(?=\"?[ \t]*=)", source.text) or re.search(word, source.text)
    return Span(source, *found.span()) if found else Span(source, 0, 0)


def _unknown_zone(source: Source, name: str | None) -> Iterator[Diagnostic]:
    """Report a zone that the package `tzdata` does not name in exactly this spelling."""
    if name is not None and name not in (known := zone_names()):
        help = did_you_mean(name, known) or f"`time_zone` is {_WANTED['time_zone']}"
        yield Diagnostic("P602", "unknown time zone", key_span(source, ("time_zone",)), help)


def log_span(source: Source, name: str) -> Span:
    """Find the member of the table `[log]`, else the table, else the start."""
    table = re.search(r"^[ \t]*\[[ \t]*(log)[ \t]*\]", source.text, re.MULTILINE)
    if table is None:
        return key_span(source, ("log",))
    rest = re.compile(rf"^[ \t]*(?:\"?({re.escape(name)})\"?[ \t]*[=.]|\[)", re.MULTILINE)
    found = rest.search(source.text, table.end()) if name else None
    return Span(source, *(found.span(1) if found and found[1] else table.span(1)))


def _misfits(
    source: Source, problems: list[tuple[str, tuple[int | str, ...]]]
) -> Iterator[Diagnostic]:
    """Report each problem once: a misspelt field is not missing as well."""
    outer = [(kind, where) for kind, where in problems if where[0] != "log" or len(where) == 1]
    inner = [(kind, where[1:]) for kind, where in problems if where[0] == "log" and where[1:]]
    yield from _misfits_of(outer, _WANTED, "", lambda where: key_span(source, where[:2]), source)
    yield from _misfits_of(
        inner, _WANTED_IN_LOG, "log.", lambda where: log_span(source, str(where[0])), source
    )


def _misfits_of(
    problems: list[tuple[str, tuple[int | str, ...]]],
    wanted: Mapping[str, str],
    within: str,
    span: Callable[[tuple[int | str, ...]], Span],
    source: Source,
) -> Iterator[Diagnostic]:
    """Report what does not fit in one table; `within` is its name and a dot."""
    extra = [str(where[0]) for kind, where in problems if kind == "extra_forbidden"]
    meant = {nearest(name, wanted) for name in extra}
    for kind, where in problems:
        name = str(where[0])
        if kind == "extra_forbidden":
            help = did_you_mean(name, wanted) or f"there are {', '.join(wanted)}"
            yield Diagnostic("P602", f"unknown field `{within}{name}`", span(where), help)
        elif kind == "missing" and name not in meant:
            help = f"`{name}` is {wanted[name]}"
            at = log_span(source, "") if within else Span(source, 0, 0)
            yield Diagnostic("P602", f"`{within}{name}` is missing", at, help)
        elif kind != "missing":
            parts = where[:2] if name in _TABLES and not within else where[:1]
            place = ".".join(str(part) for part in parts if isinstance(part, str) and part)
            message = f"the value of `{within}{place}` does not fit"
            yield Diagnostic("P602", message, span(where), f"`{name}` is {wanted[name]}")
