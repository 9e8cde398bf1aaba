"""An interrupted run is taken up again and ends in the same bytes; or says why it cannot."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from somepolicy.batch import resumable
from somepolicy.batch.resumable import Part, ResumeError
from somepolicy.batch.work import Written
from somepolicy.cli.app import app
from somepolicy.documents import lines
from tests.batch.batch_cases import documents, line, post

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


def damage(path: Path, old: bytes, new: bytes) -> None:
    """Replace the last place where something stands."""
    before, _, after = path.read_bytes().rpartition(old)
    path.write_bytes(before + new + after)


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


@pytest.mark.slow
def test_an_interrupted_run_is_taken_up(run, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(monkeypatch, 2, KeyboardInterrupt())
    result = run()
    assert result.exit_code == 130
    assert "interrupted after" in result.stderr
    assert "the same command with --resume goes on\n" in result.stderr
    assert {path.name for path in Path().iterdir()} == {"posts.ndjson", "out.part", "out.journal"}
    clock = json.loads(Path("out.journal").read_bytes().splitlines()[0])["facts"]["clock"]

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
    assert "out: quay 1.0.0: 600 documents: 160 allowed, 440 denied" in result.stderr
    assert {path.name for path in Path().iterdir()} == {"posts.ndjson", "out"}
    records = [json.loads(each) for each in Path("out").read_bytes().splitlines()]
    assert [each["document"]["id"] for each in records] == [post(n)["id"] for n in range(600)]
    assert {(each["as_of"], each["as_of_source"]) for each in records} == {(clock, "clock")}


@pytest.mark.slow
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
        (lambda: os.truncate("out.part", 5), "it has lost what out.journal reports"),
        (lambda: Path("out.journal").write_text("{"), "this is no journal of a run"),
        (lambda: Path("out.journal").write_text("[]"), "this is no journal of a run"),
        (lambda: Path("out.part").unlink(), "it has lost what out.journal reports"),
        (lambda: Path("out.journal").write_text("[" * 100_000), "this is no journal of a run"),
        (
            lambda: damage(Path("out.journal"), b'"written": ', b'"written": 1'),
            "no journal of a run",
        ),
        (lambda: damage(Path("out.journal"), b'"chunks": ', b'"chunks": -'), "no journal of a run"),
        (lambda: damage(Path("out.part"), b"}\n", b"}}"), "it has lost what out.journal reports"),
        (lambda: damage(Path("out.part"), b"allow", b"deny_"), "was changed; remove both"),
        (lambda: damage(Path("out.part"), b'"post"', b'"p\nst"'), "was changed; remove both"),
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


def forge(change) -> None:
    """Change what a journal holds, and give it the digest that goes with that."""
    journal = Path("out.journal")
    kept = json.loads(journal.read_bytes().splitlines()[0])
    told = json.dumps(change(kept) or kept).encode()
    journal.write_bytes(told + b"\n" + hashlib.sha256(told).hexdigest().encode())


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept["facts"].update(clock="x"),
        lambda kept: kept["facts"].update(clock="2026-01-01"),
        lambda kept: kept["facts"].update(clock=5),
        lambda kept: kept["facts"].pop("clock") and None,
        lambda kept: kept["progress"].update(chunks=99_999),
        lambda kept: kept["progress"].update(chunks=0),
        lambda kept: kept["progress"].update(chunks=10**400),
        lambda kept: kept["progress"].update(chunks=True),
        lambda kept: kept["progress"].update(read=1),
        lambda kept: kept["progress"].update(read=float("inf")),
        lambda kept: kept["progress"].update(documents=1),
        lambda kept: kept["progress"].update(written=-1),
        lambda kept: kept["progress"].update(written=10**30),
        lambda kept: kept["progress"].update(digest=None),
        lambda kept: kept["progress"].update(more=1),
        lambda kept: kept["progress"].pop("digest") and None,
        lambda kept: kept["progress"].update(counts=[["post", "allow", 10**9]]),
        lambda kept: kept["progress"].update(counts=[["post", "yes", n] for n in range(3)]),
        lambda kept: kept["progress"].update(counts=[[["post"], "deny", kept["progress"]["documents"]]]),
        lambda kept: kept.update(progress=[]),
        lambda kept: kept.update(facts=[["clock", "2026-01-01T00:00:00+00:00"]]),
        lambda kept: [kept],
    ],
)  # fmt: skip
def test_a_forged_journal_is_refused(run, monkeypatch: pytest.MonkeyPatch, change) -> None:
    interrupt(monkeypatch, 1, KeyboardInterrupt())
    run()
    forge(change)
    result = run("--resume")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "this is no journal of a run" in result.stderr or "was changed" in result.stderr
    assert not Path("out").exists()


def test_a_journal_that_is_nested_deep_is_refused(run, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(monkeypatch, 1, KeyboardInterrupt())
    run()
    told = b"[" * 100_000
    Path("out.journal").write_bytes(told + b"\n" + hashlib.sha256(told).hexdigest().encode())
    result = run("--resume")
    assert result.exit_code == 2
    assert "this is no journal of a run" in result.stderr


def test_the_part_of_a_name_that_is_too_long_for_a_journal_goes(run) -> None:
    for length in (247, 250, 251, 255, 256):
        result = run("-o", "n" * length)
        assert (result.exit_code, result.stdout) == (1 if length == 247 else 2, "")
        assert ("file name too long" in result.stderr) is (length > 247)
        Path("n" * 247).unlink(missing_ok=True)
        assert [path.name for path in Path().iterdir()] == ["posts.ndjson"]


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


@pytest.mark.parametrize("args", [[], ["--resume"]])
@pytest.mark.parametrize("name", ["out.part", "out.journal"])
def test_a_file_of_somebody_else_stays_as_it_is(run, name: str, args: list[str]) -> None:
    Path(name).write_text("mine")
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{name}" in result.stderr
    assert Path(name).read_text() == "mine"
    assert {path.name for path in Path().iterdir()} - {"out.part"} == {"posts.ndjson", name} - {
        "out.part"
    }


def test_a_link_of_somebody_else_is_not_followed(run) -> None:
    Path("mine").write_text("mine")
    for name in ("out.part", "out.journal"):
        Path(name).symlink_to("mine")
        assert run().exit_code == 2
        Path(name).unlink()
    assert Path("mine").read_text() == "mine"


def test_the_answers_stand_where_the_name_leads_with_the_mode_of_before(run) -> None:
    Path("inner").mkdir()
    Path("inner/real").write_text("before")
    Path("inner/real").chmod(0o640)
    Path("out").symlink_to("inner/real")
    assert run().exit_code == 1
    assert Path("out").is_symlink()
    assert Path("inner/real").read_bytes().count(b"\n") == 600
    assert Path("inner/real").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in Path("inner").iterdir()] == ["real"]


def test_a_file_that_is_read_only_is_not_replaced(run) -> None:
    Path("out").write_text("mine")
    Path("out").chmod(0o400)
    result = run()
    assert (result.exit_code, result.stderr) == (2, "somepolicy: out: it is read-only\n")
    assert Path("out").read_text() == "mine"


def test_the_policy_is_not_overwritten(run, folder: Path) -> None:
    before = (folder / "quay.pol").read_bytes()
    result = run("-o", folder / "quay.pol")
    assert result.exit_code == 2
    assert "would overwrite what they are made from" in result.stderr
    assert (folder / "quay.pol").read_bytes() == before


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    with Part(tmp_path / "out", FACTS, resume=False) as part:
        part.add(written(b"1\n"))
        with pytest.raises(ResumeError, match="another run is writing this"):
            Part(tmp_path / "out", FACTS, resume=True)


def test_the_journal_tells_of_nothing_that_is_not_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with Part(target, FACTS, resume=False) as part:
        part.add(written(b"1\n2\n"))
        before = json.loads((tmp_path / "out.journal").read_bytes().splitlines()[0])["progress"]
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
