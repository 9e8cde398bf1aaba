"""Accounts, KID, organisation numbers, IBAN and cards; every number is computed here."""

import datetime
import random
import re

import pytest

from somepolicy.functions.detection import Detection
from somepolicy.functions.no import accounts
from somepolicy.functions.no.identity import number_strength
from somepolicy.functions.no.numbers import luhn, mod11
from somepolicy.functions.no.prepare import prepare
from somepolicy.lexicon import Lexicon

DAY = datetime.date(2026, 11, 22)
WORDS = Lexicon(
    "numbers",
    "made for this test",
    None,
    {
        "bank_account": ("konto", "kontonummer", "kontonr", "bankgiro"),
        "kid": ("kid", "kid-nummer"),
        "organisation_number": ("orgnr", "org.nr", "organisasjonsnummer"),
        "amount": ("kr", "kroner", "nok", "mill"),
    },
)
NO_WORDS = Lexicon("numbers", "made for this test", None, {})


def completed(stem: str, right) -> str:
    """Return the stem with the last digits, counted up, that make it right."""
    return next(
        number for last in range(100) for number in (f"{stem[:-1]}{last:02}",) if right(number)
    )


def is_account(number: str) -> bool:
    return mod11(number, accounts._ACCOUNT_WEIGHTS)


ACCOUNT = completed("9999999990", is_account)
ORGANISATION = completed("91234560", lambda number: mod11(number, accounts._ORGANISATION_WEIGHTS))
IDENTITY = next(
    number
    for tail in range(100_000)
    if number_strength(number := f"158859{tail:05}", synthetic=True, day=DAY) == "hard"
)


def shape(hits: tuple[Detection, ...]) -> list[tuple[str, str]]:
    assert all(hit.version == "1" and hit.at == "" for hit in hits)
    assert not any(map(str.isdigit, "".join(hit.masked for hit in hits)))
    return [(hit.strength, hit.masked) for hit in hits]


# --- bank accounts

A, B, C = ACCOUNT[:4], ACCOUNT[4:6], ACCOUNT[6:]
DOTTED, SPACED = f"{A}.{B}.{C}", f"{A} {B} {C}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Støtt oss: {DOTTED}", [("weak", "####.##.#####")]),
        (f"Støtt oss: {SPACED}", [("weak", "#### ## #####")]),
        (f"Konto {DOTTED}", [("strong", "####.##.#####")]),
        (f"kontonummer: {ACCOUNT}", [("strong", "###########")]),
        (f"Kontonr. {A}-{B}-{C}", [("strong", "####-##-#####")]),
        (f"til KONTO nr.\u00a0{SPACED}!", [("strong", "#### ## #####")]),
        (f"<b>konto</b> {A}&#46;{B}.{C}", [("strong", "####.##.#####")]),
        (f"Støtt oss: {ACCOUNT}", []),
        (f"på kontoret {ACCOUNT}", []),
        (f"min konto 1, men {ACCOUNT}", []),
        (f"{A}.{B} {C}", []),
        (f"konto {ACCOUNT}1", []),
        (f"konto {A}.{B}.{int(C) - 1:05}", []),
        (f"konto {IDENTITY}", []),
        (f"konto {IDENTITY[:4]}.{IDENTITY[4:6]}.{IDENTITY[6:]}", []),
    ],
)
def test_bank_accounts(text: str, expected: list[tuple[str, str]]) -> None:
    assert shape(accounts.bank_accounts(prepare(text), WORDS, DAY)) == expected


def test_a_bank_account_without_a_word_list_needs_its_form() -> None:
    prepared = prepare(f"konto {DOTTED}, konto {ACCOUNT}")
    assert shape(accounts.bank_accounts(prepared, NO_WORDS, DAY)) == [("weak", "####.##.#####")]


def test_the_form_of_an_account_outweighs_the_rule_of_2032() -> None:
    number = next(
        number
        for tail in range(100_000)
        if number_strength(number := f"158859{tail:05}", synthetic=True, day=DAY) == "strong"
    )
    text = f"{number[:4]}.{number[4:6]}.{number[6:]}"
    assert shape(accounts.bank_accounts(prepare(text), WORDS, DAY)) == [("weak", "####.##.#####")]


# --- KID

KID10 = completed("123456789", luhn)
KID11 = completed("987654321", lambda number: accounts._weighted_from_right(number, 0) == 0)
KID_HYPHEN = next(
    str(number)
    for number in range(12345678, 12345800)
    if accounts._weighted_from_right(str(number), 1) == 1 and not luhn(str(number))
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"KID: {KID10}", [("weak", "##########")]),
        (f"kid-nummer {KID11}", [("weak", "##########")]),
        (f"KID {KID10[:4]} {KID10[4:]} innen fredag", [("weak", "#### ######")]),
        (f"KID {KID_HYPHEN}-", [("weak", "########-")]),
        (f"Nummer {KID10}", []),
        (f"KID {KID_HYPHEN}", []),
        ("KID " + "0" * 26, []),
        (f"kidnapping {KID10}", []),
    ],
)
def test_kids(text: str, expected: list[tuple[str, str]]) -> None:
    assert shape(accounts.kids(prepare(text), WORDS)) == expected


