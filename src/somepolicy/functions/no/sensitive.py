"""Health, child welfare and benefits mentioned of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.phrases import Hit, Phrases, Searcher, Words, split, triggered
from somepolicy.functions.no.prepare import Prepared
from somepolicy.lexicon import Lexicon

TERMS = ("health", "child_welfare", "benefit")
_PEOPLE = (
    "person",
    "pronoun",
    "reader_person",
    "general",
    "role",
    "occasion",
    "suffers",
    "not_name",
)
_BESIDE = 3
_SHOWN = {
    "health": "health",
    "child_welfare": "child welfare",
    "benefit": "benefit",
    "name": "a name",
    "person": "a person",
    "pronoun": "a person",
    "reader_person": "the reader's family",
}


def make_sensitive_terms(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `sensitive` for a word list.

    Groups, each also per language (`nb_health`): terms `health`, `child_welfare`, `benefit`;
    `person`, words that point at one person (`sønnen min`); `pronoun` and `reader_person`,
    the reader or the reader's family, which count only in a statement; `general`, words of offers
    to anyone; `role`, titles beside which a name is no client's; `occasion`, words of talks
    and books, likewise in the whole sentence; `suffers`, words that say it of the person after
    all; `not_name`, words of places and services. Raises ValueError.
    """
    may_tell = triggered(words, *TERMS)
    terms = Phrases(words, *TERMS)
    people = Phrases(words, *_PEOPLE)

    def sensitive_terms(text: Prepared) -> tuple[Detection, ...]:
        """Find terms with a sign of a person in the same or the next sentence; all `strong`.

        A term without a person is not reported.
        """
        split_text = split(text.text)
        found = _longest(terms.find(split_text))
        if not found:
            return ()
        signs = _signs(split_text, people.find(split_text))
        marked = ((hit, _sign(signs, hit.sentence)) for hit in found)
        return tuple(_detection(text, split_text, hit, sign) for hit, sign in marked if sign)

    return Searcher(may_tell, sensitive_terms)


def _longest(hits: list[Hit]) -> list[Hit]:
    """Return the hits that do not overlap an earlier or, at the same word, a longer one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
        if not kept or hit.first >= kept[-1].last:
            kept.append(hit)
    return kept


def _sign(signs: dict[int, str], sentence: int) -> str | None:
    """Return the sign of a person in the sentence or a neighbour of it."""
    near = (signs.get(number) for number in (sentence, sentence - 1, sentence + 1))
    return next((sign for sign in near if sign), None)


def _signs(words: Words, hits: list[Hit]) -> dict[int, str]:
    """Return the kind of person that each sentence points at, where it points at one."""
    by_label: dict[str, set[int]] = {label: set() for label in _PEOPLE}
    for hit in hits:
        by_label[hit.label].add(hit.sentence)
    general = by_label["general"] | words.questions
    signs = dict.fromkeys(by_label["reader_person"] - general, "reader_person")
    by_label["occasion"] -= by_label["suffers"]
    public = (by_label["role"] - by_label["suffers"]) | by_label["occasion"] | general
    signs |= dict.fromkeys(by_label["pronoun"] - public, "pronoun")
    signs |= dict.fromkeys(by_label["person"], "person")
    named = {words.sentence[at] for at in _names(words, hits, by_label["suffers"])}
    return signs | dict.fromkeys(named - by_label["occasion"], "name")


def _names(words: Words, hits: list[Hit], suffering: set[int]) -> Iterator[int]:
    """Yield the first word of each run of capitalised words that may be a client's name.

    One capitalised word may be a place or begin a sentence; a second one beside it is, in
    Norwegian, a name, and a service or a street where the list says so. A name with a title
    at most three words away is left out, but not in the sentences that say it suffers.
    """
    barred = {at for hit in hits if hit.label == "not_name" for at in range(hit.first, hit.last)}
    titled = {
        at
        for hit in hits
        if hit.label == "role" and hit.sentence not in suffering
        for at in range(hit.first - _BESIDE, hit.last + _BESIDE)
        if 0 <= at < len(words.lower) and words.sentence[at] == hit.sentence
    }
    barred |= titled
    for run in _capitalised_runs(words):
        if len(run) > 1 and barred.isdisjoint(run):
            yield run[0]


def _capitalised_runs(words: Words) -> Iterator[list[int]]:
    """Yield the runs of words that begin with a capital and stand side by side."""
    run: list[int] = []
    for at in range(len(words.lower) + 1):
        if at < len(words.lower) and _capitalised(words, at) and _joined(words, run, at):
            run.append(at)
            continue
        yield run
        run = [at] if at < len(words.lower) and _capitalised(words, at) else []


def _capitalised(words: Words, at: int) -> bool:
    """Whether the word is written as names are: one capital, then small letters."""
    written = words.written(at)
    return len(written) > 1 and written[0].isupper() and written[1:].islower()


def _joined(words: Words, run: list[int], at: int) -> bool:
    """Whether the word stands beside the run, with a blank or a hyphen between."""
    return not run or words.text[words.places[at - 1][1] : words.places[at][0]] in {" ", "-"}


def _detection(text: Prepared, words: Words, hit: Hit, sign: str) -> Detection:
    span = text.span(words.places[hit.first][0], words.places[hit.last - 1][1])
    masked = f"{_SHOWN[hit.label]} term near {_SHOWN[sign]}"  # which illness is not revealed
    return Detection("sensitive", "1", "strong", "", span, masked)
