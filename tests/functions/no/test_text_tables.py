"""What each text detector finds, and what looks alike and is left alone."""

import tomllib
from pathlib import Path

import pytest

from somepolicy.functions.detection import Detection, outcomes
from somepolicy.functions.no.case_phrases import make_case_phrases
from somepolicy.functions.no.language import make_language_of
from somepolicy.functions.no.links import make_own_link, make_own_links
from somepolicy.functions.no.media_text import make_alt_text_problems, make_credit_lines
from somepolicy.functions.no.prepare import prepare
from somepolicy.functions.no.sensitive import make_sensitive_terms
from somepolicy.functions.no.tone import make_tone_signals
from somepolicy.functions.no.voice import make_disclaimers, make_impersonation
from somepolicy.lexicon import Lexicon

WORDS = Path(__file__).parents[3] / "policy" / "bergen" / "words"


def words(name: str) -> Lexicon:
    groups = tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8"))
    source, clause = groups.pop("source"), groups.pop("clause", None)
    return Lexicon(name, source, clause, {key: tuple(value) for key, value in groups.items()})


CASE = make_case_phrases(words("case_phrases"))
SENSITIVE = make_sensitive_terms(words("sensitive"))
IMPERSONATION = make_impersonation(words("voice"))
DISCLAIMERS = make_disclaimers(words("voice"))
LANGUAGE = make_language_of(words("language"))
TONE = make_tone_signals(words("tone"))
OWN_LINK = make_own_link(words("links"))
OWN_LINKS = make_own_links(words("links"))
ALT = make_alt_text_problems(words("media_text"))
CREDITS = make_credit_lines(words("media_text"))


def strengths(found: tuple[Detection, ...]) -> list[str]:
    return [detection.strength for detection in found]


@pytest.mark.parametrize(
    "text",
    [
        "Hei Kari! Søknaden din om barnehageplass er dessverre avslått.",
        "Klagen din er behandlet, og du får medhold.",
        "Saken din ligger hos saksbehandler, og du får svar innen fredag.",
        "Du står som nummer 14 på ventelisten.",
        "Søknaden om parkering er avslått, fordi bilen din er registrert et annet sted.",
        "Eg ser at søknaden din er under handsaming.",
        "Klaga di er teken til følgje.",
        "Du fekk avslag fordi inntekta var for høg.",
        "Your application has been rejected.",
        "S\u00f8k\u200bna\u00adden&nbsp;din er <b>av</b>slått.",
        "Søknaden\u00a0din er avslått",
    ],
)
def test_a_case_that_is_handled(text: str) -> None:
    assert strengths(CASE(prepare(text))) == ["strong"]


@pytest.mark.parametrize(
    "text",
    [
        "Vi tar en ny titt: søknaden din.",
        "Du får svar på søknaden innen 1. april.",
    ],
)
def test_a_case_that_may_be_handled(text: str) -> None:
    assert strengths(CASE(prepare(text))) == ["weak"]


