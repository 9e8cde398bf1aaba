"""What a program of somebody else gets: records, errors and policies as values."""

from __future__ import annotations

import copy
import importlib
import io
import json
import os
import pickle
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import somepolicy
from somepolicy import (
    Citation,
    Decision,
    Finding,
    InvalidDocument,
    Policy,
    PolicyChangedError,
    PolicyError,
    SomepolicyError,
    evaluate_many,
)
from somepolicy.installed import installed_folder, installed_policy
from somepolicy.log import LogError, NotWholeError
from somepolicy.log.errors import Problem
from somepolicy.record import Record
from tests.examples import one_in

ROOT = Path(__file__).parents[1]
KEEP = Policy._keep  # before the fixture that stops it
BERGEN = ROOT / "policy" / "bergen"
FJELLVIK = ROOT / "examples" / "policies" / "fjellvik"
EXAMPLES = sorted((ROOT / "examples").glob("p*/*.json"))
SCHEMA = json.loads((ROOT / "schemas" / "decision.schema.json").read_bytes())


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "examples" / f"{name}.json").read_bytes())
    return found


def decisions() -> Iterator[Decision]:
    for path in EXAMPLES:
        if path.parent.name != "policies":
            yield somepolicy.evaluate(json.loads(path.read_bytes()))


def records(value: object) -> Iterator[Record]:
    """Yield every record within a value."""
    if isinstance(value, Record):
        yield value
        value = value.values()
    if isinstance(value, tuple):
        for each in value:
            yield from records(each)


def subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


# --- records in JSON


def test_a_dictionary_says_what_the_json_says() -> None:
    seen = set()
    for decision in decisions():
        assert decision.to_dict() == json.loads(decision.to_json())
        for each in records(decision):
            seen.add(type(each))
            assert each.to_dict() == json.loads(each.to_json())
    assert len(seen) > 6


@pytest.mark.parametrize("settings", [{}, {"indent": 1}, {"default": str}, {"sort_keys": True}])
def test_the_standard_json_refuses_every_record_by_name(settings: dict[str, Any]) -> None:
    kinds = set()
    for decision in decisions():
        for each in records(decision):
            if type(each) not in kinds:
                kinds.add(type(each))
                for value in (each, {"a": [each]}, (each,)):
                    with pytest.raises(TypeError, match=r"`to_dict\(\)`"):
                        json.dumps(value, **settings)
                    with pytest.raises(TypeError, match=r"`to_dict\(\)`"):
                        json.dump(value, io.StringIO(), **settings)
    assert Decision in kinds and Finding in kinds


def test_what_is_wrong_with_a_document_is_no_list_either() -> None:
    with pytest.raises(InvalidDocument) as refused:
        somepolicy.evaluate({"kind": "post", "id": "x", "txt": "secret"})
    error = refused.value
    assert error.to_dict() == json.loads(error.to_json())
    assert {each["code"] for each in error.to_dict()["errors"]} <= {"D301", "D302", "D303"}
    assert {tuple(each) for each in error.to_dict()["errors"]} == {
        ("code", "pointer", "message", "nearest")
    }
    with pytest.raises(TypeError, match=r"`to_dict\(\)`"):
        json.dumps(error.errors)


def test_a_record_is_a_value() -> None:
    for decision in decisions():
        assert copy.deepcopy(decision) == copy.copy(decision) == decision
        assert pickle.loads(pickle.dumps(decision)) == decision
        assert hash(decision.policy) == hash(copy.copy(decision.policy))
        assert decision._replace(engine="x").engine == "x"
        with pytest.raises(TypeError, match="has no motor"):
            decision._replace(motor="x")
        with pytest.raises(AttributeError):
            decision.engine = "x"  # type: ignore[misc]


# --- frameworks


def test_pydantic_writes_and_reads_objects() -> None:
    adapter = TypeAdapter(Decision)
    for decision in decisions():
        assert adapter.dump_json(decision) == decision.to_json()
        assert adapter.dump_python(decision, mode="json") == decision.to_dict()
        assert adapter.validate_json(decision.to_json(), strict=True) == decision
        assert adapter.validate_python(decision) is decision
    with pytest.raises(ValidationError, match="extra"):
        adapter.validate_json(b'{"verdict": "allow"}')


