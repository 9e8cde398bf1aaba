"""Module -> its text in the one canonical form, with every comment.

Only white space, brackets and commas change, and the signs of a file (see comments.py) are
the same before and after. The declarations are laid out as if there were no comments, but
for what a comment stands in, which takes several lines; then a trailing comment goes to the
end of the line that holds the sign before it, any other above the line with the sign after
it. The formatter proves at every run that the tree is the same, that all comments are there
and that its own output stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from somepolicy.errors import SomepolicyError
from somepolicy.normal_form import normal
from somepolicy.syntax import nodes as n
from somepolicy.syntax.comments import Gap, LaidOutLine, Signs, measure, read_signs, with_comments
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.syntax.layout import ATOM, SUM, WIDTH, Layout, Piece, quoted
from somepolicy.syntax.parser import MOST_BYTES, MOST_NESTED, parse
from somepolicy.syntax.source import Source
from somepolicy.syntax.syntax_errors import TEXT_OR_COMMENT

_BRACKET = re.compile(r'"(?:[^"\n]|"")*"|#[^\n]*|(?P<bracket>[()])')
_NUMBER = re.compile(r"[0-9]+")
_MOMENT = re.compile(r"[0-9:.TZ+-]+")
_MOST_ROUNDS = 6
_SMALL = (n.Section, n.LeadIn, n.Define, n.Parameter)  # may follow each other without an empty line


class FormatError(SomepolicyError):
    """The formatter would have changed what a file says: an error of the formatter's own."""


def format_module(module: n.Module) -> str:
    """Return a file in the canonical form.

    Raises FormatError if the result would not say the same, miss a comment or not be stable.
    """
    module = _composed(module)
    now = _once(module)
    for _ in range(_MOST_ROUNDS):
        after = _parsed(module.source.path, now)
        again = _once(after)
        _compare(module, after)
        if again == now:
            return now
        now = again  # a comment has moved to the end of a comparison: less has to be broken
    raise FormatError(f"{module.source.path}: the form does not settle")


def _composed(module: n.Module) -> n.Module:
    """Return a file with its names in form NFC; texts and comments stay as they are."""
    parts = re.split(f"({TEXT_OR_COMMENT.pattern})", module.source.text)
    text = "".join(part if at % 2 else normal(part) for at, part in enumerate(parts))
    return module if text == module.source.text else _parsed(module.source.path, text)


def _once(module: n.Module) -> str:
    signs = read_signs(module.source.text)
    text = _LineWriter(module, signs, spare=False).write()
    if _depth(text) > MOST_NESTED:
        text = _LineWriter(module, signs, spare=True).write()
    return text


def _parsed(path: str, text: str) -> n.Module:
    if len(text.encode()) > MOST_BYTES:
        raise FormatError(f"{path}: the result would be larger than a file may be")
    try:
        return parse(Source(path, text))
    except PolicyError as error:
        raise FormatError(f"{path}: the result would not parse: {error}") from None


def _compare(before: n.Module, after: n.Module) -> None:
    """Refuse a result that says something else."""
    old, new = read_signs(before.source.text), read_signs(after.source.text)
    lost = [each.text for each in old.comments] != [each.text for each in new.comments]
    if lost or _texts(before.comments) != _texts(after.comments):
        raise FormatError(f"{before.source.path}: a comment would be lost")
    if before.declarations != after.declarations or old.words != new.words:
        raise FormatError(f"{before.source.path}: the tree would not be the same")


def _texts(comments: Iterable[n.Comment]) -> list[str]:
    return [comment.text.rstrip(" \t") for comment in comments]


def _depth(text: str) -> int:
    depth = most = 0
    for match in _BRACKET.finditer(text):
        depth += {"(": 1, ")": -1}.get(match["bracket"] or "", 0)
        most = max(most, depth)
    return most


