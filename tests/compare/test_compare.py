"""What changes between two versions of a small policy: a table of edits, and two properties."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somepolicy.compare.compare import Comparer, Comparison
from somepolicy.policy import Policy
from tests.examples import examples

KAI = Path(__file__).parent / "policy" / "kai"
NOW = datetime.datetime(2026, 11, 22, 10, tzinfo=datetime.UTC)

DROPPED = """forbid large_and_informal
  cites quay.size
  if post.size > 5 and post.tone == "informal"
  says
    nb "Et stort innlegg er uformelt."
    en "A large post is informal."

"""
SIZED = """require sized
  cites quay.size
  that post.size is present
  says nb "x" en "y"

"""
SAYS = ' says nb "x" en "y" '
# name of the edit: file, text, what stands there in NEW
VERSIONS = {
    "as it is": ("post.pol", "rules for post", "rules for post"),
    "comment": ("post.pol", "rules for post", "# a comment\nrules for post"),
    "message": ("post.pol", "is too large: {post.size}", "is much too large: {post.size}"),
    "bound": ("post.pol", "integer = 10", "integer = 8"),
    "other bound": ("post.pol", "post.size <= most", "post.size < most"),
    "definition renamed": ("post.pol", "small", "short"),
    "rule dropped": ("post.pol", DROPPED, ""),
    "rule renamed": ("post.pol", "require not_too_large", "require not_large"),
    "rule renamed and changed": (
        "post.pol",
        "require not_too_large\n  cites quay.size\n  under K1\n  that small",
        "require not_large\n  cites quay.size\n  under K1\n  that post.size <= 8",
    ),
    "rule added": (
        "post.pol",
        "advise formal_tone",
        SIZED + "advise formal_tone",
    ),
    "effect": ("post.pol", "require not_too_large", "advise not_too_large"),
    "clause renamed": (None, "quay.size", "quay.volume"),
    "force": ("clauses.pol", "force should", "force consider"),
    "reading signed": ("clauses.pol", "status proposed", 'status signed "chair" on 2026-11-01'),
    "schema": ("post.schema.json", '"minimum": 0', '"minimum": 4'),
    "kind": ("private_post.pol", ", unproven advises", ""),
    "silence": ("post.pol", "rules for post\n", f"rules for post\nunregulated post.tone{SAYS}"),
    "topic": ("post.pol", "rules for post\n", f"unregulated topic neutrality{SAYS}rules for post\n"),
}  # fmt: skip

# documents: size, cleared, tone
POSTS = [
    (3, True, "formal"),
    (9, True, "formal"),
    (10, True, "formal"),
    (12, False, "informal"),
    (7, True, "informal"),
    (12, True, "formal"),
]


def post(number: int, size: object, cleared: object, tone: object) -> dict[str, object]:
    stated = {"size": size, "cleared": cleared, "tone": tone}
    return {
        "kind": "post",
        "id": f"p{number}",
        **{name: value for name, value in stated.items() if value is not None},
    }


def version(folder: Path, name: str) -> Policy:
    file, text, by = VERSIONS[name]
    shutil.copytree(KAI, folder)
    changed = 0
    for path in sorted(folder.glob(file or "*.pol")):
        before = path.read_text(encoding="utf-8")
        after = before.replace(text, by)
        changed += after != before
        path.write_text(after, encoding="utf-8")
    assert changed or text == by, "the edit changes nothing"
    return Policy.load(folder)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Policy]:
    base = tmp_path_factory.mktemp("versions")
    return {name: version(base / name.replace(" ", "-"), name) for name in VERSIONS}


def compared(old: Policy, new: Policy, documents: list[dict[str, object]]) -> Comparison:
    comparer = Comparer(old, new, now=NOW)
    for number, document in enumerate(documents):
        comparer.add(f"d{number}", document, len(str(document)), None)
    return comparer.result()


def shifts(found: Comparison) -> Iterator[str]:
    for each in found.decisions:
        yield f"{each.kind} {each.before} -> {each.after} {each.count} {each.witness.id}"
    for shift in found.clauses:
        yield f"{shift.clause} {shift.before} -> {shift.after} {shift.count} {shift.witness.id}"
    if found.others:
        yield f"others {found.others.count} {found.others.witness.id}"


def edits(found: Comparison) -> list[str]:
    return [
        " ".join(x for x in (e.sort, e.name, e.what, e.before, e.after) if x is not None)
        + (" (unshown)" if e in found.unshown else "")
        for e in found.edits
    ]


TABLE = {
    "as it is": ([], []),
    "comment": ([], []),
    "definition renamed": ([], []),
    "message": (["rule not_too_large wording"], []),
    "bound": (
        ["parameter most value 10 8"],
        [
            "post allow -> deny 2 p1",
            "quay.size satisfied -> violated 2 p1",
        ],
    ),
    "other bound": (
        ["rule not_too_large condition"],
        ["post allow -> deny 1 p2", "quay.size satisfied -> violated 1 p2"],
    ),
    "rule dropped": (
        ["rule large_and_informal removed"],
        ["post deny -> allow 1 p4", "quay.size violated -> satisfied 1 p4", "others 1 p3"],
    ),
    "rule renamed": (["rule not_large renamed not_too_large not_large"], []),
    "rule renamed and changed": (
        [
            "rule not_large renamed not_too_large not_large",
            "rule not_large condition",
        ],
        ["post allow -> deny 2 p1", "quay.size satisfied -> violated 2 p1"],
    ),
    "rule added": (["rule sized added (unshown)"], []),
    "effect": (
        ["rule not_too_large effect require advise"],
        ["post deny -> allow 1 p5", "quay.size violated -> advised 1 p5", "others 1 p3"],
    ),
    "clause renamed": (["clause quay.volume renamed quay.size quay.volume"], []),
    "force": (["clause quay.tone force should consider"], []),
    "reading signed": (
        [
            "reading K2 signature proposed chair, 2026-11-01",
            "reading K3 signature proposed chair, 2026-11-01",
        ],
        [],
    ),
    "schema": (["kind post schema"], ["post allow -> invalid 1 p0"]),
    "kind": (["kind private_post effect"], []),
    "silence": (["kind post content", "kind post wording"], ["others 6 p0"]),
    "topic": (["topic neutrality added"], []),
}  # fmt: skip


@pytest.mark.parametrize("name", VERSIONS)
def test_an_edit(name: str, versions: dict[str, Policy]) -> None:
    documents = [post(number, *each) for number, each in enumerate(POSTS)]
    # the question about sizes above 5 is answered outside this table
    for document in documents:
        if isinstance(document["size"], int) and document["size"] > 5:
            document["attestations"] = [answered(versions["as it is"], document)]
    found = compared(versions["as it is"], versions[name], documents)
    wanted_edits, wanted_shifts = TABLE[name]
    assert edits(found) == wanted_edits
    assert list(shifts(found)) == wanted_shifts
    assert found.changed == bool(wanted_shifts)


def test_other_values_and_other_words_of_what_is_not_regulated(tmp_path: Path) -> None:
    declared = f'unregulated post.tone in ("formal"){SAYS} unregulated topic neutrality{SAYS}'
    rows = {
        '("formal", "informal")': ["kind post content", "kind post wording"],
        '"z"': ["topic neutrality wording", "kind post wording"],
    }
    policies = []
    for number, (text, by) in enumerate(
        (("", ""), ('("formal")', next(iter(rows))), ('"y"', '"z"'))
    ):
        folder = tmp_path / str(number)
        shutil.copytree(KAI, folder)
        path = folder / "post.pol"
        rules = path.read_text(encoding="utf-8")
        path.write_text(
            rules.replace("rules for post", f"rules for post {declared.replace(text, by)}", 1),
            encoding="utf-8",
        )
        policies.append(Policy.load(folder))
    for changed, wanted in zip(policies[1:], rows.values(), strict=True):
        assert edits(compared(policies[0], changed, [])) == wanted


def answered(policy: Policy, document: dict[str, object]) -> dict[str, object]:
    return {
        "clause": "quay.checked",
        "statement": "yes",
        "role": "editor",
        "at": "2026-11-20T10:00:00+00:00",
        "content_digest": policy.content_digest(document),
    }


def test_the_witness_is_the_smallest_and_of_equal_ones_the_first(
    versions: dict[str, Policy],
) -> None:
    comparer = Comparer(versions["as it is"], versions["schema"], now=NOW)
    for name, size in (("a", 90), ("b", 70), ("c", 70), ("d", 80)):
        comparer.add(name, post(1, 3, True, "formal"), size, None)
    (shift,) = comparer.result().decisions
    assert (shift.count, shift.witness.name, shift.witness.size) == (4, "b", 70)


def test_documents_that_neither_can_judge(versions: dict[str, Policy]) -> None:
    comparer = Comparer(versions["as it is"], versions["bound"], now=NOW)
    comparer.skip()
    for bad in (None, [], "x", {"kind": "post"}, {"kind": "nothing", "id": "x"}, {"kind": []}):
        assert comparer.add("bad", bad, 1, None)  # type: ignore[arg-type]
    found = comparer.result()
    assert (found.documents, found.unjudged, found.changed) == (0, 7, False)


def test_a_time_is_the_same_for_both(
    versions: dict[str, Policy], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that states no time is decided as of one time, however long the run takes."""
    seen: list[object] = []
    evaluate = Policy.evaluate

    def watched(policy, document, *, as_of=None, digest=True):  # type: ignore[no-untyped-def]
        seen.append(as_of)
        return evaluate(policy, document, as_of=as_of, digest=digest)

    monkeypatch.setattr(Policy, "evaluate", watched)
    comparer = Comparer(versions["as it is"], versions["bound"], now=NOW)
    comparer.add("a", post(1, 3, True, None), 1, None)
    comparer.add("b", {**post(1, 3, True, None), "as_of": "2026-01-01T00:00:00Z"}, 1, None)
    later = NOW + datetime.timedelta(days=9)
    comparer.add("c", {**post(1, 3, True, None), "as_of": "2026-01-01T00:00:00Z"}, 1, later)
    assert seen == [NOW, NOW, None, None, later, later]


