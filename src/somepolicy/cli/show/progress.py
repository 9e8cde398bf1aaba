"""How far a long run has come, on standard error: for a person who would else see nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from somepolicy.cli.terminal import console
from somepolicy.documents.sources import Source
from somepolicy.texts.commands import EvalTexts

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.progress import ProgressColumn as Column

_PATIENCE = 1.0  # seconds before the bar appears
_PACE = 0.1  # seconds between two drawings


class Meter:
    """Counts documents and draws a bar once the work has taken a second.

    It is silent unless standard error is a terminal and standard output is none: decisions
    scrolling by show the progress themselves, and the bar would tear them apart.
    """

    def __init__(
        self, sources: Iterable[Source], words: EvalTexts, *, aside: bool = False, read: int = 0
    ) -> None:
        # `aside`: the answers go to a file; `read`: bytes that a run before has answered
        sizes = [0 if source.error else source.size for source in sources]
        known = [size for size in sizes if size is not None]
        self._total = sum(known) if len(known) == len(sizes) else None
        self._words = words
        self._wanted = sys.stderr.isatty() and (aside or not sys.stdout.isatty())
        self._began = self._drawn = time.monotonic()
        self._count = 0
        self._read = read
        self._denied = 0
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, size: int, count: int = 1, denied: int = 0) -> None:
        """Count documents for which `size` bytes were read, some of them denied."""
        self._count += count
        self._denied += denied
        self._read += size
        if not self._wanted:
            return
        now = time.monotonic()
        if now - self._drawn < (_PACE if self._bar else _PATIENCE):
            return
        self._drawn = now
        self._draw(now - self._began)

    def _draw(self, elapsed: float) -> None:
        if self._bar is None:
            self._bar = self._new_bar()
        rate = f"{self._count / elapsed:.0f}"
        text = self._words.progress(self._count, rate=rate)
        if self._denied:
            text += f", {self._words.count_denied(self._denied)}"
        self._bar.update(
            self._bar.task_ids[0],
            completed=self._read,
            description=text,
        )
        self._bar.refresh()

    def _new_bar(self) -> Progress:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - most runs are done before a bar is due

        columns: list[Column] = [BarColumn(), TextColumn("{task.description}")]
        if self._total is not None:
            columns.append(TimeRemainingColumn())
        bar = Progress(*columns, console=console(sys.stderr), transient=True, auto_refresh=False)
        bar.add_task("", total=self._total)
        bar.start()
        return bar


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that draws how many of how many are done, where a person can see it."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
