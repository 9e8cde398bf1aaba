"""Texts that go with pictures: alternative text and credit lines."""

from __future__ import annotations

from collections.abc import Callable

from somepolicy.functions.detection import Detection
from somepolicy.functions.detectors.phrases import Phrases, entries, groups, split
from somepolicy.functions.detectors.prepare import Prepared
from somepolicy.functions.lexicon import Lexicon

_LONGEST_ALT = 250
_NEAR_END = 300
_SHOWN_NAME = ("@", "©")


def make_alt_text_problems(words: Lexicon) -> Callable[[str, str], tuple[Detection, ...]]:
    """Return the detector `alt_text` for a word list.

    Groups, each also per language (`nb_needless`): `needless` openings such as `bilde av`;
    `nothing_said`, texts that say no more than that there is a picture; `file_ending`;
    `file_start`, what cameras and phones begin a file name with. Raises ValueError.
    """
    needless = Phrases(groups(words, "needless"))
    nothing_said = frozenset(entries(words, "nothing_said"))
    endings = tuple(f".{ending}" for ending in entries(words, "file_ending"))
    starts = entries(words, "file_start")

    def alt_text_problems(alt: str, body: str) -> tuple[Detection, ...]:
        """Find what makes an alternative text poor; all `weak`, spans in the alternative text.

        At most one of: a file name, nothing but "picture", the same as the text of the post;
        then a needless opening; and more than 250 characters. An empty one is no matter here.
        """
        plain = " ".join(alt.split()).lower()
        if not plain:
            return ()
        found = []
        if problem := _whole(plain, body):
            found.append(_problem((0, len(alt)), problem))
        elif opening := _opening(alt):
            found.append(_problem(opening, "begins by saying that it is a picture"))
        if len(alt) > _LONGEST_ALT:
            found.append(_problem((_LONGEST_ALT, len(alt)), "longer than 250 characters"))
        return tuple(found)

    def _whole(plain: str, body: str) -> str | None:
        if plain.endswith(endings) or _camera_name(plain, starts):
            return "a file name"
        if plain.strip(" .") in {"", *nothing_said}:
            return "says only that there is a picture"
        if plain == " ".join(body.split()).lower():
            return "the same as the text"
        return None

    def _opening(alt: str) -> tuple[int, int] | None:
        split_text = split(alt[:_LONGEST_ALT])
        hits = needless.find(split_text)
        if not hits or hits[0].first:
            return None
        return split_text.places[0][0], split_text.places[hits[0].last - 1][1]

    return alt_text_problems


def make_credit_lines(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `credit` for a word list.

    Groups, each also per language (`nb_credit_word`): `credit_word`, words that credit when a
    colon and a name follow; `credit_mark`, signs that credit when a name follows. Raises
    ValueError.
    """
    credit_words = frozenset(entries(words, "credit_word"))
    marks = entries(words, "credit_mark")

    def credit_lines(text: Prepared) -> tuple[Detection, ...]:
        """Find credit lines in the last 300 characters: `strong`, and good news.

        The span ends before the name.
        """
        start = max(0, len(text.text) - _NEAR_END)
        end = text.text[start:]
        found = [*_after_words(end, credit_words), *_after_marks(end, marks)]
        return tuple(
            Detection(
                "credit", "1", "strong", "", text.span(start + first, start + last),
                f"credit line ({shown})",
            )
            for first, last, shown in sorted(found)
        )

    return credit_lines


def _problem(span: tuple[int, int], problem: str) -> Detection:
    return Detection("alt_text", "1", "weak", "", span, f"alternative text: {problem}")


def _camera_name(plain: str, starts: tuple[str, ...]) -> bool:
    """Whether a text is what a camera calls its pictures: a known start, then no letters."""
    return any(
        plain.startswith(start) and _numbered(plain.removeprefix(start)) for start in starts
    )


def _numbered(rest: str) -> bool:
    return rest[-1:].isdecimal() and not any(char.isalpha() or char == " " for char in rest)


def _after_words(end: str, credit_words: frozenset[str]) -> list[tuple[int, int, str]]:
    """Return the places of credit words with a colon and something after it."""
    found, colon = [], end.find(":")
    while colon >= 0:
        first = colon
        while first and (end[first - 1].isalpha() or end[first - 1] in "./"):
            first -= 1
        shown = end[first:colon].lower()
        named = _names_someone(end[colon + 1 :])
        if named and (shown in credit_words or shown.partition("/")[0] in credit_words):
            found.append((first, colon + 1, shown.partition("/")[0]))
        colon = end.find(":", colon + 1)
    return found


def _after_marks(end: str, marks: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Return the places of credit marks with a name after them."""
    found = []
    for mark in marks:
        at = end.find(mark)
        while at >= 0:
            after = at + len(mark)
            if _names_someone(end[after:].lstrip("\ufe0f:")):
                found.append((at, after, mark))
            at = end.find(mark, after)
    return found


def _names_someone(rest: str) -> bool:
    """Whether a name or a handle follows on the same line."""
    line = rest.partition("\n")[0].strip(" \t")
    return bool(line) and (line[0].isupper() or line[0].isdecimal() or line.startswith(_SHOWN_NAME))
