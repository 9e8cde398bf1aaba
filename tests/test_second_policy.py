"""A policy of another municipality, which does not exist: nothing in the engine knows the first."""

from __future__ import annotations

import ast
import contextlib
import copy
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from somepolicy import Policy
from somepolicy.cli.app import app
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import InvalidDocument
from somepolicy.installed import installed_policy
from somepolicy.ir import types as t
from somepolicy.workbench.load import load_suite
from somepolicy.workbench.runner import run_tests
from tests.examples import one_in

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "policies" / "fjellvik"
DOCUMENTS = FOLDER / "examples"
SOURCE = ROOT / "src" / "somepolicy"
FIRST = "bergen"

# What each document breaks: the clauses of its blocking findings. None: it is allowed.
DECIDED: dict[str, set[str]] = {
    "account/road-watch": set(),
    "account/junior-library": {
        "godkjend.barn",
        "svar.vakt",
        "frist.svar",
        "tilgang.to",
        "tilgang.totrinn",
        "konto.stille",
    },
    "account/just-an-idea": {
        "godkjend.leiar",
        "godkjend.barn",
        "svar.lesarar",
        "svar.vakt",
        "svar.slutt",
        "svar.arkiv",
        "frist.svar",
        "tilgang.to",
        "tilgang.totrinn",
    },
    "draft/half-written": set(),
    "draft/too-early": {"melding.barn"},
    "message/bridge-closed": set(),
    "message/case-answer": {
        "melding.bilettekst",
        "melding.film",
        "melding.samtykke",
        "melding.barn",
        "melding.sak",
        "melding.lenkje",
        "lesen.andre",
    },
    "message/corrected-date": set(),
    "message/ruling": set(),
    "message/tree-lighting": set(),
}


@cache
def fjellvik() -> Policy:
    return Policy.load(FOLDER)


@cache
def decision_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "schemas/decision.schema.json").read_bytes()))


def document(name: str) -> dict[str, Any]:
    return json.loads((DOCUMENTS / f"{name}.json").read_bytes())


def decide(made: dict[str, Any]) -> Decision:
    """Decide twice: both evaluators agree, the JSON is in form and is about Fjellvik only."""
    decision = fjellvik().evaluate(made)
    text = decision.to_json()
    assert text == fjellvik().explain(made).decision.to_json()
    decision_schema().validate(json.loads(text))
    assert FIRST not in text.decode().lower()
    return decision


# --- the policy


def test_it_loads_without_a_warning() -> None:
    assert [str(each) for each in fjellvik().warnings] == []
    assert set(fjellvik().program.kinds).isdisjoint(installed_policy().program.kinds)
    assert set(fjellvik().program.clauses).isdisjoint(installed_policy().program.clauses)
    assert set(fjellvik().program.roles).isdisjoint(installed_policy().program.roles)


@pytest.mark.slow
def test_its_tests_pass_and_use_every_document() -> None:
    report = run_tests(fjellvik(), FOLDER)
    assert [(each.name, each.failures) for each in report.results if not each.passed] == []
    assert len(report.results) > 70
    suite = load_suite(fjellvik(), FOLDER)
    assert set(suite.documents) == {f"{name}.json" for name in DECIDED}


def test_every_clause_stands_in_the_guideline_where_it_says() -> None:
    headings, sentences = read_guideline((FOLDER / "guideline.txt").read_text("utf-8"))
    program = fjellvik().program
    declared = [(each.locator, each.digests) for each in program.clauses.values()]
    declared += [(each.locator, each.digests) for each in program.lead_ins]
    assert {(at, *digests) for at, digests in declared} == sentences
    assert {(each.number, each.digest) for each in program.sections.values()} == headings


