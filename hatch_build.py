"""Compile the policy that a wheel brings, so that a process need not."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePolicy(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `somepolicy/data/compiled/*.py`, made from `policy/bergen`, to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the modules; a checkout that is installed editable compiles when it runs."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from somepolicy.backends.python.artefact import to_modules
        from somepolicy.policy import Policy

        policy = Policy.from_source(root / "policy" / "bergen")
        self._made = tempfile.TemporaryDirectory()
        for name, text in to_modules(policy.compiled, policy.files).items():
            path = Path(self._made.name) / name
            path.write_text(text, encoding="utf-8")
            build_data["force_include"][str(path)] = f"somepolicy/data/compiled/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was written."""
        if version != "editable":
            self._made.cleanup()
