"""Every fixed word of `somepolicy source`, once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Count = tuple[str, str]  # for one, for several; `{count}` is the number


@dataclass(frozen=True, slots=True)
class SourceWords:
    """The fixed words of one language."""

    faithful: str
    drifted: str
    all_accounted: str
    clauses: Count
    units: Count
    counts: Mapping[str, Count]  # of clauses by status, and of new units
    compared: str
    # groups
    groups: Mapping[str, str]
    lead_in: str
    section: str
    heading: Mapping[str, str]
    # rows
    what: str
    how: Mapping[str, str]
    force_words: str
    nothing: str
    basis: Mapping[str, str]
    now: str
    at_digest: str
    before: str
    after: str
    rules: str
    readings: str
    tests: str
    more: str
    # advice at the end
    try_old: str
    follow: str
    # source show
    no_heading: str
    stands_now: str
    not_the_same: str
    is_gone: str

    def count(self, forms: Count, number: int) -> str:
        """Fill in a number and choose the form that goes with it."""
        return forms[number != 1].format(count=number)


_NB = SourceWords(
    faithful="UENDRET",
    drifted="ENDRET",
    all_accounted="Hvert punkt står der policyen sier, og hver setning er gjort rede for.",
    clauses=("{count} punkt", "{count} punkter"),
    units=("{count} setning", "{count} setninger"),
    counts={
        "unchanged": ("{count} uendret", "{count} uendret"),
        "moved": ("{count} flyttet", "{count} flyttet"),
        "changed": ("{count} endret", "{count} endret"),
        "gone": ("{count} borte", "{count} borte"),
        "new": ("{count} ny setning", "{count} nye setninger"),
        "headings": ("{count} overskrift", "{count} overskrifter"),
    },
    compared="sammenlignet med en tidligere utgave, som har {known} av {all} setninger",
    groups={
        "changed": "Endret",
        "gone": "Borte",
        "reordered": "Flyttet til et annet sted i rekkefølgen",
        "renumbered": "Samme ord i samme rekkefølge, nytt nummer",
        "new": "Nytt, ikke gjort rede for av noe punkt",
        "headings": "Overskrifter",
    },
    lead_in="innledning til liste",
    section="del {number}",
    heading={
        "moved": "overskriften står nå over del {now}",
        "renamed": "overskriften er endret",
        "gone": "overskriften er borte",
        "new": "ny overskrift",
    },
    what="Hva",
    how={
        "wording": "ordlyden er endret",
        "punctuation": "bare tegnsettingen er endret",
        "capitals": "bare store og små bokstaver er endret",
        "force": "et ord som styrer kravet er endret",
        "added": "ord er lagt til",
        "removed": "ord er tatt bort",
        "split": "delt i {count}",
        "merged": "slått sammen med en nabo",
        "reordered": "flyttet",
        "renumbered": "fått nytt nummer",
    },
    force_words="{before} → {after}",
    nothing="(ingenting)",
    basis={
        "digest": "sikkert",
        "likeness": "etter likhet med den tidligere utgaven",
        "place": "antatt ut fra stedet",
    },
    now="Nå",
    at_digest="at {locator} digest {digest}",
    before="Før",
    after="Etter",
    rules="Regler",
    readings="Lesemåter",
    tests="Tester",
    more="og {count} til",
    try_old="Med --old og den tidligere utgaven kan det som er antatt, avgjøres sikrere.",
    follow="Når reglene følger den nye teksten, skrives stedene ovenfor inn i clauses.pol.",
    no_heading="uten overskrift",
    stands_now="policyen sier {before}; teksten står nå ved {after}",
    not_the_same="{clause} ({locator}) er endret her: {why}. Se somepolicy source verify.",
    is_gone="ordene er borte",
)

_NN = SourceWords(
    faithful="UENDRA",
    drifted="ENDRA",
    all_accounted="Kvart punkt står der policyen seier, og kvar setning er gjord greie for.",
    clauses=("{count} punkt", "{count} punkt"),
    units=("{count} setning", "{count} setningar"),
    counts={
        "unchanged": ("{count} uendra", "{count} uendra"),
        "moved": ("{count} flytta", "{count} flytta"),
        "changed": ("{count} endra", "{count} endra"),
        "gone": ("{count} borte", "{count} borte"),
        "new": ("{count} ny setning", "{count} nye setningar"),
        "headings": ("{count} overskrift", "{count} overskrifter"),
    },
    compared="samanlikna med ei tidlegare utgåve, som har {known} av {all} setningar",
    groups={
        "changed": "Endra",
        "gone": "Borte",
        "reordered": "Flytta til ein annan stad i rekkjefølgja",
        "renumbered": "Same ord i same rekkjefølgje, nytt nummer",
        "new": "Nytt, ikkje gjort greie for av noko punkt",
        "headings": "Overskrifter",
    },
    lead_in="innleiing til liste",
    section="del {number}",
    heading={
        "moved": "overskrifta står no over del {now}",
        "renamed": "overskrifta er endra",
        "gone": "overskrifta er borte",
        "new": "ny overskrift",
    },
    what="Kva",
    how={
        "wording": "ordlyden er endra",
        "punctuation": "berre teiknsetjinga er endra",
        "capitals": "berre store og små bokstavar er endra",
        "force": "eit ord som styrer kravet, er endra",
        "added": "ord er lagde til",
        "removed": "ord er tekne bort",
        "split": "delt i {count}",
        "merged": "slått saman med ein nabo",
        "reordered": "flytta",
        "renumbered": "fått nytt nummer",
    },
    force_words="{before} → {after}",
    nothing="(ingenting)",
    basis={
        "digest": "sikkert",
        "likeness": "etter likskap med den tidlegare utgåva",
        "place": "rekna ut frå staden",
    },
    now="No",
    at_digest="at {locator} digest {digest}",
    before="Før",
    after="Etter",
    rules="Reglar",
    readings="Tolkingar",
    tests="Testar",
    more="og {count} til",
    try_old="Med --old og den tidlegare utgåva kan det som er rekna ut, avgjerast sikrare.",
    follow="Når reglane følgjer den nye teksten, skriv du stadene ovanfor inn i clauses.pol.",
    no_heading="utan overskrift",
    stands_now="policyen seier {before}; teksten står no ved {after}",
    not_the_same="{clause} ({locator}) er endra her: {why}. Sjå somepolicy source verify.",
    is_gone="orda er borte",
)

_EN = SourceWords(
    faithful="UNCHANGED",
    drifted="DRIFTED",
    all_accounted="Every clause stands where the policy says, and every sentence is accounted for.",
    clauses=("{count} clause", "{count} clauses"),
    units=("{count} sentence", "{count} sentences"),
    counts={
        "unchanged": ("{count} unchanged", "{count} unchanged"),
        "moved": ("{count} moved", "{count} moved"),
        "changed": ("{count} changed", "{count} changed"),
        "gone": ("{count} gone", "{count} gone"),
        "new": ("{count} new sentence", "{count} new sentences"),
        "headings": ("{count} heading", "{count} headings"),
    },
    compared="compared with an earlier copy, which has {known} of {all} sentences",
    groups={
        "changed": "Changed",
        "gone": "Gone",
        "reordered": "Moved to another place in the order",
        "renumbered": "Same words in the same order, other number",
        "new": "New, no clause accounts for it",
        "headings": "Headings",
    },
    lead_in="lead-in",
    section="section {number}",
    heading={
        "moved": "the heading stands over section {now} now",
        "renamed": "the heading is renamed",
        "gone": "the heading is gone",
        "new": "new heading",
    },
    what="What",
    how={
        "wording": "the wording changed",
        "punctuation": "only punctuation changed",
        "capitals": "only capital letters changed",
        "force": "a word that governs the force changed",
        "added": "words were added",
        "removed": "words were left out",
        "split": "split in {count}",
        "merged": "merged with a neighbour",
        "reordered": "moved",
        "renumbered": "renumbered",
    },
    force_words="{before} → {after}",
    nothing="(nothing)",
    basis={
        "digest": "certain",
        "likeness": "by likeness to the earlier copy",
        "place": "taken from its place",
    },
    now="Now",
    at_digest="at {locator} digest {digest}",
    before="Before",
    after="After",
    rules="Rules",
    readings="Readings",
    tests="Tests",
    more="and {count} more",
    try_old="With --old and the earlier copy, what is taken from the place can be told more surely.",
    follow="Once the rules follow the new text, write the places above into clauses.pol.",
    no_heading="no heading",
    stands_now="the policy says {before}; the words stand at {after} now",
    not_the_same="{clause} ({locator}) is not the same here: {why}. See somepolicy source verify.",
    is_gone="the words are gone",
)

_WORDS: Mapping[str, SourceWords] = MappingProxyType({"nb": _NB, "nn": _NN, "en": _EN})


def source_words(language: str) -> SourceWords:
    """Return the words of a language; others than these get English."""
    return _WORDS.get(language, _EN)
