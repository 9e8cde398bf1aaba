"""First figures: one decision, a new process, the command line. Prints medians.

    python bench/first_figures.py

Run it in the environment somepolicy is installed in, on an otherwise idle machine.
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


def per_call(function, repeat=7, number=300):
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        for _ in range(number):
            function()
        runs.append((time.perf_counter() - start) / number)
    return statistics.median(runs)


def processes(arguments, repeat=7):
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        runs.append(float(done.stdout) if "-c" in arguments else time.perf_counter() - start)
    return statistics.median(runs)


def main():
    import somepolicy

    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    somepolicy.evaluate(document)
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    warm = per_call(lambda: somepolicy.evaluate(document)) * 1e6
    bare = per_call(lambda: somepolicy.evaluate(document, digest=False)) * 1e6
    print(f"evaluate(), road closure: {warm:.0f} µs; digest=False: {bare:.0f} µs")
    first = processes([sys.executable, "-c", FIRST_DECISION]) * 1e3
    print(f"import and first decision in a new process: {first:.0f} ms")
    command = [sys.executable, "-m", "somepolicy", "eval", str(DOCUMENT)]
    print(f"somepolicy eval, whole process: {processes(command) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
