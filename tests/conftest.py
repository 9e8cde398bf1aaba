"""What all tests share: golden files, Hypothesis as it runs here, and what is done but once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest
import typer.testing
from hypothesis import HealthCheck, configuration, settings
from typer.main import get_command

from somepolicy.policy import Policy
from somepolicy.syntax import parser

Golden = Callable[[Path, str], None]

# the same examples every time, and a blob to repeat a failure
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "somepolicy-hypothesis")
settings.register_profile(
    "full",
    max_examples=100,
    derandomize=True,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("fast", settings.get_profile("full"), max_examples=20)
settings.load_profile("fast")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write what the tests produce into the golden files, to be reviewed as a diff",
    )


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_kept() -> Iterator[None]:
    """Policies of tests decide little: to write each to the cache would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Policy, "_keep", lambda _: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _commands_are_built_once() -> Iterator[None]:
    """The runner makes all commands anew for each call, which takes longer than most commands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", cache(get_command))
        yield


@pytest.fixture(autouse=True, scope="session")
def _a_text_is_read_once() -> Iterator[None]:
    """Most policies of tests are one of few with something changed; to read takes most of the time.

    What is kept is the tree of the text alone: its nodes, with their places, are built each time.
    """
    grammar = parser._grammar()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grammar, "parse", lru_cache(maxsize=200)(grammar.parse))
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a golden file, or write it there with `--rewrite-golden`."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        assert path.is_file(), f"{path} is missing; write it with --rewrite-golden and review it"
        assert text == path.read_text(encoding="utf-8")

    return compare
