"""Random documents and random edits: no edit, no drift; every edited segment is reported."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from somepolicy.ir import Program, Section
from somepolicy.source.drift import compare
from tests.examples import examples
from tests.source.copies import copy, policy

# not in the order of the alphabet, so that no text is an edit of another by chance
SYLLABLES = ("ba", "ko", "ri", "mu", "tel", "san", "ver", "ny", "dol", "pir", "gus", "hem")
NOISES = ("none", "wide", "wrapped", "decomposed", "crlf", "soft")


def word(number: int) -> str:
    made = ""
    while number or not made:
        number, rest = divmod(number, len(SYLLABLES))
        made += SYLLABLES[rest]
    return made


@dataclass
class Sentence:
    """What the policy was written from, and what now stands there."""

    original: str | None
    now: str


@dataclass
class Part:
    heading: str
    paragraphs: list[list[Sentence]]
    points: list[list[Sentence]]

    def blocks(self) -> list[list[Sentence]]:
        return [*self.paragraphs, *self.points]


@dataclass
class Document:
    """`removed` holds the sentences that are no more; `used` counts words, for fresh ones."""

    parts: list[Part]
    used: int
    removed: list[Sentence] = field(default_factory=list)
    renamed: set[int] = field(default_factory=set)

    def fresh(self, length: int) -> str:
        words = [word(self.used * 7 + 144 + 7 * n) + "æ"[: n % 2] for n in range(length)]
        self.used += length
        return " ".join(words).capitalize() + "."

    def sentences(self) -> Iterator[tuple[str, Sentence]]:
        """Yield the sentences with the locators they have to get, counted here once more."""
        for number, part in enumerate(self.parts, 1):
            for sign, blocks in (("p", part.paragraphs), ("b", part.points)):
                for index, block in enumerate(blocks, 1):
                    for place, each in enumerate(block, 1):
                        step = f".s{place}" if len(block) > 1 else ""
                        yield f"{number}.{sign}{index}{step}", each

    def text(self) -> str:
        blocks = ["Regler for Havnby"]
        for part in self.parts:
            blocks.append(part.heading)
            blocks += [" ".join(each.now for each in block) for block in part.paragraphs]
            blocks.append("\n".join("- " + " ".join(x.now for x in b) for b in part.points))
        return "\n\n".join(block for block in blocks if block) + "\n"


@st.composite
def documents(draw: st.DrawFn) -> Document:
    document = Document([], draw(st.integers(0, 50)))

    def block() -> list[Sentence]:
        count = draw(st.integers(1, 3))
        texts = [document.fresh(draw(st.integers(3, 9))) for _ in range(count)]
        return [Sentence(text, text) for text in texts]

    for number in range(1, draw(st.integers(1, 3)) + 1):
        paragraphs = [block() for _ in range(draw(st.integers(1, 2)))]
        points = [block() for _ in range(draw(st.integers(0, 5)))]
        document.parts.append(Part(f"Del {word(number + 700)}", paragraphs, points))
    return document


def program_of(document: Document) -> Program:
    """Return a policy that accounts for every sentence and heading, with digests made here."""

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    model = next(iter(policy().program.clauses.values()))
    clauses = {
        f"c.{number}": replace(
            model, name=f"c.{number}", locator=locator, digests=(digest(each.now),)
        )
        for number, (locator, each) in enumerate(document.sentences())
    }
    sections = {
        number: Section(number, "x", digest(part.heading), model.span)
        for number, part in enumerate(document.parts, 1)
    }
    return replace(policy().program, clauses=clauses, lead_ins=(), sections=sections)


def noisy(text: str, noise: str) -> str:
    match noise:
        case "wide":
            return text.replace(" ", " \t ").replace("\n\n", "\n \n\n\n").replace("-  \t", "-")
        case "wrapped":
            return text.replace("- ", "-\u00a0").replace(" ", "\n   ")
        case "decomposed":
            return unicodedata.normalize("NFD", text)
        case "crlf":
            return "\ufeff" + text.replace("\n", "\r\n")
        case "soft":
            return text.replace("ko", "k\u00ado").replace("san", "sa\u200bn")
        case _:
            return text


@given(documents(), st.sampled_from(NOISES))
@examples(60)
def test_no_edit_no_drift(document: Document, noise: str) -> None:
    drift = compare(program_of(document), copy(noisy(document.text(), noise)))
    assert not drift.found


# --- edits


def change(document: Document, block: list[Sentence], at: int, _: int) -> None:
    block[at % len(block)].now = document.fresh(5)


def punctuate(_: Document, block: list[Sentence], at: int, __: int) -> None:
    each = block[at % len(block)]
    each.now = each.now[:-1] + ("!" if each.now[-1] == "." else ".")


def add_word(document: Document, block: list[Sentence], at: int, where: int) -> None:
    each = block[at % len(block)]
    words = each.now.split()
    new = document.fresh(1)[:-1].lower()
    each.now = " ".join([words[0], *words[1 : 1 + where], new, *words[1 + where :]])
    if each.now.endswith(new):
        each.now = each.now.replace(f". {new}", f" {new}.").replace(f"! {new}", f" {new}!")


def add_sentence(document: Document, block: list[Sentence], at: int, _: int) -> None:
    block.insert(at % (len(block) + 1), Sentence(None, document.fresh(4)))


def remove(document: Document, block: list[Sentence], at: int, _: int) -> None:
    if len(block) > 1:
        document.removed.append(block.pop(at % len(block)))


def move_point(document: Document, _: list[Sentence], at: int, where: int) -> None:
    homes = [part for part in document.parts if part.points]
    if homes:
        home, target = homes[at % len(homes)], document.parts[where % len(document.parts)]
        point = home.points.pop(at % len(home.points))
        target.points.insert(where % (len(target.points) + 1), point)


def add_point(document: Document, _: list[Sentence], at: int, where: int) -> None:
    points = document.parts[at % len(document.parts)].points
    points.insert(where % (len(points) + 1), [Sentence(None, document.fresh(6))])


def remove_point(document: Document, _: list[Sentence], at: int, where: int) -> None:
    points = document.parts[at % len(document.parts)].points
    if points:
        document.removed += points.pop(where % len(points))


def rename(document: Document, _: list[Sentence], at: int, __: int) -> None:
    number = at % len(document.parts)
    document.parts[number].heading = f"Nytt {document.fresh(2)[:-1]}"
    document.renamed.add(number + 1)


EDITS = (
    change, punctuate, add_word, add_sentence, remove, move_point, add_point, remove_point, rename,
)  # fmt: skip


@given(
    documents(),
    st.lists(st.tuples(st.sampled_from(EDITS), *[st.integers(0, 40)] * 3), min_size=1, max_size=6),
    st.sampled_from(NOISES),
    st.booleans(),
)
@examples(100)
def test_every_edit_is_reported(document: Document, edits: list, noise: str, known: bool) -> None:
    program, before = program_of(document), document.text()
    for edit, which, at, where in edits:
        blocks = [block for part in document.parts for block in part.blocks()]
        edit(document, blocks[which % len(blocks)], at, where)
    now = copy(noisy(document.text(), noise))
    drift = compare(program, now, copy(before) if known else None)
    matches = {match.place.digest: match for match in drift.matches}

    def match_of(text: str):
        return matches[hashlib.sha256(text.encode()).hexdigest()[:12]]

    # what still says the same is where it is said to be, and is never said to be changed
    for locator, each in document.sentences():
        if each.original == each.now:
            match = match_of(each.original)
            status = "unchanged" if match.place.locator == locator else "moved"
            assert (match.status, [x.locator for x in match.segments]) == (status, [locator])
        elif each.original is not None:
            assert match_of(each.original).status in ("changed", "gone")
    for each in document.removed:
        if each.original is not None:
            assert match_of(each.original).status in ("changed", "gone")
    # nothing that is there is passed over
    told = {segment.locator for match in drift.matches for segment in match.segments}
    told |= {segment.locator for segment in drift.new}
    assert told == {locator for locator, _ in document.sentences()}
    # headings
    renamed = {each.number for each in drift.headings if each.status == "renamed"}
    gone = {each.number for each in drift.headings if each.status == "gone"}
    assert document.renamed == renamed | gone
    assert drift.found == (document.text() != before)
