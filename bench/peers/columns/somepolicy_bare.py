"""somepolicy with `digest=False`: no digest of the content in the decision."""

from __future__ import annotations

from functools import partial

from peers.columns import somepolicy_

NAME = "somepolicy, digest=False"
NOTE = "as above without the digest of the content"
CACHES = True
prepare = somepolicy_.prepare
load = partial(somepolicy_.load, digest=False)
load_json = partial(somepolicy_.load_json, digest=False)
