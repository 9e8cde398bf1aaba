"""JSON by orjson where the extra `batch` is installed: the same documents, the same bytes, faster.

orjson alone is not strict enough: it keeps the last of two members of one name, and makes a
float of an integer that is too large. What it might have got wrong is parsed again by
`parse_json`, which is also what refuses. Without orjson everything goes that way.
"""

from __future__ import annotations

from somepolicy.runtime.decision import Citation, Decision
from somepolicy.runtime.json_text import MOST_BYTES, parse_json
from somepolicy.types import Json

try:
    import orjson
except ImportError:  # the same answers, only slower
    orjson = None  # type: ignore[assignment]
_FAST = orjson is not None

_DIGITS = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else 32 for byte in range(256))
_TOO_LONG = b"0" * 19  # digits; the shortest integer that orjson reads as a float has 19
_MOST_KEPT = 10_000  # citations


def read_json(raw: bytes) -> Json:
    """Parse one document: what `parse_json` returns and raises, in less time."""
    if not _FAST or len(raw) > MOST_BYTES:
        return parse_json(raw)
    try:
        value: Json = orjson.loads(raw)
        again = orjson.dumps(value)  # refuses what is nested more than 254 deep
    except (ValueError, TypeError):
        return parse_json(raw)
    # INVARIANT: a member that stood twice is missing in `value`, and with it a colon of the text;
    # no other colon can come in its place, unless one is written as an escape
    if raw.count(b":") != again.count(b":") or b"\\u003" in raw:
        return parse_json(raw)
    if _TOO_LONG in raw.translate(_DIGITS):
        return parse_json(raw)
    return value


class Encoder:
    """Writes decisions as `Decision.to_json` does, and remembers the citations it has written.

    A policy has few citations (a clause with a status) and cites them all in every decision.
    """

    def __init__(self) -> None:
        # the citation is kept beside its text, so that its id stays its own
        self._kept: dict[int, tuple[Citation, bytes]] = {}

    def encode(self, decision: Decision) -> bytes:
        """Return the same bytes as `decision.to_json()`."""
        if not _FAST:
            return decision.to_json()
        kept = self._kept
        try:
            citations = b",".join([kept[id(each)][1] for each in decision.citations])
        except KeyError:
            citations = b",".join([self._citation(each) for each in decision.citations])
        return orjson.dumps(
            {
                "decision": decision.decision,
                "because": decision.because,
                "policy": decision.policy,
                "engine": decision.engine,
                "document": decision.document,
                "as_of": decision.as_of,
                "as_of_source": decision.as_of_source,
                "findings": decision.findings,
                "citations": orjson.Fragment(b"[" + citations + b"]"),
                "assumed": decision.assumed,
                "unregulated": decision.unregulated,
                "notice": decision.notice,
            },
            default=dict,  # a mapping that is no dict
        )

    def _citation(self, citation: Citation) -> bytes:
        found = self._kept.get(id(citation))
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = citation, orjson.dumps(citation, default=dict)
            self._kept[id(citation)] = found
        return found[1]
