"""The words of the traceability report, once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TraceabilityWords:
    """The words of one language."""

    title: str
    lead: tuple[str, ...]
    no_examples: str
    clauses: str
    decided: str
    decided_note: str
    undecided: str
    undecided_note: str
    gaps: str
    gaps_note: str
    tests: str
    tests_note: str
    signed: str
    signed_note: str
    glance: str
    glance_text: str
    glance_table: str
    rules: str
    kept: str
    broken: str
    examples: str
    readings: str
    also: str
    also_value: str
    gap_title: str
    gap_text: str
    gap_table: str
    lacks: str
    no_gap: str
    no_rule: str
    not_kept: str
    not_broken: str
    not_permitted: str
    detail: str
    detail_text: str
    detail_table: str
    reason: str
    law: str
    failing: str
    failing_text: str
    test: str
    none_failing: str
    readings_text: str
    readings_table: str
    reading: str
    of_clauses: str
    no_readings: str
    proposed: str
    is_signed: str
    unregulated: str
    unregulated_text: str
    unregulated_table: str
    field: str
    no_unregulated: str
    verdicts: Mapping[str, str]


_NB = TraceabilityWords(
    title="Fra retningslinje til regel",
    lead=(
        (
            "Rapporten følger hvert punkt i retningslinjen til reglene som bærer det, lesemåtene "
            "reglene bygger på, og testene som viser at reglene virker: at det som følger punktet, "
            "går gjennom, og at det som bryter det, blir fanget opp."
        ),
    ),
    no_examples=(
        "Regelsettet er installert uten eksempler. Testene kan derfor ikke kjøres her, og "
        "rapporten kan ikke vise at punktene er prøvd."
    ),
    clauses="Punkter",
    decided="Avgjort av regler",
    decided_note="testet begge veier",
    undecided="Avgjøres ikke",
    undecided_note="begrunnet for hvert punkt",
    gaps="Hull",
    gaps_note="punkter som mangler regel eller test",
    tests="Tester bestått",
    tests_note="av {count} tester",
    signed="Lesemåter signert",
    signed_note="av {count} lesemåter",
    glance="Retningslinjen på ett blikk",
    glance_text=(
        "Hvert felt er ett punkt, i retningslinjens rekkefølge. Velg et felt for å lese om punktet."
    ),
    glance_table="Alle punkter med status",
    rules="Regler",
    kept="Tester der det er fulgt",
    broken="Tester der det er brutt",
    examples="Eksempler som viser til det",
    readings="Lesemåter",
    also="Også avgjort i tester",
    also_value="{count} som ikke nevner punktet",
    gap_title="Hull",
    gap_text="Punkter som verken er avgjort og prøvd begge veier, eller har en begrunnelse.",
    gap_table="Punkter som mangler noe",
    lacks="Mangler",
    no_gap="Ingen. Hvert punkt er avgjort og prøvd begge veier, eller begrunnet.",
    no_rule="en regel, eller en begrunnelse for at punktet ikke avgjøres",
    not_kept="en test der punktet er fulgt",
    not_broken="en test der punktet er brutt",
    not_permitted="en test der tillatelsen brukes",
    detail="Punkt for punkt",
    detail_text="Teksten er regelsettets egen omskriving av punktet.",
    detail_table="Punktene med regler, lesemåter, tester og eksempler",
    reason="Hvorfor det ikke avgjøres",
    law="Lov",
    failing="Tester som feiler",
    failing_text="En test som feiler, beviser ingenting og er ikke regnet med ovenfor.",
    test="Test",
    none_failing="Ingen.",
    readings_text=(
        "Der retningslinjen er åpen, sier en lesemåte hvordan regelsettet forstår den. En "
        "lesemåte er et forslag til noen med ansvar signerer den."
    ),
    readings_table="Lesemåter og status",
    reading="Lesemåte",
    of_clauses="Av punktene",
    no_readings="Regelsettet har ingen lesemåter.",
    proposed="foreslått",
    is_signed="signert av {role} {on}",
    unregulated="Det retningslinjen ikke sier noe om",
    unregulated_text="Opplysninger som ingen punkter handler om. De blir nevnt, aldri gjettet på.",
    unregulated_table="Opplysninger uten punkt",
    field="Opplysning",
    no_unregulated="Ingen.",
    verdicts={
        "decided": "avgjort",
        "undecided": "avgjøres ikke",
        "gap": "hull",
        "untested": "avgjort, ikke testet her",
    },
)

_EN = TraceabilityWords(
    title="From guideline to rule",
    lead=(
        (
            "This report follows each clause of the guideline to the rules that carry it, the "
            "readings those rules rely on, and the tests that show the rules at work: that what keeps "
            "to the clause goes through, and that what breaks it is caught."
        ),
    ),
    no_examples=(
        "The policy is installed without its examples. Its tests cannot be run here, so this "
        "report cannot show that the clauses have been tested."
    ),
    clauses="Clauses",
    decided="Decided by rules",
    decided_note="tested both ways",
    undecided="Not decided",
    undecided_note="each with its reason",
    gaps="Gaps",
    gaps_note="clauses without a rule or a test",
    tests="Tests passed",
    tests_note="of {count} tests",
    signed="Readings signed",
    signed_note="of {count} readings",
    glance="The guideline at a glance",
    glance_text="Each box is a clause, in the guideline's order. Choose one to read about it.",
    glance_table="Every clause with its status",
    rules="Rules",
    kept="Tests that keep it",
    broken="Tests that break it",
    examples="Examples that cite it",
    readings="Readings",
    also="Also decided by tests",
    also_value="{count} that do not name it",
    gap_title="Gaps",
    gap_text="Clauses that are neither decided and tested both ways, nor left out with a reason.",
    gap_table="Clauses that lack something",
    lacks="Lacks",
    no_gap="None. Every clause is decided and tested both ways, or has a reason.",
    no_rule="a rule, or a reason why the clause is not decided",
    not_kept="a test that keeps it",
    not_broken="a test that breaks it",
    not_permitted="a test that uses the permission",
    detail="Clause by clause",
    detail_text="The text is the policy's own paraphrase of the clause.",
    detail_table="The clauses with their rules, readings, tests and examples",
    reason="Why it is not decided",
    law="Law",
    failing="Failing tests",
    failing_text="A test that fails proves nothing and is not counted above.",
    test="Test",
    none_failing="None.",
    readings_text=(
        "Where the guideline is open, a reading says how this policy understands it. A reading "
        "is a proposal until somebody responsible signs it."
    ),
    readings_table="Readings and their status",
    reading="Reading",
    of_clauses="Of the clauses",
    no_readings="The policy has no readings.",
    proposed="proposed",
    is_signed="signed by {role} on {on}",
    unregulated="What the guideline says nothing about",
    unregulated_text="Facts that no clause is about. They are mentioned, never guessed at.",
    unregulated_table="Facts without a clause",
    field="Fact",
    no_unregulated="None.",
    verdicts={
        "decided": "decided",
        "undecided": "not decided",
        "gap": "gap",
        "untested": "decided, not tested here",
    },
)

TRACEABILITY: Mapping[str, TraceabilityWords] = MappingProxyType({"nb": _NB, "nn": _NB, "en": _EN})
