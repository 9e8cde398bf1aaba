"""An interrupted run is taken up again and ends in the same bytes; or says why it cannot."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batch_cases import documents, line, post
from typer.testing import CliRunner, Result

from somepolicy.batch import lines, resumable
from somepolicy.batch.resumable import Part, ResumeError
from somepolicy.batch.work import Written
from somepolicy.cli.app import app

FACTS = {"the input": ["a", 1], "clock": "2026-01-01T00:00:00+00:00"}


def written(text: bytes) -> Written:
    return Written(text, {("post", "allow"): text.count(b"\n")}, len(text))


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(resumable, "SAVE_EVERY", 0.0)
    monkeypatch.setitem(lines.blocks.__kwdefaults__, "size", 20_000)
    # without a time of their own, as the clock of the first run has to hold
    texts = [line({**post(number), "as_of": None, "title": "x" * 190}) for number in range(600)]
    Path("posts.ndjson").write_bytes(b"\n".join(texts))

    def invoke(*args: object) -> Result:
        given = ["eval", "--policy", str(folder), "posts.ndjson", "-o", "out", *map(str, args)]
        result = CliRunner().invoke(app, given)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int, how: BaseException) -> None:
    """Let the next run break off after so many chunks."""
    add, count = Part.add, iter(range(after))

    def broken(self: Part, each: Written) -> None:
        if next(count, None) is None:
            # some of a chunk may have reached the file
            self._file.write(each.lines[:100])
            monkeypatch.setattr(Part, "add", add)
            raise how
        add(self, each)

    monkeypatch.setattr(Part, "add", broken)


def test_an_interrupted_run_is_taken_up(run, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(monkeypatch, 2, KeyboardInterrupt())
    result = run()
    assert result.exit_code == 130
    assert "interrupted after" in result.stderr
    assert "the same command with --resume goes on\n" in result.stderr
    assert {path.name for path in Path().iterdir()} == {"posts.ndjson", "out.part", "out.journal"}
    clock = json.loads(Path("out.journal").read_bytes())["facts"]["clock"]

    again = run()
    assert (again.exit_code, again.stdout) == (2, "")
    assert "out.part: this is left of an interrupted run: go on with --resume" in again.stderr

    interrupt(monkeypatch, 1, OSError(28, "No space left on device"))
    full = run("--resume", "--jobs", 2)
    assert full.exit_code == 2
    assert "no space left on device" in full.stderr

    result = run("--resume")
    assert result.exit_code == 1
    assert "somepolicy: going on after" in result.stderr
    assert "out: 600 documents: 160 allowed, 440 denied" in result.stderr
    assert {path.name for path in Path().iterdir()} == {"posts.ndjson", "out"}
    records = [json.loads(each) for each in Path("out").read_bytes().splitlines()]
    assert [each["document"]["id"] for each in records] == [post(n)["id"] for n in range(600)]
    assert {(each["as_of"], each["as_of_source"]) for each in records} == {(clock, "clock")}


def test_the_bytes_are_those_of_a_run_in_one_go(run, monkeypatch: pytest.MonkeyPatch) -> None:
    as_of = ("--as-of", "2026-11-22")
    assert run(*as_of).exit_code == 1
    expected = Path("out").read_bytes()
    Path("out").unlink()
    for after in (1, 0):
        interrupt(monkeypatch, after, KeyboardInterrupt())
        run(*as_of, "--resume")
    assert run(*as_of, "--resume").exit_code == 1
    assert Path("out").read_bytes() == expected


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda: Path("posts.ndjson").write_bytes(documents(3)), "the input changed"),
        (lambda: os.utime("posts.ndjson", (1, 1)), "the input changed"),
        (lambda: os.truncate("out.part", 5), "it has lost what out.journal tells of"),
        (lambda: Path("out.journal").write_text("{"), "this is no journal of a run"),
        (lambda: Path("out.journal").write_text("[]"), "this is no journal of a run"),
        (lambda: Path("out.part").unlink(), "it has lost what out.journal tells of"),
    ],
)
def test_what_has_changed_is_not_taken_up(
    run, monkeypatch: pytest.MonkeyPatch, change, named: str
) -> None:
    interrupt(monkeypatch, 1, KeyboardInterrupt())
    run()
    change()
    result = run("--resume")
    assert (result.exit_code, result.stdout) == (2, "")
    assert named in result.stderr
    assert "remove" in result.stderr
    assert not Path("out").exists()


def test_another_time_or_policy_is_not_taken_up(
    run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(monkeypatch, 1, KeyboardInterrupt())
    run()
    assert "--as-of changed" in run("--resume", "--as-of", "2026-01-01").stderr
    other = tmp_path / "other"
    other.mkdir()
    for path in folder.iterdir():
        (other / path.name).write_text(path.read_text().replace("<= 100", "<= 101"))
    result = run("--resume", "--policy", other)
    assert result.exit_code == 2
    assert "the policy changed since the run was interrupted" in result.stderr
    assert run("--resume").exit_code == 1


def test_nothing_to_take_up_is_a_run_from_the_start(run) -> None:
    assert run("--resume").exit_code == 1
    assert Path("out").read_bytes().count(b"\n") == 600


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    with Part(tmp_path / "out", FACTS, resume=False) as part:
        part.add(written(b"1\n"))
        with pytest.raises(ResumeError, match="another run is writing this"):
            Part(tmp_path / "out", FACTS, resume=True)


def test_the_journal_tells_of_nothing_that_is_not_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with Part(target, FACTS, resume=False) as part:
        part.add(written(b"1\n2\n"))
        before = json.loads((tmp_path / "out.journal").read_bytes())["progress"]
        assert (tmp_path / "out.part").stat().st_size >= before["written"]
    with Part(target, FACTS, resume=True) as part:
        part.add(written(b"3\n"))
        part.finish()
    assert target.read_bytes().endswith(b"3\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def killed_and_resumed(args: list[str], out: Path, tries: int, longest: float) -> int:
    """Kill runs at random moments, then let one finish; return how many left a journal."""
    chance = random.Random(7)
    left = 0
    for _ in range(tries):
        process = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, longest))
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            break
        left += out.with_name(out.name + ".journal").exists()
    done = subprocess.run(args, capture_output=True, check=False, text=True)
    assert done.returncode in (1, 2), done.stderr
    return left


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("suffix", [".ndjson", ".parquet"])
def test_a_run_that_is_killed_ends_in_the_same_bytes(
    folder: Path, tmp_path: Path, jobs: str, suffix: str
) -> None:
    if suffix == ".parquet":
        pytest.importorskip("pyarrow", reason="needs the extra `parquet`")
    source = tmp_path / "posts.ndjson"
    source.write_bytes(documents(60_000))
    command = [
        sys.executable, "-m", "somepolicy", "eval", str(source), "--policy", str(folder),
        "--as-of", "2026-11-22", "--jobs", jobs, "--resume", "-o",
    ]  # fmt: skip
    whole, part = tmp_path / f"whole{suffix}", tmp_path / f"part{suffix}"
    begun = time.monotonic()
    subprocess.run([*command, str(whole)], capture_output=True, check=False)
    longest = time.monotonic() - begun
    assert killed_and_resumed([*command, str(part)], part, 8, longest * 0.8) > 2
    assert part.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("part*.journal"))
