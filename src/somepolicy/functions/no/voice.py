"""In whose name a text speaks: for the municipality, or for the writer alone."""

from __future__ import annotations

from collections.abc import Callable

from somepolicy.functions.detection import Detection, Strength
from somepolicy.functions.no.phrases import (
    Hit,
    Phrases,
    Searcher,
    Words,
    entries,
    quoted,
    split,
    triggered,
)
from somepolicy.functions.no.prepare import Prepared, as_shown
from somepolicy.lexicon import Lexicon

CLAIMS = ("claim",)
OWN_VIEWS = ("own_views", "own_words")
_REACH = 8
_SHORT = 4


def make_impersonation(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `impersonation` for a word list.

    Groups, each also per language (`nb_claim`): `claim`, phrases that speak for the
    municipality; `negation`. Raises ValueError.
    """
    may_claim = triggered(words, *CLAIMS)
    claims = Phrases(words, *CLAIMS)
    negation = frozenset(entries(words, "negation"))

    def impersonation(text: Prepared) -> tuple[Detection, ...]:
        """Find phrases that speak for the municipality, neither negated nor quoted: `weak`."""
        split_text = split(text.text)
        found = _meant(claims.find(split_text), split_text, negation)
        return tuple(
            _detection(text, split_text, hit, "impersonation", "weak", "speaks as the municipality")
            for hit in found
        )

    return Searcher(may_claim, impersonation)


def make_disclaimers(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `disclaimer` for a word list.

    Groups, each also per language (`nb_own_views`): `own_views`, phrases that say it all;
    `own_words`, phrases that do so beside a word of `first_person` or in a sentence of at most
    four words; `negation`. Raises ValueError.
    """
    may_say = triggered(words, *OWN_VIEWS)
    phrases = Phrases(words, *OWN_VIEWS)
    first_person = frozenset(entries(words, "first_person"))
    negation = frozenset(entries(words, "negation"))

    def disclaimers(text: Prepared) -> tuple[Detection, ...]:
        """Find phrases that say the views are the writer's own: `strong`, and good news.

        Negated, asked and quoted ones do not count.
        """
        text = as_shown(text)
        if not may_say(text.text):
            return ()
        split_text = split(text.text)
        found = _meant(phrases.find(split_text), split_text, negation)
        return tuple(
            _detection(text, split_text, hit, "disclaimer", "strong", "own views")
            for hit in found
            if hit.sentence not in split_text.questions
            and (hit.label == "own_views" or _personal(hit, split_text, first_person))
        )

    return disclaimers


def _meant(hits: list[Hit], words: Words, negation: frozenset[str]) -> list[Hit]:
    """Return the hits that the writer says and means; of overlapping ones the first."""
    if not hits:
        return []
    quotes = quoted(words.text)
    kept: list[Hit] = []
    for hit in hits:
        if kept and hit.first < kept[-1].last:
            continue
        if not (_negated(hit, words, negation) or _inside(hit, words, quotes)):
            kept.append(hit)
    return kept


def _negated(hit: Hit, words: Words, negation: frozenset[str]) -> bool:
    """Whether a negation stands shortly before the hit in its sentence."""
    near = range(max(0, hit.first - _REACH), hit.first)
    return any(words.sentence[at] == hit.sentence and words.lower[at] in negation for at in near)


def _inside(hit: Hit, words: Words, quotes: tuple[tuple[int, int], ...]) -> bool:
    start, end = words.places[hit.first][0], words.places[hit.last - 1][1]
    return any(opens < start and end <= closes for opens, closes in quotes)


def _personal(hit: Hit, words: Words, first_person: frozenset[str]) -> bool:
    """Whether the sentence of the hit is about the writer, or nothing but the hit."""
    first, last = hit.first, hit.last
    while first and words.sentence[first - 1] == hit.sentence:
        first -= 1
    while last < len(words.lower) and words.sentence[last] == hit.sentence:
        last += 1
    return last - first <= _SHORT or not first_person.isdisjoint(words.lower[first:last])


def _detection(
    text: Prepared, words: Words, hit: Hit, detector: str, strength: Strength, says: str
) -> Detection:
    span = text.span(words.places[hit.first][0], words.places[hit.last - 1][1])
    return Detection(detector, "1", strength, "", span, f"{says} ({hit.shown})")
