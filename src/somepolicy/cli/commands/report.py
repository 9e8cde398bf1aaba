"""`somepolicy report`: reports for those who are responsible for a policy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.completion import complete_language
from somepolicy.cli.inputs.endings import form_of, hold_ending
from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.log import Unverified
from somepolicy.cli.inputs.options import PolicyOption, output_file
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.inputs.times import Month, Quarter, Since, Until, Year
from somepolicy.cli.problems import GOOD, UNUSABLE, Unusable, guarded, say
from somepolicy.cli.workflows.copies import read_quotes
from somepolicy.cli.workflows.report_inputs import (
    Counted,
    chosen_item,
    field_names,
    from_documents,
    from_log,
)
from somepolicy.cli.workflows.report_output import Request, hold_policy, send, with_reading
from somepolicy.policy import Policy
from somepolicy.reports.citations import citations
from somepolicy.reports.decision import PrivateCheckError, decision_report
from somepolicy.reports.evidence import gather
from somepolicy.reports.period import Period
from somepolicy.reports.traceability import traceability
from somepolicy.reports.writing import Format as Form
from somepolicy.texts.catalogue import texts


class Format(StrEnum):
    """The forms of a report."""

    HTML = "html"
    MD = "md"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


_ENDINGS = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".md": Format.MD,
    ".csv": Format.CSV,
    ".xlsx": Format.XLSX,
    ".json": Format.JSON,
}
_Form = Annotated[
    Format | None,
    typer.Option(
        help="A page to read, or a form for other programs. "
        "Default: what the ending of --output says, else html.",
        show_default=False,
    ),
]
_Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", parser=output_file, help="Default: standard output."
    ),
]
_Language = Annotated[
    str | None,
    typer.Option(
        metavar="LANGUAGE",
        help="The language of the report. Default: as LANG says.",
        autocompletion=complete_language,
    ),
]
_Source = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A copy of the guideline, to quote the clauses from."),
]
_Table = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="With --format csv: this table alone, to be read in."),
]


def report_traceability(
    *,
    policy: PolicyOption = None,
    format: _Form = None,
    output: _Output = None,
    lang: _Language = None,
    source: _Source = None,
    table: _Table = None,
) -> int:
    """Follow each clause to its rules, readings, tests and examples.

    Exit code: 0 the report was made, 2 it cannot be made.
    """
    request = Request(_form(format, output), output, table, (source,) if source else ())
    chosen = load_policy(policy)
    hold_policy(request, chosen)
    _hold_ending(format, output, chosen)
    language = choose_language(lang, chosen.program, os.environ)
    quotes = _quotes(chosen, source)
    names = field_names(chosen.program, language)
    made = traceability(
        chosen.program,
        gather(chosen),
        names,
        language,
        day=request.day(chosen.days),
        quotes=quotes,
        about=request.made(language, chosen.days),
    )
    send(made, request)
    return GOOD


def report_citations(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]",
            help="Documents to decide on now: JSON and NDJSON files, folders of them, or -.",
            show_default=False,
        ),
    ] = None,
    *,
    log: Annotated[
        str | None,
        typer.Option(metavar="URL", help="A decision log: a path, or sqlite:///PATH."),
    ] = None,
    since: Since = None,
    until: Until = None,
    quarter: Quarter = None,
    month: Month = None,
    year: Year = None,
    unverified: Unverified = False,
    policy: PolicyOption = None,
    format: _Form = None,
    output: _Output = None,
    lang: _Language = None,
    table: _Table = None,
) -> int:
    """Count how the clauses were used, from a decision log or from documents.

    Exit code: 0 the report was made, 2 it cannot be made, as from a log that was altered, or a
    document cannot be judged.
    """
    named = [x for x in (quarter, month, year) if x is not None]
    period = _period(named, Period(since, until))
    _check_inputs(files, log, period, unverified=unverified)
    inputs = tuple(files or ()) if log is None else (log,)
    request = Request(_form(format, output), output, table, inputs)
    chosen = load_policy(policy)
    hold_policy(request, chosen)
    _hold_ending(format, output, chosen)
    language = choose_language(lang, chosen.program, os.environ)
    words = texts(language).log
    if log is None:
        counted = from_documents(chosen, files or [])
    else:
        counted = from_log(log, period, words, unverified=unverified)
    if counted.failed and not counted.left_out and not counted.totals.outcomes:
        return _say_failed(counted)  # an empty report would look like one of no decisions
    made = citations(
        chosen.program,
        counted.totals,
        field_names(chosen.program, language),
        language,
        from_log=log is not None,
        day=request.day(chosen.days),
        period=period,
        left_out=counted.left_out,
        time_zone=counted.time_zone,
        mixed_zones=counted.mixed_zones,
        about=request.made(language, chosen.days),
    )
    if counted.reading is not None:
        made, notice = with_reading(made, counted.reading, words)
        if notice is not None:
            say(f"somepolicy: {notice}")
    send(made, request)
    return _say_failed(counted)


def report_decision(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A document, or the JSON of a decision; - for standard input.",
            show_default=False,
        ),
    ],
    *,
    id: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Which document, where the file holds several."),
    ] = None,
    policy: PolicyOption = None,
    format: _Form = None,
    output: _Output = None,
    lang: _Language = None,
    source: _Source = None,
    table: _Table = None,
) -> int:
    """Write one decision as a document for a case file.

    Exit code: 0 the report was made, whatever the decision, 2 it cannot be made, as of a
    private check, of which nothing is kept.
    """
    request = Request(_form(format, output), output, table, (file, source) if source else (file,))
    chosen = load_policy(policy)
    hold_policy(request, chosen)
    _hold_ending(format, output, chosen)
    language = choose_language(lang, chosen.program, os.environ)
    quotes = _quotes(chosen, source)
    decision, document = chosen_item(chosen, file, id)
    names = field_names(chosen.program, language)
    try:
        made = decision_report(
            chosen.program,
            decision,
            document,
            names[decision.document.kind],
            language,
            day=request.day(chosen.days),
            quotes=quotes,
            about=request.made(language, chosen.days),
        )
    except PrivateCheckError as error:
        raise Unusable(f"somepolicy: {error}") from None
    send(made, request)
    return GOOD


def _period(named: list[Period], span: Period) -> Period:
    if not named:
        return span
    if len(named) > 1 or span != Period():
        raise Unusable(
            "somepolicy: --quarter, --month and --year each name a whole period: "
            "give one of them, without --since and --until"
        )
    return named[0]


def _check_inputs(
    files: list[str] | None, log: str | None, period: Period, *, unverified: bool
) -> None:
    if bool(files) == (log is not None):
        raise Unusable("somepolicy: name either documents or a log: --log URL")
    if files and (unverified or period != Period()):
        raise Unusable(
            "somepolicy: --since, --until, --quarter, --month, --year and --unverified are for --log"
        )


def _form(asked: Format | None, output: Path | None) -> Form:
    return form_of(output, asked, _ENDINGS, Format.HTML).value


def _hold_ending(asked: Format | None, output: Path | None, policy: Policy) -> None:
    if asked is None:
        hold_ending(output, _ENDINGS, policy)


def _quotes(policy: Policy, source: Path | None) -> Mapping[str, str]:
    if source is None:
        return {}
    found = read_quotes(policy.program, source)
    if found.drifted:
        names = ", ".join(found.drifted)
        say(f"somepolicy: {source}: not quoted, for the text is another: {names}")
    return found


def _say_failed(counted: Counted) -> int:
    for message in counted.messages:
        say(f"somepolicy: {message}")
    if counted.failed > len(counted.messages):
        say(f"somepolicy: and {counted.failed - len(counted.messages)} more cannot be judged")
    return UNUSABLE if counted.failed else GOOD


report_app = typer.Typer(
    name="report",
    help="Write reports on a policy, its use, or one decision.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
report_app.command("traceability")(guarded(report_traceability))
report_app.command("citations", no_args_is_help=True)(guarded(report_citations))
report_app.command("decision", no_args_is_help=True)(guarded(report_decision))
