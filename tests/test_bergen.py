"""The policy of Bergen as a whole: its own tests, its examples, its clauses, its rules."""

from __future__ import annotations

import copy
import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from somepolicy import Policy
from somepolicy.backends.walk.results import Instance
from somepolicy.engine.decision import Decision
from somepolicy.engine.errors import InvalidDocument
from somepolicy.engine.evaluation import StatusCode
from somepolicy.ir import Rule
from somepolicy.json_type import Json
from somepolicy.policy import Explained
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.syntax.nodes import ExpectInvalid
from somepolicy.workbench.load import Suite, load_suite
from somepolicy.workbench.runner import CaseResult, Trial, _result, trials
from tests.examples import one_in

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "policy" / "bergen"
EXAMPLES = ROOT / "examples"
Document = dict[str, Json]

# The clauses as they were found in the guideline: name, place, digest of the text, force.
CLAUSES = (
    ("hvorfor.kontakt", "1.p1.s1", "43413f13ebab", "info"),
    ("hvorfor.visjon", "1.p1.s2", "538f3aeeda44", "info"),
    ("bruk.nyheter", "1.b1", "2f3d859eca4e", "may"),
    ("bruk.prosjekt", "1.b2", "72ccb96c667c", "may"),
    ("bruk.maalgruppe", "1.b3", "4579e5951bbb", "may"),
    ("bruk.dialog", "1.b4", "22554d298468", "may"),
    ("vurder.kunnskap", "2.p1.s1", "1ac8ed9a60e5", "info"),
    ("vurder.utfordring", "2.p1.s2", "80c9189cfbdf", "must"),
    ("vurder.mulighet", "2.p1.s2", "80c9189cfbdf", "must"),
    ("kanal.forkant", "2.p1.s3", "6dfaf2f78723", "should"),
    ("kanal.formaal", "2.b1", "88098a647690", "question"),
    ("kanal.maalgruppe", "2.b2", "febaf4b7fd5f", "question"),
    ("kanal.budskap", "2.b3", "5804f02554e4", "question"),
    ("kanal.plattform", "2.b4", "b3d25cc28e98", "question"),
    ("kanal.medvirkning", "2.b5", "1cbb63e41614", "question"),
    ("kanal.dialog", "2.b5", "1cbb63e41614", "question"),
    ("kanal.personvern", "2.b6", "7fd057a088ef", "question"),
    ("kanal.infosikkerhet", "2.b6", "7fd057a088ef", "question"),
    ("kanal.krise", "2.b7", "4fc867d87515", "question"),
    ("kanal.foringer", "2.b8", "1291ffeeb1a8", "question"),
    ("kanal.regler", "2.b8", "1291ffeeb1a8", "question"),
    ("drift.maal", "3.p1.s1", "5143e4684fd6", "should"),
    ("drift.strategi", "3.p1.s1", "5143e4684fd6", "should"),
    ("innhold.stil", "3.b1.s1", "66fbeb15f0a5", "consider"),
    ("innhold.uformell", "3.b1.s2", "38beb6ab20a9", "may"),
    ("innhold.saklig", "3.b1.s3", "571e1d778cbe", "must"),
    ("innhold.klart", "3.b1.s3", "571e1d778cbe", "must"),
    ("leder.forankring", "3.b2.s1", "8573fc2f4a2a", "should"),
    ("leder.kontakt", "3.b2.s2", "5c28f58b202e", "must"),
    ("drift.ressurs", "3.b3", "62dd0ca30966", "should"),
    ("drift.levende", "3.b3", "62dd0ca30966", "should"),
    ("rett.aandsverk", "3.b4.s1", "ea1705825bed", "must"),
    ("rett.bilde", "3.b4.s2", "d6191c75de45", "must"),
    ("rett.kreditt.tekst", "3.b4.s2", "d6191c75de45", "must"),
    ("rett.kreditt.foto", "3.b4.s2", "d6191c75de45", "must"),
    ("uu.krav", "3.b5.s1", "fe72da3c19f0", "info"),
    ("uu.nett", "3.b5.s2", "138b4b9d1661", "should"),
    ("uu.flere", "3.b5.s3", "a509fa47dca1", "info"),
    ("folk.varsom", "3.b6", "5e51fe02ff75", "should"),
    ("folk.etikk", "3.b6", "5e51fe02ff75", "consider"),
    ("sak.aldri", "3.b7.s1", "ea7e1a3d61b7", "must_not"),
    ("sak.arkiv", "3.b7.s2", "bbd8bfa45dc8", "must_not"),
    ("taus.plikt", "3.b8", "e7c49a2f10bb", "must_not"),
    ("taus.fvl", "3.b8", "e7c49a2f10bb", "must_not"),
    ("taus.itsik", "3.b8", "e7c49a2f10bb", "must_not"),
    ("taus.unntatt", "3.b8", "e7c49a2f10bb", "must_not"),
    ("taus.sak", "3.b8", "e7c49a2f10bb", "must_not"),
    ("privat.omdomme", "4.p1.s1", "d2199dbaaa72", "info"),
    ("privat.omtale", "4.b1", "94395ee92a1c", "may"),
    ("privat.utgi", "4.b1", "94395ee92a1c", "must_not"),
    ("privat.grense", "4.b2.s1", "6cd1c69ab0ba", "info"),
    ("privat.tydelig", "4.b2.s2", "c2af05db4bfb", "should"),
    ("privat.rolle", "4.b3", "19e1b4be05dc", "question"),
    ("privat.kontakt.elever", "4.b4", "427901756ced", "consider"),
    ("privat.kontakt.parorende", "4.b4", "427901756ced", "consider"),
    ("privat.kontakt.brukere", "4.b4", "427901756ced", "consider"),
    ("privat.egne.mening", "4.b5", "6f941f1438b0", "must"),
    ("privat.egne.kommune", "4.b5", "6f941f1438b0", "must"),
    ("privat.offentlig", "4.b6.s1", "e8f52be85771", "info"),
    ("privat.reflekter", "4.b6.s2", "87750417c16e", "consider"),
    ("privat.varig", "4.b6.s2", "87750417c16e", "info"),
    ("info.ansatthjelp", "5.p1", "7258c3b635f3", "info"),
    ("info.veiledning", "5.p2", "100b2c35dcee 4fe4fb51f975", "info"),
)

