"""The commonest mistakes of those who write policies, and the one message each brings.

A row is the mistake, the code, the characters underlined, and a part of the help that mends it.
`rule` rows stand for a whole file with one rule; the others are files as they are.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from somepolicy.syntax.diagnostics import Diagnostic, render
from tests.diagnostics.example_policy import problems
from tests.examples import one_in

SAYS = 'says nb "x" en "y"'


def rule(body: str, says: str = SAYS) -> str:
    return f"rules for post\nrequire r cites content.cleared {body} {says}\n"


def file(body: str) -> str:
    return f"rules for post\n{body}\n"


ONE = [
    # names
    ("misspelt keyword", file(f"requre r cites content.cleared that post.urgent {SAYS}"),
     "P106", "requre", "did you mean `require`?"),
    ("misspelt part", file(f"require r cites content.cleared taht post.urgent {SAYS}"),
     "P106", "taht", "did you mean `that`?"),
    ("misspelt field", rule("that post.urgnt"), "P203", "post.urgnt", "`post.urgent`"),
    ("misspelt clause", file(f"require r cites content.clared that post.urgent {SAYS}"),
     "P204", "content.clared", "`content.cleared`"),
    ("misspelt reading", rule("under R11 that post.urgent"), "P205", "R11", "`R1`"),
    ("misspelt role", file('attest r cites content.cleared by manger asks yes nb "x" en "y"'),
     "P207", "manger", "`manager`"),
    ("misspelt kind", "rules for pots", "P208", "pots", "`post`"),
    ("misspelt function", rule("that word(post.body) > 3"), "P206", "word", "`words`"),
    ("misspelt definition", rule("that post.tone in picture"), "P202", "picture", "`pictures`"),
    ("a clause is not declared", file(f"require r cites budget that post.urgent {SAYS}"),
     "P204", "budget", "`clause budget at …`"),
    ("a field without its document", rule("that urgent"), "P202", "urgent", "`post.urgent`"),
    ("a variable hides a name", rule("that some post in post.media (post.cleared)"),
     "P210", "post", "another name"),
    ("a rule has the name of another", file(f"require short cites content.cleared that post.urgent {SAYS}"),
     "P201", "short", "declared first at: post.pol"),
    ("definitions go round in a circle", file("define a = b\ndefine b = a"),
     "P209", "a", "without the others"),
    # texts
    ("no closing quote", rule("that post.urgent", 'says nb "x en y'),
     "P104", '"x en y', "end it with"),
    ("a quote is missing in the middle", rule("that post.urgent", 'says nb "x en "y"'),
     "P104", '"x en "', "begins and ends"),
    ("typographic quotes", rule("that post.urgent", "says nb “x” en “y”"), "P105", "“", "straight"),
    ("single quotes", rule("that post.tone == 'formal'"), "P105", "'", "straight"),
    ("text without quotes", rule("that post.tone == formal"), "P202", "formal", '`"formal"`'),
    ("says is missing", rule("that post.urgent", ""), "P111", "r", "needs `says`"),
    ("a language is missing", rule("that post.urgent", 'says nb "x"'), "P212", "r", '`en "…"`'),
    ("a language stands twice", rule("that post.urgent", 'says nb "x" nb "x" en "y"'),
     "P212", "nb", "once in each language"),
    ("free text in a message", rule("that post.urgent", 'says nb "{post.body}" en "y"'),
     "P310", "{post.body}", "free text stays out"),
    ("an open brace", rule("that post.urgent", 'says nb "{post.tone" en "y"'),
     "P114", "{", "`{{`"),
    # conditions
    ("= for ==", rule('that post.tone = "formal"'), "P106", "=", "`==`"),
    ("and with or", rule("that post.urgent and post.competition or post.length > 3"),
     "P108", "post.urgent and post.competition", "brackets"),
    ("chained comparison", rule("that 3 < post.length < 9"), "P109", "3 < post.length < 9", "`and`"),
    ("a value that is none", rule('that post.tone == "formall"'), "P303", '"formall"', "`formal`"),
    ("a value far from any", rule('that post.tone == "kind"'), "P303", '"kind"',
     '`"formal"`, `"informal"`'),
    ("a text for a date", rule('that post.from > "today"'), "P302", 'post.from > "today"',
     "without quotes"),
    ("a date in quotes", rule('that post.from > "2026-11-22"'), "P302",
     'post.from > "2026-11-22"', "without quotes"),
    ("true in quotes", rule('that post.urgent == "true"'), "P302", 'post.urgent == "true"',
     "no quotes"),
    ("is true", rule("that post.urgent is true"), "P106", "true", "leave `is true` out"),
    ("is with a value", rule('that post.tone is "formal"'), "P106", '"formal"', "`==`"),
    ("in with a text", rule('that "x" in post.body'), "P305", "post.body",
     '`post.body contains "x"`'),
    ("contains with a list", rule('that post.groups contains "pupils"'), "P306", "post.groups",
     '`"pupils" in post.groups`'),
    ("a text as a condition", rule("that post.body"), "P301", "post.body", "a condition compares"),
    ("a list with one value only, no list", rule('that post.tone in "formal"'), "P305", '"formal"',
     "stand in brackets"),
    ("square brackets", rule('that post.tone in ["formal"]'), "P105", "[", "round brackets"),
    ("an index", rule("that post.media[0].cleared"), "P112", "post.media[0].cleared", "`for each`"),
    ("a field of a list", rule("that post.media.cleared"), "P305", "post.media.cleared",
     "`for each`"),
    ("&&", rule("that post.urgent && post.competition"), "P105", "&&", "`and`"),
    ("||", rule("that post.urgent || post.competition"), "P105", "||", "`or`"),
    ("!x", rule("that !post.urgent"), "P105", "!", "`not`"),
    ("<>", rule("that post.length <> 3"), "P106", "<>", "`!=`"),
    ("=<", rule("that post.length =< 3"), "P106", "=<", "`<=`"),
    ("a predicate without arguments", rule("that agreed"), "P304", "agreed", "`agreed(item)`"),
    ("`exists` for `some`", rule("that exists item in post.media (item.cleared)"),
     "P106", "exists", "`some`"),
    ("a quantifier without brackets", rule("that some item in post.media item.cleared"),
     "P106", "item.cleared", "`(`"),
    # sums
    ("misspelt `sum`", rule("that summ(item in post.media: length(item.id)) > 3"), "P106", ":",
     "`sum(x in list: x.n)`"),
    ("`count` of elements", rule("that count(item in post.media: length(item.id)) > 3"), "P106", ":",
     "`sum(x in list: x.n)`"),
    ("a sum of a path", rule("that sum(post.media) > 3"), "P106", ")", "`sum(x in list: x.n)`"),
    ("a sum of a field of a list", rule("that sum(post.media.id) > 3"), "P106", ")",
     "`sum(x in list: x.n)`"),
    ("a sum of values", rule("that sum(post.length, 3) > 3"), "P106", ",", "`sum(x in list: x.n)`"),
    ("a sum of a number", rule("that sum(1, 2) > 3"), "P106", "1", "`sum(x in list: x.n)`"),
    ("a sum of nothing", rule("that sum() > 3"), "P106", ")", "`sum(x in list: x.n)`"),
    ("a sum written as a quantifier", rule("that sum item in post.media (length(item.id)) > 3"),
     "P106", "item", "`sum(x in list: x.n)`"),
    ("a sum without its number", rule("that sum(item in post.media) > 3"), "P106", ")",
     "`sum(x in list: x.n)`"),
    ("a sum with `where`", rule("that sum(item in post.media where item.cleared: length(item.id)) > 3"),
     "P106", "where", "`sum(x in list: x.n)`"),
    ("a misspelt member in a sum", rule("that sum(item in post.media: length(item.idd)) > 3"), "P203",
     "item.idd", "`item.id`"),
    ("a misspelt list in a sum", rule("that sum(item in post.medai: length(item.id)) > 3"), "P203",
     "post.medai", "`post.media`"),
    ("a definition called `sum`", file("define sum = post.length > 3"), "P201", "sum", "another name"),
    # numbers and dates
    ("decimal comma", rule("that post.share > 1,5"), "P106", "1,5", "`1.5`"),
    ("the day first", rule("that post.from > 22.11.2026"), "P105", "22.11.2026", "`2026-11-22`"),
    ("the day first, with slashes", rule("that post.from > 22/11/2026"), "P106", "22/11/2026",
     "`2026-11-22`"),
    ("no such day", rule("that post.from > 2026-11-31"), "P110", "2026-11-31", "year, month"),
    ("a time without offset", rule("that post.published > 2026-11-22T12:00:00"), "P106",
     "2026-11-22T12:00:00", "`2026-11-22T12:00:00+01:00`"),
    ("days added as a number", rule("that post.from + 14 > as_of"), "P302", "post.from + 14",
     "`days(n)`"),
    # patterns
    ("look-ahead", rule('that post.body matches "a(?=b)"'), "P309", '"a(?=b)"', "look ahead"),
    ("backreference", rule(r'that post.body matches "(a)\1"'), "P309", r'"(a)\1"', "refer back"),
    ("word boundary", rule(r'that post.body matches "\bord"'), "P309", r'"\bord"', "has_word"),
    # parts and order
    ("when after that", rule("that post.urgent when post.competition"), "P106", "when", "order"),
    ("that after unless", rule("unless post.competition that post.urgent"), "P106", "that", "order"),
    ("remedy before says", rule('that post.urgent remedy nb "x" en "y"'), "P106", "says", "order"),
    ("unless after says", rule("that post.urgent", f"{SAYS} unless post.competition"),
     "P106", "unless", "order"),
    ("if in require", rule("if post.urgent"), "P111", "r", "begins with `that`"),
    ("that in forbid", file(f"forbid r cites content.harm that post.urgent {SAYS}"),
     "P111", "r", "begins with `if`"),
    ("semicolon", rule("that post.urgent", f"{SAYS};"), "P105", ";", "no semicolons"),
    ("braces", file(f"require r {{ cites content.cleared that post.urgent {SAYS} }}"),
     "P105", "{", "no braces"),
    ("comment with //", "// a comment", "P106", "//", "`#`"),
    ("comment with --", "-- a comment", "P106", "--", "`#`"),
    ("a rule before `rules for`", f"require r cites content.cleared that post.urgent {SAYS}",
     "P113", "r", "`rules for post`"),
    ("two headers", "rules for post\nrules for post", "P113", "rules for post", "file of their own"),
    # clauses
    ("too strong", file(f"require r cites content.short that post.urgent {SAYS}"),
     "P402", "r", "takes `advise`"),
    ("too weak", file(f"advise r cites content.cleared that post.urgent {SAYS}"),
     "P402", "r", "`under` a reading"),
    ("a clause of another kind", f'rules for note\nrequire r cites content.cleared that note.body == "x" {SAYS}',
     "P401", "r", "right kind"),
    # definitions and parameters
    ("an unused definition", file('define spare = ("a", "b")'), "P701", "spare", "delete it"),
    ("an unknown type", "parameter p: numeric = 3", "P202", "numeric", "`number`"),
    ("a value of the wrong type", 'parameter p: number = "3"', "P311", '"3"', "without quotes"),
    ("an unclosed bracket", rule("that (post.urgent"), "P106", "says", "`)`"),
    ("a declaration is not complete", file(f"define a =\nrequire r cites content.cleared that post.urgent {SAYS}"),
     "P107", "require", "not complete"),
]  # fmt: skip

FINE = [
    ("words of the language as names",
     file(f"define that = post.urgent\nrequire when cites content.cleared "
          f"for each each in post.media where each.cleared that that {SAYS}")),
    ("topic as a name, and topics before any `rules for`",
     f"unregulated topic topic {SAYS}" + file(f"define topic = post.urgent\n"
          f"require row cites content.cleared that topic {SAYS}")),
    ("a list of one value", rule('that post.tone in ("formal")')),
    ("a list of one value with a comma", rule('that post.tone in ("formal",)')),
    ("comments anywhere", rule("that # why\n post.urgent # and so on\n")),
]  # fmt: skip


def told(tmp_path: Path, text: str) -> tuple[Diagnostic, ...]:
    return problems(tmp_path, {"z.pol": text.encode()})


@pytest.mark.parametrize(
    ("text", "code", "underlined", "mend"), [row[1:] for row in ONE], ids=[row[0] for row in ONE]
)
def test_one_message_that_names_the_mistake_and_the_mend(
    text: str, code: str, underlined: str, mend: str, tmp_path: Path
) -> None:
    found = told(tmp_path, text)
    assert [(d.code, d.span.text.split("\n")[0]) for d in found] == [(code, underlined)]
    assert mend in render(found[0])


@pytest.mark.parametrize("text", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_no_message(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, text) == ()


@pytest.mark.parametrize("text", one_in(4, [row[1] for row in ONE]), ids=[row[0] for row in ONE])
def test_no_message_speaks_of_the_parser_or_of_python(text: str, tmp_path: Path) -> None:
    for diagnostic in told(tmp_path, text):
        said = f"{diagnostic.message} {diagnostic.help}"
        for word in ("NAME", "STRING", "LPAR", "token", "lark", "Tree(", "<class", "Traceback"):
            assert word not in said
        assert not diagnostic.message.endswith(".")
        assert "\n" not in said
