"""What the bounds allow also loads, decides and explains itself; what they do not is refused."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.diagnostics.example_policy import BASE, problems
from tests.examples import one_in

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
POST = {
    "kind": "post",
    "id": "a",
    "urgent": True,
    "length": 3,
    "groups": ["pupils"],
    "media": [{"kind": "image", "cleared": True, "people": [{"agreed": True}]}],
}


def nested(before: str, times: int, inner: str, after: str) -> str:
    return f"{before * times}{inner}{after * times}"


def chain(length: int) -> str:
    links = "\n".join(f"define d{n} = d{n + 1} and post.urgent" for n in range(length))
    return f"{links}\ndefine d{length} = post.urgent"


def rule(condition: str, more: str = "") -> str:
    return (
        f"rules for post\n{more}\n"
        f'require r cites content.cleared that {condition} says nb "x" en "y"\n'
    )


ALLOWED = {
    "brackets": rule(nested("(post.urgent or ", 38, "post.urgent", ")")),
    "and within or": rule(nested("(post.urgent or (post.urgent and ", 19, "post.urgent", "))")),
    "not within and": rule(nested("(post.urgent and not ", 28, "post.urgent", ")")),
    "not in a row": rule("not " * 20 + "post.urgent"),
    "a long sum": rule("post.length" + " + 1" * 39 + " > 3"),
    "a sum within brackets": rule(nested("(1 + ", 30, "post.length", ")") + " > 3"),
    "many operands": rule(" and ".join(["post.urgent"] * 2000)),
    "many alternatives": rule(" or ".join(f"post.length == {n}" for n in range(400))),
    "many values": rule(f"post.id in ({', '.join(chr(34) + str(n) + chr(34) for n in range(3000))})"),
    "a chain of definitions": rule("d0", chain(25)),
    "a chain in each direction": rule("d0 and e20", chain(20) + "\ndefine e0 = post.urgent\n" + "\n".join(
        f"define e{n + 1} = not e{n}" for n in range(20))),
    "many definitions": rule("d0", "\n".join(f"define d{n} = post.urgent" for n in range(1000))),
    "lists within lists": rule("some m in post.media (every p in m.people (p.agreed))"),
}  # fmt: skip

REFUSED = {
    "a chain too long": (rule("d0", chain(60)), ["P501"]),
    "a chain of a thousand": (rule("d0", chain(1000)), ["P501"]),
    "a chain of ten thousand, unused": (f"rules for post\n{chain(10_000)}\n", ["P501"]),
    "a chain declared backwards": (
        rule("e400", "define e0 = post.urgent\n" + "\n".join(
            f"define e{n + 1} = not e{n}" for n in range(400))), ["P501"]),
    "definitions double their work but not their depth": (
        rule("e9", "define e0 = post.urgent\n" + "\n".join(
            f"define e{n + 1} = e{n} and e{n}" for n in range(400))), ["P501"]),
    "three lists": (rule('some m in post.media (some p in m.people ("x" in p.roles))'), ["P504"]),
}  # fmt: skip


@pytest.mark.parametrize("text", one_in(4, ALLOWED.values()), ids=ALLOWED)
def test_allowed(text: str, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "z.pol").write_text(text, encoding="utf-8")
    policy = Policy.load(tmp_path)
    for document in (POST, {"kind": "post", "id": "a"}):
        decision = policy.evaluate(document, as_of=NOW)
        assert policy.explain(document, as_of=NOW).decision == decision
    assert policy.compiled is not None


@pytest.mark.parametrize(("text", "codes"), one_in(3, REFUSED.values()), ids=REFUSED)
def test_refused(text: str, codes: list[str], tmp_path: Path) -> None:
    assert [d.code for d in problems(tmp_path, {"z.pol": text.encode()})] == codes


@pytest.mark.slow
def test_a_thousand_misspelt_names_are_all_told(tmp_path: Path) -> None:
    names = " or ".join(f"post.urgnt{n}" for n in range(1000))
    found = problems(tmp_path, {"z.pol": rule(names).encode()})
    assert len(found) == 1000
    assert {d.code for d in found} == {"P203"}
    assert str(PolicyError(found)).count("error[P203]") == 1000
