"""The same document, policy and instant give the same bytes: everywhere, in any order, at once."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.properties.generate import draw_document, draw_policy, instant
from tests.properties.small_policies import write_policy

_CHILD = """
import hashlib, json, sys
from somepolicy.policy import Policy
total = hashlib.sha256()
for folder in sys.argv[1:]:
    policy = Policy.load(folder)
    total.update(policy.compiled.python().encode())
    for document in json.load(open(f"{folder}/documents.json", encoding="utf-8")):
        total.update(policy.evaluate(document).to_json())
        total.update(policy.explain(document).decision.to_json())
    total.update("".join(map(str, policy.warnings)).encode())
print(total.hexdigest())
"""
_ENVIRONMENTS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "12345", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr", "TZ": "Asia/Kathmandu"},
    {"PYTHONHASHSEED": "random", "PYTHONIOENCODING": "ascii", "PYTHONOPTIMIZE": "2"},
]

Case = tuple[Policy, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Folders of drawn policies, each with documents."""
    made: list[Path] = []
    seed = 0
    while len(made) < 4:
        seed += 1
        rng = random.Random(f"determinism {seed}")
        drawn = draw_policy(rng, plain=False, rules=12)
        folder = tmp_path_factory.mktemp("policy")
        write_policy(folder, drawn.schemas(), drawn.files, drawn.extra)
        try:
            policy = Policy.load(folder)
        except PolicyError:
            continue
        documents = [draw_document(rng, drawn, policy) for _ in range(8)]
        text = json.dumps(documents, ensure_ascii=False)
        (folder / "documents.json").write_text(text, encoding="utf-8")
        made.append(folder)
    return made


@pytest.fixture(scope="module")
def cases(folders: list[Path]) -> list[Case]:
    return [
        (Policy.load(folder), json.loads((folder / "documents.json").read_bytes()))
        for folder in folders
    ]


@pytest.mark.slow
def test_processes_agree(folders):
    """Hash seeds, locales, time zones, optimisation; the generated code, too."""
    said = set()
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _CHILD, *map(str, folders)],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("LC_")},
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for environment in _ENVIRONMENTS
    ]
    for process, environment in zip(running, _ENVIRONMENTS, strict=True):
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, (environment, errors.decode("utf-8", "replace"))
        said.add(out)
    assert len(said) == 1, said


def shuffled(rng: random.Random, value: Any) -> Any:
    """Return a copy with the members of every object in another order; lists keep theirs."""
    if isinstance(value, list):
        return [shuffled(rng, each) for each in value]
    if not isinstance(value, dict):
        return value
    names = list(value)
    rng.shuffle(names)
    return {name: shuffled(rng, value[name]) for name in names}


def without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(each) for name, each in value.items() if each is not None}


@pytest.mark.slow
def test_order_of_members_does_not_matter(cases):
    rng = random.Random(1)
    for policy, documents in cases:
        for document in documents:
            expected = policy.evaluate(document).to_json()
            for _ in range(5):
                assert policy.evaluate(shuffled(rng, document)).to_json() == expected


def test_null_members_do_not_matter(cases):
    for policy, documents in cases:
        for document in documents:
            expected = policy.evaluate(document).to_json()
            assert policy.evaluate(without_nulls(document)).to_json() == expected


def test_the_way_through_json_text_does_not_matter(cases):
    for policy, documents in cases:
        for document in documents:
            again = json.loads(json.dumps(document, indent=3))
            assert policy.evaluate(again).to_json() == policy.evaluate(document).to_json()


def test_the_document_is_not_changed(cases):
    for policy, documents in cases:
        for document in documents:
            before, text = copy.deepcopy(document), json.dumps(document)
            policy.evaluate(document)
            policy.evaluate(document, as_of=instant(document), digest=False)
            policy.explain(document)
            policy.content_digest(document)
            assert document == before
            assert json.dumps(document) == text


def test_evaluating_leaves_no_trace_for_the_next(cases):
    """Any document first, the other decision is the same."""
    for policy, documents in cases:
        expected = [policy.evaluate(document).to_json() for document in documents]
        backwards = [policy.evaluate(document).to_json() for document in reversed(documents)]
        assert backwards == expected[::-1]


def test_threads_share_a_policy(folders):
    """The first evaluation compiles: eight threads meet there, too."""
    for folder in folders[:1]:
        documents = json.loads((folder / "documents.json").read_bytes())
        single = Policy.load(folder)
        expected = [single.evaluate(document).to_json() for document in documents]
        shared = Policy.load(folder)
        start = threading.Barrier(8)
        wrong: list[object] = []

        def work(
            shared=shared, documents=documents, expected=expected, start=start, wrong=wrong
        ) -> None:
            try:
                start.wait()
                for turn in range(200):
                    index = turn % len(documents)
                    if shared.evaluate(documents[index]).to_json() != expected[index]:
                        wrong.append(index)
            except BaseException as error:  # noqa: BLE001 - a thread must not swallow it
                wrong.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


@pytest.mark.slow
def test_a_policy_loaded_twice_is_the_same(folders):
    for folder in folders:
        one, other = Policy.load(folder), Policy.load(folder)
        assert one.compiled.python() == other.compiled.python()
        assert one.program.digest == other.program.digest


def test_the_instant_of_the_caller_wins(cases):
    for policy, documents in cases:
        for document in documents:
            bare = {name: value for name, value in document.items() if name != "as_of"}
            decision = policy.evaluate(bare, as_of=instant(document))
            assert decision.as_of_source == "caller"
            moved = {**document, "as_of": "2001-01-01T00:00:00Z"}
            again = policy.evaluate(moved, as_of=instant(document))
            assert decision.to_json() == again.to_json()
            own = json.loads(policy.evaluate(document).to_json())
            assert own == {**json.loads(decision.to_json()), "as_of_source": "document"}
