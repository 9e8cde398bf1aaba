"""Errors of documents: what is known there, how to mend it, and in the reader's language."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

from somepolicy.cli.show.errors import in_words
from somepolicy.engine import formats, json_slips, schema_errors, validate
from somepolicy.texts.catalogue import languages, texts
from tests.cli.conftest import HERE, Run, one_line

BERGEN = HERE.parents[1] / "policy" / "bergen"
CANARY = "CANARY"


def told(evaluate: Run, changes: dict[str, object], language: str = "en") -> str:
    document = json.loads(one_line("allowed")) | changes
    result = evaluate("-", "--lang", language, stdin=json.dumps(document))
    assert result.exit_code == 2
    assert CANARY not in result.stderr
    return " ".join(result.stderr.split())


def test_an_unknown_field_names_the_known_ones(evaluate: Run) -> None:
    text = told(evaluate, {"zzzzzzzzzz": CANARY})
    assert "/zzzzzzzzzz this field is unknown; those known here are kind, id, as_of," in text
    assert "did you mean" in told(evaluate, {"txt": CANARY})


def test_of_many_known_fields_the_first_are_named(run: Run) -> None:
    document = json.dumps({"kind": "post", "id": "x", "zzzzzzzzzz": 1})
    text = " ".join(run("eval", "-", "--policy", BERGEN, stdin=document).stderr.split())
    named = text.split("those known here are ")[1].split("…")[0]
    assert named.count(",") == 12


def test_an_object_names_its_members(evaluate: Run) -> None:
    assert "/text an object is needed; its members are body" in told(evaluate, {"text": CANARY})
    deep = told(evaluate, {"media": [{"consent": True}]})
    assert "/media/0/consent an object is needed; its members are status, expires" in deep


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-02-30T12:00:00+01:00", "there is no such day"),
        ("2026-13-01T12:00:00Z", "there is no such day"),
        ("2026-02-30", "there is no such day"),
        ("2026-11-22T24:00:00Z", "there is no such time of day"),
        ("2026-11-22T12:60:00+01:00", "there is no such time of day"),
        ("2026-11-22T12:00:60Z", "there is no such time of day"),
        ("2026-11-22T25:00", "there is no such time of day"),
        ("2026-11-22T12:00:00", "the offset is missing: add it at the end, such as +01:00"),
        ("2026-11-22 12:00:00", "the offset is missing"),
        ("2026-11-22T12:00", "the offset is missing"),
        ("2026-11-22T12:00+01:00", "the seconds are missing"),
        ("2026-11-22T12:00:00+25:00", "there is no such offset"),
        ("2026-11-22", "a time is needed, too"),
        ("22.11.2026", "a time with offset such as"),
        (CANARY, "a time with offset such as"),
        ("", "a time with offset such as"),
    ],
)
def test_why_a_time_is_none(evaluate: Run, value: str, said: str) -> None:
    assert f"/scheduled_at {said}" in told(evaluate, {"scheduled_at": value})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-02-30", "there is no such day"),
        ("2025-02-29", "there is no such day"),
        ("0000-01-01", "there is no such day"),
        ("2026-11-22T12:00:00Z", "a date such as 2026-11-22 is needed, without a time"),
        ("22.11.2026", "a date such as 2026-11-22 is needed"),
    ],
)
def test_why_a_day_is_none(evaluate: Run, value: str, said: str) -> None:
    text = told(evaluate, {"media": [{"consent": {"expires": value}}]})
    assert f"/media/0/consent/expires {said}" in text


def test_an_option_says_that_there_is_no_such_day(evaluate: Run) -> None:
    result = evaluate("documents/allowed.json", "--as-of", "2026-02-30")
    assert "there is no such day" in " ".join(result.stderr.split())


# --- JSON


def test_a_slip_has_file_line_column_and_a_caret(evaluate: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(f'{{"kind": "post",\n  "id": "{CANARY}",\n}}')
    result = evaluate(file)
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    where = next(at for at, line in enumerate(lines) if "-->" in line)
    assert "".join(lines[where:]).replace(" ", "").startswith("-->")
    assert "x.json:2:17" in result.stderr.replace("\n", "").replace(" ", "")
    shown, caret = lines[-2:]
    assert shown.index(",") == caret.index("^")
    assert CANARY not in result.stderr


def test_a_slip_in_a_line_has_the_line_of_the_file(evaluate: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.ndjson"
    file.write_text(f"{one_line('allowed')}\n{{'kind': 1}}\n")
    assert "x.ndjson:2:2" in evaluate(file).stderr.replace("\n", "").replace(" ", "")
    annotation = evaluate(file, "--format", "github").stdout
    assert ",line=2,title=D103::" in annotation


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".csv", ""])
@pytest.mark.parametrize("text", ["kind: post\nid: x\n", "kind;id\npost;x\n"])
def test_other_forms_are_named_in_any_file(
    evaluate: Run, tmp_path: Path, suffix: str, text: str
) -> None:
    file = tmp_path / f"x{suffix}"
    file.write_text(text)
    form = "YAML" if ":" in text else "CSV"
    assert f"this looks like {form}" in " ".join(evaluate(file).stderr.split())


# --- in every language

ERRORS: dict[str, object] = {
    "zzzzzzzzzz": 1, "text": 1, "media": [{"kind": "x", "consent": {"status": 1}}],
    "scheduled_at": "2026-02-30", "case_handling": "x", "id": " ",
}  # fmt: skip


@pytest.mark.parametrize("language", ["nb"])
def test_errors_are_in_the_language(evaluate: Run, language: str) -> None:
    text = told(evaluate, ERRORS, language)
    for english in ("this", "needed", "unknown", "required", "there is", "members"):
        assert f" {english}" not in text, text
    assert "denne dagen finnes ikke" in text
    assert "dette feltet er ukjent; feltene her er kind, id" in text
    assert "dette må være et objekt; feltene er body" in text


@pytest.mark.parametrize("language", languages())
def test_each_sentence_of_a_slip_has_a_translation(language: str) -> None:
    own = texts(language).eval
    sentences = [x for name, x in vars(json_slips).items() if name.isupper() and name[0] != "_"]
    assert len(sentences) > 20
    assert all(in_words(each, own) == own.errors[each] for each in sentences)
    whole = in_words(f"not JSON at line 3, column 7: {json_slips.TRAILING}", own)
    assert own.errors[json_slips.TRAILING] in whole and "3" in whole and "7" in whole


def test_the_engine_says_nothing_that_has_no_translation() -> None:
    """Every text in the code that says what is wrong is one of the catalogue, in English."""
    forms = texts("en").eval.errors
    assert all(form == said for form, said in forms.items())
    for module in (formats, schema_errors, validate):
        source = inspect.getsource(module)
        for text in re.findall(r'return f?"([a-z][^"]{12,})"', source):
            if " " in text and "`" not in text[:1]:
                plain = re.sub(r"\{'s' \* .*?\}", "s", text)
                sample = re.sub(r"\{[^}]*\}", "7", plain)
                assert in_words(sample, texts("nb").eval) != sample, text


def test_parts_and_reasons_are_translated() -> None:
    words = texts("nb").eval
    assert in_words("`a` or `b` is required", words) == "`a` eller `b` må oppgis"
    missing = "cannot be read: no such file or directory"
    assert in_words(missing, words) == "kan ikke leses: filen eller mappen finnes ikke"
    assert in_words("cannot be read: odd", words) == "kan ikke leses: odd"
    assert in_words("something else", words) == "something else"


def test_why_a_field_is_unknown_is_in_the_language(run: Run) -> None:
    document = json.dumps({"kind": "private_post", "id": "x", "unit": "y"})
    result = run("eval", "-", "--policy", BERGEN, "--lang", "nb", stdin=document)
    assert "Arbeidsstedet kan vise hvem som skriver" in " ".join(result.stderr.split())
