"""`somepolicy fmt`: what it writes, and above all what it leaves alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from somepolicy.cli.commands import fmt
from somepolicy.syntax.formatter import FormatError
from tests.cli.conftest import POLICY, Run

UGLY = b"define a=((1))  # why\n"
NICE = b"define a = 1  # why\n"
WRONG = b"define a = \n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.pol"
    path.write_bytes(UGLY)
    return path


def test_a_file_is_rewritten(run: Run, file: Path) -> None:
    file.chmod(0o640)
    result = run("fmt", file)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{file}: formatted\n", "")
    assert file.read_bytes() == NICE
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_would_not_change_is_not_touched(run: Run, file: Path) -> None:
    file.write_bytes(NICE)
    os.utime(file, (1, 1))
    before = file.stat()
    file.chmod(0o440)
    result = run("fmt", file)
    after = file.stat()
    assert (result.exit_code, result.output) == (0, "")
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_folder_and_a_file_named_twice(run: Run, file: Path) -> None:
    inner = file.parent / "tests" / "b.pol"
    inner.parent.mkdir()
    inner.write_bytes(UGLY)
    (file.parent / "other.txt").write_bytes(UGLY)
    result = run("fmt", file.parent, file)
    assert result.stdout == f"{file}: formatted\n{inner}: formatted\n"
    assert (file.parent / "other.txt").read_bytes() == UGLY


def test_the_default_is_the_policies_of_this_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("fmt")
    assert result.exit_code == 2
    assert "there is no policy here" in result.stderr
    folder = tmp_path / "policy" / "mine"
    folder.mkdir(parents=True)
    (folder / "policy.toml").touch()
    (folder / "a.pol").write_bytes(UGLY)
    assert run("fmt").stdout == f"{Path('policy', 'mine', 'a.pol')}: formatted\n"
    assert (folder / "a.pol").read_bytes() == NICE


def test_standard_input(run: Run) -> None:
    result = run("fmt", "-", stdin=UGLY)
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, NICE, "")
    assert run("fmt", "-", stdin=NICE).stdout_bytes == NICE


def test_wrong_standard_input(run: Run) -> None:
    result = run("fmt", "-", stdin=WRONG)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "<stdin>:1:11: error[P107]" in result.stderr


def test_check(run: Run, file: Path) -> None:
    (file.parent / "b.pol").write_bytes(NICE)
    result = run("fmt", "--check", file.parent)
    assert (result.exit_code, result.stdout) == (1, f"{file}: would change\n")
    assert file.read_bytes() == UGLY
    run("fmt", file)
    assert (run("fmt", "--check", file.parent).exit_code) == 0


def test_diff(run: Run, file: Path) -> None:
    result = run("fmt", "--diff", file)
    assert result.exit_code == 1
    assert result.stdout == (
        f"--- a/{file}\n+++ b/{file}\n@@ -1 +1 @@\n-define a=((1))  # why\n+define a = 1  # why\n"
    )
    assert file.read_bytes() == UGLY
    file.write_bytes(NICE)
    result = run("fmt", "--diff", file)
    assert (result.exit_code, result.output) == (0, "")


def test_diff_shows_line_ends_and_byte_order_marks(run: Run, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfdefine a = 1\r\ndefine b = 2")
    result = run("fmt", "--diff", file)
    assert "-<BOM>define a = 1␍\n-define b = 2\n\\ No newline at end of file\n" in result.stdout


def test_mixed_line_ends_become_line_feeds(run: Run, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf# x\r\ndefine a = 1\n\r\n\ndefine b = 2\r\n")
    assert run("fmt", file).exit_code == 0
    assert file.read_bytes() == b"# x\ndefine a = 1\n\ndefine b = 2\n"


@pytest.mark.parametrize("options", [[], ["--check"], ["--diff"]])
def test_a_wrong_file_stays_and_the_others_are_done(
    run: Run, file: Path, options: list[str]
) -> None:
    wrong = file.parent / "0.pol"
    wrong.write_bytes(WRONG)
    result = run("fmt", *options, file.parent)
    assert result.exit_code == 2
    assert "error[P107]" in result.stderr
    assert wrong.read_bytes() == WRONG
    assert file.read_bytes() == (UGLY if options else NICE)


@pytest.mark.parametrize("name", ["missing.pol", "", "a\0b"])
def test_no_such_file(run: Run, name: str) -> None:
    result = run("fmt", name)
    assert result.exit_code == 2
    assert result.stderr.startswith("somepolicy: ")
    assert "internal" not in result.stderr


def test_a_folder_without_policies(run: Run, file: Path) -> None:
    empty = file.parent / "empty"
    empty.mkdir()
    result = run("fmt", file, empty)
    assert result.exit_code == 2
    assert "there is no .pol file in this folder" in result.stderr
    assert file.read_bytes() == UGLY


def test_a_read_only_file_stays(run: Run, file: Path) -> None:
    file.chmod(0o444)
    result = run("fmt", file)
    assert result.exit_code == 2
    assert result.stderr == f"somepolicy: {file}: it is read-only\n"
    assert file.read_bytes() == UGLY
    assert run("fmt", "--check", file).exit_code == 1


def test_a_link_stays_a_link(run: Run, file: Path) -> None:
    link = file.parent / "link.pol"
    link.symlink_to(file)
    run("fmt", link)
    assert link.is_symlink()
    assert file.read_bytes() == NICE


def test_a_write_that_fails_leaves_the_old_file(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("fmt", file)
    assert result.exit_code == 2
    assert result.stderr == f"somepolicy: {file}: no space left on device\n"
    assert file.read_bytes() == UGLY
    assert list(file.parent.iterdir()) == [file]


def test_what_cannot_be_proved_is_not_written(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> str:
        raise FormatError("a.pol: a comment would be lost")

    monkeypatch.setattr(fmt, "format_module", refuse)
    result = run("fmt", file)
    assert result.exit_code == 2
    assert "internal error" in result.stderr
    assert "a comment would be lost" in result.stderr
    assert file.read_bytes() == UGLY


def test_the_small_policy_still_loads(run: Run, tmp_path: Path) -> None:
    for path in Path(POLICY).iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert run("fmt", tmp_path).exit_code == 0
    assert run("check", tmp_path).exit_code == run("check", POLICY).exit_code
