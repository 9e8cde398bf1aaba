"""Every command and program of README.md and of docs/ is run, in the order of its page.

A block that cannot be run says so behind its language, with the reason: ```sh untested: installs.
Output below a command has to be what the command writes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = ("console", "sh", "python")
NO_EXAMPLES = ("text", "toml", "json", "units", "pol", "")
ELSEWHERE = {"tutorial.md": "tests/test_tutorial.py"}  # edits files between its commands
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    "PYTHONPATH": str(ROOT / "src"),
    "LC_ALL": "C.UTF-8",
}


def blocks(page: Path) -> Iterator[tuple[int, str, str, str]]:
    """Yield line, language, what is said behind it, and text of every block."""
    text = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        language, _, rest = found[1].partition(" ")
        yield text.count("\n", 0, found.start()) + 1, language, rest, found[2]


def untested(rest: str) -> bool:
    said = rest.startswith("untested")
    assert not said or re.fullmatch(r"untested: \S.+", rest), "say why"
    return said


def alike(text: str) -> str:
    """Return words that are the same for every version of a policy, head of a log and width."""
    text = re.sub(r"\b(bergen|tavle) \d+\.\d+\.\d+", r"\1 VERSION", text)
    return " ".join(re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", text).split())


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=ENVIRONMENT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
    )


def follow(page: Path, folder: Path) -> None:
    program = ""
    for line, language, rest, text in blocks(page):
        if language not in RUN or untested(rest):
            continue
        at = f"{page.name}, line {line}"
        if language == "python":  # a page is one program, piece by piece
            program += text
            (folder / "page.py").write_text(program, encoding="utf-8")
            done = shell("python page.py", folder)
            assert done.returncode == 0, f"{at}: {done.stdout}"
        elif language == "sh":
            done = shell(f"set -e\n{text}", folder)
            assert done.returncode == 0, f"{at}: {done.stdout}"
        else:
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                done = shell(command, folder)
                assert alike(done.stdout) == alike(shown), f"{at}: {command}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("examples", "policy", "schemas", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in ELSEWHERE], ids=lambda page: page.name
)
def test_every_example_of_a_page_is_right(page: Path, folder: Path) -> None:
    follow(page, folder)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_run_or_says_why_not(page: Path) -> None:
    for line, language, rest, _ in blocks(page):
        if page.name in ELSEWHERE:
            continue
        assert language in (*RUN, *NO_EXAMPLES), f"{page.name}, line {line}: {language}"
        if language in RUN:
            assert not rest or untested(rest), f"{page.name}, line {line}: {rest}"


@pytest.mark.parametrize(
    "wrong",
    [
        "```console\n$ echo one\ntwo\n```\n",
        "```python\nprint(nowhere)\n```\n",
        "```sh\ncat missing.json\n```\n",
        "```sh untested\ntrue\n```\n",
    ],
    ids=["output", "name", "file", "no-reason"],
)
def test_a_page_that_is_wrong_is_noticed(wrong: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(wrong, encoding="utf-8")
    with pytest.raises(AssertionError):
        follow(page, tmp_path)
