"""The digest that binds an attestation to a content: the one place that knows RFC 8785."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import rfc8785

from somepolicy.types import Json

_NOT_CONTENT = ("attestations", "as_of", "source")


def digest_of(clean: Mapping[str, Json]) -> str:
    """Return `sha256:` and the digest of an admitted document's content in canonical JSON.

    The content is the document without attestations, as_of and source, null members removed,
    defaults not inserted.
    """
    content = {name: value for name, value in clean.items() if name not in _NOT_CONTENT}
    return f"sha256:{hashlib.sha256(rfc8785.dumps(content)).hexdigest()}"
