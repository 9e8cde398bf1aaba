"""Schemas of the subset and documents for them, drawn at random, the odd ones as well."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import random
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

Schema = dict[str, Any]
TEXTS = (
    "", " ", "\u00a0", "\u200b", "a", "ab", "abc", "b", "å", "a\u030a", "\u0958", "\u212b", "😀", "yes", "x\n", "2026-11-22",
    "2026-02-30", "2026-11-22T10:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T10:00:00.5+01:00",
    "2026-11-22t10:00:00z", "https://a.example/", "https:// a", "\x00",
)  # fmt: skip
PATTERNS = (r"\S", "^a", "^a*$", "b$", "[æøå]", "", "(?i)YES", "@", "^.{2}$", r"\n")
FORMATS = ("date", "date-time", "uri")
LISTED = tuple(x for x in TEXTS if unicodedata.is_normalized("NFC", x) and x != "\u200b")
NUMBERS = (0, 1, -1, 2, 3, 0.5, -0.5, 1e300, 2.5, 2**53 - 1, -(2**53 - 1), 5e-324)
NAMES = (
    "a",
    "b",
    "æ",
    "blå",
    "get",
    "value",
    "member",
    "known",
    "a/b",
    "a~b",
    "",
    "__proto__",
    "x y",
)


class Text(str):
    """A text that is not quite one."""

    __slots__ = ()


class Whole(int):
    """An integer that says it is another."""

    def __int__(self) -> int:
        return 2**60

    def __index__(self) -> int:
        return 2**60


class Real(float):
    """A number that says it is another."""

    __slots__ = ()

    def __float__(self) -> float:
        return float("inf")


class Listed(list[Any]):
    """A list that is not quite one."""


class Word(enum.StrEnum):
    A = "a"
    YES = "yes"


class Level(enum.IntEnum):
    ONE = 1


class Colour(enum.Enum):
    RED = "red"


@cache  # making and forgetting them takes long
def deep(levels: int, *, lists: bool) -> Any:
    value: Any = "a"
    for _ in range(levels):
        value = [value] if lists else {"a": value}
    return value


def looped_list() -> Any:
    value: list[Any] = ["a"]
    value.append(value)
    return value


def looped_dict() -> Any:
    value: dict[str, Any] = {}
    value["a"] = value
    return value


ODD: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: [None],
    lambda: {"a": None},
    lambda: {"a": {"b": None}},
    lambda: Text("a"),
    lambda: Text("a\ud800"),
    lambda: Whole(1),
    lambda: Real(0.5),
    lambda: Listed(["a"]),
    lambda: Word.A,
    lambda: Level.ONE,
    lambda: Colour.RED,
    lambda: {Text("a"): "a"},
    lambda: {Word.A: 1},
    lambda: {1: 2},
    lambda: {None: 2},
    lambda: {(): 2},
    lambda: collections.OrderedDict(a="a"),
    lambda: collections.defaultdict(list, a="a"),
    lambda: ("a", "b"),
    lambda: decimal.Decimal("1.5"),
    lambda: fractions.Fraction(1, 2),
    lambda: b"a",
    lambda: bytearray(b"a"),
    lambda: {"a"},
    lambda: datetime.date(2026, 11, 22),
    lambda: float("nan"),
    lambda: float("inf"),
    lambda: float("-inf"),
    lambda: -0.0,
    lambda: 1.0,
    lambda: 2.0**53,
    lambda: 2**53,
    lambda: -(2**53),
    lambda: 10**5000,
    lambda: "\ud800",
    lambda: "a\udfff",
    lambda: {"\ud800": "a"},
    lambda: True,
    object,
    lambda: int,
    lambda: iter(["a"]),
    looped_list,
    looped_dict,
    lambda: deep(100_000, lists=True),
    lambda: deep(100_000, lists=False),
)


class Drawer:
    """Draws a schema for a field, conditions of the kind about it, and values for both."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.shared: dict[str, Schema] = {}

    def pick(self, values: Any) -> Any:
        return values[self.rng.randrange(len(values))]

    def some(self, values: Any) -> list[Any]:
        return self.rng.sample(values, self.rng.randint(1, min(3, len(values))))

    def maybe(self, share: float = 0.4) -> bool:
        return self.rng.random() < share

    # --- schemas

    def field(self) -> Schema:
        """Return the schema of a field, with what it shares under `$defs`."""
        whole = self.record(2) if self.maybe(0.8) else self.schema(0)
        return {**whole, "$defs": self.shared} if self.shared else whole

    def schema(self, depth: int) -> Schema:
        kinds = ["string", "string", "number", "integer", "boolean"]
        if depth > 0:
            kinds += ["object", "array", "shared"]
        match self.pick(kinds):
            case "object":
                return self.record(depth - 1)
            case "array":
                return self.listing(depth - 1)
            case "shared":
                name = self.pick(("one", "two", "a~b"))
                if name not in self.shared:
                    self.shared[name] = self.plain()
                return {"$ref": f"#/$defs/{name.replace('~', '~0')}"}
            case "string":
                return self.text()
            case "boolean":
                const = {"const": self.pick((True, False, "true"))} if self.maybe(0.3) else {}
                return {"type": "boolean", **const}
            case kind:
                return self.number(kind)

    def plain(self) -> Schema:
        """Return a schema that shares nothing."""
        return self.pick((self.text, lambda: self.number("integer"), lambda: self.listing(0)))()

    def text(self) -> Schema:
        made: Schema = {"type": "string", "maxLength": self.pick((0, 1, 2, 30))}
        if self.maybe(0.3):
            made["minLength"] = self.rng.randrange(3)
        if self.maybe(0.3):
            made["pattern"] = self.pick(PATTERNS)
        if self.maybe(0.3):
            made["format"] = self.pick(FORMATS)
        if self.maybe(0.3):
            made["enum"] = self.some(LISTED)
        if self.maybe(0.15):
            made["const"] = self.pick(LISTED)
        return made

    def number(self, kind: str) -> Schema:
        made: Schema = {"type": kind}
        for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if self.maybe(0.2):
                made[key] = self.pick(NUMBERS)
        return made

    def listing(self, depth: int) -> Schema:
        made: Schema = {"type": "array", "maxItems": self.rng.randrange(4)}
        if self.maybe():
            made["minItems"] = self.rng.randrange(3)
        return {**made, "items": self.schema(depth) if depth > 0 else self.text()}

    def record(self, depth: int) -> Schema:
        members = {name: self.schema(depth) for name in self.some(NAMES)}
        made: Schema = {"type": "object", "additionalProperties": False, "properties": members}
        if self.maybe():
            made["required"] = self.some(list(members))
        if self.maybe():
            made["anyOf"] = [self.condition(members, 2) for _ in range(self.rng.randint(1, 2))]
        if self.maybe():
            made["if"] = self.condition(members, 2)
            made["then"] = self.condition(members, 2)
        return made

    def condition(self, members: Schema, depth: int) -> Schema:
        """Return a condition whose keywords are often for values of another type."""
        made: Schema = {}
        if self.maybe():
            made["required"] = self.some([*members, "a"])[:1]
        if self.maybe(0.2):
            made["const"] = self.pick((True, False, *LISTED))
        if self.maybe(0.2):
            made["enum"] = self.some(LISTED)
        if self.maybe(0.2):
            made["pattern"] = self.pick(PATTERNS)
        if self.maybe(0.2):
            made[self.pick(("minItems", "minLength"))] = self.rng.randrange(3)
        if depth > 0 and self.maybe(0.8):
            names = self.some([*members, "b"])[:2]
            made["properties"] = {
                each: self.condition(self.inner(members, each), depth - 1) for each in names
            }
        return made

    @staticmethod
    def inner(members: Schema, name: str) -> Schema:
        found: Schema = members.get(name, {}).get("properties", {})
        return found

    # --- values

    def value(self, schema: Schema) -> Any:
        """Return a value that often meets the schema, and is JSON in its canonical form."""
        if "$ref" in schema:
            schema = self.shared[schema["$ref"].rpartition("/")[2].replace("~0", "~")]
        if self.maybe(0.04):
            return self.pick(("a", 1, True, [], {}, 0.5, ["a"], {"a": "a"}))
        match schema["type"]:
            case "object":
                return self.members(schema)
            case "array":
                size = self.rng.randint(schema.get("minItems", 0), 3)
                return [self.value(schema["items"]) for _ in range(size)]
            case "string":
                texts = schema.get("enum", TEXTS)
                return (
                    schema["const"] if "const" in schema and self.maybe(0.8) else self.pick(texts)
                )
            case "boolean":
                return self.maybe(0.5)
            case "integer":
                return self.pick([each for each in NUMBERS if isinstance(each, int)])
            case _:
                return self.pick([each for each in NUMBERS if each != 1e300])

    def members(self, schema: Schema) -> Schema:
        needed = schema.get("required", ())
        made = {
            name: self.value(inner)
            for name, inner in schema["properties"].items()
            if name in needed or self.maybe(0.7)
        }
        if self.maybe(0.05):
            made[self.pick(NAMES)] = "a"
        if self.maybe(0.1):  # the same names, spelled with marks of their own
            return {unicodedata.normalize("NFD", name): each for name, each in made.items()}
        return made

    def spoilt(self, value: Any) -> Any:
        """Return the value with something odd in one place."""
        if isinstance(value, list) and value and self.maybe(0.7):
            at = self.rng.randrange(len(value))
            return [*value[:at], self.spoilt(value[at]), *value[at + 1 :]]
        if isinstance(value, dict) and value and self.maybe(0.7):
            name = self.pick(list(value))
            if self.maybe(0.15):
                return {Text(key) if key == name else key: each for key, each in value.items()}
            return {**value, name: self.spoilt(value[name])}
        if type(value) is str and self.maybe(0.3):
            return Text(value)
        if type(value) is int and self.maybe(0.3):
            return self.pick((float(value), Whole(value)))
        return self.pick(ODD)()
