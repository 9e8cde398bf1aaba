"""What a name is made of: Unicode's XID_Start and XID_Continue, nothing that nobody sees."""

from __future__ import annotations

import re

from somepolicy.look_alikes import called

# Default_Ignorable_Code_Point of Unicode: characters that leave two names looking the same
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)


def is_unseen(char: str) -> bool:
    """Whether a character shows nothing and takes no place."""
    return _UNSEEN.match(char) is not None


def is_name(text: str) -> bool:
    """Whether a text is one name without dots, in any form of Unicode."""
    return text.isidentifier() and (text.isascii() or not _UNSEEN.search(text))


def misfit(text: str) -> tuple[int, str, str]:
    """Return the place of the first character by which a text is no name, what is wrong, the mend."""
    for at, char in enumerate(text):
        if is_unseen(char):
            return at, f"the invisible character {called(char)} cannot stand in a name", "delete it"
        if at and f"a{char}".isidentifier():
            continue
        if not char.isidentifier():
            break
    problem = "cannot stand in a name" if at or not f"a{char}".isidentifier() else "begins no name"
    return at, f"`{char}` {problem}", "names use letters of any script, digits and `_`"
