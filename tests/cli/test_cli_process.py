"""What only a process can show: pipes, signals, closed streams, memory, a terminal."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from somepolicy.cli.inputs.documents import list_sources
from somepolicy.cli.show import progress
from somepolicy.documents.reading import read
from somepolicy.documents.sources import Source
from somepolicy.texts.catalogue import texts
from tests.cli.conftest import HERE, POLICY, Start, one_line
from tests.examples import one_in

COMMAND = "from somepolicy.cli import main; main()"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.ndjson"
    path.write_text(f"{one_line('denied')}\n" * 300)
    return path


@pytest.mark.parametrize("form", one_in(3, ["ndjson", "json", "text"]))
def test_a_broken_pipe_is_quiet(start: Start, many: Path, form: str) -> None:
    process = start("eval", "--policy", POLICY, many, "--format", form, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    _, errors = process.communicate()
    assert (process.returncode, errors) == (141, b"")


def test_ctrl_c_is_quiet(start: Start) -> None:
    process = start(
        "eval", "--policy", POLICY, "-", "--format", "ndjson",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{one_line('allowed')}\n".encode() * 2)
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["decision"] == "allow"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, b"")


@pytest.mark.parametrize(
    "args", one_in(2, [["documents/allowed.json"], ["documents/invalid.json"]])
)
@pytest.mark.parametrize("form", one_in(3, ["ndjson", "json", "text"]))
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_said(start: Start, args: list[str], form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start("eval", "--policy", POLICY, *args, "--format", form, stdout=full)
    _, errors = process.communicate()
    assert process.returncode == 2
    assert b"Traceback" not in errors
    if form != "text" or args == ["documents/allowed.json"]:
        assert b"somepolicy: cannot write the output: no space left on device\n" in errors


@pytest.mark.slow
def test_closed_streams() -> None:
    command = f'"{sys.executable}" -c "{COMMAND}" eval --policy {POLICY}'
    for redirection, document, code in (
        ("<&-", "-", 2),
        (">&-", "documents/allowed.json", 2),
        ("<&- >&-", "documents/allowed.json", 2),
        ("2>&-", "documents/invalid.json", 2),
    ):
        done = subprocess.run(
            ["sh", "-c", f"{command} {document} {redirection}"], capture_output=True, check=False
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_an_encoding_that_lacks_the_signs(monkeypatch: pytest.MonkeyPatch, start: Start) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    process = start("eval", "--policy", POLICY, "documents/denied.json", "--lang", "nb")
    shown, errors = process.communicate()
    assert (process.returncode, errors) == (1, b"")
    assert shown.startswith(b"? IKKE I ORDEN")


@pytest.mark.slow
def test_a_stream_is_answered_while_it_is_written(start: Start) -> None:
    process = start(
        "eval", "--policy", POLICY, "-", "--format", "ndjson",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    line = f"{one_line('allowed')}\n".encode()
    with process:
        process.stdin.write(line * 2)
        for _ in range(3):
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["decision"] == "allow"
            process.stdin.write(line)
        process.stdin.close()
        shown = process.stdout.read()  # `communicate` would miss what `readline` has read ahead
        errors = process.stderr.read()
    assert (process.returncode, shown.count(b"\n"), errors) == (0, 2, b"")


@pytest.mark.parametrize("name", one_in(3, ["long.json", "long.ndjson", "long"]))
def test_memory_is_bounded(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(128 << 20)  # one line of zeros, most of it never written to the disk
        file.seek(0, io.SEEK_END)
        file.write(b"\n{}")
    tracemalloc.start()
    items = list(read(list_sources([str(path)])))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert items[0].errors[0].code == "D106"
    assert len(items) == (1 if name == "long.json" else 2)
    assert peak < 40 << 20


class Screen(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_long_run_shows_its_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, clock = Screen(), iter([0.0, 0.5, 1.5, 1.55, 3.0])
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock, 4.0))
    monkeypatch.setenv("TERM", "xterm")
    with progress.Meter([Source("posts.ndjson", 400)], texts("en").eval) as meter:
        meter.advance(100)
        assert screen.getvalue() == ""
        meter.advance(100)
        assert "2 documents, 1 a second" in screen.getvalue()
        meter.advance(100)
        meter.advance(100)
    assert "4 documents, 1 a second" in screen.getvalue()


@pytest.mark.parametrize("stdout", [Screen, io.StringIO])
def test_no_progress_beside_the_answers_or_in_a_file(
    monkeypatch: pytest.MonkeyPatch, stdout: type[io.StringIO]
) -> None:
    errors = Screen() if stdout is Screen else io.StringIO()
    clock = iter(range(100))
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(sys, "stdout", stdout())
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(clock)))
    with progress.Meter([Source("-")], texts("en").eval) as meter:
        for _ in range(5):
            meter.advance(100)
    assert errors.getvalue() == ""


def test_the_entry_point_is_light() -> None:
    code = "import somepolicy.cli, sys; print('typer' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=HERE)
    assert done.stdout.split() == [b"False", b"False"]


def test_the_engine_of_pages_is_loaded_for_a_page_only() -> None:
    code = "import somepolicy.cli.commands.test, sys; print('jinja2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=HERE)
    assert done.stdout.split() == [b"False"]
