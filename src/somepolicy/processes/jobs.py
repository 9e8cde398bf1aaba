"""How many processes are started where somebody asks for several."""

from __future__ import annotations

import os

_MOST = 4  # for each processor


def count_jobs(jobs: int) -> int:
    """Return how many processes are meant: 0 is one for each processor this one may use.

    More than four for each processor are no faster, and are not started. Raises ValueError for
    a negative number.
    """
    if jobs < 0:
        raise ValueError("jobs is the number of processes, or 0 for one per processor")
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(jobs, _MOST * (allowed or 1)) if jobs else allowed or 1
