"""What people call kinds, fields and values. The command line supplies those of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from somepolicy.ir import Program
from somepolicy.json_type import Json
from somepolicy.languages import stand_ins


class Names(Protocol):
    """The fields of one kind of document, in the language of the report."""

    def title(self, at: str) -> str:
        """Return the titles along a JSON Pointer; a `*` stands for any element of a list."""

    def label(self, at: str, value: str) -> str:
        """Return what people call a value of the enumeration at a JSON Pointer."""

    def answers(self, at: str) -> str:
        """Say what the field at a JSON Pointer may hold; empty where there is no such field."""

    def means_none(self, at: str) -> bool:
        """Whether the absence of the field at a JSON Pointer says that there is none."""

    def fact(self, at: str, document: Json) -> str | None:
        """Return the value of a field for a sentence; None for what may be free text."""


NamesByKind = Mapping[str, Names]


def kind_label(program: Program, kind: str, language: str) -> str:
    """Return the title of a kind's schema; a kind the policy does not have keeps its name."""
    if kind not in program.kinds:
        return kind
    content = program.kinds[kind].schema.files[0].content
    for each in (*(content.get(f"x-{name}") for name in stand_ins(language)), content):
        title = each.get("title") if isinstance(each, dict) else None
        if isinstance(title, str):
            return title
    return kind


def value_label(names: NamesByKind, paths: Mapping[str, tuple[str, ...]], value: str) -> str:
    """Return what people call a value that the log takes from these paths, one for each kind."""
    for kind, steps in paths.items():
        if kind in names:
            label = names[kind].label("/" + "/".join(steps), value)
            if label != value:
                return label
    return value


def section_of(locator: str) -> int:
    """Return the section of `3.b4.s2`."""
    number = locator.partition(".")[0]
    return int(number) if number.isdecimal() else 0


def section_label(program: Program, number: int, word: str) -> str:
    """Return number and title of a section of the guideline."""
    section = program.sections.get(number)
    return f"{word} {number}" if section is None else f"{number} {section.title}"
