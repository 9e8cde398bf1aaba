"""Texts that go with pictures: alternative text and credit lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.phrases import Phrases, entries, has_group, split, triggered
from somepolicy.functions.no.prepare import Prepared, as_shown, shown
from somepolicy.lexicon import Lexicon

NEEDLESS = ("needless",)
_LONGEST_ALT = 250
_NEAR_END = 300
_SHOWN_NAME = ("@", "©")
_WORD = re.compile(r"[^\W_]+")
_NOTHING = "says only that there is a picture"
_NAME_END = re.compile(r"[.!?](?=\s|$)|\s#")
_YEAR = re.compile(r"\d{4}\s")
_AROUND_A_NAME = " .,;:'\"()[]{}<>«»*_-!"


def make_alt_text_problems(words: Lexicon) -> Callable[[str, str], tuple[Detection, ...]]:
    """Return the detector `alt_text` for a word list.

    Groups, each also per language (`nb_needless`): `needless` openings such as `bilde av`;
    `nothing_said`, texts that say no more than that there is a picture, or what programs put
    where there is none (`null`), whatever stands between their letters; `file_ending`;
    `file_start`, what cameras and phones begin a file name with. Raises ValueError.
    """
    may_open = triggered(words, *NEEDLESS)
    needless = Phrases(words, *NEEDLESS)
    nothing_said = frozenset("".join(_words(entry)) for entry in entries(words, "nothing_said"))
    beginnings = frozenset(each[:end] for each in nothing_said for end in range(1, len(each) + 1))
    endings = tuple(f".{ending}" for ending in entries(words, "file_ending"))
    starts = entries(words, "file_start")

    def alt_text_problems(alt: str, body: str) -> tuple[Detection, ...]:
        """Find what makes an alternative text poor; all `weak`, spans in the alternative text.

        At most one of: a file name, nothing but "picture", the same as the text of the post;
        then a needless opening; and more than 250 characters. An empty one is no matter here.
        """
        seen = shown(alt)
        plain = " ".join(seen.text.split()).lower()
        if not plain:
            return ()
        found = []
        if problem := _whole(plain, body):
            found.append(_problem((0, len(alt)), problem))
        elif opening := _opening(seen):
            found.append(_problem(opening, "begins by saying that it is a picture"))
        if len(seen.text) > _LONGEST_ALT:
            rest = seen.places[_LONGEST_ALT], len(alt)
            found.append(_problem(rest, "longer than 250 characters"))
        return tuple(found)

    def _whole(plain: str, body: str) -> str | None:
        name = plain.partition("?")[0].strip(_AROUND_A_NAME)
        if name.endswith(endings) or _camera_name(name, starts):
            return "a file name"
        first = _WORD.search(plain)
        if first is not None and first[0] in beginnings:
            said = _words(plain)  # `n / a`, `null null`
            if {"".join(said), "".join(dict.fromkeys(said))} & nothing_said:
                return _NOTHING
        if not any(map(_says_something, plain)):
            return _NOTHING
        # most texts differ in their first letter already
        if plain[:1] == body.lstrip()[:1].lower()[:1] and plain == " ".join(body.split()).lower():
            return "the same as the text"
        return None

    def _opening(seen: Prepared) -> tuple[int, int] | None:
        head = seen.text[:_LONGEST_ALT]
        if not may_open(head):
            return None
        split_text = split(head)
        hits = needless.find(split_text)
        if not hits or hits[0].first:
            return None
        return seen.span(split_text.places[0][0], split_text.places[hits[0].last - 1][1])

    return alt_text_problems


def make_credit_lines(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `credit` for a word list.

    Groups, each also per language (`nb_credit_word`): `credit_word`, words that credit a photo
    when a colon and a name follow; `credit_joint`, what may stand before such a word in lower
    case; `credit_mark`, signs that credit when a name follows. A list may do without these:
    `credit_by`, words that lead to a name where no colon does; `name_part`, words of a name in
    lower case; `unnamed`, words for a maker who is not named; `nobody`, what stands where a name is missing. Raises ValueError.
    """
    credit_words = frozenset(entries(words, "credit_word"))
    marks = entries(words, "credit_mark")
    joints = entries(words, "credit_joint")
    by, name_part, unnamed, nobody = (
        frozenset(entries(words, group) if has_group(words, group) else ())
        for group in ("credit_by", "name_part", "unnamed", "nobody")
    )
    loose = _loose(credit_words, by)

    def credit_lines(text: Prepared) -> tuple[Detection, ...]:
        """Find lines in the last 300 characters that credit a photo, which is good news.

        `strong` where a name follows as in a credit line, `weak` where it may be one. The span
        ends before the name.
        """
        text = as_shown(text)
        start = max(0, len(text.text) - _NEAR_END)
        end = text.text[start:]
        worded = _after_words(end, credit_words, joints)
        marked = [
            each
            for each in _after_marks(end, marks)
            if not any(
                first >= each[1] and not end[each[1] : first].strip("\ufe0f ")
                for first, *_ in worded
            )
        ]  # in `📸 Foto: Kari` the word says it
        sure = [*worded, *marked]
        found = [(*each, _is_name(end[each[1] :], name_part, unnamed, nobody)) for each in sure]
        found += [
            (*hit.span(), hit[1].lower(), False)
            for hit in loose.finditer(end)
            if not any(hit.start() < last <= hit.end() for _, last, _ in sure)
        ]
        return tuple(
            Detection(
                "credit",
                "2",
                "strong" if named else "weak",
                "",
                text.span(start + first, start + last),
                f"credit line ({shown})",
            )
            for first, last, shown, named in sorted(found)
        )

    return credit_lines