def test_records_within_a_model_are_objects() -> None:
    class Answer(BaseModel):
        decision: Decision
        first: dict[str, list[Finding]]

    made = somepolicy.evaluate(document("post/class-photo"))
    answer = Answer(decision=made, first={"a": list(made.findings)})
    assert json.loads(answer.model_dump_json()) == {
        "decision": made.to_dict(),
        "first": {"a": [each.to_dict() for each in made.findings]},
    }
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of a deprecated client
def test_a_web_framework_answers_with_objects() -> None:
    fastapi = pytest.importorskip("fastapi", reason="the extra `web` is absent")
    from fastapi.testclient import TestClient

    app, made = fastapi.FastAPI(), somepolicy.evaluate(document("post/class-photo"))

    def one() -> Decision:
        return made

    def many() -> list[Finding]:
        return list(made.findings)

    app.get("/one")(one)
    app.get("/many")(many)
    client = TestClient(app)
    assert client.get("/one").content == made.to_json()
    assert client.get("/many").json() == [each.to_dict() for each in made.findings]
    paths = client.get("/openapi.json").json()["paths"]
    shape = paths["/one"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert shape["type"] == "object" and set(shape["properties"]) == set(SCHEMA["properties"])


def shape(schema: Any, defs: dict[str, Any]) -> Any:
    """Return what a schema says of the form: members, which have to be there, types, values."""
    if "$ref" in schema:
        return shape(defs[schema["$ref"].rpartition("/")[2]], defs)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return sorted((shape(each, defs) for each in schema[several]), key=repr)
    match schema.get("type"):
        case "object" if "properties" in schema:
            members = schema["properties"].items()
            return {name: (name in schema["required"], shape(x, defs)) for name, x in members}
        case "object":
            return "texts"
        case "array" if "prefixItems" in schema:  # of one kind, a number of them
            (one,) = {shape(each, defs) for each in schema["prefixItems"]}
            return ["list of", one]
        case "array":
            return ["list of", shape(schema["items"], defs)]
        case kind:
            return sorted(schema["enum"]) if "enum" in schema else kind


@pytest.mark.parametrize("mode", ["serialization", "validation"])
def test_the_published_schema_is_that_of_the_type(mode: Any) -> None:
    made = TypeAdapter(Decision).json_schema(mode=mode)
    assert shape(SCHEMA, SCHEMA["$defs"]) == shape(made, made.get("$defs", {}))


# --- shown


def test_what_is_shown_is_short_and_holds_no_text_of_the_document() -> None:
    for path in EXAMPLES:
        given = json.loads(path.read_bytes())
        given["id"] = "ID-OF-THE-DOCUMENT"
        if "text" in given:
            given["text"]["body"] = f"{given['text']['body']} WORDS-OF-THE-DOCUMENT"
        for each in records(somepolicy.evaluate(given)):
            assert repr(each).startswith(f"<{type(each).__name__} ") and len(repr(each)) < 250
            assert "\n" not in repr(each) and "OF-THE-DOCUMENT" not in repr(each)
    decision = somepolicy.evaluate(document("post/class-photo"))
    rules = dict.fromkeys(each.rule for each in decision.findings)
    assert repr(decision).startswith("<Decision deny post, ")
    assert all(rule in repr(decision) for rule in list(rules)[:5])


def test_a_policy_shows_its_name_version_and_digest() -> None:
    policy = installed_policy()
    start = policy.digest[:11]
    assert repr(policy) == f"<Policy bergen {policy.program.version}, 3 kinds, {start}…>"
    assert repr(Policy.from_source(FJELLVIK)).startswith("<Policy fjellvik ")


# --- errors


def test_every_error_has_one_base() -> None:
    found = set()
    for module in pkgutil.walk_packages(somepolicy.__path__, "somepolicy."):
        if not module.name.endswith("__main__") and ".data" not in module.name:
            for name, each in vars(importlib.import_module(module.name)).items():
                own = isinstance(each, type) and each.__module__.startswith("somepolicy")
                if own and issubclass(each, Exception) and not name.startswith("_"):
                    assert issubclass(each, SomepolicyError), each
                    found.add(name)
    assert {"PolicyError", "InvalidDocument", "LogError", "WorkerError"} <= found


def test_errors_can_be_pickled() -> None:
    made: list[SomepolicyError] = [LogError("a", "b"), PolicyChangedError()]
    made.append(NotWholeError((Problem("x", "sequence", 1),)))  # type: ignore[arg-type]
    for wrong in ({"policy.toml": "x"}, {}):
        with pytest.raises(PolicyError) as refused:
            Policy.from_files(wrong)
        made.append(refused.value)
    with pytest.raises(InvalidDocument) as malformed:
        somepolicy.evaluate({})
    for error in (*made, malformed.value):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), list(vars(again))) == (
            type(error),
            str(error),
            list(vars(error)),
        )


