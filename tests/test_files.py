"""Which files a policy has, and where its folder is."""

import os
import shutil
from pathlib import Path

import pytest

from somepolicy.files import (
    contents_of_folder,
    files_of_tests,
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
POLICY = ["a.pol", "b.pol", "parts/c.pol", "parts/tests/d.pol"]
LISTS = ["words/deeper/x.toml", "words/y.toml", "words/z.toml"]


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


def linked(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("links cannot be made here")


def test_a_link_counts_as_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shared" / "deep").mkdir(parents=True)
    (tmp_path / "shared" / "deep" / "s.pol").touch()
    linked(folder / "linked", tmp_path / "shared")
    linked(folder / "one.pol", tmp_path / "shared" / "deep" / "s.pol")
    assert policy_files(folder) == sorted([*POLICY, "linked/deep/s.pol", "one.pol"])
    shutil.rmtree(folder / "words")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "w.toml").touch()
    linked(folder / "words", tmp_path / "lists")
    assert list_files(folder) == ["words/w.toml"]


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("loop", "."),  # round in a circle
        ("parts/loop", ".."),
        ("again", "parts"),  # twice
        ("gone", "nowhere"),  # rules may have stood there
        ("itself", "itself"),
    ],
)
def test_a_link_that_does_not_lead_to_one_folder_is_an_error(
    folder: Path, link: str, target: str
) -> None:
    linked(folder / link, Path(target))
    with pytest.raises(OSError) as caught:
        policy_files(folder)
    assert Path(caught.value.filename).is_relative_to(folder)
    assert contents_of_folder(folder, ["policy.toml", *POLICY, *LISTS]) is None


def test_a_link_to_very_many_folders_is_an_error(folder: Path, tmp_path: Path) -> None:
    for number in range(1001):
        (tmp_path / "many" / str(number)).mkdir(parents=True)
    linked(folder / "linked", tmp_path / "many")
    with pytest.raises(OSError, match="more than 1000 folders"):
        policy_files(folder)


def test_names_with_a_dot_before_them_are_left_out(folder: Path) -> None:
    """An editor's lock and a system's copies; and a folder as Kubernetes mounts it."""
    real = folder / "..2026_11_22"
    real.mkdir()
    (real / "k.pol").touch()
    linked(folder / "..data", Path("..2026_11_22"))
    linked(folder / "k.pol", Path("..data", "k.pol"))
    linked(folder / ".#a.pol", Path("nobody@nowhere.1"))
    (folder / "._a.pol").touch()
    (folder / "words" / "._y.toml").touch()
    (folder / "tests" / ".#t.pol").touch()
    assert policy_files(folder) == sorted([*POLICY, "k.pol"])
    assert list_files(folder) == LISTS
    assert files_of_tests(folder) == ["tests/more/u.pol", "tests/t.pol"]


def test_capital_letters_in_an_ending_count(folder: Path) -> None:
    (folder / "A.POL").touch()
    (folder / "words" / "W.Toml").touch()
    (folder / "tests" / "T.Pol").touch()
    assert policy_files(folder) == sorted([*POLICY, "A.POL"])
    assert list_files(folder) == sorted([*LISTS, "words/W.Toml"])
    assert files_of_tests(folder) == ["tests/T.Pol", "tests/more/u.pol", "tests/t.pol"]


def test_a_name_that_is_no_utf_8_has_a_digest(folder: Path) -> None:
    name = os.fsdecode(b"b\xff.pol")
    (folder / name).touch()
    assert contents_of_folder(folder, ["policy.toml", name, *POLICY, *LISTS])


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
        assert contents_of_folder(each, named) == contents
    assert contents_of_folder(folder, named[:-1]) is None  # a list that is not named
    assert contents_of_folder(folder, [*named, "gone.json"]) is None
