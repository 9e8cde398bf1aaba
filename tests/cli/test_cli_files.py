"""Names that lead to no file: pipes, devices, links, folders with one of them in it."""

from __future__ import annotations

import json
import os
import select
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from somepolicy import file_access
from tests.cli.conftest import HERE, POLICY, Run, one_line
from tests.examples import one_in

EMPTY, ENDLESS = os.makedev(1, 3), os.makedev(1, 5)  # of Linux
REPORT = ("report", "traceability", "--policy", POLICY, "--format", "md")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_access, "PATIENCE", 0.2)


def device(path: Path, number: int = ENDLESS) -> Path:
    """Make a device in a folder of the test, or skip."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, number)
    except (OSError, AttributeError):
        pytest.skip("devices are not tested: they need root, on Linux")
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def reader(path: Path) -> tuple[threading.Thread, list[bytes]]:
    """Read a pipe to its end, aside; it is open when this returns, so that a writer finds it."""
    found: list[bytes] = []
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read() -> None:
        select.select([descriptor], [], [])  # until somebody writes
        os.set_blocking(descriptor, True)
        with os.fdopen(descriptor, "rb") as file:
            found.append(file.read())

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread, found


COMMANDS = {
    "eval": ["eval", "--policy", POLICY],
    "eval in chunks": ["eval", "--policy", POLICY, "--jobs", "1"],
    "digest": ["digest", "--policy", POLICY],
    "detect": ["detect", "--policy", POLICY],
    "fmt": ["fmt"],
    "source": ["source", "verify", "--policy", POLICY],
    "quotes": ["eval", "--policy", POLICY, "documents/allowed.json", "--source"],
}


@pytest.mark.parametrize("suffix", ["", ".json", ".ndjson", ".parquet"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_pipe_that_nobody_writes_to_is_an_error(
    run: Run, tmp_path: Path, command: list[str], suffix: str
) -> None:
    result = run(*command, pipe(tmp_path / f"x{suffix}"))
    assert result.exit_code == 2
    assert "pipe" in result.output


@pytest.mark.parametrize("suffix", ["", ".json", ".ndjson", ".parquet"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_device_is_an_error(run: Run, tmp_path: Path, command: list[str], suffix: str) -> None:
    result = run(*command, device(tmp_path / f"x{suffix}"))
    assert result.exit_code == 2
    assert "this is a device, not a file" in result.output


def test_a_pipe_that_somebody_writes_to_is_read(run: Run, tmp_path: Path) -> None:
    there = pipe(tmp_path / "x")
    text = (HERE / "documents" / "allowed.json").read_bytes()
    writer = threading.Thread(target=there.write_bytes, args=(text,))
    writer.start()
    assert run("eval", "--policy", POLICY, there).exit_code == 0
    writer.join()


@pytest.mark.parametrize("form", ["text", "json", "ndjson"])
def test_a_folder_with_no_file_among_its_files(run: Run, tmp_path: Path, form: str) -> None:
    (tmp_path / "a.json").write_text(one_line("allowed"))
    pipe(tmp_path / "b.json")
    (tmp_path / "c.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "d.json").write_text(one_line("denied"))
    result = run("eval", "--policy", POLICY, tmp_path, "--format", form)
    assert result.exit_code == 2
    assert "cannot be read: this is a pipe or a device, not a file" in result.output
    if form == "ndjson":
        found = [json.loads(each) for each in result.stdout.splitlines()]
        assert ["errors" in each for each in found] == [False, True, True, False]
        file = tmp_path / "out"
        same = run("eval", "--policy", POLICY, tmp_path, "-o", file)
        assert (same.exit_code, same.stdout) == (2, "")
        assert file.read_text() == result.stdout


@pytest.mark.slow
def test_standard_input_that_never_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "somepolicy", "eval", "--policy", POLICY, "-"]
    with device(tmp_path / "x").open("rb") as stream:
        done = subprocess.run(command, stdin=stream, capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert b"this is a device, not a file" in done.stderr


def test_a_policy_of_pipes(run: Run, policies: Path) -> None:
    folder = policies / "havn"
    pipe(folder / "x.pol")
    for command in (["check", folder], ["eval", "--policy", folder, "documents/allowed.json"]):
        result = run(*command)
        assert result.exit_code != 0
        assert "x.pol:1:1: error[P115]: this is a pipe, not a file" in result.output
    (folder / "x.pol").unlink()
    shutil.rmtree(folder / "tests", ignore_errors=True)
    (folder / "tests").mkdir()
    pipe(folder / "tests" / "x.pol")
    assert run("test", folder).exit_code == 2


# --- where answers go


OUTPUTS = {
    "batch": ["eval", "--policy", POLICY, "documents/allowed.json", "-o"],
    "report": [*REPORT, "-o"],
}


@pytest.mark.parametrize("command", OUTPUTS.values(), ids=OUTPUTS)
def test_a_device_stays_a_device(run: Run, tmp_path: Path, command: list[str]) -> None:
    there = device(tmp_path / "x", EMPTY)
    assert run(*command, there).exit_code == 0
    assert stat.S_ISCHR(there.stat().st_mode)
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("command", OUTPUTS.values(), ids=OUTPUTS)
def test_a_pipe_is_written_to(run: Run, tmp_path: Path, command: list[str]) -> None:
    there = pipe(tmp_path / "x")
    assert run(*command, there).exit_code == 2  # nobody reads
    thread, found = reader(there)
    assert run(*command, there).exit_code == 0
    thread.join(60)
    file = tmp_path / "y"
    assert run(*command, file).exit_code == 0
    assert found == [file.read_bytes()]


@pytest.mark.parametrize("command", OUTPUTS.values(), ids=OUTPUTS)
def test_a_link_is_followed_and_the_mode_kept(run: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "real", tmp_path / "link"
    link.symlink_to(real)
    for mode in (None, 0o600):
        if mode is not None:
            real.chmod(mode)
        assert run(*command, link).exit_code == 0
        assert link.is_symlink()
        assert real.stat().st_size > 100
        assert mode is None or stat.S_IMODE(real.stat().st_mode) == mode
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    result = run(*command, circle)
    assert result.exit_code == 2
    assert "too many levels of symbolic links" in result.stderr


@pytest.mark.parametrize("command", OUTPUTS.values(), ids=OUTPUTS)
def test_what_is_read_only_stays(run: Run, tmp_path: Path, command: list[str]) -> None:
    there = tmp_path / "x"
    there.write_text("mine")
    there.chmod(0o444)
    result = run(*command, there)
    assert (result.exit_code, result.stderr) == (2, f"somepolicy: {there}: it is read-only\n")
    assert there.read_text() == "mine"


@pytest.mark.parametrize("args", [["--format", "parquet"], ["--resume"]])
def test_what_needs_a_file(run: Run, tmp_path: Path, args: list[str]) -> None:
    there = device(tmp_path / "x", EMPTY)
    result = run("eval", "--policy", POLICY, "documents/allowed.json", "-o", there, *args)
    assert result.exit_code == 2
    assert "this is no file" in result.stderr


@pytest.mark.parametrize(
    "name", ["havn.pol", "policy.toml", "new.pol", "../../hard", "post.schema.json"]
)
@pytest.mark.parametrize("command", ["batch", "report"])
def test_what_belongs_to_the_policy_is_not_replaced(
    run: Run, policies: Path, command: str, name: str
) -> None:
    folder = policies / "havn"
    some = next(folder.glob("*.pol"))
    there = some if name == "havn.pol" else folder / name
    if name == "../../hard":
        os.link(some, there)
    before = there.read_bytes() if there.exists() else None
    words = ["eval", "documents/allowed.json"] if command == "batch" else ["report", "traceability"]
    result = run(*words, "--policy", folder, "-o", there)
    assert result.exit_code == 2
    assert (there.read_bytes() if there.exists() else None) == before


@pytest.mark.parametrize("command", one_in(2, [["eval", "-"], ["report", "citations", "-"]]))
def test_standard_input_is_not_replaced(tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "in.ndjson"
    file.write_text(one_line("allowed"))
    words = [sys.executable, "-m", "somepolicy", *command, "--policy", POLICY, "-o", str(file)]
    with file.open("rb") as stream:
        done = subprocess.run(words, stdin=stream, capture_output=True, check=False)
    assert done.returncode == 2
    assert file.read_text() == one_line("allowed")


@pytest.mark.slow
def test_workers_answer_with_standard_error_closed(tmp_path: Path) -> None:
    file = tmp_path / "in.ndjson"
    file.write_text(f"{one_line('allowed')}\n" * 3)
    words = f'"{sys.executable}" -m somepolicy eval --policy {POLICY} {file} -j 2 2>&-'
    done = subprocess.run(["sh", "-c", words], stdout=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 3)


@pytest.mark.slow
def test_many_jobs_for_one_document() -> None:
    """No more processes than there is work for."""
    program = (
        "import subprocess, sys; started = []; real = subprocess.Popen\n"
        "class Counted(real):\n"
        "    def __init__(self, *a, **k): started.append(1); super().__init__(*a, **k)\n"
        "subprocess.Popen = Counted\n"
        "from somepolicy import evaluate_many\n"
        "import json; document = json.load(open(sys.argv[1]))\n"
        "print(len(list(evaluate_many([document], jobs=100_000))), len(started))"
    )
    example = HERE.parents[1] / "examples" / "post" / "road-closure.json"
    done = subprocess.run(
        [sys.executable, "-c", program, str(example)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "1"]


KILLED = """
import os, signal, sys
from somepolicy.file_access import write_anew
write_anew(sys.argv[1], lambda file: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_the_draft_of_a_writer_that_was_killed_goes_with_the_next(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    own = tmp_path / ".report.html.settings"
    own.write_text("mine")
    subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    (left,) = set(tmp_path.iterdir()) - {own}
    file_access.replace_file(target, b"new")
    assert not left.exists()
    assert target.read_bytes() == b"new"
    assert own.read_text() == "mine"


def test_the_draft_of_a_writer_at_work_stays(tmp_path: Path) -> None:
    target = tmp_path / "report.html"

    def write(file: BinaryIO) -> None:
        file_access.replace_file(target, b"second")
        assert target.read_bytes() == b"second"
        file.write(b"first")

    file_access.write_anew(target, write)
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["new/", "new/.", "there/", "there/."])
@pytest.mark.parametrize(
    "command", [["eval", "--policy", POLICY, "documents/allowed.json"], REPORT]
)
def test_the_name_of_a_folder_is_no_output(
    run: Run, tmp_path: Path, command: list[str], name: str
) -> None:
    (tmp_path / "there").mkdir()
    result = run(*command, "-o", f"{tmp_path}/{name}")
    assert result.exit_code == 2
    told = " ".join(result.output.split())
    assert "internal error" not in told
    assert "this is the name of a folder" in told or name.startswith("there")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


# --- what is read grows by what is answered


@pytest.mark.parametrize(
    ("name", "stream", "command"),
    one_in(
        7,
        [
            *(
                (name, "stdout", "eval --format ndjson")
                for name in ("-", "self.ndjson", ".", "link")
            ),
            ("self.ndjson", "stdout", "eval --jobs 1"),
            ("self.ndjson", "stdout", "digest"),
            ("self.ndjson", "stderr", "eval"),
        ],
    ),
)
def test_the_file_that_the_answers_go_to_is_not_read(
    tmp_path: Path, name: str, stream: str, command: str
) -> None:
    file = tmp_path / "self.ndjson"
    before = f"{one_line('allowed')}\n" * 3 + "{\n"
    file.write_text(before)
    if name == "link":
        (tmp_path / name).symlink_to(file)
    chosen, *options = command.split()
    args = [
        sys.executable,
        "-m",
        "somepolicy",
        chosen,
        name,
        "--policy",
        str(HERE / POLICY),
        *options,
    ]
    with file.open("ab") as end, file.open("rb") as begin:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: end}
        done = subprocess.run(args, stdin=begin, cwd=tmp_path, check=False, timeout=60, **streams)
    assert done.returncode == 2
    told = "the answers would be written to what they are made from"
    if stream == "stdout":
        assert told in done.stderr.decode()
        assert file.read_text() == before
    else:
        assert done.stdout == b""
        assert file.read_text().count("\n") == before.count("\n") + 1
        assert told in file.read_text()


