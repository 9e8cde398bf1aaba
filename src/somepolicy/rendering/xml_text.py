"""Text that XML 1.0 can hold, and that every terminal and file can."""

from __future__ import annotations

import re

from somepolicy.rendering.plain_text import printable

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Replace what XML cannot hold, and what a terminal would act upon."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", printable(text))


def ascii_markup(text: str) -> str:
    """Return XML or HTML with references for what is not ASCII, so that no encoding loses it."""
    return printable(text).encode("ascii", "xmlcharrefreplace").decode("ascii")
