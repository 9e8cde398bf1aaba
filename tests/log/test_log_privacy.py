"""Nothing that a person wrote into a document reaches the log: not its files, not its export."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import InvalidDocument
from somepolicy.ir import types as t
from somepolicy.log import logged, open_log, to_json
from somepolicy.log.export import opa_line
from somepolicy.policy import Policy
from tests.examples import examples
from tests.log.log_cases import KEY, bergen, with_logging

KINDS = ("profile", "post", "private_post")
HASH = "sha256:" + "ab" * 32
# what a text that has a form of its own may look like, tried until one fits
FORMS = ("{}", "https://x.example/{}", "08-16", "nb", HASH)
SYNTHETIC = "15876500565"  # an identity number of nobody: its month is one of test persons
IDENTITY = (
    SYNTHETIC, "158765 00565", "158765-00565", "15 87 65 00565", "15.87.65-00565",
    "158765\u00a000565", "".join(chr(0xFF10 + int(digit)) for digit in SYNTHETIC),
)  # fmt: skip
Place = tuple[str | int, ...]


def leaves(kind: t.Type, at: Place = ()) -> Iterator[tuple[Place, t.Type]]:
    """Yield every field of a kind of document with its type; a list has one element."""
    match kind:
        case t.Record():
            for name, field in kind.fields.items():
                yield from leaves(field.type, (*at, name))
        case t.ListOf():
            yield from leaves(kind.element, (*at, 0))
        case _:
            yield at, kind


def put(document: Any, at: Place, value: object) -> None:
    for step, following in zip(at, (*at[1:], None), strict=True):
        new: Any = value if following is None else ([] if following == 0 else {})
        if step == 0 and not document:
            document.append(new)
        elif following is None or (step != 0 and step not in document):
            document[step] = new
        document = document[step]


def plain_value(kind: t.Type) -> object:
    match kind:
        case t.Boolean():
            return True
        case t.Number():
            return int(kind.minimum or 1)
        case t.Enumeration():
            return kind.values[-1]
        case t.Date():
            return "2026-11-22"
        case _:
            return "2026-11-22T12:00:00+01:00"


@cache
def form_of(kind: str) -> tuple[dict[str, object], dict[Place, str]]:
    """Return a valid document with every field, and the form of each of its texts.

    A form without `{}` is of a text that can hold nothing else.
    """
    record = bergen().program.kinds[kind].schema.record
    document: dict[str, object] = {}
    texts = {}
    for at, type in leaves(record):
        if isinstance(type, t.Text):
            texts[at] = FORMS[0]
            put(document, at, FORMS[0].format("x" * 12))
        else:
            put(document, at, plain_value(type))
    while True:
        try:
            bergen().content_digest(document)
        except InvalidDocument as error:
            for pointer in {each.pointer for each in error.errors}:
                at = tuple(int(s) if s.isdecimal() else s for s in pointer.split("/")[1:])
                if at not in texts:
                    put(document, at, False)  # a yes that another yes excludes
                    continue
                texts[at] = FORMS[FORMS.index(texts[at]) + 1]
                put(document, at, texts[at].format("x" * 12))
        else:
            return document, texts


def planted(kind: str, canary: str) -> tuple[dict[str, Any], list[Place]]:
    """Return a valid document with the canary in every text that can hold it."""
    document, texts = copy.deepcopy(form_of(kind))
    held = [at for at, form in texts.items() if "{}" in form]
    for at in held:
        put(document, at, texts[at].format(canary if texts[at] == "{}" else quote(canary)))
    return document, held


def test_nearly_every_text_can_hold_a_canary():
    for kind in KINDS:
        _, texts = form_of(kind)
        fixed = {at[-1] for at, form in texts.items() if "{}" not in form}
        assert fixed <= {"content_digest", "hours", "language"}
        assert len(texts) - len(fixed) >= {"profile": 50, "post": 25, "private_post": 10}[kind]


def remains(folder: Path, log: Any) -> bytes:
    """Return the files as they are while the log is open, what it exports, and what it reads."""
    files = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix != ".key"]
    assert len(files) == 3, "the log, its write-ahead file and its index"
    lines = [opa_line(entry, log.id) + to_json(entry) for entry in log.entries()]
    return b"\n".join(files + lines)


def traces(canary: str, found: bytes) -> list[str]:
    spellings = {
        canary,
        canary.lower(),
        canary.upper(),
        quote(canary),
        "".join(filter(str.isdigit, canary)),
    }
    long = [each for each in spellings if len(each) >= 10]
    return [
        each
        for each in long
        if each.encode() in found
        or each.encode("utf-16-le") in found
        or each.encode("ascii", "backslashreplace") in found
    ]


letters = st.text("abcdefghijklmnopqrstuvwxyzæøåABC", min_size=12, max_size=24)
canaries = st.one_of(
    letters, st.builds("Kari {} O'Hara".format, letters), st.sampled_from(IDENTITY)
)
CLOSED = (("format",), ("emergency",), ("about_people",), ("information", "secrecy"), ("purposes",))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy that logs more or less, and no free text."""
    paths = draw(st.lists(st.sampled_from(CLOSED), unique=True))
    return with_logging(
        kinds=draw(st.sampled_from([("post",), ("profile", "post")])),
        unit_ids=draw(st.sampled_from([None, "[a-z]+-[0-9]{1,3}", "(?s:.*)"])),
        fields={"post": tuple(paths), "profile": tuple(paths)},
    )


@examples(25)
@given(policies(), canaries, st.data())
def test_nothing_that_was_written_reaches_the_log(policy, canary, data):
    allowed = policy.program.logging.unit_ids == "(?s:.*)" and canary not in IDENTITY
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_log(folder / "log.db", key=KEY) as log:
            decide = logged(policy, log)
            for kind in KINDS:
                document, held = planted(kind, canary)
                if allowed and ("unit", "id") in held:
                    document["unit"]["id"] = "nord"  # such a policy lets any id through
                decide(document)
                broken = data.draw(st.sampled_from(["member", "type", "kind", "id"]))
                change = {"member": {canary: canary}, "type": {"text": canary, "name": 1}}
                with pytest.raises(InvalidDocument):
                    decide(document | change.get(broken, {broken: [canary]}))
            logged_kinds = {entry.kind for entry in log.entries()}
            assert logged_kinds == set(policy.program.logging.kinds)
            assert len(list(log.events())) == len(logged_kinds)
            found = remains(folder, log)
    assert traces(canary, found) == []


def test_a_field_that_the_policy_names_is_logged():
    """The search for canaries finds one that is there."""
    policy = with_logging(fields={"post": (("text", "body"),)})
    with tempfile.TemporaryDirectory() as name, open_log(Path(name) / "log.db", key=KEY) as log:
        document, _ = planted("post", "kanarifuglen")
        logged(policy, log)(document)
        assert traces("kanarifuglen", remains(Path(name), log)) == ["kanarifuglen"]


@pytest.mark.parametrize("number", IDENTITY, ids=range(len(IDENTITY)))
def test_an_identity_number_is_never_a_unit(number):
    policy = with_logging(unit_ids="(?s:.*)")
    with tempfile.TemporaryDirectory() as name, open_log(Path(name) / "log.db", key=KEY) as log:
        logged(policy, log)(planted("post", number)[0])
        (event,) = log.events()
        assert event.unit_id.startswith("~")
        assert traces(number, remains(Path(name), log)) == []
