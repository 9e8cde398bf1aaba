"""`somepolicy test`: run the tests of a policy."""

from __future__ import annotations

import os
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from somepolicy.cli.inputs.completion import complete_case, complete_policy
from somepolicy.cli.inputs.policies import find_policies
from somepolicy.cli.problems import BAD, BROKEN_PIPE, GOOD, INTERRUPTED, Unusable, settled, tell
from somepolicy.cli.screen import write
from somepolicy.cli.show.results import Format, Options, Ran, write_list, write_results
from somepolicy.cli.steps.quality import CoverageFormat, Quality, measure_tests
from somepolicy.files import MANIFEST, TESTS, shown_path
from somepolicy.policy import Policy
from somepolicy.testing.load import EXAMPLES, load_suite
from somepolicy.testing.runner import run_rows
from somepolicy.testing.select import Row, Selection, rows

_PAUSE = 0.5  # seconds between two looks at the files
_SHOWN = 3
_ABOVE = 3  # how many folders above a policy may hold examples
Stamps = Mapping[Path, tuple[int, int]]


def run_policy_tests(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]",
            help="A policy, or a folder of policies. Default: policy/, else the installed one.",
            show_default=False,
            autocompletion=complete_policy,
        ),
    ] = None,
    *,
    run: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="PATTERN",
            help="Only cases with this text or RE2 pattern in their name, their test's name, "
            "or a clause or rule they expect.",
            autocompletion=complete_case,
        ),
    ] = None,
    list_only: Annotated[
        bool, typer.Option("--list", help="List the cases and where they stand, run none.")
    ] = False,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first case that fails.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run again when a file changes, until Ctrl-C.")
    ] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="No case to run is no failure.")
    ] = False,
    durations: Annotated[
        bool, typer.Option("--durations", help="Show how long each listed case took.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List the tests that passed, too.")
    ] = False,
    format: Annotated[
        Format, typer.Option(help="Text for people, or a format of CI systems.")
    ] = Format.TEXT,
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="Show which clauses and conditions the tests decide."),
    ] = False,
    coverage_format: Annotated[
        CoverageFormat, typer.Option("--coverage-format", help="How coverage is shown.")
    ] = CoverageFormat.TEXT,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change the policy in small ways the tests should notice."),
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="PERCENT",
            help="Fail below this percentage of clauses or mutants.",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", metavar="N", min=1, help="Processes for --mutate. Default: cores."
        ),
    ] = None,
) -> int:
    """Run the tests of a policy.

    Exit code: 0 all passed, 1 one failed or there is none, 2 one cannot be run.
    """
    if coverage or mutate:
        return measure_tests(path, Quality(coverage, mutate, coverage_format, threshold, jobs))
    if threshold is not None:
        raise Unusable("somepolicy: --threshold goes with --coverage or --mutate")
    options = Options(run, list_only, fail_fast, allow_empty, verbose, durations, format)
    if list_only and format not in (Format.TEXT, Format.JSON):
        raise Unusable("somepolicy: --list is for --format text and json")
    if not watch:
        return run_once(path, options)
    if list_only or format is not Format.TEXT:
        raise Unusable("somepolicy: --watch is for running with --format text")
    seen: Stamps | None = None
    while True:
        seen = watch_once(path, options, seen)
        time.sleep(_PAUSE)


def run_once(path: Path | None, options: Options) -> int:
    """Run or list the cases asked for; return the exit code.

    Where there is none, formats for programs still get their document, an empty one.
    """
    selection = None if options.run is None else Selection(options.run)
    loaded = []
    for folder in find_policies(path):
        policy = Policy.load(folder)
        suite = load_suite(policy, folder)
        loaded.append((policy, suite, tuple(rows(suite.tests))))
    listed = [row for _, _, of_one in loaded for row in of_one]
    chosen = [row for row in listed if selection is None or row in selection]
    failed = not chosen and not options.allow_empty
    if failed:
        tell(_nothing(listed, selection))
        if options.format is Format.TEXT:
            return BAD
    if options.list_only:
        write_list(chosen, options.format)
        return BAD if failed else GOOD
    ran = []
    for policy, suite, of_one in loaded:
        report = run_rows(policy, suite, of_one, selection, options.fail_fast)
        ran.append(Ran(policy, report))
        if options.fail_fast and not all(each.passed for each in report.results):
            break
    write_results(ran, len(chosen), len(listed), options)
    failed = failed or not all(each.passed for one in ran for each in one.report.results)
    return BAD if failed else GOOD


def _nothing(listed: list[Row], selection: Selection | None) -> str:
    if not listed or selection is None:
        return "somepolicy: there are no tests; they belong in the policy's folder tests/"
    near = selection.nearest(listed)
    hint = f"; did you mean `{near}`?" if near else ""
    refused = f" (as a pattern it is refused: {selection.refused})" if selection.refused else ""
    return f"somepolicy: no test, clause or rule fits `{selection.pattern}`{hint}{refused}"


# --- watching


def watch_once(path: Path | None, options: Options, seen: Stamps | None) -> Stamps:
    """Run the tests if a file is not as it was seen; return how the files are now."""
    now = stamps(path)
    if now == seen:
        return now
    if seen is not None:
        _tell_changes(seen, now)
    code = settled(lambda: run_once(path, options))
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code == BROKEN_PIPE:
        raise BrokenPipeError
    return now


def _tell_changes(seen: Stamps, now: Stamps) -> None:
    changed = sorted(each for each in {*seen, *now} if seen.get(each) != now.get(each))
    names = [shown_path(each) for each in changed[:_SHOWN]]
    more = len(changed) - len(names)
    names += [f"{more} more"] if more else []
    write(f"\n--- changed: {', '.join(names)}", sys.stdout)


def stamps(path: Path | None) -> Stamps:
    """Return time and size of every file that the tests of the policies at a path hang on.

    Empty where there is no policy just now: the run says so.
    """
    found: dict[Path, tuple[int, int]] = {}
    try:
        folders = find_policies(path)
    except Unusable:
        return found
    for folder in folders:
        for place in _places(folder):
            for each in _files(place):
                try:
                    stat = each.stat()
                except OSError:
                    continue  # gone in the meantime
                found[each.resolve()] = (stat.st_mtime_ns, stat.st_size)
    return found


def _places(folder: Path) -> Iterator[Path]:
    """Yield the folders of a policy: its own, the examples', the schemas'."""
    yield folder
    base = folder.resolve()
    for above in (base / TESTS, base, *list(base.parents)[:_ABOVE]):
        yield above / EXAMPLES
    try:
        manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # the run says what is wrong with it
    kinds = manifest.get("kinds")
    for name in kinds.values() if isinstance(kinds, dict) else ():
        if isinstance(name, str):
            yield (folder / name).parent


def _files(place: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(place):
        inner[:] = [name for name in inner if not name.startswith((".", "__"))]
        yield from (Path(folder) / name for name in names)
