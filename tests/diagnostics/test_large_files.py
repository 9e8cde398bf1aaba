"""Examples of the codes about size, made here: nobody wants a megabyte among the examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from somepolicy.check import symbols
from somepolicy.syntax.diagnostics import PolicyError
from somepolicy.syntax.parser import MOST_BYTES, read_source
from tests.diagnostics.example_policy import problems


def test_p502_the_file_is_too_large() -> None:
    read_source("post.pol", b"#" * MOST_BYTES)
    with pytest.raises(PolicyError) as caught:
        read_source("post.pol", b"#" * (MOST_BYTES + 1))
    (found,) = caught.value.diagnostics
    assert found.code == "P502"
    assert found.help == "split the file; a policy may have many"


def test_p503_too_many_rules_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbols, "MOST_RULES", 8)  # the base policy has seven
    rules = "".join(
        f'require r{number} cites content.cleared that post.urgent says nb "x" en "y"\n'
        for number in range(4)
    )
    (found,) = problems(tmp_path, {"z.pol": f"rules for post\n{rules}".encode()})
    assert (found.code, found.span.text) == ("P503", "r1")


def test_p604_a_schema_that_grows_without_end(tmp_path: Path) -> None:
    """Each definition holds the next one twice: thirty of them are a thousand million fields."""
    last = '"d30": {"type": "boolean"}'
    doubled = ", ".join(
        f'"d{number}": {{"type": "object", "additionalProperties": false, "properties": '
        f'{{"a": {{"$ref": "#/$defs/d{number + 1}"}}, "b": {{"$ref": "#/$defs/d{number + 1}"}}}}}}'
        for number in range(30)
    )
    schema = (
        '{"type": "object", "additionalProperties": false, "properties": '
        f'{{"kind": {{"const": "note", "type": "string"}}, "a": {{"$ref": "#/$defs/d0"}}}},'
        f'"$defs": {{{doubled}, {last}}}}}'
    )
    found = problems(tmp_path, {"note.schema.json": schema.encode()})
    assert [diagnostic.code for diagnostic in found] == ["P604"]
