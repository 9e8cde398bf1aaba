"""Signs that a post handles a case: a reader is told how their own application went."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from somepolicy.functions.detection import OUTCOME, Detection, Strength
from somepolicy.functions.no.phrases import (
    Hit,
    Phrases,
    Searcher,
    Words,
    entries,
    has_group,
    split,
    triggered,
)
from somepolicy.functions.no.prepare import Prepared
from somepolicy.lexicon import Lexicon

TELLING = ("case", "decided")
_SIGNS = ("case", "outcome", "decided", "handling")
_MEANT = ("possessive", "second_person", "referral", "general")
_OPTIONAL = ("definite", "inverted", "premise", "public")
_FOR_ANYONE = ("general", "inverted", "public")
_STOPS = (":", ";", "(", ")", " - ")


class _Clauses(NamedTuple):
    """Where the statements of a text end, and the clauses within them, by word.

    A condition holds for the clause it stands in, and for all that follows in its statement,
    unless it is part of a premise (*selv om du har klaget, …*).
    `opening` holds the words that begin a sentence or a statement, or follow one that joins:
    after any other, verb and subject in this order are no condition (*nå er du innvilget*).
    """

    statement: tuple[int, ...]
    clause: tuple[int, ...]
    opening: frozenset[int]


class _Sentence:
    """What one sentence holds."""

    __slots__ = (
        "asks", "conceded", "first_condition", "hits", "own_case", "premise", "readers", "where",
    )  # fmt: skip

    def __init__(self) -> None:
        self.hits: dict[str, list[Hit]] = {}
        self.where: dict[str, set[int]] = {}  # the clauses in which something of a label stands
        self.first_condition: dict[int, int] = {}  # by statement, the word it begins with
        self.premise: dict[int, int] = {}  # by clause, the word at which a premise begins
        self.conceded: set[int] = set()  # the clauses whose premise holds a condition
        self.readers: set[int] = set()  # the statements with a premise about the reader
        self.own_case = False
        self.asks = False

    def has(self, *labels: str) -> bool:
        """Whether something of every label occurs."""
        return all(label in self.hits for label in labels)

    def addressed(self) -> bool:
        """Whether the reader's case is spoken of."""
        return self.own_case or self.has("case", "second_person")

    def for_anyone(self) -> bool:
        """Whether it asks, or states rules for anyone or news."""
        return self.asks or any(label in self.hits for label in _FOR_ANYONE)

    def add(self, hit: Hit, clauses: _Clauses) -> None:
        """Take up a hit, in the order of the text."""
        self.hits.setdefault(hit.label, []).append(hit)
        clause = clauses.clause[hit.first]
        self.where.setdefault(hit.label, set()).add(clause)
        if hit.label == "premise":
            self.premise.setdefault(clause, hit.first)
        elif clause in self.premise:
            if hit.label == "second_person":
                self.readers.add(clauses.statement[hit.first])
            if hit.label in ("general", "inverted"):
                self.conceded.add(clause)
                return
        if hit.label == "general" or (hit.label == "inverted" and hit.first in clauses.opening):
            self.where.setdefault("condition", set()).add(clause)
            self.first_condition.setdefault(clauses.statement[hit.first], hit.first)

    def within(self, clause: int, *labels: str) -> bool:
        """Whether something of every label stands in a clause."""
        return all(clause in self.where.get(label, ()) for label in labels)


class _Mark(NamedTuple):
    """What a sentence amounts to, the hits that show it, and its case word."""

    strength: Strength
    kind: str
    hits: list[Hit]
    case: Hit | None


