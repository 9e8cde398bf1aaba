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
    has_group,
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
_FAR = 100


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
    four words; `negation`. A list may do without these: `utterance`, words for what is written;
    `doubt`, words with which a sentence is of others, of once, or of a condition. Raises
    ValueError.
    """
    may_say = triggered(words, *OWN_VIEWS)
    phrases = Phrases(words, *OWN_VIEWS)
    first_person = frozenset(entries(words, "first_person"))
    negation = frozenset(entries(words, "negation"))
    utterance, doubt = (
        frozenset(entries(words, group) if has_group(words, group) else ())
        for group in ("utterance", "doubt")
    )

    def strength(hit: Hit, split_text: Words) -> Strength:
        """`strong` where the sentence is of the writer or the text, and takes nothing back."""
        said = _sentence(hit, split_text)
        within = split_text.lower[hit.first : hit.last]
        taken_back = not negation.isdisjoint(within) and negation.isdisjoint(hit.entry.split())
        of_writer = len(said) <= _SHORT or not (first_person | utterance).isdisjoint(said)
        return "strong" if of_writer and not taken_back and doubt.isdisjoint(said) else "weak"

    def disclaimers(text: Prepared) -> tuple[Detection, ...]:
        """Find phrases that say the views are the writer's own, which is good news.

        `strong` where the sentence is of the writer or of the text, else `weak`. Negated, asked
        and quoted ones do not count.
        """
        text = as_shown(text)
        if not may_say(text.text):
            return ()
        split_text = split(text.text)
        found = _meant(phrases.find(split_text), split_text, negation)
        return tuple(
            _detection(text, split_text, hit, "disclaimer", strength(hit, split_text), "own views")
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
    said = _sentence(hit, words)
    return len(said) <= _SHORT or not first_person.isdisjoint(said)


def _sentence(hit: Hit, words: Words) -> tuple[str, ...]:
    """Return the words of the sentence of a hit, as far as matters: a hundred each way."""
    first, last = hit.first, hit.last
    while first > hit.first - _FAR and first and words.sentence[first - 1] == hit.sentence:
        first -= 1
    end = min(len(words.lower), hit.last + _FAR)
    while last < end and words.sentence[last] == hit.sentence:
        last += 1
    return words.lower[first:last]


def _detection(
    text: Prepared, words: Words, hit: Hit, detector: str, strength: Strength, says: str
) -> Detection:
    span = text.span(words.places[hit.first][0], words.places[hit.last - 1][1])
    return Detection(detector, "1", strength, "", span, f"{says} ({hit.shown})")
