"""`somepolicy digest`: what an attestation on a document has to carry."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Annotated, cast

import typer

from somepolicy.cli.inputs.documents import list_sources
from somepolicy.cli.inputs.language import choose_language
from somepolicy.cli.inputs.options import PolicyOption
from somepolicy.cli.inputs.policies import load_policy
from somepolicy.cli.problems import GOOD, UNUSABLE
from somepolicy.cli.show.errors import show_errors
from somepolicy.cli.show.reasons import Wordings
from somepolicy.cli.terminal import Page, console, write
from somepolicy.documents.reading import Item, read
from somepolicy.engine.errors import DocumentError, InvalidDocument
from somepolicy.policy import Policy


def print_digests(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="JSON or NDJSON files, folders of them, or - for standard input.",
            show_default=False,
        ),
    ],
    *,
    policy: PolicyOption = None,
) -> int:
    """Print the digest of each document's content, for a person to sign.

    Exit code: 0 all were read, 2 one cannot be read or does not fit its schema.
    """
    chosen = load_policy(policy)
    language = choose_language(None, chosen.evaluator.compiled, os.environ)
    errors = Page(console(sys.stderr))
    code = GOOD
    for item in read(list_sources(files)):
        answer = _digest(chosen, item)
        if isinstance(answer, str):
            write(f"{answer}  {item.name}", sys.stdout)
            continue
        show_errors(errors, item, answer, Wordings.of(chosen, language))
        sys.stdout.flush()
        errors.print()
        code = UNUSABLE
    return code


def _digest(policy: Policy, item: Item) -> str | tuple[DocumentError, ...]:
    if item.errors:
        return item.errors
    try:
        return policy.content_digest(cast("Mapping[str, object]", item.document))
    except InvalidDocument as error:
        return error.errors
