"""The words of the report on one decision, once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """The words of one language."""

    title: str
    private_title: str
    document: str
    content: str
    as_of: str
    sources: Mapping[str, str]
    engine: str
    answer: str
    allowed: str
    denied: str
    breaks_nothing: str
    would_break: str
    reasons: Mapping[str, str]
    blocking: str
    private_blocking: str
    advice: str
    cited: str
    cited_note: str
    blocking_text: str
    private_text: str
    blocking_table: str
    no_blocking: str
    finding: str
    outcome: str
    waits: str
    clauses: str
    readings: str
    where: str
    because: str
    missing: str
    unset: str
    lacks_value: str
    not_counted: str
    why_not: Mapping[str, str]
    found: str
    to_do: str
    rule: str
    missing_title: str
    missing_text: str
    field: str
    at: str
    no_missing: str
    sign_title: str
    sign_text: str
    asks: str
    answer_yes: str
    answer_no: str
    clears: str
    roles: str
    or_: str
    no_sign: str
    advice_title: str
    advice_text: str
    no_advice: str
    clauses_title: str
    clauses_text: str
    clauses_table: str
    no_clauses: str
    reason: str
    remarks: str
    assumed: str
    absent: str
    unregulated: str
    none: str
    detection: str
    strengths: Mapping[str, str]


_NB = DecisionWords(
    title="Avgjørelse",
    private_title="Egen sjekk av et privat innlegg",
    document="Dokument",
    content="Innholdets fingeravtrykk",
    as_of="Vurdert per",
    sources={
        "caller": "{at}, som oppgitt",
        "document": "{at}, fra dokumentet",
        "clock": "{at}, da den ble laget",
    },
    engine="Motor",
    answer="Svar",
    allowed="I orden",
    denied="Ikke i orden",
    breaks_nothing="Bryter ingen punkter",
    would_break="Ville brutt retningslinjen",
    reasons={
        "allow": "Ingenting i retningslinjen står i veien.",
        "violated": "Retningslinjen er ikke fulgt.",
        "unproven": "Opplysninger eller bekreftelser mangler.",
        "private_allow": "Slik det står nå, holder innlegget seg til retningslinjen.",
        "private_deny": "Slik det står nå, ville innlegget brutt retningslinjen.",
    },
    blocking="Står i veien",
    private_blocking="Bør endres",
    advice="Råd",
    cited="Punkter vist til",
    cited_note="av {count} i retningslinjen",
    blocking_text="Hvert avvik med punktet det gjelder, hva det bygger på, og hva som må til.",
    private_text="Hvert avvik med punktet det gjelder, hva det bygger på, og hva som kan endres.",
    blocking_table="Avvik",
    no_blocking="Ingenting står i veien.",
    finding="Avvik",
    outcome="Utfall",
    waits="venter på bekreftelse",
    clauses="Punkter",
    readings="Lesemåter",
    where="Hvor",
    because="Fordi",
    missing="Mangler",
    unset="parameteren {name}, som ikke har noen verdi før {day}",
    lacks_value="Regelverket har ennå ingen verdi som gjelder denne dagen.",
    not_counted="Bekreftelser som ikke teller",
    why_not={
        "content": "innholdet er et annet enn det som ble bekreftet",
        "role": "rollen er ikke blant dem som kan svare",
        "expired": "den er utløpt",
        "future": "den er gitt etter tidspunktet for vurderingen",
        "answer": "svaret er det motsatte",
        "clause": "punktet den viser til, finnes ikke",
    },
    found="Funnet",
    to_do="Gjør dette",
    rule="Regel",
    missing_title="Opplysninger som mangler",
    missing_text="Når disse er fylt ut, kan reglene som står i veien, avgjøres.",
    field="Opplysning",
    at="Felt",
    no_missing="Ingen.",
    sign_title="Må bekreftes av en person",
    sign_text=(
        "En maskin kan ikke avgjøre dette. Bekreftelsen gjelder innholdet slik det er nå; endres "
        "innholdet, må det bekreftes på nytt."
    ),
    asks="Spørsmål",
    answer_yes="ja",
    answer_no="nei",
    clears="Klareres av svaret",
    roles="Fra",
    or_="eller",
    no_sign="Ingenting.",
    advice_title="Råd",
    advice_text="Råd stanser ingenting.",
    no_advice="Ingen råd.",
    clauses_title="Punkter i retningslinjen",
    clauses_text="Hvert punkt som gjelder denne typen dokument, med status i denne avgjørelsen.",
    clauses_table="Punktene med status",
    no_clauses="Ingen punkter gjelder denne typen dokument.",
    reason="Hvorfor det ikke avgjøres",
    remarks="Andre merknader",
    assumed="Antatt, siden dokumentet ikke sier noe",
    absent="{field}: ikke oppgitt",
    unregulated="Ikke regulert av retningslinjen",
    none="Ingen.",
    detection="{detector}, {strength}, i {at}: {masked}",
    strengths={"hard": "sikkert", "strong": "sterkt tegn", "weak": "svakt tegn"},
)

_EN = DecisionWords(
    title="Decision",
    private_title="Self-check of a private post",
    document="Document",
    content="Digest of the content",
    as_of="As of",
    sources={
        "caller": "{at}, as asked",
        "document": "{at}, from the document",
        "clock": "{at}, when it was made",
    },
    engine="Engine",
    answer="Answer",
    allowed="Allowed",
    denied="Denied",
    breaks_nothing="Breaks no clause",
    would_break="Would break the guideline",
    reasons={
        "allow": "Nothing in the guideline stands in the way.",
        "violated": "The guideline is not followed.",
        "unproven": "Facts or signatures are missing.",
        "private_allow": "As it stands, the post keeps to the guideline.",
        "private_deny": "As it stands, the post would break the guideline.",
    },
    blocking="In the way",
    private_blocking="Worth changing",
    advice="Advice",
    cited="Clauses cited",
    cited_note="of {count} in the guideline",
    blocking_text="Each deviation with its clause, what it rests on, and what it takes.",
    private_text="Each deviation with its clause, what it rests on, and what could be changed.",
    blocking_table="Deviations",
    no_blocking="Nothing is in the way.",
    finding="Deviation",
    outcome="Outcome",
    waits="waits for a signature",
    clauses="Clauses",
    readings="Readings",
    where="Where",
    because="Because",
    missing="Missing",
    unset="the parameter {name}, which has no value before {day}",
    lacks_value="The policy has no value yet that holds on this day.",
    not_counted="Signatures that do not count",
    why_not={
        "content": "the content is not the one that was signed",
        "role": "the role is none of those that may answer",
        "expired": "it has expired",
        "future": "it was given after the time of the decision",
        "answer": "it answers the contrary",
        "clause": "it names a clause that there is not",
    },
    found="Found",
    to_do="What to do",
    rule="Rule",
    missing_title="Missing facts",
    missing_text="Once these are filled in, the rules in the way can be decided.",
    field="Fact",
    at="Field",
    no_missing="None.",
    sign_title="To be signed by a person",
    sign_text=(
        "A machine cannot decide this. A signature holds for the content as it is now; when the "
        "content changes, it has to be signed again."
    ),
    asks="Question",
    answer_yes="yes",
    answer_no="no",
    clears="Cleared by the answer",
    roles="From",
    or_="or",
    no_sign="Nothing.",
    advice_title="Advice",
    advice_text="Advice never stands in the way.",
    no_advice="No advice.",
    clauses_title="Clauses of the guideline",
    clauses_text="Each clause that concerns this kind of document, with its status here.",
    clauses_table="The clauses with their status",
    no_clauses="No clause concerns this kind of document.",
    reason="Why it is not decided",
    remarks="Further remarks",
    assumed="Assumed, as the document does not say",
    absent="{field}: not stated",
    unregulated="Not regulated by the guideline",
    none="None.",
    detection="{detector}, {strength}, in {at}: {masked}",
    strengths={"hard": "certain", "strong": "strong sign", "weak": "weak sign"},
)

DECISION: Mapping[str, DecisionWords] = MappingProxyType({"nb": _NB, "nn": _NB, "en": _EN})
