"""policy.toml -> Manifest: what the policy is called, its languages, kinds and roles."""

from __future__ import annotations

import re
import tomllib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from somepolicy.language.diagnostics import Diagnostic, PolicyError, did_you_mean
from somepolicy.language.source import Source, Span

LANGUAGES = ("nb", "nn", "en")
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
_Path = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f][^\\\x00-\x1f]*\.json$", max_length=200)]


class Manifest(BaseModel):
    """The manifest. Schema paths are relative to the folder of policy.toml."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: _Name
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    languages: Annotated[list[str], Field(min_length=1)]
    roles: list[_Name] = []
    kinds: Annotated[dict[_Name, _Path], Field(min_length=1)]
    parameters: dict[str, bool | int | float | str] = {}


def read_manifest(source: Source) -> Manifest:
    """Parse the manifest. Raises PolicyError P601 or P602 with all that is wrong."""
    try:
        content = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([_broken(source, str(error))]) from None
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        raise PolicyError(
            [
                Diagnostic(
                    "P602",
                    f"`{_dotted(problem['loc'])}`: {problem['msg'].lower()}",
                    _key(source, problem["loc"]),
                    help=did_you_mean(str(problem["loc"][-1]), Manifest.model_fields)
                    if problem["type"] == "extra_forbidden"
                    else None,
                )
                for problem in error.errors()
            ]
        ) from None
    unknown = [name for name in manifest.languages if name not in LANGUAGES]
    if unknown or len(set(manifest.languages)) < len(manifest.languages):
        raise PolicyError(
            [
                Diagnostic(
                    "P602",
                    f"`languages` may hold {', '.join(LANGUAGES)}, each once",
                    _key(source, ("languages",)),
                )
            ]
        )
    return manifest


def _broken(source: Source, message: str) -> Diagnostic:
    """Place a TOML error, whose text ends in `(at line 3, column 5)` or `(at end of document)`."""
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    offset = len(source.text)
    if place:
        offset = source.line_starts[int(place[1]) - 1] + int(place[2]) - 1
    text = message[: place.start()] if place else message
    return Diagnostic("P601", text.lower(), Span(source, offset, offset + 1))


def _dotted(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _key(source: Source, location: tuple[int | str, ...]) -> Span:
    """Find the line that sets the innermost named part of a location, else the start."""
    for part in reversed(location):
        pattern = rf"^\s*\[?\s*(\"?{re.escape(str(part))}\"?)\s*[=\]]"
        if found := re.search(pattern, source.text, re.MULTILINE):
            return Span(source, *found.span(1))
    return Span(source, 0, 0)