def test_a_kid_needs_its_word() -> None:
    assert accounts.kids(prepare(f"KID {KID10}"), NO_WORDS) == ()


# --- organisation numbers

O1, O2, O3 = ORGANISATION[:3], ORGANISATION[3:6], ORGANISATION[6:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Vi er {O1} {O2} {O3}.", [("weak", "### ### ###")]),
        (f"Orgnr {ORGANISATION}", [("weak", "#########")]),
        (f"Org.nr.: NO {O1} {O2} {O3} MVA", [("weak", "### ### ###")]),
        (f"nummer {ORGANISATION}", []),
        (f"kr {O1} {O2} {O3}", []),
        (f"{O1} {O2} {O3} kroner", []),
        (f"{O1} {O2} {O3},-", []),
        (f"orgnr {int(ORGANISATION) + 1}", []),
        (f"{O1}.{O2}.{O3}", []),
    ],
)
def test_organisation_numbers(text: str, expected: list[tuple[str, str]]) -> None:
    assert shape(accounts.organisation_numbers(prepare(text), WORDS)) == expected


# --- IBAN


def iban(country: str, account: str) -> str:
    rest = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{country}{98 - int(rest) % 97:02}{account}"


NORWEGIAN = iban("NO", ACCOUNT)
SPLIT = " ".join(re.findall(".{1,4}", NORWEGIAN))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"IBAN {NORWEGIAN}.", [("strong", "xx#############")]),
        (f"IBAN: {SPLIT}", [("strong", "xx## #### #### ###")]),
        (f"iban {NORWEGIAN.lower()}", [("strong", "xx#############")]),
        (iban("GB", "WEST12345698765432"), [("strong", "xx##xxxx##############")]),
        (f"{NORWEGIAN}0", []),
        (f"A{NORWEGIAN}", []),
        (NORWEGIAN[:-1], []),
        (NORWEGIAN.replace("NO", "SE"), []),
        (f"{NORWEGIAN[:-1]}{(int(NORWEGIAN[-1]) + 1) % 10}", []),
        ("no 15 barn, NO15", []),
    ],
)
def test_ibans(text: str, expected: list[tuple[str, str]]) -> None:
    assert shape(accounts.ibans(prepare(text))) == expected


# --- cards

VISA = completed("400000000000000", luhn)
AMEX = completed("37000000000000", luhn)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"kort {VISA}", [("strong", "################")]),
        (" ".join(re.findall("....", VISA)), [("strong", "#### #### #### ####")]),
        ("-".join(re.findall("....", VISA)), [("strong", "####-####-####-####")]),
        (f"{AMEX[:4]} {AMEX[4:10]} {AMEX[10:]}", [("strong", "#### ###### #####")]),
        (completed("550000000000000", luhn), [("strong", "################")]),
        (completed("900000000000000", luhn), []),
        (str(int(VISA) + 1), []),
        (f"{VISA}1", []),
        (f"KID {VISA}", []),
        (f"https://example.org/{VISA}", []),
        (f"{VISA[:8]} {VISA[8:]}", []),
    ],
)
def test_payment_cards(text: str, expected: list[tuple[str, str]]) -> None:
    assert shape(accounts.payment_cards(prepare(text), WORDS)) == expected


# --- proved against python-stdnum

STDNUM = "python-stdnum is not installed: the arithmetic is not compared with it"


@pytest.mark.slow
def test_check_digits_agree_with_stdnum() -> None:
    pytest.importorskip("stdnum.no.kontonr", reason=STDNUM)
    from stdnum import iban as stdnum_iban
    from stdnum import luhn as stdnum_luhn
    from stdnum.no import kontonr, orgnr

    source = random.Random(20261122)
    for _ in range(20_000):
        account = f"{source.randrange(10**7, 10**11):011}"
        if not account.startswith("0000"):  # postgiro, which python-stdnum cuts to seven digits
            assert is_account(account) == kontonr.is_valid(account)
        organisation = f"{source.randrange(10**9):09}"
        right = mod11(organisation, accounts._ORGANISATION_WEIGHTS)
        assert right == orgnr.is_valid(organisation)
        number = str(source.randrange(10, 10 ** source.randrange(2, 20)))
        assert luhn(number) == stdnum_luhn.is_valid(number)
        code = f"NO{source.randrange(100):02}{account}"
        if is_account(account) and not account.startswith("0000"):
            assert accounts._mod97(code) == stdnum_iban.is_valid(code)


def test_lengths_of_ibans_agree_with_stdnum() -> None:
    pytest.importorskip("stdnum.iban", reason=STDNUM)
    from stdnum import iban as stdnum_iban

    for country, length in accounts._IBAN_LENGTHS.items():
        ((_, info),) = stdnum_iban._ibandb.info(country + "00")[:1]
        parts = re.findall(r"(\d+)!?[nac]", info["bban"])
        assert length == 4 + sum(map(int, parts)), country