@pytest.mark.parametrize(
    "text",
    [
        "Søknaden din er avslått, ring oss.",
        "Søknaden din er avslått – ring oss hvis du har spørsmål.",
        "Søknaden din er avslått og du kan klage hvis du er uenig.",
        "Ring oss hvis du lurer på noe, men du har ikke fått plass.",
        "Vi kan ikke diskutere saken her, men søknaden din er avslått.",
        "Hvis du lurer: søknaden din er avslått.",
        "Byrådet har avslått søknaden din.",
        "Dessverre har du fått avslag.",
        "Som du vil se i Altinn, er søknaden din avslått.",
        "Lurer du på hvordan det gikk med søknaden din? Den er innvilget.",
        "Du har rett på bostøtte fra januar, ring oss.",
        "Barnet ditt er tildelt plass i Solbakken. Logg inn for å takke ja.",
        "Diverre har du fått avslag, ta kontakt med oss.",
        "Klaga di er avvist. Send spørsmål til postmottaket.",
        "Your application has been rejected, please call us.",
        # a premise ahead of the outcome is no condition of it
        "Selv om du har klaget, opprettholdes avslaget.",
        "Selv om vedtaket er påklaget, blir avslaget ditt stående.",
        "Til tross for at du har klaget, står vedtaket.",
        "Til tross for at du har klaget, er vedtaket opprettholdt.",
        "Fordi du har for høy inntekt, er søknaden avslått.",
        "Etter at vi har vurdert klagen din, opprettholdes avslaget.",
        "Uansett om du klager, er søknaden din avslått.",
        "Om du har klaget eller ikke, er søknaden din avslått.",
        "Før du rakk å klage, ble søknaden din innvilget.",
        "Selv om du har rett til plass, har du fått avslag.",
        "Selv om klagen din kom for sent, har vi behandlet den, og avslaget er opprettholdt.",
        "Søknaden din er avslått selv om du har klaget.",
        "Sjølv om du har klaga, står avslaget ditt ved lag.",
        "Although you appealed, the decision is upheld.",
        "Even if you appeal, your application is rejected.",
    ],
)
def test_an_outcome_told(text: str) -> None:
    assert strengths(outcomes(CASE(prepare(text)))) == ["strong"]


@pytest.mark.parametrize(
    "text", ["Søknaden ble avvist. Ring oss.", "Klaga er avvist. Ta kontakt med oss."]
)
def test_an_outcome_of_nobody_in_particular(text: str) -> None:
    assert strengths(outcomes(CASE(prepare(text)))) == ["weak"]


@pytest.mark.parametrize(
    "text",
    [
        "Søknaden din er under behandling.",
        "Søknaden din er ferdig behandlet. Logg inn på Min side.",
        "Du har rett til å klage på vedtaket. Send klagen til postmottak.",
        "Søknaden din blir avslått hvis inntekten er for høy.",
        "Du kan ikke begynne å bygge før søknaden din er godkjent.",
        "Søknaden din må være godkjent før du bygger.",
        "Er søknaden din avslått, kan du klage.",
        "Hei Kari! Har du fått avslag, kan du klage.",
        "Er du tildelt plass og har du fått avslag på en annen, kan du klage.",
        "Kommunen har avslått et forslag, og du kan lese saken på nettsidene.",
        "Når vi har innvilget søknaden din, får du brev.",
        "Du fekk plass dersom søknaden din vart innvilga.",
        "Selv om du har fått avslag, kan du søke på nytt.",
        "Selv om søknaden din er avslått, kan du klage. Send klagen til postmottak.",
        "Selv om du har klaget, må du betale. Ring oss for veiledning.",
        "Selv om du klager, blir søknaden din avslått hvis inntekten er for høy.",
        "Til tross for at du har klaget, kan vi ikke svare her. Logg inn på Min side.",
        "Uansett om søknaden din er avslått eller innvilget, får du brev.",
        "Etter at du har klaget, går saken til klagenemnda hvis avslaget opprettholdes.",
        "Etter at søknaden din er innvilget, får du en e-post.",
        "Fordi du spør om saken din, ber vi deg ringe oss.",
        "Siden vi ikke kan diskutere saken din her, send oss en e-post.",
        "Sjølv om du har fått avslag, kan du søkje på nytt.",
        "Hvis du får avslag fordi inntekten er for høy, kan søknaden din bli innvilget senere.",
    ],
)
def test_no_outcome_told(text: str) -> None:
    assert outcomes(CASE(prepare(text))) == ()


def test_an_outcome_in_the_next_sentence() -> None:
    found = CASE(prepare("Vi har sett på saken din. Den er dessverre avslått."))
    assert strengths(found) == ["strong", "strong"]
    assert "outcome (avslått)" in found[1].masked


