"""Every fixed word of the output, once per language. A missing one is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Count = tuple[str, str]  # for one, for several; `{count}` is the number


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of one language."""

    # the answer
    allowed: str
    denied: str
    breaks_nothing: str  # where the decision is advice
    would_break: Count
    nothing_blocks: str
    is_kept: str
    is_broken: str
    would_be_broken: str
    lacks_facts: str
    lacks_signature: str
    lacks_both: str
    lacks_value: str
    signature_unheeded: str
    as_of: Mapping[str, str]  # by as_of_source
    # findings
    blocking: str
    worth_changing: str
    unsigned: str
    clause: str
    would_break_clause: str
    where: str
    because: str
    missing: str
    parameter: str
    unset: str
    not_counted: str
    why_not: Mapping[str, str]
    found: str
    found_at: str
    characters: str
    nothing_found: str
    strength: Mapping[str, str]
    to_do: str
    # what is missing, what to sign
    missing_facts: str
    to_sign: str
    clearing_answer: str
    answer: Mapping[str, str]
    signed_by: str
    or_: str
    content: str
    perhaps_needed: str
    # the rest
    advice: str
    try_: str
    clauses: str
    followed: str
    permitted: str
    not_applicable: str
    undecided: str
    assumed: str
    unregulated: str
    # documents that cannot be decided on
    invalid: str
    unreadable: str
    line: str
    standard_input: str
    did_you_mean: str
    of_another: str  # of a document whose kind the policy does not have
    # the end of a run
    documents: Count
    count_allowed: Count
    count_denied: Count
    count_would_break: Count
    count_breaks_nothing: Count
    count_invalid: Count
    progress: str
    other_words: str  # of a clause whose sentence is another in the copy given
    # the trace
    trace: str
    legend: str
    absent: str
    unknown: str
    outcome: Mapping[str, str]
    text_of: Count
    list_of: Count
    nothing_listed: str
    days: Count
    detections: Count
    record: str
    asks: str
    truth: Mapping[bool, str]

    def count(self, forms: Count, number: int) -> str:
        """Fill in a number and choose the form that goes with it."""
        return forms[number != 1].format(count=number)


_NB = Words(
    allowed="I ORDEN",
    denied="IKKE I ORDEN",
    breaks_nothing="BRYTER INGEN PUNKTER",
    would_break=("VILLE BRUTT {count} PUNKT", "VILLE BRUTT {count} PUNKTER"),
    nothing_blocks="Ingenting i retningslinjen står i veien.",
    is_kept="Slik det står nå, er det ingenting som bryter retningslinjen.",
    is_broken="Retningslinjen er ikke fulgt.",
    would_be_broken="Slik det står nå, ville retningslinjen blitt brutt.",
    lacks_facts="Opplysninger mangler. Fyll dem inn og prøv igjen.",
    lacks_signature="En bekreftelse mangler.",
    lacks_both="Opplysninger og bekreftelser mangler.",
    lacks_value="Regelverket har ennå ingen verdi som gjelder denne dagen.",
    signature_unheeded="En bekreftelse er gitt, men teller ikke.",
    as_of={
        "caller": "vurdert per {at}, som oppgitt",
        "document": "vurdert per {at}, fra dokumentet",
        "clock": "vurdert nå, {at}",
    },
    blocking="Står i veien",
    worth_changing="Bør endres",
    unsigned="venter på bekreftelse",
    clause="Punkt",
    would_break_clause="Ville brutt",
    where="Hvor",
    because="Fordi",
    missing="Mangler",
    parameter="Parameter",
    unset="{name} har ingen verdi før {day}",
    not_counted="Teller ikke",
    why_not={
        "content": "innholdet er et annet enn det som ble bekreftet",
        "role": "rollen er ikke blant dem som kan svare",
        "expired": "den er utløpt",
        "future": "den er gitt etter tidspunktet for vurderingen",
        "answer": "svaret er det motsatte",
        "clause": "punktet den viser til, finnes ikke",
    },
    found="Funnet",
    found_at="{detector}, {strength}, tegn {start}–{end} i {at}: {masked}",
    characters="tegn {start}–{end}",
    nothing_found="Ingenting funnet.",
    strength={"hard": "sikkert", "strong": "sterkt tegn", "weak": "svakt tegn"},
    to_do="Gjør dette",
    missing_facts="Opplysninger som mangler",
    to_sign="Må bekreftes av en person",
    clearing_answer="Klareres av",
    answer={"yes": "ja", "no": "nei"},
    signed_by="Fra",
    or_="eller",
    content="Innhold",
    perhaps_needed="bare hvis opplysningene som mangler, gjør det nødvendig",
    advice="Råd",
    try_="Prøv",
    clauses="Punkter i retningslinjen",
    followed="Fulgt",
    permitted="Tillatt",
    not_applicable="Gjelder ikke her",
    undecided="Avgjøres ikke",
    assumed="Antatt, siden dokumentet ikke sier noe",
    unregulated="Ikke regulert av retningslinjen",
    invalid="UGYLDIG",
    unreadable="KAN IKKE LESES",
    line="linje {line}",
    standard_input="standard inn",
    did_you_mean="mente du `{nearest}`?",
    of_another="en annen policy velges med --policy",
    documents=("{count} dokument", "{count} dokumenter"),
    count_allowed=("{count} i orden", "{count} i orden"),
    count_denied=("{count} ikke i orden", "{count} ikke i orden"),
    count_would_break=("{count} ville brutt punkter", "{count} ville brutt punkter"),
    count_breaks_nothing=("{count} bryter ingen punkter", "{count} bryter ingen punkter"),
    count_invalid=("{count} kan ikke vurderes", "{count} kan ikke vurderes"),
    progress="{count} dokumenter, {rate} i sekundet",
    other_words="(ordlyden er en annen i {file}, se somepolicy source verify)",
    trace="Slik slo hver regel ut",
    legend="✓ sant   ✗ usant   ? ukjent",
    absent="ikke oppgitt",
    unknown="ukjent",
    outcome={
        "violated": "brutt",
        "unproven": "ikke vist",
        "advised": "råd",
        "satisfied": "fulgt",
        "permitted": "tillatt",
        "not_applicable": "gjelder ikke",
    },
    text_of=("tekst på {count} tegn", "tekst på {count} tegn"),
    list_of=("liste med {count}", "liste med {count}"),
    nothing_listed="ingen å se på i {container}",
    days=("{count} dag", "{count} dager"),
    detections=("{count} funn", "{count} funn"),
    record="oppgitt",
    asks="svar {answer} fra {roles}",
    truth={True: "ja", False: "nei"},
)

