"""regorus: Rego in Rust, its interpreter."""

from __future__ import annotations

NAME = "regorus (interpreter)"
NOTE = "gordon-to-regorus: set_input and eval_rule"


def prepare(rules, folder, synthetic):
    from peers.translations.rego import rego

    return rego(rules)


def _engine(artefact):
    import regorus

    engine = regorus.Engine()
    if hasattr(engine, "set_policy_length_config"):  # 10,000 rules are beyond its usual bound
        engine.set_policy_length_config(max_col=1 << 16, max_file_bytes=1 << 30, max_lines=1 << 20)
    engine.add_policy("policy.rego", artefact)
    return engine


def load(artefact):
    engine = _engine(artefact)

    def decide(document):
        engine.set_input(document)
        return set(engine.eval_rule("data.policy.violated"))

    return decide


def load_json(artefact):
    engine = _engine(artefact)

    def decide(raw):
        engine.set_input_json(raw.decode())
        return set(engine.eval_rule("data.policy.violated"))

    return decide
