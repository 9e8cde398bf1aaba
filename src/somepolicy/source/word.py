"""A Word document (.docx) -> lines, one for each paragraph with what Word calls it.

python-docx reads the parts, defaults and styles of the format; only here. Text in footnotes,
headers, footers and text boxes is not read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Protocol

from somepolicy.source.blocks import Line, Style
from somepolicy.source.errors import SourceError
from somepolicy.version import install

_MOST_INFLATED = 64 * 1024 * 1024
_MOST_PARTS = 5_000
_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADINGS = re.compile(r"(?:heading|overskrift) \d", re.IGNORECASE)
_TITLES = ("title", "tittel", "subtitle", "undertittel")
_POINTS = re.compile(
    r"(?:list (?:bullet|number)|punktliste|punktmerket liste|nummerert liste)(?: (\d))?",
    re.IGNORECASE,
)
_MOST_DEEP = 8


def read_word(raw: bytes, most: int) -> list[Line]:
    """Return the paragraphs of a document, those of its tables included, in order.

    `most` is how many characters are read at most. Raises SourceError for what is no Word
    document, too large when inflated, damaged, or has changes that nobody accepted.
    """
    _look_at(raw)
    try:
        from docx import Document  # noqa: PLC0415 - an optional extra, and slow to import
        from docx.table import Table  # noqa: PLC0415
        from docx.text.paragraph import Paragraph  # noqa: PLC0415
    except ImportError:
        raise SourceError(
            f"reading Word documents needs the extra `source`: {install('source')}"
        ) from None

    def paragraphs(items: Iterator[Paragraph | Table]) -> Iterator[Paragraph]:
        for item in items:
            if isinstance(item, Paragraph):
                yield item
                continue
            seen: set[object] = set()  # merged cells come once for each column they span
            for row in item.rows:
                for cell in row.cells:
                    if cell._tc not in seen:  # noqa: SLF001 - the library has no other identity
                        seen.add(cell._tc)  # noqa: SLF001
                        yield from paragraphs(cell.iter_inner_content())

    lines: list[Line] = []
    total = 0
    try:
        document = Document(io.BytesIO(raw))
        body = document.element.body
        tracked = body.iter(f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo")
        if next(tracked, None) is not None:
            raise SourceError(  # noqa: TRY301 - one place turns everything else into words
                "this document has tracked changes; accept or reject them in Word and save it"
            )
        for paragraph in paragraphs(document.iter_inner_content()):
            total += len(paragraph.text)
            if total > most:
                raise SourceError(f"this has more than {most} characters and is no guideline")  # noqa: TRY301
            if paragraph.text.strip():
                name = (paragraph.style.name if paragraph.style is not None else None) or ""
                style, depth = _style(name, _levels(paragraph._p))  # noqa: SLF001 - numbering has no public name
                lines.append(Line(paragraph.text.strip(), 0, True, style, depth))
    except SourceError:
        raise
    except Exception:  # noqa: BLE001 - a damaged part shows in any error of the libraries below
        raise SourceError(
            "this Word document is damaged; open it in Word and save it anew"
        ) from None
    return lines


class _Element(Protocol):
    """What this module uses of an element of the document."""

    def find(self, path: str, /) -> _Element | None:
        """Return the first element at a path below this one."""

    def get(self, name: str, /) -> str | None:
        """Return an attribute."""


def _levels(paragraph: _Element) -> int | None:
    """Return the level in its list that a paragraph states itself, from 0; None: it states none."""
    numbering = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    if numbering is None or numbering.get(f"{_W}val") == "0":
        return None
    level = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
    stated = None if level is None else level.get(f"{_W}val")
    return int(stated) if stated and stated.isdecimal() else 0


def _style(name: str, level: int | None) -> tuple[Style, int]:
    lowered = name.casefold()
    if _HEADINGS.fullmatch(name):
        return "heading", 0
    if lowered in _TITLES:
        return "title", 0
    found = _POINTS.fullmatch(name)
    if level is not None or found:
        by_name = int(found[1]) - 1 if found and found[1] else 0
        return "point", min(level if level is not None else by_name, _MOST_DEEP)
    return "plain", 0


def _look_at(raw: bytes) -> None:
    """Refuse an archive that is no Word document or would grow beyond bounds, before inflating."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise SourceError("this archive is damaged and no Word document") from None
    names = {part.filename for part in parts}
    if _BODY not in names:
        other = "an OpenDocument text" if "content.xml" in names else "an archive"
        raise SourceError(f"this is {other}, no Word document; save the guideline as .docx or text")
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError("this document has a password; save it without")
    # zipfile inflates no part beyond the size stated for it
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_INFLATED:
        raise SourceError(
            f"this document grows beyond {_MOST_INFLATED // (1024 * 1024)} MiB when unpacked; "
            "save the words of the guideline alone, as text in UTF-8"
        )
