"""What a second version of a policy writes differently, declaration by declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from somepolicy import ir as p
from somepolicy.compare.fingerprints import Fingerprint, Fingerprints

Sort = Literal["clause", "rule", "reading", "topic", "parameter", "word_list", "kind", "time_zone"]
What = Literal[
    "added", "removed", "renamed", "force", "place", "source", "undecided", "effect", "condition",
    "kinds", "clauses", "readings", "value", "content", "schema", "signature", "wording",
]  # fmt: skip
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that NEW says differently from OLD.

    `name` is the name in NEW, of what was removed the one in OLD. `before` and `after` are set
    where a word or two suffice: names, forces, effects, places.
    """

    sort: Sort
    name: str
    what: What
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """All edits by sort in order of declaration, and names of OLD -> names of NEW.

    The two mappings hold what is in both versions. A clause counts as renamed when place and
    digests are those of one clause that is gone; a rule when all it decides is, or else when
    clauses and wording are.
    """

    edits: tuple[Edit, ...]
    clauses: Names
    rules: Names


def find_edits(old: p.Program, new: p.Program) -> Edits:
    """Compare two versions of a policy without running them."""
    clauses = _matched_clauses(old, new)
    fingerprints = (
        Fingerprints(old, clauses),
        Fingerprints(new, {name: name for name in new.clauses}),
    )
    rules = _matched_rules(old, new, fingerprints)
    found = [
        *_clauses(old, new, clauses),
        *_rules(old, new, rules, fingerprints),
        *_readings(old, new, clauses),
        *_topics(old, new),
        *_parameters(old, new),
        *_word_lists(old, new),
        *_kinds(old, new),
        *_time_zone(old, new),
    ]
    return Edits(tuple(found), clauses, rules)


# --- names


def _paired(old: Iterable[str], new: Iterable[str]) -> tuple[dict[str, str], list[str], list[str]]:
    """Pair equal names; return the pairs and what is left on either side."""
    olds, news = list(old), list(new)
    there, here = set(olds), set(news)
    pairs = {name: name for name in olds if name in here}
    left = [name for name in olds if name not in here]
    return pairs, left, [name for name in news if name not in there]


def _pair_alike(
    pairs: dict[str, str], left: Mapping[str, Fingerprint], right: Mapping[str, Fingerprint]
) -> None:
    """Add pairs of what is left on both sides and alike, each with its only counterpart."""
    for name, fingerprint in left.items():
        twins = [each for each, other in left.items() if other == fingerprint]
        found = [each for each, other in right.items() if other == fingerprint]
        if len(twins) == 1 and len(found) == 1:
            pairs[name] = found[0]


def _in_order_of(names: Iterable[str], pairs: Names) -> dict[str, str]:
    before = {after: each for each, after in pairs.items()}
    return {before[name]: name for name in names if name in before}


def _matched_clauses(old: p.Program, new: p.Program) -> dict[str, str]:
    pairs, gone, come = _paired(old.clauses, new.clauses)

    def place(clause: p.Clause) -> Fingerprint:
        return clause.locator, clause.digests

    _pair_alike(
        pairs,
        {name: place(old.clauses[name]) for name in gone},
        {name: place(new.clauses[name]) for name in come},
    )
    return _in_order_of(new.clauses, pairs)


def _matched_rules(
    old: p.Program, new: p.Program, fingerprints: tuple[Fingerprints, Fingerprints]
) -> dict[str, str]:
    olds, news = ({rule.name: rule for rule in each.rules} for each in (old, new))
    pairs, gone, come = _paired(olds, news)
    tiers: tuple[Callable[[Fingerprints, p.Rule], Fingerprint], ...] = (
        Fingerprints.decides,
        lambda fingerprint, rule: (fingerprint.cited(rule), fingerprint.wording(rule)),
    )
    for alike in tiers:
        _pair_alike(
            pairs,
            {name: alike(fingerprints[0], olds[name]) for name in gone if name not in pairs},
            {
                name: alike(fingerprints[1], news[name])
                for name in come
                if name not in pairs.values()
            },
        )
    return _in_order_of(news, pairs)


# --- sort by sort


def _come_and_gone(sort: Sort, pairs: Names, old: Iterable[str], new: Iterable[str]) -> list[Edit]:
    kept = set(pairs.values())
    found = [Edit(sort, name, "removed") for name in old if name not in pairs]
    found += [Edit(sort, name, "added") for name in new if name not in kept]
    return found


def _edits(
    sort: Sort,
    name: str,
    rows: Iterable[tuple[What, Fingerprint, Fingerprint]],
    shown: Iterable[What] = (),
) -> Iterator[Edit]:
    """Yield an edit for each row whose two values differ; those of `shown` are texts."""
    for what, before, after in rows:
        if before != after:
            yield Edit(
                sort, name, what, *((str(before), str(after)) if what in shown else (None, None))
            )


def _clauses(old: p.Program, new: p.Program, pairs: Names) -> Iterator[Edit]:
    yield from _come_and_gone("clause", pairs, old.clauses, new.clauses)
    for before, after in pairs.items():
        was, now = old.clauses[before], new.clauses[after]
        rows: list[tuple[What, Fingerprint, Fingerprint]] = [
            ("renamed", before, after),
            ("force", _force(was), _force(now)),
            ("place", was.locator, now.locator),
            ("source", was.digests, now.digests),
            ("undecided", was.undecided is None, now.undecided is None),
            ("kinds", sorted(was.kinds), sorted(now.kinds)),
            ("wording", _clause_words(was), _clause_words(now)),
        ]
        yield from _edits("clause", after, rows, ("renamed", "force", "place"))


