"""The collector rests while a tree is built, and is left as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from somepolicy.gc_pause import without_collection


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Leave the collector of the other tests alone."""
    enabled = gc.isenabled()
    gc.enable()
    yield
    gc.unfreeze()
    if not enabled:
        gc.disable()


def young(kind: type) -> int:
    return sum(isinstance(each, kind) for each in gc.get_objects(generation=0))


class Node:
    """An object that only these tests make."""


def test_nothing_is_collected_within():
    before = [each["collections"] for each in gc.get_stats()]
    with without_collection():
        kept = [Node() for _ in range(20_000)]
        assert [each["collections"] for each in gc.get_stats()] == before
    assert len(kept) == 20_000
    assert gc.isenabled()


def test_what_was_built_counts_as_old():
    with without_collection():
        kept = [Node() for _ in range(1_000)]
        assert young(Node) == 1_000
    assert young(Node) == 0
    assert gc.get_freeze_count() == 0
    assert all(gc.is_tracked(each) for each in kept)


@pytest.mark.slow
def test_what_was_built_is_collected_in_the_end():
    with without_collection():
        first, second = Node(), Node()
        first.other, second.other = second, first
    del first, second
    gc.collect()
    assert not any(isinstance(each, Node) for each in gc.get_objects())


@pytest.mark.slow
def test_what_somebody_froze_stays_frozen():
    gc.freeze()
    frozen = gc.get_freeze_count()
    with without_collection():
        pass
    assert gc.get_freeze_count() == pytest.approx(frozen, abs=100)
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    with without_collection():
        pass
    assert not gc.isenabled()
    gc.enable()


def test_within_another():
    with without_collection():
        with without_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_leaves_it_on():
    with pytest.raises(KeyError), without_collection():
        raise KeyError
    assert gc.isenabled()
