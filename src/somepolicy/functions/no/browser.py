"""A text as a browser shows it: tags, comments and what it hides taken off, references read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from somepolicy.functions.no.markup import COMMENT, NAME
from somepolicy.functions.no.prepared import Prepared
from somepolicy.functions.no.references import ESCAPE, REFERENCE, decoded_escapes, resolved

_STARTS = re.compile(r"<[A-Za-z/!?]|&#?[0-9A-Za-z]|%[0-9A-Fa-f]{2}|\]\]>")
_BROWSER_TAG = re.compile(
    r"""</?[A-Za-z](?:[^>=]|=(?!\s*["'])|=\s*(?:"[^"]*"|'[^']*'))*+>""", re.DOTALL
)
_BROWSER_NAME = re.compile(rf"</?({NAME}(?::{NAME})?+)(?=[\s/>])")
# elements of which a browser shows nothing: those whose content it does not read as markup,
# and others; what has no content; attributes that hide an element
_RAW = frozenset(("iframe", "noembed", "noframes", "noscript", "script", "style", "title"))
_NEVER_SHOWN = frozenset(("audio", "canvas", "datalist", "rp", "template", "video"))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr"),
)  # fmt: skip
_HIDING = re.compile(
    rf"hidden|display|visibility|<(?:{'|'.join(sorted(_RAW | _NEVER_SHOWN))})", re.IGNORECASE
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_HIDDEN = re.compile(r"""[\s"']hidden(?=[\s=/>])""", re.IGNORECASE)
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ONCE_REFERENCE = re.compile(REFERENCE)
_ONCE = re.compile(f"{REFERENCE}|{ESCAPE}")

Span = tuple[int, int]
_Change = tuple[int, int, str]


def decoded_once(source: Prepared, *, escapes: bool) -> Prepared:
    """Return a text whose references, and escapes if so said, are resolved, each once.

    What comes of one is never read as a part of another: `&#&#49;5` is `&#15`.
    """
    found = (_ONCE if escapes else _ONCE_REFERENCE).finditer(source.text)
    return _replaced(source, filter(None, map(_once, found)))


def _once(found: re.Match[str]) -> _Change | None:
    word, (start, end) = found[0], found.span()
    if word[0] == "%":
        decoded = decoded_escapes(word)
    else:
        body = word[1:].removesuffix(";")
        decoded, taken = resolved(body, word[1 + len(body) :])
        end = start + 1 + taken if taken < len(body) else end
    return None if decoded is None else (start, end, decoded)


def without_tags(source: Prepared, *, named: bool = False) -> Prepared:
    """Return a text without what a browser takes for tags and comments, odd ones too.

    `named`: what is no comment and bears no plain name, as `<ola@example.org>`, is left.
    """
    tags = _browser_tags(source.text)
    return _replaced(
        source, ((at, end, "") for at, end in tags if not named or _is_named(source.text, at))
    )


def may_hide(text: str) -> bool:
    """Whether there may be an element that a browser does not show; a quick look."""
    return _HIDING.search(text) is not None


def page(source: Prepared, *, named: bool = False) -> Prepared:
    """Return the same without the content that a browser does not show, either."""
    return _replaced(source, ((at, end, "") for at, end in _unseen(source.text, named)))


def _replaced(source: Prepared, changes: Iterable[_Change]) -> Prepared:
    """Return a text with other characters at some places, not ready to be searched."""
    start = 0
    chars: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    for at, end, instead in [*changes, (len(source.text), len(source.text), "")]:
        chars.append(source.text[start:at])
        places += source.places[start:at]
        ends += source.ends[start:at] if source.ends else range(start + 1, at + 1)
        if instead:
            place, until = source.span(at, end)
            chars.append(instead)
            places += [place] * len(instead)
            ends += [until] * len(instead)
        start = end
    if len(chars) == 1:
        return source
    return source.rewritten("".join(chars), places, ends)


def _browser_tags(text: str, *, raw: bool = False) -> Iterator[Span]:
    """Yield where tags and comments stand; where a quote is never closed, quotes count no more.

    `raw`: an element whose content is not read as markup, such as a script, goes as a whole.
    """
    last, last_comment, quotes = text.rfind(">"), text.rfind("-->"), True
    at = text.find("<")
    while 0 <= at < last:
        end = at + 1
        if text.startswith(COMMENT, at) and at + 2 <= last_comment:
            end = text.index("-->", at + 2) + 3
        elif _STARTS.match(text, at):
            found = _BROWSER_TAG.match(text, at) if quotes else None
            quotes = quotes and (found is not None or text[at + 1] in "!?/")
            end = text.index(">", at) + 1 if found is None else found.end()
            if raw and text[at + 1] != "/" and (name := _name(text, at)) in _RAW:
                closing = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, end)
                end = closing.start() if closing else len(text)
        if end > at + 1:
            yield at, end
        at = text.find("<", end)


def _name(text: str, at: int) -> str:
    """Return the name of a tag in small letters, nothing where it has no plain one."""
    tag = _BROWSER_NAME.match(text, at)
    return tag[1].lower() if tag else ""


def _is_named(text: str, at: int) -> bool:
    return text[at + 1] in "!?/" or _name(text, at) != ""


def _unseen(text: str, named: bool) -> Iterator[Span]:
    """Yield tags and comments, and hidden elements as a whole; one without an end hides the rest."""
    start, hidden, depth = 0, "", 0
    for at, end in _browser_tags(text, raw=True):
        name, opens = _name(text, at), text[at + 1] != "/"
        if depth:
            if name == hidden:
                depth += 1 if opens else -1
            if not depth:
                yield start, end
        elif name and opens and name not in _VOID and _hides(name, text[at:end]):
            start, hidden, depth = at, name, 1
        elif not named or _is_named(text, at):
            yield at, end
    if depth:
        yield start, len(text)


def _hides(name: str, tag: str) -> bool:
    return (
        name in _NEVER_SHOWN
        or _HIDDEN.search(_QUOTED.sub('""', tag)) is not None
        or _NO_DISPLAY.search(tag) is not None
    )
