"""The words of the citations report, once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CitationsWords:
    """The words of one language."""

    title: str
    lead: tuple[str, ...]
    source: str
    from_log: str
    from_documents: str
    period: str
    time_zone: str
    mixed_zones: str
    months: str
    decisions: str
    allowed: str
    denied: str
    violated: str
    unproven: str
    malformed: str
    left_out: str
    denied_share: str
    of_decisions: str
    hit: str
    hit_note: str
    trend: str
    trend_text: str
    trend_table: str
    month: str
    clauses_title: str
    clauses_text: str
    clauses_table: str
    cited: str
    worst: str
    stopped_share: str
    by: Mapping[str, str]
    who: str
    counted_by: Mapping[str, str]
    matrix: Mapping[str, str]
    matrix_text: str
    latest: str
    nothing_stopped: str
    deviations: str
    deviations_text: str
    deviations_table: str
    rule: str
    effect: str
    clauses: str
    advised: str
    no_deviation: str
    missing: str
    missing_text: str
    missing_table: str
    field: str
    kind: str
    at: str
    part: str
    no_missing: str
    detected: str
    detected_text: str
    detected_table: str
    detector: str
    strength: str
    strengths: Mapping[str, str]
    no_detection: str
    nothing: str


_NB = CitationsWords(
    title="Punktene i bruk",
    lead=(
        (
            "Rapporten viser hvor ofte hvert punkt i retningslinjen ble brukt i avgjørelser, og "
            "hvordan det gikk. Den holder bare tall: verken tekst, navn eller bilder fra innleggene "
            "er med."
        ),
    ),
    source="Kilde",
    from_log="avgjørelsesloggen",
    from_documents="dokumenter, vurdert da rapporten ble laget",
    period="Periode",
    time_zone="Tidssone",
    mixed_zones="UTC, for oppføringene i loggen har ikke samme tidssone",
    months="{first} til {last}",
    decisions="Avgjørelser",
    allowed="I orden",
    denied="Ikke i orden",
    violated="Brutt",
    unproven="Ikke vist",
    malformed="Ugyldige dokumenter",
    left_out="Private innlegg, ikke regnet med",
    denied_share="Ikke i orden, %",
    of_decisions="{share} % av avgjørelsene",
    hit="Punkter som stanset noe",
    hit_note="av {count} punkter som ble brukt",
    trend="Måned for måned",
    trend_text="«Ikke vist» betyr at opplysninger manglet, ikke at noe var galt.",
    trend_table="Avgjørelser for hver måned",
    month="Måned",
    clauses_title="Punktene",
    clauses_text=(
        "Hvor mange avgjørelser som viste til punktet, og hvordan det gikk. Et punkt stanser når "
        "det er brutt, eller når det ikke er vist at det er fulgt."
    ),
    clauses_table="Punktene etter status",
    cited="Vist til",
    worst="Strengeste utfall",
    stopped_share="Stanset, %",
    by={"kind": "Dokumenttype", "unit_type": "Enhetstype", "platform": "Plattform"},
    who="Hvem og hva det gjaldt",
    counted_by={
        "kind": "Avgjørelser etter dokumenttype",
        "unit_type": "Avgjørelser etter enhetstype",
        "platform": "Avgjørelser etter plattform",
    },
    matrix={
        "unit_type": "Stanset etter punkt og enhetstype",
        "platform": "Stanset etter punkt og plattform",
        "month": "Stanset etter punkt og måned",
    },
    matrix_text=(
        "Tallet er avgjørelser der punktet stanset. Jo sterkere farge, jo større del av "
        "avgjørelsene der punktet gjaldt. Punkter som aldri stanset noe, er utelatt."
    ),
    latest="Bare de siste {count} månedene er med her.",
    nothing_stopped="Ingen punkter stanset noe.",
    deviations="Avvik etter regel",
    deviations_text=(
        "Hvor mange avgjørelser hver regel stanset eller ga råd i. En regel telles én gang per "
        "avgjørelse, med det strengeste utfallet."
    ),
    deviations_table="Regler som stanset eller ga råd",
    rule="Regel",
    effect="Virkning",
    clauses="Punkter",
    advised="Ga råd",
    no_deviation="Ingen regel stanset eller ga råd.",
    missing="Opplysninger som mangler oftest",
    missing_text=(
        "Opplysninger som ville avgjort en regel, men som ikke var oppgitt. Her er det mest å "
        "hente på bedre skjemaer og veiledning."
    ),
    missing_table="Manglende opplysninger, de vanligste først",
    field="Opplysning",
    kind="Dokumenttype",
    at="Felt",
    part="Andel av typen, %",
    no_missing="Ingen opplysninger manglet.",
    detected="Tegn i teksten",
    detected_text="Hvor mange avgjørelser en detektor ga utslag i. Hva den fant, er ikke lagret.",
    detected_table="Detektorer som ga utslag",
    detector="Detektor",
    strength="Styrke",
    strengths={"hard": "sikkert", "strong": "sterkt tegn", "weak": "svakt tegn"},
    no_detection="Ingen detektor ga utslag.",
    nothing="Ingen avgjørelser i perioden.",
)

_EN = CitationsWords(
    title="The clauses in use",
    lead=(
        (
            "This report shows how often each clause of the guideline was used in decisions, and how "
            "it went. It holds numbers alone: no text, no names and no pictures of the posts are "
            "in it."
        ),
    ),
    source="Source",
    from_log="the decision log",
    from_documents="documents, decided when the report was made",
    period="Period",
    time_zone="Time zone",
    mixed_zones="UTC, for the entries of the log do not share a time zone",
    months="{first} to {last}",
    decisions="Decisions",
    allowed="Allowed",
    denied="Denied",
    violated="Violated",
    unproven="Unproven",
    malformed="Malformed documents",
    left_out="Private posts, not counted",
    denied_share="Denied, %",
    of_decisions="{share} % of the decisions",
    hit="Clauses that stopped something",
    hit_note="of {count} clauses in use",
    trend="Month by month",
    trend_text="“Unproven” means that facts were missing, not that something was wrong.",
    trend_table="Decisions by month",
    month="Month",
    clauses_title="The clauses",
    clauses_text=(
        "How many decisions cited the clause, and how it went. A clause stops a document when it "
        "is violated, or when it is not proven that it is followed."
    ),
    clauses_table="The clauses by status",
    cited="Cited",
    worst="Strictest outcome",
    stopped_share="Stopped, %",
    by={"kind": "Kind of document", "unit_type": "Unit type", "platform": "Platform"},
    who="Whom and what it was about",
    counted_by={
        "kind": "Decisions by kind of document",
        "unit_type": "Decisions by unit type",
        "platform": "Decisions by platform",
    },
    matrix={
        "unit_type": "Stopped, by clause and unit type",
        "platform": "Stopped, by clause and platform",
        "month": "Stopped, by clause and month",
    },
    matrix_text=(
        "The number is decisions in which the clause stopped the document. The stronger the colour, "
        "the larger the part of the decisions to which the clause applied. Clauses that never "
        "stopped anything are left out."
    ),
    latest="Only the latest {count} months are shown here.",
    nothing_stopped="No clause stopped anything.",
    deviations="Deviations by rule",
    deviations_text=(
        "In how many decisions each rule denied or advised. A rule counts once in a decision, "
        "with its strictest outcome."
    ),
    deviations_table="Rules that denied or advised",
    rule="Rule",
    effect="Effect",
    clauses="Clauses",
    advised="Advised",
    no_deviation="No rule denied or advised.",
    missing="Facts most often missing",
    missing_text=(
        "Facts that would have decided a rule, but were not stated. Better forms and guidance "
        "have most to gain here."
    ),
    missing_table="Missing facts, the most common first",
    field="Fact",
    kind="Kind of document",
    at="Field",
    part="Share of the kind, %",
    no_missing="No fact was missing.",
    detected="Signs in the text",
    detected_text="In how many decisions a detector found something. What it found is not stored.",
    detected_table="Detectors that found something",
    detector="Detector",
    strength="Strength",
    strengths={"hard": "certain", "strong": "strong sign", "weak": "weak sign"},
    no_detection="No detector found anything.",
    nothing="No decisions in the period.",
)

CITATIONS: Mapping[str, CitationsWords] = MappingProxyType({"nb": _NB, "nn": _NB, "en": _EN})
