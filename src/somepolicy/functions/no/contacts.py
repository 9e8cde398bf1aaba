"""Telephone numbers and e-mail addresses: advice, since many of them are meant to be there."""

from __future__ import annotations

from collections.abc import Sequence

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.numbers import (
    amount,
    digits,
    found,
    gaps,
    groups_of,
    sizes,
    words_of,
)
from somepolicy.functions.no.prepare import Group, Prepared
from somepolicy.lexicon import Lexicon

# --- telephone numbers

_FORMS = ((8,), (2, 2, 2, 2), (3, 2, 3))
_GAPS: tuple[set[str], ...] = ({" "}, {"."}, {"-"}, set())
_FOREIGN_GAPS = frozenset((" ", ".", "-", ") ", " (", ")", "("))
_FOREIGN_DIGITS = range(8, 16)
_NATIONAL = 8


def telephones(text: Prepared, words: Lexicon) -> tuple[Detection, ...]:
    """Find telephone numbers, weak: eight digits in usual groups, or with `+` or `00` before.

    Not those of the group `telephones`, where `*` at the end stands for any digits; not
    amounts (words of `amount`), dates, parts of longer numbers or of web addresses.
    """
    source, groups = text.text, groups_of(text)
    hits: list[Detection] = []
    allowed = words_of(words, "telephones")
    index = 0
    while index < len(groups):
        count = _foreign(source, groups, index) or _norwegian(source, groups, index, words)
        if count:
            window = groups[index : index + count]
            if not _allowed(digits(source, window), allowed):
                hits.append(found("telephone", "weak", text, (window[0][0], window[-1][1])))
        index += max(1, count)
    return tuple(hits)


def _foreign(source: str, groups: Sequence[Group], index: int) -> int:
    """Return how many groups the number with a country code before takes, else 0."""
    start, end = groups[index]
    plus = source[start - 1 : start] == "+" and not source[start - 2 : start - 1].isalnum()
    zeros = source.startswith("00", start) and not source[start - 1 : start].isalnum()
    if not (plus or zeros):
        return 0
    code = source[start + 2 * (not plus) : end][:15]
    total, taken = 0, 0
    most = 2 + _NATIONAL if code.startswith("47") else _FOREIGN_DIGITS.stop - 1
    for last in range(index, len(groups)):
        if last > index and source[groups[last - 1][1] : groups[last][0]] not in _FOREIGN_GAPS:
            break
        total += groups[last][1] - groups[last][0] - 2 * (zeros and not plus and last == index)
        if total > most:
            break
        taken = last - index + 1 if total in _FOREIGN_DIGITS else 0
        if total == most:
            break
    return taken if most != 2 + _NATIONAL or total == most else 0


def _norwegian(source: str, groups: Sequence[Group], index: int, words: Lexicon) -> int:
    """Return how many groups the Norwegian number that begins at one takes, 0 if none does."""
    start, end = groups[index]
    if source[start] in "01":
        return 0
    for form in _FORMS:
        if end - start != form[0]:
            continue
        window = groups[index : index + len(form)]
        if (
            sizes(window) == form
            and gaps(source, window) in _GAPS
            and _alone(source, groups, index, index + len(form) - 1)
            and not (len(form) == 1 and _is_date(source[start:end]))
            and not amount(source, start, window[-1][1], words)
        ):
            return len(form)
    return 0


def _alone(source: str, groups: Sequence[Group], first: int, last: int) -> bool:
    """Whether nothing at either side makes the groups a part of something longer."""
    start, end = groups[first][0], groups[last][1]
    before, after = source[start - 1 : start], source[end : end + 1]
    if before.isalpha() or after.isalpha() or before in ("/", "=", "#", "_", "@", "+", "%"):
        return False
    if first and _belongs(source, groups[first - 1], groups[first], ".,-/:"):
        return False
    return last + 1 == len(groups) or not _belongs(source, groups[last], groups[last + 1], ".,-:")


def _belongs(source: str, one: Group, other: Group, signs: str) -> bool:
    """Whether two groups are joined by one sign, or by a space and are two digits each."""
    gap = source[one[1] : other[0]] if other[0] - one[1] == 1 else ""
    return bool(gap) and (gap in signs or (gap == " " and sizes((one, other)) == (2, 2)))


def _is_date(number: str) -> bool:
    """Whether eight digits may be a day of 1900 to 2099, `YYYYMMDD` or `DDMMYYYY`."""
    return any(
        year[:2] in ("19", "20") and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
        for year, month, day in (
            (number[:4], number[4:6], number[6:]),
            (number[4:], number[2:4], number[:2]),
        )
    )


def _allowed(number: str, entries: Sequence[str]) -> bool:
    plain = _national(number)
    for entry in entries:
        bare = entry.removeprefix("+47").removeprefix("0047")
        wanted = _national("".join(filter(str.isdigit, bare)))
        if plain.startswith(wanted) if entry.endswith("*") else plain == wanted:
            return True
    return False


def _national(number: str) -> str:
    """Return the number without Norway's country code."""
    bare = number.removeprefix("00")
    return bare[2:] if len(bare) == 2 + _NATIONAL and bare.startswith("47") else bare


# --- e-mail addresses

_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 255
_MASK = "…@…"


def emails(text: Prepared, words: Lexicon) -> tuple[Detection, ...]:
    """Find e-mail addresses, weak; not those of the group `role_mailboxes`.

    An entry is a local part (`post`), an address, or `@` and a domain. Handles of the
    fediverse (`@name@server`) and the user part of web addresses do not count.
    """
    source = text.text
    hits: list[Detection] = []
    allowed = frozenset(words_of(words, "role_mailboxes"))
    at = source.find("@")
    while at >= 0:
        start, end = _local_start(source, at), _domain_end(source, at)
        if start < at and end > at and not _is_role(source, start, at, end, allowed):
            hits.append(found("email", "weak", text, (start, end), _MASK))
        at = source.find("@", at + 1)
    return tuple(hits)


def _local_start(source: str, at: int) -> int:
    """Return where the local part before an `@` starts, `at` if there is none."""
    start = at
    while start and at - start <= _LONGEST_LOCAL and _is_local(source[start - 1]):
        start -= 1
    before = source[start - 1 : start]
    if at - start > _LONGEST_LOCAL or before in ("@", "/") or source[at - 1] == ".":
        return at
    while start < at and not source[start].isalnum():
        start += 1
    return start


def _is_local(char: str) -> bool:
    return char.isalnum() or char in "._%+-'"


def _domain_end(source: str, at: int) -> int:
    """Return where the domain behind an `@` ends, `at` if there is none."""
    end = at + 1
    while end < len(source) and end - at <= _LONGEST_DOMAIN:
        if not (source[end].isalnum() or source[end] in ".-"):
            break
        end += 1
    domain = source[at + 1 : end].rstrip(".-")
    last = domain.rpartition(".")[2]
    proper = "." in domain and ".." not in domain and domain[0].isalnum()
    return at + 1 + len(domain) if proper and len(last) >= 2 and last.isalpha() else at


def _is_role(source: str, start: int, at: int, end: int, allowed: frozenset[str]) -> bool:
    local, domain = source[start:at].casefold(), source[at:end].casefold()
    return bool(allowed.intersection((local, domain, local + domain)))
