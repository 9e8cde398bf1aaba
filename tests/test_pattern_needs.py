"""What is read off a pattern, by hand for each form, and what the searches make of it."""

import pytest

from somepolicy.patterns import BadPatternError, byte_finder, finder
from somepolicy.patterns.needs import LONGEST_PATTERN, ClassRun, Needs, needs_of

NEEDS = [
    # one sign or literal among what may be anything
    (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}", Needs(("@",))),
    (r"\+[0-9]{2}[ 0-9-]{8,}", Needs(("+",))),
    (r"[0-9]Project [A-Z][a-z]{3,}", Needs(("Project ",))),
    (r"https?://[a-z.]+", Needs(("://",))),
    (r".blåbær\d", Needs(("blåbær",))),
    (r"\pL+#\p{Greek}", Needs(("#",))),
    # the literals of an alternation; a few members of a class are one
    ("x[@#]y*", Needs(("x#", "x@"))),
    ("(?:guaranteed|miracle)[0-9]", Needs(("guaranteed", "miracle"))),
    ("(guaranteed|[0-9]risk[- ]free)z*[0-9]", Needs(("guaranteed", "risk"))),
    ("a[bc]d.", Needs(("abd", "acd"))),
    ("(abc|xabcx).", Needs(("abc",))),
    # how often
    ("(ab)+.", Needs(("ab",))),
    ("(ab){3}c?.", Needs(("ababab",))),
    ("x*(ab){3,}", Needs(("ababab",))),
    ("abc*.", Needs(("ab",))),
    ("a.?bcd??.", Needs(("bc",))),
    ("(ax|bx){2}.", Needs(("axax", "axbx", "bxax", "bxbx"))),
    # whatever the case
    ("(?i)Miracle", Needs(("miracle",), folded=True)),
    ("(?i)søknad[0-9]", Needs(("knad",), folded=True)),
    ("(?i)[a-z]@[a-z]", Needs(("@",))),
    ("(?i)[aA]b.", Needs(("ab",), folded=True)),
    # at the start of the text
    ("^https://([a-z-]+\\.)*stat\\.test(/|$)", Needs(("https://",), first=True)),
    ("(?i)^(nb|nn|no)(-|$)", Needs(("nb", "nn", "no"), folded=True, first=True)),
    (r"(^a|\Ab)c.", Needs(("ac", "bc"), first=True)),
    ("^(b|ab)c", Needs(("bc", "abc"), first=True)),
    ("^a?b.", Needs(("b", "ab"), first=True)),
    ("(^a|b)cd.", Needs(("acd", "bcd"))),
    # a literal, or one of several, says all
    ("gratis", Needs(("gratis",), decided=True)),
    (r"kr\.|€", Needs(("kr.", "€"), decided=True)),
    ("risk[- ]free", Needs(("risk free", "risk-free"), decided=True)),
    ("ab?c", Needs(("ac", "abc"), decided=True)),
    ("gratis$", Needs(("gratis",))),
    ("abcdefghijklmnopq", Needs(("abcdefghijklmnop",))),
    ("a" * LONGEST_PATTERN, Needs(("a" * 16,))),
]
RUNS = [
    ("^[A-C0 !]{12,}$", ClassRun(b" !0ABC", 12, None)),
    (r"\A[ab]{2,3}?\z", ClassRun(b"ab", 2, 3)),
    (r"^[a\-\]]+$", ClassRun(b"-]a", 1, None)),
    ("^[]a-c-]*$", ClassRun(b"-]abc", 0, None)),
    ("^[ab]?$", ClassRun(b"ab", 0, 1)),
    ("^[ab]$", ClassRun(b"ab", 1, 1)),
]
NOTHING = [
    *("", "a?", "a*", "(ab)?", "a{0}", "a|", "(a|)b*", "[0-9]+", "[a-e]", ".", r"\d", "^", "a|[0-9]"),
    *("a|b|c|d|e", "^[a-z]:", "^a?", "(?i)ſ", "(?i)[æø]", "[^a]", "^[^a]+$", "^[a-å]+$"),
    # not understood, and so nothing about all of it
    *("@(?i)b", "@(?i:b)", "(?s)@", "(?m)^@", "(?U)@+", r"\Q@\E", r"@\x41", r"@\b", "@[[:alpha:]]"),
    *("@{", "@{,2}", "@{01}", "(?P<name>@)", r"@\C", "(?i)^[a-z]+$", r"^[\d]+$", "(" * 41 + "@" + ")" * 41),
    # too long to be worth reading
    "a" * (LONGEST_PATTERN + 1),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "needs"), [*NEEDS, *RUNS])
