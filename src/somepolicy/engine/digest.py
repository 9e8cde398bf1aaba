"""The digest that binds an attestation to a content: the one place that knows RFC 8785."""

from __future__ import annotations

import hashlib

from somepolicy.engine.compiled_policy import EACH, FieldPath, KindDescriptor
from somepolicy.engine.given import given
from somepolicy.fast_json import dumps_sorted
from somepolicy.json_type import Json

_NOT_CONTENT = ("attestations", "as_of", "source")


def digest_of(clean: dict[str, Json], kind: KindDescriptor) -> str:
    """Return `sha256:` and the digest of a validated document's content in canonical JSON.

    The content is the document as it was given, without attestations, as_of and source, null
    members removed, defaults not inserted.
    """
    whole = given(clean)
    content = {name: value for name, value in whole.items() if name not in _NOT_CONTENT}
    canonical = _canonical(content, kind) if whole is clean else _standard(content)
    return f"sha256:{hashlib.sha256(canonical).hexdigest()}"


def _canonical(content: dict[str, Json], kind: KindDescriptor) -> bytes:
    """Return canonical JSON of content whose names are spelled as in the schema.

    Without decimals, and with names that sort alike by code point and by UTF-16 unit, it is
    what orjson writes, far faster than the library that knows the rest.
    """
    if kind.plain_names and not any(_decimal(content, steps) for steps in kind.numbers):
        return dumps_sorted(content)
    return _standard(content)


def _standard(content: dict[str, Json]) -> bytes:
    import rfc8785  # noqa: PLC0415 - few documents have decimals, or another form than NFC

    return rfc8785.dumps(content)


def _decimal(value: Json, steps: FieldPath) -> bool:
    """Whether a number with decimals stands at a path, in any element of a list on the way."""
    for index, name in enumerate(steps):
        if name == EACH:
            rest = steps[index + 1 :]
            return isinstance(value, list) and any(_decimal(each, rest) for each in value)
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, float)
