"""A small policy to begin with: the files of a new folder, as data.

The files stand in `files/`, without leading dots and with `@name@` for the name of the policy
and `@requirement@` for what pip installs this package from.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from somepolicy.version import REQUIREMENT

_FILES = MappingProxyType(
    {
        "README.md": "README.md",
        "guideline.txt": "guideline.txt",
        "policy/@name@/policy.toml": "policy.toml",
        "policy/@name@/clauses.pol": "clauses.pol",
        "policy/@name@/post.pol": "post.pol",
        "policy/@name@/tests/post.pol": "tests.pol",
        "schemas/post.schema.json": "post.schema.json",
        "examples/post/summer-hours.json": "example.json",
        ".github/workflows/policy.yml": "policy.yml",
        ".pre-commit-config.yaml": "pre-commit-config.yaml",
    }
)


def scaffold(name: str) -> Mapping[str, bytes]:
    """Return path -> content of every file of a new policy; paths are relative, with `/`."""
    folder = resources.files(__name__) / "files"
    return {
        path.replace("@name@", name): (folder / file)
        .read_text(encoding="utf-8")
        .replace("@name@", name)
        .replace("@requirement@", REQUIREMENT)
        .encode()
        for path, file in _FILES.items()
    }
