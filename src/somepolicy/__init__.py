"""A municipality's guideline for social media as policy-as-code.

    from somepolicy import evaluate
    decision = evaluate(document)
    decision.allowed, decision.findings, decision.citations

`evaluate` uses the installed policy; `Policy.load(folder)` any other.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from somepolicy.version import __version__

if TYPE_CHECKING:
    from somepolicy.batch.many import evaluate_many
    from somepolicy.engine.decision import Citation, Decision, Finding
    from somepolicy.engine.errors import DocumentError, InvalidDocument
    from somepolicy.engine.json_text import parse_json
    from somepolicy.errors import PolicyChangedError, SomepolicyError, WorkerError
    from somepolicy.languages import in_language
    from somepolicy.log import LogError, logged, open_log
    from somepolicy.policy import Policy
    from somepolicy.syntax.diagnostics import Diagnostic, PolicyError

__all__ = [
    "Citation",
    "Decision",
    "Diagnostic",
    "DocumentError",
    "Finding",
    "InvalidDocument",
    "LogError",
    "Policy",
    "PolicyChangedError",
    "PolicyError",
    "SomepolicyError",
    "WorkerError",
    "__version__",
    "content_digest",
    "evaluate",
    "evaluate_many",
    "in_language",
    "logged",
    "open_log",
    "parse_json",
]

_HOME = {
    "Citation": "engine.decision",
    "Decision": "engine.decision",
    "Diagnostic": "syntax.diagnostics",
    "DocumentError": "engine.errors",
    "Finding": "engine.decision",
    "InvalidDocument": "engine.errors",
    "LogError": "log",
    "Policy": "policy",
    "PolicyChangedError": "errors",
    "SomepolicyError": "errors",
    "PolicyError": "syntax.diagnostics",
    "WorkerError": "errors",
    "evaluate_many": "batch.many",
    "in_language": "languages",
    "logged": "log",
    "open_log": "log",
    "parse_json": "engine.json_text",
}


def evaluate(
    document: object,
    *,
    as_of: datetime.datetime | None = None,
    digest: bool = True,
) -> Decision:
    """Decide on one document with the installed policy.

    `document` is a parsed JSON object of kind `profile`, `post` or `private_post`; it is not
    changed. `as_of` is the instant of the decision, with an offset; None: the document's own
    `as_of`, and without one the clock. `digest=False` leaves `document.digest` None.

    Raises InvalidDocument with every error of the document, ValueError for an `as_of` without
    offset.
    """
    from somepolicy.installed import installed_policy  # noqa: PLC0415 - loaded at first use

    return installed_policy().evaluate(document, as_of=as_of, digest=digest)


def content_digest(document: object) -> str:
    """Return `sha256:…` of a document's content, which an attestation on it has to carry.

    The content is the document without `attestations`, `as_of` and `source`, as canonical
    JSON (RFC 8785). Raises InvalidDocument.
    """
    from somepolicy.installed import installed_policy  # noqa: PLC0415 - loaded at first use

    return installed_policy().content_digest(document)


def __getattr__(name: str) -> object:
    """Load the rest of the interface when it is asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'somepolicy' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - loaded at first use

    return getattr(import_module(f"somepolicy.{_HOME[name]}"), name)
