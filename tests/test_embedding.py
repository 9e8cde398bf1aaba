"""The embedding examples work as they stand."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def _load(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / "embedding" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _document(name):
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def test_the_plain_function_publishes_what_is_fine():
    answer = _load("plain").ask(_document("post/road-closure"))
    assert answer.publish
    assert not [line for line in answer.lines if line.startswith("!")]


def test_the_plain_function_stops_with_clause_and_remedy():
    answer = _load("plain").ask(_document("post/class-photo"))
    assert not answer.publish
    assert answer.lines[0].startswith("! Bildet")
    assert "[rett.bilde (3.b4.s2)]" in answer.lines[0]
    assert answer.lines[1].startswith("  → Er samtykket trukket tilbake")


def test_the_plain_function_names_what_is_missing():
    answer = _load("plain").ask(_document("profile/school-page-no-manager-contact"))
    assert not answer.publish
    assert "  ? /leader_contact/contacted" in answer.lines


def test_the_plain_function_tells_of_a_malformed_document():
    answer = _load("plain").ask({"kind": "post"})
    assert not answer.publish
    assert any("/id" in line for line in answer.lines)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_web_hook_answers_with_the_decision():
    testclient = pytest.importorskip("fastapi.testclient", reason="the extra `web` is absent")
    client = testclient.TestClient(_load("fastapi_hook").app)
    denied = client.post("/decisions", json=_document("post/class-photo"))
    assert denied.status_code == 200
    assert denied.json()["decision"] == "deny"
    bad = client.post("/decisions", content=b'{"kind": "post", "kind": "profile"}')
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["code"] == "D104"
    empty = client.post("/decisions", content=b"")
    assert empty.status_code == 422
