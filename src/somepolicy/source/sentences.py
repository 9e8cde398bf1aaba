"""A clean text -> its sentences."""

from __future__ import annotations

import re

# possessive and only from the first mark of several, so that the work stays linear
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”“»«’')\]]*+(?= )")
_OPENING = "\"“”„«»‘’'([–—- "
# A full stop after these never ends a sentence; after `osv.` or `etc.` a capital decides.
_ABBREVIATIONS = frozenset(
    (
        # bokmål and nynorsk
        "adr", "bl.a", "ca", "d.e", "d.v.s", "dr", "dvs", "eks", "ekskl", "evt", "f.eks", "f.o.m",
        "forskr", "fr.o.m", "gj.sn", "hhv", "i.h.t", "iflg", "ifm", "ift", "iht", "inkl", "jf",
        "jfr", "kap", "kgl", "kl", "kr", "m.a", "mht", "nr", "o.a", "o.l", "p.g.a", "pga", "pkt",
        "pr", "prof", "ref", "resp", "saksnr", "sml", "sst", "st", "t.d", "t.h", "t.o.m", "t.v",
        "tlf", "u.a", "vedr", "vha",
        # English
        "cf", "e.g", "fig", "i.e", "mr", "mrs", "ms", "pp", "sec", "viz", "vs",
    )
)  # fmt: skip


def sentences(text: str) -> list[str]:
    """Split a clean text into sentences; joined with spaces they are the text again.

    A sentence ends with `.`, `!`, `?` or `…` and closing quotes or brackets, where a space and
    a capital letter or a digit follow, quotes and brackets before it skipped. A single letter
    and the abbreviations of this module do not end one.
    """
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        rest = text[end.end() : end.end() + 6].lstrip(_OPENING)
        if not rest or not (rest[0].isupper() or rest[0].isdigit()):
            continue
        word = max(text.rfind(" ", start, end.start()) + 1, start)
        if end[0] == "." and _goes_on(text[word : end.start()]):
            continue
        found.append(text[start : end.end()])
        start = end.end() + 1
    return [*found, text[start:]] if start < len(text) else found


def _goes_on(word: str) -> bool:
    bare = word.lstrip(_OPENING).casefold()
    return bare in _ABBREVIATIONS or (len(bare) == 1 and bare.isalpha())
