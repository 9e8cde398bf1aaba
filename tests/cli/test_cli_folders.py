"""Which policy a command uses, from wherever it is called, and what a policy consists of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from somepolicy.installed import installed_folder
from somepolicy.policy import Policy
from tests.cli.conftest import HERE, Run
from tests.examples import one_in

ROOT = HERE.parents[1]
DOCUMENT = "examples/post/summer-hours.json"
NAMED = "fjordby 0.1.0"


@pytest.fixture
def made(run: Run, tmp_path: Path) -> Path:
    """A folder as `somepolicy new` makes it."""
    assert run("new", tmp_path / "fjordby").exit_code == 0
    return tmp_path / "fjordby"


def commands(made: Path) -> list[list[str]]:
    """Every command that uses a policy and names none."""
    document, guideline = str(made / DOCUMENT), str(made / "guideline.txt")
    return [
        ["check"],
        ["test"],
        ["test", "--coverage"],
        ["test", "--mutate", "--jobs", "1"],
        ["readings"],
        ["eval", document],
        ["eval", document, "--format", "json"],
        ["detect", guideline],
        ["report", "traceability", "--format", "md"],
        ["report", "decision", document, "--format", "md"],
        ["source", "verify", guideline],
    ]


@pytest.mark.parametrize(
    "place", one_in(4, ["examples/post", ".", "policy", "policy/fjordby/tests"])
)
def test_every_command_uses_the_policy_around_it(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(made / place)
    for command in commands(made):
        shown = run(*command)
        assert shown.exit_code == 0, (command, shown.output)
        assert "fjordby" in shown.stdout, command
        assert "bergen" not in shown.output, command
    assert run("digest", made / DOCUMENT).exit_code == 0
    assert run("digest", ROOT / "examples/post/class-photo.json").exit_code == 2
    assert run("fmt", "--check").exit_code == 0
    (made / "policy/fjordby/post.pol").write_text("rules   for post\n")
    assert "post.pol: would change" in run("fmt", "--check").stdout


def test_without_a_policy_no_command_works(
    run: Run, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty" / "policy" / "notes").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "empty")
    citations = ["report", "citations", str(made / DOCUMENT)]
    show = ["source", "show", "a.b", "--source", str(made / "guideline.txt")]
    others = (["fmt"], ["digest", str(made / DOCUMENT)], citations, show)
    for command in (*commands(made), *others):
        shown = run(*command)
        assert (shown.exit_code, shown.stdout) == (2, ""), command
        assert "there is no policy here" in shown.stderr, command
        assert "--policy bergen" in shown.stderr
        assert "somepolicy new" in shown.stderr


def test_what_is_above_a_repository_is_not_looked_at(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (made / "examples" / ".git").mkdir()
    monkeypatch.chdir(made / "examples" / "post")
    assert run("check").exit_code == 2
    (made / ".git").touch()  # of a linked worktree it is a file
    (made / "examples" / ".git").rmdir()
    assert run("check").exit_code == 0


def test_the_nearest_policy_counts(run: Run, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(HERE / "policy" / "havn", made / "examples" / "policy" / "havn")
    for place, name in ((made, NAMED), (made / "examples" / "post", "havn 0.3.0")):
        monkeypatch.chdir(place)
        assert run("check").stdout.splitlines()[-1].startswith(f"{name}: ")


def test_of_several_one_has_to_be_named(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(HERE / "policy" / "havn", made / "policy" / "havn")
    monkeypatch.chdir(made)
    for command in (["eval", DOCUMENT], ["digest", DOCUMENT], ["test", "--coverage"]):
        shown = run(*command)
        assert (shown.exit_code, shown.stdout) == (2, "")
        assert "policy/fjordby, policy/havn" in shown.stderr
    assert run("eval", DOCUMENT, "--policy", "policy/fjordby").exit_code == 0
    checked = run("check").stdout
    assert NAMED in checked
    assert "havn 0.3.0" in checked
    (made / "policy" / "later").symlink_to("fjordby")  # the same once more
    shutil.rmtree(made / "policy" / "havn")
    assert run("check").stdout.count(f"{NAMED}: 2 clauses") == 1


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        (".", 3),
        ("policy", 3),
        ("policy/fjordby", 3),
        ("policy/fjordby/policy.toml", 3),
        ("policy/fjordby/post.pol", 3),
        ("policy/fjordby/tests", 4),
        ("policy/fjordby/tests/post.pol", 3),
        ("policy/fjordby/tests/more", 1),
    ],
)
@pytest.mark.parametrize("absolute", [False, True])
def test_a_path_into_a_policy(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch, path: str, tests: int, absolute: bool
) -> None:
    more = made / "policy/fjordby/tests/more"
    more.mkdir()
    (more / "a.pol").write_text(f'test "a" given "{DOCUMENT.partition("/")[2]}" expect allow\n')
    monkeypatch.chdir(made if not absolute else made.parent)
    given = made / path if absolute else path
    assert "4 tests, no errors" in run("check", given).stdout
    of_file = path.endswith(("tests/post.pol", "more"))
    rest = f", {4 - tests} not asked for" if of_file else ""
    passed = tests if of_file else 4
    assert run("test", given).stdout == f"{NAMED}: {passed} passed, 0 failed{rest}\n"
    assert run("readings", given).exit_code == 0


@pytest.mark.parametrize("path", ["examples", DOCUMENT, "schemas", "nowhere", "", "a\0b"])
def test_a_path_that_leads_into_none(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(made)
    for command in (["check", path], ["test", path], ["eval", DOCUMENT, "--policy", path]):
        shown = run(*command)
        assert (shown.exit_code, shown.stdout) == (2, ""), command
        assert shown.stderr.startswith("somepolicy: ")
        assert "internal" not in shown.stderr


@pytest.mark.slow
def test_the_installed_policy_by_its_name(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made)
    example = ROOT / "examples" / "post" / "road-closure.json"
    shown = run("eval", example, "--policy", "bergen", "--format", "json")
    assert json.loads(shown.stdout)["policy"]["name"] == "bergen"
    assert shown.stderr == ""
    assert run("check", "--policy", "bergen").stdout.splitlines()[-1].startswith("bergen ")
    assert run("compare", "bergen", "bergen", example).exit_code == 0
    for command in (["check", "bergen"], ["check", ".", "--policy", "bergen"]):
        assert run(*command).exit_code == 2
    assert "did you mean --policy bergen?" in run("check", "bergen").stderr
    assert "did you mean --policy bergen?" in run("check", "--policy", "bergn").stderr
    assert "mean --policy policy/fjordby?" in run("check", "--policy", "fjordby").stderr
    shutil.copytree(made / "policy" / "fjordby", made / "bergen")
    (made / "bergen" / "policy.toml").write_text(
        (made / "bergen" / "policy.toml").read_text().replace("../../", "../")
    )
    shown = run("check", "--policy", "bergen")
    assert NAMED in shown.stdout
    assert "--policy bergen is the folder of this name" in shown.stderr
    shutil.rmtree(made / "bergen")
    (made / "bergen").mkdir()
    shown = run("check", "--policy", "bergen")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "bergen: this is no policy" in shown.stderr


@pytest.mark.slow
def test_an_installed_policy_came_without_the_documents_of_its_tests(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(installed_folder(), data / "policy" / "bergen")
    shutil.copytree(ROOT / "schemas", data / "schemas")
    for module in ("cli.inputs.policies", "cli.commands.check"):
        where = f"somepolicy.{module}.installed_folder"
        monkeypatch.setattr(where, lambda: data / "policy" / "bergen")
    shown = run("check", "--policy", "bergen")
    assert shown.exit_code == 0, shown.stdout
    assert "tests not read" in shown.stdout


@pytest.mark.parametrize("text", ["", "[server]\nport = 1\n", "name = 'x'\n", "((", None])
def test_a_manifest_of_something_else_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    if text is None:
        (tmp_path / "policy.toml").mkdir()
    else:
        (tmp_path / "policy.toml").write_text(text)
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    shown = run("eval", ROOT / "examples/post/road-closure.json")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "../policy.toml:1:1: error[P" in shown.stderr


def test_a_round_of_watching_does_not_fall_over_to_another_policy(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from somepolicy.cli.commands.test import Options, watch_once
    from somepolicy.cli.inputs.policies import find_policies

    inner = made / "inner"
    shutil.copytree(made / "policy", inner / "policy")
    shutil.copytree(made / "schemas", inner / "schemas")
    shutil.copytree(made / "examples", inner / "examples")
    monkeypatch.chdir(inner)
    folders = find_policies()
    seen = watch_once(folders, Options(), None)
    assert capsys.readouterr().out == f"{NAMED}: 3 passed, 0 failed\n"
    (inner / "policy").rename(inner / "away")
    watch_once(folders, Options(), seen)
    told = capsys.readouterr()
    assert "passed" not in told.out
    assert "policy/fjordby/policy.toml:1:1: error[P115]" in told.err


# --- what cannot be listed


def unprivileged(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user who may not read what is somebody else's."""
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("only root of Linux can give a folder away, and the right to read it")
    program = (  # without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, from the next program on
        "import ctypes, os, sys; libc = ctypes.CDLL(None); [libc.prctl(24, cap) for cap in (1, 2)]; "
        "os.execv(sys.executable, [sys.executable, '-m', 'somepolicy', *sys.argv[1:]])"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *args],
        cwd=cwd,
        env={**os.environ, "SOMEPOLICY_CACHE": "off"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "policy",
        "policy/fjordby",
        "policy/fjordby/sub",
        "policy/fjordby/sub/deeper",
        "policy/fjordby/words",
        "policy/fjordby/tests",
        "schemas",
    ],
)
def test_a_folder_that_cannot_be_listed_is_an_error(made: Path, name: str) -> None:
    (made / "policy/fjordby/sub/deeper").mkdir(parents=True)
    (made / "policy/fjordby/words").mkdir()
    assert unprivileged("check", cwd=made).returncode == 0
    (made / name).chmod(0o700)
    os.chown(made / name, 65534, 65534)
    checked = unprivileged("check", cwd=made)
    assert checked.returncode in (1, 2), checked.stdout
    assert "permission denied" in checked.stdout + checked.stderr
    assert name in checked.stdout + checked.stderr
    assert "internal" not in checked.stderr
    if not name.endswith("tests"):
        decided = unprivileged("eval", DOCUMENT, cwd=made)
        assert (decided.returncode, decided.stdout) == (2, "")
    else:
        assert unprivileged("test", cwd=made).returncode == 2
    if name.startswith("policy/fjordby/"):
        assert unprivileged("fmt", "--check", cwd=made).returncode == 2


