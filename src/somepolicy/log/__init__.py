"""The decision log: what was decided, by which policy, and nothing of the documents themselves.

from somepolicy.log import logged, open_log
with open_log("decisions.db") as log:
    decide = logged(policy, log)
    decision = decide(document)
"""

from somepolicy.log.chain import Head
from somepolicy.log.errors import KindRefusedError, LogError, NotWholeError, Problem
from somepolicy.log.event import (
    DetectionNote,
    Event,
    FindingNote,
    Refusal,
    event_of,
    from_json,
    to_json,
)
from somepolicy.log.opening import open_log
from somepolicy.log.recording import Recorder, logged
from somepolicy.log.store import DecisionLog, Place, Reading, Verification

__all__ = [
    "DecisionLog",
    "DetectionNote",
    "Event",
    "FindingNote",
    "Head",
    "KindRefusedError",
    "LogError",
    "NotWholeError",
    "Place",
    "Problem",
    "Reading",
    "Recorder",
    "Refusal",
    "Verification",
    "event_of",
    "from_json",
    "logged",
    "open_log",
    "to_json",
]
