"""A new process up to its first decision; measured from outside by run.py.

    python bench/cold_start.py nothing|bergen|bergen_uncached|COLUMN [FILE]

FILE holds the artefact of the column and the document. Prints the most memory used, in kB.
"""

import sys
from pathlib import Path


def main() -> None:
    name = sys.argv[1]
    if name.startswith("bergen"):
        import json

        import somepolicy

        example = Path(__file__).parents[1] / "examples" / "post" / "road-closure.json"
        assert somepolicy.evaluate(json.loads(example.read_text(encoding="utf-8"))).allowed
    elif name != "nothing":
        import importlib
        import json

        given = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
        column = importlib.import_module(f"peers.columns.{name}")
        assert len(column.load(given["artefact"])(given["document"])) == 5
    status = Path("/proc/self/status")
    if status.exists():  # the peak of this program alone, unlike ru_maxrss
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        print(peak.split()[1])
    else:
        print(0)


main()
