"""The languages that a policy may speak: any tag of BCP 47, such as `nb`, `se` or `zh-Hant-TW`."""

import re

COMMON = ("nb", "nn", "en")

_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}"
    r"(?:-[a-z]{4})?"  # the script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # the region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+)",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 64


def is_language(tag: str) -> bool:
    """Whether a text is a tag. A language has two letters, or three where it has no two."""
    return len(tag) <= _LONGEST and _TAG.fullmatch(tag) is not None
