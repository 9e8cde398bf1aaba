"""What needs an extra says which, and how it is installed, from the one place that knows."""

import io
import re
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from somepolicy.documents.table import arrow_modules
from somepolicy.errors import SomepolicyError
from somepolicy.reports.model import Report
from somepolicy.reports.writing import written
from somepolicy.source.pdf import read_pdf
from somepolicy.source.word import read_word
from somepolicy.version import install

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def word() -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return raw.getvalue()


@pytest.mark.parametrize(
    ("module", "extra", "use"),
    [
        ("pyarrow", "parquet", arrow_modules),
        (
            "xlsxwriter",
            "reports",
            lambda: written(Report("r", "en", "", "", (), (), (), ()), "xlsx"),
        ),
        ("docx", "source", lambda: read_word(word(), 1000)),
        ("pypdf", "source", lambda: read_pdf(b"%PDF-1.7", 1000)),
    ],
)
def test_without_its_extra_the_mend_is_said(
    module: str, extra: str, use: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "somepolicy.reports.workbook", raising=False)
    with pytest.raises(
        SomepolicyError, match=re.escape(f"needs the extra `{extra}`: {install(extra)}")
    ):
        use()
    assert f"[{extra}]" in install(extra) and extra in PROJECT["optional-dependencies"]


def test_one_place_says_what_pip_installs() -> None:
    source = ROOT / "src" / "somepolicy"
    says = [path for path in source.rglob("*.py") if "pip install " in path.read_text("utf-8")]
    assert says == [source / "version.py"]
