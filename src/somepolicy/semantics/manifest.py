"""policy.toml -> Manifest: what the policy is called, its languages, kinds and roles."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from somepolicy.language.diagnostics import Diagnostic, PolicyError, did_you_mean, nearest
from somepolicy.language.source import Source, Span
from somepolicy.semantics.toml import key_span, read_toml

LANGUAGES = ("nb", "nn", "en")
_RESERVED = ("none", "document", "as_of", "count", "days")
_MOST = 10**15
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
_Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_Path = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f][^\\\x00-\x1f]*\.json$", max_length=200)]
_Whole = Annotated[int, Field(ge=-_MOST, le=_MOST)]
_Decimal = Annotated[float, Field(ge=-_MOST, le=_MOST)]
_TABLES = ("kinds", "parameters")
_WANTED = {
    "name": "small letters, digits, `_` and `-`, as `bergen`",
    "version": "three numbers, as `1.0.0`",
    "languages": f"a list of languages, among {', '.join(LANGUAGES)}, each once",
    "roles": "a list of names of small letters, digits and `_`",
    "kinds": 'a table with a schema for each kind, as `post = "post.schema.json"`',
    "parameters": "a table of texts, numbers, booleans and dates",
}


class Manifest(BaseModel):
    """The manifest. Schema paths are relative to the folder of policy.toml."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: _Name
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    languages: Annotated[list[str], Field(min_length=1)]
    roles: list[_Word] = []
    kinds: Annotated[dict[_Word, _Path], Field(min_length=1)]
    parameters: dict[str, bool | _Whole | _Decimal | str | datetime.date] = {}


def read_manifest(source: Source) -> Manifest:
    """Parse the manifest. Raises PolicyError P601 or P602 with all that is wrong."""
    content = read_toml(source, "P601")
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        found = [(problem["type"], problem["loc"]) for problem in error.errors()]
        raise PolicyError(_misfits(source, found)) from None
    wrong = [("languages", name) for name in manifest.languages if name not in LANGUAGES]
    if len(set(manifest.languages)) < len(manifest.languages):
        wrong.append(("languages", ""))
    wrong += [("kinds", name) for name in manifest.kinds if name in _RESERVED]
    if wrong:
        raise PolicyError(_misfits(source, [("value", location) for location in wrong]))
    return manifest


def _misfits(
    source: Source, problems: list[tuple[str, tuple[int | str, ...]]]
) -> Iterator[Diagnostic]:
    """Say each problem once: a misspelt field is not missing as well."""
    extra = [str(where[0]) for kind, where in problems if kind == "extra_forbidden"]
    meant = {nearest(name, Manifest.model_fields) for name in extra}
    for kind, where in problems:
        name = str(where[0])
        if kind == "extra_forbidden":
            help = did_you_mean(name, Manifest.model_fields) or f"there are {', '.join(_WANTED)}"
            yield Diagnostic("P602", f"unknown field `{name}`", key_span(source, where), help)
        elif kind == "missing" and name not in meant:
            wanted = f"`{name}` is {_WANTED[name]}"
            yield Diagnostic("P602", f"`{name}` is missing", Span(source, 0, 0), wanted)
        elif kind != "missing":
            place = ".".join(str(part) for part in where[:2] if isinstance(part, str) and part)
            message = f"the value of `{place if name in _TABLES else name}` does not fit"
            help = f"`{name}` is {_WANTED[name]}"
            yield Diagnostic("P602", message, key_span(source, where[:2]), help)