def test_a_rule_in_a_linked_folder_and_in_capitals_denies(run: Run, made: Path) -> None:
    folder = made / "policy" / "fjordby"
    (made / "shared").mkdir()
    (folder / "post.pol").rename(made / "shared" / "POST.POL")
    assert run("check", folder).exit_code == 1  # no rule cites the clause
    (folder / "common").symlink_to(made / "shared")
    shown = run("check", folder)
    assert shown.exit_code == 0
    assert "common/POST.POL" in shown.stdout
    assert run("test", folder).stdout == f"{NAMED}: 3 passed, 0 failed\n"


def test_two_word_lists_of_one_name_are_told(run: Run, made: Path) -> None:
    words = made / "policy" / "fjordby" / "words"
    words.mkdir()
    for name in ("links.toml", "links.TOML"):
        shutil.copy(ROOT / "policy/bergen/words/links.toml", words / name)
    shown = run("check", made)
    assert shown.exit_code == 1
    assert "error[P607]: there are two of this name" in shown.stdout


# --- hidden files


def test_hidden_files_are_left_out_and_used_where_they_are_named(run: Run, made: Path) -> None:
    folder = made / "policy" / "fjordby"
    (folder / ".#post.pol").symlink_to("nobody@nowhere.1")
    (folder / "._post.pol").write_bytes(b"\0\5\x16\7")
    (folder / "tests" / "._post.pol").write_bytes(b"\0")
    (made / "examples" / "post" / "._a.json").write_bytes(b"\0")
    (made / "examples" / "post" / ".b").mkdir()
    (made / "examples" / "post" / ".b" / "c.json").write_bytes(b"\0")
    before = Policy.from_source(folder).program.digest
    assert run("check", made).exit_code == 0
    assert run("test", made).exit_code == 0
    assert run("fmt", "--check", folder).exit_code == 0
    assert run("eval", made / "examples", "--policy", folder).exit_code == 0
    named = made / "examples" / "post" / ".named.json"
    shutil.copy(made / DOCUMENT, named)
    assert run("eval", named, "--policy", folder).exit_code == 0
    (folder / ".ugly.pol").write_text("rules   for post\n")
    assert run("fmt", "--check", folder / ".ugly.pol").exit_code == 1
    assert Policy.from_source(folder).program.digest == before


def test_a_policy_as_kubernetes_mounts_it(run: Run, made: Path) -> None:
    folder = made / "policy" / "fjordby"
    shutil.rmtree(folder / "tests")
    real = folder / "..2026_11_22_10_00_00"
    real.mkdir()
    for each in sorted(folder.glob("[!.]*")):
        each.rename(real / each.name)
        each.symlink_to(Path("..data", each.name))
    (folder / "..data").symlink_to(real.name)
    shown = run("check", folder)
    assert shown.exit_code == 0, shown.stdout
    assert "2 clauses, 1 rule" in shown.stdout
    assert run("eval", made / DOCUMENT, "--policy", folder).exit_code == 0