# --- links to folders


def test_documents_behind_a_link_are_decided_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "a").mkdir(parents=True)
    (tmp_path / "else" / "b").mkdir(parents=True)
    (tmp_path / "docs" / "a" / "1.json").write_text(one_line("allowed"))
    (tmp_path / "else" / "b" / "2.json").write_text(one_line("allowed"))
    (tmp_path / "docs" / "z").symlink_to(tmp_path / "else")
    result = run("eval", "--policy", POLICY, tmp_path / "docs", "--format", "ndjson")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 2)


@pytest.mark.parametrize(
    ("link", "target", "told"),
    [
        ("up", "..", "a link leads round in a circle or twice to one folder"),
        ("a", "b", "a link leads round in a circle or twice to one folder"),
        ("self", "self", "too many levels of symbolic links"),
        ("gone", "nowhere", "no such file or directory"),
    ],
)
def test_a_link_that_leads_round_or_nowhere_is_named(
    run: Run, tmp_path: Path, link: str, target: str, told: str
) -> None:
    docs = tmp_path / "docs"
    (docs / "b").mkdir(parents=True)
    (docs / "b" / "1.json").write_text(one_line("allowed"))
    (docs / "b" / "x.pol").write_text("")
    (docs / link).symlink_to("." if target == ".." else target)
    result = run("eval", "--policy", POLICY, docs, "--format", "ndjson")
    assert result.exit_code == 2
    records = [json.loads(each) for each in result.stdout.splitlines()]
    (wrong,) = [each for each in records if "errors" in each]
    assert wrong["source"] == str(docs / link)
    assert told in wrong["errors"][0]["message"]
    assert len(records) == 2

    result = run("fmt", "--check", docs)
    assert result.exit_code == 2
    assert f"somepolicy: {docs / link}: {told}" in result.stderr


def test_a_folder_that_is_met_again_is_named_as_it_is_written(run: Run, tmp_path: Path) -> None:
    docs = tmp_path / "Docs"
    docs.mkdir()
    (docs / "up").symlink_to(".")
    for result in (run("eval", "--policy", POLICY, docs), run("fmt", "--check", docs)):
        assert f"this is {docs} once more" in " ".join(result.stderr.split())


def test_the_other_files_are_formatted_beside_a_link_that_leads_nowhere(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "x.pol").write_text("rules   for post\n")
    for name in ("gone", "later"):
        (tmp_path / name).symlink_to("nowhere")
    result = run("fmt", tmp_path)
    assert result.exit_code == 2
    assert (tmp_path / "x.pol").read_text() == "rules for post\n"
    assert result.stderr.count("no such file or directory") == 2
