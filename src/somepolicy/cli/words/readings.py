"""Every fixed word of `somepolicy readings`, once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from somepolicy.cli.words.common import Count


@dataclass(frozen=True, slots=True)
class ReadingsWords:
    """The fixed words of one language."""

    title: str
    as_of: str
    readings: Count
    standing: Mapping[str, str]
    standing_of: Mapping[str, str]  # with who and when
    counted: Mapping[str, Count]
    no_readings: str
    all_signed: str
    order: str
    moves: str
    relied_on: str
    no_rule: str
    departs: str
    departs_told: str
    tests: str
    tests_told: Count
    no_tests: str
    stands_at: str
    force: Mapping[str, str]
    under: str
    # the heads of the table
    reading: str
    state: str
    rules: str
    denying: str


_NB = ReadingsWords(
    title="Tolkninger i {policy}",
    as_of="per {day}",
    readings=("{count} tolkning", "{count} tolkninger"),
    standing={
        "proposed": "foreslått, ikke signert",
        "dated_ahead": "signert fram i tid",
        "signed": "signert",
    },
    standing_of={
        "proposed": "foreslått, ikke signert",
        "dated_ahead": "signert fram i tid: {by}, {on}",
        "signed": "signert av {by}, {on}",
    },
    counted={
        "proposed": ("{count} foreslått", "{count} foreslåtte"),
        "dated_ahead": ("{count} signert fram i tid", "{count} signerte fram i tid"),
        "signed": ("{count} signert", "{count} signerte"),
    },
    no_readings="Policyen har ingen tolkninger.",
    all_signed="Alle tolkninger er signert.",
    order="De som ikke er signert, står først; blant dem de som flest avslag hviler på.",
    moves="Flytter",
    relied_on="Brukes av",
    no_rule="ingen regel",
    departs="Avvik",
    departs_told="{effect} {rule} på {clause}, som er {force}",
    tests="Tester",
    tests_told=("{count} test prøver reglene", "{count} tester prøver reglene"),
    no_tests="policyen har ingen tester her",
    stands_at="Står i",
    force={
        "must": "skal",
        "must_not": "skal ikke",
        "should": "bør",
        "question": "spørsmål",
        "consider": "vurder",
        "may": "kan",
        "info": "opplysning",
    },
    under="{force} under {lead}",
    reading="Tolkning",
    state="Status",
    rules="Regler",
    denying="Regler som avslår",
)

_NN = ReadingsWords(
    title="Tolkingar i {policy}",
    as_of="per {day}",
    readings=("{count} tolking", "{count} tolkingar"),
    standing={
        "proposed": "føreslått, ikkje signert",
        "dated_ahead": "signert fram i tid",
        "signed": "signert",
    },
    standing_of={
        "proposed": "føreslått, ikkje signert",
        "dated_ahead": "signert fram i tid: {by}, {on}",
        "signed": "signert av {by}, {on}",
    },
    counted={
        "proposed": ("{count} føreslått", "{count} føreslåtte"),
        "dated_ahead": ("{count} signert fram i tid", "{count} signerte fram i tid"),
        "signed": ("{count} signert", "{count} signerte"),
    },
    no_readings="Policyen har ingen tolkingar.",
    all_signed="Alle tolkingane er signerte.",
    order="Dei som ikkje er signerte, står først; blant dei kjem dei som flest avslag kviler på.",
    moves="Flyttar",
    relied_on="Brukt av",
    no_rule="ingen regel",
    departs="Avvik",
    departs_told="{effect} {rule} på {clause}, som er {force}",
    tests="Testar",
    tests_told=("{count} test prøver reglane", "{count} testar prøver reglane"),
    no_tests="policyen har ingen testar her",
    stands_at="Står i",
    force={
        "must": "skal",
        "must_not": "skal ikkje",
        "should": "bør",
        "question": "spørsmål",
        "consider": "vurder",
        "may": "kan",
        "info": "opplysning",
    },
    under="{force} under {lead}",
    reading="Tolking",
    state="Status",
    rules="Reglar",
    denying="Reglar som avslår",
)

_EN = ReadingsWords(
    title="Readings of {policy}",
    as_of="as of {day}",
    readings=("{count} reading", "{count} readings"),
    standing={
        "proposed": "proposed, not signed",
        "dated_ahead": "signed ahead of time",
        "signed": "signed",
    },
    standing_of={
        "proposed": "proposed, not signed",
        "dated_ahead": "signed ahead of time: {by}, {on}",
        "signed": "signed by {by}, {on}",
    },
    counted={
        "proposed": ("{count} proposed", "{count} proposed"),
        "dated_ahead": ("{count} signed ahead of time", "{count} signed ahead of time"),
        "signed": ("{count} signed", "{count} signed"),
    },
    no_readings="The policy has no readings.",
    all_signed="All readings are signed.",
    order="Those not signed come first; among them those that most denials hang on.",
    moves="Moves",
    relied_on="Relied on by",
    no_rule="no rule",
    departs="Departs",
    departs_told="{effect} {rule} on {clause}, which is a {force}",
    tests="Tests",
    tests_told=("{count} test exercises the rules", "{count} tests exercise the rules"),
    no_tests="the policy has no tests here",
    stands_at="Stands in",
    force={
        "must": "must",
        "must_not": "must not",
        "should": "should",
        "question": "question",
        "consider": "consider",
        "may": "may",
        "info": "info",
    },
    under="{force} under {lead}",
    reading="Reading",
    state="Status",
    rules="Rules",
    denying="Rules that deny",
)

_WORDS: Mapping[str, ReadingsWords] = MappingProxyType({"nb": _NB, "nn": _NN, "en": _EN})


def readings_words(language: str) -> ReadingsWords:
    """Return the words of a language; others than these get English."""
    return _WORDS.get(language, _EN)
