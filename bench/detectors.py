"""How well the detectors do on the corpus, and what they cost. Writes bench/DETECTORS.md.

    python bench/detectors.py

Run it in the development environment, on an otherwise idle machine; it takes a few minutes.
`--quick` prints the figures of the corpus alone and writes nothing.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from somepolicy.functions.no.prepare import prepare  # noqa: E402
from somepolicy.functions.table import FUNCTIONS, Function  # noqa: E402
from somepolicy.ir.types import Detections  # noqa: E402
from tests.functions.no import test_corpus as corpus  # noqa: E402 - the tests measure with it

PAGE = ROOT / "bench" / "DETECTORS.md"
BLIND = {
    "case_phrase": "1.00 / 0.74",
    "sensitive": "0.97 / 0.66",
    "impersonation": "1.00 / 0.65",
    "disclaimer": "0.96 / 0.83 (of an earlier version)",
    "tone": "0.95 / 1.00 (of an earlier version)",
    "own_link": "1.00 / 0.91",
    "credit": "0.96 / 0.96 (of an earlier version)",
    "alt_text": "0.96 / 1.00",
}
BLIND_LANGUAGES = {"nb": "10", "nn": "10"}

POST = """\
Fjordbakken er stengt ved bakeriet fra mandag klokka 7. Vi legger nytt veidekke på hele \
strekningen, og arbeidet varer fram til fredag kveld. Bilister kjører om Sjøgaten og følger \
skiltene. Bussen går som vanlig, men stopper ved barneskolen denne uka. Fotgjengere og syklister \
kommer fram hele veien, og fortauet er åpent på den ene siden. Det kan støye litt om morgenen, \
men vi begynner aldri før klokka 7 og er ferdige til klokka 19. Skulle det bli mye regn, må vi \
kanskje vente en dag eller to med den siste biten. Kart over omkjøringen og svar på vanlige \
spørsmål finner dere på nettsidene våre, og der står det også når gata åpner."""

ORDINARY = f"""{POST}

Saken om nytt veidekke ble lagt ut i høst, og 1240 husstander fikk brev 12.10.2026. Prosjektet \
koster 14 500 000 kroner. Spørsmål? Ring 55 56 55 56 eller skriv til post@bergen.kommune.no. \
Les mer: https://www.bergen.kommune.no/trafikk. Foto: Avdeling for vei og trafikk

