"""Telephone numbers and e-mail addresses, and the many things that only look like them."""

import pytest

from somepolicy.functions.no.contacts import emails, telephones
from somepolicy.functions.no.prepare import prepare
from somepolicy.lexicon import Lexicon

WORDS = Lexicon(
    "contacts",
    "made for this test",
    None,
    {
        "amount": ("kr", "kroner", "nok"),
        "telephones": ("53 00 00 00", "+47 5301*"),
        "role_mailboxes": ("post", "postmottak", "@kultur.example.org", "ola@example.net"),
    },
)


def shown(hits, text: str) -> list[str]:
    assert {hit.strength for hit in hits} <= {"weak"}
    assert not any(char.isalnum() for hit in hits for char in hit.masked.replace("x", ""))
    return [text[slice(*hit.span)] for hit in hits]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # Nkom keeps 68 05 00 00 to 68 05 99 99 for film and television
        ("Ring 68051234.", ["68051234"]),
        ("Ring 68 05 12 34!", ["68 05 12 34"]),
        ("Ring 680 51 234", ["680 51 234"]),
        ("Ring 68.05.12.34", ["68.05.12.34"]),
        ("tlf:68051234", ["68051234"]),
        ("(+47) 68 05 12 34", ["47) 68 05 12 34"]),
        ("+47 68051234", ["47 68051234"]),
        ("+4768051234", ["4768051234"]),
        ("0047 680 51 234", ["0047 680 51 234"]),
        ("004768051234", ["004768051234"]),
        ("+46 8 123 456 78", ["46 8 123 456 78"]),
        ("68\u00a005\u200b\u00a012 34", ["68\u00a005\u200b\u00a012 34"]),
        ("68051234 eller 68 05 12 35", ["68051234", "68 05 12 35"]),
        ("68051234/35", ["68051234"]),
        ("rom 5, 68051234", ["68051234"]),
        ("billett 200 kr, ring 68051234", ["68051234"]),
        # allow-list
        ("Ring 53 00 00 00 eller +47 53000000", []),
        ("Ring 53 01 23 45", []),
        # false friends
        ("", []),
        ("kl. 12.30-14.00 den 22.11.2026", []),
        ("22.11.26, 2026-11-22, 20261122, 22112026", []),
        ("2024 2025", []),
        ("68051234 kr", []),
        ("kr 68 05 12 34", []),
        ("NOK 68051234,50", []),
        ("68051234,-", []),
        ("68051234 %", []),
        ("2026/68051234", []),
        ("68051234-1", []),
        ("2026-68051234", []),
        ("https://example.org/68051234", []),
        ("?id=68051234", []),
        ("#68051234", []),
        ("AB68051234", []),
        ("68051234ab", []),
        ("680512345", []),
        ("6805123", []),
        ("08051234", []),
        ("18051234", []),
        ("68 05 12 34 56 78", []),
        ("15 68 05 12 34", []),
        ("68 05-12 34", []),
        ("+47 123", []),
        ("1+1 = 2", []),
        ("00 12", []),
    ],
)
def test_telephones(text: str, numbers: list[str]) -> None:
    assert shown(telephones(prepare(text), WORDS), text) == numbers


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Skriv til kari.nordmann@example.org.", ["kari.nordmann@example.org"]),
        ("Kari <kari@example.org>", ["kari@example.org"]),
        ("mailto:kari@example.org?subject=x", ["kari@example.org"]),
        (
            "kari+x@post.example.org, per@example.org",
            ["kari+x@post.example.org", "per@example.org"],
        ),
        ("kari&#64;example.org", ["kari&#64;example.org"]),
        ("kåre@blåbær.example.org", ["kåre@blåbær.example.org"]),
        ("'kari@example.org'", ["kari@example.org"]),
        # allow-list
        ("post@example.org, POSTMOTTAK@example.org", []),
        ("kari@kultur.example.org og ola@example.net", []),
        # false friends
        ("", []),
        ("@kommunen", []),
        ("@kari@example.org", []),
        ("https://kari@example.org/", []),
        ("kari@example", []),
        ("kari@.org", []),
        ("kari@example.1", []),
        ("@", []),
        ("a" * 65 + "@example.org", []),
        ("kari.@example.org", []),
        ("kl@12.30", []),
    ],
)
def test_emails(text: str, addresses: list[str]) -> None:
    assert shown(emails(prepare(text), WORDS), text) == addresses


def test_an_address_shows_nothing_of_itself() -> None:
    assert [hit.masked for hit in emails(prepare("kari@example.org"), WORDS)] == ["…@…"]
