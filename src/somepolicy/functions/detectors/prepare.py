"""A text as detectors see it: evasions undone, every character traced to the original."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from somepolicy.functions.detectors.characters import form, is_mark, join_mark
from somepolicy.functions.detectors.markup import may_hold_markup, undone, without_tags
from somepolicy.functions.detectors.prepared import Group, Prepared, as_shown, digit_groups

__all__ = ["Group", "Prepared", "as_shown", "digit_groups", "prepare"]


def prepare(text: str) -> Prepared:
    """Return the text as detectors see it; ASCII without markup is left as it is.

    Linear in the text, and nothing is left to undo in what it returns:
    `prepare(prepare(text).text).text == prepare(text).text`.
    """
    plain = _formed(text)
    if not may_hold_markup(plain.text):
        return plain._replace(others=(_apart(plain),)) if _has_escape(plain.text) else plain
    main = undone(plain)
    others = {other.text: other for other in _others(plain, main)}
    others.pop(main.text, None)
    return main._replace(others=tuple(others.values()))


def _others(plain: Prepared, main: Prepared) -> Iterator[Prepared]:
    """Yield what else a reader may see, so that no doubt about markup hides anything."""
    yield plain  # all of it, where no markup is undone
    yield as_shown(main)
    if "<" in main.text:
        yield without_tags(main)
    signs = "&" in plain.text or "%" in plain.text
    if "<" in plain.text:
        page = without_tags(plain)
        yield undone(page, tags=False, escapes=False) if signs else page
    if signs:  # what tags and comments hold, however their brackets are written
        yield undone(plain, tags=False)
    if _has_escape(plain.text):
        yield _apart(plain)


def _has_escape(text: str) -> bool:
    return "%" in text and _ESCAPE.search(text) is not None


def _apart(plain: Prepared) -> Prepared:
    """Return a text whose escapes, of whatever encoding, part what stands beside them."""
    apart = _ESCAPE.sub("   ", plain.text)
    return plain._replace(text=apart, groups=digit_groups(apart))


def _formed(text: str) -> Prepared:
    """Return the text with each character in its form."""
    if _is_plain(text):
        return _unchanged(text, text)
    forms = {char: form(char) for char in set(text)}
    changes = {char: shape for char, shape in forms.items() if shape != char or is_mark(char)}
    if any(len(shape) != 1 or is_mark(char) for char, shape in changes.items()):
        return _rewritten(text, changes)
    plain = text
    for char, shape in changes.items():
        plain = plain.replace(char, shape)
    return _unchanged(text, plain)


_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_PLACES = tuple(range(4097))


def _unchanged(original: str, text: str) -> Prepared:
    """Return a text whose every character stands for the one at the same offset."""
    length = len(text) + 1
    places = _PLACES[:length] if length <= len(_PLACES) else tuple(range(length))
    return Prepared(original, text, places, (), digit_groups(text))


_PLAIN = bytes(code for code in range(256) if form(chr(code)) == chr(code))


def _is_plain(text: str) -> bool:
    """Whether every character is its own form, for a text in Latin-1; a quick look."""
    if text.isascii():
        return True
    try:
        return not text.encode("latin-1").translate(None, _PLAIN)
    except UnicodeEncodeError:
        return False


def _rewritten(text: str, changes: Mapping[str, str]) -> Prepared:
    """Replace characters by more or fewer than one."""
    chars: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    start = 0
    for at in [at for at, char in enumerate(text) if char in changes]:
        chars += text[start:at]
        places += range(start, at)
        ends += range(start + 1, at + 1)
        start = at + 1
        if is_mark(text[at]):
            join_mark(chars, ends, text[at], start)
            continue
        shape = changes[text[at]]
        chars += shape
        places += [at] * len(shape)
        ends += [start] * len(shape)
    chars += text[start:]
    places += range(start, len(text) + 1)
    ends += range(start + 1, len(text) + 1)
    plain = "".join(chars)
    return Prepared(text, plain, tuple(places), tuple(ends), digit_groups(plain))