def read_guideline(text: str) -> tuple[set[tuple[int, str]], set[tuple[str, str]]]:
    """Return the headings by number and the sentences by place, each with its digest.

    A heading is a line of its own that ends without a mark; the title stands before them.
    """
    headings: set[tuple[int, str]] = set()
    sentences: set[tuple[str, str]] = set()
    section = paragraphs = points = 0
    for line in text.split("\n")[1:]:
        if line.startswith("- "):
            points += 1
            block, said = f"{section}.b{points}", line.removeprefix("- ")
        elif line and line[-1] not in ".:":
            section, paragraphs, points = section + 1, 0, 0
            headings.add((section, digest(line)))
            continue
        else:
            paragraphs += bool(line)
            block, said = f"{section}.p{paragraphs}", line
        parts = re.split(r"(?<=[.?:]) (?=\w)", said) if said else []
        for number, part in enumerate(parts, 1):
            sentences.add((block if len(parts) == 1 else f"{block}.s{number}", digest(part)))
    return headings, sentences


def digest(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


# --- its documents


def test_the_table_names_every_document() -> None:
    found = {path.relative_to(DOCUMENTS).with_suffix("") for path in DOCUMENTS.rglob("*.json")}
    assert {path.as_posix() for path in found} == set(DECIDED)


@pytest.mark.parametrize("name", DECIDED)
def test_document_is_decided(name: str) -> None:
    decision = decide(document(name))
    blocking = {clause for each in decision.findings if each.blocking for clause in each.clauses}
    assert blocking == DECIDED[name]
    assert decision.allowed is not bool(DECIDED[name])


@pytest.mark.parametrize("name", DECIDED)
def test_evaluators_agree_with_each_fact_taken_away(name: str) -> None:
    valid = [agree(without(document(name), at)) for at in facts(document(name))]
    assert any(valid) is (name != "account/just-an-idea")  # which has what it must have, no more


def agree(made: dict[str, Any]) -> bool:
    """Whether it is a document at all; if so, both evaluators agree on it."""
    try:
        decide(made)
    except InvalidDocument:
        return False
    return True


def facts(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every member and element, but of `as_of`: else the clock is read."""
    listed = value.items() if isinstance(value, dict) else ()
    listed = enumerate(value) if isinstance(value, list) else listed
    for step, member in listed:
        if step != "as_of":
            yield (*at, step)
        yield from facts(member, (*at, step))


def without(made: dict[str, Any], at: tuple[str | int, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(made)
    holder: Any = changed
    for step in at[:-1]:
        holder = holder[step]
    del holder[at[-1]]
    return changed


# Fields that no denying rule reads, or that say by their absence that there is none.
NEEDLESS = {"id", "standard", "asked_in", "goes_out", "until"}


@pytest.mark.parametrize("name", one_in(2, ["message/bridge-closed", "message/tree-lighting"]))
def test_a_fact_taken_away_from_a_clean_message_denies(name: str) -> None:
    needed = [at for at in facts(document(name)) if isinstance(at[-1], str)]
    needed = [at for at in needed if at[-1] not in NEEDLESS]
    decided = 0
    for at in needed:
        with contextlib.suppress(InvalidDocument):
            assert not decide(without(document(name), at)).allowed, at
            decided += 1
    assert decided > 0


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nn", "en"])
def test_it_is_shown_in_its_languages(language: str) -> None:
    options = ["--policy", str(FOLDER), "--lang", language, "--explain"]
    result = CliRunner().invoke(app, ["eval", str(DOCUMENTS), *options])
    assert result.exit_code == 1, result.output
    assert FIRST not in result.output.lower()
    assert ("Skildring" in result.output) is (language == "nn")
    bokmaal = re.findall(r"\b(?:ikke|mangler|hvor|fra|brutt|fulgt)\b", result.output, re.IGNORECASE)
    assert bokmaal == []
    advised = {"nn": "VILLE HA BROTE 1 PUNKT  fjellvik", "en": "WOULD BREAK 1 CLAUSE  fjellvik"}
    assert advised[language] in result.output  # a draft is never told no


def test_neither_policy_takes_the_documents_of_the_other() -> None:
    theirs = json.loads((ROOT / "examples/post/road-closure.json").read_bytes())
    for policy, made in (
        (fjellvik(), theirs),
        (installed_policy(), document("account/road-watch")),
    ):
        with pytest.raises(InvalidDocument) as caught:
            policy.evaluate(made)
        assert [(each.code, each.pointer) for each in caught.value.errors] == [("D202", "/kind")]


# --- the engine


def engine_files() -> list[Path]:
    """Every text of the package but what finds the installed policy."""
    files = [path for path in SOURCE.rglob("*") if path.suffix not in ("", ".pyc")]
    return sorted(path for path in files if path != SOURCE / "installed.py")


def test_the_engine_never_names_the_first_policy() -> None:
    naming = [path for path in engine_files() if FIRST in path.read_text("utf-8").lower()]
    assert [path.relative_to(SOURCE).as_posix() for path in naming] == []


@pytest.mark.slow
def test_the_engine_names_no_clause() -> None:
    clauses = "|".join(re.escape(name) for name in installed_policy().program.clauses)
    named = re.compile(rf"(?<![\w.])({clauses})(?![\w.])")
    found = {
        path.relative_to(SOURCE).as_posix(): named.findall(code(path)) for path in engine_files()
    }
    assert {path: names for path, names in found.items() if names} == {}


def code(path: Path) -> str:
    """Return a text, of Python what is neither comment nor docstring: these may give examples."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return text
    return "\n".join(constants(text))


def constants(text: str) -> Iterator[str]:
    """Yield the texts in a Python file that the program works with."""
    tree = ast.parse(text)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.slow
def test_the_engine_knows_no_field_of_the_first_policy() -> None:
    """A field is known by a pointer that leads to it, or by a name no other thing would have.

    Such a name is of more than one word, or Norwegian. Names that every policy shares with
    the engine (`content_digest`) are left out by taking away those of the second policy.
    """
    found = {}
    for path in engine_files():
        if path.suffix == ".py":
            names = {each for each in constants(path.read_text("utf-8")) if is_telling(each)}
            if names:
                found[path.relative_to(SOURCE).as_posix()] = names
    assert found == {}


def is_telling(text: str) -> bool:
    if text.startswith("/"):
        kinds = installed_policy().program.kinds.values()
        theirs = any(leads_somewhere(kind.schema.record, text) for kind in kinds)
        ours = fjellvik().program.kinds.values()
        return theirs and not any(leads_somewhere(kind.schema.record, text) for kind in ours)
    return text in telling_names()


def leads_somewhere(kind: t.Type, pointer: str) -> bool:
    for step in pointer.split("/")[1:]:
        if isinstance(kind, t.ListOf) and step.isdecimal():
            kind = kind.element
        elif isinstance(kind, t.Record) and step in kind.fields:
            kind = kind.fields[step].type
        else:
            return False
    return True


@cache
def telling_names() -> frozenset[str]:
    first, second = (
        {*policy.program.kinds}.union(
            *(field_names(kind.schema.record) for kind in policy.program.kinds.values())
        )
        for policy in (installed_policy(), fjellvik())
    )
    answers = installed_policy().program.kinds["profile"].schema.record.fields["answers"].type
    assert isinstance(answers, t.Record)
    norwegian = set(answers.fields) - {"dialog"}
    return frozenset({name for name in first if "_" in name} | norwegian) - second


def field_names(kind: t.Type) -> Iterator[str]:
    if isinstance(kind, t.ListOf):
        yield from field_names(kind.element)
    elif isinstance(kind, t.Record):
        for name, field in kind.fields.items():
            yield name
            yield from field_names(field.type)


def test_the_search_for_fields_finds_them() -> None:
    assert {"leader_contact", "private_post", "personvern", "pending_case"} <= telling_names()
    assert not {"media", "content_digest", "as_of", "kind"} & telling_names()
    assert is_telling("/web_copy/published")
    assert not is_telling("/attestations/0/role")
    assert not is_telling("/pictures/0/description")
