"""Case and journal numbers, their patterns given, and the years and rules that look alike."""

import pytest

from somepolicy.functions.no.case_numbers import case_numbers
from somepolicy.functions.no.prepare import prepare
from somepolicy.lexicon import Lexicon

NUMBER = r"(?:20)?\d{2}/\d{1,6}(?:-\d{1,4})?"
WORDS = Lexicon(
    "case_numbers",
    "made for this test",
    None,
    {
        "keyword": (
            r"(?:saksn(?:r|ummer)|vår ref(?:eranse)?|ref|arkivsak|journalpost)\.?:? {0,2}" + NUMBER,
            r"esark[- ]\d{2}[-/]\d{4,9}(?:-\d{1,4})?",
            r"20\d{7}-\d{1,4}",
        ),
        "bare": (r"(?:19|20)\d{2}/\d{1,6}(?:-\d{1,4})?",),
        "public": (
            r"sak \d{1,4}/\d{2,4} i (?:bystyret|formannskapet|komit\pL+|utval\pL+)",
            r"forskrift[^\n]{0,60}\d{4}/\d{1,5}",
        ),
    },
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saksnr. 2023/1234", [("strong", "####/####", "2023/1234")]),
        ("saksnummer: 23/1234-5", [("strong", "##/####-#", "23/1234-5")]),
        ("VÅR REF: 2023/12", [("strong", "####/##", "2023/12")]),
        ("ref. 2021/345 og Arkivsak 20/17", [
            ("strong", "####/###", "2021/345"), ("strong", "##/##", "20/17"),
        ]),
        ("ESARK-03-202208131-4", [("strong", "##-#########-#", "03-202208131-4")]),
        ("se 202212345-7", [("strong", "#########-#", "202212345-7")]),
        ("vår<b> ref</b> 2023/&#49;2", [("strong", "####/##", "2023/&#49;2")]),
        ("Se 2022/4567.", [("weak", "####/####", "2022/4567")]),
        ("2022/4567-3", [("weak", "####/####-#", "2022/4567-3")]),
        ("2023/2025", [("weak", "####/####", "2023/2025")]),
        ("saksnr 2023/2024", [("strong", "####/####", "2023/2024")]),
        # false friends
        ("Skoleåret 2023/2024 begynner", []),
        ("budsjettet for 2025/26", []),
        ("1999/00 og 1999/2000", []),
        ("forskrift (EU) nr. 2017/2105", []),
        ("Sak 45/24 i bystyret", []),
        ("Sak 45/2024 i komiteen", []),
        ("ref sak 2024/45", [("weak", "####/##", "2024/45")]),
        ("xsaksnr 23/12", []),
        ("2026/11/22", []),
        ("https://example.org/2026/11/22", []),
        ("12/2022/45", []),
        ("2022/45.5", []),
        ("12022/45", []),
        ("A2022/45", []),
        ("Ingen tall", []),
        ("", []),
    ],
)  # fmt: skip
def test_case_numbers(text: str, expected: list[tuple[str, str, str]]) -> None:
    hits = case_numbers(prepare(text), WORDS)
    assert [(hit.strength, hit.masked, text[slice(*hit.span)]) for hit in hits] == expected


def test_without_patterns_nothing_is_found() -> None:
    empty = Lexicon("case_numbers", "made for this test", None, {})
    assert case_numbers(prepare("saksnr 2023/1234"), empty) == ()
