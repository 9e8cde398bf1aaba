"""What the detectors of numbers share: groups of digits, check sums, words before, masks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from operator import mul

from somepolicy.functions.detection import Detection, Strength
from somepolicy.functions.no.prepare import Group, Prepared, digit_groups
from somepolicy.lexicon import Lexicon

VERSION = "1"
WIDEST_GAP = 3
_REACH = 24


def groups_of(text: Prepared) -> tuple[Group, ...]:
    """Return the groups of digits of a prepared text."""
    return digit_groups(text.text) if text.groups is None else text.groups


def joined(text: str, before: Group, after: Group) -> bool:
    """Whether two groups may be parts of one number: up to three characters, no letter, between."""
    start, end = before[1], after[0]
    return end - start <= WIDEST_GAP and not any(map(str.isalnum, text[start:end]))


def windows(text: str, groups: Sequence[Group], total: int) -> Iterator[tuple[int, int]]:
    """Yield first and last index of neighbouring whole groups that hold `total` digits."""
    first = held = 0
    for last, (start, end) in enumerate(groups):
        if last and not joined(text, groups[last - 1], groups[last]):
            first, held = last, 0
        held += end - start
        while held > total:
            held -= groups[first][1] - groups[first][0]
            first += 1
        if held == total:
            yield first, last


def digits(text: str, groups: Iterable[Group]) -> str:
    """Return the digits of the groups without what stands between them."""
    return "".join([text[start:end] for start, end in groups])


def sizes(groups: Iterable[Group]) -> tuple[int, ...]:
    """Return how many digits each group holds."""
    return tuple([end - start for start, end in groups])


def gaps(text: str, groups: Sequence[Group]) -> set[str]:
    """Return the different stretches between neighbouring groups."""
    return {text[one[1] : other[0]] for one, other in pairwise(groups)}


def luhn(number: str) -> bool:
    """Whether the last digit is right by MOD10 (ISO/IEC 7812-1 annex B)."""
    values = [*map(int, reversed(number))]
    doubled = sum(map(int, "".join([str(2 * value) for value in values[1::2]])))
    return (sum(values[::2]) + doubled) % 10 == 0


def mod11(number: str, weights: Sequence[int]) -> bool:
    """Whether the weighted sum of the digits, check digit included, is a multiple of 11."""
    total: int = sum(map(mul, weights, map(int, number)))
    return total % 11 == 0


def words_of(lexicon: Lexicon, group: str) -> tuple[str, ...]:
    """Return the entries of a group, none if the list has no such group."""
    return lexicon.entries.get(group, ())


def word_before(text: str, start: int, words: Iterable[str]) -> bool:
    """Whether one of the whole words ends at most 24 characters before, no digit between."""
    floor = max(0, start - _REACH - 1)
    before = text[floor:start].casefold()
    for word in words:
        at = before.rfind(word)
        if at < 0 or (before[at - 1].isalnum() if at else floor > 0):
            continue
        between = before[at + len(word) :]
        if not between[:1].isalnum() and not any(map(str.isdigit, between)):
            return True
    return False


def amount(text: str, start: int, end: int, words: Lexicon) -> bool:
    """Whether a unit stands next to the number: a word of the group `amount`, `,-` or `%`."""
    before = text[max(0, start - _REACH) : start].rstrip(" .:")
    after = text[end : end + _REACH].lstrip(" ")
    if after.startswith((",-", "%", "€", "$")) or before.endswith(("€", "$")):
        return True
    word_after = "".join(takewhile(str.isalpha, after))
    word_ahead = "".join(takewhile(str.isalpha, reversed(before)))[::-1]
    units = words_of(words, "amount")
    return word_after.casefold() in units or word_ahead.casefold() in units


def masked(stretch: str) -> str:
    """Return the form alone: `#` for a digit, `x` for a letter, plain signs as they are."""
    return "".join(
        [
            "#" if char.isdigit() else "x" if char.isalpha() else char if char in " .-/:" else " "
            for char in stretch
        ]
    )


def found(
    detector: str, strength: Strength, text: Prepared, stretch: Group, mask: str | None = None
) -> Detection:
    """Return the detection of a stretch of the prepared text, masked by its form."""
    start, end = stretch
    shown = masked(text.text[start:end]) if mask is None else mask
    return Detection(detector, VERSION, strength, "", text.span(start, end), shown)
