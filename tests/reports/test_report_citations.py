"""How the clauses were used: counted by hand, the same from any order, and never a word of text."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.cli.workflows.report_inputs import field_names, from_documents
from somepolicy.installed import installed_policy
from somepolicy.ir import types as t
from somepolicy.json_type import Json
from somepolicy.policy import Policy
from somepolicy.reports import tally as tallying
from somepolicy.reports.citations import citations
from somepolicy.reports.grouping import BadEntryError
from somepolicy.reports.model import Report, Table
from somepolicy.reports.tally import Totals, tally
from somepolicy.reports.writing import written
from tests.examples import examples
from tests.reports.report_cases import DAY, LANGUAGES, entry, example, policy, report, totals

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"


def rows(made: Report, key: str) -> list[list[object]]:
    found: Table = next(each for each in made.tables if each.key == key)
    return [[cell.value for cell in each] for each in found.rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden(language: str, golden) -> None:  # type: ignore[no-untyped-def]
    text = written(report("citations", language), "md").decode()
    digest = policy().program.digest
    path = HERE / "golden" / f"citations.{language}.md"
    golden(path, text.replace(digest, "sha256:…"))


def test_the_figures() -> None:
    found = {each.key: each.value for each in report("citations", "en").figures}
    assert found == {
        "decisions": 4,
        "allowed": 2,
        "violated": 1,
        "unproven": 1,
        "stopping": 3,
        "left_out": 1,
    }


def test_by_month_those_without_a_decision_too() -> None:
    assert rows(report("citations", "en"), "trend") == [
        ["2026-09", 1, 1, 0, 0, 0.0],
        ["2026-10", 0, 0, 0, 0, None],
        ["2026-11", 3, 1, 1, 1, 66.7],
    ]


def test_by_unit_type_and_platform() -> None:
    made = report("citations", "en")
    assert rows(made, "unit_type") == [
        ["Library", 2, 2, 0, 0, 0.0],
        ["School", 2, 0, 1, 1, 100.0],
    ]
    assert rows(made, "platform") == [
        ["Facebook", 3, 2, 0, 1, 33.3],
        ["Other", 1, 0, 1, 0, 100.0],
    ]
    says = {name: clause.says["en"] for name, clause in policy().program.clauses.items()}
    assert rows(made, "stopped_by_unit_type") == [
        ["bilde.klarert", says["bilde.klarert"], 0, 2, 2],
        ["sak.aldri", says["sak.aldri"], 0, 1, 1],
        ["tall.riktig", says["tall.riktig"], 0, 1, 1],
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_clauses_rules_and_readings_are_named_in_words(language: str) -> None:
    made, program = report("citations", language), policy().program

    def said(text: Mapping[str, str]) -> str:
        return text.get(language, text["nb"])

    for row in rows(made, "clauses"):
        assert row[1] == said(program.clauses[str(row[0])].says)
    first = rows(made, "deviations")[0]
    assert first[0] == "picture_cleared"
    assert str(first[1]).startswith({"en": "Picture"}.get(language, "Bildet"))
    assert "{" not in str(first[1])
    assert first[3] == (f"bilde.klarert: {said(program.clauses['bilde.klarert'].says)}",)
    readings = {row[0]: row for row in rows(made, "readings")}
    assert readings["L1"][2] == said(program.readings["L1"].says)
    assert "2026-10-01" in str(readings["L1"][1])


def test_what_is_missing_is_counted_once_for_a_list() -> None:
    document = example("post/unknown.json")
    document["media"] *= 3  # type: ignore[operator]
    found = tally([entry(document)])
    assert found.missing == {
        ("post", "/media/*/people"): 1,
        ("post", "/media/*/consent/status"): 1,
        ("post", "/case_handling"): 1,
    }
    made = citations(
        policy().program, found, field_names(policy().program, "en"), "en", from_log=False, day=DAY
    )
    assert ["Media › People shown", "Post", "/media/*/people", 1, 100.0] in rows(made, "missing")


def test_a_rule_counts_once_with_its_strictest_outcome() -> None:
    document = example("post/school-trip.json")
    unknown = {"id": "pier", "kind": "image", "alt": "A pier."}
    document["media"] = [unknown, *document["media"], unknown]  # type: ignore[misc]
    found = tally([entry(document)])
    assert found.rules["picture_cleared", "denied"] == 1
    assert ("picture_cleared", "unproven") not in found.rules


def test_a_clause_that_is_no_longer_there_is_still_counted() -> None:
    old = json.loads(entry(example("post/harbour.json")))
    old["clauses"].append(["gone.clause", "violated"])
    old["findings"].append(
        {
            "rule": "gone_rule",
            "effect": "forbid",
            "outcome": "violated",
            "blocking": True,
            "clauses": ["gone.clause"],
            "readings": [],
            "missing": ["/gone/0/field"],
            "detections": [["emails", "hard", 2]],
        }
    )
    old["unit_type"] = "gone_type"
    found = tally([json.dumps(old).encode()])
    names = field_names(policy().program, "en")
    made = citations(policy().program, found, names, "en", from_log=True, day=DAY)
    assert rows(made, "clauses")[-1][:5] == ["gone.clause", None, "not stated", None, "violated"]
    assert rows(made, "deviations") == [["gone_rule", None, None, (), (), 1, 0, 0]]
    assert rows(made, "detected") == [["emails", "certain", 1]]
    assert rows(made, "unit_type")[0][0] == "gone_type"


def test_malformed_documents_are_counted_apart() -> None:
    raw = json.dumps({"type": "refusal", "time": "2026-11-02T10:00:00Z", "kind": "post"}).encode()
    found = tally([raw, entry(example("post/harbour.json"))])
    assert found.decisions() == 1
    assert found.decisions(outcome="malformed") == 1


def test_times_at_the_ends_of_the_calendar(tmp_path: Path) -> None:
    """A document may say any time; the report neither fails nor lists every month between."""
    times = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-02T10:00:00Z")
    documents = [example("post/harbour.json") | {"as_of": time} for time in times]
    (tmp_path / "posts.json").write_text(json.dumps(documents), encoding="utf-8")
    counted = from_documents(policy(), [str(tmp_path)])
    names = field_names(policy().program, "en")
    made = citations(policy().program, counted.totals, names, "en", from_log=False, day=DAY)
    assert [row[0] for row in rows(made, "trend")] == ["0001-01", "2026-11", "9999-12"]
    assert b"<svg" in written(made, "html")


def test_nothing_at_all_is_a_report_too() -> None:
    names = field_names(policy().program, "nb")
    made = citations(policy().program, Totals(), names, "nb", from_log=True, day=DAY)
    assert made.figures[0].value == 0
    assert "Ingen avgjørelser i perioden." in written(made, "html").decode()


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"7", b"null", b"{}", b'{"type":"decision"}', b"{", b"\xff", b"[" * 100_000],
)
def test_what_is_no_entry_is_refused(raw: bytes) -> None:
    with pytest.raises(BadEntryError):
        tally([raw])


@pytest.mark.parametrize(
    "part",
    [
        {"clauses": [["a"]]},
        {"clauses": [[1, 2]]},
        {"findings": [{}]},
        {"kind": 3},
        {"time": "2026-13-01"},
    ],
)
def test_a_part_that_is_none_is_refused(part: dict[str, Json]) -> None:
    raw = json.loads(entry(example("post/harbour.json"))) | part
    with pytest.raises(BadEntryError):
        tally([json.dumps(raw).encode()])


def test_counting_in_portions_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = totals()
    monkeypatch.setattr(tallying, "_MOST_PLACES", 1)
    assert totals() == whole


ENTRIES = [
    entry(example(f"post/{name}.json"), month=month)
    for name in ("harbour", "school-trip", "unknown")
    for month in ("2026-08", "2026-11")
]


@given(
    st.lists(st.sampled_from(ENTRIES)).flatmap(lambda x: st.tuples(st.just(x), st.permutations(x)))
)
@examples(40)
def test_order_does_not_matter_and_numbers_add_up(both: tuple[list[bytes], list[bytes]]) -> None:
    entries, shuffled = both
    found = tally(entries)
    assert found == tally(shuffled)
    assert found.decisions() == len(entries)
    for dimension in ("month", "kind", "unit_type", "platform"):
        values = found.values(dimension)
        assert sum(found.decisions(dimension, value) for value in values) == len(entries)
        for clause in {name for _, _, name in found.stopped}:
            counted = sum(found.stopped[dimension, value, clause] for value in values)
            assert counted == found.stopped["", "", clause]


# --- nothing of a document but what the log's allow-list names


def free_texts(kind: t.Type, value: Json, at: tuple[str | int, ...] = ()) -> Iterator[tuple]:  # type: ignore[type-arg]
    """Yield the path of every free text of a document."""
    match kind, value:
        case t.Record(), dict():
            for name, member in value.items():
                if name in kind.fields and name != "kind":
                    yield from free_texts(kind.fields[name].type, member, (*at, name))
        case t.ListOf(), list():
            for number, element in enumerate(value):
                yield from free_texts(kind.element, element, (*at, number))
        case t.Text(), str():
            yield at


def planted(document: Json, path: tuple[str | int, ...], canary: str) -> Json:
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]  # type: ignore[index,call-overload]
    place[path[-1]] = canary  # type: ignore[index,call-overload]
    return changed


CANARY = "kanarifugl-7391-Øystre"
DOCUMENTS = sorted(EXAMPLES.glob("p*/*.json"))


@pytest.mark.slow
def test_no_free_text_reaches_a_report(tmp_path: Path) -> None:
    """Each free text of each example in turn: posts, profiles and private posts."""
    used: Policy = installed_policy()
    kinds: Counter[str] = Counter()
    files = []
    for path in DOCUMENTS:
        document = json.loads(path.read_text(encoding="utf-8"))
        kind = document["kind"]
        for number, place in enumerate(
            free_texts(used.program.kinds[kind].schema.record, document)
        ):
            kinds[kind] += 1
            file = tmp_path / f"{path.stem}-{number}.json"
            file.write_text(json.dumps(planted(document, place, CANARY)), encoding="utf-8")
            files.append(str(file))
    assert kinds["post"] > 50 and kinds["profile"] > 20 and kinds["private_post"] > 3
    counted = from_documents(used, files)
    assert counted.totals.decisions() > 80
    assert counted.left_out  # the private ones
    names = field_names(used.program, "nb")
    made = citations(used.program, counted.totals, names, "nb", from_log=False, day=DAY)
    for form in ("html", "md", "csv", "json"):
        assert CANARY.encode() not in written(made, form)  # type: ignore[arg-type]
    assert CANARY not in repr(counted)


@given(
    st.sampled_from(["post/harbour.json", "post/school-trip.json", "private_post/open.json"]),
    st.text(min_size=1, max_size=30),
    st.data(),
)
@examples(60)
def test_no_text_at_all_reaches_a_report(name: str, text: str, data: st.DataObject) -> None:
    used, document = policy(), example(name)
    record = used.program.kinds[str(document["kind"])].schema.record
    canary = f"kanari{text}fugl"
    for place in free_texts(record, document):
        if data.draw(st.booleans()):
            document = planted(document, place, canary)  # type: ignore[assignment]
    if document["kind"] == "private_post":
        return  # that those are left out is tested above and by the log
    try:
        found = tally([entry(document)])
    except ValueError:
        return  # a text that no document may hold
    assert "kanari" not in repr(found)
