"""Which texts of a document are searched: those that the rules of its kind hand to detectors."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from somepolicy import Policy
from somepolicy.cli.workflows.searched import searched_paths, searched_texts
from somepolicy.installed import installed_policy

EXAMPLES = Path(__file__).parents[2] / "examples"
FJELLVIK = EXAMPLES / "policies" / "fjellvik"
MEDIA_TEXT = Path(__file__).parents[2] / "policy" / "bergen" / "words" / "media_text.toml"

BEGIN = "rules for draft\n"
END = 'says nn "Nei." en "No."\n'
SEARCH = "if hard(identity_numbers(shown, true)) is not empty"
ELEMENT = ("pictures", "*", "description")


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        (
            "post",
            {
                ("text", "body"): None,
                ("quotes", "*", "text"): None,
                ("quotes", "*", "author"): None,
                ("quotes", "*", "source_url"): None,
                ("web_copy", "url"): None,
                ("links", "*"): None,
                ("hashtags", "*"): None,
                ("mentions", "*"): None,
                ("competition", "prize"): None,
                ("competition", "terms_url"): None,
                ("media", "*", "alt"): ("text", "body"),
                ("media", "*", "credit"): None,
                ("thread", "*"): None,
            },
        ),
        (
            "private_post",
            {
                ("text", "body"): None,
                ("media", "*", "alt"): None,
                ("media", "*", "credit"): None,
            },
        ),
        (
            "profile",
            {
                ("name",): None,
                ("moderation", "rules_url"): None,
                ("web_page",): None,
                ("privacy_notice_url",): None,
                ("accessibility_statement_url",): None,
            },
        ),
    ],
)
def test_of_the_installed_policy(kind: str, paths: dict[Any, Any]) -> None:
    assert searched_paths(installed_policy().program, kind) == paths


# Each rule with the paths it adds to a kind that no other rule searches.
WAYS = {
    "a condition": (
        "advise x cites melding.tvil if ibans(draft.wording) is not empty",
        {("wording",): None},
    ),
    "a guard": (
        "advise x cites melding.tvil when ibans(draft.wording) is empty",
        {("wording",): None},
    ),
    "an exception": (
        "advise x cites melding.tvil if draft.in_doubt unless ibans(draft.wording) is empty",
        {("wording",): None},
    ),
    "each element": (
        (
            "advise x cites melding.tvil for each p in draft.pictures "
            "if ibans(p.description) is not empty"
        ),
        {ELEMENT: None},
    ),
    "which elements": (
        (
            "advise x cites melding.tvil for each p in draft.pictures "
            'where ibans(p.description) is empty if p.shows == "children"'
        ),
        {ELEMENT: None},
    ),
    "elements that are texts": (
        "advise x cites melding.tvil if some t in draft.targets (ibans(t) is not empty)",
        {("targets", "*"): None},
    ),
    "a definition": (
        "define found = ibans(draft.wording) advise x cites melding.tvil if hard(found) is not empty",
        {("wording",): None},
    ),
    "a definition that is the text": (
        "define said = draft.wording advise x cites melding.tvil if ibans(said) is not empty",
        {("wording",): None},
    ),
    "a predicate": (
        (
            "define bad(p) = ibans(p.description) is not empty "
            "advise x cites melding.tvil if every q in draft.pictures (bad(q))"
        ),
        {ELEMENT: None},
    ),
    "published texts": (
        "advise x cites melding.tvil if ibans(published(draft.pictures, draft.targets)) is not empty",
        {ELEMENT: None, ("targets", "*"): None},
    ),
    "published texts of some elements": (
        (
            'define seen = published(some p in draft.pictures (p.shows == "children")) '
            "advise x cites melding.tvil if ibans(seen) is not empty"
        ),
        {ELEMENT: None},
    ),
    "a function that detects nothing": (
        "advise x cites melding.tvil if length(draft.wording) > 1000",
        {},
    ),
    "beside a text of the document": (
        (
            "advise x cites melding.tvil for each p in draft.pictures "
            "if alt_text_problems(p.description, draft.wording) is not empty"
        ),
        {ELEMENT: ("wording",)},
    ),
    "beside a text of the same element": (
        (
            "advise x cites melding.tvil for each p in draft.pictures "
            "if alt_text_problems(p.description, p.id) is not empty"
        ),
        {ELEMENT: ("pictures", "*", "id")},
    ),
    "beside nothing of the document": (
        (
            "advise x cites melding.tvil for each p in draft.pictures "
            'if alt_text_problems(p.description, "bilete") is not empty'
        ),
        {ELEMENT: ()},
    ),
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "policy"
    shutil.copytree(FJELLVIK, folder)
    words = MEDIA_TEXT.read_text(encoding="utf-8")  # its clause is one of Bergen's
    kept = [line for line in words.splitlines(keepends=True) if not line.startswith("clause")]
    (folder / "words" / "media_text.toml").write_text("".join(kept), encoding="utf-8")
    shared = folder / "content.pol"  # no rule but the one that is tried searches a draft
    text = shared.read_text(encoding="utf-8")
    assert SEARCH in text
    shared.write_text(text.replace(SEARCH, 'if document.wording == "x"'), encoding="utf-8")
    return folder


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_detector_is_followed(way: str, copied: Path) -> None:
    rule, paths = WAYS[way]
    (copied / "more.pol").write_text(f"{BEGIN}{rule} {END}", encoding="utf-8")
    assert searched_paths(Policy.from_source(copied).program, "draft") == paths


def test_every_text_at_a_path() -> None:
    pictures: list[Any] = [{"id": "a", "alt": "A"}, {"id": "b"}, {"id": "c", "alt": None}, 7]
    document = {"pictures": pictures, "body": "B", "a/b": ["x", "y"]}
    paths = {
        ("pictures", "*", "alt"): ("pictures", "*", "id"),
        ("body",): ("pictures", "*", "alt"),
        ("a/b", "*"): ("nowhere", "*"),
        ("body", "no", "further"): None,
    }
    found = [(each.pointer, each.text, each.beside) for each in searched_texts(paths, document, {})]
    assert found == [
        ("/pictures/0/alt", "A", "a"),
        ("/body", "B", "A"),
        ("/a~1b/0", "x", ""),
        ("/a~1b/1", "y", ""),
    ]


@pytest.mark.slow
def test_what_eval_finds_is_searched() -> None:
    """Every place at which a rule of an example finds something is among the texts."""
    found = 0
    for policy, folder in (
        (installed_policy(), EXAMPLES / "post"),
        (Policy.load(FJELLVIK), FJELLVIK / "examples"),
    ):
        for path in sorted(folder.rglob("*.json")):
            document = json.loads(path.read_bytes())
            paths = searched_paths(policy.program, document["kind"])
            texts = {each.pointer for each in searched_texts(paths, document, {})}
            for finding in policy.evaluate(document).findings:
                assert {each.at for each in finding.detections} <= texts
                found += len(finding.detections)
    assert found > 5
