"""Whatever a text holds, Markdown shows it as text, and GitHub's links nothing in it."""

from __future__ import annotations

import re

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from somepolicy.rendering.markdown import paragraph, text
from somepolicy.rendering.plain_text import one_line

SIGNS = "ab1å_*~`<>[]()!#&;:/.@|\\-+=$^{} \u0301"


@given(st.text(SIGNS, max_size=20))
@example("__init__")
@example("x __r__ y")
@example("_a__b_")
@example("__æ__ø__")
@example("1) _a_")
def test_a_text_is_shown_as_it_is(words: str) -> None:
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(paragraph(words))
    page = lxml.html.fragment_fromstring(shown, create_parent="div")
    assert page.text_content().strip() == one_line(words).strip()
    assert not page.xpath(".//*[not(self::p or self::wbr)]")


def test_names_stay_readable() -> None:
    assert text("a_b a__b å_1") == "a_b a__b å_1"


@pytest.mark.parametrize("before", ["", "å", "1", "_", "(", "x "])
@pytest.mark.parametrize(
    "address",
    ["http://a.no", "HTTPS://a.no", "Ftp://a.no", "www.a.no", "WWW.a.no", "a@b.no", "mailto:a@b.no",
     "xmpp:a@b.no", "a@-b.no", "a@_b.no", "a.b+c@d.no", "a@b@c.no", "@somebody"],
)  # fmt: skip
def test_no_address_is_linked(before: str, address: str) -> None:
    # GitHub's renderer looks for `://`, `www.` and, behind every escape, for `@` in one text
    made = text(before + address)
    assert not re.search(r"(?i)(?<!\\)://|www\.|@(?!<wbr>)", made)
    assert "@" not in address or r"\@<wbr>" in made
