"""`somepolicy detect`: what the detectors find in a text, never the text itself."""

from __future__ import annotations

import datetime
import json
import os
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.documents import list_sources
from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.options import Language, PolicyOption
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.inputs.times import read_time
from somepolicy.cli.problems import BAD, GOOD, UNUSABLE, Unusable
from somepolicy.cli.show.errors import show_errors
from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.terminal import Page, console, styled
from somepolicy.cli.workflows.searched import (
    is_detector,
    published_alone,
    searched_paths,
    searched_texts,
)
from somepolicy.documents.reading import Item, read, standard_input
from somepolicy.documents.sources import LINES, STANDARD_INPUT, WHOLE, unreadable
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.engine.given import Composed
from somepolicy.engine.json_slips import not_utf8
from somepolicy.engine.json_text import MOST_BYTES, parse_json
from somepolicy.engine.values import instant_of
from somepolicy.file_access import file_or_pipe
from somepolicy.functions.detection import Detection, Detections
from somepolicy.functions.table import FUNCTIONS, Function
from somepolicy.ir.types import Boolean, Text
from somepolicy.json_type import Json
from somepolicy.normal_form import Traced, normal
from somepolicy.policy import Policy
from somepolicy.texts.commands import EvalTexts

_DOCUMENTS = WHOLE + LINES
_STYLES = {"hard": "bold red", "strong": "bold yellow", "weak": "bold"}


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to search. `pointer` is None for plain text.

    `beside` is the text it is compared with, None where it is compared with none.
    """

    source: str
    pointer: str | None
    text: str
    day: datetime.date
    beside: str | None = None
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    """What a function of the table found, and where in which text."""

    function: Function
    text: _Text
    line: int
    column: int
    detection: Detection

    @property
    def place(self) -> str:
        """`POINTER`, or `LINE:COLUMN` of a plain text."""
        return f"{self.line}:{self.column}" if self.text.pointer is None else self.text.pointer


def detect(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A JSON document, any other file as plain text, or - for standard input.",
            show_default=False,
        ),
    ],
    *,
    policy: PolicyOption = None,
    as_of: Annotated[
        datetime.date | None,
        typer.Option(
            metavar="TIME",
            parser=read_time,
            help="Search as of a day or a time with offset. Default: the document's, else now.",
        ),
    ] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Let test numbers count as real.")
    ] = False,
    format: Annotated[Format, typer.Option(help="Text for people, or JSON.")] = Format.TEXT,
    lang: Language = None,
) -> int:
    """List what each detector finds in a text, masked: the text itself is never shown.

    Of a document: the texts that the rules for its kind pass to a detector.

    Exit code: 0 nothing found, 1 something found, 2 the input cannot be read.
    """
    chosen = load_policy(policy)
    wordings = Wordings.of(chosen, choose_language(lang, chosen.program, os.environ))
    words = wordings.words
    searched: list[_Text] = []
    wrong: list[tuple[Item, tuple[DocumentError, ...]]] = []
    moment = None if as_of is None else chosen.days.noon(as_of)
    for item in _items(file):
        try:
            searched += _texts(chosen, item, moment)
        except InvalidDocument as error:
            wrong.append((item, error.errors))
    if wrong:
        _report(wrong, wordings)
        return UNUSABLE
    hits = [hit for text in searched for hit in _search(chosen, text, synthetic)]
    if format is Format.JSON:
        _print_json(chosen, _used(chosen, searched), hits)
    else:
        _print_text(chosen, hits, words)
    return BAD if hits else GOOD


# --- what to search


def _items(name: str) -> Iterator[Item]:
    """Yield documents, or one item whose document is a plain text."""
    if name != STANDARD_INPUT and Path(name).suffix.lower() in _DOCUMENTS:
        yield from read(list_sources([name]))
        return
    raw = _bytes(name)
    if name == STANDARD_INPUT and (document := _object(raw)) is not None:
        yield Item(name, None, "", document, (), len(raw))
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = DocumentError("D101", "", not_utf8(raw, error.start))
        yield Item(name, None, "", None, (wrong,), len(raw))
        return
    if not text.strip():
        raise Unusable(f"somepolicy: {name}: there is no text to search")
    yield Item(name, None, "", text, (), len(raw))


def _bytes(name: str) -> bytes:
    try:
        if name != STANDARD_INPUT:
            # an empty name would be the current folder to Path
            with open(name or "\0", "rb", opener=file_or_pipe) as stream:
                raw = stream.read(MOST_BYTES + 1)
        else:
            raw = standard_input().read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Unusable(f"somepolicy: {name}: {unreadable(error).message}") from None
    if len(raw) > MOST_BYTES:
        raise Unusable(f"somepolicy: {name}: the text is too long, the most is {MOST_BYTES} bytes")
    return raw


def _object(raw: bytes) -> dict[str, Json] | None:
    """Return the object that the bytes are in JSON, None if they are anything else."""
    try:
        value = parse_json(raw)
    except InvalidDocument:
        return None
    return value if isinstance(value, dict) else None


def _texts(policy: Policy, item: Item, as_of: datetime.datetime | None) -> Iterator[_Text]:
    """Yield the texts of an item. Raises InvalidDocument."""
    now = as_of or datetime.datetime.now(datetime.UTC)
    if item.errors:
        raise InvalidDocument(item.errors)
    if isinstance(item.document, str) and Path(item.source).suffix.lower() not in _DOCUMENTS:
        yield _Text(item.name, None, item.document, policy.days.as_day(now))
        return
    kind, document, *_ = policy.validate(item.document, as_of)
    paths = searched_paths(policy.program, kind)
    if not paths:
        none = f"no rule of the policy {policy.name} searches a text of a {kind}"
        raise Unusable(f"somepolicy: {item.name}: {none}; give the text itself, as a plain file")
    stated = document.get("as_of")
    moment = as_of or (instant_of(stated) if isinstance(stated, str) else now)
    day = policy.days.as_day(moment)
    given = document.texts if isinstance(document, Composed) else {}
    for each in searched_texts(paths, document, published_alone(policy.program, kind)):
        text = given.get(each.pointer, each.text)
        yield _Text(item.name, each.pointer, text, day, each.beside, each.only)


# --- searching


def _detectors(policy: Policy, text: _Text) -> Iterator[Function]:
    """Yield the functions that find something in such a text and have their word lists."""
    for row in FUNCTIONS.values():
        textual = [kind for _, kind in row.parameters if isinstance(kind, Text)]
        fits = len(textual) == 1 or text.beside is not None
        wanted = text.only is None or row.name in text.only
        if is_detector(row) and fits and wanted and row.name in policy.library:
            yield row


def _used(policy: Policy, texts: Sequence[_Text]) -> list[str]:
    """Return the names of the functions that were called, in the order of the table."""
    used = {row.name for text in texts for row in _detectors(policy, text)}
    return [name for name in FUNCTIONS if name in used]


def _search(policy: Policy, text: _Text, synthetic: bool) -> Iterator[_Hit]:
    read = normal(text.text)
    traced = None if read == text.text else Traced(text.text)
    prepared: dict[Callable[[str], object] | None, object] = {None: read}
    lines = [0, *(at + 1 for at, char in enumerate(text.text) if char == "\n")]
    for row in _detectors(policy, text):
        if row.prepare is not None and row.prepare not in prepared:
            prepared[row.prepare] = row.prepare(read)
        texts = iter((prepared[row.prepare], text.beside))
        arguments = [
            synthetic if isinstance(kind, Boolean) else next(texts) for _, kind in row.parameters
        ]
        found: Detections = policy.library[row.name](*arguments, *[text.day] * row.dated)
        for hit in found:
            each = hit if traced is None else hit._replace(span=traced.span(*hit.span))
            line = bisect_right(lines, each.span[0])
            yield _Hit(row, text, line, each.span[0] - lines[line - 1] + 1, each)


# --- showing


def _report(wrong: Sequence[tuple[Item, tuple[DocumentError, ...]]], wordings: Wordings) -> None:
    page = Page(console(sys.stderr))
    for item, errors in wrong:
        show_errors(page, item, errors, wordings)
    sys.stdout.flush()
    page.print()


def _print_text(policy: Policy, hits: Sequence[_Hit], words: EvalTexts) -> None:
    page, vocabulary = Page(console(sys.stdout)), words.vocabulary
    several = len({hit.text.source for hit in hits}) > 1
    for hit in hits:
        found = hit.detection
        start, end = found.span
        place = f"{hit.text.source}  {hit.place}" if several else hit.place
        strength = (vocabulary.strength[found.strength], _STYLES[found.strength])
        span = words.characters.format(start=start, end=end)
        page.line(
            styled(
                vocabulary.detector_name(found.detector),
                "  ",
                strength,
                "  ",
                (place, "cyan"),
                f", {span}",
            ),
            hang=2,
        )
        page.line(styled(vocabulary.masked_text(found.masked)), indent=4, hang=2)
        page.line(styled((hit.function.name, "dim")), indent=4)
    text = words.detections(len(hits)) if hits else words.nothing_found
    page.line(f"{policy.program.name} {policy.program.version}: {text}")
    page.print()


def _print_json(policy: Policy, used: Sequence[str], hits: Sequence[_Hit]) -> None:
    named = {"name": policy.program.name, "version": policy.program.version}
    answer = {"policy": named, "functions": used, "found": [_record(hit) for hit in hits]}
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    # a file name may hold bytes that are no UTF-8
    sys.stdout.buffer.write(text.encode(errors="replace") + b"\n")


def _record(hit: _Hit) -> dict[str, Json]:
    plain = hit.text.pointer is None
    found = hit.detection
    return {
        "source": hit.text.source,
        "pointer": hit.text.pointer,
        "line": hit.line if plain else None,
        "column": hit.column if plain else None,
        "span": [*found.span],
        "strength": found.strength,
        "detector": found.detector,
        "function": hit.function.name,
        "version": found.version,
        "masked": found.masked,
        "reason": hit.function.doc,
    }
