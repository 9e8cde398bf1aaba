"""A report in the form asked for: five writers, one model."""

from __future__ import annotations

from typing import Literal, assert_never

from somepolicy.errors import SomepolicyError
from somepolicy.reports.model import Report, cleaned
from somepolicy.version import install

Format = Literal["html", "md", "csv", "xlsx", "json"]


class MissingExtraError(SomepolicyError):
    """A format needs a package that is not installed. The message says which extra brings it."""


def written(report: Report, form: Format, *, table: str | None = None) -> bytes:
    """Return the bytes of a file. `table` names the one table that CSV should hold.

    What a format needs is loaded when it is asked for. Raises MissingExtraError.
    """
    clean = cleaned(report)
    match form:
        case "html":
            from somepolicy.reports.html import html  # noqa: PLC0415

            return html(clean).encode()
        case "md":
            from somepolicy.reports.markdown import markdown  # noqa: PLC0415

            return markdown(clean).encode()
        case "csv":
            from somepolicy.reports.spreadsheet import csv_text  # noqa: PLC0415

            # the mark lets spreadsheets see that it is UTF-8
            return csv_text(clean, table).encode("utf-8-sig")
        case "xlsx":
            try:
                from somepolicy.reports.workbook import workbook  # noqa: PLC0415
            except ImportError:
                raise MissingExtraError(
                    f"--format xlsx needs the extra `reports`: {install('reports')}"
                ) from None
            return workbook(clean)
        case "json":
            from somepolicy.reports.as_json import json_text  # noqa: PLC0415

            return json_text(clean).encode()
        case _:
            assert_never(form)
