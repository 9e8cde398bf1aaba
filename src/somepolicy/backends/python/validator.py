"""The schema of a kind -> Python functions that accept a document in one fast pass.

They accept only what needs no cleaning: exactly the types of JSON, no null, numbers in their
canonical form and within bounds. What they refuse may still be valid; the reference path
(document.py and schema_errors.py) then cleans it, validates it with jsonschema and reports what
is wrong. So they may only ever be too strict, and a differential test holds them to that.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from somepolicy import ir as p
from somepolicy.backends.python import code as py
from somepolicy.engine.formats import FORMATS
from somepolicy.functions.something import finder
from somepolicy.ir.schemas import SchemaFile
from somepolicy.json_type import Json

_LARGEST = 2**53 - 1
_MOST_LISTS = 10  # one within the other in one function: Python allows 20 blocks
_MOST_VALUES = 500_000  # a schema that admits more is left to the reference path

Schema = Mapping[str, Json]
Refusals = list[ast.stmt]


class ValidatorWriter:
    """Writes the functions of one kind, the last of which is `is_valid_KIND(value)`."""

    def __init__(self, kind: p.Kind, stated: Callable[[ast.expr], ast.expr]) -> None:
        self.kind = kind
        self.stated = stated
        self.files = {file.source.path.rpartition("/")[2]: file for file in kind.schema.files}
        self.made: list[ast.stmt] = []
        self.records: dict[str, str] = {}
        self._lists = 0  # that the value at hand stands in
        self._apart = 0  # lists that have functions of their own

    def functions(self) -> list[ast.stmt]:
        """Return the functions; the one of the kind refuses all where the schema is too wide."""
        file = self.kind.schema.files[0]
        name = f"is_valid_{self.kind.name}"
        if self._most_values(file.content, file) > _MOST_VALUES:
            return [_function(name, [py.give(py.const(False))])]
        self._record(name, file.content, file)
        return self.made

    # --- following the schema

    def _resolved(self, schema: Schema, file: SchemaFile) -> tuple[Schema, SchemaFile, str]:
        """Follow references; also return a name for the place. The checker forbids circles."""
        place = ""
        while isinstance(reference := schema.get("$ref"), str):
            name, _, pointer = reference.partition("#")
            file = self.files[name] if name else file
            place = f"{file.source.path}#{pointer}"
            found: Json = file.content
            for part in pointer.split("/")[1:]:
                assert isinstance(found, dict)
                found = found[part.replace("~1", "/").replace("~0", "~")]
            assert isinstance(found, dict)
            schema = found
        return schema, file, place

    def _most_values(self, schema: Schema, file: SchemaFile) -> int:
        schema, file, _ = self._resolved(schema, file)
        if schema.get("type") == "array":
            return 1 + _count(schema, "maxItems", 0) * self._most_values(_inner(schema), file)
        members = _schemas(schema.get("properties"))
        return 1 + sum(self._most_values(member, file) for member in members.values())

    # --- records

    def _record(self, name: str, schema: Schema, file: SchemaFile) -> None:
        """Write a function for a record; a member that has to be there and is not refuses.

        So does a day that there is not, by the error of what reads it.
        """
        self._accepting(name, self._object("value", schema, file))

    def _accepting(self, name: str, refusals: Refusals) -> None:
        body = [*refusals, py.give(py.const(True))]
        refused = py.pair(py.name("KeyError"), py.name("ValueError"))
        body = [py.unless(refused, body, py.give(py.const(False)))]
        self.made.append(_function(name, body))

    def _object(self, value: str, schema: Schema, file: SchemaFile) -> Refusals:
        """Count the members that are known: one more, or a null, refuses."""
        members = _schemas(schema.get("properties"))
        required = set(_texts(schema.get("required"))) & members.keys()
        refusals = [_refuse(py.compare(_type_of(value), ast.IsNot(), py.name("dict")))]
        known, get, kept = f"{value}_known", f"{value}_get", f"{value}_member"
        size: ast.expr = py.const(len(required))
        if required != members.keys():
            of_value = ast.Attribute(py.name(value), "get", ast.Load())
            refusals += [py.assign(known, size), py.assign(get, of_value)]
            size = py.name(known)
        for member, inner in members.items():
            checks = self._checks(kept, inner, file)
            if member in required:  # a null fails the check of its type
                refusals += [py.assign(kept, py.item(py.name(value), member)), *checks]
                continue
            count: ast.stmt = ast.AugAssign(ast.Name(known, ast.Store()), ast.Add(), py.const(1))
            refusals += [
                py.assign(kept, py.call(get, py.const(member))),
                py.when(py.differs(py.name(kept), None), *checks, count),
            ]
        refusals.append(_refuse(py.compare(py.call("len", py.name(value)), ast.NotEq(), size)))
        return [*refusals, *self._conditions(value, schema, file)]

    def _conditions(self, value: str, schema: Schema, file: SchemaFile) -> Refusals:
        """`anyOf`, and `if` with `then`: which members there have to be."""
        refusals: Refusals = []
        branches = schema.get("anyOf")
        if isinstance(branches, list):
            tests = [self._condition(value, _schema(each), schema, file) for each in branches]
            refusals.append(_refuse(py.negate(py.any_of(tests))))
        if "if" in schema and "then" in schema:
            asked = self._condition(value, _schema(schema["if"]), schema, file)
            then = self._condition(value, _schema(schema["then"]), schema, file)
            refusals.append(_refuse(py.all_of([asked, py.negate(then)])))
        return refusals

    def _condition(self, name: str, schema: Schema, declared: Schema, file: SchemaFile) -> ast.expr:
        """Return a test of a value that has met what is declared for it.

        A keyword says nothing about values of another type than its own.
        """
        declared, file, _ = self._resolved(declared, file)
        kind = declared.get("type")
        value = py.name(name)
        tests: list[ast.expr] = []
        if "const" in schema:
            tests.append(_equals(value, schema["const"], kind))
        if "enum" in schema:
            among = py.literal(tuple(_texts(schema["enum"])))
            tests.append(py.compare(value, ast.In(), among))
        if kind == "object":
            tests += self._members_held(name, schema, declared, file)
        size = {"array": "minItems", "string": "minLength"}.get(str(kind), "")
        if size in schema:
            least = py.const(_count(schema, size, 0))
            tests.append(py.compare(py.call("len", value), ast.GtE(), least))
        if kind == "string" and "pattern" in schema:
            tests.append(py.negate(self._mismatch(name, str(schema["pattern"]))))
        return py.all_of(tests)

    def _members_held(
        self, name: str, schema: Schema, declared: Schema, file: SchemaFile
    ) -> list[ast.expr]:
        """Return what a condition asks of members; one that is not declared is not there."""
        value = py.name(name)
        tests = [
            py.compare(py.const(member), ast.In(), value)
            for member in _texts(schema.get("required"))
        ]
        known = _schemas(declared.get("properties"))
        for member, inner in _schemas(schema.get("properties")).items():
            if member in known:
                kept = f"{name}_{len(name)}_{len(tests)}"
                found = py.bind(kept, py.method(value, "get", py.const(member)))
                held = self._condition(kept, inner, known[member], file)
                tests.append(py.any_of([py.same(found, None), held]))
        return tests

    # --- values

    def _checks(self, name: str, schema: Schema, file: SchemaFile) -> Refusals:
        """Return what refuses a value that is there."""
        schema, file, place = self._resolved(schema, file)
        match schema.get("type"):
            case "object" if place:
                known = self._named(schema, file, place)
                return [_refuse(py.negate(py.call(known, py.name(name))))]
            case "object":
                return self._object(name, schema, file)
            case "array":
                return self._list(name, schema, file)
            case "string":
                return self._text(name, schema)
            case "integer" | "number":
                return _number(name, schema)
            case _:
                return _boolean(name, schema)

    def _named(self, schema: Schema, file: SchemaFile, place: str) -> str:
        """Return the name of the function of a record that is referred to, written once."""
        if place not in self.records:
            self.records[place] = f"record_{len(self.records)}_of_{self.kind.name}"
            self._record(self.records[place], schema, file)
        return self.records[place]

    def _list(self, name: str, schema: Schema, file: SchemaFile) -> Refusals:
        """Return what refuses a list; deep within lists that is a function of its own."""
        self._lists += 1
        if self._lists % _MOST_LISTS:
            refusals = self._elements(name, schema, file)
        else:
            self._apart += 1
            title = f"list_{self._apart}_of_{self.kind.name}"
            self._accepting(title, self._elements("value", schema, file))
            refusals = [_refuse(py.negate(py.call(title, py.name(name))))]
        self._lists -= 1
        return refusals

    def _elements(self, name: str, schema: Schema, file: SchemaFile) -> Refusals:
        size = py.call("len", py.name(name))
        refusals = [
            _refuse(py.compare(_type_of(name), ast.IsNot(), py.name("list"))),
            _refuse(py.compare(size, ast.Gt(), py.const(_count(schema, "maxItems", 0)))),
        ]
        if (least := _count(schema, "minItems", 0)) > 0:
            refusals.append(_refuse(py.compare(size, ast.Lt(), py.const(least))))
        element = f"{name}_element"
        loop = py.plain_loop(element, name, self._checks(element, _inner(schema), file))
        return [*refusals, loop]

    def _text(self, name: str, schema: Schema) -> Refusals:
        value = py.name(name)
        refusals = [_refuse(py.compare(_type_of(name), ast.IsNot(), py.name("str")))]
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(values, list):
            among = [str(each) for each in values if meets(str(each), schema)]
            wrong = py.compare(value, ast.NotIn(), py.one_of(among)) if among else py.const(True)
            return [*refusals, _refuse(wrong)]
        length = py.call("len", value)
        if "maxLength" in schema:
            most = py.const(_count(schema, "maxLength", 0))
            refusals.append(_refuse(py.compare(length, ast.Gt(), most)))
        if "minLength" in schema:
            least = py.const(_count(schema, "minLength", 0))
            refusals.append(_refuse(py.compare(length, ast.Lt(), least)))
        if schema.get("format") not in ("date", "date-time"):  # which admit ASCII alone
            plain = py.method(value, "isascii")
            refusals.append(_refuse(py.negate(py.any_of([plain, py.call("is_sound", value)]))))
        if "pattern" in schema:
            refusals.append(_refuse(self._mismatch(name, str(schema["pattern"]))))
        if "format" in schema:
            refusals += _formed(name, str(schema["format"]))
        return refusals

    def _mismatch(self, name: str, pattern: str) -> ast.expr:
        """Return a test that a text does not hold a pattern."""
        search = self.stated(py.call("finder", py.const(pattern)))
        return py.negate(py.call(search, py.name(name)))


def _formed(name: str, form: str) -> Refusals:
    """Return what refuses a text that has not a format."""
    value = py.name(name)
    if form == "date":  # as is_date, without its call
        short = py.compare(py.call("len", value), ast.NotEq(), py.const(10))
        sign = ast.Subscript(value, py.const(7), ast.Load())
        other = py.compare(sign, ast.NotEq(), py.const("-"))
        return [ast.Expr(py.call("day_of", value)), _refuse(py.any_of([short, other]))]
    test = {"date-time": "is_instant", "uri": "is_uri"}[form]
    return [_refuse(py.negate(py.call(test, value)))]


def _number(name: str, schema: Schema) -> Refusals:
    value = py.name(name)
    wrong = py.compare(_type_of(name), ast.IsNot(), py.name("int"))
    if schema.get("type") == "number":
        wrong = _not_a_number(name)
    refusals = [_refuse(wrong)]
    low = max(-_LARGEST, _bound(schema, "minimum", -_LARGEST))
    high = min(_LARGEST, _bound(schema, "maximum", _LARGEST))
    inside = ast.Compare(py.const(low), [ast.LtE(), ast.LtE()], [value, py.const(high)])
    refusals.append(_refuse(py.negate(inside)))
    if "exclusiveMinimum" in schema:
        least = py.const(_bound(schema, "exclusiveMinimum", 0))
        refusals.append(_refuse(py.compare(value, ast.LtE(), least)))
    if "exclusiveMaximum" in schema:
        most = py.const(_bound(schema, "exclusiveMaximum", 0))
        refusals.append(_refuse(py.compare(value, ast.GtE(), most)))
    return refusals


def _not_a_number(name: str) -> ast.expr:
    """Return a test that a value is neither an int nor a float with decimals.

    1.0 is 1 in canonical JSON; the reference path makes it so.
    """
    whole = py.compare(_type_of(name), ast.Is(), py.name("int"))
    decimal = py.compare(_type_of(name), ast.Is(), py.name("float"))
    fraction = py.negate(py.method(py.name(name), "is_integer"))
    return py.negate(py.any_of([whole, py.all_of([decimal, fraction])]))


def _boolean(name: str, schema: Schema) -> Refusals:
    value = py.name(name)
    if "const" in schema:
        return [_refuse(py.negate(_equals(value, schema["const"], "boolean")))]
    return [_refuse(py.all_of([py.differs(value, True), py.differs(value, False)]))]


def meets(text: str, schema: Schema) -> bool:
    """Whether a text that an `enum` or a `const` admits meets the rest of its schema."""
    among, pattern, form = schema.get("enum"), schema.get("pattern"), schema.get("format")
    if isinstance(among, list) and text not in among:
        return False
    least, most = _count(schema, "minLength", 0), _count(schema, "maxLength", len(text))
    if not least <= len(text) <= most:
        return False
    if pattern is not None and not finder(str(pattern))(text):
        return False
    test = FORMATS.get(str(form))
    return test is None or test(text)


# --- small parts


def _equals(value: ast.expr, const: Json, kind: Json) -> ast.expr:
    """Return a test that a value of a type is a text or a boolean; 1 is not true."""
    if kind == "boolean" and isinstance(const, bool):
        return py.same(value, const)
    if kind == "string" and isinstance(const, str):
        return py.compare(value, ast.Eq(), py.const(const))
    return py.const(False)


def _refuse(test: ast.expr) -> ast.stmt:
    return py.when(test, py.give(py.const(False)))


def _type_of(name: str) -> ast.expr:
    return py.call("type", py.name(name))


def _function(name: str, body: list[ast.stmt]) -> ast.stmt:
    return py.function_of(name, ["value"], body)


def _inner(schema: Schema) -> Schema:
    return _schema(schema.get("items"))


def _schema(value: Json) -> Schema:
    assert isinstance(value, dict)
    return value


def _schemas(value: Json) -> dict[str, Schema]:
    members = value if isinstance(value, dict) else {}
    return {name: _schema(member) for name, member in members.items()}


def _texts(value: Json) -> Sequence[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _count(schema: Schema, key: str, default: int) -> int:
    value = schema.get(key, default)
    assert isinstance(value, int)
    return value


def _bound(schema: Schema, key: str, default: float) -> float:
    value = schema.get(key, default)
    assert isinstance(value, int | float)
    return value
