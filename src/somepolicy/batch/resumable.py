"""An output that can be taken up again: FILE.part grows, and a journal beside it says how far.

A journal is a line of JSON and its digest: one that is damaged vouches for nothing. It holds the
digest of what was written, so that a part that is damaged is not taken up.

What the journal does not vouch for is cut off when the run is taken up, so that the file ends
up the same, byte for byte, however often the run was interrupted.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from somepolicy.batch.work import ANSWERS, Written
from somepolicy.errors import SomepolicyError
from somepolicy.file_access import NO_LINK, hold, mode_of, read_file, replace_file, write_anew

SAVE_EVERY = 0.5  # seconds
_PIECE = 1 << 20  # bytes
_OF_NOTHING = hashlib.sha256().hexdigest()
_MOST = 2**53 - 1  # of what is counted
Facts = Mapping[str, object]
Convert = Callable[[Iterator[bytes], BinaryIO], None]


class ResumeError(SomepolicyError, ValueError):
    """A run that cannot be taken up, or would overwrite one that can. Says how to go on."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: chunks and documents answered, bytes written and read.

    `digest` is that of all that was written.
    """

    chunks: int = 0
    documents: int = 0
    written: int = 0
    read: int = 0
    digest: str = _OF_NOTHING
    counts: tuple[tuple[str, str, int], ...] = ()


class Part:
    """The unfinished output of a run. `facts` is what has to be the same to take it up."""

    def __init__(self, target: Path, facts: Facts, *, resume: bool) -> None:
        self.target = target
        self.path = target.with_name(target.name + ".part")
        self._journal = target.with_name(target.name + ".journal")
        self._file = self._opened(resume)
        self._total = hashlib.sha256()
        held = False
        try:
            _hold(self._file, self.path)
            held = True
            self.facts, self.begun = self._begin(facts, resume)
            self._now = self.begun
            self._saved = 0.0
            self._file.truncate(self.begun.written)
            self._file.seek(self.begun.written)
            self._save()
        except BaseException:
            if held and self._made:  # as where the journal's name would be too long
                with contextlib.suppress(OSError):
                    self.path.unlink()
            self._file.close()
            raise

    def _opened(self, resume: bool) -> BinaryIO:
        """Open FILE.part, made new or left of a run; what is somebody's file stays as it is."""
        if self._journal.is_symlink() or (not resume and os.path.lexists(self._journal)):
            raise ResumeError(
                f"{self.path}: this is left of an interrupted run: go on with --resume, "
                f"or remove it and {self._journal.name}"
            )
        try:
            there = self.path.lstat()
        except FileNotFoundError:
            there = None
        if there is not None:
            foreign = there.st_size > 0 and not self._journal.exists()
            if foreign or not stat.S_ISREG(there.st_mode):
                raise ResumeError(
                    f"{self.path}: this is there already, and is not left of a run: the answers "
                    "would be written to it; move it, or give --output another name"
                )
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o600)
        self._made = there is None
        if self._made:
            os.fchmod(descriptor, mode_of(str(self.target)))
        return os.fdopen(descriptor, "r+b")

    def _begin(self, facts: Facts, resume: bool) -> tuple[Facts, Progress]:
        if not resume or not self._journal.exists():
            return facts, Progress()
        before, begun = self._read()
        for name, value in facts.items():
            # the clock is that of the first run
            if name != "clock" and before.get(name) != value:
                raise ResumeError(
                    f"{self.path}: cannot go on: {name} changed since the run was interrupted; "
                    f"remove it and {self._journal.name} to begin anew"
                )
        if not self._holds(begun):
            raise ResumeError(
                f"{self.path}: cannot go on: it has lost what {self._journal.name} reports, or "
                "was changed; remove both to begin anew"
            )
        return before, begun

    def _holds(self, begun: Progress) -> bool:
        """Whether the lines that the journal reports are there, byte for byte."""
        left, lines, last = begun.written, 0, b"\n"
        while left and (piece := self._file.read(min(left, _PIECE))):
            self._total.update(piece)
            lines += piece.count(b"\n")
            left -= len(piece)
            last = piece
        whole = not left and last.endswith(b"\n") and lines == begun.documents
        return whole and self._total.hexdigest() == begun.digest

    def _read(self) -> tuple[Facts, Progress]:
        try:
            kept = json.loads(_vouched(read_file(self._journal)))
            return _facts(kept["facts"]), _progress(**kept["progress"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self.unusable() from None

    def unusable(self) -> ResumeError:
        """Return the error for a journal that cannot be of a run on this input."""
        return ResumeError(
            f"{self._journal}: this is no journal of a run; remove it and {self.path.name}"
        )

    def add(self, written: Written) -> None:
        """Append the answers of a chunk; the journal follows every half second."""
        self._file.write(written.lines)
        self._total.update(written.lines)
        counts = Counter({(kind, decision): n for kind, decision, n in self._now.counts})
        counts.update(written.counts)
        self._now = Progress(
            self._now.chunks + 1,
            self._now.documents + sum(written.counts.values()),
            self._now.written + len(written.lines),
            self._now.read + written.size,
            self._total.hexdigest(),
            tuple(sorted((kind, decision, n) for (kind, decision), n in counts.items())),
        )
        if time.monotonic() - self._saved >= SAVE_EVERY:
            self._save()

    @property
    def progress(self) -> Progress:
        """How far the run has come, whether the journal knows of it or not."""
        return self._now

    def _save(self) -> None:
        # INVARIANT: what the journal reports is on the disk before the journal is
        self._file.flush()
        os.fsync(self._file.fileno())
        facts = {"facts": dict(self.facts), "progress": asdict(self._now)}
        stated = json.dumps(facts, ensure_ascii=True).encode()
        replace_file(self._journal, stated + b"\n" + _digest(stated))
        self._saved = time.monotonic()

    def finish(self, convert: Convert | None = None) -> None:
        """Put the output in its place, converted if asked for; nothing is left beside it.

        `convert` is given the lines written and the file to write.
        """
        self._save()
        if convert is None:
            self.path.replace(self.target)
        else:
            self._file.seek(0)
            lines = (line.removesuffix(b"\n") for line in self._file)
            write_anew(self.target, lambda file: convert(lines, file))
        self._file.close()
        self._journal.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file.closed:
            return
        if kind is not None:
            # a disk that is full cannot save either; the journal of before still holds
            with contextlib.suppress(OSError):
                self._save()
        with contextlib.suppress(OSError):
            self._file.close()


def _facts(kept: Mapping[str, object]) -> Facts:
    """Return the facts of a journal. Raises ValueError, KeyError, TypeError."""
    clock = datetime.datetime.fromisoformat(kept["clock"])  # type: ignore[arg-type]
    if clock.utcoffset() is None:
        raise ValueError
    return dict(kept)


def _progress(counts: Iterable[tuple[str, str, int]], digest: str, **numbers: int) -> Progress:
    """Return what a journal reports of the progress. Raises ValueError, TypeError."""
    counted = tuple((kind, decision, number) for kind, decision, number in counts)
    found = Progress(**numbers, digest=digest, counts=counted)
    whole = [*numbers.values(), *(number for _, _, number in counted)]
    if any(type(number) is not int or not 0 <= number <= _MOST for number in whole):
        raise ValueError
    known = all(decision in ANSWERS and type(kind) is str for kind, decision, _ in counted)
    if not known or sum(number for _, _, number in counted) != found.documents:
        raise ValueError
    return found


def _vouched(journal: bytes) -> bytes:
    """Return what a journal holds. Raises ValueError where it is damaged."""
    stated, _, digest = journal.partition(b"\n")
    if digest != _digest(stated):
        raise ValueError
    return stated


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _hold(file: BinaryIO, path: Path) -> None:
    """Raise ResumeError where another run writes the same output; its end frees the file."""
    try:
        hold(file.fileno(), wait=False)
    except BlockingIOError:
        raise ResumeError(f"{path}: another run is writing this") from None
