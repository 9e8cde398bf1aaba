"""Every fixed word of `somepolicy compare`, once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from somepolicy.cli.words.common import Count


@dataclass(frozen=True, slots=True)
class CompareWords:
    """The fixed words of one language."""

    changes: Count
    no_changes: Count
    nothing_compared: str
    of: Count
    same_policy: str
    as_of: str
    as_of_own: str
    decisions: str
    answer: Mapping[str, str]
    advisory_answer: Mapping[str, str]
    clauses: str
    status: Mapping[str, str]
    not_cited: str
    others: str
    others_told: Count
    documents: Count
    smallest: str
    edits: str
    no_edits: str
    unshown: str
    unshown_told: str
    sort: Mapping[str, str]
    what: Mapping[str, str]
    text_only: str
    unjudged: Count
    # the heads of tables
    kind: str
    before: str
    after: str
    number: str
    smallest_document: str
    clause: str
    part: str
    edit: str


_NB = CompareWords(
    changes=("{count} dokument får et annet svar", "{count} dokumenter får et annet svar"),
    no_changes=("Dokumentet får samme svar", "Alle de {count} dokumentene får samme svar"),
    nothing_compared="Ingen dokumenter kunne sammenlignes",
    of=("av {count} som er sammenlignet", "av {count} som er sammenlignet"),
    same_policy="De to er én og samme policy, tegn for tegn.",
    as_of="vurdert per {at}",
    as_of_own="vurdert per dokumentets eget tidspunkt, ellers {at}",
    decisions="Beslutninger som endrer seg",
    answer={"allow": "i orden", "deny": "ikke i orden", "invalid": "kan ikke vurderes"},
    advisory_answer={
        "allow": "bryter ingen punkter",
        "deny": "ville brutt punkter",
        "invalid": "kan ikke vurderes",
    },
    clauses="Punkter som endrer status",
    status={
        "violated": "brutt",
        "unproven": "ikke vist",
        "advised": "råd",
        "satisfied": "fulgt",
        "permitted": "tillatt",
        "not_applicable": "gjelder ikke",
        "undecided": "avgjøres ikke",
    },
    not_cited="ikke vist til",
    others="Andre forskjeller i svaret",
    others_told=(
        "{count} dokument har samme beslutning og statuser, men andre funn",
        "{count} dokumenter har samme beslutning og statuser, men andre funn",
    ),
    documents=("{count} dokument", "{count} dokumenter"),
    smallest="minste",
    edits="Endringer i policyen",
    no_edits="Bare kommentarer, oppsett eller rekkefølge er annerledes skrevet.",
    unshown="vises ikke av noe dokument",
    unshown_told="En endring som ikke vises av noe dokument, kan likevel endre svaret for andre.",
    sort={
        "clause": "punkt",
        "rule": "regel",
        "reading": "tolkning",
        "parameter": "parameter",
        "word_list": "ordliste",
        "kind": "dokumenttype",
        "time_zone": "tidssone",
    },
    what={
        "added": "lagt til",
        "removed": "fjernet",
        "renamed": "nytt navn",
        "force": "styrke",
        "place": "plass i teksten",
        "source": "setningens fingeravtrykk",
        "undecided": "om det avgjøres",
        "effect": "virkning",
        "condition": "vilkår",
        "kinds": "dokumenttyper",
        "clauses": "punkter det vises til",
        "readings": "tolkninger den bygger på",
        "value": "verdi",
        "content": "innhold",
        "schema": "skjema",
        "signature": "signatur",
        "wording": "ordlyd",
    },
    text_only="Bare tekst er endret.",
    unjudged=(
        "{count} dokument kan ikke vurderes av noen av dem",
        "{count} dokumenter kan ikke vurderes av noen av dem",
    ),
    kind="Dokumenttype",
    before="Før",
    after="Etter",
    number="Antall",
    smallest_document="Minste dokument",
    clause="Punkt",
    part="Del",
    edit="Endring",
)

_NN = CompareWords(
    changes=("{count} dokument får eit anna svar", "{count} dokument får eit anna svar"),
    no_changes=("Dokumentet får same svar", "Alle dei {count} dokumenta får same svar"),
    nothing_compared="Ingen dokument kunne samanliknast",
    of=("av {count} som er samanlikna", "av {count} som er samanlikna"),
    same_policy="Dei to er éin og same policy, teikn for teikn.",
    as_of="vurdert per {at}",
    as_of_own="vurdert per tidspunktet i dokumentet, elles {at}",
    decisions="Avgjerder som endrar seg",
    answer={"allow": "i orden", "deny": "ikkje i orden", "invalid": "kan ikkje vurderast"},
    advisory_answer={
        "allow": "bryt ingen punkt",
        "deny": "ville ha brote punkt",
        "invalid": "kan ikkje vurderast",
    },
    clauses="Punkt som endrar status",
    status={
        "violated": "brote",
        "unproven": "ikkje vist",
        "advised": "råd",
        "satisfied": "følgt",
        "permitted": "tillate",
        "not_applicable": "gjeld ikkje",
        "undecided": "blir ikkje avgjort",
    },
    not_cited="ikkje vist til",
    others="Andre skilnader i svaret",
    others_told=(
        "{count} dokument har same avgjerd og statusar, men andre funn",
        "{count} dokument har same avgjerd og statusar, men andre funn",
    ),
    documents=("{count} dokument", "{count} dokument"),
    smallest="minste",
    edits="Endringar i policyen",
    no_edits="Berre kommentarar, oppsett eller rekkjefølgje er skrivne annleis.",
    unshown="ikkje vist av noko dokument",
    unshown_told="Ei endring som ikkje noko dokument viser, kan likevel endre svaret for andre.",
    sort={
        "clause": "punkt",
        "rule": "regel",
        "reading": "tolking",
        "parameter": "parameter",
        "word_list": "ordliste",
        "kind": "dokumenttype",
        "time_zone": "tidssone",
    },
    what={
        "added": "lagt til",
        "removed": "fjerna",
        "renamed": "nytt namn",
        "force": "styrke",
        "place": "plass i teksten",
        "source": "fingeravtrykket til setninga",
        "undecided": "om det blir avgjort",
        "effect": "verknad",
        "condition": "vilkår",
        "kinds": "dokumenttypar",
        "clauses": "punkt det blir vist til",
        "readings": "tolkingar han byggjer på",
        "value": "verdi",
        "content": "innhald",
        "schema": "skjema",
        "signature": "signatur",
        "wording": "ordlyd",
    },
    text_only="Berre tekst er endra.",
    unjudged=(
        "{count} dokument kan ikkje vurderast av nokon av dei",
        "{count} dokument kan ikkje vurderast av nokon av dei",
    ),
    kind="Dokumenttype",
    before="Før",
    after="Etter",
    number="Tal",
    smallest_document="Minste dokument",
    clause="Punkt",
    part="Del",
    edit="Endring",
)

_EN = CompareWords(
    changes=("{count} document is answered otherwise", "{count} documents are answered otherwise"),
    no_changes=("The document is answered alike", "All {count} documents are answered alike"),
    nothing_compared="No document could be compared",
    of=("of {count} compared", "of {count} compared"),
    same_policy="The two are one and the same policy, byte for byte.",
    as_of="as of {at}",
    as_of_own="as of each document's own time, else {at}",
    decisions="Decisions that change",
    answer={"allow": "allowed", "deny": "denied", "invalid": "cannot be judged"},
    advisory_answer={
        "allow": "breaks no clause",
        "deny": "would break a clause",
        "invalid": "cannot be judged",
    },
    clauses="Clauses that change status",
    status={
        "violated": "violated",
        "unproven": "unproven",
        "advised": "advised",
        "satisfied": "followed",
        "permitted": "permitted",
        "not_applicable": "not applicable",
        "undecided": "not decided",
    },
    not_cited="not cited",
    others="Other differences in the answer",
    others_told=(
        "{count} document has the same decision and statuses, but other findings",
        "{count} documents have the same decision and statuses, but other findings",
    ),
    documents=("{count} document", "{count} documents"),
    smallest="smallest",
    edits="Edits of the policy",
    no_edits="Only comments, layout or order are written otherwise.",
    unshown="no document shows it",
    unshown_told="An edit that no document shows may still change the answer for others.",
    sort={
        "clause": "clause",
        "rule": "rule",
        "reading": "reading",
        "parameter": "parameter",
        "word_list": "word list",
        "kind": "kind of document",
        "time_zone": "time zone",
    },
    what={
        "added": "added",
        "removed": "removed",
        "renamed": "renamed",
        "force": "force",
        "place": "place in the text",
        "source": "digest of the sentence",
        "undecided": "whether it is decided",
        "effect": "effect",
        "condition": "condition",
        "kinds": "kinds of document",
        "clauses": "clauses cited",
        "readings": "readings relied on",
        "value": "value",
        "content": "content",
        "schema": "schema",
        "signature": "signature",
        "wording": "wording",
    },
    text_only="Only texts have changed.",
    unjudged=(
        "{count} document cannot be judged by either",
        "{count} documents cannot be judged by either",
    ),
    kind="Kind",
    before="Before",
    after="After",
    number="Number",
    smallest_document="Smallest document",
    clause="Clause",
    part="Part",
    edit="Edit",
)

_WORDS: Mapping[str, CompareWords] = MappingProxyType({"nb": _NB, "nn": _NN, "en": _EN})


def compare_words(language: str) -> CompareWords:
    """Return the words of a language; others than these get English."""
    return _WORDS.get(language, _EN)
