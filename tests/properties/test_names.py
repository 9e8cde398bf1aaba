"""A name may be of any letters: declared, laid out, decided with, mutated, exported and reported."""

from __future__ import annotations

import datetime
import json
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from somepolicy.backends.python.artefact import from_modules, to_modules
from somepolicy.backends.rego import rego
from somepolicy.check.scripts import mixture
from somepolicy.engine.errors import InvalidDocument
from somepolicy.look_alikes import skeleton
from somepolicy.normal_form import python_name
from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError, render
from somepolicy.syntax.formatter import format_module
from somepolicy.syntax.names import is_name, is_unseen
from somepolicy.syntax.parser import _keywords, parse, read_source
from somepolicy.workbench.mutants import mutants_of, mutated
from tests.examples import examples
from tests.properties.small_policies import AS_OF, INTEGER, MEMORY, clause, kind, listing, record

NOON = datetime.datetime.fromisoformat(AS_OF)
# what is decided in each script: clause, kind, field, variable, parameter, definition, rule
NORDIC = ("bilde.klarert", "kunngjøring", "lenker", "lenke", "grense", "løpt", "čáŋŧađž")
POLISH = ("żółw.łąka", "wpis", "zdjęcia", "zdjęcie", "próg", "źle", "ćma")
CYRILLIC = ("право.фото", "пост", "снимки", "снимок", "предел", "плохо", "правило")
GREEK = ("δίκαιο", "ανάρτηση", "εικόνες", "εικόνα", "όριο", "κακό", "κανόνας")
ARABIC = ("حق.صورة", "منشور", "صور", "صورة", "حد", "سيئ", "قاعدة")
KANJI = ("権利.写真", "投稿ポスト", "画像リスト", "がぞう", "制限_1", "ひどい", "ルール々")
KOREAN = ("권리", "게시물", "사진들", "사진", "한도", "나쁨", "규칙")
INDIC = ("अधिकार.चित्र", "संदेश", "चित्रों", "चित्र", "सीमा", "बुरा", "नियम")
THAI = ("สิทธิ.ภาพ", "โพสต์", "ภาพทั้งหมด", "ภาพ", "จำกัด", "แย่", "กำหนด")
PLAIN = [NORDIC, POLISH, CYRILLIC, GREEK, ARABIC, KANJI, KOREAN, INDIC, THAI]
# not their own form NFKC, and two that are one in it; letters and signs at the edge of the class
FOLDED = ("ﬁn.l·l", "ŀ·kunn", "ﬁ", "fi", "𝐚", "a", "℘℮_٣")
STARTS = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if is_name(c))
ALL = [
    c for c in map(chr, range(sys.maxunicode + 1)) if f"a{c}".isidentifier() and not is_unseen(c)
]


class Names(NamedTuple):
    clause: str
    kind: str
    field: str
    variable: str
    parameter: str
    definition: str
    rule: str


class Small(NamedTuple):
    policy: Policy
    text: str
    document: Mapping[str, object]


def written_policy(names: Names, form: str = "NFC") -> tuple[str, str, dict[str, object]]:
    """Return the rules, the manifest, each with its names in a form, and the schema."""
    n = Names(*(unicodedata.normalize(form, each) for each in names))
    text = f"""{clause(n.clause, "must", 1, n.kind)}
rules for {n.kind} # a comment, {n.rule}
parameter {n.parameter}: integer = 3
define {n.definition} = some {n.variable} in {n.kind}.{n.field} ({n.variable}.{n.field} > 9)
require {n.rule}
  cites {n.clause} # comment behind
  for each {n.variable} in {n.kind}.{n.field} # and here
  that {n.variable}.{n.field} <= {n.parameter} or not {n.definition}
  says nb "Nei: {{{n.variable}.{n.field}}}." en "No."
"""
    manifest = f"""name = "small"
version = "1.0.0"
languages = ["nb", "en"]
[kinds]
"{n.kind}" = "x.schema.json"
[parameters]
"{n.parameter}" = 5
"""
    inner = record(**{names.field: INTEGER})
    return text, manifest, kind(names.kind, **{names.field: listing(inner)})


