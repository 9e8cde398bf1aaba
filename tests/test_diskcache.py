"""What is kept between starts: used only where it can be trusted, and never instead of the files."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from somepolicy import diskcache
from somepolicy.backends.python.artefact import from_bytes, from_modules, to_bytes, to_modules
from somepolicy.diskcache import VARIABLE, cache_key, engine_key, load_cached, store_cached
from somepolicy.engine.errors import InvalidDocument
from somepolicy.policy import Policy, _cache_name
from somepolicy.syntax.diagnostics import PolicyError
from tests.examples import one_in

ROOT = Path(__file__).parents[1]
BERGEN = ROOT / "policy" / "bergen"
FJELLVIK = ROOT / "examples" / "policies" / "fjellvik"
NAME = "policy-" + "0" * 40
OTHER = 65_534  # a user that is not this one
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
POSIX = pytest.mark.skipif(os.name == "nt", reason="owners and modes are those of POSIX")


KEEP = Policy._keep  # before the fixture that stops it


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own, in which policies are kept."""
    monkeypatch.setattr(Policy, "_keep", KEEP)
    path = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


# --- what is kept comes back


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 5000])
def test_round_trip(content, folder):
    assert load_cached(NAME) is None
    store_cached(NAME, content)
    assert load_cached(NAME) == content
    store_cached(NAME, b"newer")
    assert load_cached(NAME) == b"newer"
    assert [path.name for path in folder.iterdir()] == [NAME]


@POSIX
def test_nobody_else_may_read_it(folder):
    store_cached(NAME, b"x")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600


def test_a_key_tells_its_parts_apart():
    assert cache_key("ab", "c") != cache_key("a", "bc")
    assert cache_key("a") == cache_key("a")
    assert cache_key("f\udce5", "\ud800…")  # as in the name of a folder that is not UTF-8


