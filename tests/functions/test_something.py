r"""Whether a text says something: one answer, wherever it is asked."""

from __future__ import annotations

import datetime
import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy import InvalidDocument, Policy
from somepolicy.functions.something import (
    asks_for_something,
    byte_finder,
    finder,
    says_something,
)
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import examples
from tests.properties.small_policies import SAYS, clause, load_policy

BLANK = {
    "nothing": "", "white space": " \t\r\n\v\f\x85\u2028\u2029", "odd spaces": "\u00a0\u1680\u2003\u202f\u3000",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff", "soft hyphens": "\u00ad\u00ad", "joiner": "\u034f",
    "Braille": "\u2800", "Hangul fillers": "\u115f\u1160\u3164\uffa0", "Khmer": "\u17b4\u17b5",
    "Mongolian": "\u180b\u180e\u180f", "selectors": "\ufe0f\U000e0100", "tags": "\U000e0001\U000e0041\U000e007f",
    "directions": "\u200e\u202e\u2066\u061c", "not assigned": "\u2065\ufff0\ufff8\U000e0fff",
    "noncharacters": "\ufdd0\ufffe\uffff\U0010ffff", "private": "\ue000\uf8ff\U000f0000",
    "controls": "\x00\x07\x1b\x7f\x9f", "halves": "\ud800", "stand-ins": "\ufffc\ufffd",
    "lone marks": "\u0301 \u20e3\u0e31\u0903", "music": "\U0001d159\U0001d173", "shorthand": "\U0001bca0",
    "hieroglyphs": "\U00013441\U00013442", "annotation": "\ufff9\ufffa\ufffb", "filler": "\U00016fe4",
    "references": "&nbsp;&#8203;&#xAD;&shy&ZeroWidthSpace;&#x2800;&emsp;", "no character": "&#x110000;&#0;&#xD800;",
    "nested references": "&amp;nbsp;&amp;amp;#32;", "tags of HTML": "<b></b><br/><p class='x'> </p><o:p>&nbsp;</o:p>",
    "comment": "<!-- x -->", "picture": "<img src='x.jpg' alt='x'>", "cdata": "<![CDATA[ ]]>", "wide": "\uff1cb\uff1e",
    "odd tags": "<span hidden></span><a b></a><input disabled><br clear>", "odd comments": "<!><?x></ b>",
    "video": "<video controls></video>", "script": "<script>x < y</script>", "style": "\n<style>.a{}",
    "hidden": "<span hidden>x <b>y</b> <span>z</span></span>", "no display": "<i style='display:none'>x</i>",
    "an odd tag in references": "&lt;a b&gt;&lt;/a&gt;", "an odd tag by name": "<og/eller>", "shown, and not": "&amp;nbsp;<a b>",
    "all": " \u200b<b>&nbsp;\u0301</b>\u3164<!-- x -->",
}  # fmt: skip
SAID = {
    "letter": "x", "digit": "0", "letter after blanks": " \u200b\u3164x", "emoji": "\U0001f600", "flag": "\U0001f1f3",
    "new emoji": "\U0001fae8", "heart": "\u2764\ufe0f", "keycap": "1\ufe0f\u20e3", "full stop": ".", "dash": "\u2013",
    "accent alone": "\u00b4", "Tibetan": "\u0f40", "Thai": "\u0e01", "Arabic": "\u0634", "Hangul": "\u3131",
    "ideograph": "\u6c34", "letter with a mark": "e\u0301", "less than": "<", "heart of old": "<3", "ampersand": "&",
    "no tag": "<15>", "address": "<ola@example.org>", "reference": "&copy;", "in a tag": "<b>x</b>", "open": "<!-- x",
    "percent": "%20", "quote": "\u00ab", "box": "\u25a1", "open box": "\u2423", "musical": "\U0001d11e", "\u00b7": "\u00b7",
    "less than, more than": "3 < 5 > 2", "one side": "< b", "a remark": "a <b eller c", "a link": "<https://example.org/>",
    "a number": "<tel:1>", "a handle": "<@navn>", "brackets": "<>", "after what is hidden": "<b hidden>x</b>y",
    "in odd tags": "<a b>x</a>", "after an odd tag": "<input value='x'>y", "name": "<å b>", "within a closed comment": "<!-->x",
    "reference after blank": "&nbsp;&#120;", "circle": "\u25cc", "half": "\u00bd",
}  # fmt: skip
ASKING = (
    r"\S", r"\S+", r"[\S]", r"[^\s]", r"[^\s]+", r"[^[:space:]]", r"\S.*", r".*\S", r".*\S.*", r"^\s*\S", r"\A\s*\S",
    r"^\s*\S.*", r"\S\s*$", r"\S\s*\z", r"(?s)\S", r"(?s).*\S.*", r"(?s)^.*\S.*$", r"(?s)\A.*\S.*\z", r"\S{1,}",
)  # fmt: skip
OTHER = (
    r"^\S",
    r"^\S+$",
    r"\S$",
    r"^\s*\S+\s*$",
    r"\s",
    r"\S\S",
    r"\S{2}",
    r"x\S",
    r".",
    r"\S|x",
    r"(?s).*",
    r"[^ ]",
)


