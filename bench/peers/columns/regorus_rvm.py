"""regorus: Rego in Rust, compiled for its register machine."""

from __future__ import annotations

NAME = "regorus (register machine)"
NOTE = "gordon-to-regorus: Program and Rvm; JSON text in and out, so a dict is written with orjson"


def prepare(rules, folder, synthetic):
    from peers.translations.rego import rego

    return rego(rules)


def load_json(artefact):
    import orjson
    import regorus

    modules = [("policy.rego", artefact)]
    program = regorus.Program.compile_from_modules("{}", modules, ["data.policy.violated"])
    machine = regorus.Rvm()
    machine.load_program(program)
    machine.set_data_json("{}")
    loads = orjson.loads

    def decide(raw):
        machine.set_input_json(raw.decode())
        return set(loads(machine.execute()))

    return decide


def load(artefact):
    import orjson

    decide, dumps = load_json(artefact), orjson.dumps
    return lambda document: decide(dumps(document))
