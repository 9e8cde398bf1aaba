"""The embedding example works as it stands."""

from __future__ import annotations

import importlib.util

import somepolicy
from tests.log.log_cases import EXAMPLES, bergen, example


def load():
    path = EXAMPLES / "embedding" / "logged.py"
    spec = importlib.util.spec_from_file_location("logged_example", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_answer_is_in_the_log(tmp_path, capsys):
    gate = load().Gate(bergen(), tmp_path / "log.db")
    assert gate.may_publish(example("post/road-closure"))
    assert not gate.may_publish(example("post/class-photo"))
    assert not gate.may_publish({"kind": "post"})
    assert [event.decision for event in gate.log.events()] == ["allow", "deny"]
    assert gate.log.verify().entries == 3
    gate.log.close()
    assert not gate.may_publish(example("post/road-closure")), "no entry, no yes"
    assert "the log is closed" in capsys.readouterr().out


def test_the_public_names_are_those_of_the_log():
    from somepolicy import log

    for name in ("LogError", "logged", "open_log"):
        assert getattr(somepolicy, name) is getattr(log, name)
        assert name in somepolicy.__all__
