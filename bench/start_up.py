"""The start of the command line, above a Python that does nothing: `python bench/start_up.py [ROUNDS]`.

Processor time of processes that take turns, in medians; modules and policy are warm.
"""

import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAIN = "from somepolicy.cli import main; main()"
NOTHING = ("-c", "pass")
COMMANDS = {
    "`--version`": ("--version",),
    "`eval`, allowed": ("eval", "examples/post/road-closure.json"),
    "`eval`, denied": ("eval", "examples/post/class-photo.json"),
    "`eval --format json`": ("eval", "examples/post/class-photo.json", "--format", "json"),
}


def seconds(arguments: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    cases = {"nothing": NOTHING, **{name: ("-c", MAIN, *each) for name, each in COMMANDS.items()}}
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, each in cases.items():
            found = seconds(each)
            if number:  # the first round warms what is kept
                taken[name].append(found)
    base = statistics.median(taken["nothing"])
    print("| start | ms above Python |\n| --- | --- |")
    for name in COMMANDS:
        print(f"| {name} | {1000 * (statistics.median(taken[name]) - base):.0f} |")


main()
