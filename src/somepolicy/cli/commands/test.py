"""`somepolicy test`: run the tests of a policy."""

from __future__ import annotations

import os
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from somepolicy.cli.inputs.completion import complete_case
from somepolicy.cli.inputs.options import PolicyOption, PolicyPath
from somepolicy.cli.inputs.policies import find_policies
from somepolicy.cli.problems import (
    BAD,
    BROKEN_PIPE,
    GOOD,
    INTERRUPTED,
    UNUSABLE,
    Unusable,
    say,
    settled,
)
from somepolicy.cli.show.results import Format, Options, Ran, write_list, write_results
from somepolicy.cli.terminal import write
from somepolicy.cli.workflows.quality import (
    CoverageFormat,
    Quality,
    measure_tests,
    nothing_to_run,
)
from somepolicy.file_access import read_file
from somepolicy.files import MANIFEST, TESTS, shown_path
from somepolicy.policy import Policy
from somepolicy.workbench.load import EXAMPLES, load_suite
from somepolicy.workbench.runner import run_suite
from somepolicy.workbench.select import Selection

_PAUSE = 0.5  # seconds between two looks at the files
_SHOWN = 3
_ABOVE = 3  # how many folders above a policy may hold examples
# --run is heeded by all; of the others, these have no say beside any but those named
_ALONE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "--list": ("--allow-empty", "--format"),
        "--coverage": ("--coverage-format", "--threshold"),
        "--mutate": ("--threshold", "--jobs"),
        "--watch": ("--fail-fast", "--allow-empty", "--durations", "--verbose"),
    }
)
_NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "--coverage-format": ("--coverage",),
        "--threshold": ("--coverage", "--mutate"),
        "--jobs": ("--mutate",),
    }
)
Stamps = Mapping[Path, tuple[int, int]]


def run_policy_tests(
    path: PolicyPath = None,
    *,
    policy: PolicyOption = None,
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
        CoverageFormat | None,
        typer.Option("--coverage-format", help="How coverage is shown.", show_default="text"),
    ] = None,
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

    With PATH in the policy's folder tests/: those below it.

    Exit code: 0 all passed, 1 one failed, 2 there is none or one cannot be run.
    """
    given = {
        "--list": list_only,
        "--coverage": coverage,
        "--mutate": mutate,
        "--watch": watch,
        "--fail-fast": fail_fast,
        "--allow-empty": allow_empty,
        "--durations": durations,
        "--verbose": verbose,
        "--format": format is not Format.TEXT,
        "--coverage-format": coverage_format is not None,
        "--threshold": threshold is not None,
        "--jobs": jobs is not None,
    }
    _hold_options(given)
    if list_only and format not in (Format.TEXT, Format.JSON):
        raise Unusable("somepolicy: --list is for --format text and json")
    folders = find_policies(path, policy)
    selection = Selection(run, _within(path, folders))
    if coverage or mutate:
        form = coverage_format or CoverageFormat.TEXT
        return measure_tests(folders, selection, Quality(coverage, form, threshold, jobs))
    options = Options(selection, list_only, fail_fast, allow_empty, verbose, durations, format)
    if not watch:
        return run_once(folders, options)
    seen: Stamps | None = None
    while True:
        seen = watch_once(folders, options, seen)
        time.sleep(_PAUSE)


def _hold_options(given: Mapping[str, bool]) -> None:
    """Raise Unusable for options that do not go together: one of them would be ignored."""
    asked = [name for name, is_given in given.items() if is_given]
    for name in asked:
        for other in asked:
            if name in _ALONE and other != name and other not in _ALONE[name]:
                raise Unusable(f"somepolicy: {other} does not go with {name}")
        needed = _NEEDS.get(name, ())
        if needed and not set(needed) & {*asked}:
            raise Unusable(f"somepolicy: {name} goes with {' or '.join(needed)}")
    if given["--format"] and (given["--durations"] or given["--verbose"]):
        raise Unusable("somepolicy: --durations and --verbose are for --format text")


def _within(path: str | None, folders: Sequence[Path]) -> Path | None:
    """Return the path where it is one of the tests' files or folders: only those are meant."""
    if path is None:
        return None
    asked = Path(os.path.abspath(path))  # noqa: PTH100 - a link stays one
    tests = {Path(os.path.abspath(folder / TESTS)) for folder in folders}  # noqa: PTH100 - likewise
    return asked if tests & {*asked.parents} else None


def run_once(folders: Sequence[Path], options: Options) -> int:
    """Run or list the cases asked for; return the exit code.

    Where there is none, formats for programs still get their document, an empty one.
    """
    selection = options.selection
    loaded = []
    for folder in folders:
        policy = Policy.load(folder)
        loaded.append((policy, load_suite(policy, folder)))
    listed = [row for _, suite in loaded for row in suite.rows]
    chosen = [row for row in listed if row in selection]
    empty = None if options.allow_empty else nothing_to_run(loaded, selection)
    if empty:
        say(empty)
        if options.format is Format.TEXT:
            return UNUSABLE
    if options.list_only:
        write_list(chosen, options.format)
        return UNUSABLE if empty else GOOD
    ran = []
    for policy, suite in loaded:
        report = run_suite(policy, suite, selection, options.fail_fast)
        ran.append(Ran(policy, report))
        if options.fail_fast and not all(each.passed for each in report.results):
            break
    write_results(ran, len(chosen), len(listed), options)
    if empty:
        return UNUSABLE
    return GOOD if all(each.passed for one in ran for each in one.report.results) else BAD


# --- watching


def watch_once(folders: Sequence[Path], options: Options, seen: Stamps | None) -> Stamps:
    """Run the tests if a file is not as it was seen; return how the files are now."""
    now = stamps(folders)
    if now == seen:
        return now
    if seen is not None:
        _say_changes(seen, now)
    code = settled(lambda: run_once(folders, options))
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code == BROKEN_PIPE:
        raise BrokenPipeError
    return now


def _say_changes(seen: Stamps, now: Stamps) -> None:
    changed = sorted(each for each in {*seen, *now} if seen.get(each) != now.get(each))
    names = [shown_path(each) for each in changed[:_SHOWN]]
    more = len(changed) - len(names)
    names += [f"{more} more"] if more else []
    write(f"\n--- changed: {', '.join(names)}", sys.stdout)


def stamps(folders: Sequence[Path]) -> Stamps:
    """Return time and size of every file that the tests of policies depend on.

    What is away just now is left out: the run says so.
    """
    found: dict[Path, tuple[int, int]] = {}
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
        manifest = tomllib.loads(read_file(folder / MANIFEST).decode("utf-8-sig"))
    except (OSError, ValueError):
        return  # the run says what is wrong with it
    kinds = manifest.get("kinds")
    for name in kinds.values() if isinstance(kinds, dict) else ():
        if isinstance(name, str):
            yield (folder / name).parent


def _files(place: Path) -> Iterator[Path]:
    seen: set[str] = set()
    for folder, inner, names in os.walk(place, followlinks=True):
        real = os.path.realpath(folder)
        inner[:] = [name for name in inner if not name.startswith((".", "__")) and real not in seen]
        seen.add(real)
        yield from (Path(folder) / name for name in names if not name.startswith("."))
