"""The published texts of a document, and the look at many short ones at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from somepolicy.functions.detection import Detections
from somepolicy.functions.detectors.prepare import Prepared, prepare

Text = tuple[str, str]  # its JSON Pointer, and itself
Ready = list[tuple[str, Prepared]]
May = Callable[[Prepared], bool]
_SHORT = 100
_MARKUP = frozenset("<&%")
_PLAIN = bytes({*b"\n", *range(32, 127), *range(0xC0, 0x100)} - {*b"0123456789@&%<"})


class Published:
    """Texts with their places; `found` keeps what detectors found in them.

    Most short texts (links, hashtags, credits) hold nothing, and a detector costs as much for
    one of them as for all: so they are first looked at together.
    """

    __slots__ = ("_lines", "_long", "_worth", "found", "texts")

    def __init__(self, texts: list[Text]) -> None:
        self.texts = texts
        self.found: dict[object, Detections] = {}
        self._worth: dict[May | None, Ready] = {}
        self._lines: Prepared | None = None
        self._long: Ready = []

    def worth(self, may: May | None, ready: Callable[[str], Prepared]) -> Ready:
        """Return the texts in which there may be something to find, by the test of a detector.

        `ready` prepares a text, once.
        """
        known = self._worth.get(may)
        if known is None:
            if may is not None and self._lines is None:
                self._lines = self._together(ready)
            if may is not None and self._lines is not None and not may(self._lines):
                known = self._long
            else:
                known = [(at, ready(text)) for at, text in self.texts]
                if may is not None:
                    known = [each for each in known if each[1].others or may(each[1])]
            self._worth[may] = known
        return known

    def _together(self, ready: Callable[[str], Prepared]) -> Prepared | None:
        """Return the short texts as lines, None where one may look there other than alone.

        It looks the same where each character keeps its place and none is a sign of markup,
        which may begin in one text and end in another.
        """
        text = "\n".join([text for _, text in self.texts if len(text) <= _SHORT])
        lines = Prepared(text, text, (), (), ()) if _is_plain(text) else prepare(text)
        if lines.ends or lines.others or not _MARKUP.isdisjoint(lines.text):
            return None
        self._long = [(at, ready(text)) for at, text in self.texts if len(text) > _SHORT]
        return lines


def _is_plain(text: str) -> bool:
    """Whether a text has no digit and no sign, and is prepared as it stands; a quick look."""
    try:
        return not text.encode("latin-1").translate(None, _PLAIN)
    except UnicodeEncodeError:
        return False


def published(*parts: tuple[Any, str, Any, Callable[[Any], bool | None] | None]) -> Published:
    """Gather the texts of parts of an admitted document that are there.

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