@pytest.mark.parametrize("text", BLANK.values(), ids=BLANK)
def test_what_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
def test_what_says_something(text: str) -> None:
    assert says_something(text)


EXAMPLES = examples(300)


@pytest.mark.slow
@EXAMPLES
@given(st.lists(st.sampled_from([*BLANK.values(), "x"])).map("".join), st.text())
def test_nothing_said_often_is_nothing_and_a_letter_always_something(blank: str, text: str) -> None:
    bare = blank.replace("\ud800", "")
    assert byte_finder(r"\S")(bare.encode()) is finder(r"\S")(bare) is says_something(bare)
    assert says_something(f"x{text}")
    assert not says_something(text) or not text.isspace()


@pytest.mark.parametrize("pattern", ASKING)
def test_patterns_that_ask_for_something(pattern: str) -> None:
    assert asks_for_something(pattern)
    assert finder(pattern)("\u200b x") and not finder(pattern)("\u200b&nbsp;")
    assert byte_finder(pattern)(b" x") and not byte_finder(pattern)("\u200b&nbsp;".encode())


@pytest.mark.parametrize("pattern", OTHER)
def test_other_patterns_mean_what_they_spell(pattern: str) -> None:
    assert not asks_for_something(pattern)


# --- in a policy, by both evaluators and both ways of admitting a document

TEXT = {"type": "string", "maxLength": 200}
SCHEMA = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "kind": {"type": "string", "const": "post"},
        "name": {**TEXT, "pattern": r"\S"},
        "note": {**TEXT, "x-absent": "none"},
        "size": {"type": "number"},
    },
    "required": ["id", "kind", "note"],
    "additionalProperties": False,
}
CONDITIONS = (
    r'post.note matches "\S"', r'post.note matches "[^\s]+"', "post.note is not empty",
    '(post.note otherwise "") is not empty', r'post.id == "d" and post.note matches "\S"',
    r'post.note matches "\S" or post.note matches "^never$"', "not (post.note is empty)",
)  # fmt: skip


@cache
def policy() -> Policy:
    rules = "rules for post\n" + "".join(
        f"require rule_{number} cites c1 that {condition}{SAYS}\n"
        for number, condition in enumerate(CONDITIONS)
    )
    files = {"clauses.pol": clause("c1", "must", 1, "post"), "rules.pol": rules}
    return load_policy({"post": SCHEMA}, files)


def held(note: str) -> set[bool]:
    """Return whether each condition holds, as both evaluators have it."""
    document = {"id": "d", "kind": "post", "note": note}
    decision = policy().evaluate(
        document, as_of=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    )
    broken = {finding.rule for finding in decision.findings}
    explained = policy().explain(
        document, as_of=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    )
    assert {each.rule.name for each in explained.trace if each.violated} == broken
    return {f"rule_{number}" not in broken for number in range(len(CONDITIONS))}


@pytest.mark.parametrize("text", [text for text in BLANK.values() if text != "\ud800"])
def test_rules_take_it_for_blank(text: str) -> None:
    assert held(text) == {False}


@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
def test_rules_take_it_for_something(text: str) -> None:
    assert held(text) == {True}


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("text", [text for text in BLANK.values() if text != "\ud800"])
def test_a_schema_refuses_it(text: str, quick: bool) -> None:
    document = {"id": "d", "kind": "post", "note": "x", "name": text, "size": 1 if quick else 1.0}
    with pytest.raises(InvalidDocument) as refused:
        policy().evaluate(document)
    assert [(error.pointer, error.message) for error in refused.value.errors] == [
        ("/name", "the text is blank")
    ]


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
def test_a_schema_admits_it(text: str, quick: bool) -> None:
    policy().evaluate(
        {"id": "d", "kind": "post", "note": "x", "name": text, "size": 1 if quick else 1.0}
    )


@pytest.mark.parametrize("text", ["\u200b", "&nbsp;", "<b></b>", "\u3164"])
def test_a_policy_has_to_say_something(text: str) -> None:
    files = {
        "clauses.pol": clause("c1", "must", 1, "post"),
        "rules.pol": f'rules for post\nrequire r cites c1 that post.note is not empty says nb "{text}" en "No."',
    }
    with pytest.raises(PolicyError) as refused:
        load_policy({"post": SCHEMA}, files)
    assert json.dumps([each.code for each in refused.value.diagnostics]) == '["P212"]'
