"""What a column loads in a new process, made beforehand: artefact and document, as JSON.

python bench/peers/artefact.py COLUMN FILE FOLDER
"""

import importlib
import json
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # where `peers` is
    from peers.documents import five
    from peers.rules import forty_rules

    name, file, folder = sys.argv[1:]
    column = importlib.import_module(f"peers.columns.{name}")
    rules = forty_rules()
    document = five()
    if hasattr(column, "given"):
        document = column.given(rules)(document)
    made = {"artefact": column.prepare(rules, folder, False), "document": document}
    Path(file).write_text(json.dumps(made), encoding="utf-8")