# --- policies


def files_of(folder: Path) -> dict[str, str]:
    """Return every file of a policy by the name that policy.toml gives it."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    for path in (ROOT / "schemas").glob("*.json"):
        if folder == BERGEN:
            found[f"../../schemas/{path.name}"] = path.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("folder", one_in(2, [FJELLVIK, BERGEN]), ids=["fjellvik", "bergen"])
def test_given_files_are_the_policy_of_the_folder(folder: Path) -> None:
    policy, given = Policy.from_source(folder), Policy.from_files(files_of(folder))
    assert given == policy and hash(given) == hash(policy) and given.files == policy.files
    assert given.warnings is not None and len(given.warnings) == len(policy.warnings)


@pytest.mark.slow
def test_given_files_decide_alike() -> None:
    given = Policy.from_files(files_of(BERGEN))
    for path in EXAMPLES:
        asked = json.loads(path.read_bytes())
        moment = somepolicy.evaluate(asked)
        again = given.evaluate(asked)
        assert again.to_dict() | {"as_of": 0} == moment.to_dict() | {"as_of": 0}
    crlf = {name: text.replace("\n", "\r\n").encode() for name, text in files_of(BERGEN).items()}
    assert Policy.from_files(crlf) == given


IN_MEMORY = """
import json, sys
files = json.load(open(sys.argv[1], encoding="utf-8"))
asked = json.load(open(sys.argv[2], encoding="utf-8"))
from somepolicy import Policy
Policy.from_files(files).explain(asked)  # what is imported is imported
seen = []
sys.addaudithook(lambda event, given: seen.append(str(given[0])) if event in
                 ("open", "os.listdir", "os.scandir") else None)
