"""Content detectors: one file per family, each a pure function of a prepared text."""
