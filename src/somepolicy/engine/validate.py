"""A caller's object -> a validated document: only JSON, nulls removed, form NFC, schema met."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from somepolicy.engine.context import Document
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.engine.given import Composed, Composer
from somepolicy.engine.json_text import MOST_DEEP
from somepolicy.engine.values import pointer, pointer_key
from somepolicy.json_type import Json
from somepolicy.normal_form import is_normal

if TYPE_CHECKING:
    from somepolicy.engine.schema_errors import Validator

MOST_VALUES = 500_000
_LARGEST = 2**53 - 1


def validate(
    document: object,
    validators: Mapping[str, Callable[[object], bool]],
    validator: Callable[[str], Validator],
) -> tuple[str, Document]:
    """Return the kind of a document and the document as rules may see it.

    `validators` takes at once what is valid and needs no cleaning; all else is copied, members
    that are None left out, brought into form NFC (a `Composed` document where it was not)
    and validated against the schema. The document itself is not changed. Raises InvalidDocument.
    """
    if type(document) is dict:
        kind = document.get("kind")
        if (
            type(kind) is str
            and (is_valid := validators.get(kind)) is not None
            and is_valid(document)
        ):
            return kind, document
    return _cleaned(document, validators, validator)


def _cleaned(
    document: object,
    validators: Mapping[str, Callable[[object], bool]],
    validator: Callable[[str], Validator],
) -> tuple[str, Document]:
    cleaner = _Cleaner()
    # a copy holds no cycles, and to walk a large one again and again takes longer than to make it
    collecting = gc.isenabled()
    gc.disable()
    try:
        clean = cleaner.value(document, "", 0)
    finally:
        if collecting:
            gc.enable()
    _raise(cleaner.errors)
    if not isinstance(clean, dict):
        raise InvalidDocument([DocumentError("D201", "", "a document is an object")])
    composer, given = Composer(), clean
    if not cleaner.normal:
        clean = composer.members(given)
        _raise(composer.as_given(composer.errors))
    kind = clean.get("kind")
    if not isinstance(kind, str) or kind not in validators:
        from somepolicy.nearest import nearest  # noqa: PLC0415 - for a refusal only

        known = ", ".join(validators)
        message = "the kind is missing" if kind is None else "this is not a kind"
        near = nearest(kind, validators) if isinstance(kind, str) else None
        raise InvalidDocument(
            [DocumentError("D202", "/kind", f"{message}; the kinds are {known}", near)]
        )
    if not validators[kind](clean) and (errors := validator(kind).errors(clean)):
        raise InvalidDocument(composer.as_given(errors))
    return kind, clean if clean is given else Composed(clean, given, composer.texts)


def _below(at: str, name: str) -> str:
    return pointer(at, (name,)) if "~" in name or "/" in name else f"{at}/{name}"


def _raise(errors: list[DocumentError]) -> None:
    if errors:
        raise InvalidDocument(sorted(errors, key=lambda each: pointer_key(each.pointer)))


class _Cleaner:
    """Copies what is JSON and notes what is not; recursion is bounded by MOST_DEEP.

    `normal`: every text and name is in form NFC.
    """

    def __init__(self) -> None:
        self.errors: list[DocumentError] = []
        self.normal = True
        self.values = 0

    def fail(self, code: str, at: str, message: str) -> None:
        if len(self.errors) < 100:
            self.errors.append(DocumentError(code, at, message))

    def value(self, value: object, at: str, depth: int) -> Json:
        self.values += 1
        if self.values > MOST_VALUES:
            if self.values == MOST_VALUES + 1:
                self.fail("D203", "", f"the document has more than {MOST_VALUES} values")
            return None
        match value:
            case str():
                return self.text(value, at)
            case bool() | None:
                return value
            case int():
                whole = int.__int__(value)  # what a subclass is, whatever it says
                if not -_LARGEST <= whole <= _LARGEST:
                    self.fail("D205", at, "an integer lies beyond ±(2^53−1)")
                return whole
            case float():
                number = float.__float__(value)
                if not math.isfinite(number):
                    self.fail("D205", at, "a number is not finite")
                elif not -_LARGEST <= number <= _LARGEST:
                    self.fail("D205", at, "a number lies beyond ±(2^53−1)")
                return self.number(number)
            case dict():
                return self.members(value, at, depth)
            case list():
                return self.elements(value, at, depth)
            case _:
                self.fail("D204", at, f"a {type(value).__name__} is not a value of JSON")
                return None

    @staticmethod
    def number(value: float) -> float:
        """Return 1 for 1.0: the two are one number in canonical JSON, and so everywhere."""
        return int(value) if value.is_integer() else value

    def text(self, value: str, at: str) -> str:
        text = str.__str__(value)
        if not text.isascii():
            self.normal = self.normal and is_normal(text)
            try:
                text.encode()
            except UnicodeEncodeError:
                self.fail("D206", at, "a text holds half of a surrogate pair")
        return text

    def too_deep(self, at: str, depth: int) -> bool:
        if depth < MOST_DEEP:
            return False
        self.fail("D107", at, f"lists and objects are nested more than {MOST_DEEP} deep")
        return True

    def members(self, value: dict[object, object], at: str, depth: int) -> Json:
        if self.too_deep(at, depth):
            return None
        clean: dict[str, Json] = {}
        for name, member in dict.items(value):  # what a subclass holds, whatever it says
            if not isinstance(name, str):
                self.fail("D204", at, f"a member's name is a {type(name).__name__}, not a text")
            elif member is not None:
                plain = self.text(name, at)
                if plain in clean:  # two names that differ in their type alone
                    self.fail("D104", at, "a member stands twice in one object")
                clean[plain] = self.value(member, _below(at, plain), depth + 1)
        return clean

    def elements(self, value: list[object], at: str, depth: int) -> Json:
        if self.too_deep(at, depth):
            return None
        clean: list[Json] = []
        for index, element in enumerate(list.__iter__(value)):
            if element is None:
                self.fail("D207", f"{at}/{index}", "a list may not hold null")
            else:
                clean.append(self.value(element, f"{at}/{index}", depth + 1))
        return clean
