"""What servers of continuous integration read: GitHub's commands, SARIF 2.1.0, XML of JUnit."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from urllib.parse import quote
from xml.etree import ElementTree as ET

from somepolicy.json_type import Json
from somepolicy.version import __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def workflow_command(level: str, named: Mapping[str, object], message: str) -> str:
    """Return a workflow command that GitHub shows beside the file that is named."""
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in named.items())
    return f"::{level} {shown}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif_log(rules: Sequence[Json], results: Sequence[Json], **run: Json) -> Json:
    """Return a SARIF log of one run; `run` are further members of it."""
    driver: Json = {"name": "somepolicy", "version": __version__, "rules": list(rules)}
    one: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": list(results),
        **run,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [one]}


def file_uri(path: str) -> str:
    """Return what SARIF calls a file."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())


class Fingerprints:
    """Fingerprints by what identifies a result; equal results are numbered."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, *parts: str) -> dict[str, Json]:
        """Return the member `partialFingerprints` of the next result of these parts."""
        key = "\0".join(parts)
        self._seen[key] += 1
        raw = f"{key}\0{self._seen[key]}".encode("utf-8", "replace")
        return {"somepolicy/v1": hashlib.sha256(raw).hexdigest()}


def write_xml(root: ET.Element) -> None:
    """Write a tree to standard output as UTF-8."""
    ET.indent(root)
    sys.stdout.flush()
    sys.stdout.buffer.write(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
    sys.stdout.buffer.flush()
