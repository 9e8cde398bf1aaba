"""The picture of the README shows what the program writes today, and asks no other host."""

import importlib.util
import re
from html import unescape
from itertools import groupby
from pathlib import Path

from typer.testing import CliRunner

from somepolicy.cli.app import app

ROOT = Path(__file__).parents[1]


def shown(picture: str) -> list[str]:
    """Return the lines of text without their blanks: pieces of one height are one line."""
    pieces = re.findall(r'<text class="decision-r\d+" [^>]*y="([\d.]+)"[^>]*>(.*?)</text>', picture)
    lines = ("".join(text for _, text in line) for _, line in groupby(pieces, lambda each: each[0]))
    return [unescape(line).replace("\xa0", "").replace(" ", "") for line in lines if line.strip()]


def test_the_picture_is_what_is_written_today(monkeypatch):
    spec = importlib.util.spec_from_file_location("picture", ROOT / ".ci" / "picture.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, script.ARGUMENTS)
    picture = script.PICTURE.read_text(encoding="utf-8")
    written = [f"$ somepolicy {' '.join(script.ARGUMENTS)}", *result.stdout.splitlines()]
    lines = [line.replace(" ", "") for line in written if line]
    assert result.exit_code == 1
    assert shown(picture) == lines, "draw it again: .venv/bin/python .ci/picture.py"
    assert re.findall(r"url\((?!#)|@import|<(?:image|script)", picture) == []
