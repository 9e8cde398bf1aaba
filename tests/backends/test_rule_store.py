"""Rules that are kept one by one become the code that they would have become at once."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given

from somepolicy import ir as p
from somepolicy.backends.python.artefact import from_bytes, to_bytes
from somepolicy.backends.python.generation import FullCode
from somepolicy.backends.python.rule_store import full_code, rule_store
from somepolicy.diskcache import VARIABLE
from somepolicy.engine.errors import InvalidDocument
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import examples
from tests.properties.generate import (
    accepted,
    draw_document,
    draw_policy,
    policies,
    randoms,
)
from tests.properties.small_policies import (
    BOOLEAN,
    INTEGER,
    SAYS,
    clause,
    kind,
    load_policy,
    write_policy,
)

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "policy" / "bergen", ROOT / "examples" / "policies" / "fjellvik"]
CLAUSES = 'section 1 "Alt"\n' + clause("must.do", "must", 1, "post")
POST = kind("post", flag=BOOLEAN, n=INTEGER)
KEEP = Policy._keep  # before the fixture that stops it


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every policy as those of many rules are kept."""
    monkeypatch.setattr("somepolicy.backends.python.artefact._MOST_RULES", 0)


def code(made: FullCode, name: str) -> list[tuple[str, str]]:
    """Return what is generated for a name, with the place of every node."""
    return [
        (each.source.path, ast.dump(each.tree, include_attributes=True)) for each in made.of(name)
    ]


def same_code(program: p.Program, rng: random.Random) -> int:
    """Compare the code of every rule, in any order; return how many nodes it has."""
    made, kept = FullCode(program), full_code(rule_store(program))
    names = ["schemas", *(f"rule_{rule.name}" for rule in program.rules)]
    rng.shuffle(names)
    nodes = 0
    for name in names:
        expected = code(made, name)
        assert code(kept, name) == expected
        nodes += sum(dump.count("(") for _, dump in expected)
    return nodes


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_code_of_every_rule(folder):
    found = next(folder.rglob("policy.toml")).parent
    assert same_code(Policy.from_source(found).program, random.Random(1)) > 5_000


@pytest.mark.slow
def test_a_rule_that_is_not_there():
    kept = full_code(rule_store(Policy.from_source(FOLDERS[0]).program))
    assert code(kept, "rule_nobody") != []  # what is shared, once
    assert code(kept, "rule_nobody") == []


def deepest() -> Policy:
    """Return a policy whose rule is nested as deep as the language lets it be."""
    for depth in range(60, 0, -1):
        text = "post.flag"
        for level in range(depth):
            text = f"({text}) {('or', 'and')[level % 2]} post.n > {level}"
        rule = f"rules for post\nforbid deep cites must.do if {text}{SAYS}\n"
        try:
            return load_policy({"post": POST}, {"a.pol": CLAUSES, "b.pol": rule})
        except PolicyError:
            continue
    raise AssertionError("no rule at all")


@pytest.mark.slow
def test_a_rule_as_deep_as_can_be():
    policy = deepest()
    assert policy.program.rules[0].span.text == "deep"
    assert same_code(policy.program, random.Random(1)) > 1_000


@pytest.mark.slow
@examples(15)
@given(policies(rules=5), randoms())
def test_drawn_rules(drawn, rng):
    same_code(accepted(drawn).program, rng)


@pytest.mark.usefixtures("large")
def test_drawn_decisions():
    """What is kept decides the same, from the bytes alone."""
    decided = 0
    for seed in range(12):
        rng = random.Random(f"kept rules {seed}")
        drawn = draw_policy(rng, rules=8)
        try:
            policy = drawn.load()
        except PolicyError:
            continue
        artefact = from_bytes(to_bytes(policy.compiled, policy.files))
        assert artefact is not None
        again = Policy(policy.folder, evaluator=artefact.evaluator)
        for _ in range(10):
            document = draw_document(rng, drawn, policy)
            decision = policy.evaluate(document)
            assert again.evaluate(document).to_json() == decision.to_json()
            decided += len(decision.findings)
    assert decided > 100


RULES = 60
DOCUMENT = {"kind": "post", "id": "x", "as_of": "2026-11-22T12:00:00+01:00"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy of some rules that is kept in a cache of its own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(Policy, "_keep", KEEP)
    rules = "".join(
        f"forbid r{number} cites must.do if both and post.n == {number}{SAYS}\n"
        for number in range(RULES)
    )
    text = f"rules for post\ndefine both = post.flag and post.n >= 0\n{rules}"
    files = {"a.pol": CLAUSES, "b.pol": text}
    return write_policy(tmp_path / "policy", {"post": POST}, files)


@pytest.mark.usefixtures("large")
def test_what_is_kept_needs_the_files_no_more(folder):
    assert Policy.from_source(folder).evaluator
    policy = Policy.load(folder)
    assert "program" not in policy.__dict__
    for path in folder.iterdir():
        path.unlink()
    decision = policy.evaluate({**DOCUMENT, "flag": True, "n": 7})
    assert [finding.rule for finding in decision.findings] == ["r7"]
    assert decision.findings[0].facts == ("/flag", "/n")
    assert policy.evaluate(DOCUMENT).findings[0].missing == ("/flag", "/n")
    with pytest.raises(InvalidDocument, match="flag"):
        policy.evaluate({**DOCUMENT, "flag": "x"})


@pytest.mark.usefixtures("large")
def test_only_what_breaks_becomes_code(folder):
    assert Policy.from_source(folder).evaluator
    loaded = Policy.load(folder)
    loaded.evaluate({**DOCUMENT, "flag": True, "n": 7})
    names = loaded.evaluator.code._names
    assert {name for name in names if name.startswith("rule_")} == {"rule_r7"}


@pytest.mark.usefixtures("large")
def test_threads_that_break_rules_at_once(folder):
    made = Policy.from_source(folder)
    assert made.evaluator
    documents = [{**DOCUMENT, "flag": True, "n": number} for number in range(RULES)]
    expected = [made.evaluate(document).to_json() for document in documents]
    policy = Policy.load(folder)
    barrier = threading.Barrier(4)
    found: dict[int, list[bytes]] = {}

    def work(number: int) -> None:
        mine = list(range(RULES))
        random.Random(number).shuffle(mine)
        barrier.wait()
        decided = {index: policy.evaluate(documents[index]).to_json() for index in mine}
        found[number] = [decided[index] for index in range(RULES)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(4)] == [expected] * 4


LOADED = """
import json, sys
from somepolicy.policy import Policy
decision = Policy.load(sys.argv[1]).evaluate(json.loads(sys.argv[2]))
heavy = {"lark", "pydantic", "jsonschema", "referencing", "typer", "rich", "tempfile"}
print(*(finding.rule for finding in decision.findings), *sorted(heavy & sys.modules.keys()))
"""


@pytest.mark.slow
@pytest.mark.usefixtures("large")
def test_what_a_broken_rule_loads(folder):
    assert Policy.from_source(folder).evaluator
    document = json.dumps({**DOCUMENT, "flag": True, "n": 7})
    command = [sys.executable, "-c", LOADED, str(folder), document]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["r7"]
