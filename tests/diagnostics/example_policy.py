"""The base policy with something changed, and what the checker says about it."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from somepolicy.policy import Policy
from somepolicy.reports.readings import unsigned_readings
from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, in_order
from somepolicy.workbench.load import load_suite

BASE = Path(__file__).parent / "base"
FLAGS = {"P408": " --require-signed"}  # codes that are told only when they are asked for
TODAY = datetime.date(2026, 11, 22)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in a folder, so that diagnostics name its files as a person there would."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def problems(folder: Path, changes: Mapping[str, bytes], code: str = "") -> tuple[Diagnostic, ...]:
    """Return the errors, else the warnings, of the base policy with files added or replaced.

    The folder has to be empty. Tests of the policy are loaded, but not run. What only a flag
    tells is asked for where `code` has one.
    """
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    for name, content in changes.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with _inside(folder):
        try:
            policy = Policy.load(Path())
            load_suite(policy, Path())
        except PolicyError as error:
            return error.diagnostics
        if code in FLAGS:
            return in_order((*policy.warnings, *unsigned_readings(policy.program, TODAY)))
        return policy.warnings
