"""The canonical form: how it looks, and that it never changes what a file says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.syntax import formatter
from somepolicy.syntax import nodes as n
from somepolicy.syntax.comments import read_signs
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.syntax.formatter import FormatError, format_module
from somepolicy.syntax.parser import MOST_NESTED, parse, read_source
from tests.examples import examples, one_in
from tests.properties.generate import DrawnPolicy, policies
from tests.syntax.strategies import POLICIES, tokens

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EVERY_FORM = (HERE / "every_form.pol").read_text(encoding="utf-8")
SHIPPED = sorted([*POLICIES, *(ROOT / "tests").rglob("*.pol")])
_WORDS = re.compile(r'"(?:[^"\n]|"")*"|#[^\n]*|/[^\s,"]*|\s+|[(),]|[^\s"#(),/]+')
SAYS = '  says\n    nb "x"\n'


def module_of(text: str) -> n.Module:
    return parse(read_source("x.pol", text.encode()))


def formatted(text: str) -> str:
    return format_module(module_of(text))


def proved(text: str) -> str:
    """Format a text and prove, apart from the formatter's own proof, that nothing is lost."""
    before = module_of(text)
    result = format_module(before)
    after = module_of(result)
    assert repr(after.declarations) == repr(before.declarations)
    assert [c.text for c in after.comments] == [c.text.rstrip(" \t") for c in before.comments]
    assert format_module(after) == result
    assert not re.search(r"[ \t]$|\n\n\n|\r|\A\n|\n\n\Z", result, re.MULTILINE)
    return result


def commented(text: str, number: int = 1) -> str:
    """Put a comment behind and above every so many words."""
    out = []
    words = 0
    for token in _WORDS.findall(text):
        out.append(token)
        words += not (token.isspace() or token.startswith("#"))
        if words % number == 0 and not token.isspace() and not token.startswith("#"):
            out.append(f" # behind {words}  \n\n\n# above {words}\n")
    return "".join(out)


def wide(text: str) -> list[str]:
    """Lines above 100 columns in which nothing long is a text or a comment."""
    return [line for line in text.splitlines() if len(line) > 100 and not re.search(r'["#]', line)]


# --- how it looks


def test_every_form_of_the_grammar(golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "golden" / "every_form.formatted.txt", proved(EVERY_FORM))


def test_comments_in_odd_places(golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "golden" / "every_form.commented.txt", proved(commented(EVERY_FORM, 7)))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("((a))", "a"),
        ("(a and b)", "a and b"),
        ("(a and b) or c", "(a and b) or c"),
        ("a and (b or c)", "a and (b or c)"),
        ("(a and b) and c", "(a and b) and c"),
        ("not (a)", "not a"),
        ("not (not a)", "not not a"),
        ("not (a or b)", "not (a or b)"),
        ("not a == b", "not (a == b)"),
        ("not (a in (b))", "not (a in b)"),
        ("(a)==(b)", "a == b"),
        ("(a == b) == c", "(a == b) == c"),
        ("a == (b == c)", "a == (b == c)"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) - c", "a - b - c"),
        ("a -1", "a - 1"),
        ("- 1", "-1"),
        ("a otherwise b", "a otherwise b"),
        ("a otherwise b >= c", "(a otherwise b) >= c"),
        ("f(a otherwise b)", "f(a otherwise b)"),
        ("(a otherwise b) otherwise c", "(a otherwise b) otherwise c"),
        ('a in ("x",)', 'a in ("x")'),
        ("a in (b,)", "a in (b,)"),
        ('("x" ,)', '("x",)'),
        ("( )", "()"),
        ("f( )", "f()"),
        ("some x in l(x.ok)", "some x in l (x.ok)"),
        ("f((attested yes by a), b)", "f((attested yes by a), b)"),
        ("f(attested yes by a,b)", "f(attested yes by a, b)"),
        ("f((x or attested yes by a), b)", "f((x or attested yes by a), b)"),
        ("((attested yes by a),)", "((attested yes by a),)"),
        ("0.50 + 007", "0.50 + 007"),
        ('"a""b"  matches  "\\d""" ', '"a""b" matches "\\d"""'),
        ("a is  not   empty", "a is not empty"),
        ("a not  in b", "a not in b"),
    ],
)
def test_an_expression(written: str, expected: str) -> None:
    assert proved(f"define d = {written}") == f"define d = {expected}\n"


def test_a_rule() -> None:
    text = (
        f'require r cites {"a" * 50}, {"b" * 50} under R1 for each i in post.l where i.k in ("x")'
        f" when {'c' * 60} and {'d' * 30} and ({'e' * 50} or {'f' * 50}) that i.ok unless i.no"
        ' says nb "n" en "e" remedy nb "n" en "e"'
    )
    assert proved(text) == (
        f"require r\n  cites {'a' * 50},\n    {'b' * 50}\n  under R1\n"
        '  for each i in post.l where i.k in ("x")\n'
        f"  when {'c' * 60}\n    and {'d' * 30}\n    and ({'e' * 50}\n         or {'f' * 50})\n"
        '  that i.ok\n  unless i.no\n  says\n    nb "n"\n    en "e"\n  remedy\n    nb "n"\n    en "e"\n'
    )


