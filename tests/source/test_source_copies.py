"""Copies as text, PDF and Word document, and files that are none of them."""

from __future__ import annotations

import io
import os
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import docx
import pypdf
import pytest

from somepolicy.source.copies import MOST_BYTES, read_source_copy
from somepolicy.source.drift import compare
from somepolicy.source.errors import SourceError
from tests.source.copies import GUIDELINE, ORIGINAL, policy

LATIN = "Vær varsom på tavlene.\nHusk æøå.\n"


def word(change: Callable[[docx.document.Document], None] = lambda _: None) -> bytes:
    """Write the guideline as Word would: styles for the title, the headings and the points."""
    document = docx.Document()
    headings = ("Hvorfor vi", "Før du henger", "Slik skal opp")
    for line in filter(str.strip, ORIGINAL.splitlines()):
        inner = line.startswith("    -")
        text = line.strip().removeprefix("- ")
        if line.startswith(("Retningslinjer", "HAVNBY")):
            document.add_paragraph(text, style="Title")
        elif line.startswith(headings):
            document.add_heading(text, level=1)
        elif "- " in line[:6]:
            document.add_paragraph(text, style="List Bullet 2" if inner else "List Bullet")
        else:
            document.add_paragraph(text)
    change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def empty_word() -> bytes:
    file = io.BytesIO()
    docx.Document().save(file)
    return file.getvalue()


