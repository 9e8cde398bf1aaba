"""Phrases of a word list, found as whole words: what all text detectors share.

An entry is words with blanks between. `*` at an end of a word stands for any letters, `a|b`
for either word, `..` for at most three words: `*søknad* din|di`, `kan .. ikke svare`. The
words of an entry stand in one sentence of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.prepare import Prepared
from somepolicy.lexicon import Lexicon
from somepolicy.patterns import finder

# One class of characters, repeated: linear, and many times faster here than RE2 per word.
_WORD = re.compile(r"[^\W_]+")
_GAP = ".."
_WIDEST_GAP = 3
_PREFIX = len("nb_")
_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"'}


class Words(NamedTuple):
    """The words of a text.

    `lower[i]` is word i in lower case, `places[i]` its [start, end), `sentence[i]` the number
    of its sentence; `questions` holds the numbers of the sentences that ask.
    """

    text: str
    lower: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    sentence: tuple[int, ...]
    questions: frozenset[int]

    def written(self, word: int) -> str:
        """Return the word as the text has it."""
        start, end = self.places[word]
        return self.text[start:end]


class Hit(NamedTuple):
    """An entry found: words[first:last], in one sentence; `label` names the entry's group."""

    label: str
    entry: str
    first: int
    last: int
    sentence: int

    @property
    def shown(self) -> str:
        """The entry as a reader of a decision sees it: of words to choose from the first."""
        words = [part.partition("|")[0] for part in self.entry.split()]
        return " ".join(words).replace("*", "\u2026").replace(_GAP, "\u2026")


class _Atom(NamedTuple):
    """A word of an entry: `text` alone, or with any letters before or after it."""

    text: str
    before: bool
    after: bool

    def fits(self, word: str) -> bool:
        if self.before:
            return self.text in word if self.after else word.endswith(self.text)
        return word.startswith(self.text) if self.after else word == self.text


_Element = tuple[_Atom, ...]  # either of these; none: a gap


class _Phrase(NamedTuple):
    label: str
    entry: str
    elements: tuple[_Element, ...]


def has_group(words: Lexicon, purpose: str) -> bool:
    """Whether the list has a group `PURPOSE`, or `nb_PURPOSE`, `nn_PURPOSE` and so on."""
    _note(words, purpose)
    return any(serves(name, purpose) for name in words.entries)


def entries(words: Lexicon, purpose: str) -> tuple[str, ...]:
    """Return the entries of the groups `PURPOSE` and `nb_PURPOSE`, `nn_PURPOSE` and so on.

    Raises ValueError where the list has no such group.
    """
    _note(words, purpose)
    groups = [group for name, group in words.entries.items() if serves(name, purpose)]
    if not groups:
        raise ValueError(f"word list `{words.name}` has no group `{purpose}`")
    return tuple(dict.fromkeys(entry for group in groups for entry in group))


def _note(words: Lexicon, purpose: str) -> None:
    """Note that a function knows the groups of a purpose, where somebody wants to know."""
    if words.asked is not None:
        words.asked.add(purpose)


def serves(name: str, purpose: str) -> bool:
    """Whether a group is of a purpose, in whatever language."""
    return name == purpose or (name[_PREFIX:] == purpose and name[_PREFIX - 1] == "_")


def split(text: str) -> Words:
    """Return the words of a text with places and sentences, in time linear in its length."""
    places = tuple(match.span() for match in _WORD.finditer(text))
    sentence: list[int] = []
    questions: set[int] = set()
    number = before = 0
    for start, end in places:
        gap = text[before:start]
        if sentence and gap != " " and _ends(gap, text[start]):
            if "?" in gap:
                questions.add(number)
            number += 1
        sentence.append(number)
        before = end
    if "?" in text[before:]:
        questions.add(number)
    lower = tuple(text[start:end].lower() for start, end in places)
    return Words(text, lower, places, tuple(sentence), frozenset(questions))


def _ends(gap: str, following: str) -> bool:
    """Whether a sentence ends in the gap before a character."""
    if "\n" in gap:  # a line that goes on in lower case was broken by hand
        return gap.count("\n") > 1 or not (gap.isspace() and following.islower())
    if not any(map(str.isspace, gap)):  # inside an address or a number
        return False
    if any(stop in gap for stop in "!?\u2026"):
        return True
    return "." in gap and not (following.islower() or following.isdigit())


def may_hold(pattern: str) -> Callable[[str], bool]:
    """Return a quick test for texts in which a pattern may occur; a lone surrogate passes.

    The pattern is compiled for the first text.
    """

    @cache
    def occurs() -> Callable[[str], bool]:
        return finder(pattern)

    def passes(text: str) -> bool:
        try:
            return occurs()(text)
        except UnicodeEncodeError:
            return True

    return passes


def triggered(words: Lexicon, *purposes: str) -> Callable[[str], bool]:
    """Return a quick test for texts that may hold a phrase of some groups. Raises ValueError."""
    known = None if words.triggers is None else words.triggers.get(purposes)
    return may_hold(trigger(words, *purposes) if known is None else known)


class Searcher:
    """A detector of words, called only where `may`, a quick test, passes.

    Where `may` is false of a text, it is false of each of its lines.
    """

    __slots__ = ("_find", "_may")

    def __init__(
        self, may: Callable[[str], bool], find: Callable[[Prepared], tuple[Detection, ...]]
    ) -> None:
        self._may = may
        self._find = find

    def may(self, text: Prepared) -> bool:
        """Whether there may be something to find."""
        return self._may(text.text)

    def __call__(self, text: Prepared) -> tuple[Detection, ...]:
        """Find what there is."""
        return self._find(text) if self._may(text.text) else ()


