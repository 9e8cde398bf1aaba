"""What a parse tree is, and how to take it apart."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Tree
from lark.lexer import Token

Branch = Tree[Token]
Child = Branch | Token | None


def branches(tree: Branch) -> Iterator[Branch]:
    """Yield the children that are branches, not tokens and not left out."""
    return (child for child in tree.children if isinstance(child, Tree))


def token_at(tree: Branch, index: int) -> Token:
    """Return a child that the grammar says is a token."""
    found = tree.children[index]
    assert isinstance(found, Token)
    return found


def is_token(item: object) -> bool:
    """Whether an item of a tree is a token."""
    return isinstance(item, Token)


def keywords(tree: Child) -> str:
    """Return the keyword or keywords a rule of the grammar kept, with one blank between."""
    assert isinstance(tree, Tree)
    return " ".join(str(each) for each in tree.children)


def unquoted(text: Token) -> str:
    """Return what stands between the quotes of a text."""
    return str(text)[1:-1].replace('""', '"')
