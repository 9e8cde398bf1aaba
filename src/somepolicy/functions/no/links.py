r"""Whether a link leads to the municipality's own pages.

A link is read as a browser reads it: `\` is `/`, one slash or none does after `https:`, and
what stands before `@` is no host. A link that can be read in two ways is never own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from somepolicy.functions.detection import Detection
from somepolicy.functions.no.prepare import Prepared, as_shown
from somepolicy.lexicon import Lexicon

_LONGEST_HOST = 253
_WEB = ("http", "https")
_BEFORE, _AFTER = "(<[{«\"'*_", ")>]}»\"'*_.,;:!?\u2026"
_REMOVED = dict.fromkeys(map(ord, "\t\r\n"))
_FORBIDDEN = frozenset(" %<>[]^|`{}\"'")


def make_own_link(words: Lexicon) -> Callable[[str], str]:
    """Return the function `own_link` for a word list.

    Groups: `own_domains`, hosts that are the municipality's with all below them;
    `public_suffixes`, which can be nobody's own; `short_link_hosts`, which lead anywhere.
    Raises ValueError where a group is missing or an own domain is a public suffix.
    """
    own, short = _group(words, "own_domains"), _group(words, "short_link_hosts")
    if wrong := sorted(set(own).intersection(_group(words, "public_suffixes"))):
        raise ValueError(f"word list `{words.name}`: `{wrong[0]}` is a public suffix, not own")

    def own_link(link: str) -> str:
        """Return `own`, `foreign`, or `unknown` where only a request could tell."""
        host, sure = _host(link)
        if not host:
            return "foreign" if sure else "unknown"
        if _under(host, own):
            return "own" if sure else "unknown"
        return "unknown" if _under(host, short) else "foreign"

    return own_link


def make_own_links(words: Lexicon) -> Callable[[Prepared], tuple[Detection, ...]]:
    """Return the detector `own_link` for the same word list. Raises ValueError."""
    own_link = make_own_link(words)
    domains = _group(words, "own_domains")

    def own_links(text: Prepared) -> tuple[Detection, ...]:
        """Find links to the municipality's own pages: `strong`, and good news."""
        text = as_shown(text)
        lower = text.text.lower()
        if not any(domain in lower for domain in domains):
            return ()
        return tuple(
            Detection("own_link", "1", "strong", "", text.span(start, end), "link to own pages")
            for start, end in _candidates(text.text)
            if own_link(text.text[start:end]) == "own"
        )

    return own_links


def _group(words: Lexicon, name: str) -> tuple[str, ...]:
    if name not in words.entries:
        raise ValueError(f"word list `{words.name}` has no group `{name}`")
    return words.entries[name]


def _under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of what may be a link: runs without blanks, with a dot inside."""
    at, text = 0, text.replace("](", "  ")  # a link of Markdown
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        bare = word.lstrip(_BEFORE)
        link = bare.rstrip(_AFTER)
        if "." in link:
            first = at - len(bare)
            yield first, first + len(link)


def _host(link: str) -> tuple[str, bool]:
    """Return the host in lower case, "" for none on the web, and whether that is the only way.

    Not the only way: a path alone, odd slashes, or a name before `@`, which has no
    honest use.
    """
    shown = unicodedata.normalize("NFKC", link.strip()).translate(_REMOVED)
    plain = shown.replace("\\", "/")
    scheme, colon, rest = plain.partition(":")
    sure = "\\" not in shown
    if colon and scheme.lower() in _WEB:
        plain = rest.lstrip("/")
        sure = sure and len(rest) - len(plain) == 2
    elif plain.startswith("//"):
        plain = plain.removeprefix("//")
    elif plain[:1] in {"", "/", "?", "#", "."}:
        return "", False
    elif colon and not _is_port(rest) and scheme.replace("-", "").replace("+", "").isalnum():
        return "", True
    host, named = _host_and_name(plain)
    return host, sure and not named


def _is_port(rest: str) -> bool:
    """Whether what follows a colon is a port, as in `example.org:443/x`."""
    return rest.partition("/")[0].isdecimal()


def _host_and_name(plain: str) -> tuple[str, bool]:
    """Return the host of a link without its scheme, and whether a name stands before it."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - few texts hold a link that needs taking apart

    try:
        parts = urlsplit(f"//{plain}")
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "", False
    host = host.removesuffix(".")
    if len(host) > _LONGEST_HOST or _FORBIDDEN.intersection(host):
        return "", False
    return _unicode(host.lower()), "@" in parts.netloc


def _unicode(host: str) -> str:
    """Return the host with its `xn--` labels decoded, so that it compares as it is shown."""
    labels = host.split(".")
    return ".".join(_label(label) for label in labels) if "xn--" in host else host


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