def load(names: Names, form: str = "NFC") -> Small:
    text, manifest, schema = written_policy(names, form)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        place = Path(folder)
        (place / "policy.toml").write_text(manifest, encoding="utf-8")
        (place / "a.pol").write_text(text, encoding="utf-8")
        (place / "x.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        policy = Policy.load(place)
    elements = [{names.field: 10}, {names.field: 4}, {}]
    return Small(policy, text, {"kind": names.kind, "id": "1", names.field: elements})


@st.composite
def drawn_names(draw: st.DrawFn) -> Names:
    """Draw names of any letters, all different."""
    one = st.builds(
        lambda first, rest: unicodedata.normalize("NFC", first + "".join(rest)),
        st.sampled_from(STARTS),
        st.lists(st.sampled_from(ALL), max_size=4),
    ).filter(lambda name: is_name(name) and name not in TAKEN)
    small = one.filter(lambda name: name == name.lower() and name[0] != "_")
    kind_ = draw(small)
    names = draw(st.lists(one.filter(lambda x: x != kind_), min_size=6, max_size=6, unique=True))
    return Names(names[0], kind_, *names[1:])


TAKEN = {*_keywords().values(), "none", "document", "as_of", "count", "days", "published",
         "kind", "id", "source", "attestations"}  # fmt: skip


def decided(small: Small) -> list[tuple[str, str]]:
    """Decide with both evaluators, byte for byte the same; return what is found."""
    decision = small.policy.evaluate(small.document, as_of=NOON)
    explained = small.policy.explain(small.document, as_of=NOON).decision
    assert decision.to_json() == explained.to_json()
    return [(each.rule, each.outcome) for each in decision.findings]


@pytest.mark.slow
@examples(60)
@given(drawn_names(), st.sampled_from(["NFC", "NFD"]))
@example(Names(*FOLDED), "NFC")
@example(Names(*THAI), "NFD")
@example(Names(*KOREAN), "NFD")
def test_any_name_is_declared_decided_and_shown(names: Names, form: str) -> None:
    small = load(names, form)
    assert decided(small) == [(names.rule, "violated"), (names.rule, "unproven")]

    module = parse(read_source("a.pol", small.text.encode()))
    laid_out = format_module(module)
    again = parse(read_source("a.pol", laid_out.encode()))
    assert again.declarations == module.declarations
    assert format_module(again) == laid_out
    assert len(again.comments) == 3

    clauses = {each.name.text: each for each in module.declarations if hasattr(each, "locator")}
    found = mutants_of(module, clauses)
    assert len(found) > 3
    assert all(mutated(module, each) is not None for each in found)

    module_text = rego(small.policy.program).text
    assert f"instances[{json.dumps(names.rule, ensure_ascii=False)}]" in module_text


@pytest.mark.parametrize("names", [*PLAIN, FOLDED])
def test_sql_and_the_wheel_decide_the_same(names: tuple[str, ...], tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    from tests.backends.test_sql import compared

    small = load(Names(*names))
    counted = compared(small.policy, [(small.document, NOON)])
    assert counted[True, False] == 1
    for name, text in to_modules(small.policy.compiled, small.policy.files).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    kept = from_modules(tmp_path)
    assert kept is not None
    wheel = Policy(tmp_path, evaluator=kept.evaluator)
    expected = small.policy.evaluate(small.document, as_of=NOON)
    assert wheel.evaluate(small.document, as_of=NOON).to_json() == expected.to_json()


@pytest.mark.parametrize("names", PLAIN)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_of_one_script_bring_no_warning(names: tuple[str, ...], form: str) -> None:
    small = load(Names(*names), form)
    assert small.policy.warnings == ()
    assert decided(small) == [(names[-1], "violated"), (names[-1], "unproven")]


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=8).map("".join))
def test_two_names_never_become_one_in_python(name: str) -> None:
    given = unicodedata.normalize("NFC", f"a{name}")
    assert unicodedata.normalize("NFKC", python_name(given)) == python_name(given)
    assert re.sub("·([0-9a-f]+)·", lambda m: chr(int(m[1], 16)), python_name(given)) == given


@pytest.mark.parametrize("char", ["\u200d", "\u200c", "\xad", "\u034f", "\ufe0f", "\u3164", "\u2060",
                                  "\u180b", "\U000e0100", "\u115f", "\u202e", "\ufeff"])  # fmt: skip
@pytest.mark.parametrize("what", ["clause", "rule", "definition", "kind", "field"])
def test_what_nobody_sees_stands_in_no_name(char: str, what: str) -> None:
    names = Names(*NORDIC)._replace(**{what: f"a{char}b"})
    with pytest.raises(PolicyError) as caught:
        load(names)
    assert {each.code for each in caught.value.diagnostics} <= {"P103", "P105", "P602", "P604"}


# --- what looks the same

MIXED = {
    "аlder": "alder",  # a of Cyrillic
    "pοst": "post",  # o of Greek
    "сорy": "copy",  # three letters of four are Cyrillic, and so is its look-alike
    "ａlder": "alder",  # a wide letter
    "рост_post": None,
    "длинa": "длина",  # a of Latin
    "λoγος": "λογος",  # o of Latin
    "漢字ж": None,
    "한글ひら": None,
}  # fmt: skip