def test_a_long_where_stands_on_a_line_of_its_own() -> None:
    long = f"{'a' * 60} and {'b' * 60}"
    text = proved(f"advise r cites c for each i in l where {long} {SAYS}")
    assert f"\n  for each i in l\n    where {'a' * 60}\n      and {'b' * 60}\n" in text


def test_small_declarations_may_stand_together() -> None:
    text = "define a = 1\ndefine b = 2\n\n\n\ndefine c = 3\n"
    assert proved(text) == "define a = 1\ndefine b = 2\n\ndefine c = 3\n"
    rules = f"define a = 1\npermit p\n  cites c\n{SAYS}define b = 2\n"
    assert proved(rules) == f"define a = 1\n\npermit p\n  cites c\n{SAYS}\ndefine b = 2\n"


def test_a_case_stays_a_row_if_it_fits() -> None:
    head = 'test "t"\n  given "d.json"\n'
    row = '  case "c"  with a.b = 1  expect deny\n'
    assert proved(head + row) == head + row
    steps = '  case "c"\n    with a.b = 1\n    expect deny\n'
    assert proved(head + steps) == head + steps
    long = f'  case "c"  with a.b = 1  expect {"r" * 70} violated\n'
    assert proved(head + long).count("\n") == 5


def test_times_keep_their_spelling() -> None:
    for moment in ("2026-11-22", "2026-11-22T12:00:00Z", "2026-11-22T13:00:00.50+01:00"):
        assert f"  at {moment}\n" in proved(f'test "t" given "d" at {moment} expect deny')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "# one\n\n# two\n",
        "# heading\n\n# about a\ndefine a = 1  # behind\n# about b\ndefine b = 2\n\n# last\n",
        'define a =\n  ("x",  # first\n   "y",\n   # third\n   "z")\n',
        "define a =\n  b  # behind\n  and c\n",
        f"permit p  # name\n  # cited\n  cites c\n  # said\n{SAYS}",
        'section 1 "x"\nsection 2 "y"\n',
        'test "t"\n  given "d"\n  expect invalid /a(b)#c  # behind\n',
    ],
)
def test_what_already_has_the_form_stays(text: str) -> None:
    assert proved(text) == text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("\ufeffdefine a=1", "define a = 1\n"),
        ("define a = 1\r\ndefine b = 2\n", "define a = 1\ndefine b = 2\n"),
        (" \n\t\n", ""),
        ("define a = 1 # x \t", "define a = 1  # x\n"),
        ("define a = (b # one\n) # two", "# one\ndefine a = b  # two\n"),
        ("define a = # one\nb # two\n# three", "define a =  # one\n  b  # two\n\n# three\n"),
        ("define # one\n# two\na = b", "# one\n# two\ndefine a = b\n"),
    ],
)
def test_white_space_and_comments(written: str, expected: str) -> None:
    assert proved(written) == expected


# --- what it never does


