"""`evaluate_many` answers as a loop of `evaluate` does, in one process or several."""

from __future__ import annotations

import datetime
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import InvalidDocument, Policy, PolicyError, WorkerError, evaluate_many, parse_json
from somepolicy.engine.decision import Decision
from somepolicy.processes import pool as pools
from tests.batch.batch_cases import AS_OF, documents, line, post
from tests.examples import examples

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def told(answer: Decision | InvalidDocument) -> object:
    return answer.to_json() if isinstance(answer, Decision) else answer.errors


def looped(policy: Policy, given: list[object], **options: object) -> list[object]:
    """Return what a loop of `evaluate` gives."""
    found: list[object] = []
    for each in given:
        try:
            document = parse_json(each) if isinstance(each, bytes) else each
            found.append(policy.evaluate(document, **options).to_json())  # type: ignore[arg-type]
        except InvalidDocument as error:
            found.append(error.errors)
    return found


class Odd:
    """No value of JSON, and of no other process either."""


ODD = [
    post(1),
    Odd(),
    {"kind": Odd()},
    None,
    3,
    b"{",
    b"",
    {1: 2},
    {"kind": {1, 2}},
    b"NaN",
    post(2),
]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("options", [{}, {"as_of": NOON, "digest": False}])
def test_one_bad_document_does_not_stop_the_rest(
    policy: Policy, jobs: int, options: dict[str, object]
) -> None:
    answers = list(evaluate_many(ODD, policy=policy, jobs=jobs, **options))  # type: ignore[arg-type]
    assert [told(each) for each in answers] == looped(policy, ODD, **options)
    assert [isinstance(each, InvalidDocument) for each in answers] == [False, *[True] * 9, False]


def test_nothing_is_answered_with_nothing(policy: Policy) -> None:
    assert (
        list(evaluate_many([], policy=policy))
        == list(evaluate_many([], policy=policy, jobs=2))
        == []
    )


@pytest.mark.slow
def test_three_processes_keep_the_order(policy: Policy) -> None:
    given = [post(number) for number in range(1000)]
    answers = list(evaluate_many(given, policy=policy, jobs=3))
    assert [each.document.id for each in answers if isinstance(each, Decision)] == [
        each["id"] for each in given
    ]


DOCUMENT = st.one_of(
    st.integers(0, 20).map(post),
    st.integers(0, 20).map(post).map(line),
    st.builds(post, st.integers(0, 9), ratio=st.floats(allow_nan=False), kindly=st.booleans()),
    st.sampled_from([b"{", b'{"kind":"post","kind":"post"}', {"kind": "pots"}, post(colour=1)]),
)


@pytest.mark.slow
@examples(4)
@given(st.lists(DOCUMENT, max_size=40))
def test_two_processes_give_the_same_bytes(policy: Policy, given: list[object]) -> None:
    many = [told(each) for each in evaluate_many(given, policy=policy, jobs=2)]
    assert many == looped(policy, given)


@pytest.mark.slow
def test_decisions_are_whole_after_the_journey(policy: Policy) -> None:
    (answer,) = evaluate_many([post(1)], policy=policy, jobs=2)
    assert answer == policy.evaluate(post(1))
    assert pickle.loads(pickle.dumps(answer)) == answer


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_documents_may_never_end(policy: Policy, jobs: int) -> None:
    taken = count()

    def endless() -> Iterator[object]:
        for number in taken:
            yield post(number)

    answers = evaluate_many(endless(), policy=policy, jobs=jobs)
    assert len(list(islice(answers, 10))) == 10
    answers.close()  # type: ignore[attr-defined]
    assert next(taken) <= (10 if jobs == 1 else 2 * 2 * 256)


def test_an_error_of_the_documents_is_the_callers(policy: Policy) -> None:
    def broken() -> Iterator[object]:
        yield post(1)
        raise LookupError

    with pytest.raises(LookupError):
        list(evaluate_many(broken(), policy=policy, jobs=2))


@pytest.mark.parametrize(
    "options",
    [{"as_of": datetime.datetime(2026, 1, 1)}, {"jobs": -1}],  # noqa: DTZ001
)
def test_what_cannot_be_asked_is_told_at_once(policy: Policy, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"as_of is|jobs is"):
        evaluate_many([], policy=policy, **options)  # type: ignore[arg-type]


def test_the_installed_policy_is_the_default() -> None:
    (answer,) = evaluate_many([{"kind": "nothing"}])
    assert isinstance(answer, InvalidDocument)
    assert answer.errors[0].code == "D202"


# --- workers


@pytest.mark.slow
def test_a_worker_that_is_killed_is_an_error_and_no_hang(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    popen = subprocess.Popen

    def start(*args: object, **options: object) -> object:
        process = popen(*args, **options)  # type: ignore[call-overload]
        started.append(process.pid)
        return process

    monkeypatch.setattr(pools.subprocess, "Popen", start)
    answers = evaluate_many(map(post, count()), policy=policy, jobs=2)
    next(answers)
    os.kill(started[1], signal.SIGKILL)
    timer = threading.Timer(30, os._exit, [3])  # a hang would be no failure
    timer.start()
    with pytest.raises(WorkerError, match=r"was killed by signal 9; is there enough memory"):
        list(answers)
    timer.cancel()


@pytest.mark.slow
def test_a_policy_that_its_folder_does_not_hold(policy: Policy, tmp_path: Path) -> None:
    moved = Policy(tmp_path, evaluator=policy.evaluator)
    with pytest.raises(PolicyError, match="P115"):
        list(evaluate_many([post(1)], policy=moved, jobs=2))


@pytest.mark.slow
def test_a_policy_that_has_changed(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    policy = Policy.load(tmp_path)
    policy.evaluate(post(1))
    rules = tmp_path / "quay.pol"
    rules.write_text(rules.read_text().replace("<= 100", "<= 200"))
    with pytest.raises(WorkerError, match="is not the one that was loaded"):
        list(evaluate_many([post(1)], policy=policy, jobs=2))


@pytest.mark.slow
def test_a_script_needs_no_guard(folder: Path, tmp_path: Path) -> None:
    """Workers do not run the main module again, as those of multiprocessing would."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom somepolicy import Policy, evaluate_many\n"
        f"documents = [{{'kind': 'post', 'id': 'a', 'as_of': {AS_OF!r}, 'length': 3}}] * 300\n"
        "policy = Policy.load(sys.argv[1])\n"
        "print(sum(each.allowed for each in evaluate_many(documents, policy=policy, jobs=2)))\n"
    )
    done = subprocess.run(
        [sys.executable, script, folder], capture_output=True, check=True, text=True
    )
    assert (done.stdout, done.stderr) == ("300\n", "")


def test_lines_are_decided_like_documents(policy: Policy) -> None:
    given: list[object] = list(documents(20).splitlines())
    assert [told(each) for each in evaluate_many(given, policy=policy)] == looped(policy, given)
