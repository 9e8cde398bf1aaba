"""Decision -> one line of JSON, for many decisions of one policy."""

from __future__ import annotations

from somepolicy.engine.decision import Citation, Decision
from somepolicy.fast_json import dumps, members, written

_MOST_KEPT = 10_000  # citations


class Encoder:
    """Writes decisions as `Decision.to_json` does, and remembers the citations it has written.

    A policy has few citations (a clause with a status) and cites them all in every decision.
    """

    def __init__(self) -> None:
        # the citation is kept beside its text, so that its id stays its own
        self._kept: dict[int, tuple[Citation, bytes]] = {}

    def encode(self, decision: Decision) -> bytes:
        """Return the same bytes as `decision.to_json()`."""
        kept = self._kept
        try:
            citations = b",".join([kept[id(each)][1] for each in decision.citations])
        except KeyError:
            citations = b",".join([self._citation(each) for each in decision.citations])
        return dumps({**members(decision), "citations": written(b"[" + citations + b"]")})

    def _citation(self, citation: Citation) -> bytes:
        found = self._kept.get(id(citation))
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = citation, dumps(citation)
            self._kept[id(citation)] = found
        return found[1]