# Rules that are never seen satisfied, and why.
NEVER_SATISFIED = {
    "think_first": "a question that is always shown",
    "calm_tone": "speaks only where there is shouting",
}
SAFEGUARDS = {
    "personvern": ("privacy_neglected", "privacy_weak"),
    "infosikkerhet": ("security_neglected", "security_weak"),
    "foringer": ("policies_neglected", "policies_weak"),
    "regler": ("rules_neglected", "rules_weak"),
}


class Remembering(Policy):
    """Decides each document once, so that the tests can look at one decision in many ways."""

    def __init__(self, folder: Path, **made: Any) -> None:
        super().__init__(folder, **made)
        self.decisions: dict[object, Decision] = {}
        self.explanations: dict[object, Explained] = {}
        self.variants: dict[str, Policy] = {}

    def with_parameters(self, values: Mapping[str, Json]) -> Policy:
        key = json.dumps(dict(values), sort_keys=True)
        if key not in self.variants:
            made = super().with_parameters(values)
            self.variants[key] = Remembering(
                made.folder, program=made.program, warnings=made.warnings, evaluator=made.evaluator
            )
        return self.variants[key]

    def evaluate(
        self, document: object, *, as_of: datetime | None = None, digest: bool = True
    ) -> Decision:
        key = (json.dumps(document, sort_keys=True), as_of, digest)
        if key not in self.decisions:
            self.decisions[key] = super().evaluate(document, as_of=as_of, digest=digest)
        return self.decisions[key]

    def explain(self, document: object, *, as_of: datetime | None = None) -> Explained:
        key = (json.dumps(document, sort_keys=True), as_of)
        if key not in self.explanations:
            self.explanations[key] = super().explain(document, as_of=as_of)
        return self.explanations[key]


@cache
def bergen() -> Remembering:
    return Remembering.load(FOLDER)  # type: ignore[return-value]


