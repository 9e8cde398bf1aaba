"""The published texts of a document, and the look at many short ones at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from somepolicy.functions.detection import Detections
from somepolicy.functions.detectors.prepare import Prepared, prepare

Text = tuple[str, str]  # its JSON Pointer, and itself
May = Callable[[Prepared], bool]
_SHORT = 2_000
_PLAIN = bytes({*b"\n", *range(32, 127), *range(0xC0, 0x100)} - {*b"0123456789@&%<"})


class Published:
    """Texts with their places; `found` keeps what detectors found in them.

    Most texts (links, hashtags, credits) hold nothing, and a quick test costs as much for one of
    them as for all: so the short ones are first looked at together.
    """

    __slots__ = ("_passing", "_together", "_views", "found", "texts")

    def __init__(self, texts: list[Text]) -> None:
        self.texts = texts
        self.found: dict[object, Detections] = {}
        self._passing: dict[May, list[Text]] = {}
        self._together: Prepared | None = None
        self._views: list[tuple[Text, Prepared | None]] = []

    def worth(self, may: May | None, ready: Callable[[str], Prepared]) -> list[Text]:
        """Return the texts in which there may be something to find, by the test of a detector.

        `ready` prepares a text, once.
        """
        if may is None:
            return self.texts
        known = self._passing.get(may)
        if known is None:
            known = self._passing[may] = [*self._passed(may, ready)]
        return known

    def _passed(self, may: May, ready: Callable[[str], Prepared]) -> Iterator[Text]:
        if not self._views:
            self._look()
        together = self._together is not None and may(self._together)
        for text, view in self._views:
            if view is not None and not together:
                continue
            seen = ready(text[1]) if view is None else view
            if seen.others or may(seen):
                yield text

    def _look(self) -> None:
        """Look at the short texts as lines of one, unless one may look there other than alone.

        It looks the same where each character keeps its place and no tag can begin in one text
        and end in another; nothing else that is undone holds a line break.
        """
        text = "\n".join([text for _, text in self.texts if len(text) <= _SHORT])
        lines = Prepared(text, text, (), (), ()) if _is_plain(text) else prepare(text)
        if lines.ends or lines.others or "<" in lines.text:
            self._views = [(each, None) for each in self.texts]
            return
        self._together, start = lines, 0
        for each in self.texts:
            size = len(each[1])
            if size > _SHORT:
                self._views.append((each, None))
                continue
            view = lines.text[start : start + size]
            self._views.append((each, Prepared(view, view, ())))
            start += size + 1


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
