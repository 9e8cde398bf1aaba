"""A PDF -> lines, with an empty line where the distance between two lines is larger.

pypdf finds the characters and where they stand; only here. A PDF knows no paragraphs, so what
is read from one is a best guess: the same guideline as text or .docx is the better copy.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from somepolicy.source.blocks import Line
from somepolicy.source.errors import SourceError
from somepolicy.version import install

_MOST_PAGES = 500
_SAME_LINE = 0.5  # of the size of the letters
_APART = 1.3  # times the usual distance between lines
_LONGEST = 2_000  # characters of a line that is joined with the next
_COLUMN = 6.0  # points, roughly the width of a letter
_PAGE_NUMBER = re.compile(r"(?:side|page)?\s*\d+(?:\s*(?:av|of|/)\s*\d+)?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_GOES_ON = ("og", "eller", "and", "or")  # after a hyphen that is one: `nyhets- og`


@dataclass(slots=True)
class _Row:
    """A line of a page: its words, where it begins and stands (points), its letters' size."""

    text: str
    x: float
    y: float
    size: float


def read_pdf(raw: bytes, most: int) -> list[Line]:
    """Return the lines of a PDF, page numbers and repeated heads and feet left out.

    `most` is how many characters are read at most. Raises SourceError for a PDF that is
    protected, damaged, too long, or holds pictures only.
    """
    try:
        import pypdf  # noqa: PLC0415 - an optional extra, and slow to import
    except ImportError:
        raise SourceError(f"reading PDF needs the extra `source`: {install('source')}") from None
    pages: list[list[_Row]] = []
    total = 0
    try:
        with _quiet():
            reader = pypdf.PdfReader(io.BytesIO(raw))
            if reader.is_encrypted and not reader.decrypt(""):
                raise SourceError("this PDF has a password; save it without, or as text in UTF-8")  # noqa: TRY301
            if len(reader.pages) > _MOST_PAGES:
                raise SourceError(f"this PDF has more than {_MOST_PAGES} pages and is no guideline")  # noqa: TRY301
            for page in reader.pages:
                rows: list[_Row] = []

                def visit(
                    text: str,
                    page_matrix: list[float],
                    matrix: list[float],
                    _font: object,
                    size: float,
                    rows: list[_Row] = rows,
                ) -> None:
                    _take(rows, text, _product(matrix, page_matrix), size)

                page.extract_text(visitor_text=visit)
                total += sum(len(row.text) for row in rows)
                if total > most:
                    raise SourceError(f"this has more than {most} characters and is no guideline")  # noqa: TRY301
                pages.append([row for row in rows if row.text.strip()])
    except SourceError:
        raise
    except pypdf.errors.DependencyError:
        raise SourceError("this PDF is encrypted; save it without, or as text in UTF-8") from None
    except Exception:  # noqa: BLE001 - a damaged file shows in any error of the library
        raise SourceError(
            "this PDF is damaged; save the guideline anew, or as text in UTF-8"
        ) from None
    if not any(pages):
        raise SourceError(
            "this PDF holds no text, perhaps only pictures of pages; use a copy whose words can "
            "be selected, or save them as text in UTF-8"
        )
    return _unhyphenated(_lines(_body(pages)))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from writing about oddities of the file to standard error."""
    logger = logging.getLogger("pypdf")
    nowhere = logging.NullHandler()
    before, logger.propagate = logger.propagate, False
    logger.addHandler(nowhere)
    try:
        yield
    finally:
        logger.removeHandler(nowhere)
        logger.propagate = before


def _product(inner: list[float], outer: list[float]) -> list[float]:
    """Return the matrix that places text on the page: that of the text, then that of the page."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return [
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    ]  # fmt: skip


def _take(rows: list[_Row], text: str, matrix: list[float], size: float) -> None:
    """Add a run of characters to the line it stands on."""
    scaled = abs(size * (matrix[3] or matrix[0] or 1)) or 1.0
    x, y = matrix[4], matrix[5]
    for part in text.splitlines():
        if not part:
            continue
        if rows and abs(rows[-1].y - y) < _SAME_LINE * max(scaled, rows[-1].size):
            rows[-1].text += part
        elif part.strip():
            rows.append(_Row(part, x, y, scaled))


def _body(pages: list[list[_Row]]) -> list[list[_Row]]:
    """Leave out page numbers, and lines that head or foot at least half of several pages."""
    ends = Counter(key for rows in pages for key in {_key(row) for row in (*rows[:1], *rows[-1:])})
    often = max(2, (len(pages) + 1) // 2)

    def kept(rows: list[_Row]) -> Iterable[_Row]:
        for index, row in enumerate(rows):
            at_end = index in (0, len(rows) - 1)
            number = _PAGE_NUMBER.fullmatch(row.text.strip())
            if not at_end or (number is None and ends[_key(row)] < often):
                yield row

    return [list(kept(rows)) for rows in pages]


def _key(row: _Row) -> str:
    return _DIGITS.sub("0", row.text.strip())


def _lines(pages: list[list[_Row]]) -> list[Line]:
    distances = [
        above.y - below.y for rows in pages for above, below in pairwise(rows) if above.y > below.y
    ]
    usual = median(distances) if distances else 0.0
    left = min(row.x for rows in pages for row in rows) if any(pages) else 0.0
    found: list[Line] = []
    for rows in pages:
        before: _Row | None = None
        for row in rows:
            if before is None:
                # a paragraph may go on over the page, and then within a sentence
                apart = not (found and row.text.strip()[0].islower())
            else:
                gap = before.y - row.y
                apart = gap > usual * _APART or gap < 0 or abs(before.size - row.size) > 1
            found.append(Line(row.text.strip(), round((row.x - left) / _COLUMN), apart))
            before = row
    return found


def _unhyphenated(lines: list[Line]) -> list[Line]:
    """Join words that were divided at the end of a line."""
    found: list[Line] = []
    for line in lines:
        first, _, rest = line.text.partition(" ")
        last = found[-1].text if found else ""
        divided = 1 < len(last) < _LONGEST and last[-1] in "-‐" and last[-2].islower()
        if divided and not line.apart and first[0].islower() and first not in _GOES_ON:
            found[-1] = Line(last[:-1] + first, found[-1].indent, found[-1].apart)
            if rest:
                found[-1] = Line(f"{found[-1].text} {rest}", found[-1].indent, found[-1].apart)
            continue
        found.append(line)
    return found
