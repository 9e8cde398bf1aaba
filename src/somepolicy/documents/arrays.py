"""A stream with one large JSON list of documents -> its elements, in bounded memory.

The list is only cut here, by brackets and quotes; what an element is and whether it is sound
is for whoever parses it. So one bad document does not cost the others.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from somepolicy.documents.chunks import Entry
from somepolicy.documents.lines import Readable, too_large
from somepolicy.engine.errors import DocumentError
from somepolicy.engine.json_text import MOST_BYTES

_READ = 1 << 18
_SPACE = b" \t\r\n"
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# what neither opens nor closes; a comma counts only where nothing is open
_RUN = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
_OUTER_RUN = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb")*+", re.DOTALL)
_WITHIN = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_BLANK = re.compile(rb"[ \t\r\n]*+")
_OPENING = (b"[", b"{")
_CLOSING = (b"]", b"}")


def elements(stream: Readable) -> Iterator[Entry]:
    """Yield each element of a list as JSON text, with `/INDEX` as its place.

    An element that is larger than a document may be is passed over, with D106 in its place.
    Where the text is no list, or breaks off, an entry with D103 comes last; for an empty list
    one with D002.
    """
    cutter = _Cutter(stream)
    problem = cutter.begin()
    if problem is None:
        index = 0
        while (found := cutter.element()) is not None:
            raw, size = found
            errors = () if raw is not None else (too_large(size),)
            yield Entry(raw, at=f"/{index}", errors=errors, size=size + 1)
            index += 1
        problem = cutter.problem or (None if index else _nothing())
    if problem is not None:
        yield Entry(None, errors=(problem,))


def _nothing() -> DocumentError:
    return DocumentError("D002", "", "the list holds no document")


class _Cutter:
    """Reads up to the end of one element after the other."""

    def __init__(self, stream: Readable) -> None:
        self.problem: DocumentError | None = None
        self._stream = stream
        self._text = b""
        self._start = 0  # of what is not yet used in `_text`
        self._base = 0  # bytes of the stream before `_text`
        self._ended = False

    def begin(self) -> DocumentError | None:
        """Read up to the bracket that opens the list; return what is wrong, if so."""
        while len(self._text) < len(BOM_UTF8) and self._more():
            pass
        if self._text.startswith(BOM_UTF8):
            self._start = len(BOM_UTF8)
        if self._next() != b"[":
            return self._broken("a list is needed")
        self._start += 1
        if self._next() == b"]":
            self._start += 1
            self._close()
        return self.problem

    def element(self) -> tuple[bytes | None, int] | None:
        """Return the text of an element (None: too large) and its size; None after the last."""
        if self._ended or self.problem is not None:
            return None
        self._next()
        depth = passed = at = 0  # `at` counts from `_start`
        while True:
            run = (_RUN if depth else _OUTER_RUN).match(self._text, self._start + at)
            assert run is not None  # it matches nothing as well
            sign = self._text[run.end() : run.end() + 1]
            at = run.end() - self._start
            if sign in (b"", b'"'):
                # all that comes before a text that has not ended yet is settled
                if len(self._text) - self._start > MOST_BYTES:
                    filled = at
                    if not depth and not sign:
                        filled, at = self._squeeze()
                    if passed or sign or filled > MOST_BYTES:
                        passed += at
                        self._start += at
                        at = 0
                    if sign:
                        passed += self._pass_over_text()
                        continue  # what follows may be at hand
                # a text is looked at anew from its beginning: the double of it, not a bit more
                if not self._more(len(self._text) - self._start - at):
                    self._start = len(self._text)
                    self.problem = self._broken("the text breaks off")
                    return None
                continue
            at += 1
            if sign in _OPENING:
                depth += 1
            elif sign in _CLOSING and depth:
                depth -= 1
            elif not depth and sign in (b",", b"]"):
                return self._cut(at, sign, passed)
            elif not depth and sign == b"}":
                self._start += at - 1
                self.problem = self._broken("a bracket closes what is not open")
                return None

    def _cut(self, end: int, sign: bytes, passed: int) -> tuple[bytes | None, int] | None:
        raw = self._text[self._start : self._start + end - 1].strip(_SPACE)
        if not raw and not passed:
            self.problem = self._broken("a document is missing")
            return None
        self._start += end
        if sign == b"]":
            self._close()
        size = passed + len(raw)
        return None if size > MOST_BYTES else raw, size

    def _close(self) -> None:
        """Hold that nothing follows the list."""
        self._ended = True
        if self._next():
            self.problem = self._broken("there is more after the list")

    def _squeeze(self) -> tuple[int, int]:
        """Cut white space at the end of `_text`, which is no part of a document, to one byte.

        Return how much is left without it and with it, from `_start`.
        """
        end = max(self._start, len(self._text.rstrip(_SPACE)))
        self._base += len(self._text[end + 1 :])
        self._text = self._text[: end + 1]
        return end - self._start, len(self._text) - self._start

    def _pass_over_text(self) -> int:
        """Drop a text that is too long, with its last quote if it has one; return its size."""
        size = 1
        self._start += 1
        while True:
            found = _WITHIN.match(self._text, self._start)
            assert found is not None  # it matches nothing as well
            size += found.end() - self._start
            self._start = found.end()
            if self._text.startswith(b'"', self._start):
                self._start += 1
                return size + 1
            if not self._more():
                return size

    def _next(self) -> bytes:
        """Pass over white space; return the byte after it, empty at the end."""
        while True:
            blank = _BLANK.match(self._text, self._start)
            assert blank is not None  # it matches nothing as well
            self._start = blank.end()
            if self._start < len(self._text) or not self._more():
                return self._text[self._start : self._start + 1]

    def _more(self, least: int = 0) -> bool:
        """Read on, at least so much where there is as much; whether there was more."""
        pieces = [self._text[self._start :]]
        while piece := self._stream.read(max(_READ, least)):
            pieces.append(piece)
            least -= len(piece)
            if least <= 0:
                break
        self._base += self._start
        self._text = b"".join(pieces)
        self._start = 0
        return len(pieces) > 1

    def _broken(self, reason: str) -> DocumentError:
        place = self._base + self._start + 1
        return DocumentError("D103", "", f"not JSON: {reason} at byte {place}")