@pytest.mark.parametrize(
    "text",
    [
        "Har du fått avslag på barnehageplass? Du kan klage innen tre uker.",
        "Søknadsfristen for barnehage er 1. mars.",
        "Vi kan ikke svare på enkeltsaker her. Send oss en e-post, så ser vi på saken din.",
        "Saksbehandlingstiden for byggesaker er nå 12 uker.",
        "Bystyret har vedtatt budsjettet, og du kan lese saken på nettsidene våre.",
        "Kommunen har fått avslag på søknaden om statlige midler.",
        "Hvis søknaden din er avslått, kan du klage.",
        "Bruk skjemaet for å sende inn klagen din.",
        "Dersom klaga di vert avslått, får du brev.",
        "Ring oss, så finn vi ut av saka di.",
        "Du er hjertelig velkommen.",
        "Svar på klage, deres ref. 12.",
    ],
)
def test_no_case_is_handled(text: str) -> None:
    assert CASE(prepare(text)) == ()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Kari Nordmann er innlagt.", "health term near a name"),
        ("I går fikk Ola Nordmann diabetes.", "health term near a name"),
        ("Hei! Sønnen din har ADHD.", "health term near the reader's family"),
        ("Min datter har autisme.", "health term near a person"),
        ("Dottera mi bur i fosterheim.", "child welfare term near a person"),
        ("Per Hansen bor her. Han får sosialhjelp.", "benefit term near a person"),
        ("Rektor Kari Nordmann er sykmeldt.", "health term near a name"),
        ("Kari Nord\u00admann er inn\u200blagt.", "health term near a name"),
        ("<p>Min datter har <i>aut</i>isme</p>", "health term near a person"),
    ],
)
def test_a_sensitive_term_near_a_person(text: str, masked: str) -> None:
    found = SENSITIVE(prepare(text))
    assert [(detection.strength, detection.masked) for detection in found] == [("strong", masked)]


@pytest.mark.parametrize(
    "text",
    [
        "Ta influensavaksine! Gratis for deg med diabetes.",
        "Er du bekymret for barnet ditt? Barnevernet kan hjelpe.",
        "Vi søker fosterhjem! Har du plass til et barn?",
        "Røde Kors tilbyr besøk til personer med demens.",
        "Psykolog Kari Nordmann holder foredrag om depresjon.",
        "Byråd Kari Nordmann vil styrke barnevernet.",
        "Møt forfatter Ola Nordmann, som har skrevet en bok om kreft.",
        "Slik søkjer du om sosialhjelp.",
        "Kurs for foreldre til barn med ADHD i Nordre Skogveien.",
        "Kari Nordmann vant løpet. Målet var i Fana. Det var varmt. Demens er et tema i morgen.",
    ],
)
def test_a_sensitive_term_about_no_one(text: str) -> None:
    assert SENSITIVE(prepare(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Vi i Bergen kommune mener dette er feil.",
        "Jeg skriver på vegne av Bergen kommune.",
        "Bergen kommune informerer: veien er stengt.",
        "Eg skriv på vegner av kommunen.",
        "Vi i Ber\u200bgen&#160;kommune mener det.",
    ],
)
def test_speaking_for_the_municipality(text: str) -> None:
    assert strengths(IMPERSONATION(prepare(text))) == ["weak"]


@pytest.mark.parametrize(
    "text",
    [
        "Jeg uttaler meg ikke på vegne av Bergen kommune.",
        "«På vegne av Bergen kommune» sto det i brevet.",
        "Bergen kommune har en fin strand.",
        "Eg jobbar i Bergen kommune.",
    ],
)
def test_not_speaking_for_the_municipality(text: str) -> None:
    assert IMPERSONATION(prepare(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Meningene er mine egne.",
        "Egne meninger.",
        "Jobber i skolen. Egne meninger!",
        "Alt eg skriv her er mine eigne synspunkt.",
        "Står for eiga rekning.",
        "Jeg representerer ikke arbeidsgiver.",
        "Views are my own",
        "Mine eg\u00adne meninger",
    ],
)
def test_a_disclaimer(text: str) -> None:
    assert strengths(DISCLAIMERS(prepare(text))) == ["strong"]


