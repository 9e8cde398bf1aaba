"""Identity numbers: fødselsnummer, D-number, H-number, FH-number and synthetic ones.

Sources: folkeregisterforskriften § 2-2-1 (date, individual number, two check digits);
Skatteetaten, "Nytt fødselsnummer fra 2032" (remainders 0 to 3 of the first check digit);
month + 80 is Skatteetaten's Tenor, + 65 Norsk helsenett's test numbers, + 40 both NAV's test
numbers and real H-numbers, so that counts as real.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from operator import mul

from somepolicy.functions.detection import Detection, Strength
from somepolicy.functions.no.everywhere import apart
from somepolicy.functions.no.numbers import (
    VERSION,
    digits,
    gaps,
    groups_of,
    joined,
    masked,
    sizes,
    windows,
)
from somepolicy.functions.no.prepare import Group, Prepared

DETECTOR = "identity_number"
LENGTH = 11
NEW_RULE = datetime.date(2032, 1, 1)

_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_SYNTHETIC_MONTHS = (80, 65)
_REAL_MONTHS = 40
_LATER_DAYS = 40
_ACCOUNT = (4, 2, 5)
_USUAL = frozenset(((11,), (6, 5), (6, 3, 2), (2, 2, 2, 5), (2, 2, 2, 3, 2)))
_LOWER: dict[Strength, Strength] = {"hard": "strong", "strong": "weak", "weak": "weak"}

_Hit = tuple[int, int, Strength, str]
"""Start and end in a text, strength, mask."""


def identity_numbers(text: Prepared, synthetic: bool, day: datetime.date) -> tuple[Detection, ...]:
    """Find identity numbers, in whole groups of digits with up to three signs between them.

    hard: legal by the rule in force on the day; strong: by the rule of 2032 before its time,
    or in a form that speaks against it (a bank account's dots, odd groups that are a part of
    a longer series); weak: a test number, unless `synthetic` lets those count as real, or an
    FH-number. The other texts that a reader may see, where there is markup, are searched as well.
    """
    return apart(
        Detection(DETECTOR, VERSION, strength, "", each.span(start, end), mask)
        for each in (text, *text.others)
        for start, end, strength, mask in _hits(each.text, groups_of(each), synthetic, day)
    )


def number_strength(number: str, synthetic: bool, day: datetime.date) -> Strength | None:
    """Return how strongly eleven digits are an identity number on the day, None for not at all."""
    first, second = remainders(number)
    if second or first > 3:
        return None
    if number[0] in "89":
        return None if first else "weak"
    parts = _parts(number)
    if parts is None:
        return None
    birth_day, month, year, tested = parts
    strength: Strength = "strong" if day < NEW_RULE else "hard"
    if first == 0 and _born(birth_day, month, year, int(number[6:9]), day):
        strength = "hard"
    elif not _exists(2000 + year, month, birth_day):
        return None
    return "weak" if tested and not synthetic else strength


def remainders(number: str) -> tuple[int, int]:
    """Return the remainders modulo 11 of both check sums; (0, 0) is right by the old rule."""
    values = [*map(int, number)]
    return sum(map(mul, _FIRST, values)) % 11, sum(map(mul, _SECOND, values)) % 11


def _parts(number: str) -> tuple[int, int, int, bool] | None:
    """Return day, month, year of the century and whether the number is synthetic."""
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    if day > _LATER_DAYS:
        day -= _LATER_DAYS
    tested = False
    for added in _SYNTHETIC_MONTHS:
        if added < month <= added + 12:
            month, tested = month - added, True
    if _REAL_MONTHS < month <= _REAL_MONTHS + 12:
        month -= _REAL_MONTHS
    return (day, month, year, tested) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _born(birth_day: int, month: int, year: int, individual: int, day: datetime.date) -> bool:
    """Whether date and individual number fit together and the person is born on the day.

    The century follows from the individual number by the table of the old rule.
    """
    if individual < 500:
        century = 1900
    elif individual < 750 and year >= 54:
        century = 1800
    elif year < 40:
        century = 2000
    elif individual >= 900:
        century = 1900
    else:
        return False
    if not _exists(century + year, month, birth_day):
        return False
    return datetime.date(century + year, month, birth_day) <= day


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _hits(
    text: str, groups: Sequence[Group], synthetic: bool, day: datetime.date
) -> Iterator[_Hit]:
    for first, last in windows(text, groups, LENGTH):
        window = groups[first : last + 1]
        strength = number_strength(digits(text, window), synthetic, day)
        if strength is None:
            continue
        if has_account_form(text, window) or _cut(text, groups, first, last):
            strength = _LOWER[strength]
        start, end = window[0][0], window[-1][1]
        yield start, end, strength, masked(text[start:end])


def has_account_form(text: str, window: Sequence[Group]) -> bool:
    """Whether eleven digits are written as bank accounts are: `1234.56.78901`.

    One in a hundred right account numbers is a right identity number as well.
    """
    return sizes(window) == _ACCOUNT and gaps(text, window) == {"."}


def _cut(text: str, groups: Sequence[Group], first: int, last: int) -> bool:
    """Whether the groups are a part of a longer series and not written as a number would be.

    Eleven digits out of a table with blanks between its numbers are right now and then.
    """
    if sizes(groups[first : last + 1]) in _USUAL:
        return False
    after = last + 1 < len(groups) and joined(text, groups[last], groups[last + 1])
    return after or (first > 0 and joined(text, groups[first - 1], groups[first]))
