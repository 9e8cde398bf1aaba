"""One measurement of one column in a process of its own; prints one line of JSON.

    python bench/measure.py COLUMN TASK '{"key": value}' [cpu]

Called by run.py. With `cpu` the times are those this thread was on the processor. Times are in seconds, as [least, median, most] of the loops.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from types import ModuleType

from peers import documents
from peers.conditions import Found, Rule, violated
from peers.rules import EMAIL, forty_rules
from peers.synthetic import rule_set

LOOPS = 7
A_LOOP = 0.02  # seconds, at least
HOSTILE = ("(a+)+$", "(a|aa)+$", "(.*)(.*)(.*)(.*)x$", EMAIL)
TEXTS = ("a", "a@", "å@a-")  # repeated up to the length; no pattern is found in them
LONG = 100_000  # characters


def clock() -> float:
    """Return seconds of the wall clock, or with `cpu` those of this thread on the processor."""
    return time.thread_time() if "cpu" in sys.argv[4:] else time.perf_counter()


def loops(function: Callable, argument: object) -> list[float]:
    """Return [least, median, most] of the seconds a call takes over several loops."""
    function(argument)
    start = clock()
    function(argument)
    once = clock() - start
    number = max(1, min(100_000, int(A_LOOP / max(once, 1e-7))))
    spent = []
    for _ in range(LOOPS if once < 1 else 2):
        start = clock()
        for _ in range(number):
            function(argument)
        spent.append((clock() - start) / number)
    return [min(spent), statistics.median(spent), max(spent)]


def one_pass(function: Callable, passes: list[list]) -> list[float]:
    """Return [least, median, most] of the seconds a call takes where no argument comes twice."""
    spent = []
    for arguments in passes:
        start = clock()
        for argument in arguments:
            function(argument)
        spent.append((clock() - start) / len(arguments))
    return [min(spent), statistics.median(spent), max(spent)]


class Column:
    """A column's module with the forms that it leaves out filled in."""

    def __init__(self, module: ModuleType, folder: str) -> None:
        self.module = module
        self.folder = folder

    def artefact(self, rules: tuple[Rule, ...], synthetic: bool = False) -> object:
        return self.module.prepare(rules, self.folder, synthetic)

    def given(self, rules: tuple[Rule, ...]) -> Callable:
        if hasattr(self.module, "given"):
            return self.module.given(rules)
        return lambda document: document

    def json(self, artefact: object) -> Callable:
        if hasattr(self.module, "load_json"):
            return self.module.load_json(artefact)
        import orjson

        decide, loads = self.module.load(artefact), orjson.loads
        return lambda raw: decide(loads(raw))


def as_json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def check(column: Column, count: int) -> dict:
    """Count the documents on which a column and the oracle differ, from a dict and from JSON."""
    rules = forty_rules()
    artefact = column.artefact(rules)
    decide, decide_json = column.module.load(artefact), column.json(artefact)
    given = column.given(rules)
    seen: set[str] = set()
    wrong = wrong_json = 0
    for document in documents.generated(count):
        expected = violated(rules, document)
        seen |= expected
        whole = given(document)
        wrong += decide(whole) != expected
        wrong_json += decide_json(as_json(whole)) != expected
    return {"wrong": wrong, "wrong_json": wrong_json, "rules_seen": len(seen), "count": count}


def latency(column: Column) -> dict:
    rules = forty_rules()
    artefact, given = column.artefact(rules), column.given(rules)
    decide, decide_json = column.module.load(artefact), column.json(artefact)
    found = {}
    for name, document in (("allowed", documents.allowed()), ("five", documents.five())):
        whole = given(document)
        expect(decide(whole), violated(rules, document))
        found[name] = loops(decide, whole)
        found[f"{name}_json"] = loops(decide_json, as_json(whole))
    passes = [[given(each) for each in documents.generated(1000, seed)] for seed in range(3)]
    found["varied"] = one_pass(decide, passes)
    return found


def rules(column: Column, count: int, shape: str) -> dict:
    """Measure a decision with many rules, and loading them up to the first decision.

    `again` is the same once more, where the column keeps on disk what it worked out.
    """
    made = rule_set(count, shape)
    document = documents.for_synthetic()
    whole = column.given(made)(document)
    artefact = column.artefact(made, synthetic=True)
    start = clock()
    decide = column.module.load(artefact)
    loaded = clock() - start
    got = decide(whole)
    first = clock() - start
    expect(got, violated(made, document))
    found = {"time": loops(decide, whole), "load": [loaded] * 3, "first": [first] * 3}
    given = column.given(made)
    passes = [
        [given(each) for each in documents.varied_for_synthetic(50, seed)] for seed in range(3)
    ]
    found["varied"] = one_pass(decide, passes)
    if getattr(column.module, "CACHES", False):
        start = clock()
        column.module.load(artefact)(whole)
        found["again"] = [clock() - start] * 3
    return found


def size(column: Column, media: int, text: int, document: str) -> dict:
    made = forty_rules()
    whole = getattr(documents, document)(media=media, text=text)
    decide = column.module.load(column.artefact(made))
    given = column.given(made)(whole)
    expect(decide(given), violated(made, whole))
    return {"time": loops(decide, given)}


def regex(column: Column, pattern: int) -> dict:
    """Measure a rule with a hostile pattern on the worst of hostile texts, growing to LONG."""
    made = (Rule("X1", "hostile.c1", Found("text", HOSTILE[pattern])),)
    decide = column.module.load(column.artefact(made))
    document = documents.allowed()
    found = {}
    for length in (LONG // 100, LONG // 10, LONG):
        worst = 0.0
        for part in TEXTS:
            document["text"] = (part * length)[: length - 1] + "!"
            start = clock()
            expect(decide(document), set())
            worst = max(worst, clock() - start)
        found[str(length)] = [worst] * 3
        print(json.dumps(found), flush=True)  # what is known when the time is up
    return found


def batch(column: Column, count: int) -> dict:
    """Measure documents a second from lines of JSON, one process, answers collected."""
    made = forty_rules()
    given = column.given(made)
    lines = [as_json(given(document)) for document in documents.generated(count)]
    artefact = column.artefact(made)
    many = getattr(column.module, "load_many", None)
    decide_all = many(artefact) if many else None
    decide = None if many else column.json(artefact)
    for line in lines[:50]:
        decide_all([line]) if decide is None else decide(line)
    start = clock()
    answers = decide_all(lines) if decide is None else [decide(line) for line in lines]
    spent = clock() - start
    assert len(answers) == count
    return {"per_second": [count / spent] * 3}


def expect(got: set[str], expected: set[str]) -> None:
    if got != expected:
        raise AssertionError(f"wrong answer: {sorted(got ^ expected)[:5]} differ")


def main() -> None:
    name, task, arguments = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SOMEPOLICY_CACHE"] = f"{folder}/cache"  # empty, and not the user's own
        column = Column(importlib.import_module(f"peers.columns.{name}"), folder)
        found = globals()[task](column, **json.loads(arguments))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
