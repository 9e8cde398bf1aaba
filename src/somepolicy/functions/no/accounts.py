"""Bank accounts, KID, organisation numbers, IBAN and payment cards.

The word that stands before such a number comes from a word list of the policy, in the groups
`bank_account`, `kid`, `organisation_number` and `amount`; a missing group is an empty one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.identity import (
    has_account_form,
    number_strength,
)
from somepolicy.functions.no.numbers import (
    amount,
    digits,
    found,
    gaps,
    groups_of,
    luhn,
    mod11,
    sizes,
    windows,
    word_before,
    words_of,
)
from somepolicy.functions.no.prepare import Group, Prepared
from somepolicy.lexicon import Lexicon

# --- bank accounts

_ACCOUNT_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_ACCOUNT_FORM = (4, 2, 5)


def bank_accounts(text: Prepared, words: Lexicon, day: datetime.date) -> tuple[Detection, ...]:
    """Find Norwegian bank accounts: eleven digits right by MOD11 that are no identity number.

    strong with a word of `bank_account` before; weak written `1234.56.78901` or
    `1234 56 78901`; else none, since one in eleven numbers of that length is right.
    """
    source, groups = text.text, groups_of(text)
    hits: list[Detection] = []
    free = 0
    for first, last in windows(source, groups, 11):
        window = groups[first : last + 1]
        start, end = window[0][0], window[-1][1]
        if start < free or not mod11(digits(source, window), _ACCOUNT_WEIGHTS):
            continue
        named = word_before(source, start, words_of(words, "bank_account"))
        if not (named or _grouped_as_account(source, window)) or _is_identity(source, window, day):
            continue
        hits.append(found("bank_account", "strong" if named else "weak", text, (start, end)))
        free = end
    return tuple(hits)


def _grouped_as_account(source: str, window: Sequence[Group]) -> bool:
    return sizes(window) == _ACCOUNT_FORM and gaps(source, window) in ({"."}, {" "})


def _is_identity(source: str, window: Sequence[Group], day: datetime.date) -> bool:
    """Whether the identity detector takes the number, test numbers included, as hard or strong."""
    strength = number_strength(digits(source, window), synthetic=True, day=day)
    return strength == "hard" or (strength == "strong" and not has_account_form(source, window))


# --- KID

_KID_DIGITS = range(2, 26)


def kids(text: Prepared, words: Lexicon) -> tuple[Detection, ...]:
    """Find customer identification numbers, weak and only with a word of `kid` before.

    Two to 25 digits right by MOD10 or MOD11, in groups with single spaces; the check digit 10
    of MOD11 is a hyphen.
    """
    named = words_of(words, "kid")
    source = text.text
    groups = groups_of(text) if named else ()
    hits: list[Detection] = []
    free = 0
    for index, (start, _) in enumerate(groups):
        if start >= free and word_before(source, start, named):
            free = max((end for end in _kid_ends(source, groups, index)), default=free)
            if free > start:
                hits.append(found("kid", "weak", text, (start, free)))
    return tuple(hits)


def _kid_ends(source: str, groups: Sequence[Group], index: int) -> Iterator[int]:
    """Yield every end up to which the digits from a group on are a right KID."""
    number = ""
    for last in range(index, len(groups)):
        start, end = groups[last]
        if last > index and source[groups[last - 1][1] : start] != " ":
            return
        number += source[start : min(end, start + _KID_DIGITS.stop)]
        if len(number) >= _KID_DIGITS.stop:
            return
        if len(number) in _KID_DIGITS and (luhn(number) or _weighted_from_right(number, 0) == 0):
            yield end
        if source[end : end + 1] == "-" and _weighted_from_right(number, 1) == 1:
            yield end + 1


def _weighted_from_right(number: str, skipped: int) -> int:
    """Return the sum modulo 11 by the weights 1, 2 … 7, 2 … 7 from the right.

    `skipped` weights, those of a check digit that is not there, are left out.
    """
    total = 0
    for index, digit in enumerate(reversed(number), skipped):
        total += int(digit) * (1 if index == 0 else 2 + (index - 1) % 6)
    return total % 11


# --- organisation numbers

_ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)


def organisation_numbers(text: Prepared, words: Lexicon) -> tuple[Detection, ...]:
    """Find organisation numbers, weak: nine digits right by MOD11.

    Either with a word of `organisation_number` before, or written `912 345 678` with the
    first digit that Brønnøysundregistrene gives (8 or 9); never an amount.
    """
    source, groups = text.text, groups_of(text)
    hits: list[Detection] = []
    free = 0
    for first, last in windows(source, groups, 9):
        window = groups[first : last + 1]
        start, end = window[0][0], window[-1][1]
        if start < free or not mod11(digits(source, window), _ORGANISATION_WEIGHTS):
            continue
        if _names_organisation(source, window, words):
            hits.append(found("organisation_number", "weak", text, (start, end)))
            free = end
    return tuple(hits)


def _names_organisation(source: str, window: Sequence[Group], words: Lexicon) -> bool:
    start, end = window[0][0], window[-1][1]
    grouped = sizes(window) == (3, 3, 3) and gaps(source, window) == {" "}
    if (grouped or len(window) == 1) and word_before(
        source, start, words_of(words, "organisation_number")
    ):
        return True
    return grouped and source[start] in "89" and not amount(source, start, end, words)


# --- IBAN

_IBAN_FORMS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 "
    "DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 "
    "IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 "
    "MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 "
    "ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
)
"""Country and length of an IBAN. Source: SWIFT IBAN registry (ISO 13616)."""
_IBAN_LENGTHS = MappingProxyType({form[:2]: int(form[2:]) for form in _IBAN_FORMS.split()})


def ibans(text: Prepared) -> tuple[Detection, ...]:
    """Find international bank account numbers, strong: country, length and MOD97 are right."""
    source = text.text
    hits: list[Detection] = []
    for start, _ in groups_of(text):
        end = _iban_end(source, start)
        if end:
            hits.append(found("iban", "strong", text, (start - 2, end)))
    return tuple(hits)


def _iban_end(source: str, start: int) -> int:
    """Return where the IBAN ends whose check digits begin at `start`, 0 if there is none."""
    length = _IBAN_LENGTHS.get(source[start - 2 : start].upper()) if start >= 2 else None
    if length is None or source[start - 3 : start - 2].isalnum():
        return 0
    kept: list[str] = []
    at = start - 2
    while at < len(source) and len(kept) < length:
        char = source[at]
        if char.isascii() and char.isalnum():
            kept.append(char.upper())
        elif char not in " -" or source[at - 1] in " -":
            return 0
        at += 1
    if len(kept) < length or source[at : at + 1].isalnum():
        return 0
    return at if _mod97("".join(kept)) else 0


def _mod97(iban: str) -> bool:
    """Whether the two check digits of an IBAN are right (ISO 7064 MOD 97-10)."""
    return int("".join([str(int(char, 36)) for char in iban[4:] + iban[:4]])) % 97 == 1


# --- payment cards

_CARD_FORMS = frozenset(
    ((13,), (14,), (15,), (16,), (19,), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3))
)
_CARD_BEGINNINGS = frozenset(form[0] for form in _CARD_FORMS)
_ISSUERS = (
    # first and last prefix, lengths (ISO/IEC 7812; the schemes' published ranges)
    ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("300", "305", (14,)),
    ("36", "36", (14,)),
    ("38", "39", (14,)),
    ("3528", "3589", (16,)),
    ("6011", "6011", (16, 19)),
    ("644", "659", (16, 19)),
)


def payment_cards(text: Prepared, words: Lexicon) -> tuple[Detection, ...]:
    """Find payment card numbers, strong: an issuer's prefix and length, and MOD10.

    None where a word of `kid` stands before, or in an address of the web.
    """
    source, groups = text.text, groups_of(text)
    hits: list[Detection] = []
    index = 0
    while index < len(groups):
        window = _card(source, groups, index)
        index += max(1, len(window))
        if window and not word_before(source, window[0][0], words_of(words, "kid")):
            stretch = window[0][0], window[-1][1]
            hits.append(found("payment_card", "strong", text, stretch))
    return tuple(hits)


def _card(source: str, groups: Sequence[Group], index: int) -> Sequence[Group]:
    """Return the groups of the card number that begins at a group, none if there is none."""
    start, end = groups[index]
    if end - start not in _CARD_BEGINNINGS or source[start - 1 : start] in ("/", "="):
        return ()
    for count in (1, 3, 4, 5):
        window = groups[index : index + count]
        if sizes(window) not in _CARD_FORMS or (
            count > 1 and gaps(source, window) not in ({" "}, {"-"})
        ):
            continue
        if _is_card(digits(source, window)):
            return window
    return ()


def _is_card(number: str) -> bool:
    return luhn(number) and any(
        len(number) in lengths and first <= number[: len(first)] <= last
        for first, last, lengths in _ISSUERS
    )