@pytest.mark.parametrize("name", MIXED)
def test_a_mixture_of_scripts_is_reported(name: str) -> None:
    found = mixture(name)
    assert found is not None
    if MIXED[name] is not None:
        assert found.meant is not None
        assert skeleton(found.meant) == skeleton(MIXED[name])
        assert mixture(found.meant) is None
    else:
        assert found.meant is None


MEANT = {
    "Cyrillic": ("срок", dict(zip("aceopxyiIjsABEKMHOPCTX", "асеорхуіІјѕАВЕКМНОРСТХ", strict=True))),
    "Greek": ("λόγος", dict(zip("opvauiABEZHIKMNOPTYX", "ορναυιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True))),
    "Latin": ("frist", dict(zip("асеорхуіІјѕАВορναΡ", "aceopxyiIjsABopvaP", strict=True))),
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "letter", "meant"),
    [(word, a, b) for word, letters in MEANT.values() for a, b in letters.items()],
)
def test_the_common_letter_is_proposed(word: str, letter: str, meant: str) -> None:
    """And no rare one that looks the same, as e of Abkhasian or rho as a symbol."""
    found = mixture(word + letter)
    assert found is not None
    assert found.meant == word + meant


@pytest.mark.parametrize("name", ["срокⅣ", "срокﬁ", "срокg", "λόγοςﬁ", "漢字ж"])
def test_nothing_is_proposed_that_mixes_as_well(name: str) -> None:
    found = mixture(name)
    assert found is not None
    assert found.meant is None


def test_a_wide_letter_becomes_one_of_the_others_script() -> None:
    found = mixture("срокａ")
    assert found is not None
    assert found.meant == "срока"


def test_a_known_name_is_proposed_first() -> None:
    names = Names(*NORDIC)._replace(definition="ѕeа", rule="sea")  # two of three are Cyrillic
    assert [each.help for each in load(names).policy.warnings] == [
        "write `sea`, with letters of one script"
    ]


@pytest.mark.parametrize("what", ["clause", "rule", "kind", "field", "variable", "definition"])
def test_a_mixture_is_reported_wherever_a_name_is_declared(what: str) -> None:
    small = load(Names(*NORDIC)._replace(**{what: "аlder"}))
    (told,) = small.policy.warnings
    assert told.code == "P705"
    assert told.span.text.strip('"') in ("аlder", r"\u0430lder")
    assert (
        told.message == "`аlder` mixes letters: `а` is CYRILLIC SMALL LETTER A, "
        "the other letters are Latin"
    )
    assert told.help == "write `alder`, with letters of one script"


@pytest.mark.parametrize(
    "condition",
    [
        "sum(аlder in {list}: аlder.lenker) > 9",
        "not (some аlder in {list} (аlder.lenker > 9))",
        "every lenke_2 in {list} (sum(аlder in {list}: аlder.lenker) > lenke_2.lenker)",
    ],
)
def test_a_mixture_is_reported_in_a_variable_of_any_form(condition: str) -> None:
    text, manifest, schema = written_policy(Names(*NORDIC))
    within = condition.replace("{list}", "kunngjøring.lenker")
    text = re.sub("^define løpt = .*", f"define løpt = {within}", text, flags=re.MULTILINE)
    files = {"policy.toml": manifest, "a.pol": text, "x.schema.json": json.dumps(schema)}
    (told,) = Policy.from_files(files).warnings
    assert (told.code, told.span.text) == ("P705", "аlder")
    assert told.span.start == text.index("аlder")


def test_a_mixture_is_reported_in_the_name_of_the_policy() -> None:
    text, manifest, schema = written_policy(Names(*NORDIC))
    mixed = re.sub('^name = ".*"', 'name = "hаvn-by"', manifest, flags=re.MULTILINE)
    assert mixed != manifest
    files = {"policy.toml": mixed, "a.pol": text, "x.schema.json": json.dumps(schema)}
    (told,) = Policy.from_files(files).warnings
    assert (told.code, told.span.text) == ("P705", "hаvn-by")
    assert told.help == "write `havn-by`, with letters of one script"


PAIRS = {
    ("рост", "poct"): [],  # the last letter is a small capital, not t
    ("сор", "cop"): ["P706"],
    ("gr1", "grl"): ["P706"],
    ("born", "bom"): ["P706"],
    ("X0", "XO"): ["P706"],
    ("ﬁ_", "fi_"): ["P705"],  # told once
    ("l_", "L_"): [],
}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_names_that_look_the_same_are_reported(pair: tuple[str, str]) -> None:
    """Of values one may be taken for another; a rule is never taken for a value."""
    names = Names(*NORDIC)
    found = load(names._replace(definition=pair[0], parameter=pair[1])).policy.warnings
    assert [each.code for each in found] == PAIRS[pair]
    apart = load(names._replace(definition="cop", rule="сор")).policy.warnings
    assert apart == ()


def test_an_unknown_name_that_looks_like_a_known_one_says_so() -> None:
    names = Names(*NORDIC)
    text, *_ = written_policy(names)
    assert "kunngjøring.lenker" in text
    wrong = text.replace("in kunngjøring.lenker #", "in kunngjøring.lеnker #")  # e of Cyrillic
    told = []
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        _, manifest, schema = written_policy(names)
        for name, content in {"policy.toml": manifest, "a.pol": wrong,
                              "x.schema.json": json.dumps(schema)}.items():  # fmt: skip
            (Path(folder) / name).write_text(content, encoding="utf-8")
        with pytest.raises(PolicyError) as caught:
            Policy.load(Path(folder))
        told = [each.help for each in caught.value.diagnostics]
    letters = "`е` is CYRILLIC SMALL LETTER IE, there `e` is LATIN SMALL LETTER E"
    assert told == [f"did you mean `kunngjøring.lenker`? {letters}"]


# --- documents and schemas in another form


@pytest.mark.parametrize("names", [NORDIC, KOREAN])
def test_a_member_in_another_form_is_the_same_member(names: tuple[str, ...]) -> None:
    """As every text of a document: nothing passes by a spelling, and a second spelling is refused."""
    chosen = Names(*names)._replace(field="måned" if names is NORDIC else names[2])
    small = load(chosen)
    other = unicodedata.normalize("NFD", chosen.field)
    elements = [{other: 10}, {other: 4}, {}]
    spelled = small._replace(document={"kind": chosen.kind, "id": "1", other: elements})
    assert decided(spelled) == decided(small)
    with pytest.raises(InvalidDocument) as caught:
        small.policy.evaluate({**small.document, other: []}, as_of=NOON)
    assert [each.code for each in caught.value.errors] == ["D104"]


def test_a_look_alike_member_is_unknown() -> None:
    small = load(Names(*NORDIC))
    with pytest.raises(InvalidDocument):
        small.policy.evaluate({**small.document, "lеnker": []}, as_of=NOON)  # e of Cyrillic


# --- carets and time


@pytest.mark.parametrize(
    ("name", "lead", "carets"),
    [("変数", 0, 4), ("e\u0301t", 0, 2), ("नि", 0, 1), ("사진".encode().decode(), 0, 4),
     (unicodedata.normalize("NFD", "사진"), 0, 4), ("ลิ้น", 0, 2)],
)  # fmt: skip
def test_the_caret_stands_under_wide_letters_and_marks(name: str, lead: int, carets: int) -> None:
    text = f"rules for post\ndefine a = 変 {name} = 2\n"
    with pytest.raises(PolicyError) as caught:
        parse(read_source("a.pol", text.encode()))
    line = render(caught.value.diagnostics[0]).split("\n")[3]
    assert line == "  | " + " " * len("define a = ") + "  " + " " * (lead + 1) + "^" * carets


@pytest.mark.parametrize("letter", ["a", "å", "漢", "e\u0301", "\u0915\u093f", "\u0301" * 3 + "a"])
def test_a_long_name_is_read_in_linear_time(letter: str) -> None:
    """Four times the length takes about four times the time, not sixteen times."""

    def seconds(times: int) -> float:
        text = f"rules for post\ndefine a{letter * times} = 1\n"
        start = time.process_time()
        parse(read_source("a.pol", text.encode()))
        return time.process_time() - start

    seconds(10)
    small = min(seconds(20_000) for _ in range(3))
    large = min(seconds(80_000) for _ in range(3))
    assert large < 10 * small + 0.05


def test_a_long_mixture_is_reported_in_linear_time() -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        assert mixture("а" + "lder" * times) is not None
        return time.process_time() - start

    seconds(10)
    small = min(seconds(2_000) for _ in range(3))
    large = min(seconds(8_000) for _ in range(3))
    assert large < 10 * small + 0.05


def test_the_short_table_for_names_of_ascii_is_that_of_the_long_one() -> None:
    for char in map(chr, range(128)):
        if f"a{char}".isidentifier():
            assert skeleton(char + "д")[:-1] == skeleton(char)
