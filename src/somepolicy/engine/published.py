"""The published texts of a document, and the look at many short ones at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from somepolicy.functions.detection import Detections
from somepolicy.functions.no.prepare import Prepared, prepare

Text = tuple[str, str]  # its JSON Pointer, and itself
May = Callable[[Prepared], bool]
_SHORT = 100
_PLAIN = bytes({*b"\n", *range(32, 127), *range(0xC0, 0x100)} - {*b"0123456789@&%<"})


class Published:
    """Texts with their places; `found` keeps what detectors found in them.

    Most texts (links, hashtags, credits) hold nothing, and a quick test costs as much for one of
    them as for all: so the short ones are first looked at together.
    """

    __slots__ = ("_passing", "_short", "found", "texts")

    def __init__(self, texts: list[Text]) -> None:
        self.texts = texts
        self.found: dict[object, Detections] = {}
        self._passing: dict[May, list[Text]] = {}
        self._short: Prepared | Literal["unknown"] | None = "unknown"

    def worth(self, may: May | None, known: dict[str, Prepared]) -> list[Text]:
        """Return the texts in which there may be something to find, by the test of a detector.

        `known`: texts that are prepared already; what is prepared here is added.
        """
        if may is None:
            return self.texts
        passing = self._passing.get(may)
        if passing is None:
            if self._short == "unknown":
                self._short = self._together()
            none_short = self._short is not None and not may(self._short)
            passing = self._passing[may] = []
            for each in self.texts:
                text = each[1]
                if none_short and len(text) <= _SHORT:
                    continue
                seen = known.get(text)
                if seen is None:
                    seen = known[text] = prepare(text)
                if seen.others or may(seen):
                    passing.append(each)
        return passing

    def _together(self) -> Prepared | None:
        """Return the short texts as lines, None where one may look there other than alone.

        It looks the same where each character keeps its place and no tag can begin in one text
        and end in another; nothing else that is undone holds a line break.
        """
        text = "\n".join([text for _, text in self.texts if len(text) <= _SHORT])
        lines = Prepared(text, text, (), (), ()) if _is_plain(text) else prepare(text)
        return None if lines.ends or lines.others or "<" in lines.text else lines


def _is_plain(text: str) -> bool:
    """Whether a text has no digit and no sign, and is prepared as it stands; a quick look."""
    try:
        return not text.encode("latin-1").translate(None, _PLAIN)
    except UnicodeEncodeError:
        return False


def published(*parts: tuple[Any, str, Any, Callable[[Any], bool | None] | None]) -> Published:
    """Gather the texts of parts of a validated document that are there.

    A part is a value, its place, where its texts are (as `outline` has it) and, where it is a
    list of which only some elements count, the condition, which is not false for those.
    """
    found: list[Text] = []
    for value, at, outline, condition in parts:
        if value is None:
            continue
        if condition is None:
            _gather(value, at, outline, found)
        else:
            for index, each in enumerate(value):
                if condition(each) is not False:
                    _gather(each, f"{at}/{index}", outline, found)
    return Published(found)


def _gather(value: Any, at: str, outline: Any, found: list[Text]) -> None:
    """Gather texts: of None the value itself, of a list its elements, of a tuple its members."""
    if outline is None:
        found.append((at, value))
    elif isinstance(outline, list):
        for index, each in enumerate(value):
            _gather(each, f"{at}/{index}", outline[0], found)
    else:
        for name, place, inner in outline:
            member = value.get(name)
            if member is None:
                continue
            if inner is None:
                found.append((at + place, member))
            else:
                _gather(member, at + place, inner, found)


def places(found: Detections, facts: Sequence[str]) -> Sequence[str]:
    """Return the facts behind detections: where each was found, else what was searched."""
    if found and found[0].at:
        return list(dict.fromkeys([each.at for each in found]))
    return facts
