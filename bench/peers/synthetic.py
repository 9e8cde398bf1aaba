"""Rule sets of any size, by a seed: mixed, guarded by an equality, and such that no index helps."""

from __future__ import annotations

import random

from peers.conditions import Compare, Condition, OneOf, Rule, Some, both

SHAPES = ("mixed", "guarded", "unindexable")

_SWITCHES = (
    *("commercial.sponsored", "commercial.disclosed", "commercial.affiliate", "ai.generated"),
    *("ai.labelled", "persons.minors", "org.listed", "org.regulated", "author.employee"),
    *("author.verified", "links.tracking", "location.shared"),
)
_NUMBERS = (
    *(("commercial.amount_eur", 5000), ("ai.share_pct", 100), ("author.age", 90)),
    *(("approval.count", 9), ("links.count", 20), ("persons.third_parties", 9)),
)
_TEXTS = (
    *(("author.role", "role"), ("org.sector", "sector"), ("platform", "platform")),
    *(("region", "region"), ("approval.approver_role", "approver")),
)


def rule_set(count: int, shape: str, seed: int = 7) -> tuple[Rule, ...]:
    """Return rules S00000, S00001, …, each with a clause of its own.

    `mixed`: two or three comparisons and an equality of a text, one in twenty with a list;
    `guarded`: an equality on `campaign`, of which there are a quarter as many as rules, before
    two comparisons; `unindexable`: switches and thresholds alone.
    """
    random_ = random.Random(f"{seed} {count} {shape}")
    return tuple(
        Rule(f"S{at:05d}", f"synthetic.c{at}", both(_parts(random_, shape, at, count)))
        for at in range(count)
    )


def _parts(random_: random.Random, shape: str, at: int, count: int) -> list[Condition]:
    if shape == "unindexable":
        return _thresholds(random_)
    parts = [_comparison(random_) for _ in range(random_.randint(2, 3))]
    if shape == "guarded":
        return [Compare("campaign", "==", f"c{at % max(1, count // 4):05d}"), *parts[:2]]
    parts.append(_equality(random_))
    if random_.random() < 0.05:
        large = Compare("item.size_kb", ">", 50_000 + random_.randrange(200_000))
        kind = Compare("item.type", "==", random_.choice(("image", "video", "audio")))
        parts.append(Some("media", both((kind, large))))
    return parts


def _comparison(random_: random.Random) -> Condition:
    kind = random_.random()
    if kind < 0.35:
        return Compare(random_.choice(_SWITCHES), "==", random_.random() < 0.5)
    if kind < 0.65:
        path, most = random_.choice(_NUMBERS)
        return Compare(path, random_.choice("<>"), random_.randrange(1, most))
    if kind < 0.85:
        return _equality(random_, "!=" if random_.random() < 0.2 else "==")
    path, word = random_.choice(_TEXTS)
    return OneOf(path, tuple(f"{word}-{n}" for n in random_.sample(range(50), 3)))


def _equality(random_: random.Random, sign: str = "==") -> Condition:
    path, word = random_.choice(_TEXTS)
    return Compare(path, sign, f"{word}-{random_.randrange(50)}")


def _thresholds(random_: random.Random) -> list[Condition]:
    first, second, third = random_.sample(_NUMBERS, 3)
    parts: list[Condition] = [
        Compare(path, "==", random_.random() < 0.5) for path in random_.sample(_SWITCHES, 2)
    ]
    parts.append(Compare(first[0], ">", random_.randrange(first[1])))
    parts.append(Compare(second[0], "<", random_.randrange(1, second[1])))
    parts.append(Compare(third[0], ">", random_.randrange(third[1] // 2, third[1])))
    random_.shuffle(parts)
    return parts
