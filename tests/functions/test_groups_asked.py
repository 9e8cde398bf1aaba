"""The groups that are known to be asked for by name are those that the detectors name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from somepolicy.engine.library import _ASKED_BY_NAME
from somepolicy.functions import no as detectors

FOLDER = Path(detectors.__file__).parent
NAMED = re.compile(r"""(?:words_of|_group)\(\w+, "(\w+)"\)|entries\["(\w+)"\]""")
SHARED = {"accounts": "amount", "contacts": "amount"}  # in numbers.py
IN_A_LOOP = {"language": {"nb", "nn", "other"}}


@pytest.mark.parametrize("name", sorted(_ASKED_BY_NAME))
def test_the_groups_that_are_asked_for_by_name(name: str) -> None:
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    found = {group for pair in NAMED.findall(source) for group in pair if group}
    found |= IN_A_LOOP.get(name, set())
    if name in SHARED and "amount(" in source:
        found.add(SHARED[name])
    assert found == _ASKED_BY_NAME[name]
