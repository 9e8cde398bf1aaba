"""Names and texts as an author wrote them."""

from __future__ import annotations

from dataclasses import dataclass, field

from somepolicy.syntax.source import Span


@dataclass(frozen=True, slots=True)
class Ident:
    """A name as written: `item`, `rett.bilde`, `post.media`."""

    text: str
    span: Span = field(compare=False, repr=False)

    @property
    def parts(self) -> tuple[str, ...]:
        """The name split at its dots."""
        return tuple(self.text.split("."))


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one language; `value` has doubled quotes undone."""

    language: Ident
    value: str
    span: Span = field(compare=False, repr=False)


Texts = tuple[Text, ...]
