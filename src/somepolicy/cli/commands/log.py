"""`somepolicy log`: check, read, export, prune and erase a decision log."""

from __future__ import annotations

import datetime
import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from somepolicy.cli.inputs.language import log_language
from somepolicy.cli.inputs.log import Unverified
from somepolicy.cli.inputs.times import Since, Until, read_time
from somepolicy.cli.problems import BAD, GOOD, Unusable, guarded, say
from somepolicy.cli.show.log import (
    check_text,
    notice_of,
    reading_rows,
    show_entry,
    show_verification,
)
from somepolicy.cli.terminal import Page, console, styled
from somepolicy.cli.workflows.log_days import log_span
from somepolicy.cli.workflows.recording import usable_log
from somepolicy.log import (
    DecisionLog,
    Head,
    NotWholeError,
    Verification,
    open_log,
    to_json,
)
from somepolicy.log.encoding import entry_from_json, has_id
from somepolicy.log.export import opa_line
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import LogTexts

_LAST = 10

log_app = typer.Typer(
    name="log", no_args_is_help=True, rich_markup_mode=None, help="Read and check a decision log."
)


_MOST_SHOWN = 1_000_000_000


class Format(StrEnum):
    """The forms of the output."""

    TEXT = "text"
    NDJSON = "ndjson"


def read_head(text: str) -> Head:
    """Read a head as the commands print it."""
    try:
        return Head.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Url = Annotated[
    str,
    typer.Argument(metavar="URL", help="The log: a path, or sqlite:///PATH.", show_default=False),
]
Lang = Annotated[
    str | None,
    typer.Option(metavar="nb|nn|en", help="The language of the text. Default: as LANG says."),
]


def verify(
    url: Url,
    *,
    expect_head: Annotated[
        Head | None,
        typer.Option(metavar="HEAD", parser=read_head, help="A head that was printed before."),
    ] = None,
    lang: Lang = None,
) -> int:
    """Check that nothing in a log was altered, moved or taken away.

    Exit code: 0 all is there, 1 something was altered, 2 the log cannot be read.
    """
    words = _words(lang)
    with usable_log(words):
        try:
            with open_log(url, make=False) as log:
                verification = log.verify(expect_head)
        except NotWholeError as error:
            verification = Verification.of_nothing(error)
    page = Page(console(sys.stdout))
    show_verification(page, verification, words)
    page.print()
    return GOOD if verification.sound else BAD


def show(
    url: Url,
    id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="The id of one entry.", show_default=False),
    ] = None,
    *,
    last: Annotated[
        int | None,
        typer.Option(
            "--last",
            "-n",
            metavar="N",
            min=1,
            max=_MOST_SHOWN,
            help="How many, from the end.",
            show_default="10",
        ),
    ] = None,
    since: Since = None,
    until: Until = None,
    format: Annotated[
        Format, typer.Option(help="Text for people, or the entries as they are kept.")
    ] = Format.TEXT,
    unverified: Unverified = False,
    lang: Lang = None,
) -> int:
    """Show the last entries of a log, or one in full.

    Exit code: 0 shown, 2 the log cannot be read, was altered, or has no entry of this id.
    """
    if id is not None and (last or since or until):
        raise Unusable("somepolicy: --last, --since and --until are for several entries: no ID")
    language = log_language(lang, os.environ)
    words = texts(language).log

    def chosen(bodies: Iterator[bytes]) -> list[bytes]:
        if id is None:
            return list(deque(bodies, last or _LAST))
        return [body for body in bodies if has_id(body, id.lower())]

    with _opened(url, words, flag=not unverified) as log:
        span = log_span(log, since, until)
        reading = log.read(chosen, since=span.since, until=span.until, unverified=unverified)
        entries = [entry_from_json(body) for body in reading.value]
    _warn(reading.verification, words)
    if id is not None and not entries:
        raise Unusable("somepolicy: the log has no entry of this id: it may be erased")
    page = Page(console(sys.stdout))
    for entry in entries:
        if format is Format.NDJSON:
            sys.stdout.buffer.write(to_json(entry) + b"\n")
        else:
            show_entry(page, entry, language, full=id is not None)
    if not entries:
        say(words.empty)
    elif format is Format.NDJSON:
        say(_written(len(entries), reading.verification, words))
    else:
        width = max(len(label) for label, _ in reading_rows(reading, words)) + 2
        page.rows(
            ((label, styled(value)) for label, value in reading_rows(reading, words)),
            indent=0,
            width=width,
        )
    if span.mixed and format is Format.TEXT:
        page.line(words.mixed_zones)
    page.print()
    if span.mixed and format is not Format.TEXT:
        say(words.mixed_zones)
    return GOOD


