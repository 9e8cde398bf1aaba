"""Hypothesis as it runs here: the same examples every time, and a blob to repeat a failure."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, configuration, settings

configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "somepolicy-hypothesis")
settings.register_profile(
    "properties",
    derandomize=True,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("properties")
