"""Every fixed word of `somepolicy log`, once per language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from somepolicy.cli.problems import Unusable

_NORWEGIAN = re.compile(r"(nb|nn|no)([_.@-]|$)")


@dataclass(frozen=True, slots=True)
class LogWords:
    """The fixed words of one language."""

    sound: str
    unsound: str
    entries: str
    erased: str
    pruned: str
    signed: str
    unsigned: str
    head: str
    keep_head: str
    fault: Mapping[str, str]
    entry: str
    span: str
    more: str
    answer: Mapping[str, str]
    malformed: str
    errors: str
    empty: str
    exported: str
    dropped: str
    blanked: str
    logged: str
    left_out: str
    refused: str
    flag: str
    notice: str
    read: str
    unread: str
    read_of: str
    first_and_last: str
    from_to: str
    none: str
    end: str
    check: str
    checked: str
    checked_chain: str
    not_whole: str
    not_signed: str
    mixed_zones: str


_NB = LogWords(
    sound="LOGGEN ER HEL",
    unsound="LOGGEN ER ENDRET",
    entries="Oppføringer  {entries}",
    erased="{count} slettet",
    pruned="{count} eldre fjernet",
    signed="Signaturer   kontrollert",
    unsigned="Signaturer   ikke kontrollert, for loggens nøkkel mangler",
    head="Slutt        {head}",
    keep_head="Ta vare på slutten et annet sted. Gi den som --expect-head neste gang; da oppdages det "
    "om loggen er kappet eller byttet ut.",
    fault={
        "altered": "innholdet er et annet enn det som ble loggført",
        "mislabelled": "id eller tid ved siden av innholdet stemmer ikke med det",
        "unreadable": "har ikke formen til en oppføring",
        "unchained": "bygger ikke på oppføringene foran",
        "missing": "er borte",
        "cut": "er borte fra slutten",
        "beyond": "står etter loggens slutt",
        "end": "er ikke den som er ført opp som den siste",
        "unsigned end": "slutten er ikke signert med loggens nøkkel",
        "unsigned beginning": "begynnelsen er ikke signert med loggens nøkkel",
        "unsigned erasure": "er tømt av noe annet enn `log erase`",
        "other head": "er en annen enn den du oppga som slutt",
        "head pruned": "slutten du oppga, er fjernet med det som er eldre",
        "mistyped": "en verdi er lagret med en annen type enn da den ble loggført",
        "kinds": "typene som kan loggføres, er ikke dem loggens nøkkel har signert",
        "foreign": "hører ikke til i loggen",
        "index": "mangler, eller inneholder noe annet enn tabellen sin",
        "replaced": "mangler, eller noe annet er satt i stedet",
    },
    entry="oppføring {sequence}",
    span="oppføring {sequence}–{last}",
    more="… og {count} feil til",
    answer={"allow": "I ORDEN", "deny": "IKKE I ORDEN"},
    malformed="UGYLDIG",
    errors="feil: {codes}",
    empty="Loggen har ingen slike oppføringer.",
    exported="somepolicy: skrevet: {count}; slutt {head}; {check}",
    dropped="Fjernet: {count}. Kjeden begynner nå etter nummer {pruned}.",
    blanked="Slettet: {count}. Plassen i kjeden står igjen.",
    logged="somepolicy: loggført: {written}; slutt {head}",
    left_out="somepolicy: ikke loggført: {count}, av en type som aldri loggføres, eller uleselig",
    refused="somepolicy: loggen er endret: {what}. La den være som den er, og se "
    "`somepolicy log verify`",
    flag="; med --unverified går kommandoen videre likevel",
    notice="LOGGEN ER ENDRET, og det som står her, er ikke til å stole på: {what}. "
    "Se `somepolicy log verify`.",
    read="Oppføringer lest",
    unread="Kan ikke leses",
    read_of="{count} av {all}",
    first_and_last="Første og siste",
    from_to="nr. {first} ({since}) til nr. {last} ({until})",
    none="ingen",
    end="Loggens slutt",
    check="Kontroll av loggen",
    checked="hel: kjeden og signaturene er kontrollert",
    checked_chain="kjeden er hel; signaturene er ikke kontrollert, for loggens nøkkel mangler",
    not_whole="ENDRET: feil: {count}, den første: {what}",
    not_signed="; signaturene er ikke kontrollert, for loggens nøkkel mangler",
    mixed_zones="Dager regnes i UTC, for oppføringene i loggen har ikke samme tidssone.",
)

_NN = LogWords(
    sound="LOGGEN ER HEIL",
    unsound="LOGGEN ER ENDRA",
    entries="Oppføringar  {entries}",
    erased="{count} sletta",
    pruned="{count} eldre fjerna",
    signed="Signaturar   kontrollerte",
    unsigned="Signaturar   ikkje kontrollerte, for nøkkelen til loggen manglar",
    head="Slutt        {head}",
    keep_head="Ta vare på slutten ein annan stad. Gi han som --expect-head neste gong; då blir det "
    "oppdaga om loggen er kappa eller bytt ut.",
    fault={
        "altered": "innhaldet er eit anna enn det som vart loggført",
        "mislabelled": "id eller tid ved sida av innhaldet stemmer ikkje med det",
        "unreadable": "har ikkje forma til ei oppføring",
        "unchained": "byggjer ikkje på oppføringane framfor",
        "missing": "er borte",
        "cut": "er borte frå slutten",
        "beyond": "står etter slutten av loggen",
        "end": "er ikkje den som er ført opp som den siste",
        "unsigned end": "slutten er ikkje signert med nøkkelen til loggen",
        "unsigned beginning": "starten er ikkje signert med nøkkelen til loggen",
        "unsigned erasure": "er tømt av noko anna enn `log erase`",
        "other head": "er ein annan enn den du oppgav som slutt",
        "head pruned": "slutten du oppgav, er fjerna med det som er eldre",
        "mistyped": "ein verdi er lagra med ein annan type enn då han vart loggført",
        "kinds": "typane som kan loggførast, er ikkje dei som nøkkelen til loggen har signert",
        "foreign": "høyrer ikkje heime i loggen",
        "index": "manglar, eller inneheld noko anna enn tabellen sin",
        "replaced": "manglar, eller noko anna er sett i staden",
    },
    entry="oppføring {sequence}",
    span="oppføring {sequence}–{last}",
    more="… og {count} feil til",
    answer={"allow": "I ORDEN", "deny": "IKKJE I ORDEN"},
    malformed="UGYLDIG",
    errors="feil: {codes}",
    empty="Loggen har ingen slike oppføringar.",
    exported="somepolicy: skrive: {count}; slutt {head}; {check}",
    dropped="Fjerna: {count}. Kjeda tek no til etter nummer {pruned}.",
    blanked="Sletta: {count}. Plassen i kjeda står att.",
    logged="somepolicy: loggført: {written}; slutt {head}",
    left_out="somepolicy: ikkje loggført: {count}, av ein type som aldri blir loggført, eller uleseleg",
    refused="somepolicy: loggen er endra: {what}. Lat han vere som han er, og sjå "
    "`somepolicy log verify`",
    flag="; med --unverified går kommandoen vidare likevel",
    notice="LOGGEN ER ENDRA, og det som står her, er ikkje til å lite på: {what}. "
    "Sjå `somepolicy log verify`.",
    read="Oppføringar lesne",
    unread="Kan ikkje lesast",
    read_of="{count} av {all}",
    first_and_last="Første og siste",
    from_to="nr. {first} ({since}) til nr. {last} ({until})",
    none="ingen",
    end="Slutten på loggen",
    check="Kontroll av loggen",
    checked="heil: kjeda og signaturane er kontrollerte",
    checked_chain="kjeda er heil; signaturane er ikkje kontrollerte, for nøkkelen til loggen manglar",
    not_whole="ENDRA: feil: {count}, den første: {what}",
    not_signed="; signaturane er ikkje kontrollerte, for nøkkelen til loggen manglar",
    mixed_zones="Dagar blir rekna i UTC, for oppføringane i loggen har ikkje same tidssone.",
)

_EN = LogWords(
    sound="THE LOG IS WHOLE",
    unsound="THE LOG WAS ALTERED",
    entries="Entries     {entries}",
    erased="{count} erased",
    pruned="{count} older ones dropped",
    signed="Signatures  checked",
    unsigned="Signatures  not checked, for the key of the log is missing",
    head="Head        {head}",
    keep_head="Keep the head elsewhere. Give it as --expect-head next time, and a log that was cut or "
    "replaced is noticed.",
    fault={
        "altered": "the content is not what was logged",
        "mislabelled": "the id or time beside the content is not the content's",
        "unreadable": "is not in the form of an entry",
        "unchained": "does not follow from the entries before it",
        "missing": "gone",
        "cut": "gone from the end",
        "beyond": "after the end of the log",
        "end": "is not the one recorded as the last",
        "unsigned end": "the end was not signed with the key of the log",
        "unsigned beginning": "the beginning was not signed with the key of the log",
        "unsigned erasure": "was blanked by something else than `log erase`",
        "other head": "is not the one you expected as head",
        "head pruned": "the head you expected was dropped with what is older",
        "mistyped": "a value is kept as another type than was logged",
        "kinds": "the kinds that may be logged are not those signed with the key of the log",
        "foreign": "does not belong in the log",
        "index": "is missing, or does not hold what its table holds",
        "replaced": "is missing, or something else stands in its place",
    },
    entry="entry {sequence}",
    span="entries {sequence}–{last}",
    more="… and {count} more faults",
    answer={"allow": "ALLOWED", "deny": "DENIED"},
    malformed="INVALID",
    errors="errors: {codes}",
    empty="The log has no such entries.",
    exported="somepolicy: written: {count}; head {head}; {check}",
    dropped="Dropped: {count}. The chain now begins after number {pruned}.",
    blanked="Erased: {count}. The place in the chain remains.",
    logged="somepolicy: logged: {written}; head {head}",
    left_out="somepolicy: not logged: {count}, of a kind that never is, or unreadable",
    refused="somepolicy: the log was altered: {what}. Keep it as it is, and see "
    "`somepolicy log verify`",
    flag="; with --unverified the command goes on all the same",
    notice="THE LOG WAS ALTERED, and what stands here cannot be relied on: {what}. "
    "See `somepolicy log verify`.",
    read="Entries read",
    unread="Not readable",
    read_of="{count} of {all}",
    first_and_last="First and last",
    from_to="number {first} ({since}) to number {last} ({until})",
    none="none",
    end="Head of the log",
    check="Check of the log",
    checked="whole: the chain and the signatures were checked",
    checked_chain="the chain is whole; signatures were not checked, for the key of the log is missing",
    not_whole="ALTERED: faults: {count}, the first: {what}",
    not_signed="; signatures were not checked, for the key of the log is missing",
    mixed_zones="Days are taken in UTC, for the entries of the log do not share a time zone.",
)

_WORDS: Mapping[str, LogWords] = MappingProxyType({"nb": _NB, "nn": _NN, "en": _EN})


def log_words_for(language: str) -> LogWords:
    """Return the words of a language; others than these get English."""
    return _WORDS.get(language, _EN)


def log_language(asked: str | None, environ: Mapping[str, str]) -> str:
    """Return the language asked for, else the Norwegian of the surroundings, else English."""
    if asked is not None:
        if asked not in _WORDS:
            known = ", ".join(_WORDS)
            raise Unusable(f"somepolicy: there are no words in `{asked}`, but in {known}")
        return asked
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environ[name] for name in names if environ.get(name)), "")
    norwegian = _NORWEGIAN.match(locale.lower())
    if norwegian is None:
        return "en"
    return "nn" if norwegian[1] == "nn" else "nb"
