"""The JSON of a decision -> Decision, checked member by member."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from somepolicy.engine.decision import Decision
from somepolicy.errors import SomepolicyError
from somepolicy.json_type import Json


class NotADecisionError(SomepolicyError, ValueError):
    """The JSON is not a decision. The message names the place, never what stands there."""


def looks_like_a_decision(value: Json) -> bool:
    """Whether JSON is meant as a decision and not as a document."""
    return isinstance(value, dict) and "decision" in value and "citations" in value


def read_decision(value: Json) -> Decision:
    """Read what `Decision.to_json` wrote. Raises NotADecisionError."""
    try:
        # in JSON a list stands for a tuple; nothing else is converted
        return TypeAdapter(Decision).validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        at = "".join(f"/{step}" for step in first["loc"])
        raise NotADecisionError(f"{at or '/'}: {first['msg'].lower()}") from None