class Phrases:
    """The phrases of some groups of a list; immutable.

    Of a list that was accepted before they are read when a text is first searched. Any other is
    read at once: raises ValueError for what is not a phrase.
    """

    def __init__(self, words: Lexicon, *purposes: str) -> None:
        self._words = words
        self._purposes = purposes
        if words.triggers is None:
            _ = self._index

    @cached_property
    def _index(self) -> _Index:
        return _Index(_read(self._words, *self._purposes))

    def find(self, words: Words) -> list[Hit]:
        """Return every entry found, by place; entries may overlap."""
        opening = self._index.opening
        known: dict[str, list[_Phrase]] = {}
        found: list[Hit] = []
        for at, word in enumerate(words.lower):
            if word not in known:
                known[word] = list(opening(word))
            found.extend(
                Hit(phrase.label, phrase.entry, at, last, words.sentence[at])
                for phrase in known[word]
                if (last := _match(phrase, words, at)) is not None
            )
        return found


class _Index:
    """Phrases by the word they begin with."""

    def __init__(self, phrases: list[_Phrase]) -> None:
        self._exact: dict[str, list[_Phrase]] = {}
        self._starts: dict[str, list[_Phrase]] = {}
        self._loose: list[tuple[_Atom, _Phrase]] = []
        for phrase in phrases:
            for atom in phrase.elements[0]:
                self._file(atom, phrase)
        self._lengths = sorted({len(start) for start in self._starts})

    def _file(self, atom: _Atom, phrase: _Phrase) -> None:
        if atom.before:
            self._loose.append((atom, phrase))
        else:
            index = self._starts if atom.after else self._exact
            index.setdefault(atom.text, []).append(phrase)

    def opening(self, word: str) -> Iterator[_Phrase]:
        """Yield the phrases that may begin with the word."""
        yield from self._exact.get(word, ())
        for length in self._lengths:
            if length > len(word):
                break
            yield from self._starts.get(word[:length], ())
        for atom, phrase in self._loose:
            if atom.fits(word):
                yield phrase


def quoted(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of what stands between quotation marks, inside one paragraph."""
    found: list[tuple[int, int]] = []
    close, start = "", 0
    for at, char in enumerate(text):
        if char == "\n":
            close = ""
        elif close and char == close:
            found.append((start, at))
            close = ""
        elif not close and char in _QUOTES:
            close, start = _QUOTES[char], at
    return tuple(found)


def _read(words: Lexicon, *purposes: str) -> list[_Phrase]:
    """Return the phrases of some groups, each labelled with its purpose. Raises ValueError."""
    return [_parse(label, entry) for label in purposes for entry in entries(words, label)]


def _parse(label: str, entry: str) -> _Phrase:
    elements = tuple(_element(part, entry) for part in entry.split())
    if not elements or not elements[0] or not elements[-1]:
        raise ValueError(f"`{entry}` in group `{label}` has to begin and end with a word")
    return _Phrase(label, entry, elements)


def _element(part: str, entry: str) -> _Element:
    return () if part == _GAP else tuple(_atom(word, entry) for word in part.split("|"))


def _atom(word: str, entry: str) -> _Atom:
    text = word.strip("*")
    if not _WORD.fullmatch(text) or text != text.lower():
        raise ValueError(f"`{word}` in `{entry}` is no word in lower case")
    return _Atom(text, before=word.startswith("*"), after=word.endswith("*"))


def _match(phrase: _Phrase, words: Words, at: int) -> int | None:
    """Return the end of the phrase that begins at a word, the nearest one; None: no match."""
    ends = {at + 1}
    for element in phrase.elements[1:]:
        if not element:
            ends = {end + more for end in ends for more in range(_WIDEST_GAP + 1)}
            continue
        ends = {end + 1 for end in ends if _fits(element, words, end, words.sentence[at])}
        if not ends:
            return None
    return min(ends)


def _fits(element: _Element, words: Words, at: int, sentence: int) -> bool:
    return (
        at < len(words.lower)
        and words.sentence[at] == sentence
        and any(atom.fits(words.lower[at]) for atom in element)
    )


def trigger(words: Lexicon, *purposes: str) -> str:
    """Return the pattern of texts in which the most telling word of a phrase of some groups occurs.

    It depends on the list alone. Raises ValueError.
    """
    phrases = _read(words, *purposes)
    telling = {atom for phrase in phrases for atom in max(phrase.elements, key=_telling)}
    whole = {atom.text for atom in telling if not (atom.before or atom.after)}
    start = {atom.text for atom in telling if atom.after and not atom.before}
    forms = (
        (r"(?:^|[^a-zæøå])", whole, r"(?:$|[^a-zæøå])"),
        (r"(?:^|[^a-zæøå])", start, ""),
        ("", {atom.text for atom in telling if atom.before}, ""),
    )
    parts = [f"{before}(?:{'|'.join(sorted(of))}){after}" for before, of, after in forms if of]
    return f"(?i){'|'.join(parts)}"


def _telling(element: _Element) -> int:
    return min((len(atom.text) for atom in element), default=0)