def make_case_phrases(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detectors `case_outcome` and `case_phrase` for a word list.

    Groups, each also per language (`nb_case`): `case` words for an application, a complaint,
    a decision; `possessive` and `second_person` words; `outcome` of a case; `decided`, phrases
    that tell the reader an outcome without a case word; `handling`; `referral` to another
    channel; `general`, words of rules that hold for anyone. A list may do without these:
    `definite` words for a known case, or that point back to it; `inverted`, verb and subject
    that are a condition where they open a clause; `public` bodies and the municipality's own
    affairs; `premise` words open what an outcome stands against or rests on, so that a condition
    in it holds for nothing else; `turn` words begin a statement, `joint` words a clause, and before a `reason` a
    comma ends none. Raises ValueError.
    """
    may_tell = triggered(words, *TELLING)
    signs = Phrases(words, *_SIGNS)
    meant = Phrases(words, *_MEANT, *(group for group in _OPTIONAL if has_group(words, group)))
    possessive = frozenset(entries(words, "possessive"))
    turn, joint, reason = (
        frozenset(entries(words, group) if has_group(words, group) else ())
        for group in ("turn", "joint", "reason")
    )

    def case_phrases(text: Prepared) -> tuple[Detection, ...]:
        """Find sentences that tell the reader about their own case.

        An outcome (`case_outcome`) is `strong`, whatever channel the reader is sent to besides,
        and `weak` where nothing says whose case it is. Other words (`case_phrase`) are `strong`
        where they say that the reader's own case is being handled, else `weak`; nothing
        where the reader is referred to another channel. Nothing where a rule for anyone is stated.
        """
        split_text = split(text.text)
        found = signs.find(split_text)
        if not any(hit.label in TELLING for hit in found):
            return ()
        clauses = _clauses(split_text, turn, joint, reason)
        hits = sorted([*found, *meant.find(split_text)], key=_order)
        sentences = _sentences(hits, split_text, clauses, possessive)
        marked = (_judge(sentences, number, clauses) for number in sorted(sentences))
        return tuple(_detection(text, split_text, mark) for mark in marked if mark)

    return Searcher(may_tell, case_phrases)


def _order(hit: Hit) -> tuple[int, bool]:
    """Sort by place; a premise goes before the condition that is part of it."""
    return hit.first, hit.label != "premise"


def _clauses(
    words: Words, turn: frozenset[str], joint: frozenset[str], reason: frozenset[str]
) -> _Clauses:
    statements: list[int] = []
    clauses: list[int] = []
    opening: set[int] = set()
    statement = clause = 0
    for at, word in enumerate(words.lower):
        gap = words.text[words.places[at - 1][1] : words.places[at][0]] if at else "."
        plain = gap == " "  # as most are
        begins = not plain and (
            not at or words.sentence[at - 1] != words.sentence[at] or _stops(gap)
        )
        turns = begins or word in turn
        statement += turns
        clause += turns or word in joint or (not plain and "," in gap and word not in reason)
        statements.append(statement)
        clauses.append(clause)
        if begins or words.lower[at - 1] in joint:
            opening.add(at)
    return _Clauses(tuple(statements), tuple(clauses), frozenset(opening))


def _stops(gap: str) -> bool:
    return any(stop in gap for stop in _STOPS)


def _sentences(
    hits: Iterable[Hit], words: Words, clauses: _Clauses, possessive: frozenset[str]
) -> dict[int, _Sentence]:
    sentences: dict[int, _Sentence] = {}
    for hit in hits:
        sentence = sentences.setdefault(hit.sentence, _Sentence())
        sentence.add(hit, clauses)
        if hit.label == "case":
            sentence.own_case |= bool(possessive.intersection(_beside(hit, words)))
    for number in words.questions.intersection(sentences):
        sentences[number].asks = True
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


def _judge(sentences: dict[int, _Sentence], number: int, clauses: _Clauses) -> _Mark | None:
    """Return what a sentence amounts to."""
    sentence = sentences[number]
    case = next(iter(sentence.hits.get("case", ())), None)
    for strength, hits in _outcomes(sentences, number, clauses):
        if hits:
            return _Mark(strength, "outcome", hits, case)
    if sentence.for_anyone() or sentence.has("referral"):
        return None
    handled = sentence.hits.get("handling")
    if handled and sentence.addressed():
        return _Mark("strong" if sentence.own_case else "weak", "handling", handled, case)
    if sentence.own_case:
        return _Mark("weak", "the reader's case", sentence.hits["case"], case)
    return None


def _outcomes(
    sentences: dict[int, _Sentence], number: int, clauses: _Clauses
) -> Iterator[tuple[Strength, list[Hit]]]:
    """Yield the outcomes that a sentence states, the surest first: the reader's, then anyone's."""
    sentence, before = sentences[number], sentences.get(number - 1)
    if sentence.asks:
        return

    def free(hit: Hit) -> bool:
        """Whether no condition holds for an outcome."""
        clause = clauses.clause[hit.first]
        condition = sentence.first_condition.get(clauses.statement[hit.first], hit.last)
        if clause in sentence.conceded and hit.first >= sentence.premise[clause]:
            return False
        return condition >= hit.first and not sentence.within(clause, "condition")

    def follows(clause: int) -> bool:
        """Whether the reader's case is what the sentence before is about."""
        return (
            before is not None
            and before.own_case
            and (not before.for_anyone() or sentence.within(clause, "definite"))
        )

    def readers(clause: int, statement: int) -> bool:
        """Whether an outcome in a clause is that of the reader's case."""
        near = not sentence.has("public") and (
            sentence.within(clause, "case", "second_person")
            or (statement in sentence.readers and sentence.within(clause, "case"))
        )
        return near or sentence.own_case or follows(clause)

    yield "strong", [hit for hit in sentence.hits.get("decided", ()) if free(hit)]
    outcomes = [
        (hit, clauses.clause[hit.first]) for hit in sentence.hits.get("outcome", ()) if free(hit)
    ]
    yield (
        "strong",
        [hit for hit, clause in outcomes if readers(clause, clauses.statement[hit.first])],
    )
    if not sentence.has("public"):
        yield (
            "weak",
            [hit for hit, clause in outcomes if sentence.within(clause, "case", "definite")],
        )


def _detection(text: Prepared, words: Words, mark: _Mark) -> Detection:
    first = min(mark.hits, key=lambda hit: (hit.first, -hit.last))
    near = mark.case or first
    start, last = min(near.first, first.first), max(near.last, first.last) - 1
    span = text.span(words.places[start][0], words.places[last][1])
    masked = f"case phrase: {mark.kind} ({first.shown})"
    detector = OUTCOME if mark.kind == "outcome" else "case_phrase"
    return Detection(detector, "1", mark.strength, "", span, masked)