@cache
def decision_schema() -> Draft202012Validator:
    schema = json.loads((ROOT / "schemas" / "decision.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def example(name: str) -> Document:
    document: Document = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return document


def example_names() -> list[str]:
    found = [
        path
        for kind in bergen().evaluator.compiled.kinds
        for path in (EXAMPLES / kind).glob("*.json")
    ]
    return sorted(path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in found)


@cache
def suite() -> Suite:
    return load_suite(bergen(), FOLDER)


@cache
def all_cases() -> tuple[Trial | CaseResult, ...]:
    return tuple(trials(suite()))


@cache
def all_trials() -> tuple[Trial, ...]:
    """Every case of the policy's tests that could be made."""
    return tuple(trial for trial in all_cases() if isinstance(trial, Trial))


def policy_of(trial: Trial) -> Policy:
    """The policy with the parameters that the trial sets."""
    return bergen().with_parameters(dict(trial.parameters)) if trial.parameters else bergen()


def check(policy: Policy, document: Document, at: datetime | None = None) -> Decision:
    """Decide twice: both evaluators agree, and the JSON is what the schema says."""
    compiled = policy.evaluate(document, as_of=at)
    text = compiled.to_json()
    assert text == policy.explain(document, as_of=at).decision.to_json()
    decision_schema().validate(json.loads(text))
    return compiled


@cache
def seen() -> dict[str, frozenset[str]]:
    """What the tests have seen of each rule."""
    found: dict[str, set[str]] = {rule.name: set() for rule in bergen().program.rules}
    for trial in all_trials():
        try:
            explained = policy_of(trial).explain(trial.document, as_of=trial.at)
        except InvalidDocument:
            continue
        for instance in explained.trace:
            found[instance.rule.name].add(outcome(instance))
    return {name: frozenset(outcomes) for name, outcomes in found.items()}


def outcome(instance: Instance) -> str:
    match instance.status:
        case StatusCode.ADVISED:
            return "violated" if instance.violated else "unproven"
        case rank:
            return rank.name.lower()


# --- the policy's own tests


@pytest.mark.parametrize("case", one_in(4, all_cases()), ids=lambda case: case.name)
def test_policy_test(case: Trial | CaseResult) -> None:
    """What it expects, both evaluators alike (the runner sees to that), JSON as the schema says."""
    policy = policy_of(case) if isinstance(case, Trial) else bergen()
    failures = _result(policy, case).failures
    assert not failures, "\n".join(failures)
    assert isinstance(case, Trial)
    try:
        decision = policy.evaluate(case.document, as_of=case.at)
    except InvalidDocument:
        assert any(isinstance(each, ExpectInvalid) for each in case.expectations)
        return
    made = json.loads(decision.to_json())
    decision_schema().validate(made)
    if case.document["kind"] == "private_post":
        assert_forbids_nothing(made)


STERN = re.compile(r"forb[uy]|ulovlig|forbid|illegal|not allowed|ikke tillatt", re.IGNORECASE)


def assert_forbids_nothing(made: Document) -> None:
    """A private post is never forbidden, and nothing missing stops it."""
    assert made["notice"]
    findings: list[dict[str, Any]] = made["findings"]  # type: ignore[assignment]
    for finding in findings:
        assert not (finding["blocking"] and finding["outcome"] == "unproven")
        words = [*finding["message"].values(), *(finding["remedy"] or {}).values()]
        assert not [text for text in words if STERN.search(text)]


# --- the examples


@pytest.mark.parametrize("name", example_names())
def test_example_is_decided(name: str) -> None:
    document = example(name)
    assert document["kind"] == name.partition("/")[0]
    decision = check(bergen(), document)
    assert decision.as_of_source == "document"


def test_example_identifiers_are_unique() -> None:
    identifiers = [example(name)["id"] for name in example_names()]
    assert len(identifiers) == len(set(map(str, identifiers)))


def test_every_example_is_used() -> None:
    used = {test.given.text.removesuffix(".json") for test in suite().rows}
    assert {*example_names()} - used == set()


# --- the clauses


def test_clauses_are_declared_as_found() -> None:
    declared = tuple(
        (clause.name, clause.locator, " ".join(clause.digests), clause.force)
        for clause in bergen().program.clauses.values()
    )
    assert len(declared) == 63
    assert declared == CLAUSES


def test_policy_has_no_warnings() -> None:
    assert [str(warning) for warning in bergen().warnings] == []


# --- the rules


# One test, so that one worker alone has to decide on every trial.
@pytest.mark.slow
def test_rules_are_seen_both_ways() -> None:
    wrong = {rule.name: seen()[rule.name] for rule in bergen().program.rules if not both_ways(rule)}
    assert wrong == {}
    denying = {"require", "forbid", "attest"}
    unseen = {
        rule.name
        for rule in bergen().program.rules
        if rule.effect in denying and "violated" not in seen()[rule.name]
    }
    # Every origin that can be stated is fine, so this one can only be left unproven.
    assert unseen == {"text_origin_stated"}


def both_ways(rule: Rule) -> bool:
    outcomes = seen()[rule.name]
    if rule.effect == "permit":
        return "permitted" in outcomes and (rule.guard is None or "not_applicable" in outcomes)
    if not outcomes & {"violated", "unproven"}:
        return False
    if rule.guard is not None and "not_applicable" not in outcomes:
        return False
    return ("satisfied" in outcomes) is (rule.name not in NEVER_SATISFIED)


# --- the parameters


def read_otherwise(folder: Path, **parameters: str) -> Policy:
    """Load the policy as a municipality would that reads a clause otherwise."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    target = folder / "policy" / "bergen"
    shutil.copytree(FOLDER, target, ignore=shutil.ignore_patterns("tests"))
    manifest = target / "policy.toml"
    stated = "".join(f"{name} = {value}\n" for name, value in parameters.items())
    manifest.write_text(
        manifest.read_text("utf-8").replace("[parameters]\n", f"[parameters]\n{stated}"), "utf-8"
    )
    return Policy.load(target)


@pytest.mark.slow
def test_no_to_a_safeguard_can_be_read_as_advice(tmp_path: Path) -> None:
    policy = read_otherwise(tmp_path, negative_safeguard='"advise"')
    for question, (stern, mild) in SAFEGUARDS.items():
        document = copy.deepcopy(example("profile/branch-library"))
        assert mild in rules_of(policy, document, StatusCode.SATISFIED)
        document["answers"][question]["holds"] = False  # type: ignore[index, call-overload]
        decision = check(policy, document)
        assert decision.allowed
        assert status(decision, f"kanal.{question}") == "advised"
        assert mild in rules_of(policy, document, StatusCode.ADVISED)
        assert stern in rules_of(policy, document, StatusCode.NOT_APPLICABLE)


def test_section_3_can_be_read_to_bind_units_only() -> None:
    policy = bergen().with_parameters({"section_3_binds_employees": False})
    decision = check(policy, example("private_post/home-care-story"))
    assert decision.allowed
    for clause in ("taus.plikt", "taus.fvl", "taus.itsik", "taus.unntatt", "taus.sak", "sak.aldri"):
        assert status(decision, clause) == "not_applicable"
    refused = check(policy, example("post/kindergarten-reply"))
    assert not refused.allowed


def rules_of(policy: Policy, document: Document, rank: StatusCode) -> set[str]:
    return {each.rule.name for each in policy.explain(document).trace if each.status is rank}


def status(decision: Decision, clause: str) -> str:
    return next(each.status for each in decision.citations if each.clause == clause)


# --- no living person's number

_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ .\u2010-\u2015-]?[0-9]){10,}(?![0-9A-Za-z])")
_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


def identity_numbers(text: str) -> Iterator[str]:
    """Yield what can be an identity number, D-number, help number or synthetic number.

    Both the rule in force and the one from 2032 count, where the first check digit may be
    off by up to three.
    """
    for run in _DIGITS.findall(unicodedata.normalize("NFKC", text)):
        digits = re.sub("[^0-9]", "", run)
        for start in range(len(digits) - 10):
            number = digits[start : start + 11]
            if _is_identity_number(number):
                yield number


def _is_identity_number(number: str) -> bool:
    day, month = int(number[:2]) % 40, int(number[2:4])
    first, second = (
        sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
        for weights in _WEIGHTS
    )
    dated = 1 <= day <= 31 and int(number[:2]) <= 71
    return dated and 1 <= _plain(month) <= 12 and first in (0, 1, 2, 3) and second == 0


def _plain(month: int) -> int:
    return month - 80 if month > 80 else month - 65 if month > 65 else month % 40


def is_synthetic(number: str) -> bool:
    return 81 <= int(number[2:4]) <= 92


def test_scan_knows_a_number_when_it_sees_one() -> None:
    assert [*identity_numbers("nummer 15 85 90\u00a010 099.")] == ["15859010099"]
    assert [*identity_numbers("219114-50027")] == ["21911450027"]
    assert [*identity_numbers("konto 1234.56.78903, ring 55 55 00 00")] == []
    assert is_synthetic("15859010099")
    assert not is_synthetic("15059010099")


def test_every_identity_number_is_synthetic() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), number)
        for folder in ("policy", "schemas", "examples")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.parent.name != "__pycache__"
        for text in texts(path)
        for number in identity_numbers(text)
    }
    assert len(found) >= 3, "the scan has to meet the examples with synthetic numbers"
    assert [(path, number) for path, number in sorted(found) if not is_synthetic(number)] == []


def texts(path: Path) -> Iterator[str]:
    """Yield the file as it stands and, for JSON, with its escapes undone."""
    raw = path.read_text("utf-8")
    yield raw
    if path.suffix == ".json":
        yield json.dumps(json.loads(raw), ensure_ascii=False)


@pytest.mark.slow
def test_a_group_that_no_function_reads_is_an_error(tmp_path: Path) -> None:
    """One language of a group, misspelt: the others must not hide it."""
    for name in ("policy", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    words = tmp_path / "policy" / "bergen" / "words" / "case_phrases.toml"
    words.write_text(words.read_text("utf-8").replace("en_outcome = ", "en_outcom = "), "utf-8")
    with pytest.raises(PolicyError) as refused:
        Policy.load(tmp_path / "policy" / "bergen")
    (told,) = refused.value.diagnostics
    assert (told.code, told.message) == ("P607", "no function reads the group `en_outcom`")
    assert told.help == "is `en_outcome` meant?"
