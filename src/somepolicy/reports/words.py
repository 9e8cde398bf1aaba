"""The words that all reports share, once per language. A missing one is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from somepolicy.reports.model import Tone


@dataclass(frozen=True, slots=True)
class Words:
    """The shared words of one language."""

    contents: str
    skip: str
    figures: str
    about: str
    figure: str
    value: str
    note: str
    more: str
    strip: str
    legend: str
    chart: str
    policy: str
    digest: str
    made: str
    with_: str
    not_stated: str
    not_used: str
    total: str
    clause: str
    section: str
    locator: str
    force: str
    status: str
    says: str
    quote: str
    kind: str
    statuses: Mapping[str, str]
    forces: Mapping[str, str]
    effects: Mapping[str, str]

    def status_of(self, name: str) -> str:
        """Return the word for a status; one this version does not know stays as it is."""
        return self.statuses.get(name, name)


_NB = Words(
    contents="Innhold",
    skip="Hopp til innholdet",
    figures="Hovedtall",
    about="Om rapporten",
    figure="Tall",
    value="Verdi",
    note="Merknad",
    more="og {count} til",
    strip="Punktene i retningslinjen, ett felt for hvert punkt",
    legend="Tegnforklaring",
    chart="Søyler for hver måned. Tallene står i tabellen under.",
    policy="Regelsett",
    digest="Regelsettets fingeravtrykk",
    made="Laget",
    with_="Laget med",
    not_stated="ikke oppgitt",
    not_used="ikke brukt",
    total="I alt",
    clause="Punkt",
    section="Del",
    locator="Sted",
    force="Styrke",
    status="Status",
    says="Sier",
    quote="Ordlyd i retningslinjen",
    kind="Gjelder",
    statuses={
        "violated": "brutt",
        "unproven": "ikke vist",
        "advised": "råd",
        "satisfied": "fulgt",
        "permitted": "tillatt",
        "not_applicable": "gjelder ikke",
        "undecided": "avgjøres ikke",
    },
    forces={
        "must": "skal",
        "must_not": "skal ikke",
        "should": "bør",
        "question": "spørsmål",
        "consider": "å vurdere",
        "may": "kan",
        "info": "opplysning",
    },
    effects={
        "require": "krever",
        "forbid": "forbyr",
        "attest": "ber om bekreftelse",
        "advise": "gir råd",
        "permit": "tillater",
    },
)

_EN = Words(
    contents="Contents",
    skip="Skip to the content",
    figures="Key figures",
    about="About this report",
    figure="Figure",
    value="Value",
    note="Note",
    more="and {count} more",
    strip="The clauses of the guideline, one box each",
    legend="Legend",
    chart="A column for each month. The table below has the numbers.",
    policy="Policy",
    digest="Digest of the policy",
    made="Made",
    with_="Made with",
    not_stated="not stated",
    not_used="not used",
    total="Total",
    clause="Clause",
    section="Section",
    locator="Place",
    force="Force",
    status="Status",
    says="Says",
    quote="Wording of the guideline",
    kind="Concerns",
    statuses={
        "violated": "violated",
        "unproven": "unproven",
        "advised": "advised",
        "satisfied": "followed",
        "permitted": "permitted",
        "not_applicable": "not applicable",
        "undecided": "not decided",
    },
    forces={
        "must": "must",
        "must_not": "must not",
        "should": "should",
        "question": "question",
        "consider": "to consider",
        "may": "may",
        "info": "information",
    },
    effects={
        "require": "requires",
        "forbid": "forbids",
        "attest": "asks a person",
        "advise": "advises",
        "permit": "permits",
    },
)

WORDS: Mapping[str, Words] = MappingProxyType({"nb": _NB, "nn": _NB, "en": _EN})

TONES: Mapping[str, Tone] = MappingProxyType(
    {
        "violated": "bad",
        "unproven": "open",
        "advised": "advice",
        "satisfied": "good",
        "permitted": "good",
        "not_applicable": "quiet",
        "undecided": "quiet",
    }
)
STATUSES = tuple(TONES)


def words_for(language: str) -> Words:
    """Return the words of a language; Norwegian ones are alike, others get English."""
    return WORDS.get(language, _EN)


def chosen(table: Mapping[str, str], language: str) -> str:
    """Return a text of the policy in a language, else in the first it has."""
    return table[language] if language in table else next(iter(table.values()), "")