_NN = Words(
    allowed="I ORDEN",
    denied="IKKJE I ORDEN",
    breaks_nothing="BRYT INGEN PUNKT",
    would_break=("VILLE HA BROTE {count} PUNKT", "VILLE HA BROTE {count} PUNKT"),
    nothing_blocks="Ingenting i retningslinja står i vegen.",
    is_kept="Slik det står no, er det ingenting som bryt retningslinja.",
    is_broken="Retningslinja er ikkje følgd.",
    would_be_broken="Slik det står no, ville retningslinja ha blitt broten.",
    lacks_facts="Opplysningar manglar. Fyll dei inn og prøv igjen.",
    lacks_signature="Ei stadfesting manglar.",
    lacks_both="Opplysningar og stadfestingar manglar.",
    lacks_value="Regelverket har enno ingen verdi som gjeld denne dagen.",
    signature_unheeded="Ei stadfesting er gitt, men tel ikkje.",
    as_of={
        "caller": "vurdert per {at}, som oppgitt",
        "document": "vurdert per {at}, frå dokumentet",
        "clock": "vurdert no, {at}",
    },
    blocking="Står i vegen",
    worth_changing="Bør endrast",
    unsigned="ventar på stadfesting",
    clause="Punkt",
    would_break_clause="Ville ha brote",
    where="Kvar",
    because="Fordi",
    missing="Manglar",
    parameter="Parameter",
    unset="{name} har ingen verdi før {day}",
    not_counted="Tel ikkje",
    why_not={
        "content": "innhaldet er eit anna enn det som vart stadfesta",
        "role": "rolla er ikkje blant dei som kan svare",
        "expired": "ho har gått ut",
        "future": "ho er gitt etter tidspunktet for vurderinga",
        "answer": "svaret er det motsette",
        "clause": "punktet ho viser til, finst ikkje",
    },
    found="Funne",
    found_at="{detector}, {strength}, teikn {start}–{end} i {at}: {masked}",
    characters="teikn {start}–{end}",
    nothing_found="Ingenting funne.",
    strength={"hard": "sikkert", "strong": "sterkt teikn", "weak": "svakt teikn"},
    to_do="Gjer dette",
    missing_facts="Opplysningar som manglar",
    to_sign="Må stadfestast av ein person",
    clearing_answer="Blir klarert av",
    answer={"yes": "ja", "no": "nei"},
    signed_by="Frå",
    or_="eller",
    content="Innhald",
    perhaps_needed="berre om opplysningane som manglar, gjer det nødvendig",
    advice="Råd",
    try_="Prøv",
    clauses="Punkt i retningslinja",
    followed="Følgt",
    permitted="Tillate",
    not_applicable="Gjeld ikkje her",
    undecided="Blir ikkje avgjort",
    assumed="Rekna med, sidan dokumentet ikkje seier noko",
    unregulated="Ikkje regulert av retningslinja",
    invalid="UGYLDIG",
    unreadable="KAN IKKJE LESAST",
    line="linje {line}",
    standard_input="standard inn",
    did_you_mean="meinte du `{nearest}`?",
    of_another="ein annan policy vel du med --policy",
    documents=("{count} dokument", "{count} dokument"),
    count_allowed=("{count} i orden", "{count} i orden"),
    count_denied=("{count} ikkje i orden", "{count} ikkje i orden"),
    count_would_break=("{count} ville ha brote punkt", "{count} ville ha brote punkt"),
    count_breaks_nothing=("{count} bryt ingen punkt", "{count} bryt ingen punkt"),
    count_invalid=("{count} kan ikkje vurderast", "{count} kan ikkje vurderast"),
    progress="{count} dokument, {rate} i sekundet",
    other_words="(ordlyden er ein annan i {file}, sjå somepolicy source verify)",
    trace="Slik slo kvar regel ut",
    legend="✓ sant   ✗ usant   ? ukjent",
    absent="ikkje oppgitt",
    unknown="ukjent",
    outcome={
        "violated": "brote",
        "unproven": "ikkje vist",
        "advised": "råd",
        "satisfied": "følgt",
        "permitted": "tillate",
        "not_applicable": "gjeld ikkje",
    },
    text_of=("tekst på {count} teikn", "tekst på {count} teikn"),
    list_of=("liste med {count}", "liste med {count}"),
    nothing_listed="ingen å sjå på i {container}",
    days=("{count} dag", "{count} dagar"),
    detections=("{count} funn", "{count} funn"),
    record="oppgitt",
    asks="svar {answer} frå {roles}",
    truth={True: "ja", False: "nei"},
)

