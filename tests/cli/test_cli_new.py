"""`somepolicy new`: what it makes works as it is, and where it cannot make it nothing changes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from somepolicy.cli.commands import new
from somepolicy.scaffold import scaffold
from somepolicy.version import REQUIREMENT
from tests.cli.conftest import HERE, Run
from tests.examples import examples

FILES = {
    ".github/workflows/policy.yml",
    ".pre-commit-config.yaml",
    "README.md",
    "examples/post/summer-hours.json",
    "guideline.txt",
    "policy/fjordby/clauses.pol",
    "policy/fjordby/policy.toml",
    "policy/fjordby/post.pol",
    "policy/fjordby/tests/post.pol",
    "schemas/post.schema.json",
}


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return everything below a folder: the content of a file, None for a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def files(folder: Path) -> set[str]:
    return {name for name, content in tree(folder).items() if content is not None}


@pytest.fixture
def made(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new policy's folder, which is the current one."""
    folder = tmp_path / "fjordby"
    assert run("new", folder).exit_code == 0
    monkeypatch.chdir(folder)
    return folder


# --- what it makes


@pytest.mark.parametrize(
    ("command", "last"),
    [
        (
            "check --strict",
            "fjordby 0.1.0: 2 clauses, 1 rule, no readings, 3 tests, no errors, no warnings",
        ),
        ("fmt --check", ""),
        ("test", "fjordby 0.1.0: 3 passed, 0 failed"),
        ("test --coverage --threshold 100", "fjordby 0.1.0: 3 tests decide 100.0 % of 1 clauses"),
        (
            "test --mutate --threshold 100 --jobs 1",
            "fjordby 0.1.0: 2 mutants: 1 killed, 0 survived",
        ),
        ("source verify guideline.txt --policy policy/fjordby --lang en", "every sentence"),
        ("eval --policy policy/fjordby examples --lang nb", "Fulgt (1)"),
    ],
)
def test_it_works_as_it_is(run: Run, made: Path, command: str, last: str) -> None:
    result = run(*command.split())
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert last in (result.stdout.splitlines() or [""])[-1]
    assert files(made) == FILES, "nothing was formatted"


def test_the_tests_show_one_of_each(run: Run, made: Path) -> None:
    report = json.loads(run("test", made / "policy", "--list", "--format", "json").stdout)
    assert len(report) == 3
    text = (made / "policy/fjordby/tests/post.pol").read_text()
    assert all(word in text for word in ("expect allow", "violated", "unproven"))


@pytest.mark.parametrize("name", [".github/workflows/policy.yml", ".pre-commit-config.yaml"])
def test_what_ci_and_hooks_run_passes(run: Run, made: Path, name: str) -> None:
    text = (made / name).read_text()
    commands = re.findall(r"(?:run|entry): somepolicy (.*)", text)
    assert len(commands) >= 3
    for command in commands:
        assert run(*shlex.split(command)).exit_code == 0, command
    installs = {".github/workflows/policy.yml": f'pip install "{REQUIREMENT}"'}
    assert installs.get(name, "language: system") in text
    assert "somepolicy==" not in text  # it is on no index


def test_the_hooks_for_other_repositories_pass(run: Run, made: Path) -> None:
    text = (HERE.parents[1] / ".pre-commit-hooks.yaml").read_text()
    hooks = [
        dict(re.findall(r"^[- ] (\w+): (.*)$", each, re.MULTILINE)) for each in text.split("- id")
    ]
    assert re.findall(r"- id: (.*)", text) == [
        "somepolicy-fmt",
        "somepolicy-check",
        "somepolicy-test",
    ]
    for hook in hooks[1:]:
        changed = [name for name in sorted(FILES) if re.search(hook["files"], name)]
        assert {"policy/fjordby/post.pol", "policy/fjordby/tests/post.pol"} <= set(changed)
        given = [] if hook.get("pass_filenames") == "false" else changed
        assert hook["language"] == "python"
        assert run(*hook["entry"].split()[1:], *given).exit_code == 0, hook["entry"]
    assert files(made) == FILES


def test_what_the_readme_names_is_there(run: Run, made: Path) -> None:
    text = (made / "README.md").read_text()
    for command in re.findall(r"^\| `somepolicy ([^`]*)`", text, re.MULTILINE):
        assert run(*shlex.split(command)).exit_code == 0, command
    for place in re.findall(r"`([^` ]+[./][^` ]*)`", text):
        assert (made / place).exists(), place


def test_the_next_commands_can_be_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run("new", "a folder/b", "--name", "fjordby").stdout
    enter, *commands = shown.partition("Next:\n")[2].splitlines()
    assert shlex.split(enter) == ["cd", "a folder/b"]
    monkeypatch.chdir("a folder/b")
    assert len(commands) == 3
    for command in commands:
        assert run(*shlex.split(command, comments=True)[1:]).exit_code == 0, command