"""

HOSTILE = {
    "digits with blanks": "1 ",
    "digits in one run": "1",
    "pairs of digits": "85 ",
    "eleven digits": "15885910101 ",
    "`konto`": "konto 1 ",
    "`kid`": "kid 18 ",
    "card beginnings": "4000 ",
    "`+47`": "+47 1 ",
    "`@`": "a@",
    "dots": "a.",
    "`<`": "<a ",
    "comments": "<!--",
    "`&`": "&#4",
    "nested entities": "&amp;",
    "marks": "a\u0301\u0332",
    "wide digits": "\uff11 ",
    "case numbers": "saksnr 2026/",
    "`søknaden din`": "søknaden din ",
    "words of a list": "søknaden din ble jeg kan ikke svare mine egne meninger ",
    "sensitive words": "Kari Moe har kreft. ",
    "claims": "vi i bergen kommune ",
    "quotes": '«"“',
    "`foto:`": "foto: ",
    "marks of credit": "© ",
    "`!`": "!A",
    "capitals": "ROP HØYT ",
    "own links": "bergen.kommune.no/",
}

ALT = "Rødhvite sperringer på tvers av en tom gate, med et skilt som peker mot en sidegate."
LINK = "https://www.bergen.kommune.no/trafikk/fjordbakken"

Call = Callable[[], object]


# --- the corpus


def quality() -> Iterator[str]:
    yield "| detector | snippets | true | false | missed | precision | recall | same strength |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name in corpus.DETECTORS:
        yield _row(f"`{name}`", corpus.measure(name, beyond=False))
    yield _row(
        "`identity_number`, hard only", corpus.measure("identity_number", beyond=False, only="hard")
    )
    yield _row(
        "`identity_number`, hard only, from 2032",
        corpus.measure("identity_number", beyond=False, only="hard", day=corpus.FROM_2032),
    )
    yield _row(
        "`identity_number`, disguises beyond the design",
        corpus.measure("identity_number", beyond=True),
    )


def _row(name: str, measured: corpus.Measured) -> str:
    cells = (
        name,
        measured.snippets,
        measured.true,
        len(measured.false),
        len(measured.missed),
        f"{measured.precision:.2f}",
        f"{measured.recall:.2f}",
        f"{measured.agreement:.2f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def languages() -> Iterator[str]:
    yield "| written in | snippets | right | `unknown` | the other language | right in the blind run |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, (total, right, wrong) in corpus.languages().items():
        unsaid = "–" if name == "unknown" else total - right - wrong
        shown = f"`{name}`" if name == "unknown" else name
        yield f"| {shown} | {total} | {right} | {unsaid} | {wrong} | {BLIND_LANGUAGES.get(name, '–')} |"


def blind() -> Iterator[str]:
    yield "| detector | precision / recall, blind |"
    yield "| --- | --- |"
    yield from (f"| `{name}` | {figures} |" for name, figures in BLIND.items())


def mistakes() -> Iterator[str]:
    yield "| detector | false | missed |"
    yield "| --- | --- | --- |"
    for name in corpus.DETECTORS:
        measured = corpus.measure(name)
        if measured.false or measured.missed:
            yield f"| `{name}` | {_ids(measured.false)} | {_ids(measured.missed)} |"


def _ids(names: Iterable[str]) -> str:
    """Return the numbers of snippets, each once."""
    return ", ".join(dict.fromkeys(name.rpartition("-")[2] for name in names)) or "–"


# --- the cost


def rows() -> Iterator[Function]:
    """Yield the functions that are detectors, and the language."""
    for row in FUNCTIONS.values():
        if row.lists or row.prepare is prepare:
            yield row


def call(row: Function, text: str) -> Call:
    """Return the call of a function on a text that is prepared already."""
    code = corpus.policy().library[row.name]
    given = {
        "text": row.prepare(text) if row.prepare else text,
        "synthetic": False,
        "alt": text,
        "body": text[::-1],
        "link": text,
    }
    arguments = [*(given[name] for name, _ in row.parameters), *[corpus.DAY] * row.dated]
    return lambda: code(*arguments)


def seconds(function: Call, repeat: int, number: int = 1) -> float:
    """Return the median processor time of several runs, each of `number` calls."""
    runs = []
    for _ in range(repeat):
        start = time.process_time()
        for _ in range(number):
            function()
        runs.append((time.process_time() - start) / number)
    return statistics.median(runs)


def fill(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def worst(make: Callable[[str], Call]) -> tuple[str, float, float]:
    """Return the hostile text that takes longest at 100 kB, and the seconds at 100 kB and 1 MB."""
    times = {name: seconds(make(fill(piece, 100_000)), repeat=3) for name, piece in HOSTILE.items()}
    name = max(times, key=times.__getitem__)
    large = make(fill(HOSTILE[name], 1_000_000))
    return name, times[name], seconds(large, repeat=3)


def cost() -> Iterator[str]:
    yield (
        "| function | 600 characters, µs | 100 kB, ms | 1 MB, ms | hostile 100 kB, ms "
        "| hostile 1 MB, ms | the worst text |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    yield _cost("`prepare`", lambda text: lambda: prepare(text))
    for row in rows():
        short = POST if row.prepare is prepare else {"own_link": LINK}.get(row.name, ALT)
        yield _cost(f"`{row.name}`", partial(call, row), short)
    yield _cost("**all that search a text, with `prepare`**", lambda text: lambda: all_of(text))


def _cost(name: str, make: Callable[[str], Call], text: str = POST) -> str:
    short = seconds(make(text), repeat=15, number=200) * 1e6
    ordinary = [
        seconds(make(fill(ORDINARY, length)), repeat=5) * 1e3 for length in (100_000, 1_000_000)
    ]
    kind, small, large = worst(make)
    print(".", end="", file=sys.stderr, flush=True)
    return (
        f"| {name} | {short:.1f} | {ordinary[0]:.1f} | {ordinary[1]:.0f} | {small * 1e3:.1f} "
        f"| {large * 1e3:.0f} | {kind} |"
    )


def all_of(text: str) -> object:
    """Prepare a text once and call on it every function that takes a prepared text."""
    given = {"text": prepare(text), "synthetic": False}
    library = corpus.policy().library
    return [
        library[row.name](*(given[name] for name, _ in row.parameters), *[corpus.DAY] * row.dated)
        for row in rows()
        if row.prepare is prepare
    ]


def machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in _read("/proc/cpuinfo").splitlines()
        if line.startswith("model name")
    ]
    name = names[0] if names else platform.processor() or platform.machine()
    version = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{name}, {len(names) or 1} cores, {platform.system()}, {version}"


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


# --- the page

TEXT = """\
# How well the detectors do, and what they cost

