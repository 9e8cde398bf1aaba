"""A small policy and documents of its own, made of nothing real."""

from __future__ import annotations

import json
from pathlib import Path

MANIFEST = """name = "quay"
version = "1.0.0"
languages = ["en"]

[kinds]
post = "post.schema.json"
"""
RULES = """section 1 "Posts"

clause text.short at 1.p1.s1 digest aaaaaaaaaaaa
  force must
  binds unit
  kinds post
  says en "A post is short."

clause tone.kind at 1.p2.s1 digest bbbbbbbbbbbb
  force should
  binds unit
  kinds post
  says en "A post is kind."

rules for post

require short
  cites text.short
  that post.length <= 100
  says en "The post «{post.id}» of {post.length} characters is too long."

advise kind
  cites tone.kind
  that post.kindly
  says en "Be kind."
"""
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "Post",
    "additionalProperties": False,
    "required": ["kind", "id"],
    "properties": {
        "kind": {"type": "string", "const": "post", "title": "Kind"},
        "id": {"type": "string", "maxLength": 50, "title": "Id"},
        "as_of": {"type": "string", "format": "date-time", "title": "As of"},
        "title": {"type": "string", "maxLength": 200, "title": "Title"},
        "length": {"type": "integer", "title": "Length"},
        "ratio": {"type": "number", "title": "Ratio"},
        "kindly": {"type": "boolean", "title": "Kindly"},
    },
}
AS_OF = "2026-11-22T10:00:00+01:00"


def write_policy(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.toml").write_text(MANIFEST)
    (folder / "quay.pol").write_text(RULES)
    (folder / "post.schema.json").write_text(json.dumps(SCHEMA))
    return folder


def post(number: int = 0, **members: object) -> dict[str, object]:
    """Return a post; every third is too long, every fifth does not say how long it is."""
    length: dict[str, object] = {} if number % 5 == 4 else {"length": 150 if number % 3 else 50}
    return {
        "kind": "post",
        "id": f"post-«{number}»\t",
        "as_of": AS_OF,
        "title": "Ærlig talt",
        **length,
        **members,
    }


def line(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def documents(count: int) -> bytes:
    """Return lines, with a broken one, an invalid one and a blank one among the first ten."""
    lines = [line(post(number)) for number in range(count)]
    for at, bad in ((3, b'{"kind": "post"'), (5, line(post(5, colour="red"))), (8, b"")):
        if at < count:
            lines[at] = bad
    return b"\n".join(lines) + b"\n"
