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
    },
    entry="oppføring {sequence}",
    span="oppføring {sequence}–{last}",
    more="… og {count} feil til",
    answer={"allow": "I ORDEN", "deny": "IKKE I ORDEN"},
    malformed="UGYLDIG",
    errors="feil: {codes}",
    empty="Loggen har ingen slike oppføringer.",
    exported="somepolicy: skrevet: {count}; slutt {head}",
    dropped="Fjernet: {count}. Kjeden begynner nå etter nummer {pruned}.",
    blanked="Slettet: {count}. Plassen i kjeden står igjen.",
    logged="somepolicy: loggført: {written}; slutt {head}",
    left_out="somepolicy: ikke loggført: {count}, av en type som aldri loggføres, eller uleselig",
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
    },
    entry="oppføring {sequence}",
    span="oppføring {sequence}–{last}",
    more="… og {count} feil til",
    answer={"allow": "I ORDEN", "deny": "IKKJE I ORDEN"},
    malformed="UGYLDIG",
    errors="feil: {codes}",
    empty="Loggen har ingen slike oppføringar.",
    exported="somepolicy: skrive: {count}; slutt {head}",
    dropped="Fjerna: {count}. Kjeda tek no til etter nummer {pruned}.",
    blanked="Sletta: {count}. Plassen i kjeda står att.",
    logged="somepolicy: loggført: {written}; slutt {head}",
    left_out="somepolicy: ikkje loggført: {count}, av ein type som aldri blir loggført, eller uleseleg",
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
    },
    entry="entry {sequence}",
    span="entries {sequence}–{last}",
    more="… and {count} more faults",
    answer={"allow": "ALLOWED", "deny": "DENIED"},
    malformed="INVALID",
    errors="errors: {codes}",
    empty="The log has no such entries.",
    exported="somepolicy: written: {count}; head {head}",
    dropped="Dropped: {count}. The chain now begins after number {pruned}.",
    blanked="Erased: {count}. The place in the chain remains.",
    logged="somepolicy: logged: {written}; head {head}",
    left_out="somepolicy: not logged: {count}, of a kind that never is, or unreadable",
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
