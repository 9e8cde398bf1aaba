"""A document -> what it is about, what was declared in it, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from somepolicy.json_type import Json
from somepolicy.reports.decision_view import DecisionView
from somepolicy.reports.model import Cell, Column, Section, Table

_NAMED_ELSEWHERE = ("kind", "id", "as_of", "attestations")
_BY_WHOM = ("role", "roles")  # the last word of such names: titles, which say who answered


def concerned(view: DecisionView) -> Iterator[tuple[str, str]]:
    """Yield unit and platform, then each choice and time at the top of the document."""
    unit = _unit(view)
    if unit and (said := _record(view, unit)):
        yield view.names.title(unit), said
    platform = _pointer(view.program.logging.platform.get(view.decision.document.kind, ()))
    top = view.document if isinstance(view.document, dict) else {}
    chosen = (_pointer((x,)) for x in top if isinstance(top[x], str) and x not in _NAMED_ELSEWHERE)
    for at in dict.fromkeys((platform, *chosen)):
        if at and (value := view.names.fact(at, view.document)) is not None:
            yield view.names.title(at), value


def declared_section(view: DecisionView) -> Section:
    """Return every field of the document, and every signature in it.

    Of free text it is only said where it stands, but for the unit, the source and the roles,
    which say whom the document is from.
    """
    own = view.own
    if view.document is None:
        return Section("declared", own.declared_title, (own.not_at_hand,))
    columns = (
        Column("field", own.field),
        Column("value", view.words.value, "list"),
        Column("at", own.at, "code"),
    )
    shown = {at: _shown(view, at) for at in _leaves(view.document)}
    free = tuple(view.names.title(at) for at, value in shown.items() if value is None)
    rows = tuple(
        (Cell(view.names.title(at)), Cell((value,)), Cell(at))
        for at, value in shown.items()
        if value is not None
    )
    rows += ((Cell(own.free_text), Cell(free), Cell(None)),) if free else ()
    table = Table("declared", own.declared_table, columns, rows, own.none)
    signed = _signed(view)
    tables = (signed, table) if signed.rows else (table, signed)
    return Section("declared", own.declared_title, (own.declared_text,), tables)


def _signed(view: DecisionView) -> Table:
    own = view.own
    found = view.document.get("attestations") if isinstance(view.document, dict) else None
    why = {x.at: x.why for each in view.decision.findings for x in each.not_counted}
    rows = []
    for number, each in enumerate(found if isinstance(found, list) else ()):
        at = f"/attestations/{number}"
        clause = each.get("clause") if isinstance(each, dict) else None
        values = (view.names.fact(f"{at}/{x}", view.document) for x in _SIGNATURE)
        note = own.vocabulary.why_not[why[at]] if at in why else None
        rows.append((Cell(view.cited(str(clause))), *map(Cell, values), Cell(note)))
    columns = (
        Column("clause", view.words.clause),
        Column("answer", own.answer),
        Column("role", own.role),
        Column("signed_at", own.signed_at),
        Column("expires", own.expires),
        Column("not_counted", own.not_counted),
    )
    return Table("signed", own.signed_table, columns, tuple(rows), own.no_signed)


_SIGNATURE = ("statement", "role", "at", "expires")


def _leaves(document: Json, at: str = "") -> Iterator[str]:
    """Yield where a value stands that is no object and no list of objects, in order."""
    if isinstance(document, dict):
        for name, value in document.items():
            if at or name not in _NAMED_ELSEWHERE:
                yield from _leaves(value, at + _pointer((name,)))
    elif isinstance(document, list) and any(isinstance(each, dict) for each in document):
        for number, value in enumerate(document):
            yield from _leaves(value, f"{at}/{number}")
    elif document is not None:
        yield at


def _shown(view: DecisionView, at: str) -> str | None:
    value = view.names.fact(at, view.document)
    if value is not None:
        return value
    unit = _unit(view)
    said = _value(view.document, at)
    who = at.startswith("/source/") or re.split("[/_]", at)[-1] in _BY_WHOM
    if who or (unit and at.startswith(f"{unit}/")):
        return ", ".join(map(str, said)) if isinstance(said, list) else str(said)
    return view.own.nothing_listed if said == [] else None


def _unit(view: DecisionView) -> str:
    """Return where the unit stands, by what the policy says of the log; empty where it does not."""
    logging = view.program.logging
    paths = {**logging.unit_type, **logging.unit_id}
    return _pointer(paths.get(view.decision.document.kind, ())[:-1])


def _record(view: DecisionView, at: str) -> str:
    """Return the values of an object in a row."""
    found = _value(view.document, at)
    members = found if isinstance(found, dict) else {}
    texts = [
        view.names.fact(f"{at}{_pointer((name,))}", view.document) or str(value)
        for name, value in members.items()
        if isinstance(value, str)
    ]
    return ", ".join(texts)


def _value(document: Json, at: str) -> Json:
    value = document
    for step in at.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            value = value[int(name)]
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def _pointer(path: tuple[str, ...]) -> str:
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in path)
