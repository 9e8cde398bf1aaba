"""Case and journal numbers: how they look is configuration of the municipality."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.numbers import (
    found,
    groups_of,
    words_of,
)
from somepolicy.functions.no.prepare import Group, Prepared, prepare
from somepolicy.lexicon import Lexicon
from somepolicy.patterns import BadPatternError, check_pattern, finder, spans


def make_case_numbers(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector for a word list. Raises ValueError for a pattern that is refused."""
    if words.triggers is None:
        for patterns in words.entries.values():
            for pattern in patterns:
                try:
                    check_pattern(pattern, lambda char: prepare(char).text)
                except BadPatternError as error:
                    raise ValueError(f"the pattern `{pattern}` is refused: {error}") from None
    return lambda text: case_numbers(text, words)


def case_numbers(text: Prepared, words: Lexicon) -> tuple[Detection, ...]:
    """Find case and journal numbers by the patterns of a word list (RE2, in any case).

    `keyword` (strong) matches a word and its number, or a form no other number has; `bare`
    (weak) a number alone, but not school and budget years such as 2023/2024 and 2025/26;
    nothing is found where `public` matches, such as regulations and agenda items.
    The span and the mask go from the first digit to the last.
    """
    source = text.text
    groups = groups_of(text)
    if not groups:
        return ()
    keyword, bare = words_of(words, "keyword"), words_of(words, "bare")
    if not _holds_any(source, keyword + bare):  # one look, where mostly there is nothing
        return ()
    strong = _numbers(source, groups, _matches(source, keyword))
    weak = _numbers(source, groups, _matches(source, bare))
    if not (strong or weak):
        return ()
    public = _matches(source, words_of(words, "public"))
    strong = _clear_of(strong, public)
    weak = _clear_of(_clear_of(weak, public), strong)
    hits = [found("case_number", "strong", text, stretch) for stretch in strong]
    hits += [
        found("case_number", "weak", text, stretch)
        for stretch in weak
        if not _is_span_of_years(source, stretch)
    ]
    return tuple(sorted(hits, key=lambda hit: hit.span))


@lru_cache(maxsize=64)
def _any_of(patterns: tuple[str, ...]) -> str:
    return "(?i)" + "|".join(f"(?:{pattern})" for pattern in patterns)


@lru_cache(maxsize=64)
def _searching(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    return finder(_any_of(patterns))


def _holds_any(source: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns matches; half a surrogate pair leaves it open."""
    try:
        return bool(patterns) and _searching(patterns)(source)
    except UnicodeEncodeError:
        return True


def _matches(source: str, patterns: tuple[str, ...]) -> list[Group]:
    """Return where a pattern matches and no letter or digit adjoins."""
    if not patterns:
        return []
    return [
        (start, end)
        for start, end in spans(_any_of(patterns))(source)
        if not source[start - 1 : start].isalnum() and not source[end : end + 1].isalnum()
    ]


def _numbers(source: str, groups: Sequence[Group], matches: list[Group]) -> list[Group]:
    """Cut each match down to its digits; leave out what goes on as a date or a path does."""
    starts = [start for start, _ in groups]
    numbers: list[Group] = []
    for start, end in matches:
        first, behind = bisect_left(starts, start), bisect_left(starts, end)
        if first == behind:
            continue
        stretch = groups[first][0], groups[behind - 1][1]
        before = source[max(0, stretch[0] - 2) : stretch[0]]
        after = source[stretch[1] : stretch[1] + 2]
        if not _goes_on(before[::-1]) and not _goes_on(after):
            numbers.append(stretch)
    return numbers


def _goes_on(signs: str) -> bool:
    """Whether a sign and a digit adjoin, the sign first."""
    return len(signs) == 2 and signs[0] in "/-." and signs[1].isdigit()


def _clear_of(stretches: list[Group], others: list[Group]) -> list[Group]:
    """Leave out what overlaps one of the others, which are in order and apart."""
    ends = [end for _, end in others]
    kept: list[Group] = []
    for start, end in stretches:
        index = bisect_left(ends, start + 1)
        if index == len(others) or others[index][0] >= end:
            kept.append((start, end))
    return kept


def _is_span_of_years(source: str, stretch: Group) -> bool:
    """Whether the number is a year and the year after it, in four digits or in two."""
    first, _, second = source[slice(*stretch)].partition("/")
    if not (len(first) == 4 and first.isdigit() and second.isdigit()):
        return False
    following = str(int(first) + 1)
    return second in (following, following[2:])
