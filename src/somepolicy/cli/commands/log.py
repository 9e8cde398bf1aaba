"""`somepolicy log`: check, read, export, prune and erase a decision log."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from somepolicy.cli.inputs.times import Since, Until, read_start
from somepolicy.cli.problems import BAD, GOOD, Unusable, guarded, tell
from somepolicy.cli.screen import Page, console
from somepolicy.cli.show.log import show_entry, show_verification
from somepolicy.cli.steps.recording import told
from somepolicy.cli.words.log import LogWords, log_language, log_words_for
from somepolicy.governance.log import DecisionLog, Head, open_log, to_json
from somepolicy.governance.log.event import unit_mark
from somepolicy.governance.log.export import opa_line

log_app = typer.Typer(
    name="log", no_args_is_help=True, rich_markup_mode=None, help="Read and check a decision log."
)


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
    with _opened(url) as log:
        verification = log.verify(expect_head)
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
        int, typer.Option("--last", "-n", metavar="N", min=1, help="How many, from the end.")
    ] = 10,
    since: Since = None,
    until: Until = None,
    format: Annotated[
        Format, typer.Option(help="Text for people, or the entries as they are kept.")
    ] = Format.TEXT,
    lang: Lang = None,
) -> int:
    """Show the last entries of a log, or one in full.

    Exit code: 0 shown, 2 the log cannot be read or has no entry of this id.
    """
    language = log_language(lang, os.environ)
    page = Page(console(sys.stdout))
    with _opened(url) as log:
        if id is not None:
            entry = log.find(id.lower())
            if entry is None:
                raise Unusable("somepolicy: the log has no entry of this id: it may be erased")
            entries = iter((entry,))
        else:
            entries = log.entries(since=since, until=until, last=last)
        nothing = True
        for entry in entries:
            nothing = False
            if format is Format.NDJSON:
                sys.stdout.buffer.write(to_json(entry) + b"\n")
            else:
                show_entry(page, entry, language, full=id is not None)
                page.print()
    if nothing:
        tell(log_words_for(language).empty)
    return GOOD


def export(url: Url, *, since: Since = None, until: Until = None, lang: Lang = None) -> int:
    """Write entries as NDJSON in the form of Open Policy Agent's decision log.

    Exit code: 0 written, 2 the log cannot be read.
    """
    words = _words(lang)
    with _opened(url) as log:
        count = 0
        for entry in log.entries(since=since, until=until):
            sys.stdout.buffer.write(opa_line(entry, log.id))
            count += 1
        tell(words.exported.format(count=count, head=log.head()))
    return GOOD


def prune(
    url: Url,
    *,
    before: Annotated[
        datetime.datetime,
        typer.Option(
            metavar="TIME", parser=read_start, help="A day, from its beginning in UTC, or a time."
        ),
    ],
    lang: Lang = None,
) -> int:
    """Drop the entries from before a day; the rest stays verifiable.

    Exit code: 0 dropped, 1 the log was altered while it went on, 2 it cannot be written or was
    altered before; then nothing is dropped.
    """
    if before > datetime.datetime.now(datetime.UTC):
        raise Unusable("somepolicy: --before lies in the future: that would drop the whole log")
    words = _words(lang)
    with _opened(url) as log:
        count = log.prune(before)
        verification = log.verify()
    _say(words.dropped.format(count=count, pruned=verification.pruned), log_head=verification.head)
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
    lang: Lang = None,
) -> int:
    """Erase one entry, or all of a unit; their places in the chain remain.

    Exit code: 0 erased, 2 there is no such entry or the log cannot be written.
    """
    if (id is None) == (unit is None):
        raise Unusable("somepolicy: give either --id or --unit")
    words = _words(lang)
    with _opened(url) as log:
        if unit is not None:
            # a unit whose id was not logged as it is stands there under its mark
            count = log.erase(unit=unit) + log.erase(unit=unit_mark(unit, log.key))
        else:
            count = log.erase(id=str(id).lower())
        if not count:
            what = "unit" if unit is not None else "id"
            raise Unusable(f"somepolicy: the log has no entry of this {what}")
        head = log.head()
    _say(words.blanked.format(count=count), log_head=head)
    return GOOD


def _words(lang: str | None) -> LogWords:
    return log_words_for(log_language(lang, os.environ))


@contextmanager
def _opened(url: str) -> Iterator[DecisionLog]:
    with told(), open_log(url, make=False) as log:
        yield log


def _say(message: str, *, log_head: Head) -> None:
    page = Page(console(sys.stdout))
    page.line(message)
    page.line(str(log_head))
    page.print()


def _altered(words: LogWords) -> int:
    tell(f"{words.unsound}: somepolicy log verify")
    return BAD


for _command in (verify, show, export, prune, erase):
    log_app.command(_command.__name__, no_args_is_help=True)(guarded(_command))
