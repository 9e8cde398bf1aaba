"""What only warns: values without a label in a language, and a force that no lead-in has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from somepolicy import Policy
from tests.diagnostics.example_policy import BASE, problems

RULE = """rules for post
advise told
  cites content.short
  that post.channel == "web"
  says {first} "{{post.channel}}" en "{{post.channel}}, {{post.channel}}"
"""
MORE = """rules for post
advise told_again
  cites content.short
  that post.channel == "web"
  says nb "{post.channel}" en "{post.channel}"
"""


def schema(labels: object, values: tuple[str, ...] = ("web", "paper")) -> bytes:
    """Return the schema of the base policy with these values of `channel`, and labels of them."""
    content = json.loads((BASE / "post.schema.json").read_bytes())
    content["properties"]["channel"] = {"type": "string", "enum": values, "x-labels": labels}
    return json.dumps(content).encode()


def told(folder: Path, **files: bytes) -> list[tuple[str, str]]:
    named = {
        "post.schema.json" if name == "schema" else f"try/{name}.pol": files[name] for name in files
    }
    return [(each.code, each.message) for each in problems(folder, named)]


WEB = {"nb": "Nett", "en": "Web"}


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"web": WEB, "paper": {"nb": "Papir", "en": "Paper"}}, None),
        ({"web": WEB, "paper": {"nn": "Papir", "en": "Paper"}}, None),  # nynorsk stands in
        ({"web": WEB, "paper": {"nb": "Papir"}}, "`paper` would be shown as written: no label in en"),
        ({"web": WEB, "paper": {"nb": "Papir", "en": " "}}, "`paper` would be shown as written: no label in en"),
        ({"web": WEB, "paper": {"nb": "Papir", "en": 7}}, "`paper` would be shown as written: no label in en"),
        ({"web": WEB, "paper": "Papir"}, "`paper` would be shown as written: no label in nb and en"),
        ("Nett", "`web` and `paper` would be shown as written: no label in nb and en"),
    ],
)  # fmt: skip
def test_labels(labels: object, message: str | None, tmp_path: Path) -> None:
    found = told(tmp_path, schema=schema(labels), first=RULE.format(first="nb").encode())
    assert found == ([] if message is None else [("P703", message)])


def test_an_enumeration_is_told_once(tmp_path: Path) -> None:
    first = RULE.format(first="nb").encode()
    found = told(tmp_path, schema=schema({}), first=first, second=MORE.encode())
    assert [code for code, _ in found] == ["P703"]


def test_many_values_are_counted(tmp_path: Path) -> None:
    many = schema({"web": WEB}, ("web", "a", "b", "c", "d", "e"))
    ((_, message),) = told(tmp_path, schema=many, first=RULE.format(first="nb").encode())
    assert message == "`a`, `b`, `c` and 2 more would be shown as written: no label in nb and en"


def test_bokmaal_stands_in_for_nynorsk(tmp_path: Path) -> None:
    """A policy in nynorsk with labels in bokmål is quiet, and shows them."""
    files = {
        path.name: path.read_bytes().replace(b' nb "', b' nn "').replace(b'"nb"]', b'"nn"]')
        for path in BASE.iterdir()
    }
    files["policy.toml"] = files["policy.toml"].replace(b'["nb", "en"]', b'["nn", "en"]')
    files["post.schema.json"] = schema({"web": WEB, "paper": {"nb": "Papir", "en": "Paper"}})
    files["rule.pol"] = RULE.format(first="nn").encode()
    assert problems(tmp_path, files) == ()
    document: dict[str, Any] = {"kind": "post", "id": "a", "channel": "paper"}
    findings = Policy.load(tmp_path).evaluate(document).findings
    messages = [each.message for each in findings if each.rule == "told"]
    assert messages == [{"nn": "Papir", "en": "Paper, Paper"}]


# --- the force of a list

CLAUSE = """
clause content.{name} at {at} digest 00000000000a
  force {force}
  binds unit
  kinds none
  says nb "En setning." en "A sentence."
  undecided nb "Sier ingenting." en "Says nothing."
"""


def clause(at: str, force: str, name: str = "extra") -> str:
    return CLAUSE.format(name=name, at=at, force=force)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", []),
        (clause("2.b1", "must under must"), ["P704"]),
        (clause("2.b1.s2", "must under must"), ["P704"]),
        (clause("2.b1", "must"), []),
        (clause("2.p1", "info under may"), []),  # a paragraph is no point of a list
        ("lead_in at 2.p1 digest 00000000000b force must" + clause("2.b1", "must under must"), []),
        ("lead_in at 2.p1 digest 00000000000b" + clause("2.b1", "must under must"), ["P704"]),
        (clause("2.p1.s1", "must", "lead") + clause("2.b1", "question under must"), []),
        (clause("2.b1", "must", "lead") + clause("2.b2", "question under must"), ["P704"]),
        (clause("12.p1", "must", "lead") + clause("2.b1", "question under must"), ["P704"]),
    ],
)
def test_force_of_the_lead_in(text: str, codes: list[str], tmp_path: Path) -> None:
    text = f'section 12 "Mer"\n{text}\n'
    assert [code for code, _ in told(tmp_path, first=text.encode())] == codes


# --- word lists


@pytest.mark.parametrize(
    ("lines", "at", "underlined"),
    [
        ('own_domains = ["no"]\npublic_suffixes = ["no"]\nshort_link_hosts = []', 2, '"no"'),
        ("own_domain = []\npublic_suffixes = []\nshort_link_hosts = []", 2, "own_domain"),
        ("public_suffixes = []\nshort_link_hosts = []\nnb_own_domain = []", 4, "nb_own_domain"),
        ("public_suffixes = []\nshort_link_hosts = []", 1, ""),
    ],
)  # fmt: skip
def test_a_word_list_is_told_at_its_line(
    lines: str, at: int, underlined: str, tmp_path: Path
) -> None:
    text = f'source = "own"\n{lines}\n'
    (found,) = problems(tmp_path, {"words/links.toml": text.encode()})
    assert (found.code, found.span.text) == ("P607", underlined)
    assert found.span.source.position(found.span.start)[0] == at
