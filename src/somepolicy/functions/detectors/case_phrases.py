"""Signs that a post handles a case: a reader is told how their own application went."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from somepolicy.functions.detection import Detection, Strength
from somepolicy.functions.detectors.phrases import Hit, Phrases, Words, entries, split, triggered
from somepolicy.functions.detectors.prepare import Prepared
from somepolicy.functions.lexicon import Lexicon

TELLING = ("case", "decided")
_SIGNS = ("case", "outcome", "decided", "handling")
_MEANT = ("possessive", "second_person", "referral", "general")


class _Sentence:
    """What one sentence holds."""

    __slots__ = ("hits", "own_case")

    def __init__(self) -> None:
        self.hits: dict[str, list[Hit]] = {}
        self.own_case = False

    def has(self, *labels: str) -> bool:
        """Whether something of every label occurs."""
        return all(label in self.hits for label in labels)

    def addressed(self) -> bool:
        """Whether the reader's case is spoken of."""
        return self.own_case or self.has("case", "second_person")


class _Mark(NamedTuple):
    """What a sentence amounts to, the hits that show it, and its case word."""

    strength: Strength
    kind: str
    hits: list[Hit]
    case: Hit | None


def make_case_phrases(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `case_phrase` for a word list.

    Groups, each also per language (`nb_case`): `case` words for an application, a complaint,
    a decision; `possessive` and `second_person` words; `outcome` of a case; `decided`, phrases
    that tell the reader an outcome without a case word; `handling`; `referral` to another
    channel; `general`, words of rules that hold for anyone. Raises ValueError.
    """
    may_tell = triggered(words, *TELLING)
    signs = Phrases(words, *_SIGNS)
    meant = Phrases(words, *_MEANT)
    possessive = frozenset(entries(words, "possessive"))

    def case_phrases(text: Prepared) -> tuple[Detection, ...]:
        """Find sentences that tell the reader about their own case.

        `strong`: the outcome, or the handling of a case said to be the reader's. `weak`: only
        that the case is the reader's, or an outcome beside a referral. Nothing where a rule
        for anyone is told, or a referral stands without an outcome.
        """
        if not may_tell(text.text):
            return ()
        split_text = split(text.text)
        found = signs.find(split_text)
        if not found:
            return ()
        sentences = _sentences([*found, *meant.find(split_text)], split_text, possessive)
        marked = (_judge(sentences, number) for number in sorted(sentences))
        return tuple(_detection(text, split_text, mark) for mark in marked if mark)

    return case_phrases


def _sentences(
    hits: Iterable[Hit], words: Words, possessive: frozenset[str]
) -> dict[int, _Sentence]:
    sentences: dict[int, _Sentence] = {}
    for hit in hits:
        sentence = sentences.setdefault(hit.sentence, _Sentence())
        sentence.hits.setdefault(hit.label, []).append(hit)
        if hit.label == "case":
            sentence.own_case |= bool(possessive.intersection(_beside(hit, words)))
    for number in words.questions.intersection(sentences):
        sentences[number].hits.setdefault("general", [])
    return sentences


def _beside(hit: Hit, words: Words) -> list[str]:
    """Return the words just before and after a hit, with nothing but blanks between."""
    pairs = ((hit.first - 1, hit.first, hit.first - 1), (hit.last - 1, hit.last, hit.last))
    return [
        words.lower[beside]
        for left, right, beside in pairs
        if 0 <= beside < len(words.lower)
        and words.text[words.places[left][1] : words.places[right][0]].isspace()
    ]


def _judge(sentences: dict[int, _Sentence], number: int) -> _Mark | None:
    """Return what a sentence amounts to."""
    sentence = sentences[number]
    if sentence.has("general"):
        return None
    case = next(iter(sentence.hits.get("case", ())), None)
    if told := _told(sentences, number):
        return _Mark("weak" if sentence.has("referral") else "strong", "outcome", told, case)
    if sentence.has("referral"):
        return None
    handled = sentence.hits.get("handling")
    if handled and sentence.addressed():
        return _Mark("strong" if sentence.own_case else "weak", "handling", handled, case)
    if sentence.own_case:
        return _Mark("weak", "the reader's case", sentence.hits["case"], case)
    return None


def _told(sentences: dict[int, _Sentence], number: int) -> list[Hit]:
    """Return the outcome that the sentence tells the reader, if it tells one."""
    sentence, before = sentences[number], sentences.get(number - 1)
    if decided := sentence.hits.get("decided"):
        return decided
    follows = before is not None and before.own_case and not before.has("general")
    return sentence.hits.get("outcome", []) if sentence.addressed() or follows else []


def _detection(text: Prepared, words: Words, mark: _Mark) -> Detection:
    first = min(mark.hits, key=lambda hit: (hit.first, -hit.last))
    near = mark.case or first
    start, last = min(near.first, first.first), max(near.last, first.last) - 1
    span = text.span(words.places[start][0], words.places[last][1])
    masked = f"case phrase: {mark.kind} ({first.shown})"
    return Detection("case_phrase", "1", mark.strength, "", span, masked)
