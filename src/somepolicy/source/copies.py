"""A file -> SourceCopy: the copy of the source text that somebody has, segmented.

What the file is shows in its first bytes, not in its name: PDF, Word document, or text.
"""

from __future__ import annotations

import codecs
import hashlib
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from somepolicy.file_access import file_or_pipe, reason
from somepolicy.source.blocks import Line, blocks_of, lines_of
from somepolicy.source.errors import SourceError
from somepolicy.source.pdf import read_pdf
from somepolicy.source.segments import SourceText, segment
from somepolicy.source.word import read_word

MOST_BYTES = 20 * 1024 * 1024
MOST_CHARACTERS = 2_000_000  # of text, the length of several thick books
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER_FORMS = (
    (b"\xd0\xcf\x11\xe0", "an old or a protected Office file", "save it as .docx without password"),
    (b"{\\rtf", "rich text (RTF)", "save it as .docx or as text in UTF-8"),
    (b"<!doctype html", "a web page", "save its words as text in UTF-8"),
    (b"<html", "a web page", "save its words as text in UTF-8"),
    (b"<?xml", "XML", "save its words as text in UTF-8"),
)
_LAYOUT_SIGNS = "\t\n\r\f\v"


@dataclass(frozen=True, slots=True)
class SourceCopy:
    """A copy of the source text: its path as given, `sha256:…` of the file, its text."""

    path: str
    digest: str
    text: SourceText


def read_source_copy(path: Path) -> SourceCopy:
    """Read and segment a copy of the source text.

    Raises SourceError for what cannot be opened, is too large, damaged, protected, no text in
    UTF-8, or of a form whose library is not installed.
    """
    raw = _bytes(path)
    text = segment(blocks_of(_lines(raw)))
    return SourceCopy(str(path), f"sha256:{hashlib.sha256(raw).hexdigest()}", text)


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceError("this is a folder; name the file of the guideline")
        if status.st_size > MOST_BYTES:
            raise _too_large()
        with open(path, "rb", opener=file_or_pipe) as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        cause = reason(error) if isinstance(error, OSError) else "this cannot be read"
        raise SourceError(cause) from None
    if len(raw) > MOST_BYTES:
        raise _too_large()
    if not raw.strip():
        raise SourceError("this file is empty")
    return raw


def _too_large() -> SourceError:
    most = MOST_BYTES // (1024 * 1024)
    return SourceError(
        f"this file has more than {most} MiB, the most that is read; "
        "save the words of the guideline alone, as text in UTF-8"
    )


def _lines(raw: bytes) -> list[Line]:
    # the header of a PDF may come a little later
    if b"%PDF-" in raw[:1024]:
        return _bounded(read_pdf(raw, MOST_CHARACTERS))
    if raw.startswith(b"PK"):
        return _bounded(read_word(raw, MOST_CHARACTERS))
    head = raw[:64].lstrip(codecs.BOM_UTF8).lstrip().lower()
    for sign, form, mend in _OTHER_FORMS:
        if head.startswith(sign):
            raise SourceError(f"this is {form}; {mend}")
    return _bounded(lines_of(_decoded(raw)))


def _bounded(lines: list[Line]) -> list[Line]:
    if sum(len(line.text) for line in lines) > MOST_CHARACTERS:
        raise SourceError(f"this has more than {MOST_CHARACTERS} characters and is no guideline")
    return lines


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in raw[:4096]:
            raise _no_text() from None
        raise SourceError(_not_utf_8(raw, error.start)) from None
    if any(unicodedata.category(char) == "Cc" and char not in _LAYOUT_SIGNS for char in text):
        raise _no_text()
    return text


def _no_text() -> SourceError:
    return SourceError("this is no text, no PDF and no Word document (.docx)")


def _not_utf_8(raw: bytes, start: int) -> str:
    line = raw.count(b"\n", 0, start) + 1
    column = start - (raw.rfind(b"\n", 0, start) + 1) + 1
    return (
        f"line {line}, byte {column}: this is not UTF-8; if it is Latin-1 or Windows-1252, "
        "convert it: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
    )