@pytest.mark.parametrize(
    "path", one_in(9, SHIPPED), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_shipped_files_say_the_same(path: Path) -> None:
    try:
        text = read_source("x.pol", path.read_bytes()).text
        module_of(text)
    except PolicyError:
        return
    assert wide(proved(text)) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_no_comment_is_lost_wherever_it_stands(number: int) -> None:
    proved(commented(EVERY_FORM, number))


@pytest.mark.slow
@examples(20)
@given(st.data())
def test_any_white_space_gives_the_same_form(data: st.DataObject) -> None:
    """The form depends on what is said alone, but for rows and empty lines."""
    text = re.sub(r"  case .*", "", EVERY_FORM)
    blanks = st.sampled_from([" ", "  ", "\n", "\t", "\r\n"])
    spaced = [
        data.draw(blanks) if token.isspace() and "\n\n" not in token else token
        for token in tokens(re.sub("#.*", "", text))
    ]
    strip = re.compile(r"\n\n+")
    result = strip.sub("\n", proved("".join(spaced)))
    assert result == strip.sub("\n", proved(re.sub("#.*", "", text)))


_NAMES = st.sampled_from(["a", "post.text.body", "item.quite_a_long_name.of_a_field", "not_x"])
_LEAVES = st.one_of(
    _NAMES,
    st.sampled_from(
        ['"x"', '"# ("', "1", "-2.50", "true", "2026-01-01", "attested no by a, b", "()"]
    ),
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    part = inner.map("({})".format)
    parts = st.lists(part, min_size=2, max_size=5)
    signs = ["==", "<", "in", "not in", "contains", "+", "-", "otherwise"]
    return st.one_of(
        parts.map(" and ".join),
        parts.map(" or ".join),
        part.map("not {}".format),
        st.tuples(part, st.sampled_from(signs), part).map(" ".join),
        part.map('{} matches "^a"'.format),
        part.map("{} is not empty".format),
        inner.map("some x in post.media ({})".format),
        parts.map(lambda items: f"f({', '.join(items)})"),
        parts.map(lambda items: f"({', '.join(items)})"),
        part.map("({},)".format),
        st.tuples(part, st.sampled_from([" # c\n", "\n# c\n", "\n\n"])).map("".join),
    )


EXPRESSIONS = st.recursive(_LEAVES, _grown, max_leaves=25)


@pytest.mark.slow
@examples(200)
@given(EXPRESSIONS, EXPRESSIONS)
def test_any_condition_says_the_same(one: str, two: str) -> None:
    proved(
        f"define d = {one}\nadvise r cites c for each i in l where {two} that {one} unless {two}"
        f'{SAYS}parameter p: number = ({one}), ({two}) from 2026-01-01 test "t" given "d" '
        f"with a = ({one})"
    )


@examples(25)
@given(policies())
def test_any_policy_says_the_same(drawn: DrawnPolicy) -> None:
    for text in dict(drawn.files).values():
        proved(text)
        proved(commented(text, 5))


# --- bounds


def test_no_bracket_is_added_beyond_what_a_file_may_have() -> None:
    deep = "not a otherwise b == c"
    for _ in range(MOST_NESTED):
        deep = f"some x in l ({deep})"
    assert "not a otherwise b == c" in " ".join(proved(f"define d = {deep}").split())


def test_long_sums_keep_the_brackets_that_bound_them() -> None:
    long = " + ".join(["a"] * 40)
    proved(f"define d = ({long}) + 1 + 2")


@pytest.mark.slow
def test_a_large_file_takes_seconds() -> None:
    text = "\n\n".join(
        f"# rule {number}\nadvise r{number}\n  cites c\n  that a == {number} and b  # why\n{SAYS}"
        for number in range(1500)
    )
    start = time.perf_counter()
    formatted(text)
    assert time.perf_counter() - start < 20


# --- it refuses to write what it cannot prove


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("define a = 2\n", "the tree would not be the same"),
        ("define a = 1\n", "a comment would be lost"),
        ("define a =\n", "the result would not parse"),
    ],
)
def test_it_refuses(monkeypatch: pytest.MonkeyPatch, wrong: str, told: str) -> None:
    module = module_of("define a = 1" + "  # x" * ("lost" in told))
    monkeypatch.setattr(formatter, "_once", lambda _: wrong)
    with pytest.raises(FormatError, match=told):
        format_module(module)


def test_it_refuses_what_does_not_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = iter(["define a = 1\n", "define a = 1 \n"] * 9)
    monkeypatch.setattr(formatter, "_once", lambda _: next(forms))
    with pytest.raises(FormatError, match="does not settle"):
        format_module(module_of("define a = 1"))


def test_it_refuses_a_result_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatter, "MOST_BYTES", 10)
    with pytest.raises(FormatError, match="larger"):
        formatted("define a = 1")


# --- comments stay in their brackets


def comments_of(text: str) -> list[tuple[str, set[tuple[int, int]]]]:
    return [(each.text, set(each.within)) for each in read_signs(text).comments]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('a = b in ("x", "y" # c\n)', 'a = b in ("x", "y"  # c\n)\n'),
        ('a = b in ("x", "y"\n# c\n)', 'a = b in ("x", "y"\n  # c\n)\n'),
        ("a = f(b # c\n)", "a = f(b  # c\n)\n"),
        ("a = f(g(b # c\n) # d\n)", "a = f(g(b  # c\n)  # d\n)\n"),
        ('a = b in ( # c\n"x", "y")', 'a =\n  b in (  # c\n    "x", "y")\n'),
        ("p(x # c\n) = x.a", "p(x  # c\n) =\n  x.a\n"),
        ("a = (b # c\n)", "a = b  # c\n"),  # a bracket that nobody needs
    ],
)
def test_a_comment_stays_in_its_brackets(written: str, expected: str) -> None:
    assert proved(f"define {written}\n") == f"define {expected}"


@pytest.mark.slow
@pytest.mark.parametrize("own_line", [False, True])
def test_at_every_border_a_comment_stays_in_its_brackets(own_line: bool) -> None:
    """Put a comment at each border in turn; some brackets go, what is left is round it as before."""
    for declaration in re.split(r"\n(?=\S)", EVERY_FORM):
        if "(" not in re.sub(r'"(?:[^"\n]|"")*"|#[^\n]*', "", declaration):
            continue
        tokens = _WORDS.findall(re.sub(r"#[^\n]*", "", declaration))
        for at, token in enumerate(tokens):
            if token.isspace():
                continue
            mark = "\n# here\n" if own_line else " # here\n"
            text = "".join([*tokens[: at + 1], mark, *tokens[at + 1 :]]) + "\n"
            try:
                result = proved(text)
            except PolicyError:
                continue  # a declaration that stands with others
            ((_, before),) = comments_of(text)
            ((_, after),) = comments_of(result)
            kept = {pair for _, pairs in comments_of(marked_everywhere(result)) for pair in pairs}
            assert after == before & kept, result


def marked_everywhere(text: str) -> str:
    """Put a comment behind every token, so that every bracket is round one."""
    plain = _WORDS.findall(re.sub(r"#[^\n]*", "", text))
    return "".join(token if token.isspace() else f"{token} # x\n" for token in plain)
