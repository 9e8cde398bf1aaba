"""Report -> JSON: the model as it is, with stable names."""

from __future__ import annotations

import json

from somepolicy.json_type import Json
from somepolicy.reports.model import Cell, Report, Section, Table

VERSION = 1


def json_text(report: Report) -> str:
    """Return the report; a row is an object by the keys of the columns."""
    return json.dumps(_report(report), ensure_ascii=False, indent=2) + "\n"


def _report(report: Report) -> dict[str, Json]:
    return {
        "report": report.name,
        "version": VERSION,
        "language": report.language,
        "title": report.title,
        "subject": report.subject,
        "lead": list(report.lead),
        "about": [{"label": label, "value": value} for label, value in report.about],
        **({} if report.log is None else {"log": dict(report.log)}),
        "figures": [
            {"key": each.key, "label": each.label, "value": each.value, "note": each.note}
            for each in report.figures
        ],
        "sections": [_section(each) for each in report.sections],
    }


def _section(section: Section) -> dict[str, Json]:
    return {
        "key": section.key,
        "title": section.title,
        "text": list(section.text),
        "tables": [_table(each) for each in section.tables],
    }


def _table(table: Table) -> dict[str, Json]:
    return {
        "key": table.key,
        "caption": table.caption,
        "columns": [
            {"key": each.key, "label": each.label, "form": each.form} for each in table.columns
        ],
        "rows": [
            {column.key: _value(cell) for column, cell in zip(table.columns, row, strict=True)}
            for row in table.rows
        ],
    }


def _value(cell: Cell) -> Json:
    return list(cell.value) if isinstance(cell.value, tuple) else cell.value