policy = Policy.from_files(files)
policy.evaluate(asked), policy.explain(asked)
print(json.dumps([each for each in seen if "site-packages" not in each and "/src/" not in each]))
"""


@pytest.mark.slow
def test_no_file_is_read_of_a_policy_in_memory(tmp_path: Path) -> None:
    (tmp_path / "files.json").write_text(json.dumps(files_of(BERGEN)), encoding="utf-8")
    example = ROOT / "examples" / "post" / "class-photo.json"
    program = [sys.executable, "-c", IN_MEMORY, str(tmp_path / "files.json"), str(example)]
    ran = subprocess.run(program, capture_output=True, check=True, text=True, cwd=tmp_path)
    assert json.loads(ran.stdout) == []


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"clauses.pol": "clause"}, "clauses.pol:1:"),
        ({"../../schemas/post.schema.json": "["}, "../../schemas/post.schema.json:1:2"),
        ({"../../schemas/post.schema.json": None}, "../../schemas/post.schema.json:1:1"),
        ({"../../schemas/common.schema.json": None}, "../../schemas/common.schema.json:1:1"),
        ({"policy.toml": None}, "policy.toml:1:1: error[P115]: no such file is given"),
        ({"words/links.toml": "x"}, "words/links.toml:1:"),
        ({"more/deep.pol": "\ud800"}, "more/deep.pol:1:1: error[P101]"),
    ],
)
def test_errors_show_the_names_that_were_given(change: dict[str, str | None], shown: str) -> None:
    files = {**files_of(BERGEN), **change}
    with pytest.raises(PolicyError) as refused:
        Policy.from_files({name: text for name, text in files.items() if text is not None})
    assert shown in str(refused.value)


@pytest.mark.parametrize(
    "name",
    ["./a.pol", "../a.pol", "/a.pol", "a//b.POL", "x/../a.pol", "./words/links.toml", "w\\a.pol"],
)
def test_no_rules_are_passed_over_for_their_name(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a file of a policy"):
        Policy.from_files({**files_of(FJELLVIK), name: ""})


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("\ud800.pol", "", ValueError),
        ("words/\udbff.toml", "", ValueError),
        ("a\0.pol", "", ValueError),
        (7, "", TypeError),
        (None, "", TypeError),
        (b"a.pol", "", TypeError),
        (Path("a.pol"), "", TypeError),
        ("a.pol", 10**9, TypeError),
        ("a.pol", None, TypeError),
        ("a.pol", [1, 2], TypeError),
        ("a.pol", Path("a.pol"), TypeError),
    ],
)
def test_what_is_no_file_is_refused_by_name(name: Any, value: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind) as refused:
        Policy.from_files({**files_of(FJELLVIK), name: value})
    assert type(refused.value) is kind
    assert repr(name) in str(refused.value)


def test_a_name_may_hold_what_a_folder_gives_for_bytes_that_are_no_text() -> None:
    files = {**files_of(FJELLVIK), "\udcff.pol": bytearray(b"")}
    assert Policy.from_files(files).name == "fjellvik"  # type: ignore[arg-type]


def test_a_policy_in_memory_has_no_folder() -> None:
    with pytest.raises(SomepolicyError, match="no folder"):
        _ = Policy.from_files(files_of(FJELLVIK)).folder


def set_parameters(policy: Policy) -> Policy:
    numbers = {
        name: each.values[-1].value + 1
        for name, each in policy.program.parameters.items()
        if type(each.values[-1].value) is int
    }
    (first, one), *_, (last, other) = numbers.items()
    return policy.with_parameters({first: one}).with_parameters({last: other})


@pytest.mark.slow
@pytest.mark.parametrize("make", [Policy.load, lambda folder: Policy.from_files(files_of(folder))])
def test_a_policy_is_pickled_as_what_it_was_loaded_from(make: Any) -> None:
    policy = make(BERGEN)
    asked = document("post/class-photo") | {"as_of": "2026-11-22T12:00:00+01:00"}
    changed = set_parameters(policy)
    assert changed not in (policy, "policy") and len({policy, changed, make(BERGEN)}) == 2
    for each in (policy, changed):
        again = pickle.loads(pickle.dumps(each))
        assert again == each and repr(again) == repr(each)
        assert again.evaluate(asked).to_json() == each.evaluate(asked).to_json()
        assert pickle.loads(pickle.dumps(again)) == each
        many = evaluate_many([asked], policy=each, jobs=2)
        assert [x.to_json() for x in many] == [each.evaluate(asked).to_json()]  # type: ignore[union-attr]


def test_a_pickled_policy_finds_its_folder_from_another(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    pickled = pickle.dumps(Policy.load("policy/bergen"))
    monkeypatch.chdir(tmp_path)
    assert pickle.loads(pickled) == installed_policy()
    assert installed_folder().samefile(BERGEN)


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("start", ["{0.parent}", "{0}/words"])
def test_a_policy_finds_its_folder_when_the_current_one_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, start: str, *, cached: bool
) -> None:
    shutil.copytree(FJELLVIK, tmp_path / "pp")
    (tmp_path / "pp" / "words").mkdir(exist_ok=True)
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(start.format(tmp_path / "pp"))
    written = os.path.relpath(tmp_path / "pp")
    if cached:
        _ = Policy.load(written).evaluator
    policy = Policy.load(written)
    assert policy.folder == Path(written)
    monkeypatch.chdir(tmp_path / "other")
    assert policy.folder.samefile(tmp_path / "pp")
    asked: dict[str, object] = {}
    assert policy.program.name == policy.name
    assert pickle.loads(pickle.dumps(policy)) == policy
    with pytest.raises(InvalidDocument):
        policy.explain(asked)
    (answer,) = evaluate_many([asked], policy=policy, jobs=2)
    assert isinstance(answer, InvalidDocument)


def test_what_became_wrong_in_a_policy_is_what_a_batch_reports(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(FJELLVIK, tmp_path / "pp")
    monkeypatch.chdir(tmp_path)
    policy = Policy.load("pp")
    (tmp_path / "pp" / "policy.toml").write_text("x", encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        list(evaluate_many([{}], policy=policy, jobs=2))
    assert "policy.toml:1:" in str(refused.value)


def test_a_pickled_policy_whose_files_have_changed(tmp_path: Path) -> None:
    shutil.copytree(FJELLVIK, tmp_path / "fjellvik")
    pickled = pickle.dumps(Policy.load(tmp_path / "fjellvik"))
    rules = next((tmp_path / "fjellvik").glob("*.pol"))
    rules.write_text(rules.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    with pytest.raises(PolicyChangedError, match="have changed"):
        pickle.loads(pickled)


# --- files that change


def compiled_before(folder: Path) -> Policy:
    """Return a policy from the cache, of which nothing but the compiled form has been read."""
    assert Policy.load(folder).evaluator
    policy = Policy.load(folder)
    assert policy._program is None
    return policy


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SOMEPOLICY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Policy, "_keep", KEEP)
    return shutil.copytree(FJELLVIK, tmp_path / "fjellvik")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a rule more": lambda folder: (folder / "more.pol").write_text("# more\n", encoding="utf-8"),
    "wrong": lambda folder: (folder / "policy.toml").write_text("x", encoding="utf-8"),
    "gone": shutil.rmtree,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("load", [compiled_before, Policy.load, Policy.from_source])
def test_a_loaded_policy_stays_as_it_was(
    change: Callable[[Path], object], load: Callable[[Path], Policy], kept: Path
) -> None:
    policy, asked = (
        load(kept),
        json.loads((FJELLVIK / "examples" / "account" / "junior-library.json").read_bytes()),
    )
    before = policy.evaluate(asked)
    change(kept)
    assert policy.evaluate(asked) == before
    assert policy.explain(asked).decision == before
    assert policy.program.digest == before.policy.digest
    assert policy.warnings == ()
    assert policy.with_parameters({}).evaluate(asked).findings == before.findings


def test_a_policy_is_reloaded_when_it_is_asked_for(kept: Path) -> None:
    policy = compiled_before(kept)
    assert policy.reload() == policy
    CHANGES["a rule more"](kept)
    again = policy.reload()
    assert again != policy
    assert again == Policy.from_source(kept)
    CHANGES["wrong"](kept)
    with pytest.raises(PolicyError) as refused:
        policy.reload()
    assert "policy.toml:1:" in str(refused.value)
    assert policy.program.digest == policy.digest


def test_parameters_that_were_set_are_set_anew(kept: Path) -> None:
    name, parameter = next(iter(Policy.load(kept).program.parameters.items()))
    policy = Policy.load(kept).with_parameters({name: parameter.values[0].value})
    assert policy.reload() == policy
    CHANGES["a rule more"](kept)
    again = policy.reload()
    assert again != policy
    assert again.program.parameters[name].overridden


def test_given_files_are_not_reloaded() -> None:
    with pytest.raises(SomepolicyError, match="from_files"):
        Policy.from_files(files_of(FJELLVIK)).reload()


# --- the page


def test_the_examples_of_the_page_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 6
    names: dict[str, Any] = {"__name__": "page"}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)


def test_the_page_names_every_member_and_every_public_name() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    public = {*Decision._fields, *Finding._fields, *Citation._fields, *somepolicy.__all__}
    assert {name for name in public if not re.search(rf"\b{name}\b", page)} == set()