def pdf(pages: list[list[tuple[float, float, str]]]) -> bytes:
    """Write a PDF with lines of text at (x, y) points on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    for number, lines in enumerate(pages):
        content = 5 + 2 * number
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        escaped = [(x, y, t.replace("(", r"\(").replace(")", r"\)")) for x, y, t in lines]
        drawn = "\n".join(f"BT /F1 11 Tf {x} {y} Td ({t}) Tj ET" for x, y, t in escaped)
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    raw, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(raw))
        raw += f"{number} 0 obj\n{each}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(raw)
    raw += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R >>"
    return raw + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()


def printed(width: int = 60) -> bytes:
    """Print the guideline: wrapped lines, 14 points apart, 26 between blocks, page numbers."""
    lines: list[tuple[float, float, str]] = []
    pages = [lines]
    y = 780.0
    for line in ORIGINAL.splitlines():
        if not line.strip():
            y -= 12
            continue
        indent = 50.0 + 6 * (len(line) - len(line.lstrip()))
        words = line.split()
        while words:
            row = words.pop(0)
            while words and len(row) + len(words[0]) < width:
                row += f" {words.pop(0)}"
            lines.append((indent, y, row))
            y -= 14
        if y < 400 and len(pages) == 1:
            lines.append((280.0, 30.0, "Side 1 av 2"))
            lines, y = [], 780.0
            pages.append(lines)
    lines.append((280.0, 30.0, "Side 2 av 2"))
    return pdf(pages)


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(printed()))
    writer.encrypt("hemmelig", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def archive(*parts: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in parts:
            made.writestr(name, content)
    return file.getvalue()


def track(document: docx.document.Document) -> None:
    paragraph = document.paragraphs[4]._p
    inserted = paragraph.makeelement(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}ins", {}
    )
    paragraph.append(inserted)


FORMS = {
    "text": ORIGINAL.encode,
    "text with a byte order mark": lambda: b"\xef\xbb\xbf" + ORIGINAL.encode(),
    "UTF-16": lambda: ORIGINAL.encode("utf-16"),
    "Word": word,
    "PDF": printed,
    "PDF, narrow": lambda: printed(38),
}
WRONG = {
    "empty": (lambda: b"", "this file is empty"),
    "only white space": (lambda: b" \n\n", "this file is empty"),
    "rubbish": (lambda: bytes(range(256)) * 40, "no text, no PDF and no Word document"),
    "control characters": (lambda: b"Tekst\x07 her.", "no text, no PDF and no Word document"),
    "Latin-1": (lambda: LATIN.encode("latin-1"), "line 1, byte 2: .*iconv -f WINDOWS-1252"),
    "Latin-1 further down": (lambda: b"Tekst.\nP\xe5 to.", "line 2, byte 2: this is not UTF-8"),
    "half of UTF-16": (lambda: b"\xff\xfea", "no text|not UTF-8"),
    "old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "save it as .docx"),
    "RTF": (lambda: b"{\\rtf1 tekst}", "rich text"),
    "web page": (lambda: b"<!DOCTYPE html><p>Hei.</p>", "web page"),
    "damaged PDF": (lambda: b"%PDF-1.7\n" + b"\xff" * 500, "this PDF is damaged"),
    "PDF cut short": (lambda: printed()[:300], "this PDF is damaged"),
    "PDF with a password": (encrypted, "has a password"),
    "PDF of pictures": (lambda: pdf([[]]), "holds no text"),
    "damaged archive": (lambda: b"PK\x03\x04" + b"\xff" * 300, "archive is damaged"),
    "another archive": (lambda: archive(("a.txt", b"a")), "no Word document"),
    "OpenDocument": (lambda: archive(("content.xml", b"<a/>")), "OpenDocument"),
    "damaged Word": (lambda: archive(("word/document.xml", b"<a/>")), "Word document is damaged"),
    "Word cut short": (lambda: word()[:-2000], "archive is damaged"),
    "bomb": (
        lambda: archive(("word/document.xml", b"\0" * (65 * 1024 * 1024))),
        "grows beyond 64 MiB",
    ),
    "tracked changes": (lambda: word(track), "tracked changes"),
    "empty Word": (empty_word, "no sentence was found"),
}


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_the_guideline_is_the_same_in_every_form(make: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / "held"
    path.write_bytes(make())
    drift = compare(policy().program, read_source_copy(path))
    assert [x.place.locator for x in drift.matches if x.status != "unchanged"] == []
    assert not drift.found
    assert drift.copy.path == str(path)
    assert len(drift.copy.digest) == len("sha256:") + 64


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_told(
    make: Callable[[], bytes], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "held"
    path.write_bytes(make())
    with pytest.raises(SourceError, match=message):
        read_source_copy(path)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_source_copy(tmp_path / "none.txt")
    with pytest.raises(SourceError, match="folder"):
        read_source_copy(tmp_path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_source_copy(Path("a\0b"))


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        os.truncate(file.fileno(), MOST_BYTES + 1)
    with pytest.raises(SourceError, match="20 MiB"):
        read_source_copy(path)


def test_a_pipe_without_size_is_bounded(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with suppress(BrokenPipeError), pipe.open("wb") as stream:
            stream.write(b"a" * (MOST_BYTES + 2))

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(SourceError, match="20 MiB"):
        read_source_copy(pipe)
    writer.join()


def test_tables_of_word_documents_are_read(tmp_path: Path) -> None:
    def add_table(document: docx.document.Document) -> None:
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text = "Første rute."
        table.cell(0, 1).text = "Andre rute."

    path = tmp_path / "held"
    path.write_bytes(word(add_table))
    assert [segment.text for segment in read_source_copy(path).text.segments][-2:] == [
        "Første rute.",
        "Andre rute.",
    ]


def test_words_divided_at_the_end_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "held"
    lines = ["Om kommunen", "Dette er en kommu-", "ne med nyhets-", "og informasjonskanaler."]
    path.write_bytes(pdf([[(50.0, 700.0 - 14 * n - 14 * (n > 0), t) for n, t in enumerate(lines)]]))
    assert [segment.text for segment in read_source_copy(path).text.segments] == [
        "Dette er en kommune med nyhets- og informasjonskanaler."
    ]


def test_the_copy_in_the_tests_is_text() -> None:
    assert read_source_copy(GUIDELINE).text.titles == (
        "Retningslinjer for oppslagstavler i Havnby kommune",
        "HAVNBY",
    )


@pytest.mark.parametrize("text", ["\"'-… ", ".", "nr. A ", "a\n", "((", "- "])
def test_odd_texts_take_no_more_time_than_others(text: str, tmp_path: Path) -> None:
    path = tmp_path / "held"
    path.write_text(text * 30_000 + " a", encoding="utf-8")
    started = time.process_time()
    assert compare(policy().program, read_source_copy(path)).found
    assert time.process_time() - started < 2  # in quadratic time it would be minutes


def test_nothing_is_said_beside_the_reason(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "held"
    path.write_bytes(b"%PDF-1.4\n" + b"\xff\x00\n" * 400)
    with pytest.raises(SourceError):
        read_source_copy(path)
    assert capfd.readouterr() == ("", "")
