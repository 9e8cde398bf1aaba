"""The decision log: what was decided, by which policy, and nothing of the documents themselves.

from somepolicy.governance.log import logged, open_log
with open_log("decisions.db") as log:
    decide = logged(policy, log)
    decision = decide(document)
"""

from somepolicy.governance.log.chain import Head
from somepolicy.governance.log.errors import KindRefusedError, LogError, NotWholeError, Problem
from somepolicy.governance.log.event import (
    DetectionNote,
    Event,
    FindingNote,
    Refusal,
    event_of,
    from_json,
    to_json,
)
from somepolicy.governance.log.opening import open_log
from somepolicy.governance.log.recording import Recorder, logged
from somepolicy.governance.log.store import DecisionLog, Place, Reading, Verification

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
