"""Large trees without the collector: it would walk them again and again and find nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Let the collector of reference cycles rest while a tree is built; four times faster.

    What was built then counts as old, for it will stay: as young objects all of it would be
    walked at the next collection, and at the one after that.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if gc.get_freeze_count() == 0:  # else it would thaw what somebody froze
                gc.freeze()
                gc.unfreeze()  # into the oldest generation
            gc.enable()