@pytest.mark.parametrize(
    "text",
    [
        "Dette er ikke mine egne meninger.",
        "Det er ikkje mine eigne meiningar.",
        "Hun sa: «ikke mine egne ord».",
        "Han sa «dette er mine egne meninger» og gikk.",
        "Barna på skolen skal få si egne meninger.",
        "Har du egne meninger om byutvikling?",
        "These are not my own views.",
    ],
)
def test_no_disclaimer(text: str) -> None:
    assert DISCLAIMERS(prepare(text)) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Jeg lurer på hvorfor bussen ikke stopper ved skolen lenger, noen som vet?", "nb"),
        ("Eg lurer på kvifor bussen ikkje stoppar ved skulen lenger, nokon som veit?", "nn"),
        ("Ikke nå", "unknown"),
        ("God helg til alle sammen", "unknown"),
        ("The library is open and you are welcome to visit it with your family", "unknown"),
        ("Biblioteket är öppet och vi hoppas att ni inte missar det för vecka fyra", "unknown"),
        ("Ikke ikkje ikke ikkje ikke ikkje ikke ikkje ikke ikkje", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_language(text: str, language: str) -> None:
    assert LANGUAGE(prepare(text)) == language


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("DETTE ER HELT UAKSEPTABELT", [(0, 26)]),
        ("Flott!!!! Kom", [(5, 9)]),
        ("Er du klar?!?!?!", [(10, 16)]),
        ("Hei! Kom! Nå! Ja", []),
        ("Hei! Kom! Nå! Ja! Til! Oss! ", [(3, 27)]),
        ("NAV OG NRK", []),
        ("NAV, NRK, BUP, SFO og FAU inviterer til IKT-kveld", []),
        ("Hei! Kom!", []),
        ("VIKTIG: vannet er stengt i dag i hele Åsane bydel", []),
        ("", []),
    ],
)
def test_the_tone(text: str, at: list[tuple[int, int]]) -> None:
    found = TONE(prepare(text))
    assert [detection.span for detection in found] == at
    assert set(strengths(found)) <= {"weak"}


@pytest.mark.parametrize(
    "link",
    [
        "https://www.bergen.kommune.no/hva",
        "HTTPS://BERGEN.KOMMUNE.NO",
        "https://bergen.kommune.no:443/",
        "https://bergen.kommune.no./",
        "bergen.kommune.no/x",
        "bergen.kommune.no:8080/x",
        "www.bergen.kommune.no",
        "//bergen.kommune.no",
        " https://bergen.kommune.no ",
        "https://ｂergen.kommune.no",
    ],
)
def test_an_own_link(link: str) -> None:
    assert OWN_LINK(link) == "own"


@pytest.mark.parametrize(
    "link",
    [
        "https://bergen.kommune.no.evil.example",
        "https://kommune.no@evil.example",
        "https://bergen.kommune.no@evil.example",
        "https://evil.example\\@bergen.kommune.no",
        "http:/\\evil.example/bergen.kommune.no",
        "https://evil.example#@bergen.kommune.no",
        "https://evil.example?bergen.kommune.no",
        "https://xbergen.kommune.no",
        "https://b\u0435rgen.kommune.no",
        "https://xn--brgen-3ve.kommune.no",
        "https://xn--\u00e5.kommune.no",
        "https://bergen.kommune.no%2eevil.example",
        "https://bergen.kommune.no&x.evil.example",
        "https://kommune.no",
        "https://oslo.kommune.no",
        "herad.no",
        "mailto:post@bergen.kommune.no",
        "javascript:alert('//bergen.kommune.no')",
        "java\nscript:alert(1)//bergen.kommune.no",
        "data:text/html,bergen.kommune.no",
        "ftp://bergen.kommune.no",
        "http://[::1]/",
        "http://[bergen.kommune.no",
        "https://bergen.kommune.no:x/",
        "https://" + "a." * 200 + "bergen.kommune.no",
    ],
)
def test_a_foreign_link(link: str) -> None:
    assert OWN_LINK(link) == "foreign"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "/hva-skjer",
        "#topp",
        "https://bit.ly/abc",
        "https://l.facebook.com/l.php?u=https://bergen.kommune.no",
        "https:bergen.kommune.no",
        "https:///bergen.kommune.no",
        "https://kari@bergen.kommune.no",
        "https://bergen.kommune.no\\@evil.example",
    ],
)
def test_a_link_that_tells_nothing(link: str) -> None:
    assert OWN_LINK(link) == "unknown"


