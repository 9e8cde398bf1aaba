"""What detectors see in place of single characters, and which of them a reader sees at all."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_DASHES = frozenset("\u02d7\u2043\u2212\u2796")
_SLASHES = frozenset("\u2044\u2215\u29f8")
_LONGEST_FORM = 4
_MOST_OF_A_NUMBER = 99  # what stands for more, as signs for 1000 do, stands in no series of digits
# the Chinese zero and the numbers of traders, which are letters to Unicode
_TRADERS = frozenset(
    "\u3007\u3021\u3022\u3023\u3024\u3025\u3026\u3027\u3028\u3029\u3038\u3039\u303a"
)
# the zeros of the scripts whose digits Unicode has had since version 15
_LATER_ZEROS = (
    0x10D40, 0x116D0, 0x116DA, 0x11BF0, 0x11DE0, 0x11F50, 0x16130, 0x16D70, 0x1CCF0, 0x1E4F0,
    0x1E5F1,
)  # fmt: skip
_NEXT_LINE = "\x85"
# the blanks that are no white space: Braille, a note without a head, two hieroglyphs
_BLANKS = frozenset("\u2800\U0001d159\U00013441\U00013442")
# what stands in place of something that cannot be shown
_STAND_INS = frozenset("\ufffc\ufffd")
_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)  # fmt: skip
# Default_Ignorable_Code_Point of Unicode, also where nothing is assigned yet, and noncharacters
_IGNORED = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
_NONCHARACTER = 0xFFFE  # and 0xFFFF, at the end of every plane


def _within(char: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(char) <= last for first, last in blocks)


def _is_ignored(char: str) -> bool:
    return _within(char, _IGNORED) or ord(char) & _NONCHARACTER == _NONCHARACTER


@lru_cache(maxsize=4096)
def is_mark(char: str) -> bool:
    """Whether it is a mark any letter or digit may carry: an accent, a stroke, a keycap."""
    return (
        unicodedata.category(char) in ("Mn", "Me")
        and _within(char, _MARKS)
        and not _is_ignored(char)
    )


@lru_cache(maxsize=4096)
def form(char: str) -> str:
    """Return what detectors see in place of a character: mostly itself, sometimes nothing.

    Every digit becomes an ASCII digit, whatever its script or ring, every dash `-`, every
    blank a space or a line feed; the rest is its NFKC form, where that has up to four
    characters (an Arabic ligature has eighteen). A mark stays a mark.
    """
    if char.isascii() or is_mark(char):
        return char
    kind = unicodedata.category(char)
    if kind in ("Zl", "Zp") or char == _NEXT_LINE:
        return "\n"
    if kind in ("Cf", "Cc") or _is_ignored(char):
        return ""
    if kind == "Zs" or char in _BLANKS:
        return " "
    if kind == "Pd" or char in _DASHES:
        return "-"
    if char in _SLASHES:
        return "/"
    if kind == "Cs":
        return "\ufffd"
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", char)
    if folded == char or len(folded) > _LONGEST_FORM:
        return _number(char) or char
    return "".join(form(part) for part in folded if not is_mark(part))


def _number(char: str) -> str | None:
    """Return what a sign for a number stands for, also a digit that is new in Unicode."""
    if unicodedata.category(char) == "No" or char in _TRADERS:
        value = unicodedata.numeric(char, -1.0)
        return str(int(value)) if value in range(_MOST_OF_A_NUMBER + 1) else None
    return next(
        (str(ord(char) - zero) for zero in _LATER_ZEROS if 0 <= ord(char) - zero <= 9), None
    )


@lru_cache(maxsize=4096)
def holds_digit(char: str) -> bool:
    """Whether a character that is no digit of a script holds one, as `½`, `²`, `①` and `㎡` do."""
    return not char.isdecimal() and any(each.isdecimal() for each in form(char))


@lru_cache(maxsize=4096)
def is_seen(char: str) -> bool:
    """Whether a reader sees something where the character stands alone.

    Not a blank, a mark that lacks its letter, a control, nor a code for private use, which no
    two readers need see alike. What Unicode has not assigned yet may be a new emoji: it is seen.
    """
    kind = unicodedata.category(char)
    if kind[0] in "ZM" or kind in ("Cc", "Cf", "Co", "Cs"):
        return False
    return not (_is_ignored(char) or char in _BLANKS or char in _STAND_INS)


def join_mark(chars: list[str], ends: list[int], mark: str, end: int) -> None:
    """Put a mark on the last character: as one letter with it, or it is left out."""
    if not chars:
        return
    ends[-1] = end
    if chars[-1].isalpha():
        joined = unicodedata.normalize("NFC", chars[-1] + mark)
        if len(joined) == 1 and form(joined) == joined:
            chars[-1] = joined
