"""Texts to throw at the language: anything, words of the language, and policies gone wrong."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
GRAMMAR = resources.files("somepolicy.syntax").joinpath("grammar.lark").read_text("utf-8")
POLICIES = sorted((ROOT / "policy" / "bergen").rglob("*.pol"))

_TOKEN = re.compile(r'"(?:[^"\n]|"")*"|#[^\n]*|\n|[ \t]+|[\w.\[\]]+|.')
_KEYWORDS = sorted(set(re.findall(r'"([a-z]+)"', GRAMMAR)))
_WORDS = st.sampled_from(
    [
        *_KEYWORDS,
        *(
            "(",
            ")",
            ",",
            "=",
            "==",
            "!=",
            "<",
            ">=",
            "+",
            "-",
            ":",
            "[0]",
            "{",
            "}",
            "!",
            "&&",
            "«",
        ),
        *("a", "a.b", "post.media", "item", "æ", "ï", "x[1].y", "1", "1.5", "-1", "0" * 20),
        *("2026-11-22", "2026-13-01", "22.11.2026", "1,5", "2026-11-22T12:00:00Z"),
        *('""', '"x"', '"{a"', '"', '"\\b"', "/a/b", "3.b4", "d6191c75de45", "# x\n", "\n", "\t"),
    ]
)


def tokens(text: str) -> list[str]:
    """Split a policy into its words, signs, texts, comments and white space."""
    return _TOKEN.findall(text)


soup = st.lists(_WORDS, max_size=60).map(" ".join)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """Delete, double, swap or replace a few tokens of a text, or cut it."""
    found = tokens(text)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(found) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "replace", "cut"])):
            case "delete":
                del found[place : place + draw(st.integers(1, 3))]
            case "double":
                found.insert(place, found[place])
            case "swap":
                other = draw(st.integers(0, len(found) - 1))
                found[place], found[other] = found[other], found[place]
            case "replace":
                found[place] = draw(_WORDS)
            case _:
                found = found[: place + 1]
        if not found:
            break
    return "".join(found)


@st.composite
def mutated_bytes(draw: st.DrawFn, raw: bytes) -> bytes:
    """Put bytes that do not belong there into a file."""
    place = draw(st.integers(0, len(raw)))
    noise = draw(st.binary(min_size=1, max_size=4))
    return raw[:place] + noise + raw[place + draw(st.integers(0, 3)) :]
