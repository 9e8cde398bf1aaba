"""A text as detectors see it: evasions undone, every character traced to the original."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from somepolicy.functions.no.browser import decoded_once, may_hide, page, without_tags
from somepolicy.functions.no.characters import form, holds_digit, is_mark, join_mark
from somepolicy.functions.no.markup import may_hold_markup, undone
from somepolicy.functions.no.prepared import Group, Prepared, as_shown, digit_groups

__all__ = [
    "Group",
    "Prepared",
    "as_shown",
    "digit_groups",
    "prepare",
    "read_as_page",
    "shown",
]


def prepare(text: str) -> Prepared:
    """Return the text as detectors see it; ASCII without markup is left as it is.

    Linear in the text, and nothing is left to undo in what it returns:
    `prepare(prepare(text).text).text == prepare(text).text`.
    """
    plain = main = _formed(text)
    views: list[Prepared] = []
    if may_hold_markup(plain.text):
        main = undone(plain)
        views += _others(text, plain, main)
    if _has_escape(plain.text):
        views.append(_apart(plain))
    if (parted := _parted(plain)) is not None:
        views.append(parted)
    if not views:
        return main
    others = {other.text: other for other in views}
    others.pop(main.text, None)
    return main._replace(others=tuple(others.values()))


def shown(text: str) -> Prepared:
    """Return `as_shown(prepare(text))`, without the work of what else a reader may see."""
    plain = _formed(text)
    return undone(plain, escapes=False) if may_hold_markup(plain.text) else plain


def read_as_page(text: str) -> Prepared:
    """Return a text as a browser shows it, but for characters it does not show.

    What bears no plain name, such as `<ola@example.org>`, counts as no tag.
    """
    return decoded_once(page(_unchanged(text, text), named=True), escapes=False)


def _others(text: str, plain: Prepared, main: Prepared) -> Iterator[Prepared]:
    """Yield what else a reader may see, so that no doubt about markup hides anything."""
    yield plain  # all of it, where no markup is undone
    yield as_shown(main)
    if "<" in main.text:
        yield without_tags(main)
    given = _unchanged(text, text)
    readings = [*_readings(given, without_tags, escapes=False)]
    yield from readings
    if may_hide(text) or any(may_hide(reading.text) for reading in readings):
        yield from _readings(given, page, escapes=False)
    if "<" in text or "%" in text:  # what tags and comments hold, too
        yield from _readings(given, lambda each: each, escapes=True)


def _readings(
    given: Prepared, taken: Callable[[Prepared], Prepared], *, escapes: bool
) -> Iterator[Prepared]:
    """Yield a text with its references resolved once, then those of the result, and so on.

    Each time what `taken` takes off goes first.
    """
    for _ in range(_READINGS):
        read = decoded_once(taken(given), escapes=escapes)
        if read.text == given.text:
            return
        given = read
        formed = _formed(given.text)
        yield _through(formed, given)
        if (parted := _parted(formed)) is not None:
            yield _through(parted, given)
    yield undone(_through(formed, given), tags=False, escapes=escapes)


def _through(inner: Prepared, outer: Prepared) -> Prepared:
    """Return what was made of the text of another with places in the original of that one."""
    if inner.text is outer.text:
        return outer
    places = [outer.places[at] for at in inner.places]
    ends = [outer.span(0, end)[1] for end in inner.ends] if inner.ends else outer.ends
    return inner._replace(original=outer.original, places=tuple(places), ends=tuple(ends))


def _parted(formed: Prepared) -> Prepared | None:
    """Return a text in which `½`, `²` or `㎡` parts digits, None where that shows no number more."""
    text = formed.original
    if text is formed.text:
        return None
    known = {formed.span(*group) for group in formed.groups or ()}
    if all(text[start:end].isascii() for start, end in known):
        return None
    blanks = {ord(char): " " for char in set(text) if holds_digit(char)}
    parted = _formed(text.translate(blanks))._replace(original=text)
    return parted if {parted.span(*group) for group in parted.groups or ()} - known else None


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
    forms = {char: form(char) for char in set(text) - _PLAIN_CHARS}
    changes = {char: shape for char, shape in forms.items() if shape != char or is_mark(char)}
    if any(len(shape) != 1 or is_mark(char) for char, shape in changes.items()):
        return _rewritten(text, changes)
    plain = text
    for char, shape in changes.items():
        plain = plain.replace(char, shape)
    return _unchanged(text, plain)


_READINGS = 3  # one after the other; what is spelt deeper is undone at once
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_PLACES = tuple(range(4097))


def _unchanged(original: str, text: str) -> Prepared:
    """Return a text whose every character stands for the one at the same offset."""
    length = len(text) + 1
    places = _PLACES[:length] if length <= len(_PLACES) else tuple(range(length))
    return Prepared(original, text, places, (), digit_groups(text))


_PLAIN = bytes(code for code in range(256) if form(chr(code)) == chr(code))
_PLAIN_CHARS = frozenset(_PLAIN.decode("latin-1"))


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
