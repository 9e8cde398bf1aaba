"""`somepolicy export`: what is written, what is said beside it, and when it fails."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from somepolicy.backends.sql.functions import register
from somepolicy.policy import Policy
from tests.cli.conftest import POLICY, Run


def test_a_query_for_each_kind_runs(run: Run, tmp_path):
    file = tmp_path / "rules.sql"
    result = run("export", "sql", "--policy", POLICY, "-o", file)
    assert (result.exit_code, result.stdout) == (0, "")
    policy = Policy.load(POLICY)
    connection = duckdb.connect()
    register(connection, policy.program)
    connection.execute("CREATE TABLE documents (document JSON, as_of VARCHAR, digest VARCHAR)")
    for name in ("allowed", "denied"):
        content = json.loads(Path(f"documents/{name}.json").read_bytes())
        row = [json.dumps(content), "2026-11-22T12:00:00Z", policy.content_digest(content)]
        connection.execute("INSERT INTO documents VALUES (?, ?, ?)", row)
    statements = [each for each in file.read_text(encoding="utf-8").split(";\n") if each.strip()]
    assert len(statements) == len(policy.program.kinds)
    rows = [row for each in statements for row in connection.execute(each).fetchall()]
    assert [any(row[3:]) for row in rows] == [False, True]
    for name in policy.program.kinds:
        rules = [rule for rule in policy.program.rules if name in rule.kinds]
        assert f"{name}: {len(rules)} of {len(rules)} rules carried\n" in result.stderr


def test_one_kind_to_standard_output(run: Run):
    kind = next(iter(Policy.load(POLICY).program.kinds))
    result = run("export", "sql", "--policy", POLICY, "--kind", kind)
    assert result.exit_code == 0
    assert result.stdout.startswith("WITH ")
    assert result.stdout.endswith(";\n")


@pytest.mark.slow
def test_bergen_carries_what_it_has_to(run: Run):
    """All but seven of its rules."""
    least = len(Policy.load("../../policy/bergen").program.rules) - 7
    asked = ("export", "sql", "--policy", "../../policy/bergen", "--at-least")
    assert run(*asked, least).exit_code == 0


def test_too_few_rules_fail_and_write_nothing(run: Run, tmp_path):
    file = tmp_path / "rules.sql"
    result = run("export", "sql", "--policy", POLICY, "--at-least", 1000, "-o", file)
    assert result.exit_code == 1
    assert "fewer than 1000" in result.stderr
    assert not file.exists()


def test_a_rule_that_is_not_carried_is_named_with_the_reason(run: Run, tmp_path):
    folder = tmp_path / "havn"
    shutil.copytree(POLICY, folder)
    policy = Policy.load(folder)
    clause = next(
        name
        for name, each in policy.program.clauses.items()
        if each.force in ("should", "consider")
    )
    kind = policy.program.clauses[clause].kinds[0]
    says = " ".join(f'{language} "x"' for language in policy.program.languages)
    (folder / "sums.pol").write_text(
        f"rules for {kind}\nparameter share: number = 0.5 says {says}\n"
        f"advise summed cites {clause} if share + 0.5 > 2 says {says}\n",
        encoding="utf-8",
    )
    result = run("export", "sql", "--policy", folder, "--kind", kind)
    assert result.exit_code == 0
    assert f"{kind}: summed is not carried: a sum of decimals\n" in result.stderr
    assert "summed" not in result.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--kind", "pst"], "has no kind `pst`"),
        (["-o", "documents"], "this is a folder"),
        (["-o", f"{POLICY}/policy.toml"], "this belongs to the policy"),
        (["-o", "nowhere/rules.sql"], "nowhere/rules.sql: "),
        (["--at-least", "-1"], "--at-least"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, args, told):
    result = run("export", "sql", "--policy", POLICY, *args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
