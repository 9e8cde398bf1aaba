"""What is said to do where facts are missing: to state them, each in a sentence of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from somepolicy.engine.titles import SchemaFiles, Titles, label_of
from somepolicy.engine.wording import Wording, and_more, asked
from somepolicy.json_type import Json

_MOST_CHOICES = 8
_MOST_ASKED = 12  # the finding names them all in `missing`
_MOST_KEPT = 500
_FORMS = {"boolean": "boolean", "array": "list", "integer": "number", "number": "number"}
_FORMATS = {"date": "date", "date-time": "date-time"}


class Questions:
    """Asks for the missing facts of one kind of document, in each language of the policy.

    The schema is read where the first fact is missing, and what has been asked is kept.
    """

    def __init__(self, schema: Callable[[], SchemaFiles], languages: Sequence[str]) -> None:
        self._schema = schema
        self._languages = languages
        self._asked: dict[tuple[tuple[str, ...], int], Wording] = {}

    def about(self, missing: tuple[str, ...]) -> Wording:
        """Return the sentences about missing facts, by their JSON Pointers, in order.

        Of many, the first are asked for and the others counted.
        """
        first, more = missing[:_MOST_ASKED], len(missing[_MOST_ASKED:])
        found = self._asked.get((first, more))
        if found is None:
            found = Wording({each: self._about(first, more, each) for each in self._languages})
            if len(self._asked) >= _MOST_KEPT:
                self._asked.clear()
            self._asked[first, more] = found
        return found

    @cached_property
    def _titles(self) -> Titles:
        return Titles(self._schema())

    def _about(self, missing: tuple[str, ...], more: int, language: str) -> str:
        titles = [self._titles.short(at, language) for at in missing]
        often = Counter(titles)
        questions = [
            self._question(at, language, title if often[title] == 1 else None)
            for at, title in zip(missing, titles, strict=True)
        ]
        return " ".join([*questions, *([and_more(language, more)] if more else [])])

    def _question(self, at: str, language: str, title: str | None) -> str:
        """Ask for one fact; None: its title alone would not say which."""
        titles = self._titles
        schema = titles.schema(at)
        shown = titles.title(at, language) if title is None else title
        values = schema.get("enum")
        if not isinstance(values, list):
            return asked(_form(schema), language, shown)
        choices = [label_of(schema, str(value), language) for value in values]
        form = "one of" if len(choices) <= _MOST_CHOICES else "one of many"
        return asked(form, language, shown, choices)


def _form(schema: Mapping[str, Json]) -> str:
    """Return what kind of question a field without choices is asked by."""
    form = _FORMATS.get(str(schema.get("format")))
    return form or _FORMS.get(str(schema.get("type")), "other")
