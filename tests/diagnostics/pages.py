"""The pages of docs/diagnostics: what each code stands for, a mistake, its message, the mend.

One page per code is made from the code's examples, their golden messages, and `right/CODE.pol`
or `right/CODE/`, which is added to the base policy; where there is neither, the files of the
base policy are right. `pytest tests/diagnostics/test_pages.py --rewrite-golden` writes the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from somepolicy.rendering.plain_text import printable
from somepolicy.syntax.codes import CODES, severity
from tests.diagnostics.example_policy import BASE, FLAGS

HERE = Path(__file__).parent
PAGES = HERE.parents[1] / "docs" / "diagnostics"
RIGHT = HERE / "right"
_NOTE = re.compile(r"\s*###(\s.*)?$", re.MULTILINE)
_LONGEST = 140

GROUPS = {
    "P1": "Text and syntax",
    "P2": "Names",
    "P3": "Types",
    "P4": "Fidelity to the clauses",
    "P5": "Bounds",
    "P6": "Manifest, schemas and word lists",
    "P7": "Warnings",
    "P8": "Tests of a policy",
}

# What nobody wants to read a megabyte for: put in words.
TOO_LARGE = {
    "P502": (
        "A file of more than 1 MiB.",
        "the file has 1048577 bytes, the most is 1048576",
        "Split the file: a policy may have as many as it needs.",
    ),
    "P503": (
        "A policy with more than 20 000 declarations of one kind.",
        "a policy has at most 20000 declarations of one kind",
        "Leave out what is not used, or split the policy.",
    ),
}

DOCUMENT_CODES = {
    "D001": ("the file cannot be read", "Is the name right, and may you read the file?"),
    "D002": ("there is no document", "A folder needs files in JSON, a list at least one document."),
    "D101": ("the text is not UTF-8", "Save the file as UTF-8."),
    "D102": ("the text is empty", "Write a document: at least `kind` and `id`."),
    "D103": ("the text is not JSON", "Mend it at the line and column given."),
    "D104": ("a member stands twice in one object", "Delete one of the two."),
    "D105": ("a number is not one of JSON, or too large", "No `NaN`, no `Infinity`, fewer digits."),
    "D106": ("the text is too long", "The most is 8 MiB for one document."),
    "D107": ("lists and objects are nested too deep", "The most is 64 levels."),
    "D201": ("a document is an object", "Write `{…}`, not a list, a text or a number."),
    "D202": ("`kind` is missing or unknown", "Write one of the kinds the message lists."),
    "D203": ("the document has too many values", "Leave out what the schema does not ask for."),
    "D204": ("a value is not one of JSON", "From Python: only what `json.loads` gives back."),
    "D205": ("a number lies beyond what JSON can exchange", "Integers lie within ±(2^53−1)."),
    "D206": ("a text holds half of a surrogate pair", "Encode the text anew, as UTF-8."),
    "D207": ("a list holds `null`", "Leave the element out."),
    "D301": ("an unknown field", "Mind the spelling; the message names the nearest field."),
    "D302": ("a required field is missing", "State the field."),
    "D303": ("a value does not fit the schema", "The message says what is asked for."),
}

Files = Mapping[str, bytes]


def examples(code: str) -> list[Path]:
    return sorted(HERE.glob(f"{code}-*"))


def wrong(example: Path) -> Files:
    """Return the files of an example under the names its message uses."""
    if example.is_file():
        return {f"try/{example.name}": example.read_bytes()}
    found = (path for path in example.rglob("*") if path.is_file() and path.name != "expected.txt")
    return {path.relative_to(example).as_posix(): path.read_bytes() for path in sorted(found)}


def right(code: str) -> Files:
    """Return the files that are added to the base policy and make nothing wrong."""
    single, several = RIGHT / f"{code}.pol", RIGHT / code
    if single.is_file():
        return {f"try/{code}.pol": single.read_bytes()}
    if several.is_dir():
        return wrong(several)
    names = [name for example in examples(code) for name in wrong(example)]
    return {name: (BASE / name).read_bytes() for name in names if (BASE / name).is_file()}


@cache
def pages() -> dict[str, str]:
    """Return every page by its file name."""
    made = {f"{code}.md": "\n".join(_page(code)) + "\n" for code in CODES}
    return {**made, "documents.md": "\n".join(_documents()) + "\n", "index.md": _index()}


def _page(code: str) -> Iterator[str]:
    yield f"# {code}: {CODES[code]}"
    yield ""
    group = GROUPS[code[:2]]
    yield f"{severity(code).capitalize()} · {group} · [all codes](index.md)"
    if code in TOO_LARGE:
        mistake, message, mend = TOO_LARGE[code]
        yield from ("", "## Wrong", "", mistake, "", "```text", message, "```")
        yield from ("", "## Right", "", mend)
        return
    found = examples(code)
    for number, example in enumerate(found, 1):
        yield from ("", f"## Wrong{f' ({number})' if len(found) > 1 else ''}", "")
        yield from _files(wrong(example))
        golden = (HERE / "golden" / f"{example.stem}.txt").read_text(encoding="utf-8")
        yield from ("", f"What `somepolicy check{FLAGS.get(code, '')}` says:", "")
        yield from _block("text", golden)
    yield from ("", "## Right", "")
    yield from _files(right(code))


def _files(files: Files) -> Iterator[str]:
    for number, (name, content) in enumerate(files.items()):
        if number:
            yield ""
        if name.partition("/")[0] != "try":
            yield from (f"`{name}`:", "")
        language = {"pol": "pol", "json": "json", "toml": "toml"}[name.rpartition(".")[2]]
        yield from _block(language, content.decode("utf-8", "replace"))


def _block(language: str, text: str) -> Iterator[str]:
    yield f"```{language}"
    for line in _NOTE.sub("", text).rstrip("\n").split("\n"):
        shown = printable(line)
        yield f"{shown[:_LONGEST]} …" if len(shown) > _LONGEST else shown.rstrip()
    yield "```"


def _index() -> str:
    lines = [
        "# Diagnostics",
        "",
        (
            "What `somepolicy check` and `somepolicy test` say of a policy. A code never changes its "
            "meaning. Each page shows a mistake, the message, and how it is right. What is wrong with "
            "a *document* is listed in [documents](documents.md)."
        ),
    ]
    for prefix, title in GROUPS.items():
        lines += ["", f"## {title}", "", "| code | stands for |", "|---|---|"]
        lines += [
            f"| [{code}]({code}.md) | {told} |"
            for code, told in CODES.items()
            if code.startswith(prefix)
        ]
    return "\n".join(lines) + "\n"


def _documents() -> Iterator[str]:
    yield "# D: what is wrong with a document"
    yield ""
    yield (
        "Reported by `somepolicy eval`, `digest` and `detect`, and by `InvalidDocument.errors`, each "
        "with the JSON Pointer of its place. A message never shows text of the document. "
        "[All codes](index.md)"
    )
    titles = {"D0": "Files", "D1": "JSON", "D2": "Size and form", "D3": "Schema"}
    for prefix, title in titles.items():
        yield from ("", f"## {title}", "", "| code | stands for | mend |", "|---|---|---|")
        for code, (told, mend) in DOCUMENT_CODES.items():
            if code.startswith(prefix):
                yield f"| {code} | {told} | {mend} |"
