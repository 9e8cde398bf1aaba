"""The small policy of batch_cases.py, written to a folder once."""

from __future__ import annotations

from pathlib import Path

import pytest

from somepolicy import Policy
from tests.batch.batch_cases import write_policy


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_policy(tmp_path_factory.mktemp("batch") / "quay")


@pytest.fixture(scope="session")
def policy(folder: Path) -> Policy:
    return Policy.load(folder)