def _force(clause: p.Clause) -> str:
    return clause.force + (f" under {clause.under}" if clause.under else "")


def _clause_words(clause: p.Clause) -> Fingerprint:
    why = clause.undecided
    return clause.says, why, clause.condition, clause.law, clause.binds


def _rules(
    old: p.Program, new: p.Program, pairs: Names, fingerprints: tuple[Fingerprints, Fingerprints]
) -> Iterator[Edit]:
    olds, news = ({rule.name: rule for rule in each.rules} for each in (old, new))
    yield from _come_and_gone("rule", pairs, olds, news)
    for before, after in pairs.items():
        was, now = olds[before], news[after]
        rows: list[tuple[What, Fingerprint, Fingerprint]] = [
            ("renamed", before, after),
            ("effect", was.effect, now.effect),
            ("condition", fingerprints[0].condition(was), fingerprints[1].condition(now)),
            ("kinds", sorted(was.kinds), sorted(now.kinds)),
            ("clauses", fingerprints[0].cited(was), fingerprints[1].cited(now)),
            ("readings", sorted(was.readings), sorted(now.readings)),
            ("wording", fingerprints[0].wording(was), fingerprints[1].wording(now)),
        ]
        yield from _edits("rule", after, rows, ("renamed", "effect"))


def _readings(old: p.Program, new: p.Program, clauses: Names) -> Iterator[Edit]:
    pairs, _, _ = _paired(old.readings, new.readings)
    yield from _come_and_gone("reading", pairs, old.readings, new.readings)
    for name in pairs:
        was, now = old.readings[name], new.readings[name]
        moved = sorted(clauses.get(each, each) for each in was.clauses)
        rows: list[tuple[What, Fingerprint, Fingerprint]] = [
            ("clauses", moved, sorted(now.clauses)),
            ("signature", _signature(was), _signature(now)),
            ("wording", was.says, now.says),
        ]
        yield from _edits("reading", name, rows, ("signature",))


def _signature(reading: p.Reading) -> str:
    signed = reading.signed
    return "proposed" if signed is None else f"{signed.role}, {signed.on}"


def _topics(old: p.Program, new: p.Program) -> Iterator[Edit]:
    pairs, _, _ = _paired(old.topics, new.topics)
    yield from _come_and_gone("topic", pairs, old.topics, new.topics)
    for name in pairs:
        was, now = old.topics[name].says, new.topics[name].says
        yield from _edits("topic", name, [("wording", was, now)])


def _parameters(old: p.Program, new: p.Program) -> Iterator[Edit]:
    pairs, _, _ = _paired(old.parameters, new.parameters)
    yield from _come_and_gone("parameter", pairs, old.parameters, new.parameters)
    for name in pairs:
        was, now = (_values(each.parameters[name]) for each in (old, new))
        yield from _edits("parameter", name, [("value", was, now)], ("value",))


def _values(parameter: p.Parameter) -> str:
    """Return the values as the policy writes them, the last date first."""
    return ", ".join(
        f"{str(each.value).lower() if isinstance(each.value, bool) else each.value}"
        + (f" from {each.since}" if each.since else "")
        for each in parameter.values
    )


def _word_lists(old: p.Program, new: p.Program) -> Iterator[Edit]:
    pairs, _, _ = _paired(old.lexicons, new.lexicons)
    yield from _come_and_gone("word_list", pairs, old.lexicons, new.lexicons)
    for name in pairs:
        was, now = old.lexicons[name].entries, new.lexicons[name].entries
        yield from _edits("word_list", name, [("content", was, now)])


def _kinds(old: p.Program, new: p.Program) -> Iterator[Edit]:
    pairs, _, _ = _paired(old.kinds, new.kinds)
    yield from _come_and_gone("kind", pairs, old.kinds, new.kinds)
    for name in pairs:
        was, now = old.kinds[name], new.kinds[name]
        rows: list[tuple[What, Fingerprint, Fingerprint]] = [
            ("schema", _contents(was), _contents(now)),
            ("effect", was.unproven_denies, now.unproven_denies),
            ("content", _silent(old, name), _silent(new, name)),
            (
                "wording",
                (was.notice, _silent(old, name, said=True)),
                (now.notice, _silent(new, name, said=True)),
            ),
        ]
        yield from _edits("kind", name, rows)


def _time_zone(old: p.Program, new: p.Program) -> Iterator[Edit]:
    name = new.time_zone or old.time_zone or ""
    was, now = old.time_zone or "none", new.time_zone or "none"
    yield from _edits("time_zone", name, [("value", was, now)], ("value",))


def _contents(kind: p.Kind) -> Fingerprint:
    return [file.content for file in kind.schema.files]


def _silent(program: p.Program, kind: str, *, said: bool = False) -> Fingerprint:
    """Return which fields, and which values of them, no clause is about; or what is said of them."""
    found: dict[str, object] = {}
    for each in program.unregulated:
        if kind in each.kinds:
            values = None if each.values is None else sorted(map(repr, each.values))
            found[f"{each.pointer} {values}"] = each.says
    return found if said else sorted(found)