class _LineWriter:
    """Writes the lines of one file, counting signs."""

    def __init__(self, module: n.Module, signs: Signs, *, spare: bool) -> None:
        self.module = module
        self.signs = signs
        self.seen = 0
        self.lines: list[LaidOutLine] = []
        self.places = [comment.signs for comment in signs.comments]
        self.layout = Layout(measure, self.forced, spare=spare)

    def write(self) -> str:
        previous: n.Declaration | None = None
        for declaration in self.module.declarations:
            small = isinstance(declaration, _SMALL) and isinstance(previous, _SMALL)
            first = len(self.lines)
            self.declaration(declaration)
            gap = Gap.KEPT if small else Gap.ALWAYS
            line = self.lines[first]
            self.lines[first] = LaidOutLine(line.text, gap, line.end)
            previous = declaration
        return with_comments(self.lines, self.signs)

    # --- what every part needs

    def forced(self, start: int, text: str) -> bool:
        """Whether a comment stands within a text that begins after so many signs."""
        at = bisect_right(self.places, start)
        return at < len(self.places) and self.places[at] < start + measure(text)

    def put(self, indent: int, *lines: str, gap: Gap = Gap.NONE) -> None:
        """Write lines; all but the first bring their own indent."""
        for number, text in enumerate(lines):
            self.seen += measure(text)
            self.lines.append(LaidOutLine(text if number else " " * indent + text, gap, self.seen))
            gap = Gap.NONE

    def fill(self, indent: int, *pieces: Piece | str, hang: int = 4, gap: Gap = Gap.NONE) -> None:
        """Write pieces with blanks between, on as few lines as they take."""
        parts = [Piece(each) if isinstance(each, str) else each for each in pieces]
        self.put(
            indent, *self.layout.filled(parts, self.seen, indent, 0, indent + hang), gap=gap
        )  # fmt: skip

    def listed(self, head: str, words: Sequence[str]) -> None:
        """Write a part of a declaration: its keyword, and words with commas between."""
        first, *rest = _enumerated(words)
        self.fill(2, f"{head} {first}", *rest, hang=2)

    def spelled(self, keyword: str, pattern: re.Pattern[str]) -> str:
        """Return what the author wrote for the value after a keyword that comes next."""
        offset = self.signs.offsets[self.seen + len(keyword)]
        found = pattern.match(self.module.source.text, offset)
        assert found is not None
        return found[0]

    def texts(self, indent: int, head: str, texts: n.Texts) -> None:
        """Write texts under their keyword, a language on each line."""
        if not texts:
            return
        self.put(indent, head)
        for text in texts:
            self.put(indent + 2, f"{text.language.text} {quoted(text.value)}")

    def condition(self, head: str, expr: n.Expr | None) -> None:
        """Write a condition of a rule; its operators stand below and further in."""
        if expr is not None:
            self.put(2, *self.layout.lines(Piece(f"{head} ", expr), self.seen, 2, hang=4))

    # --- declarations

    def declaration(self, declaration: n.Declaration) -> None:
        match declaration:
            case n.Section():
                self.section(declaration)
            case n.LeadIn():
                self.lead_in(declaration)
            case n.Clause():
                self.clause(declaration)
            case n.Reading():
                self.reading(declaration)
            case n.Header():
                self.header(declaration)
            case n.Unregulated():
                self.unregulated(declaration)
            case n.Topic(name, says):
                self.put(0, f"unregulated topic {name.text}")
                self.texts(2, "says", says)
            case n.Define():
                self.define(declaration)
            case n.Parameter():
                self.parameter(declaration)
            case n.Rule():
                self.rule(declaration)
            case n.Test():
                self.test(declaration)

    def section(self, section: n.Section) -> None:
        number = self.spelled("section", _NUMBER)
        digest = (f"digest {section.digest}",) if section.digest else ()
        self.fill(0, f"section {number}", quoted(section.title), *digest)

    def lead_in(self, lead_in: n.LeadIn) -> None:
        digests = _enumerated(lead_in.digests)
        force = (f"force {lead_in.force.text}",) if lead_in.force else ()
        self.fill(0, f"lead_in at {lead_in.locator}", f"digest {digests[0]}", *digests[1:], *force)

    def clause(self, clause: n.Clause) -> None:
        digests = _enumerated(clause.digests)
        at = f"at {clause.locator}"
        self.fill(0, f"clause {clause.name.text}", at, f"digest {digests[0]}", *digests[1:])
        under = (f"under {clause.under.text}",) if clause.under else ()
        self.fill(2, f"force {clause.force.text}", *under, hang=2)
        self.put(2, f"binds {clause.binds.text}")
        self.listed("kinds", _names(clause.kinds) or ["none"])
        if clause.law:
            self.listed("law", [quoted(law) for law in clause.law])
        self.texts(2, "condition", clause.condition)
        self.texts(2, "says", clause.says)
        self.texts(2, "undecided", clause.undecided)

    def reading(self, reading: n.Reading) -> None:
        first, *rest = _enumerated(_names(reading.clauses))
        self.fill(0, f"reading {reading.name.text}", f"of {first}", *rest)
        self.texts(2, "says", reading.says)
        match reading.signed:
            case None:
                self.put(2, "status proposed")
            case n.Signature(role, on):
                self.fill(2, f"status signed {quoted(role)}", f"on {on.isoformat()}", hang=2)

    def header(self, header: n.Header) -> None:
        words = _names(header.kinds)
        words += ["unproven advises"] if header.unproven_advises else []
        words += ["notice"] if header.notice else []
        first, *rest = _enumerated(words)
        self.fill(0, f"rules for {first}", *rest)
        for text in header.notice:
            self.put(2, f"{text.language.text} {quoted(text.value)}")

    def unregulated(self, unregulated: n.Unregulated) -> None:
        head = f"unregulated {unregulated.path.text}"
        if unregulated.among is None:
            self.put(0, head)
        else:
            among = self.layout.container(unregulated.among)
            values = Piece(f"in {among.prefix}", among.expr, among.suffix, ATOM)
            self.fill(0, head, values, hang=2)
        self.texts(2, "says", unregulated.says)

    def define(self, define: n.Define) -> None:
        parameters = f"({', '.join(_names(define.parameters))})" if define.parameters else ""
        head = f"define {define.name.text}{parameters} ="
        flat = f"{head} {self.layout.flat(define.body)}"
        if len(flat) <= WIDTH and not self.forced(self.seen, flat):
            self.put(0, flat)
            return
        self.put(0, head)
        self.put(2, *self.layout.lines(Piece("", define.body), self.seen, 2))

    def parameter(self, parameter: n.Parameter) -> None:
        choices = _enumerated([self.layout.flat(choice) for choice in parameter.choices])
        if parameter.type is None:
            choices[0] = f"one of ({choices[0]}"
            choices[-1] += ")"
        kinds = choices or ["" if parameter.type is None else parameter.type.text]
        values = self.layout.enumerated([dated.value for dated in parameter.values], SUM)
        pieces = [
            Piece(value.prefix, value.expr, f" from {dated.since.isoformat()}{value.suffix}", SUM)
            if dated.since
            else value
            for value, dated in zip(values, parameter.values, strict=True)
        ]  # fmt: skip
        kinds[-1] += " ="
        self.fill(0, f"parameter {parameter.name.text}:", *kinds, *pieces)
        self.texts(2, "says", parameter.says)

    # --- rules

    def rule(self, rule: n.Rule) -> None:
        self.put(0, f"{rule.effect} {rule.name.text}")
        self.listed("cites", _names(rule.cites))
        if rule.under:
            self.listed("under", _names(rule.under))
        if rule.each:
            self.each(rule.each)
        self.condition("when", rule.when)
        self.condition(rule.sense or "", rule.condition)
        self.condition("unless", rule.unless)
        if rule.by:
            self.listed("by", _names(rule.by))
        self.texts(2, f"asks {rule.answer}", rule.asks)
        self.texts(2, "says", rule.says)
        self.texts(2, "remedy", rule.remedy)

    def each(self, each: n.Each) -> None:
        head = f"for each {each.variable.text} in {each.container.text}"
        if each.where is None:
            self.put(2, head)
            return
        flat = f"{head} where {self.layout.flat(each.where)}"
        if len(flat) + 2 <= WIDTH and not self.forced(self.seen, flat):
            self.put(2, flat)
            return
        self.put(2, head)
        self.put(4, *self.layout.lines(Piece("where ", each.where), self.seen, 4, hang=6))

    # --- tests

    def test(self, test: n.Test) -> None:
        self.put(0, f"test {quoted(test.name)}")
        self.put(2, f"given {quoted(test.given.text)}")
        self.steps(2, test.steps)
        for case in test.cases:
            self.case(case)

    def case(self, case: n.Case) -> None:
        """Write a case as a row if its author did and it fits, else a step on each line."""
        head, start, first = f"case {quoted(case.name)}", self.seen, len(self.lines)
        self.put(2, head, gap=Gap.KEPT)
        self.steps(4, case.steps)
        offsets = self.signs.offsets
        written = self.module.source.text[offsets[start] : offsets[self.seen - 1]]
        row = "  " + "  ".join(line.text.lstrip(" ") for line in self.lines[first:])
        if "\n" not in written and len(row) <= WIDTH:
            self.lines[first:] = [LaidOutLine(row, Gap.KEPT, self.seen)]

    def steps(self, indent: int, steps: n.Steps) -> None:
        for change in steps.changes:
            match change:
                case n.With(path, value):
                    piece = _field(f"with {path.text} = ", value)
                    lines = self.layout.lines(piece, self.seen, indent)
                    self.put(indent, *lines, gap=Gap.KEPT)
                case n.Without(path):
                    self.put(indent, f"without {path.text}", gap=Gap.KEPT)
        if steps.at:
            moment = self.spelled("at", _MOMENT)
            self.put(indent, f"at {moment}", gap=Gap.KEPT)
        for expectation in steps.expectations:
            self.fill(indent, *_expectation(expectation), hang=2, gap=Gap.KEPT)


def _field(head: str, value: n.Expr) -> Piece:
    """Take a value for a field: a list of one has no comma here."""
    match value:
        case n.Tuple((only,)):
            return Piece(f"{head}(", only, ")")
        case _:
            return Piece(head, value)


def _expectation(expectation: n.Expectation) -> list[str]:
    match expectation:
        case n.ExpectDecision(decision):
            return [f"expect {decision}"]
        case n.ExpectClause(clause, status):
            return [f"expect clause {clause.text} {status}"]
        case n.ExpectInvalid(at):
            return [f"expect invalid {at.text}"]
        case n.ExpectUnregulated(at):
            return [f"expect unregulated {at.text}"]
        case n.ExpectRule(rule, outcome, place, because):
            pieces = [f"expect {rule.text} {outcome}"]
            pieces += [f"at {place.text}"] if place else []
            reasons = _enumerated([pointer.text for pointer in because])
            return pieces + ([f"because {reasons[0]}", *reasons[1:]] if reasons else [])


def _names(idents: Iterable[n.Ident]) -> list[str]:
    return [ident.text for ident in idents]


def _enumerated(words: Sequence[str]) -> list[str]:
    return [f"{word}," for word in words[:-1]] + list(words[-1:])
