"""Any text at all either parses or ends in PolicyError, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from somepolicy.syntax.diagnostics import Diagnostic, PolicyError, render
from somepolicy.syntax.parser import parse, read_source
from tests.examples import examples
from tests.syntax.strategies import GRAMMAR, POLICIES, mutated, mutated_bytes, soup

QUICK = examples(40)
LONG = settings(max_examples=500, derandomize=False)

TEXTS = st.deferred(lambda: from_lark(Lark(GRAMMAR, parser="lalr"), start="start"))
PARTS = [
    part
    for path in POLICIES
    for part in path.read_text(encoding="utf-8").split("\n\n")
    if part.strip()
]


def holds(raw: bytes) -> None:
    try:
        module = parse(read_source("x.pol", raw))
    except PolicyError as error:
        told(error.diagnostics, len(raw))
        return
    places = [node.span for node in module.declarations]
    assert all(a.end <= b.start for a, b in pairwise(places))


def told(diagnostics: tuple[Diagnostic, ...], most: int) -> None:
    """Errors come in order, each place once, within the text, and can be drawn."""
    assert diagnostics
    places = [(d.span.start, d.span.end) for d in diagnostics]
    assert places == sorted(set(places))
    for diagnostic in diagnostics:
        span = diagnostic.span
        assert 0 <= span.start <= span.end <= most + 1
        assert "\x1b" not in render(diagnostic)
        assert "\n" not in f"{diagnostic.message}{diagnostic.help}"


def test_there_are_policies_to_mutate() -> None:
    assert len(PARTS) > 50


@QUICK
@given(st.text())
def test_any_text(text: str) -> None:
    holds(text.encode("utf-8", "replace"))


@QUICK
@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    holds(raw)


@QUICK
@given(soup)
def test_words_of_the_language(text: str) -> None:
    holds(text.encode())


@pytest.mark.slow
@examples(30)
@given(TEXTS)
def test_texts_of_the_grammar(text: str) -> None:
    holds(text.encode())


@QUICK
@given(st.sampled_from(PARTS).flatmap(mutated))
def test_policies_gone_wrong(text: str) -> None:
    holds(text.encode())


@QUICK
@given(st.sampled_from(PARTS).map(str.encode).flatmap(mutated_bytes))
def test_policies_with_noise(raw: bytes) -> None:
    holds(raw)


@pytest.mark.slow
@LONG
@given(st.text() | soup | st.sampled_from(PARTS).flatmap(mutated))
def test_many_texts(text: str) -> None:
    holds(text.encode("utf-8", "replace"))


@pytest.mark.slow
@settings(LONG, max_examples=80)
@given(TEXTS)
def test_many_texts_of_the_grammar(text: str) -> None:
    holds(text.encode())
