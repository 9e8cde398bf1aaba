"""Lead-ins and the digests of headings as a policy states them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from somepolicy.policy import Policy
from somepolicy.syntax.diagnostics import PolicyError
from tests.source.copies import POLICY, policy

WRONG = {
    "lead-in twice": (
        "lead_in at 9.p1 digest 0123456789ab\nlead_in at 9.p1 digest ba9876543210\n",
        "P201",
        "the lead-in at 9.p1 is declared twice",
    ),
    "section twice": ('section 3 "Igjen"\n', "P201", "section 3 is declared twice"),
    "unknown force": (
        "lead_in at 9.p1 digest 0123456789ab force shuld\n",
        "P202",
        "unknown force `shuld`",
    ),
    "no place": ("lead_in digest 0123456789ab\n", "P106", "`digest` cannot stand here"),
    "no digest": ("lead_in at 9.p1\n", "P107", None),
    "short digest": ("lead_in at 9.p1 digest 012345\n", "P106", None),
}


def test_the_program_holds_them() -> None:
    program = policy().program
    assert [(x.locator, x.force) for x in program.lead_ins] == [
        ("1.p1.s3", "may"),
        ("2.p1.s2", None),
        ("3.p1", "must"),
    ]
    assert [bool(section.digest) for section in program.sections.values()] == [
        True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_them_is_told(
    text: str, code: str, message: str | None, tmp_path: Path
) -> None:
    folder = tmp_path / "tavle"
    shutil.copytree(POLICY, folder)
    (folder / "more.pol").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        Policy.load(folder)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert message is None or message in found.message
