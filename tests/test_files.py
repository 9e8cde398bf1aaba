"""Which files a policy has, and where its folder is."""

import os
from pathlib import Path

import pytest

from somepolicy.files import (
    digest_of_files,
    digest_of_folder,
    folder_of,
    list_files,
    policy_files,
)

FILES = {
    "policy.toml": b"name = 'x'\r\n",
    "b.pol": b"",
    "a.pol": b"# a\n",
    "parts/c.pol": b"",
    "parts/tests/d.pol": b"",
    ".hidden/e.pol": b"",
    "tests/t.pol": b"",
    "tests/more/u.pol": b"",
    "notes.polx": b"",
    "words/z.toml": b"",
    "words/y.toml": b"",
    "words/readme.md": b"",
    "words/deeper/x.toml": b"",
}
POLICY = [".hidden/e.pol", "a.pol", "b.pol", "parts/c.pol", "parts/tests/d.pol"]
LISTS = ["words/y.toml", "words/z.toml"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "here" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "here"


def forms(folder: Path) -> list[str | Path]:
    return [folder, str(folder), f"{folder}{os.sep}"]


def test_the_files_of_a_policy(folder: Path) -> None:
    for each in forms(folder):
        assert policy_files(each) == POLICY
        assert list_files(each) == LISTS


def test_the_files_of_the_folder_one_is_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert policy_files(".") == policy_files(Path()) == POLICY
    assert list_files(".") == LISTS


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert policy_files(tmp_path / "nowhere") == []
    assert list_files(tmp_path / "nowhere") == []


def test_a_folder_that_is_named_like_a_file_is_listed(folder: Path) -> None:
    """So that it is told to be no file, instead of being passed over."""
    (folder / "odd.pol").mkdir()
    assert "odd.pol" in policy_files(folder)


def test_a_linked_folder_is_not_entered(folder: Path) -> None:
    try:
        (folder / "linked").symlink_to(folder / "parts", target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")
    assert policy_files(folder) == POLICY


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("policy.toml", "."),
        ("", "."),
        (".", "."),
        ("x/policy.toml", "x"),
        ("x/my-policy.toml", "x/my-policy.toml"),
        (Path("x/y/policy.toml"), "x/y"),
        (Path("x"), "x"),
    ],
)
def test_the_folder_of_a_policy(path: str | Path, expected: str) -> None:
    assert Path(folder_of(path)) == Path(expected)


def test_the_digest_of_a_folder(folder: Path) -> None:
    named = ["policy.toml", *POLICY, *LISTS]
    contents = {name: FILES[name].replace(b"\r\n", b"\n") for name in named}
    for each in forms(folder):
        assert digest_of_folder(each, named) == digest_of_files(contents)
    assert digest_of_folder(folder, named[:-1]) is None  # a list that is not named
    assert digest_of_folder(folder, [*named, "gone.json"]) is None
