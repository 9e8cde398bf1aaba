"""What an SQLite log consists of: its tables, and what in a file is not among them.

A trigger, a view or an index could make what is written or read something else than what was
logged, and so could a table whose columns have other types. So nothing may stand in the file but
what this module lists.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from somepolicy.log.errors import LogError, NotWholeError, Problem

APPLICATION = 0x53504C47  # `SPLG`, which `file` can show
FORMAT = 2
_FORMATS = (1, FORMAT)  # the table of kinds is signed from 2 on
_MOST_NAMED = 20
_LONGEST_NAME = 60
TABLES: Mapping[str, str] = MappingProxyType(
    {
        "meta": "(name TEXT PRIMARY KEY, value BLOB NOT NULL)",
        "ends": """(
  name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, chain BLOB NOT NULL, signature BLOB NOT NULL
)""",
        "kinds": "(policy TEXT, kind TEXT, PRIMARY KEY (policy, kind)) WITHOUT ROWID",
        "entries": """(
  sequence INTEGER PRIMARY KEY,
  id TEXT UNIQUE,
  time TEXT NOT NULL,
  digest BLOB NOT NULL,
  chain BLOB NOT NULL,
  body TEXT,
  erased BLOB
)""",
    }
)


_INDEXED = ("meta", "ends", "entries")  # `kinds` is an index itself


def _index(table: str) -> str:
    """Return the name that SQLite gives the index of a table's key."""
    return f"sqlite_autoindex_{table}_1"


def statement(name: str) -> str:
    """Return the statement that makes a table, as SQLite keeps it."""
    return f"CREATE TABLE {name} {TABLES[name]}"


def read_format(connection: sqlite3.Connection) -> int:
    """Return the format of a log. Raises LogError for one that this program does not know."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise LogError(
            "this file is not a decision log", "check the path; the file was left as it is"
        )
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in _FORMATS:
        raise LogError(
            f"the log has format {version}, this program knows format {FORMAT}",
            "use a newer version of somepolicy",
        )
    return int(version)


def foreign_objects(connection: sqlite3.Connection) -> list[Problem]:
    """Return what stands in the file beside the log's own tables, the first by name.

    Raises NotWholeError where one of those tables is missing or is something else, such as a view:
    nothing can be read then.
    """
    wanted = {("table", name, name, statement(name)) for name in TABLES}
    wanted |= {("index", _index(name), name, "") for name in _INDEXED}
    found: list[Problem] = []
    columns = "CAST(type AS TEXT), CAST(name AS TEXT), CAST(tbl_name AS TEXT), CAST(sql AS TEXT)"
    for row in connection.execute(f"SELECT {columns} FROM sqlite_schema"):  # noqa: S608
        own = tuple((each or b"").decode("utf-8", "replace") for each in row)
        if own in wanted:
            wanted.remove(own)
        elif len(found) < _MOST_NAMED:
            found.append(Problem("foreign", name=_named(own)))
    tables = sorted(name for kind, name, *_ in wanted if kind == "table")
    if tables:
        gone = (Problem("replaced", name=f"table {name}") for name in tables)
        raise NotWholeError((*gone, *found))
    return [*(Problem("index", name=_named(each)) for each in sorted(wanted)), *found]


def wrong_indexes(connection: sqlite3.Connection) -> list[Problem]:
    """Return the indexes of the log's own that do not hold what their tables hold.

    Nothing is read by them, but they are what keeps an id from being logged twice. The file holds
    the log's own objects and no others.
    """
    wrong = set()
    for table in _INDEXED:
        for (reported,) in connection.execute(f"PRAGMA integrity_check({table})"):
            wrong |= {each for each in _INDEXED if _index(each).encode() in reported}
    return [Problem("index", name=f"index {_index(each)}") for each in sorted(wrong)]


def check_objects(connection: sqlite3.Connection) -> None:
    """Raise NotWholeError where anything is foreign."""
    if found := foreign_objects(connection):
        raise NotWholeError(tuple(found))


def _named(row: tuple[str, ...]) -> str:
    return " ".join(each[:_LONGEST_NAME] for each in row[:2])
