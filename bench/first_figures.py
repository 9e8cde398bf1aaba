"""One decision of the installed policy, where its time goes, and what a new process costs.

    python bench/first_figures.py

Run it in the environment somepolicy is installed in, on an otherwise idle machine. Medians of
several runs; a decision is on the road-closure post of the examples, all detectors included.
"""

import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "examples" / "post" / "road-closure.json"
FIRST_DECISION = (
    "import json, time; t = time.perf_counter(); import somepolicy; "
    f"somepolicy.evaluate(json.load(open({str(DOCUMENT)!r}))); print(time.perf_counter() - t)"
)


def per_call(function, repeat=9, number=300):
    """Return the median time of a call, in microseconds."""
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        for _ in range(number):
            function()
        runs.append((time.perf_counter() - start) / number)
    return statistics.median(runs) * 1e6


def processes(arguments, repeat=9):
    """Return the median of what processes print, or take as a whole, in milliseconds."""
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        runs.append(float(done.stdout) if "-c" in arguments else time.perf_counter() - start)
    return statistics.median(runs) * 1e3


def parts(policy, document):
    """Yield what a decision consists of, with the time of each part in microseconds."""
    from somepolicy.engine.evaluator import Evaluating
    from somepolicy.functions.no.prepare import prepare

    evaluator = policy.evaluator
    kind, clean, moment, source = policy.validate(document, None)
    ranking = evaluator._kinds[kind]
    descriptor = ranking.assembler.kind

    def ran():
        run = Evaluating(evaluator, descriptor, clean, moment)
        return run, ranking.citations(clean, run)

    run, citations = ran()
    functions = sum(
        per_call(lambda key=key: call_of(evaluator, run, key)(), number=100) for key in run._called
    )
    prepared = sum(per_call(lambda text=text: prepare(text), number=100) for text in run._prepared)
    prepared += sum(
        per_call(lambda make=make, text=text: make(text, run._prepared[text]), number=100)
        for make, text in run._measured
    )
    ranked = per_call(ran)
    yield "admitting the document", per_call(lambda: policy.validate(document, None))
    yield "preparing and measuring its texts", prepared
    yield "detectors and other functions of texts", functions
    yield "the rules themselves", ranked - functions - prepared
    assembler = ranking.assembler
    yield (
        "putting the decision together",
        per_call(lambda: assembler.decision(run, run.unmet, citations, source, digest=False)),
    )
    yield (
        "the digest of the content",
        per_call(lambda: policy.content_digest(document))
        - per_call(lambda: policy.validate(document, None)),
    )


def call_of(evaluator, run, key):
    """Return a function call of a decision, on the text it has prepared."""
    from somepolicy.functions.table import FUNCTIONS

    name, text, *others = key
    row = FUNCTIONS[name]
    day = (run.as_of.date(),) if row.dated else ()
    prepared = run._ready(row.prepare, text)
    return lambda: evaluator.library[name](prepared, *others, *day)


def main():
    from somepolicy.installed import installed_policy

    policy = installed_policy()
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    policy.evaluate(document).to_json()  # as a service, which has loaded all it needs
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print("| one decision, road closure | µs |\n| --- | ---: |")
    for name, micro in parts(policy, document):
        print(f"| {name} | {micro:.1f} |")
    print(
        f"| all, `digest=False` | {per_call(lambda: policy.evaluate(document, digest=False)):.0f} |"
    )
    print(f"| all | {per_call(lambda: policy.evaluate(document)):.0f} |")
    print("\n| a new process | ms |\n| --- | ---: |")
    print(
        f"| import and first decision | {processes([sys.executable, '-c', FIRST_DECISION]):.0f} |"
    )
    command = [sys.executable, "-m", "somepolicy", "eval", str(DOCUMENT)]
    print(f"| `somepolicy eval`, the whole process | {processes(command):.0f} |")
    tests = [sys.executable, "-m", "somepolicy", "test"]
    print(f"| `somepolicy test`, the whole process | {processes(tests, 5):.0f} |")


if __name__ == "__main__":
    main()