def _problem(span: tuple[int, int], problem: str) -> Detection:
    return Detection("alt_text", "1", "weak", "", span, f"alternative text: {problem}")


def _words(text: str) -> list[str]:
    """Return the runs of letters and digits."""
    return _WORD.findall(text)


def _says_something(char: str) -> bool:
    """Whether a character says something by itself: a letter, an emoji; digits alone do not."""
    return char.isalpha() or unicodedata.category(char) in ("So", "Cn")


def _camera_name(plain: str, starts: tuple[str, ...]) -> bool:
    """Whether a text is what a camera calls its pictures: a known start, then no letters.

    No blank stands after a single letter: `P 4` may be a sign.
    """
    return plain.startswith(starts) and any(
        plain.startswith(start)
        and _numbered(plain.removeprefix(start))
        and not (len(start) == 1 and " " in plain)
        for start in starts
    )


def _numbered(rest: str) -> bool:
    return rest[-1:].isdecimal() and not any(map(str.isalpha, rest))


def _after_words(
    end: str, credit_words: frozenset[str], joints: tuple[str, ...]
) -> list[tuple[int, int, str]]:
    """Return the places of credit words with a colon and something after it."""
    found, colon = [], end.find(":")
    while colon >= 0:
        first = colon
        while first and (end[first - 1].isalpha() or end[first - 1] in "./"):
            first -= 1
        shown = end[first:colon].lower()
        word = shown if shown in credit_words else shown.partition("/")[0]
        follows = end[colon + 1 :].partition("\n")[0].strip()
        if word not in credit_words:  # `foto og film:`
            word = _joined(end[:first], joints)
        if word in credit_words and follows and _opens(end, first, joints):
            found.append((first, colon + 1, word))
        colon = end.find(":", colon + 1)
    return found


def _opens(end: str, first: int, joints: tuple[str, ...]) -> bool:
    """Whether a credit line may open at a word: not in the middle of a sentence."""
    before = end[:first].rstrip()
    return not before[-1:].isalnum() or end[first].isupper() or before.lower().endswith(joints)


def _joined(before: str, joints: tuple[str, ...]) -> str:
    """Return the word that is joined to the one after it: `foto` before `film` in `foto og film`."""
    *_, word, joint = ["", "", *before.lower().split()[-2:]]
    return word if joint in joints else ""


def _after_marks(end: str, marks: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Return the places of credit marks with a name after them."""
    found = []
    for mark in marks:
        at = end.find(mark)
        while at >= 0:
            after = at + len(mark)
            if _names_someone(end[after:].lstrip("\ufe0f:")):
                found.append((at, after, mark))
            at = end.find(mark, after)
    return found


def _loose(credit_words: frozenset[str], by: frozenset[str]) -> re.Pattern[str]:
    """Return what finds a word for a photo that a name in capitals follows without a colon.

    Only the last few hundred characters are searched, so the pattern may look ahead.
    """
    word, leading = ("|".join(sorted(map(re.escape, each))) for each in (credit_words, by))
    led = rf"[^.!?\n]{{0,30}}?(?:[ \t]*[:–—-]|[ \t](?:{leading})\b)" if by else r"[ \t]*[:–—-]"
    return re.compile(rf"(?<!\w)((?i:{word}))(?!\w)(?:(?i:{led}))?[^\S\n]+(?=[A-ZÆØÅÄÖ@])")


def _is_name(
    rest: str, name_part: frozenset[str], unnamed: frozenset[str], nobody: frozenset[str]
) -> bool:
    """Whether what follows a colon is a name and no sentence, and somebody's.

    A name begins with a capital or is a handle, and has at most one word in lower case that is
    no part of names; or it is a word such as `privat`.
    """
    line = rest.partition("\n")[0].strip(" \t\ufe0f")
    name = _NAME_END.split(_YEAR.sub("", line, 1), maxsplit=1)[0].strip(_AROUND_A_NAME + "–—…·«»")
    if not any(map(str.isalnum, name)) or name.lower() in nobody:
        return False
    if name.lower() in unnamed:
        return True
    first, *others = _WORD.findall(name)
    plain = [each for each in others if not each[0].isupper() and each.lower() not in name_part]
    return (first[0].isupper() or line.startswith(_SHOWN_NAME)) and len(plain) <= 1


def _names_someone(rest: str) -> bool:
    """Whether a name or a handle follows on the same line."""
    line = rest.partition("\n")[0].strip(" \t")
    return bool(line) and (line[0].isupper() or line[0].isdecimal() or line.startswith(_SHOWN_NAME))