Written by `python bench/detectors.py`; do not edit by hand. Run it in the development environment from a checkout, on an idle machine; `--quick` prints the tables of the corpus alone. What the detectors are for and what they cannot see is told in [docs/detectors.md](../docs/detectors.md).

## On the labelled corpus

[tests/functions/no/corpus](../tests/functions/no/corpus/README.md) holds {total} short texts. A detector is measured on its own file, with the word lists of the Bergen policy, as of {day}, test numbers counted as real. *True*: labels that a detection overlaps; *false*: detections that overlap no label; *missed*: labels that none overlaps. *Same strength*: of the true ones, how many have the label's strength. Disguises beyond the design stand on a line of their own.

{quality}

A second detection beside the labelled one, such as another word of the same illness, counts as false: so it is with all five of `sensitive`, and with one each of `case_phrase`, `credit` and `disclaimer`.

The language, by snippets that are to be told as bokmål, nynorsk or neither:

{languages}

**These figures flatter.** The word lists of the text detectors were tuned with part of the corpus in view. Their first run, before anybody had looked, gave:

{blind}

Expect those figures, or lower ones, for texts from another municipality. The detectors of numbers have no such second set: their figures are right for the forms in the corpus, which are the common ones.

The snippets where detector and label disagree, by number in the detector's file:

{mistakes}

## Cost

{machine}; load average {load:.1f} at the end. Processor time, medians of several runs. Each function by itself on a text that `prepare` has read already, as in a decision, where each text is read once. *600 characters*: an ordinary Norwegian post of {length} characters in which nothing is found; for `alt_text_problems` an alternative text of {alt}, for `own_link` one link. *100 kB, 1 MB*: that post over and over, with a date, an amount, a telephone number, an address and a credit line. *Hostile*: the worst of {hostile} texts made to be slow, by the time at 100 kB. The last line has its own worst text.

{cost}
"""


def main() -> None:
    if "--quick" in sys.argv[1:]:
        print("\n".join((*quality(), "", *languages())))
        return
    texts = [row for row in rows() if row.result == Detections() and row.prepare is prepare]
    found = [row.name for row in texts if call(row, POST)()]
    assert not found, f"the ordinary post has a hit: {found}"
    costs = "\n".join(cost())
    page = TEXT.format(
        total=len(corpus.ROWS),
        day=corpus.DAY,
        quality="\n".join(quality()),
        languages="\n".join(languages()),
        blind="\n".join(blind()),
        mistakes="\n".join(mistakes()),
        machine=machine(),
        load=os.getloadavg()[0],
        length=len(POST),
        alt=len(ALT),
        hostile=len(HOSTILE),
        cost=costs,
    )
    PAGE.write_text(page, encoding="utf-8", newline="\n")
    print(f"\nwrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
