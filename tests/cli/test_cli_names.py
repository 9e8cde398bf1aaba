"""Names in other letters through every command that reads, writes or shows them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.examples import one_in

Run = Callable[..., Result]
NAMES = {
    "nordic": ("bilde.klarert", "kunngjøring", "lenker", "lenke", "grense", "løpt", "čáŋtađž"),
    "arabic": ("حق.صورة", "منشور", "صور", "صورة", "حد", "سيئ", "قاعدة"),
    "kanji": ("権利.写真", "投稿ポスト", "画像リスト", "がぞう", "制限_1", "ひどい", "ルール"),
    "thai": ("สิทธิ.ภาพ", "โพสต์", "ภาพทั้งหมด", "ภาพ", "จำกัด", "แย่", "กำหนด"),
}


def make(folder: Path, names: tuple[str, ...], form: str) -> Path:
    kind, field = names[1:3]
    c, k, f, v, p, d, r = (unicodedata.normalize(form, each) for each in names)
    says = 'says nb "Nei." en "No."'
    rules = f"""clause {c} at 1.b1 digest 5e51fe02ff75 force must binds unit kinds {k} {says}
rules for {k}
parameter {p}: integer = 3
define {d} = some {v} in {k}.{f} ({v}.{f} > 9)
require {r} cites {c} for each {v} in {k}.{f} that {v}.{f} <= {p} or not {d} {says}
"""
    test = f"""test "{r}"
  given "a.json"
  at 2026-11-22
  expect deny
  expect clause {c} violated
  expect {r} violated at /{f}/0 because /{f}/0/{f}
  case "{v}" with {k}.{f}[0].{f} = 12
    expect {r} violated at /{f}/1 because /{f}/1/{f}
"""
    number = {"type": "integer"}
    text = {"type": "string", "maxLength": 20}
    element = {"type": "object", "additionalProperties": False, "properties": {field: number}}
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "id"],
        "properties": {
            "kind": {"type": "string", "const": kind},
            "id": text,
            "as_of": {"type": "string", "format": "date-time"},
            field: {"type": "array", "maxItems": 3, "items": element},
        },
    }
    manifest = (
        f'name = "{k}"\nversion = "1.0.0"\nlanguages = ["nb", "en"]\n'
        f'[kinds]\n"{k}" = "x.schema.json"\n[parameters]\n"{p}" = 4\n'
    )
    elements = [{field: 10}, {field: 11}, {field: 1}]
    moment = "2026-11-22T12:00:00Z"
    document = {"kind": kind, "id": "1", "as_of": moment, field: elements}
    files = {
        "policy.toml": manifest,
        "a.pol": rules,
        "tests/t.pol": test,
        "x.schema.json": json.dumps(schema, ensure_ascii=False),
        "examples/a.json": json.dumps(document, ensure_ascii=False),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("script", one_in(4, NAMES))
@pytest.mark.parametrize("form", one_in(2, ["NFD", "NFC"]))
def test_every_command_knows_the_name(script: str, form: str, tmp_path: Path, run: Run) -> None:
    names = NAMES[script]
    clause, kind, rule = names[0], names[1], names[6]
    policy = make(tmp_path, names, form)
    document = policy / "examples" / "a.json"

    checked = run("check", "--strict", policy)
    assert checked.exit_code == 0, checked.output
    assert run("fmt", policy).exit_code == 0
    assert run("fmt", "--check", policy).exit_code == 0
    assert unicodedata.normalize("NFC", rule) in (policy / "a.pol").read_text(encoding="utf-8")

    tested = run("test", policy)
    assert tested.exit_code == 0, tested.output
    selected = run("test", policy, "--run", unicodedata.normalize("NFD", rule))
    assert selected.exit_code == 0, selected.output
    assert run("test", policy, "--mutate", "-j", 1).exit_code in (0, 1)

    for style in ("text", "json"):
        found = run("eval", "--policy", policy, document, "--format", style)
        assert found.exit_code == 1, found.output
        assert (rule if style == "json" else names[2]) in found.output
    for style in ("html", "md", "csv", "json"):
        traced = run("report", "traceability", "--policy", policy, "--format", style)
        assert traced.exit_code == 0, traced.output
        assert clause in traced.output.replace("\\", "")
        told = run("report", "decision", document, "--policy", policy, "--format", style)
        assert told.exit_code == 0, told.output
    for backend in ("sql", "rego"):
        exported = run("export", backend, "--policy", policy, "--at-least", 1)
        assert exported.exit_code == 0, exported.output
        assert rule in exported.output
    assert run("export", "sql", "--policy", policy, "--kind", kind).exit_code == 0
