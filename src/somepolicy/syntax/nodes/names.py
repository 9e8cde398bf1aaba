"""Names and texts as an author wrote them."""

from __future__ import annotations

from dataclasses import dataclass, field

from somepolicy.syntax.source import Span

EACH = "[]"


@dataclass(frozen=True, slots=True)
class Ident:
    """A name as written: `item`, `rett.bilde`, `post.media`, `post.media[].kind`."""

    text: str
    span: Span = field(compare=False, repr=False)

    @property
    def parts(self) -> tuple[str, ...]:
        """The name split at its dots; `[]`, for every element of a list, is a part of its own."""
        return tuple(self.text.replace("[]", f".{EACH}").split("."))


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one language; `value` has doubled quotes undone."""

    language: Ident
    value: str
    span: Span = field(compare=False, repr=False)


Texts = tuple[Text, ...]