def test_a_public_suffix_is_never_own() -> None:
    groups = dict(words("links").entries) | {"own_domains": ("kommune.no",)}
    with pytest.raises(ValueError, match=r"`kommune\.no` is a public suffix"):
        make_own_link(Lexicon("links", "s", None, groups))


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (
            "Les mer på https://www.bergen.kommune.no/hva-skjer.",
            ["https://www.bergen.kommune.no/hva-skjer"],
        ),
        ("(bergen.kommune.no)", ["bergen.kommune.no"]),
        ("[Program](https://bergen.kommune.no/p)", ["https://bergen.kommune.no/p"]),
        ("<p>bergen.kommune.no</p>", ["bergen.kommune.no"]),
        ("post@bergen.kommune.no", []),
        ("https://bergen.kommune.no.evil.example", []),
    ],
)
def test_own_links_in_a_text(text: str, links: list[str]) -> None:
    assert [text[slice(*found.span)] for found in OWN_LINKS(prepare(text))] == links


@pytest.mark.parametrize(
    ("alt", "problem"),
    [
        ("IMG_1234.JPG", "a file name"),
        ("DSC00123", "a file name"),
        ("bilde av en katt", "begins by saying that it is a picture"),
        ("Eit bilete av barn", "begins by saying that it is a picture"),
        ("Bilde", "says only that there is a picture"),
        ("...", "says only that there is a picture"),
        *(
            (alt, "says only that there is a picture")
            for alt in (
                "null",
                "NULL",
                " Null. ",
                "undefined",
                "N/A",
                "n/a",
                "N / A",
                "n.a.",
                "NaN",
                "none",
                "-",
                "\u2013",
                "?",
                "_",
                "[null]",
                "(none)",
                '"undefined"',
                "n u l l",
                "null null",
                "undefined, undefined",
                "\uff4e\uff55\uff4c\uff4c",
                "nu\u200bll",
                "n&shy;ull",
                "<b>null</b>",
                "&quot;null&quot;",
                "\u00adN/A",
                "[object Object]",
                "ikke oppgitt",
                "Ikkje aktuelt",
                "Mangler!",
                "TBD",
                "lorem ipsum",
                "B\u00adilde",
                "Alt-tekst",
                "image",
                "alt text",
                "mangler alt-tekst",
                "uten alt-tekst",
                "Skriv inn alternativ tekst",
                "Legg til alternativ tekst",
                "alt-tekst kommer",
                "Bildetekst",
                "0",
                "false",
                "Ingen fotobeskrivelse er tilgjengelig",
                "no description",
                "Uten tittel",
                "utan tittel",
                "Plassholder",
                "Bilde mangler",
                "image placeholder",
                "Eksempeltekst",
                "1 2 3",
            )
        ),
        *(
            (alt, "a file name")
            for alt in (
                "IMG_1234.jpg",
                "img 1234",
                "IMG-1234 (1)",
                "\uff29\uff2d\uff27_1234",
                "I\u200bMG_1234",
                "(IMG_1234.JPG)",
                "https://example.org/x/IMG_1.png?w=300",
                "image_1.webp.",
                "&nbsp;DSC_0001&nbsp;",
                "photo 3",
                "123",
            )
        ),
        ("<b>Bilde</b> av en katt", "begins by saying that it is a picture"),
        ("Kan være et bilde av tre personer", "begins by saying that it is a picture"),
        ("Image may contain: 2 people", "begins by saying that it is a picture"),
        ("Bil\u00adde av en katt", "begins by saying that it is a picture"),
        ("kom på  fest!", "the same as the text"),
        ("x" * 251, "longer than 250 characters"),
    ],
)
def test_a_poor_alternative_text(alt: str, problem: str) -> None:
    found = ALT(alt, "Kom på fest!")
    assert [(item.strength, item.masked) for item in found] == [
        ("weak", f"alternative text: {problem}")
    ]
    assert all(0 <= start < end <= len(alt) for start, end in (item.span for item in found))


