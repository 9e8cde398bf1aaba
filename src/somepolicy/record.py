"""Records of the interface: as fast to make as named tuples, and in JSON objects, never lists.

A record is a tuple underneath, and most JSON writers turn any tuple into a list. So a record
gives its values by name alone: going through it is an error that names `to_dict()`, which is
what `json.dumps` then raises.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NoReturn, Self, cast, dataclass_transform, get_type_hints

from somepolicy.fast_json import dumps, members, plain


@dataclass_transform(frozen_default=True)
class _RecordType(type):
    """Makes the annotated names of a class the fields of a tuple.

    The module of a record has to import `annotations` from `__future__`.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> _RecordType:
        fields = space.get("__annotations__", {})
        if bases:
            defaults = {field: space.pop(field) for field in fields if field in space}
            bases = (*bases, namedtuple(name, fields, defaults=defaults.values()))  # noqa: PYI024 - the fields are annotated
            space["json_form"] = (
                tuple(field.rstrip("_") for field in fields),
                tuple(field for field, default in defaults.items() if default == ()),
            )
        return super().__new__(cls, name, bases, {"__slots__": (), **space})


class Record(metaclass=_RecordType):
    """An immutable record with named fields; two with the same values are equal."""

    json_form: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]]
    """What JSON calls the fields, and which of them it leaves out where they are empty.

    A field that is called as a word of Python, with `_` behind, is written without it.
    """
    _fields: ClassVar[tuple[str, ...]]
    _field_defaults: ClassVar[Mapping[str, object]]
    _make: ClassVar[Callable[..., Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return what `to_json` writes, as dictionaries, lists and plain values.

        Members are named as in JSON, and those that JSON leaves out are left out.
        """
        return cast("dict[str, Any]", plain(self))

    def to_json(self) -> bytes:
        """Return compact UTF-8 JSON, the same bytes for the same values."""
        return dumps(self)

    def values(self) -> tuple[Any, ...]:
        """Return the values of the fields, in their order."""
        return cast("tuple[Any, ...]", self)[:]

    def _replace(self, **changes: Any) -> Self:
        """Return the record with other values. Raises TypeError for a name that is not a field."""
        made: Self = self._make(map(changes.pop, self._fields, self.values()))
        if changes:
            raise TypeError(f"a {type(self).__name__} has no {', '.join(changes)}")
        return made

    __replace__ = _replace

    def __iter__(self) -> Iterator[NoReturn]:
        # a TypeError raised here `json` would replace by its own: it comes with the first step
        return map(_refuse, (type(self).__name__,))

    def __getnewargs__(self) -> tuple[object, ...]:
        return self.values()

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, handler: Any) -> Any:
        """Say to pydantic, and so to FastAPI, that a record is the object that `to_json` writes."""
        from pydantic_core import core_schema  # noqa: PLC0415 - only for who uses it

        hints, names = get_type_hints(cls), dict(zip(cls._fields, cls.json_form[0], strict=True))
        fields = {
            names[field]: core_schema.typed_dict_field(
                handler.generate_schema(hints[field]), required=field not in cls._field_defaults
            )
            for field in cls._fields
        }
        shape = core_schema.typed_dict_schema(
            fields, extra_behavior="forbid", cls_name=cls.__name__
        )

        def made(read: dict[str, object]) -> Record:
            return cls(**{field: read[at] for field, at in names.items() if at in read})

        from_members = core_schema.no_info_after_validator_function(made, shape)
        return core_schema.json_or_python_schema(
            from_members,
            core_schema.union_schema([core_schema.is_instance_schema(cls), from_members]),
            serialization=core_schema.plain_serializer_function_ser_schema(
                members, return_schema=shape
            ),
        )


def _refuse(name: str) -> NoReturn:
    raise TypeError(f"a {name} is no list: write it with `to_dict()`, read it by name")
