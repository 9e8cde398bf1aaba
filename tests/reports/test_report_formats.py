"""Five writers, one model: what is read back from each is what the report holds."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import takewhile

import lxml.html
import openpyxl
import pytest
from markdown_it import MarkdownIt

from somepolicy.rendering.plain_text import one_line
from somepolicy.reports.model import Cell, Column, Report, Table, Value
from somepolicy.reports.spreadsheet import blocks
from somepolicy.reports.writing import Format, written
from tests.reports.report_cases import FORMATS, LANGUAGES, NAMES, report

Rows = list[list[str]]
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def number(text: str) -> str:
    """Read a number as any language writes it; other texts stay as they are."""
    plain = text.replace(NO_BREAK_SPACE, "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d)?", plain):
        plain = plain.replace(",", "")
    if re.fullmatch(r"\d+[.,]?\d*", plain):
        return str(float(plain.replace(",", ".")))
    return "" if text == "–" else text


def expected(value: Value) -> str:
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, int | float):
        return str(float(value))
    return value or ""


def wanted(table: Table) -> Rows:
    return [[expected(cell.value) for cell in row] for row in table.rows]


def told(table: Table, row: list[str]) -> list[str]:
    return [
        number(text) if column.numeric else text
        for text, column in zip(row, table.columns, strict=True)
    ]


def from_json(content: bytes, _: Report) -> dict[str, Rows]:
    found = json.loads(content)
    rows = {
        table["key"]: [[expected(_value(x)) for x in row.values()] for row in table["rows"]]
        for section in found["sections"]
        for table in section["tables"]
    }
    rows["figures"] = [[x["label"], expected(x["value"]), x["note"]] for x in found["figures"]]
    return rows


def _value(value: object) -> Value:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]


def from_csv(content: bytes, made: Report) -> dict[str, Rows]:
    lines = iter(list(csv.reader(io.StringIO(content.decode("utf-8-sig")))))
    found: dict[str, Rows] = {}
    for line in lines:
        next(lines)  # the head
        rows = list(takewhile(bool, lines))
        table = next(each for each in blocks(made) if each.key == line[0])
        found[table.key] = [[_flat(x) for x in each] for each in rows]
    return found


def _flat(text: str) -> str:
    return number(text) if re.fullmatch(r"[\d.]+", text) else text.replace("; ", "|")


def from_xlsx(content: bytes, _: Report) -> dict[str, Rows]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [
            [expected(x).replace("\n", "|") for x in row]  # type: ignore[arg-type]
            for row in sheet.iter_rows(min_row=2, values_only=True)
        ]
        for sheet in book.worksheets
    }


def from_md(content: bytes, made: Report) -> dict[str, Rows]:
    """Read the grids; cards are lists and compared as texts elsewhere."""
    grids: list[Rows] = []
    for block in re.findall(r"(?:^\|.*\n)+", content.decode(), re.MULTILINE):
        cells = [re.split(r" *(?<!\\)\| ?", line)[1:-1] for line in block.strip().split("\n")]
        grids.append([[_unescaped(x).strip() for x in row] for row in cells[2:]])
    tables = [each for each in made.tables if each.rows and each.layout != "cards"]
    found = {"figures": [[x[0], number(x[1]), x[2]] for x in grids[0]]}
    for table, rows in zip(tables, grids[1:], strict=True):
        found[table.key] = [told(table, row) for row in rows]
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.replace("<br>", "|"))


def from_html(content: bytes, made: Report) -> dict[str, Rows]:
    page = lxml.html.fromstring(content.decode())
    figures = page.xpath("//section[@class='figures']/dl/div")
    found: dict[str, Rows] = {
        "figures": [
            [_text(x.find("dt")), number(_text(x.find("dd/span[1]"))), _text(x.find("dd/span[2]"))]
            for x in figures
        ]
    }
    for table in made.tables:
        if table.rows and table.layout != "cards":
            rows = page.xpath(f"//table[caption[@id='{table.key}-caption']]/tbody/tr")
            found[table.key] = [told(table, _cells(row, table)) for row in rows]
    return found


def _cells(row: lxml.html.HtmlElement, table: Table) -> list[str]:
    """Return the cells; what a row says may stand below its name."""
    head, *rest = row
    below = head.xpath("./span[@class='says']")
    said = ["".join(x.text_content() for x in below)] * any(
        x.key == "says" for x in table.columns[1:2]
    )
    for each in below:
        head.remove(each)
    return [_text(head), *said, *map(_text, rest)]


def _text(node: lxml.html.HtmlElement | None) -> str:
    if node is None:
        return ""
    items = node.xpath(".//li")
    return "|".join(x.text_content().strip() for x in items) or node.text_content().strip()


READERS = {
    "html": from_html,
    "md": from_md,
    "csv": from_csv,
    "xlsx": from_xlsx,
    "json": from_json,
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_format_tells_the_same(name: str, language: str, form: Format) -> None:
    made = report(name, language)
    found = READERS[form](written(made, form), made)
    figures = [[x.label, expected(x.value), x.note] for x in made.figures]
    assert found.pop("figures") == figures
    compared = 0
    for table in made.tables:
        if table.key in found:
            compared += 1
            assert found[table.key] == wanted(table), table.key
    cards = sum(table.layout == "cards" or not table.rows for table in made.tables)
    assert compared >= len(list(made.tables)) - cards


@pytest.mark.parametrize("form", ["html", "md"])
def test_cards_tell_all_of_their_row(form: Format) -> None:
    made = report("traceability", "en")
    text = written(made, form).decode()
    page = lxml.html.fromstring(text).text_content() if form == "html" else _unescaped(text)
    for table in made.tables:
        for row in table.rows if table.layout == "cards" else ():
            for cell in row:
                values = cell.value if isinstance(cell.value, tuple) else (cell.value or "",)
                for value in values:
                    assert str(value) in page


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_report_gives_the_same_bytes(form: Format) -> None:
    made = report("citations", "nb")
    assert written(made, form) == written(made, form)


@pytest.mark.slow
def test_a_page_needs_nothing_else() -> None:
    for name in NAMES:
        page = lxml.html.fromstring(written(report(name, "nb"), "html").decode())
        assert not page.xpath("//script | //link | //img | //iframe | //@src | //@onclick")
        assert all(x.startswith("#") for x in page.xpath("//@href"))
        targets = set(page.xpath("//@id"))
        assert {x[1:] for x in page.xpath("//@href")} <= targets
        assert len(page.xpath("//@id")) == len(targets)


def test_one_table_alone_is_a_head_and_its_rows() -> None:
    text = written(report("citations", "en"), "csv", table="trend").decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[0] == "Month"
    assert [row[:2] for row in rows] == [["2026-09", "1"], ["2026-10", "0"], ["2026-11", "3"]]


def hostile(value: str) -> Report:
    columns = (Column("clause", value), Column("list", "List", "list"))
    row = (Cell(value, tone="bad"), Cell((value, value)))
    made = report("citations", "en")
    section = made.sections[0]
    tables = tuple(
        Table(f"t{at}", value, columns, (row,), "", layout=layout, picture=picture)
        for at, (layout, picture) in enumerate(
            (("table", "strip"), ("cards", None), ("matrix", None))
        )
    )
    replaced = section.__class__("hostile", value, (value,), tables)
    return Report("citations", "en", value, value, (value,), ((value, value),), (), (replaced,))


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        '" onmouseover="alert(1)',
        "a | b",
        "two\nlines",
        "right \u202e to left \u2066",
        "[link](javascript:alert(1)) `code` **bold** ![x](http://x.example)",
        "http://x.example www.x.example",
        "{{ 7 * 7 }} {% raw %}",
        "<!-- ]]> -->",
        "\x00\x1b[31m",
    ],
)
def test_no_value_becomes_markup(value: str) -> None:
    made = hostile(value)
    page = lxml.html.fromstring(written(made, "html").decode())
    assert not page.xpath("//script | //@onmouseover | //b | //img")
    text = written(made, "md").decode()
    shown = lxml.html.fromstring(MarkdownIt("commonmark").enable("table").render(text))
    assert not shown.xpath("//script | //a | //img | //code | //comment()")
    assert shown.findtext("h1") == one_line(value)
    assert [x.text_content() for x in shown.xpath("//td")] == [
        one_line(value),
        *[one_line(value) * 2],
    ] * 2
    assert not re.search(r"https?:/|www\.", text)  # GitHub would make it a link
    for form in FORMATS:
        if form != "xlsx":
            content = written(made, form).decode()
            assert not set("\u202e\u2066\x00\x1b") & set(content)
    assert "two\nlines" not in text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_is_a_formula(sign: str) -> None:
    made = hostile(f"{sign}cmd|' /C calc'!A0")
    for row in csv.reader(io.StringIO(written(made, "csv").decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(written(made, "xlsx")))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n")
                assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))