def test_what_a_pattern_needs(pattern, needs):
    finder(pattern)  # RE2 accepts it
    assert needs_of(pattern) == needs


@pytest.mark.parametrize("pattern", NOTHING)
def test_what_nothing_is_known_about(pattern):
    finder(pattern)
    assert needs_of(pattern) is None


FOUND = [
    ("@", "a@b", True),
    ("@", "ab", False),
    ("gratis", "helt gratis!", True),
    ("gratis", "Gratis", False),
    ("æ|ø|€", "bø", True),
    ("æ|ø|€", "bå", False),
    ("x[0-9]", "x y1", False),
    ("x[0-9]", "x1", True),
    ("(ab|cd)[0-9]", "ab cd2", True),
    ("(ab|cd)[0-9]", "ab cd", False),
    ("(?i)risk", "RISK", True),
    ("(?i)risk", "ri\u017f\u212a", True),
    ("(?i)risk", "ri\u0161k", False),
    ("(?i)MASS|TEXT", "ma\u017fs", True),
    ("(?i)^sak", "\u017fAK 1", True),
    ("(?i)^sak", "Sak 1", True),
    ("(?i)^sak", "en sak", False),
    ("^ab.", "abc", True),
    ("^ab.", "xabc", False),
    ("^a?b.", "abc", True),
    ("^(b|ab)c", "abc", True),
    ("ab*c.", "xacx", True),
    ("[]a]b.", "]bc", True),
    ("^[ab]+$", "abba", True),
    ("^[ab]+$", "abba\n", False),
    ("^[ab]+$", "", False),
    ("^[ab]*$", "", True),
    ("^[ab]{2,3}$", "a", False),
    ("^[ab]{2,3}$", "aba", True),
    ("^[ab]{2,3}$", "abab", False),
    ("^[ab]+$", "a" * 16 + "c", False),
    ("^[ab]+$", "aå", False),
    ("abcdefghijklmnopq", "abcdefghijklmnopx", False),
    ("abcdefghijklmnopq", "-abcdefghijklmnopq", True),
]


@pytest.mark.parametrize(("pattern", "text", "found"), FOUND)
def test_what_is_found(pattern, text, found):
    assert finder(pattern)(text) is found
    assert byte_finder(pattern)(text.encode()) is found


@pytest.mark.parametrize("pattern", ["a(", "[", "a**", "(?=a)", r"\1"])
def test_a_pattern_that_re2_refuses(pattern):
    with pytest.raises(BadPatternError):
        finder(pattern)
    with pytest.raises(BadPatternError):
        byte_finder(pattern)


def test_half_a_surrogate_pair():
    """It is in no pattern; RE2 itself cannot be asked about it."""
    half = "a\ud83d"
    assert not finder("@")(half)
    assert finder("a")(half)
    assert not finder("^[a-z]+$")(half)
    with pytest.raises(UnicodeEncodeError):
        finder("[a-z]")(half)


def test_white_space_is_what_re2_takes_for_it():
    some, among = finder(r"\S"), byte_finder(r"\S")
    space = [chr(code) for code in range(0x3100) if not some(chr(code))]
    assert space == [chr(code) for code in range(0x3100) if not finder(r"(?:\S)")(chr(code))]
    assert space == [sign for sign in map(chr, range(0x3100)) if not among(sign.encode())]
    assert not some("".join(space))
    assert not some("")