_EN = Words(
    allowed="ALLOWED",
    denied="DENIED",
    breaks_nothing="BREAKS NO CLAUSE",
    would_break=("WOULD BREAK {count} CLAUSE", "WOULD BREAK {count} CLAUSES"),
    nothing_blocks="Nothing in the guideline stands in the way.",
    is_kept="As it stands, nothing breaks the guideline.",
    is_broken="The guideline is not followed.",
    would_be_broken="As it stands, the guideline would be broken.",
    lacks_facts="Facts are missing. Fill them in and try again.",
    lacks_signature="A signature is missing.",
    lacks_both="Facts and signatures are missing.",
    lacks_value="The policy has no value yet that holds on this day.",
    signature_unheeded="A signature was given, but does not count.",
    as_of={
        "caller": "as of {at}, as you asked",
        "document": "as of {at}, from the document",
        "clock": "as of now, {at}",
    },
    blocking="In the way",
    worth_changing="Worth changing",
    unsigned="waits for a signature",
    clause="Clause",
    would_break_clause="Would break",
    where="Where",
    because="Because",
    missing="Missing",
    parameter="Parameter",
    unset="{name} has no value before {day}",
    not_counted="Not counted",
    why_not={
        "content": "the content is not the one that was signed",
        "role": "the role is none of those that may answer",
        "expired": "it has expired",
        "future": "it was given after the time of the decision",
        "answer": "it answers the contrary",
        "clause": "it names a clause that there is not",
    },
    found="Found",
    found_at="{detector}, {strength}, characters {start}–{end} of {at}: {masked}",
    characters="characters {start}–{end}",
    nothing_found="Nothing found.",
    strength={"hard": "certain", "strong": "strong sign", "weak": "weak sign"},
    to_do="What to do",
    missing_facts="Missing facts",
    to_sign="To be signed by a person",
    clearing_answer="Cleared by",
    answer={"yes": "yes", "no": "no"},
    signed_by="From",
    or_="or",
    content="Content",
    perhaps_needed="only if the missing facts call for it",
    advice="Advice",
    try_="Try",
    clauses="Clauses of the guideline",
    followed="Followed",
    permitted="Permitted",
    not_applicable="Not applicable",
    undecided="Not decided",
    assumed="Assumed, as the document does not say",
    unregulated="Not regulated by the guideline",
    invalid="INVALID",
    unreadable="CANNOT BE READ",
    line="line {line}",
    standard_input="standard input",
    did_you_mean="did you mean `{nearest}`?",
    of_another="another policy is chosen with --policy",
    documents=("{count} document", "{count} documents"),
    count_allowed=("{count} allowed", "{count} allowed"),
    count_denied=("{count} denied", "{count} denied"),
    count_would_break=("{count} would break a clause", "{count} would break a clause"),
    count_breaks_nothing=("{count} breaks no clause", "{count} break no clause"),
    count_invalid=("{count} cannot be judged", "{count} cannot be judged"),
    progress="{count} documents, {rate} a second",
    other_words="(the wording is another in {file}, see somepolicy source verify)",
    trace="How each rule came out",
    legend="✓ true   ✗ false   ? unknown",
    absent="not stated",
    unknown="unknown",
    outcome={
        "violated": "violated",
        "unproven": "unproven",
        "advised": "advised",
        "satisfied": "satisfied",
        "permitted": "permitted",
        "not_applicable": "not applicable",
    },
    text_of=("text of {count} character", "text of {count} characters"),
    list_of=("list of {count}", "list of {count}"),
    nothing_listed="none to look at in {container}",
    days=("{count} day", "{count} days"),
    detections=("{count} found", "{count} found"),
    record="stated",
    asks="answer {answer} from {roles}",
    truth={True: "yes", False: "no"},
)

WORDS: Mapping[str, Words] = MappingProxyType({"nb": _NB, "nn": _NN, "en": _EN})


def words_for(language: str) -> Words:
    """Return the words of a language; others than these get English."""
    return WORDS.get(language, _EN)
