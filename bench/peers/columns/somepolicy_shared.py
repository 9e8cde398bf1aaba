"""somepolicy where forty clauses are shared by all rules: how much of the cost is citing."""

from __future__ import annotations

from functools import partial

from peers.columns import somepolicy_

NAME = "somepolicy, 40 clauses in all"
NOTE = "as somepolicy with digest=False, the rules sharing forty clauses"
CACHES = True
load = partial(somepolicy_.load, digest=False)


def prepare(rules, folder, synthetic):
    from pathlib import Path

    from peers.policy_folder import write_policy

    return str(write_policy(Path(folder), rules, synthetic=synthetic, clauses=40))