# --- what is damaged, or could be somebody else's


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def only_a_digest(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def flipped_in_the_content(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[40] ^= 1
    path.write_bytes(raw)


def flipped_in_the_digest(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[3] ^= 128
    path.write_bytes(raw)


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def of_another_name(path: Path) -> None:
    store_cached("grammar-" + "1" * 40, b"valid under its own name")
    path.write_bytes(path.with_name("grammar-" + "1" * 40).read_bytes())


def file_of_a_group(path: Path) -> None:
    path.chmod(0o620)


def file_of_all(path: Path) -> None:
    path.chmod(0o602)


def folder_of_a_group(path: Path) -> None:
    path.parent.chmod(0o770)


def folder_of_all(path: Path) -> None:
    path.parent.chmod(0o1777)


def linked_file(path: Path) -> None:
    path.rename(path.with_name("real"))
    path.symlink_to("real")


def linked_folder(path: Path) -> None:
    folder = path.parent
    folder.rename(folder.with_name("real"))
    folder.symlink_to("real", target_is_directory=True)


def folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe_in_its_place(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def file_instead_of_the_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"mine")


def file_of_another(path: Path) -> None:
    os.chown(path, OTHER, OTHER)


def folder_of_another(path: Path) -> None:
    os.chown(path.parent, OTHER, OTHER)


def open_files() -> int:
    """Count the open files of this process; 0 where the system does not tell."""
    listed = Path("/proc/self/fd")
    return len(list(listed.iterdir())) if listed.is_dir() else 0


DAMAGE = [
    cut_short, emptied, only_a_digest, flipped_in_the_content, flipped_in_the_digest, lengthened,
    of_another_name,
]  # fmt: skip
DISTRUST = [
    file_of_a_group, file_of_all, folder_of_a_group, folder_of_all, linked_file, linked_folder,
    folder_in_its_place, pipe_in_its_place, file_instead_of_the_folder,
]  # fmt: skip
FOREIGN = [file_of_another, folder_of_another]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda each: each.__name__)
def test_what_is_damaged_is_not_used(damage, folder):
    store_cached(NAME, b"content of some length")
    damage(folder / NAME)
    assert load_cached(NAME) is None
    store_cached(NAME, b"again")
    assert load_cached(NAME) == b"again"


@POSIX
@pytest.mark.parametrize("change", DISTRUST, ids=lambda each: each.__name__)
def test_what_another_may_have_written_is_not_used(change, folder):
    store_cached(NAME, b"content of some length")
    change(folder / NAME)
    before = open_files()
    assert load_cached(NAME) is None
    store_cached(NAME, b"again")
    assert load_cached(NAME) in (None, b"again")  # a file is replaced, a folder never
    assert open_files() == before


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a file away")
@pytest.mark.parametrize("change", FOREIGN, ids=lambda each: each.__name__)
def test_what_is_of_another_user_is_not_used(change, folder):
    store_cached(NAME, b"content of some length")
    change(folder / NAME)
    assert load_cached(NAME) is None


@POSIX
def test_a_file_of_the_user_is_never_overwritten_by_a_folder(folder):
    folder.write_bytes(b"mine")
    store_cached(NAME, b"x")
    assert folder.read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt" or AS_ROOT, reason="root may write everywhere")
def test_where_nothing_may_be_written(folder):
    folder.mkdir(mode=0o500)
    store_cached(NAME, b"x")
    assert load_cached(NAME) is None


@POSIX
@pytest.mark.parametrize("path", ["file/cache", "x" * 300, "/proc/somepolicy", "/dev/null"])
def test_where_no_folder_can_be(path, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"mine")
    monkeypatch.setenv(VARIABLE, path)
    store_cached(NAME, b"x")
    assert load_cached(NAME) is None
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_nothing_behind(folder, monkeypatch):
    store_cached(NAME, b"old")

    def full(*_args: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "replace", full)
    store_cached(NAME, b"new")
    assert load_cached(NAME) == b"old"
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_an_interruption_leaves_nothing_behind(folder, monkeypatch):
    store_cached(NAME, b"old")

    def interrupted(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store_cached(NAME, b"new")
    assert [path.name for path in folder.iterdir()] == [NAME]


# --- where it is kept


@pytest.mark.parametrize("value", ["off", "OFF", "0", "no", "false", ""])
def test_it_can_be_turned_off(value, monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, value)
    monkeypatch.chdir(tmp_path)
    store_cached(NAME, b"x")
    assert load_cached(NAME) is None
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("value", [None, "on", "1", "yes", "true"])
def test_without_a_folder_it_is_the_users(value, monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "caches"))
    monkeypatch.chdir(tmp_path)
    store_cached(NAME, b"x")
    assert [path.name for path in (tmp_path / "caches" / "somepolicy").iterdir()] == [NAME]
    assert load_cached(NAME) == b"x"


@POSIX
@pytest.mark.parametrize("stated", ["", "relative/folder"])
def test_the_home_folder_where_no_other_is_stated(stated, monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", stated)
    monkeypatch.setenv("HOME", str(tmp_path))
    store_cached(NAME, b"x")
    assert (tmp_path / ".cache" / "somepolicy" / NAME).is_file()


@POSIX
def test_a_tilde_is_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, "~/kept")
    monkeypatch.setenv("HOME", str(tmp_path))
    store_cached(NAME, b"x")
    assert (tmp_path / "kept" / NAME).is_file()


@pytest.mark.parametrize("value", [None, "~/kept"])
def test_a_user_without_a_home(value, monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.chdir(tmp_path)
    store_cached(NAME, b"x")
    assert load_cached(NAME) is None
    assert list(tmp_path.rglob("*")) == []


# --- it stays small, and touches nothing of anybody else's


def test_the_oldest_are_forgotten(folder):
    folder.mkdir(mode=0o700)
    names = [f"policy-{index:040x}" for index in range(230)]
    for age, name in enumerate(names):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (1_000_000 + age, 1_000_000 + age))
    left = folder / ".somepolicy-new-killed"
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    store_cached(NAME.replace("0", "f"), b"newest")
    kept = {path.name for path in folder.iterdir()}
    assert len(kept) == 200
    assert kept == {*names[-199:], NAME.replace("0", "f")}


def test_the_users_own_files_are_left_alone(folder):
    """Whoever names a folder that is in use must not lose what is in it."""
    folder.mkdir(mode=0o700)
    own = [folder / f"letter-{index}.txt" for index in range(300)]
    for path in own:
        path.write_bytes(b"mine")
        os.utime(path, (1, 1))
    (folder / "pictures").mkdir()
    store_cached(NAME, b"x")
    assert all(path.read_bytes() == b"mine" for path in own)
    assert (folder / "pictures").is_dir()


# --- many at once, and one that is killed

WRITER = """
import sys
from somepolicy.diskcache import store_cached
name, letter, times = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
print(flush=True)
for _ in range(times):
    store_cached(name, letter * 300_000)
"""


@contextlib.contextmanager
def writer(letter: str, times: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", WRITER, NAME, letter, str(times)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_two_writers_at_once():
    whole = {b"a" * 300_000, b"b" * 300_000}
    with writer("a", 30) as first, writer("b", 30) as second:
        found = set()
        while first.poll() is None or second.poll() is None:
            content = load_cached(NAME)
            assert content is None or content in whole
            found.add(content)
    assert first.returncode == second.returncode == 0
    assert load_cached(NAME) in whole
    assert found & whole


@POSIX
def test_a_writer_that_is_killed(folder):
    with writer("a", 10_000) as process:
        deadline = time.monotonic() + 10
        while load_cached(NAME) is None and time.monotonic() < deadline:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert load_cached(NAME) == b"a" * 300_000
    store_cached(NAME, b"next")
    assert load_cached(NAME) == b"next"
    assert len([path for path in folder.iterdir() if path.name != NAME]) <= 1


def test_threads_at_once():
    barrier = threading.Barrier(4)

    def run(letter: bytes) -> None:
        barrier.wait()
        for _ in range(20):
            store_cached(NAME, letter * 1000)
            assert load_cached(NAME) in {each * 1000 for each in (b"a", b"b", b"c", b"d")}

    threads = [threading.Thread(target=run, args=(letter,)) for letter in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert load_cached(NAME) is not None


# --- policies


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the second policy with its schemas; none of it is cached."""
    shutil.copytree(FJELLVIK, tmp_path / "fjellvik")
    return next((tmp_path / "fjellvik").rglob("policy.toml")).parent


def cached(folder: Path) -> Policy | None:
    return Policy._from_cache(folder)


def kept(folder: Path) -> Policy:
    """Load a policy and let it be kept."""
    policy = Policy.load(folder)
    assert policy._program is not None  # checked, not taken from what was kept
    assert policy.evaluator
    assert cached(folder) is not None
    return policy


def policy_edited(folder: Path) -> None:
    path = next(folder.glob("*.pol"))
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")


def file_added(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "another.pol").write_text("# nothing yet\n", encoding="utf-8")


def file_removed(folder: Path) -> None:
    max(folder.glob("*.pol")).unlink()


def list_added(folder: Path) -> None:
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / "another.toml").write_text("", encoding="utf-8")


def manifest_edited(folder: Path) -> None:
    path = folder / "policy.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")


def schema_of(folder: Path) -> Path:
    names = Policy.from_source(folder).files
    return next(folder / name for name in names if name.endswith(".json"))


def schema_edited(folder: Path) -> None:
    path = schema_of(folder)
    path.write_text(path.read_text(encoding="utf-8") + " \n", encoding="utf-8")


def schema_removed(folder: Path) -> None:
    schema_of(folder).unlink()


CHANGES = [
    policy_edited, file_added, file_removed, list_added, manifest_edited, schema_edited, schema_removed,
]  # fmt: skip


@pytest.mark.parametrize("change", one_in(7, CHANGES), ids=lambda each: each.__name__)
def test_a_changed_policy_is_compiled_anew(change, copy):
    kept(copy)
    change(copy)
    assert cached(copy) is None
    try:
        policy = Policy.load(copy)
    except PolicyError:
        return  # what is wrong now is told, not hidden by what was kept
    assert policy.evaluator.compiled.digest == policy.program.digest
    assert cached(copy) is not None


@pytest.mark.slow
def test_a_word_list_that_changes(tmp_path):
    """The lists are part of the policy, though no rule's text changes."""
    for name in ("policy", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    folder = tmp_path / "policy" / "bergen"
    assert Policy.load(folder).evaluator
    assert cached(folder) is not None
    path = next((folder / "words").glob("*.toml"))
    text = path.read_bytes()
    path.write_bytes(text + b"\n# a remark\n")
    assert cached(folder) is None
    path.write_bytes(text)
    assert cached(folder) is not None


def touched(folder: Path) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))


def other_line_ends(folder: Path) -> None:
    for path in folder.glob("*.pol"):
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def more_tests(folder: Path) -> None:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "more.pol").write_text("# nothing\n", encoding="utf-8")


@pytest.mark.parametrize("change", [touched, other_line_ends, more_tests])
def test_a_policy_that_is_the_same_is_not_compiled(change, copy):
    kept(copy)
    change(copy)
    assert cached(copy) is not None


def test_another_engine_does_not_use_it(copy, monkeypatch):
    kept(copy)
    monkeypatch.setattr("somepolicy.policy.engine_key", lambda: "of another engine")
    assert cached(copy) is None


def test_the_engines_key_follows_its_files(tmp_path, monkeypatch):
    package = tmp_path / "somepolicy"
    (package / "language").mkdir(parents=True)
    for name in ("diskcache.py", "language/parser.py", "language/grammar.lark"):
        (package / name).write_text("x", encoding="utf-8")
    monkeypatch.setattr(diskcache, "__file__", str(package / "diskcache.py"))
    seen = {engine_key()}
    (package / "language" / "parser.py").write_text("xy", encoding="utf-8")
    seen.add(engine_key())
    (package / "language" / "grammar.lark").write_text("xy", encoding="utf-8")
    seen.add(engine_key())
    (package / "language" / "more.py").write_text("", encoding="utf-8")
    seen.add(engine_key())
    os.utime(package / "diskcache.py", (1, 1))
    seen.add(engine_key())
    assert len(seen) == 5
    (package / "language" / "notes.txt").write_text("", encoding="utf-8")
    with contextlib.suppress(OSError):  # the lock of an editor leads nowhere
        (package / "language" / ".#parser.py").symlink_to("somebody@somewhere.1")
    assert engine_key() in seen


BROKEN = [
    b"", b"x", b"N", b"i\x01\x00\x00\x00", b"\xff" * 50, b"(\x01\x00\x00\x00i\x02\x00\x00\x00",
]  # fmt: skip


@pytest.mark.slow
def test_a_broken_policy_is_ignored(copy):
    kept(copy)
    for content in BROKEN:
        store_cached(_cache_name(copy), content)
        assert cached(copy) is None
    assert Policy.load(copy).evaluator


def test_a_policy_of_an_older_form_is_ignored(copy, monkeypatch):
    policy = kept(copy)
    monkeypatch.setattr("somepolicy.backends.python.artefact._FORMAT", 1)
    older = to_bytes(policy.compiled, policy.files)
    monkeypatch.undo()
    assert from_bytes(older) is None


# --- a decision is the same wherever its policy comes from


def documents(folder: Path) -> Iterator[tuple[str, object]]:
    for path in sorted(folder.rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and "kind" in content:
            yield path.name, content


def incomplete(document: dict[str, object]) -> Iterator[dict[str, object]]:
    """The document without each of its members that it need not have to be decided on."""
    for name in document:
        if name not in ("kind", "id", "as_of"):
            yield {key: value for key, value in document.items() if key != name}


def answers(policy: Policy, folder: Path, *, every: bool = False) -> list[str]:
    found = []
    for name, document in documents(folder):
        assert isinstance(document, dict)
        whole = {"as_of": "2026-11-22T12:00:00+01:00", **document}
        for each in (whole, *(incomplete(whole) if every else ())):
            try:
                found.append(f"{name} {policy.evaluate(each).to_json()}")
            except InvalidDocument as error:
                found.append(f"{name} {error}")
    return found


def second_policy() -> Path:
    return next(FJELLVIK.rglob("policy.toml")).parent


SCOPES = [
    pytest.param(False, id="examples"),
    pytest.param(True, id="incomplete", marks=pytest.mark.slow),
]


@pytest.mark.slow
@pytest.mark.parametrize("every", SCOPES)
@pytest.mark.parametrize("which", ["bergen", "fjellvik"])
def test_the_same_decision_from_everywhere(which, every, tmp_path):
    folder = BERGEN if which == "bergen" else second_policy()
    examples = ROOT / "examples" if which == "bergen" else FJELLVIK
    made = Policy.from_source(folder)
    expected = answers(made, examples, every=every)
    assert sum('"decision":' in each for each in expected) >= 10
    again = cached(folder)
    assert again is not None
    assert answers(again, examples, every=every) == expected
    for name, text in to_modules(made.compiled, made.files).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert not (tmp_path / "__pycache__").exists()
    for _ in range(2 if which == "fjellvik" else 1):  # then from what Python has kept of them
        artefact = from_modules(tmp_path)
        assert artefact is not None
        assert set(artefact.files) == set(made.files)
        loaded = Policy(folder, evaluator=artefact.evaluator)
        assert answers(loaded, examples, every=every) == expected


def test_modules_that_are_not_there(tmp_path):
    assert from_modules(tmp_path / "nowhere") is None
    (tmp_path / "executable.py").write_text("", encoding="utf-8")
    assert from_modules(tmp_path) is None


LOADED = """
import json, sys
from somepolicy.policy import Policy
policy = Policy.load(sys.argv[1])
allowed = []
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        allowed.append(policy.evaluate(json.load(file)).allowed)
heavy = {"lark", "pydantic", "jsonschema", "referencing", "typer", "rich", "tempfile"}
print(*allowed, *sorted(heavy & sys.modules.keys()))
"""


@pytest.mark.slow
def test_what_a_start_from_the_cache_loads():
    assert Policy.from_source(BERGEN).evaluator
    posts = ROOT / "examples" / "post"
    documents = [str(posts / f"{name}.json") for name in ("road-closure", "class-photo")]
    command = [sys.executable, "-c", LOADED, str(BERGEN), *documents]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["True", "False"]


@pytest.mark.slow
@pytest.mark.parametrize("every", SCOPES)
@pytest.mark.parametrize("which", ["bergen", "fjellvik"])
def test_a_large_policy_decides_the_same(which, every, monkeypatch):
    """Of a policy with many rules the rules are kept, not what they are compiled to."""
    folder = BERGEN if which == "bergen" else second_policy()
    examples = ROOT / "examples" if which == "bergen" else FJELLVIK
    made = Policy.from_source(folder)
    expected = answers(made, examples, every=every)
    monkeypatch.setattr("somepolicy.backends.python.artefact._MOST_RULES", 0)
    made._keep()
    again = cached(folder)
    assert again is not None
    assert answers(again, examples, every=every) == expected
