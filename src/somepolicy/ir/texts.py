"""What the policy says to people: one text per language, or a message with values in it."""

from __future__ import annotations

from collections.abc import Mapping

from somepolicy.ir.expressions import Read

Localised = Mapping[str, str]
Message = Mapping[str, tuple[str | Read, ...]]
