"""Where a report goes: a file that appears whole or not at all, or standard output."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from somepolicy.cli.problems import Unusable
from somepolicy.cli.show.log import notice_of, reading_json, reading_rows
from somepolicy.documents.sources import LINES, STANDARD_INPUT, WHOLE
from somepolicy.engine.days import Days
from somepolicy.file_access import is_of_folder, is_standard_input, reason, replace_file
from somepolicy.log import Reading
from somepolicy.policy import Policy
from somepolicy.reports.model import Report
from somepolicy.reports.spreadsheet import blocks
from somepolicy.reports.writing import Format, MissingExtraError, written
from somepolicy.syntax.diagnostics import did_you_mean
from somepolicy.texts.catalogue import texts
from somepolicy.texts.commands import LogTexts
from somepolicy.version import __version__

T = TypeVar("T")
_BESIDE_A_LOG = (".key", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Request:
    """What was asked for. Raises Unusable for what does not go together."""

    format: Format
    output: Path | None
    table: str | None
    inputs: tuple[str | Path, ...] = ()  # files that are read, which the report must not replace

    def __post_init__(self) -> None:
        if self.table is not None and self.format != "csv":
            raise Unusable("somepolicy: --table goes with --format csv")
        if self.format == "xlsx" and self.output is None and sys.stdout.isatty():
            raise Unusable("somepolicy: a workbook is nothing for a terminal; name a file with -o")
        if self.output is not None and self.output.is_dir():
            raise Unusable(f"somepolicy: {self.output}: this is a folder; name a file")
        if self.output is not None and any(_holds(each, self.output) for each in self.inputs):
            raise Unusable(
                f"somepolicy: {self.output}: the report is made from this file; name another one"
            )

    def day(self, days: Days) -> datetime.date:
        """Return the day on which the report is made."""
        return days.as_day(_now(os.environ))

    def made(self, language: str, days: Days) -> tuple[tuple[str, str], ...]:
        """Return when and with what the report is made."""
        words = texts(language).report
        return (
            (words.made, self.day(days).isoformat()),
            (words.made_with, f"somepolicy {__version__}"),
        )


def hold_policy(request: Request, policy: Policy) -> None:
    """Raise Unusable where the report would replace a file of the policy."""
    output = request.output
    if output is not None and is_of_folder(output, policy.folder, policy.files):
        raise Unusable(f"somepolicy: {output}: this belongs to the policy; name another file")


def _holds(name: str | Path, output: Path) -> bool:
    """Say whether an input, which may be a folder or the URL of a log, holds what is written."""
    if name == STANDARD_INPUT:
        return is_standard_input(output)
    path = Path(str(name).removeprefix("sqlite:///"))
    try:
        beside = (f"{path.resolve()}{each}" for each in _BESIDE_A_LOG)
        if str(output.resolve()) in beside:
            return True
        if not output.is_file():
            return False
        if path.is_dir():
            within = path.resolve() in output.resolve().parents
            return within and output.suffix.lower() in WHOLE + LINES
        return output.samefile(path)
    except (OSError, ValueError):
        return False


def _now(environ: Mapping[str, str]) -> datetime.datetime:
    """Return the time, or that of SOURCE_DATE_EPOCH for whoever needs the same bytes again."""
    stated = environ.get("SOURCE_DATE_EPOCH", "")
    if stated.isdecimal() and len(stated) <= 11:
        return datetime.datetime.fromtimestamp(int(stated), datetime.UTC)
    return datetime.datetime.now().astimezone()


def with_reading(report: Report, reading: Reading[T], words: LogTexts) -> tuple[Report, str | None]:
    """Return the report with what was read of a log and how that was checked.

    And what is said before all else where the log was altered, None where it is whole.
    """
    notice = notice_of(reading.verification, words)
    made = replace(
        report,
        lead=report.lead if notice is None else (notice, *report.lead),
        about=(*report.about, *reading_rows(reading, words)),
        log=reading_json(reading),
    )
    return made, notice


def send(report: Report, request: Request) -> None:
    """Write the report. Raises Unusable where that cannot be done."""
    if request.table is not None:
        known = [each.key for each in blocks(report)]
        if request.table not in known:
            hint = did_you_mean(request.table, known) or f"its tables are {', '.join(known)}"
            raise Unusable(f"somepolicy: the report has no table `{request.table}`; {hint}")
    try:
        content = written(report, request.format, table=request.table)
    except MissingExtraError as error:
        raise Unusable(f"somepolicy: {error}") from None
    if request.output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        replace_file(request.output, content)
    except OSError as error:
        raise Unusable(f"somepolicy: {request.output}: {reason(error)}") from None
