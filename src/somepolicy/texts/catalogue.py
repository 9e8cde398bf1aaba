"""The catalogue: the texts of a language, read once from the file that it has."""

import os
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from somepolicy.errors import TextsError
from somepolicy.file_access import read_file
from somepolicy.texts.commands import (
    CompareTexts,
    EvalTexts,
    LogTexts,
    ReadingsTexts,
    SourceTexts,
    UsageTexts,
)
from somepolicy.texts.plurals import CATEGORIES, RULE, Plural
from somepolicy.texts.reports import (
    CitationsTexts,
    DecisionTexts,
    ReportTexts,
    TraceabilityTexts,
)
from somepolicy.texts.vocabulary import Vocabulary

ENGLISH = "en"
FOLDER = "SOMEPOLICY_TEXTS"
_OWN = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one language."""

    vocabulary: Vocabulary
    usage: UsageTexts
    eval: EvalTexts
    compare: CompareTexts
    log: LogTexts
    readings: ReadingsTexts
    source: SourceTexts
    report: ReportTexts
    citations: CitationsTexts
    decision: DecisionTexts
    traceability: TraceabilityTexts


def texts(language: str) -> Texts:
    """Return the texts of a language.

    `nb-NO` gets those of `nb` where it has none of its own, and a language without any gets
    English. Raises TextsError for a file of the folder of added ones that cannot be used.
    """
    files = _files()
    tag = language.lower()
    if tag.partition("-")[0] == "no" and "no" not in files:  # Norwegian, in either form
        tag = "nb"
    while tag and tag not in files:
        tag = tag.rpartition("-")[0]
    return _read(files[tag or ENGLISH])


def languages() -> tuple[str, ...]:
    """Return the languages that have texts: those that come along and those that were added."""
    return tuple(sorted(_files()))


def _files() -> dict[str, Path]:
    """Return the files by language; one in the folder that the environment names goes first."""
    added = os.environ.get(FOLDER)
    folders = (_OWN, Path(added)) if added else (_OWN,)
    if not folders[-1].is_dir():
        raise TextsError(f"{added}: {FOLDER} names this, which is no folder")
    return {file.stem.lower(): file for folder in folders for file in folder.glob("*.toml")}


@cache
def _read(file: Path) -> Texts:
    try:
        table = tomllib.loads(read_file(file).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise TextsError(f"{file}: cannot be read: {error}") from None
    if file.parent != _OWN:
        english = tomllib.loads((_OWN / "en.toml").read_text("utf-8"))
        if faults := list(faults_of(table, english)):
            raise TextsError(f"{file}: {'; '.join(faults)}")
    rules = table.pop("plural")
    parts = {
        part: {name: _text(value, rules) for name, value in members.items()}
        for part, members in table.items()
    }
    vocabulary = Vocabulary(**parts.pop("vocabulary"))
    kinds: dict[str, Any] = {each.name: each.type for each in fields(Texts)}
    made = {name: kinds[name](vocabulary=vocabulary, **part) for name, part in parts.items()}
    return Texts(vocabulary=vocabulary, **made)


def _text(value: Any, rules: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if _is_plural(value):
        return Plural(value, rules)
    if isinstance(value, dict):
        return {name: _text(each, rules) for name, each in value.items()}
    return value


def _is_plural(value: object) -> bool:
    return isinstance(value, dict) and "other" in value and value.keys() <= set(CATEGORIES)


# --- what is wrong with a file


def faults_of(table: Mapping[str, Any], model: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a file lacks, has beside, or fills in otherwise than that of another language."""
    rules = table.get("plural")
    if not isinstance(rules, dict) or not rules.keys() < set(CATEGORIES) or "other" in rules:
        yield "[plural] needs a rule for each form of a number but `other`"
        return
    yield from (
        f"plural.{name}: this is no rule that is known"
        for name, rule in rules.items()
        if not isinstance(rule, str) or RULE.fullmatch(rule) is None
    )
    own, other = ({k: v for k, v in each.items() if k != "plural"} for each in (table, model))
    lacking = _forms(own, other) - {*rules, "other"}
    yield from (
        f"plural.{x}: texts have this form, and no rule" for x in CATEGORIES if x in lacking
    )
    yield from _differences(own, other, "")


def _forms(given: Any, model: Any) -> set[str]:
    """Return the forms of a number that the texts of a file have."""
    if not isinstance(given, dict) or not isinstance(model, dict):
        return set()
    if _is_plural(model):
        return {*given} if _is_plural(given) else set()
    return set().union(*(_forms(given[x], model[x]) for x in given.keys() & model.keys()))


def _differences(given: Any, model: Any, at: str) -> Iterator[str]:
    if _is_plural(model):
        if not _is_plural(given):
            yield f"{at}: this needs a text for `other`, and may have one for each form"
            return
        places = set().union(*(_places(each) or () for each in model.values()))
        for name, each in given.items():
            found = _places(each)
            if found is None or not places - {"count"} <= found <= places:
                yield f"{at}.{name}: this has to fill in {_named(places)}"
    elif isinstance(model, dict):
        if not isinstance(given, dict):
            yield f"{at}: this has to be a table"
            return
        start = f"{at}." if at else ""
        yield from (f"{start}{name}: this is missing" for name in model if name not in given)
        yield from (f"{start}{name}: nothing asks for this" for name in given if name not in model)
        for name in model.keys() & given.keys():
            yield from _differences(given[name], model[name], f"{start}{name}")
    elif isinstance(model, list):
        texts_only = isinstance(given, list) and all(_places(each) == set() for each in given)
        if not texts_only or len(given) != len(model):
            yield f"{at}: this has to be a list of {len(model)} texts"
    elif _places(given) != _places(model):
        yield f"{at}: this has to fill in {_named(_places(model) or set())}"


def _places(text: object) -> set[str] | None:
    """Return the names that a text fills in; None for what is not a text, or fills in more."""
    if not isinstance(text, str) or not text.strip(" "):
        return None
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    if any(spec or conversion for _, _, spec, conversion in parts):
        return None
    return {name for _, name, _, _ in parts if name is not None}


def _named(places: set[str]) -> str:
    return ", ".join(f"`{{{name}}}`" for name in sorted(places)) or "nothing, and be a text"
