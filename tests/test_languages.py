"""Which language stands in for one that a text has not."""

from __future__ import annotations

import pytest

import somepolicy
from somepolicy import in_language
from somepolicy.cli.inputs.language import choose_language
from somepolicy.installed import installed_policy

NB, NN, EN, SE = {"nb": "nb"}, {"nn": "nn"}, {"en": "en"}, {"se": "se"}


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        (NB | NN | EN, "nn", "nn"),
        (SE | NB | EN, "nn", "nb"),
        (SE | NN | EN, "nb", "nn"),
        (SE | EN | NB, "nb-NO", "nb"),
        (SE | EN | NN, "NB-no", "nn"),
        (SE | NN | NB, "no", "nb"),
        ({"nb-NO": "own"} | NB, "nb-NO", "own"),
        (SE | NB | EN, "de", "en"),
        (SE | NB, "de", "se"),
        (SE | NB, "", "se"),
    ],
)
def test_the_nearest_language(text: dict[str, str], language: str, said: str) -> None:
    assert in_language(text, language) == said


def test_a_text_in_no_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="no language"):
        in_language({}, "nb")


def test_a_decision_is_read_in_a_language_that_its_policy_has_not() -> None:
    decision = somepolicy.evaluate({"kind": "private_post", "id": "1", "text": {"body": "Hei"}})
    for text in [x.message for x in decision.findings] + [x.text for x in decision.citations]:
        assert in_language(text, "nn") == text["nb"]


def test_the_surroundings_go_by_the_same_order() -> None:
    policy = installed_policy().evaluator.compiled
    for locale, language in (("no_NO.UTF-8", "nb"), ("nn_NO", "nn"), ("de_DE", "en"), ("C", "en")):
        assert choose_language(None, policy, {"LANG": locale}) == language
