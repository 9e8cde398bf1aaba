"""What the types of a field have in common where a file is about several kinds."""

from __future__ import annotations

from dataclasses import replace

from somepolicy.ir import types as t


class CommonTypes:
    """Joins two equal types: what both require is required."""

    def __init__(self) -> None:
        self._records: dict[tuple[int, int], t.Record] = {}

    def of(self, one: t.Type, other: t.Type) -> t.Type:
        """Return what two equal types have in common.

        The same for the same two, for records are told apart by what they are, not hold.
        """
        if one is other:
            return one
        match one, other:
            case t.ListOf(), t.ListOf():
                element = self.of(one.element, other.element)
                return one if element is one.element else t.ListOf(element)
            case t.Record(), t.Record():
                known = self._records.get((id(one), id(other)))
                if known is None:
                    known = self._records[id(one), id(other)] = self._record(one, other)
                return known
            case _:
                return one

    def _record(self, one: t.Record, other: t.Record) -> t.Record:
        fields = {
            name: replace(
                member,
                type=self.of(member.type, other.fields[name].type),
                required=member.required and other.fields[name].required,
                published=member.published or other.fields[name].published,
            )
            for name, member in one.fields.items()
        }
        unchanged = all(
            member.type is one.fields[name].type
            and member.required == one.fields[name].required
            and member.published == one.fields[name].published
            for name, member in fields.items()
        )
        return one if unchanged else t.Record(fields)
