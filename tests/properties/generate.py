"""Whole policies as text, and documents for them, drawn at random and well typed.

Everything is drawn from one seeded `random.Random`, so that a seed repeats it; Hypothesis
chooses the seed and the most rules. `DrawnPolicy.text` shows a policy as a person reads it.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import random
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import note, reject
from hypothesis import strategies as st

from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.properties.small_policies import load_policy

NOTHING: Any = object()
COLOURS = ("red", "green", "blue")
SHADES = ("blue", "grønn", "åpen")
ROLES = ("editor", "archivist")
DAYS = (
    "0001-01-01", "9999-12-31", "2024-02-29", "2026-11-21", "2026-11-22", "2026-11-23",
    "2026-10-25", "2026-03-29",
)  # fmt: skip
INSTANTS = (
    "2026-11-22T12:00:00+01:00", "2026-11-21T23:30:00Z", "2026-11-22T00:30:00+02:00",
    "2026-11-22T11:00:00.5Z", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00",
    "2026-11-21T23:00:00Z", "2026-11-22T23:00:00-00:00", "2026-11-22T23:59:59.999999999+23:59",
    "2026-10-25T00:30:00Z", "2026-10-25T02:30:00+01:00", "2026-10-24T22:00:00Z",
    "2026-03-29T02:30:00+01:00", "2026-03-28T23:30:00Z", "0001-01-01T00:00:00+14:00",
)  # fmt: skip
ZONES = (
    None, None, "Europe/Oslo", "Europe/Oslo", "America/New_York", "Pacific/Kiritimati",
    "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe", "Etc/GMT+12", "UTC",
)  # fmt: skip
DETECTED = (
    "fnr. 15876500565",
    "Konto NO93 8601 1117 947 og NO9386011117947",
    "a 15\u00a0076500565.",
)
TEXTS = (
    "", " ", "red", "blue", "grønn", "blå", "Åpent hus i dag. Kom! Hvor er du?",
    "Forvaltningslovens bestemmelser gjelder.", "a.b", "x\ny", "1. januar", "😀 blå", *DETECTED, "ﬁ",
    "K;`", "\u212a\u037e\u1fef",
)  # fmt: skip
WORDS = ("red", "blå", "hus", "a", "ﬁ")
PATTERNS = ("^a", "bl(å|ue)", "[A-ZÆØÅ]", "\\.$", "", "(?i)HUS", "å", "K;", "[;!]+", "^[^;]*$")
UNREGULATED = (
    "flag", "size", "rights", "word", "size in (3, 10)", "flag in (false)", "tags",
    'colour in ("red", "blue")', "items[].flag", "items[].parts[].ok in (true)", "more[]",
    'items[].colours[] in ("green")', "items[].rights.deep.ratio in (0.5)", 'tags[] in ("", "blå")',
)  # fmt: skip
SORTS = ("red", "blå", "K;`", "åpen", "green", "grønn", "hus", "a", "x", "ö", "1")
KINDS = (("post",), ("post",), ("ranks",), ("post_0",))
PAIRS = (("post", "note"), ("post", "post_1"))
VARIABLES = ("item", "part", "get", "element_0", "r1")
ODD = ("get", "known", "rank", "å", "document", "t1", "class", "None")  # names of code, too


# --- schemas


@dataclasses.dataclass(frozen=True, eq=False)
class Spec:
    """The schema of a value: `type` is a name of the policy language, or list or record.

    `values` of a text are those that documents mostly have, `required` members of a record.
    """

    type: str
    values: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    element: Spec | None = None
    fields: Mapping[str, Spec] = dataclasses.field(default_factory=dict)
    bounds: tuple[int, int] | None = None
    default: Any = NOTHING
    none: bool = False
    most: int = 4

    def schema(self) -> dict[str, object]:
        """Return it as JSON Schema."""
        match self.type:
            case "boolean" | "number":
                schema: dict[str, object] = {"type": self.type}
            case "integer":
                schema = {"type": "integer"}
                if self.bounds is not None:
                    schema |= {"minimum": self.bounds[0], "maximum": self.bounds[1]}
            case "text":
                schema = {"type": "string", "maxLength": 200}
            case "one of":
                schema = {"type": "string", "enum": list(self.values)}
            case "date" | "date-time":
                schema = {"type": "string", "format": self.type}
            case "list":
                assert self.element is not None
                schema = {"type": "array", "maxItems": self.most, "items": self.element.schema()}
            case _:
                schema = {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {name: spec.schema() for name, spec in self.fields.items()},
                    "required": sorted(self.required),
                }
        if self.default is not NOTHING:
            schema["default"] = self.default
        if self.none:
            schema["x-absent"] = "none"
        return schema

    def same(self, other: Spec) -> bool:
        """Whether a predicate may take either."""
        if self.type == "record" or other.type == "record":
            return self.fields is other.fields  # whatever they require
        if self.element is not None and other.element is not None:
            return self.element.same(other.element)
        return (self.type, self.values, self.bounds) == (other.type, other.values, other.bounds)


def loosened(spec: Spec) -> Spec:
    """Return a spec that requires half as much."""
    return dataclasses.replace(
        spec,
        required=frozenset(sorted(spec.required)[::2]),
        element=None if spec.element is None else loosened(spec.element),
        fields={name: loosened(inner) for name, inner in spec.fields.items()},
    )


def draw_record(rng: random.Random, strict: bool) -> Spec:
    """Draw what a document consists of; the shape is the same, what absence means is drawn.

    strict: about half of all members are required.
    """

    def record(fields: dict[str, Spec]) -> Spec:
        required = frozenset(name for name in fields if strict and rng.random() < 0.5)
        return Spec("record", fields=fields, required=required)

    def leaf(type: str, default: Any = NOTHING, **more: Any) -> Spec:
        lot = rng.random()
        if default is not NOTHING and lot < 0.3:
            return Spec(type, default=default, **more)
        return Spec(type, none=lot > 0.8, **more)

    def leaves() -> dict[str, Spec]:
        return {
            "flag": leaf("boolean", False),
            "size": leaf("integer", 3, bounds=(0, 10)),
            "ratio": leaf("number", 0.5),
            "title": leaf("text", ""),
            "colour": leaf("one of", "red", values=COLOURS),
            "day": leaf("date"),
            "moment": leaf("date-time"),
        }

    def listed(element: Spec, default: Any = NOTHING) -> Spec:
        has = default is not NOTHING and rng.random() < 0.3
        return Spec("list", element=element, default=default if has else NOTHING)

    def odd() -> dict[str, Spec]:
        types = ("boolean", "text", "integer", "one of")
        return {
            name: leaf(type, values=COLOURS if type == "one of" else ())
            for name in rng.sample(ODD, 2)
            for type in (types[rng.randrange(4)],)
        }

    part = record({"ok": leaf("boolean", True), "n": leaf("integer"), **leaves()})
    deep = record({**leaves(), "tags": listed(Spec("text"), [])})
    rights = record({"until": Spec("date", none=True), **leaves(), "deep": deep})
    item = record(
        {
            **leaves(),
            "shade": leaf("one of", values=SHADES),
            "rights": rights,
            "colours": listed(Spec("one of", values=COLOURS), []),
            "parts": listed(part),
            **odd(),
        }
    )
    return record(
        {
            **leaves(),
            "count_of": Spec("integer"),
            "word": Spec("text"),
            "shade": leaf("one of", values=SHADES),
            "until": Spec("date", none=True),
            "since": Spec("date-time", none=True),
            "tags": listed(Spec("text"), []),
            "colours": listed(Spec("one of", values=COLOURS), []),
            "days": listed(Spec("date"), []),
            "numbers": listed(Spec("integer")),
            "rights": rights,
            "items": listed(item, []),
            "more": listed(
                dataclasses.replace(item, required=frozenset(sorted(item.required)[1:]))
            ),
            "sort": Spec("text", values=SORTS),
            "a/b~c": leaf("boolean", False),
            **odd(),
        }
    )


ATTESTATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["clause", "statement", "role", "at", "content_digest"],
    "properties": {
        "clause": {"type": "string", "maxLength": 50},
        "statement": {"type": "string", "enum": ["yes", "no"]},
        "role": {"type": "string", "maxLength": 50},
        "at": {"type": "string", "format": "date-time"},
        "expires": {"type": "string", "format": "date-time", "x-absent": "none"},
        "content_digest": {"type": "string", "maxLength": 80},
    },
}


def kind_schema(kind: str, record: Spec) -> dict[str, object]:
    """Return the schema of a kind of document."""
    body = record.schema()
    own = {
        "kind": {"type": "string", "const": kind},
        "id": {"type": "string", "maxLength": 50},
        "as_of": {"type": "string", "format": "date-time"},
        "attestations": {"type": "array", "maxItems": 5, "default": [], "items": ATTESTATION},
    }
    assert isinstance(body["properties"], dict)
    required = ["kind", "id", *sorted(record.required)]
    return {**body, "properties": {**own, **body["properties"]}, "required": required}


# --- conditions and values

PASS, FAIL, BOTH, FREE = "pass", "fail", "both", "free"
_OPPOSITE = {PASS: FAIL, FAIL: PASS, BOTH: BOTH, FREE: FREE}


@dataclasses.dataclass(frozen=True)
class Place:
    """Where an expression stands: what it may name and how much it may nest.

    `pull`: which way the expression moves an instance of a denying rule when it turns true;
    `lists`: how many lists within lists are left; `plain`: no presence test, no `otherwise`,
    no default.
    """

    variables: Mapping[str, Spec]
    pull: str
    lists: int
    depth: int
    plain: bool
    predicates: bool = True
    attested: bool = False

    def within(self, **changes: Any) -> Place:
        return dataclasses.replace(self, depth=self.depth - 1, **changes)

    def opposite(self) -> Place:
        return self.within(pull=_OPPOSITE[self.pull])


@dataclasses.dataclass(frozen=True)
class Value:
    """A definition that can be used: its type, whether it keeps to what `plain` allows."""

    name: str
    spec: Spec
    plain: bool
    constant: bool = False


@dataclasses.dataclass(frozen=True)
class Predicate:
    """A predicate that can be used."""

    name: str
    takes: tuple[Spec, ...]
    lists: int
    plain: bool


class Writer:
    """Writes expressions of a type."""

    def __init__(self, rng: random.Random, record: Spec, root: str) -> None:
        self.rng = rng
        self.record = record
        self.root = root
        self.names = 0
        self.values: list[Value] = []
        self.tests: list[Predicate] = []
        self.parameters: list[Value] = []
        self.roots = self.below(root, record)

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def pick(self, options: Any) -> Any:
        return options[self.rng.randrange(len(options))]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # --- paths

    def below(self, name: str, spec: Spec) -> list[tuple[str, Spec]]:
        found = [(name, spec)]
        for member, inner in spec.fields.items():
            if member.isidentifier():  # else no policy can name it
                found += self.below(f"{name}.{member}", inner)
        return found

    def variable(self, taken: Mapping[str, Spec]) -> str:
        """Name a variable, often as another rule names something else."""
        free = [name for name in VARIABLES if name not in taken]
        return self.pick(free) if free and self.chance(0.6) else self.name("x")

    def paths(self, place: Place, *types: str) -> list[tuple[str, Spec]]:
        """Return the paths to values of some types; those from variables stand more often."""
        near = [path for name, spec in place.variables.items() for path in self.below(name, spec)]
        every = near + (self.roots[1:] if not near or self.chance(0.4) else [])
        return [
            (path, spec)
            for path, spec in every
            if spec.type in types and not (place.plain and spec.default is not NOTHING)
        ]

    def path(self, place: Place, *types: str) -> str | None:
        found = self.paths(place, *types)
        return self.pick(found)[0] if found else None

    def list_path(self, place: Place, *elements: str) -> tuple[str, Spec] | None:
        found = [
            (path, spec.element)
            for path, spec in self.paths(place, "list")
            if spec.element is not None and spec.element.type in elements
        ]
        return self.pick(found) if found else None

    def defined(self, place: Place, *types: str) -> str | None:
        known = [
            value.name
            for value in self.values + self.parameters
            if value.spec.type in types and (value.plain or not place.plain)
        ]
        return self.pick(known) if known and self.chance(0.25) else None

    def none_leaf(self, place: Place, *types: str) -> tuple[str, Spec] | None:
        """A leaf that `otherwise` may follow."""
        if place.plain:
            return None
        found = [
            (path, spec)
            for path, spec in self.paths(place, *types)
            if spec.none and path not in place.variables
        ]
        return self.pick(found) if found and self.chance(0.3) else None

    # --- values

    def literal(self, type: str) -> str:
        match type:
            case "boolean":
                return self.pick(("true", "false"))
            case "integer":
                return str(self.rng.randint(3, 7))
            case "number":
                return self.pick(("3", "4", "0.5", "2.5", "7"))
            case "text":
                text = self.pick(TEXTS).replace("\n", " ")
                if self.chance(0.3):
                    text = unicodedata.normalize("NFD", text)
                return '"' + text + '"'
            case "date":
                return self.pick(DAYS)
            case _:
                return self.pick(INSTANTS)

    def number(self, place: Place, *, whole: bool = False) -> str:
        types = ("integer",) if whole else ("integer", "number")
        if (known := self.defined(place, *types)) is not None:
            return known
        if (leaf := self.none_leaf(place, *types)) is not None:
            return f"({leaf[0]} otherwise {self.number(place.within(), whole=whole)})"
        lot = self.rng.randrange(10)
        if place.depth > 0 and lot < 2:
            left = self.number(place.within(), whole=whole)
            right = self.number(place.within(), whole=whole)
            return f"({left} {self.pick('+-')} {right})"
        if place.lists > 0 and lot < 4:
            found = self.list_path(place, "text", "one of", "date", "integer", "record")
            if found is not None and lot == 2:
                return f"count({found[0]})"
            if (made := self.summed(place, whole=whole)) is not None:
                return made
        if place.depth > 0 and lot < 6:
            names = ["words", "sentences", "length"] + ([] if whole else ["lix"])
            return f"{self.pick(names)}({self.text(place.within())})"
        path = self.path(place, *types)
        return self.literal(types[-1]) if path is None or lot == 9 else path

    def summed(self, place: Place, *, whole: bool) -> str | None:
        found = self.list_path(place, "record", "record", "integer", "text")
        if found is None:
            return None
        name = self.variable(place.variables)
        inner = place.within(variables={**place.variables, name: found[1]}, lists=place.lists - 1)
        return f"sum({name} in {found[0]}: {self.number(inner, whole=whole)})"

    def text(self, place: Place) -> str:
        if (known := self.defined(place, "text")) is not None:
            return known
        if (leaf := self.none_leaf(place, "text")) is not None:
            return f"({leaf[0]} otherwise {self.text(place.within())})"
        if self.chance(0.15):
            return self.literal("text")
        types = ("text", "one of") if self.chance(0.2) else ("text",)
        path = self.path(place, *types)
        return self.literal("text") if path is None else path

    def date(self, place: Place) -> str:
        if (known := self.defined(place, "date")) is not None:
            return known
        if (leaf := self.none_leaf(place, "date")) is not None:
            other = self.date(place.within()) if self.chance(0.5) else "as_of"
            return f"({leaf[0]} otherwise {other})"
        if place.depth > 0 and self.chance(0.25):
            return self.moved(self.date(place.within()), place)
        path = self.path(place, "date")
        return self.literal("date") if path is None or self.chance(0.1) else path

    def instant(self, place: Place) -> str:
        if (known := self.defined(place, "date-time")) is not None:
            return known
        if (leaf := self.none_leaf(place, "date-time")) is not None:
            return f"({leaf[0]} otherwise {self.instant(place.within())})"
        if self.chance(0.3):
            return "as_of"
        if place.depth > 0 and self.chance(0.25):
            return self.moved(self.instant(place.within()), place)
        path = self.path(place, "date-time")
        return self.literal("date-time") if path is None or self.chance(0.1) else path

    def moved(self, day: str, place: Place) -> str:
        count = self.pick(("1", "-1", "400", "999999999", self.number(place.within(), whole=True)))
        return f"({day} {self.pick('+-')} days({count}))"

    # --- conditions

    def condition(self, place: Place) -> str:
        """Write a condition in brackets, so that it can stand anywhere."""
        if place.depth > 0:
            lot = self.rng.randrange(20)
            if lot < 4:
                word = self.pick((" and ", " or "))
                parts = [self.condition(place.within()) for _ in range(self.rng.randint(2, 3))]
                return f"({word.join(parts)})"
            if lot < 6:
                return f"(not {self.condition(place.opposite())})"
            if lot < 9 and place.lists > 0 and (made := self.quantified(place)) is not None:
                return made
            if lot < 11 and (made := self.applied(place)) is not None:
                return made
            if lot == 11:
                both = place.within(pull=BOTH if place.pull != FREE else FREE)
                return f"({self.condition(both)} {self.pick(('==', '!='))} {self.condition(both)})"
            if lot == 12 and (made := self.presence(place)) is not None:
                return made
        if place.attested and place.pull in (PASS, FREE) and self.chance(0.1):
            return f"(attested {self.pick(('yes', 'no'))} by {self.roles()})"
        return f"({self.simple(place)})"

    def roles(self) -> str:
        return self.pick(("editor", "archivist", "editor, archivist"))

    def quantified(self, place: Place) -> str | None:
        found = self.list_path(place, "record", "record", "text", "one of", "date", "integer")
        if found is None:
            return None
        name = self.variable(place.variables)
        inner = place.within(variables={**place.variables, name: found[1]}, lists=place.lists - 1)
        word = self.pick(("some", "every"))
        return f"({word} {name} in {found[0]} ({self.condition(inner)}))"

    def applied(self, place: Place) -> str | None:
        if not place.predicates:
            return None
        known = [x for x in self.tests if x.lists <= place.lists and (x.plain or not place.plain)]
        if not known:
            return None
        test = self.pick(known)
        arguments = []
        for spec in test.takes:
            found = [path for path, other in self.paths(place, spec.type) if spec.same(other)]
            if spec.type == "one of" and self.chance(0.2):
                arguments.append(f'"{self.pick(spec.values)}"')
            elif spec.type in ("integer", "text", "date") and self.chance(0.2):
                arguments.append(self.literal(spec.type))
            elif found:
                arguments.append(self.pick(found))
            else:
                return None
        return f"{test.name}({', '.join(arguments)})"

    def presence(self, place: Place) -> str | None:
        if place.plain:
            return None
        every = [x for x in self.paths(place, *_ANY) if x[0] not in place.variables]
        words = {PASS: ("present",), FAIL: ("missing",), BOTH: (), FREE: ("present", "missing")}
        allowed = words[place.pull]
        found = [x for x in every if allowed or x[1].none]
        if not found:
            return None
        path, spec = self.pick(found)
        return f"({path} is {self.pick(('present', 'missing') if spec.none else allowed)})"

    def simple(self, place: Place) -> str:
        equal, order = self.pick(("==", "!=")), self.pick(("==", "!=", "<", "<=", ">", ">="))
        match self.rng.randrange(16):
            case 0:
                known = self.defined(place, "boolean") or self.path(place, "boolean")
                return known or "true"
            case 1:
                left = self.path(place, "boolean")
                return "false" if left is None else f"{left} {equal} {self.literal('boolean')}"
            case 2 | 3:
                return f"{self.number(place)} {order} {self.number(place)}"
            case 4 | 5:
                sides = (self.date, self.instant)
                return f"{self.pick(sides)(place)} {order} {self.pick(sides)(place)}"
            case 6:
                right = self.path(place, "text")
                return "true" if right is None else f"{self.text(place)} {equal} {right}"
            case 7:
                return self.enumeration(place, equal)
            case 8:
                return f"{self.text(place)} contains {self.text(place)}"
            case 9:
                often = f"{self.root}.{self.pick(('word', 'sort'))}"
                text = often if self.chance(0.5) else self.text(place)
                return f'{text} matches "{self.pick(PATTERNS)}"'
            case 10:
                return self.in_tuple(place)
            case 11:
                return self.in_list(place)
            case 12:
                known = self.path(place, self.pick(("list", "list", "text"))) or '"a"'
                return f"{known} is {self.pick(('empty', 'not empty'))}"
            case 13:
                return f"has_word({self.text(place)}, {self.text(place)})"
            case _:
                return f"{self.detections(place)} is {self.pick(('empty', 'not empty'))}"

    def detections(self, place: Place) -> str:
        """What a detector that needs no word list finds."""
        if (known := self.defined(place, "detections")) is not None:
            return known
        if self.chance(0.4):
            return f"{self.pick(('hard', 'strong', 'weak'))}({self.detections(place)})"
        option = self.pick(("true", "false", self.path(place, "boolean") or "true"))
        text = self.text(place)
        return self.pick((f"ibans({text})", f"identity_numbers({text}, {option})"))

    def enumeration(self, place: Place, equal: str) -> str:
        found = self.paths(place, "one of")
        if not found:
            return "true"
        path, spec = self.pick(found)
        if (known := self.defined(place, "choice")) is not None:
            return f"{path} {equal} {known}"
        match self.rng.randrange(4):
            case 0:
                return f"{path} {equal} {self.pick(found)[0]}"
            case 1 if (text := self.path(place, "text")) is not None:
                return f"{path} {equal} {text}"
            case 2 if not place.plain and spec.none and path not in place.variables:
                return f'({path} otherwise "{self.pick(COLOURS)}") {equal} "{self.pick(COLOURS)}"'
            case _:
                return f'{path} {equal} "{self.pick(spec.values)}"'

    def in_tuple(self, place: Place) -> str:
        word = self.pick(("in", "not in"))
        type = self.pick(("integer", "text", "date", "one of", "boolean"))
        if type == "one of":
            found = self.paths(place, "one of")
            if found:
                path, spec = self.pick(found)
                values = ", ".join(f'"{self.pick(spec.values)}"' for _ in range(2))
                return f"{path} {word} ({values})"
            type = "text"
        item = {
            "integer": lambda: self.number(place),
            "text": lambda: self.path(place, "text") or '"a"',
            "date": lambda: self.date(place),
            "boolean": lambda: self.path(place, "boolean") or "true",
        }[type]()
        values = [self.literal(type) for _ in range(self.rng.randint(1, 3))]
        comma = "," if len(values) == 1 and self.chance(0.5) else ""
        return f"{item} {word} ({', '.join(values)}{comma})"

    def in_list(self, place: Place) -> str:
        if place.lists < 1:
            return self.in_tuple(place)
        inner = dataclasses.replace(place, lists=place.lists - 1)
        word = self.pick(("in", "not in"))
        listed = [
            value
            for value in self.values
            if value.spec.type == "list" and (value.plain or not place.plain)
        ]
        if listed and self.chance(0.6):
            value = self.pick(listed)
            found = (value.name, value.spec.element)
        else:
            found = self.list_path(place, "text", "one of", "date", "integer")
        if found is None:
            return self.in_tuple(place)
        path, element = found
        match element.type:
            case "text":
                return f"{self.text(inner)} {word} {path}"
            case "date":
                return f"{self.day_only(inner)} {word} {path}"
            case "integer":
                return f"{self.number(inner)} {word} {path}"
            case _:
                shared = set(element.values)
                items = [x for x in self.paths(inner, "one of") if shared & {*x[1].values}]
                if items and self.chance(0.7):
                    return f"{self.pick(items)[0]} {word} {path}"
                return f'"{self.pick(element.values)}" {word} {path}'

    def day_only(self, place: Place) -> str:
        return self.path(place, "date") or self.literal("date")


_ANY = (
    "boolean", "integer", "number", "text", "one of", "date", "date-time", "list", "record",
)  # fmt: skip


# --- policies


@dataclasses.dataclass(frozen=True)
class DrawnPolicy:
    """A policy as it was drawn; `kinds` have the same fields, `record`.

    The first requires what the record does, another only half of that.
    """

    record: Spec
    kinds: tuple[str, ...]
    files: Mapping[str, str]
    extra: str
    zone: str | None = None

    @property
    def text(self) -> str:
        """Everything but the schema."""
        files = "\n".join(f"# --- {name}\n{text}" for name, text in self.files.items())
        return f"{files}\n# --- policy.toml\ntime_zone: {self.zone}\n{self.extra}"

    def schemas(self) -> dict[str, object]:
        return {kind: kind_schema(kind, self.record_of(kind)) for kind in self.kinds}

    def record_of(self, kind: str) -> Spec:
        """Return what a document of the kind consists of."""
        return self.record if kind == self.kinds[0] else loosened(self.record)

    def load(self) -> Policy:
        """Load it. Raises PolicyError."""
        return load_policy(self.schemas(), self.files, self.extra, self.zone)


_FORCES = ("must", "must_not", "should", "consider", "question", "may", "info")
_DEFINED = ("boolean", "integer", "number", "text", "date", "list", "list", "detections")
_EFFECTS = {
    "must": ("require", "forbid", "attest"),
    "must_not": ("require", "forbid", "attest"),
    "should": ("advise",),
    "consider": ("advise",),
    "question": ("advise",),
    "may": ("permit",),
}


def draw_policy(
    rng: random.Random, *, plain: bool | None = None, rules: int = 7, strict: bool | None = None
) -> DrawnPolicy:
    """Draw a policy; plain: without presence tests, `otherwise`, `attested` and defaults.

    strict: its schema requires about half of the members; where it is False, next to none.
    """
    return _PolicyWriter(rng, plain, rules, strict=strict).policy()


def draw_large_policy(rng: random.Random, *, plain: bool | None = None) -> DrawnPolicy:
    """Draw a policy of rules that have much in common: most ask for one value of a field."""
    return _PolicyWriter(rng, plain, rules=60, least=40, common=True).policy()


class _PolicyWriter:
    """Writes the parts of a policy; `common` rules share guards, filters and lists."""

    def __init__(
        self,
        rng: random.Random,
        plain: bool | None,
        rules: int,
        least: int = 2,
        common: bool = False,
        strict: bool | None = None,
    ) -> None:
        self.rng = rng
        self.plain = rng.random() < 0.3 if plain is None else plain
        self.rules = (least, rules)
        self.common = common
        self.record = draw_record(rng, rng.random() < 0.4 if strict is None else strict)
        self.two = rng.random() < 0.2
        self.kinds = (PAIRS if self.two else KINDS)[rng.randrange(2 if self.two else 4)]
        self.root = "document" if self.two else self.kinds[0]
        self.writer = Writer(rng, self.record, self.root)
        self.cited: set[str] = set()
        self.used: dict[tuple[object, ...], list[str]] = {}
        self.selecting = self.writer.pick(("sort", "sort", "word", "rights.deep.title"))

    def policy(self) -> DrawnPolicy:
        declared = [*self.parameters(), *self.predicates(), *self.definitions()]
        rules = [self.rule() for _ in range(self.rng.randint(*self.rules))]
        header = f"rules for {', '.join(self.kinds)}"
        if not self.two and self.rng.random() < 0.15:
            header += ', unproven advises, notice nb "Merk." en "Note."'
        loose = [
            f'unregulated {self.root}.{path} says nb "n" en "e"'
            for path in self.rng.sample(UNREGULATED, self.rng.randint(1, 3))
        ]
        if self.rng.random() < 0.3:
            loose.append('unregulated topic word says nb "n" en "e"')
        texts = [header, *loose, *declared, *rules]
        files = {"clauses.pol": self.clauses(), "rules.pol": "\n".join(texts) + "\n"}
        extra = "[parameters]\nlimit = 6\n" if self.rng.random() < 0.2 else ""
        return DrawnPolicy(self.record, self.kinds, files, extra, self.writer.pick(ZONES))

    def clauses(self) -> str:
        kinds = ", ".join(self.kinds)
        lines = ['section 1 "Alt"']
        for number, force in enumerate(_FORCES, 1):
            line = (
                f"clause a.{force} at 1.b{number} digest 5e51fe02ff75 force {force} binds unit "
                f'kinds {kinds} says nb "n" en "e"'
            )
            if f"a.{force}" not in self.cited:
                line += ' undecided nb "n" en "e"'
            lines.append(line)
        lines.append('reading R1 of a.should, a.consider says nb "n" en "e" status proposed')
        return "\n".join(lines) + "\n"

    def parameters(self) -> list[str]:
        writer = self.writer
        made = []
        for name, type, values in (
            ("limit", "integer", "5"),
            ("share", "number", "2.5 from 2026-01-01, 4"),
            ("late", "number", "4 from 2026-11-23"),
            ("start", "date", "2026-11-22 from 2020-01-01, 2026-11-21 from 2026-11-22"),
            ("due", "date", "2026-11-22 from 2026-11-23"),
            ("loud", "boolean", "true from 2026-11-23, false from 2026-12-01"),
            ("theme", "text", '"blå"'),
            ("wanted", 'one of ("red", "blue")', '"red" from 2000-01-01, "blue" from 2026-11-22'),
            ("strict", "boolean", "true"),
        ):
            if name == "limit" or self.rng.random() < 0.5:
                made.append(f"parameter {name}: {type} = {values}")
                spec = Spec("choice" if name == "wanted" else type)
                writer.parameters.append(Value(name, spec, plain=True))
        return made

    def predicates(self) -> list[str]:
        writer, made = self.writer, []
        specs = [spec for _, spec in writer.roots[1:]]
        items = self.record.fields["items"].element
        assert items is not None
        for _ in range(self.rng.randint(0, 3)):
            takes = tuple(
                writer.pick((items, self.record.fields["rights"], writer.pick(specs)))
                for _ in range(self.rng.randint(1, 2))
            )
            names = [writer.name("a") for _ in takes]
            if writer.chance(0.5):  # what elements are called elsewhere
                names = self.rng.sample(VARIABLES, len(takes))
            lists = self.rng.randrange(2)
            place = Place(
                dict(zip(names, takes, strict=True)), BOTH, lists, 2, self.plain, predicates=False
            )
            name = writer.name("test")
            made.append(f"define {name}({', '.join(names)}) = {writer.condition(place)}")
            writer.tests.append(Predicate(name, takes, lists, self.plain))
        return made

    def definitions(self) -> list[str]:
        writer, made = self.writer, []
        for _ in range(self.rng.randint(0, 4)):
            place = Place({}, BOTH, 2, 2, self.plain)
            name = writer.name("word")
            type = writer.pick(_DEFINED)
            match type:
                case "boolean":
                    body, spec = writer.condition(place), Spec("boolean")
                case "integer":
                    body, spec = writer.number(place, whole=True), Spec("integer")
                case "number":
                    body, spec = f"({writer.number(place)} + 0.5)", Spec("number")
                case "text":
                    body, spec = writer.path(place, "text") or '"a"', Spec("text")
                case "detections":
                    body, spec = writer.detections(place), Spec("detections")
                case "date":
                    body, spec = writer.day_only(place), Spec("date")
                case _:
                    found = writer.list_path(place, "text", "one of", "date", "integer")
                    if found is None or writer.chance(0.4):
                        of = writer.pick(("text", "text", "date", "integer"))
                        stated = ", ".join(writer.literal(of) for _ in range(3))
                        found = (f"({stated})", Spec(of))
                    body, element = found
                    spec = Spec("list", element=element)
            made.append(f"define {name} = {body}")
            writer.values.append(Value(name, spec, self.plain))
        return made

    def rule(self) -> str:
        writer, rng = self.writer, self.rng
        force = writer.pick(_FORCES[:6])
        effect = writer.pick(_EFFECTS[force])
        under = ""
        if force in ("should", "consider") and rng.random() < 0.3:
            effect, under = writer.pick(("require", "forbid", "attest")), " under R1"
        cites = [f"a.{force}"]
        if force in ("must", "must_not") and effect != "attest" and rng.random() < 0.2:
            cites = ["a.must_not", "a.must"]
        self.cited |= set(cites)
        denies = effect in ("require", "forbid", "attest")

        def place(pull: str, lists: int, variables: Mapping[str, Spec]) -> Place:
            return Place(
                variables,
                pull if denies else FREE,
                lists,
                3,
                self.plain,
                attested=len(cites) == 1 and not self.plain,
            )

        name = writer.name("rule")
        text = f"{effect} {name} cites {', '.join(cites)}{under}"
        variables: dict[str, Spec] = {}
        lists = 2
        if effect != "permit" and rng.random() < 0.55:
            found = self.list_of(place(PASS, 2, {}))
            if found is not None:
                variables, lists = {writer.variable({}): found[1]}, 1
                text += f" for each {next(iter(variables))} in {found[0]}"
                if rng.random() < 0.5:
                    text += f" where {self.shared(place(FAIL, 1, variables), found[0])}"
        if self.common and rng.random() < 0.85:
            text += f" when {self.selected()}"
            if rng.random() < 0.4:
                text += f" and {self.shared(place(FAIL, 2, {}))}"
        elif rng.random() < 0.4:
            text += f" when {self.shared(place(FAIL, 2, {}))}"
        sense = {"require": "that", "forbid": "if", "advise": writer.pick(("that", "if", ""))}
        if sense.get(effect):
            pull = FAIL if sense[effect] == "if" else PASS
            text += f" {sense[effect]} {writer.condition(place(pull, lists, variables))}"
        if effect != "permit" and rng.random() < 0.4:
            text += f" unless {writer.condition(place(PASS, lists, variables))}"
        if effect == "attest":
            answer = writer.pick(("yes", "no"))
            text += f' by {writer.roles()} asks {answer} nb "n?" en "e?"'
        return f'{text} says nb "n{self.shown(variables)}" en "{{{{e}}}}{self.shown(variables)}"'

    def list_of(self, place: Place) -> tuple[str, Spec] | None:
        """The list a rule goes through: one of few where rules have much in common."""
        if self.common and self.writer.chance(0.7):
            name = self.writer.pick(("more", "items"))
            listed = self.record.fields[name]
            if listed.element is not None and not (place.plain and listed.default is not NOTHING):
                return f"{self.root}.{name}", listed.element
        return self.writer.list_path(place, "record", "record", "text", "one of", "date")

    def shared(self, place: Place, *about: object) -> str:
        """A guard or filter, now and then the one of an earlier rule."""
        key = (place.pull, place.attested, *place.variables, *about)
        earlier = self.used.setdefault(key, [])
        if not earlier or not self.writer.chance(0.5 if self.common else 0.2):
            earlier.append(self.writer.condition(place))
        return self.writer.pick(earlier)

    def selected(self) -> str:
        """What asks for one value of the field by which rules are selected."""
        value = self.writer.pick(SORTS)
        if self.writer.chance(0.3):
            value = unicodedata.normalize("NFD", value)
        sides = [f"{self.root}.{self.selecting}", f'"{value}"']
        if self.writer.chance(0.2):
            sides.reverse()
        return " == ".join(sides)

    def shown(self, variables: Mapping[str, Spec]) -> str:
        """A field in a message, or nothing."""
        place = Place(variables, FREE, 0, 0, plain=False)
        found = [
            path
            for path, _ in self.writer.paths(
                place, "boolean", "integer", "number", "one of", "date", "date-time"
            )
            if "." in path
        ]
        return f" {{{self.writer.pick(found)}}}" if found and self.rng.random() < 0.4 else ""


# --- documents


def draw_value(rng: random.Random, spec: Spec, share: float = 1.0, nulls: float = 0.0) -> Any:
    """Draw a value that meets the schema; each member is there with the given share."""
    match spec.type:
        case "boolean":
            return rng.random() < 0.5
        case "integer":
            if spec.bounds is not None:
                return rng.randint(*spec.bounds)
            return (0, 1, 3, 5, 2**53 - 1, -(2**53 - 1), 4.0, -0.0)[rng.randrange(8)]
        case "number":
            return (0, 0.5, 2.5, 3, 3.0, -0.0, 4503599627370495.5, 4)[rng.randrange(8)]
        case "text":
            pool = spec.values if spec.values and rng.random() < 0.9 else TEXTS
            text = pool[rng.randrange(len(pool))]
            return unicodedata.normalize("NFD", text) if rng.random() < 0.5 else text
        case "one of":
            return spec.values[rng.randrange(len(spec.values))]
        case "date":
            return DAYS[rng.randrange(len(DAYS))]
        case "date-time":
            return INSTANTS[rng.randrange(len(INSTANTS))]
        case "list":
            assert spec.element is not None
            size = rng.randrange(spec.most)
            return [draw_value(rng, spec.element, share, nulls) for _ in range(size)]
        case _:
            made = {}
            for name, inner in spec.fields.items():
                if name in spec.required or rng.random() < share:
                    made[name] = draw_value(rng, inner, share, nulls)
                elif rng.random() < nulls:
                    made[name] = None
            return made


def draw_document(
    rng: random.Random, drawn: DrawnPolicy, policy: Policy | None = None
) -> dict[str, Any]:
    """Draw a valid document; with a policy it may carry attestations on its content."""
    share = (0.3, 0.6, 0.85, 0.97, 1.0)[rng.randrange(5)]
    kind = drawn.kinds[rng.randrange(len(drawn.kinds))]
    document = {
        "kind": kind,
        "id": "d",
        "as_of": INSTANTS[rng.randrange(len(INSTANTS))] if rng.random() < 0.4 else INSTANTS[0],
        **draw_value(rng, drawn.record_of(kind), share, nulls=0.2),
    }
    if policy is not None and rng.random() < 0.5:
        digest = policy.content_digest(document)
        document["attestations"] = [draw_attestation(rng, digest) for _ in range(rng.randint(1, 3))]
    return document


def draw_attestation(rng: random.Random, digest: str) -> dict[str, object]:
    """Draw an attestation: mostly valid, else expired, not yet made, or on something else."""
    made: dict[str, object] = {
        "clause": f"a.{_FORCES[rng.randrange(4)]}" if rng.random() < 0.9 else "a.mustn't",
        "statement": ("yes", "no")[rng.randrange(2)],
        "role": ("editor", "archivist", "editor", "janitor")[rng.randrange(4)],
        "at": "2026-01-01T00:00:00Z" if rng.random() < 0.9 else "2026-12-01T00:00:00Z",
        "content_digest": digest if rng.random() < 0.85 else f"sha256:{'0' * 64}",
    }
    lot = rng.random()
    if lot < 0.3:
        made["expires"] = "2026-11-22T11:00:00Z" if lot < 0.15 else "2027-01-01T00:00:00+01:00"
    elif lot < 0.35:
        made["expires"] = None
    return made


def instant(document: Mapping[str, Any]) -> datetime.datetime:
    """Return the instant a drawn document states."""
    return datetime.datetime.fromisoformat(document["as_of"])


# --- strategies


def randoms() -> st.SearchStrategy[random.Random]:
    """Seeded generators: thousands of numbers go into a policy, more than Hypothesis draws fast."""
    return st.integers(0, 2**32 - 1).map(random.Random)


def policies(*, plain: bool | None = None, rules: int = 7) -> st.SearchStrategy[DrawnPolicy]:
    """Whole policies; a failure shrinks to few rules."""
    return st.builds(draw_policy, randoms(), plain=st.just(plain), rules=st.integers(2, rules))


def accepted(drawn: DrawnPolicy) -> Policy:
    """Load a drawn policy; one with an error is no example, and a failure shows the text."""
    try:
        policy = drawn.load()
    except PolicyError:
        reject()
    note(drawn.text)
    return policy


def noted_documents(
    rng: random.Random, drawn: DrawnPolicy, policy: Policy, number: int
) -> Iterator[dict[str, Any]]:
    """Draw documents; a failure shows them as well."""
    for _ in range(number):
        document = draw_document(rng, drawn, policy)
        note(json.dumps(document, ensure_ascii=False))
        yield document