def export(
    url: Url,
    *,
    since: Since = None,
    until: Until = None,
    unverified: Unverified = False,
    lang: Lang = None,
) -> int:
    """Write entries as NDJSON in the form of Open Policy Agent's decision log.

    Exit code: 0 written, 2 the log cannot be read or was altered.
    """
    words = _words(lang)
    with _opened(url, words, flag=not unverified) as log:
        # once to check and once to write: nothing is written of a log that was altered
        checked = log.read(lambda bodies: deque(bodies, 0), unverified=unverified).verification
        _warn(checked, words)

        def write(bodies: Iterator[bytes]) -> None:
            for body in bodies:
                sys.stdout.buffer.write(opa_line(entry_from_json(body), log.id, checked.verified))

        span = log_span(log, since, until)
        reading = log.read(write, since=span.since, until=span.until, unverified=unverified)
        if span.mixed:
            say(words.mixed_zones)
        say(_written(reading.count, reading.verification, words))
    return GOOD


def prune(
    url: Url,
    *,
    before: Annotated[
        datetime.date,
        typer.Option(
            metavar="TIME",
            parser=read_time,
            help="A day, from its beginning in the log's time zone, or a time.",
        ),
    ],
    lang: Lang = None,
) -> int:
    """Drop the entries from before a day; the rest stays verifiable.

    Exit code: 0 dropped, 1 the log was altered while it went on, 2 it cannot be written or was
    altered before; then nothing is dropped.
    """
    words = _words(lang)
    with _opened(url, words) as log:
        span = log_span(log, before, None)
        assert span.since is not None
        if span.since > datetime.datetime.now(datetime.UTC):
            raise Unusable("somepolicy: --before lies in the future: that would drop the whole log")
        if span.mixed:
            say(words.mixed_zones)
        count = log.prune(span.since)
        verification = log.verify()
    _say(words.dropped(count, pruned=verification.pruned), log_head=verification.head)
    return GOOD if verification.sound else _altered(words)


def erase(
    url: Url,
    *,
    id: Annotated[
        str | None, typer.Option(metavar="ID", help="The id of the entry to erase.")
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(metavar="UNIT", help="The id of a unit: all of its entries are erased."),
    ] = None,
    unverified: Unverified = False,
    lang: Lang = None,
) -> int:
    """Erase one entry, or all of a unit; their places in the chain remain.

    Exit code: 0 erased, 2 there is no such entry, or the log cannot be written or was altered.
    """
    if (id is None) == (unit is None):
        raise Unusable("somepolicy: give either --id or --unit")
    words = _words(lang)
    with _opened(url, words, flag=not unverified) as log:
        count = log.erase(id=id and id.lower(), unit=unit, unverified=unverified)
        if not count:
            what = "unit" if unit is not None else "id"
            raise Unusable(f"somepolicy: the log has no entry of this {what}")
        head = log.head()
    _say(words.blanked(count), log_head=head)
    return GOOD


def _words(lang: str | None) -> LogTexts:
    return texts(log_language(lang, os.environ)).log


@contextmanager
def _opened(url: str, words: LogTexts, *, flag: bool = False) -> Iterator[DecisionLog]:
    with usable_log(words, flag=flag), open_log(url, make=False) as log:
        yield log


def _warn(verification: Verification, words: LogTexts) -> None:
    if notice := notice_of(verification, words):
        say(f"somepolicy: {notice}")


def _written(count: int, verification: Verification, words: LogTexts) -> str:
    check = check_text(verification, words)
    return words.exported(count, head=verification.head, check=check)


def _say(message: str, *, log_head: Head) -> None:
    page = Page(console(sys.stdout))
    page.line(message)
    page.line(str(log_head))
    page.print()


def _altered(words: LogTexts) -> int:
    say(f"{words.unsound}: somepolicy log verify")
    return BAD


for _command in (verify, show, export, prune, erase):
    log_app.command(_command.__name__, no_args_is_help=True)(guarded(_command))