@pytest.mark.parametrize(
    "alt",
    [
        "",
        " ",
        "\u200b",
        "&nbsp;",
        "P 4",
        "\U0001f389",
        "\U0001fae8",
        "Null utslipp",
        "Ingen adgang-skilt",
        "x\u00ad" * 250,
        "Barn leker i parken",
        "x" * 250,
        "Barna viser et bilde av skolen",
        "Plan 2",
        "17. mai",
        "Falskt alarm",
        "Plan 2 og 3",
        "Eksempel på et skilt",
    ],
)
def test_a_fair_alternative_text(alt: str) -> None:
    assert ALT(alt, "Kom på fest!") == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fin dag.\nFoto: Kari Nordmann", ["foto strong"]),
        ("Fin dag (foto: Kari)", ["foto strong"]),
        ("Fotograf: Kari", ["fotograf strong"]),
        ("Foto: ukjent", ["foto strong"]),
        ("Foto: mangler", ["foto weak"]),
        ("Foto: privat", ["foto strong"]),
        ("Foto: Kari Nordmann / NTB", ["foto strong"]),
        ("Foto: Bergen kommune. Vi ses på lørdag og gleder oss!", ["foto strong"]),
        ("Foto: Ikke lov i garderoben.", ["foto weak"]),
        ("Bilde: Les mer på nettsidene våre.", ["bilde weak"]),
        ("📸 Del ditt beste bilde!", ["📸 weak"]),
        ("Foto: fra nettet", ["foto weak"]),
        ("Foto: 27. mars kl. 12", ["foto weak"]),
        ("Foto av Ola Vik", ["foto weak"]),
        ("Fotograf Ola Vik", ["fotograf weak"]),
        ("Foto – Ola Vik", ["foto weak"]),
        ("Foto : Ola Vik", ["foto weak"]),
        ("Tekst/foto: Ola Vik", ["foto weak"]),
        ("Alle foto: Ola Vik", ["foto weak"]),
        ("Foto øverst: Ola Vik", ["foto weak"]),
        ("Bildet er tatt av Ola Vik.", ["bildet weak"]),
        ("Biletet er teke av Ola Vik.", ["biletet weak"]),
        ("Photo by Ola Vik", ["photo weak"]),
        ("Bildet viser Ulriken", []),
        ("Vi søker fotograf", []),
        ("Foto: —", ["foto weak"]),
        ("Foto: N/A.", ["foto weak"]),
        ("Bilete: namn", ["bilete weak"]),
        ("Tekst: Ola", []),
        ("Ill.: Ola", []),
        ("Kjelde: nrk.no", []),
        ("Foto og film: Ola", ["foto strong"]),
        ("Tekst og foto: Ola", ["foto strong"]),
        ("Tekst og film: Ola", []),
        ("🎥 Ola", []),
        ("© Bergen kommune", ["© strong"]),
        ("📸 @kari", ["📸 strong"]),
        ("Foto:", []),
        ("Foto:\nKari", []),
        ("Vi har ikke kilde: huset er tomt", []),
        ("Foto: Kari " + "og så en lang tekst etterpå " * 12, []),
        ("", []),
    ],
)
def test_credit_lines(text: str, shown: list[str]) -> None:
    found = CREDITS(prepare(text))
    assert [(item.masked, item.strength) for item in found] == [
        (f"credit line ({word})", strength) for word, strength in map(str.split, shown)
    ]


@pytest.mark.parametrize(
    "make",
    [
        make_case_phrases, make_sensitive_terms, make_impersonation, make_disclaimers,
        make_language_of, make_tone_signals, make_own_link, make_alt_text_problems,
        make_credit_lines,
    ],
)  # fmt: skip
def test_a_list_without_the_groups_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="word list `bare` has no group"):
        make(Lexicon("bare", "s", None, {}))