def test_the_files_are_listed(run: Run, tmp_path: Path) -> None:
    shown = run("new", tmp_path / "fjordby").stdout
    assert (
        set(re.findall(r"^  (\S+)$", shown, re.MULTILINE)) == FILES == files(tmp_path / "fjordby")
    )


def test_the_schema_is_closed_and_bilingual(made: Path) -> None:
    schema = json.loads((made / "schemas/post.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    for node in (schema, *schema["properties"].values()):
        for language in (node, node["x-nb"]):
            assert language["title"]
            assert language["description"].endswith(".")
    example = json.loads((made / "examples/post/summer-hours.json").read_text())
    Draft202012Validator(schema).validate(example)


def test_the_fingerprints_are_those_of_the_guideline(made: Path) -> None:
    sentences = re.split(r"\n|(?<=\.) ", (made / "guideline.txt").read_text())
    digests = {hashlib.sha256(each.encode()).hexdigest()[:12] for each in sentences}
    stated = re.findall(r"digest (\w+)", (made / "policy/fjordby/clauses.pol").read_text())
    assert len(stated) == 2
    assert set(stated) <= digests


def test_nothing_is_left_to_fill_in() -> None:
    for name, content in scaffold("fjordby").items():
        assert not re.search(rb"@(name|version)@", content), name
        assert b"\r" not in content
        assert content.endswith(b"\n")


# --- where it makes it


def test_an_empty_folder_is_filled(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fjordby").mkdir()
    assert run("new", tmp_path / "fjordby").exit_code == 0
    assert files(tmp_path / "fjordby") == FILES


def test_the_current_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fjordby").mkdir()
    monkeypatch.chdir(tmp_path / "fjordby")
    result = run("new", ".")
    assert result.exit_code == 0
    assert "cd " not in result.stdout
    assert files(Path()) == FILES


def test_a_repository_that_is_still_empty(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fjordby" / ".git").mkdir(parents=True)
    (tmp_path / "fjordby" / ".git" / "HEAD").touch()
    assert run("new", tmp_path / "fjordby").exit_code == 0
    assert files(tmp_path / "fjordby") == {*FILES, ".git/HEAD"}


@pytest.mark.parametrize("inside", ["notes.txt", ".hidden", "policy/policy.toml"])
def test_a_folder_that_is_not_empty_is_left_alone(run: Run, tmp_path: Path, inside: str) -> None:
    path = tmp_path / "fjordby" / inside
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    before = tree(tmp_path)
    result = run("new", tmp_path / "fjordby")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"the folder is not empty, it holds {inside.partition('/')[0]}" in result.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("file", "this is a file"),
        ("file/fjordby", "a part of the path is a file"),
        ("dangling", "file exists"),
        ("x" * 300, "file name too long"),
    ],
)
def test_a_place_that_is_none(run: Run, tmp_path: Path, place: str, message: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)
    result = run("new", f"{tmp_path}/{place}", "--name", "fjordby")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert tree(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_nobody_may_write(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    result = run("new", tmp_path / "fjordby")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing was made: permission denied" in result.stderr


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("working", [0, 1, 3])
def test_all_or_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, working: int
) -> None:
    """The disk fills up while the files are moved into place."""
    folder = tmp_path / "a" / "fjordby"
    if there:
        folder.mkdir(parents=True)
    left = iter(range(working))
    rename = Path.rename

    def fails(source: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise OSError(28, "No space left on device")
        return rename(source, target)

    before = tree(tmp_path)
    monkeypatch.setattr(Path, "rename", fails)
    result = run("new", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing was made: no space left on device" in result.stderr
    assert tree(tmp_path) == before


def test_a_place_without_a_name(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fjordby").mkdir()
    monkeypatch.chdir(tmp_path / "fjordby")
    result = run("new", "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name the folder to make" in result.stderr
    assert tree(tmp_path) == {"fjordby": None}


# --- what it is called


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("Bærum", "try --name baerum"),
        ("Nord-Fjordby kommune", "try --name nord-fjordby-kommune"),
        ("2026", "for example --name "),
        ("", "the policy needs a name"),
        ("../other", "try --name other"),
        ("fjord/by", "try --name fjord-by"),
        ("x" * 65, f"try --name {'x' * 64}"),
        ("Ærø\n", "try --name aero"),
    ],
)
def test_a_name_no_policy_can_have(run: Run, tmp_path: Path, name: str, help: str) -> None:
    result = run("new", tmp_path / "fjordby", "--name", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert help in result.stderr
    assert tree(tmp_path) == {}


def test_the_name_of_the_folder_is_refused_like_any_other(run: Run, tmp_path: Path) -> None:
    result = run("new", tmp_path / "Fjordby kommune")
    assert result.exit_code == 2
    assert "`Fjordby kommune` cannot be the name" in result.stderr
    assert tree(tmp_path) == {}


@examples(50)
@given(st.text(max_size=80))
def test_what_is_proposed_is_a_name(text: str) -> None:
    likely = new._likely(text)
    assert not likely or new._NAME.fullmatch(likely)