DOCUMENTS = st.lists(
    st.one_of(
        st.builds(
            post,
            st.integers(0, 9),
            st.none() | st.integers(0, 14),
            st.none() | st.booleans(),
            st.sampled_from([None, "formal", "informal"]),
        ),
        st.builds(
            lambda secret: {"kind": "private_post", "id": "q", **secret},
            st.sampled_from([{}, {"secret": True}, {"secret": False}]),
        ),
        st.sampled_from([{"kind": "none"}, {"kind": "post", "id": 3}]),
    ),
    max_size=8,
)


@examples(60)
@given(name=st.sampled_from(sorted(VERSIONS)), documents=DOCUMENTS)
def test_a_policy_and_itself_answer_alike(
    versions: dict[str, Policy], name: str, documents: list[dict[str, object]]
) -> None:
    found = compared(versions[name], versions[name], documents)
    assert not found.changed
    assert (found.decisions, found.clauses, found.others, found.edits) == ((), (), None, ())
    assert found.documents + found.unjudged == len(documents)


@pytest.mark.slow
@examples(150)
@given(names=st.tuples(*[st.sampled_from(sorted(VERSIONS))] * 2), documents=DOCUMENTS)
def test_swapped_versions_show_the_mirror(
    versions: dict[str, Policy], names: tuple[str, str], documents: list[dict[str, object]]
) -> None:
    one, other = (versions[name] for name in names)
    there, back = compared(one, other, documents), compared(other, one, documents)
    assert (there.documents, there.unchanged) == (back.documents, back.unchanged)
    assert {(x.kind, x.before, x.after, x.count, x.witness) for x in there.decisions} == {
        (x.kind, x.after, x.before, x.count, x.witness) for x in back.decisions
    }
    known = {e.before: e.after for e in there.edits if (e.sort, e.what) == ("clause", "renamed")}
    assert {(x.clause, x.before, x.after, x.count, x.witness) for x in there.clauses} == {
        (known.get(x.clause, x.clause), x.after, x.before, x.count, x.witness) for x in back.clauses
    }
    assert there.others == back.others
    mirror = {"added": "removed", "removed": "added"}
    renamed = {e.name: e.before for e in there.edits if e.what == "renamed"}
    assert {(e.sort, renamed.get(e.name, e.name), e.what, e.after, e.before) for e in there.edits if e.what != "renamed"} == {
        (e.sort, e.name, mirror.get(e.what, e.what), e.before, e.after) for e in back.edits if e.what != "renamed"
    }  # fmt: skip
