"""Draw docs/pictures/decision.svg: what the first example of the README writes on a terminal.

Run it when that output changes: `.venv/bin/python .ci/picture.py`.
"""

import os
import pty
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "decision.svg"
ARGUMENTS = ("eval", "examples/post/class-photo.json", "--lang", "en")


def on_a_terminal() -> str:
    """Return what the program writes on a terminal of 100 columns, its colours included."""
    os.environ |= {"COLUMNS": "100", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    os.environ.pop("NO_COLOR", None)
    os.chdir(ROOT)
    written = bytearray()

    def read(descriptor: int) -> bytes:
        written.extend(part := os.read(descriptor, 1024))
        return part

    pty.spawn([sys.executable, "-m", "somepolicy", *ARGUMENTS], read)
    return written.decode().replace("\r\n", "\n")


def drawn(output: str) -> str:
    """Return the picture. It asks no other host: fonts are those of the reader."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=100, file=nowhere, force_terminal=True)
        console.print(Text.assemble(("$ ", "dim"), ("somepolicy " + " ".join(ARGUMENTS), "bold")))
        console.print(Text.from_ansi(output.rstrip("\n")))
        before, _, rest = CONSOLE_SVG_FORMAT.partition("@font-face")
        plain = before + rest[rest.index(".{unique_id}-matrix") :].replace("Fira Code", "Consolas")
        return console.export_svg(
            title="somepolicy", theme=MONOKAI, code_format=plain, unique_id="decision"
        )


if __name__ == "__main__":
    PICTURE.write_text(drawn(on_a_terminal()), encoding="utf-8")
