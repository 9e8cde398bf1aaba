"""Kept figures -> bench/RESULTS.md, docs/performance.md and its pictures.

Only what stands between a page's marks is written; the words around it are people's.
"""

from __future__ import annotations

from pathlib import Path

from peers.bars import Bar, picture
from peers.environment import BENCH
from peers.plan import BERGEN, BERGEN_UNCACHED, LIMIT, LIMIT_ANY_RULES, NOTHING, OURS, PEERS, TASKS
from peers.tables import fastest_peer, name_of, ratio, seconds, tables, times

ROOT = BENCH.parent
RESULTS = BENCH / "RESULTS.md"
PERFORMANCE = ROOT / "docs" / "performance.md"
PICTURES = ROOT / "docs" / "pictures"
END = "<!-- bench: end -->"
_WITHOUT_DIGEST = "somepolicy_bare"

_SHORT = {
    LIMIT: "hand-written Python",
    LIMIT_ANY_RULES: "generated Python",
    BERGEN: "somepolicy, Bergen policy",
    BERGEN_UNCACHED: "… without its cache",
    "json_logic": "JSON Logic (Rust)",
    "regorus_rvm": "regorus (machine)",
}


def write_pages(kept: dict) -> list[Path]:
    """Write what the figures allow, and return the files that were written."""
    written = [RESULTS]
    _fill(RESULTS, {"peers": _all_tables(kept)})
    parts = {}
    for name, (title, note, make) in _PICTURES.items():
        task, _, label = name.partition(":")
        if task not in kept or label not in kept[task]["results"]:
            parts[_file_name(name)] = f"Not measured yet: `python bench/run.py {task} --keep`."
            continue
        bars, shown = make(kept[task]["results"][label])
        file = PICTURES / f"{_file_name(name)}.svg"
        file.parent.mkdir(exist_ok=True)
        file.write_text(picture(title, note, bars, shown), encoding="utf-8", newline="\n")
        written.append(file)
        told = _sentence(name, kept[task]["results"][label])
        parts[_file_name(name)] = f"![{title}](pictures/{file.name})\n\n{told}\n"
    if kept:
        parts["machine"] = _machines(kept)
    _fill(PERFORMANCE, parts)
    return [*written, PERFORMANCE]


def _file_name(name: str) -> str:
    return "-".join(name.replace(":", " ").replace(",", "").split())


def _fill(page: Path, parts: dict[str, str]) -> None:
    text = page.read_text(encoding="utf-8")
    for name, content in parts.items():
        mark = f"<!-- bench: {name} -->"
        before, found, rest = text.partition(mark)
        _, closed, after = rest.partition(END)
        if not found or not closed:
            raise ValueError(f"{page.name} has no `{mark}` … `{END}`")
        text = f"{before}{mark}\n\n{content.strip()}\n\n{END}{after}"
    page.write_text(text, encoding="utf-8", newline="\n")


def _machines(kept: dict) -> str:
    one = next(iter(kept.values()))["machine"]
    loads = [
        load
        for each in kept.values()
        for load in (each["machine"]["load"], each["machine"]["load_after"])
    ]
    taken = sorted(each["machine"]["time"] for each in kept.values())
    return (
        f"{one['cpu']}, {one['cores']} cores, {one['system']}, Python {one['python']}; taken from "
        f"{taken[0]} to {taken[-1]}, while {min(loads)} to {max(loads)} processes wanted to run "
        "(the measurement is one of them)."
    )


def _all_tables(kept: dict) -> str:
    parts = [_machines(kept)] if kept else []
    for name, task in TASKS.items():
        if name in kept:
            one = kept[name]
            parts.append(
                f"### {task.title}\n\n`python bench/run.py {name}`, rounds: {one['rounds']}, "
                f"{one['machine']['time']}, load {one['machine']['load']} to "
                f"{one['machine']['load_after']}\n\n{tables(name, task, one['results'])}"
            )
    return "\n\n".join(parts)


def _bars(columns: tuple[str, ...], by_column: dict, key: str) -> list[Bar]:
    bars = [
        Bar(_SHORT.get(column, name_of(column)), _role(column), *by_column[column][key])
        for column in columns
        if key in by_column.get(column, {}) and "error" not in by_column[column]
    ]
    return sorted(bars, key=lambda bar: bar.value)


def _role(column: str) -> str:
    if column in (*OURS, BERGEN, BERGEN_UNCACHED):
        return "ours"
    return "limit" if column in (LIMIT, LIMIT_ANY_RULES) else "peer"


def _forty(key: str):
    def make(by_column: dict):
        columns = (*OURS, LIMIT, *(name for name in PEERS if name != "cedar"))
        return _bars(columns, by_column, key), seconds

    return make


def _any_rules(by_column: dict):
    columns = (*OURS, LIMIT_ANY_RULES, *PEERS)
    return _bars(columns, by_column, "time"), seconds


def _start(by_column: dict):
    """Return the time above an empty Python."""
    empty = by_column[NOTHING]["time"][1]
    columns = (BERGEN, BERGEN_UNCACHED, OURS[0], LIMIT, *PEERS)
    bars = _bars(columns, by_column, "time")
    above = [
        Bar(
            bar.name,
            bar.role,
            *(max(0.0, value - empty) for value in (bar.least, bar.value, bar.most)),
        )
        for bar in bars
    ]
    return above, seconds


def _rates(by_column: dict):
    columns = (*OURS, LIMIT, *(name for name in PEERS if name != "cedar"))
    bars = _bars(columns, by_column, "per_second")
    return bars[::-1], lambda rate: f"{rate:,.0f}/s"


_PICTURES = {
    "latency:": (
        "One decision, 40 rules, five of them violated",
        "From a Python dict; median, with the least and the most; less is better",
        _forty("five"),
    ),
    "guarded:10,000 rules": (
        "10,000 rules, each behind an equality",
        "One decision from a Python dict; median; less is better",
        _any_rules,
    ),
    "unindexable:10,000 rules": (
        "10,000 rules that nothing can index",
        "One decision from a Python dict; median; less is better",
        _any_rules,
    ),
    "size:1,000 media": (
        "A document of 1,000 media",
        "One decision, 40 rules; median; less is better",
        _forty("time"),
    ),
    "size:100 kB text": (
        "A text of 100,000 characters",
        "One decision, 40 rules, five of them patterns; median; less is better",
        _forty("time"),
    ),
    "cold:": (
        "A new process up to its first decision",
        "Above Python with nothing; less is better",
        _start,
    ),
    "batch:10,000 documents": (
        "Documents a second, one process",
        "10,000 documents as lines of JSON; more is better",
        _rates,
    ),
}


def _sentence(name: str, by_column: dict) -> str:
    """Say in words what the picture shows."""
    task = TASKS[name.partition(":")[0]]
    key = {"latency:": "five", "cold:": "time", "batch:10,000 documents": "per_second"}.get(
        name, "time"
    )
    ours = by_column.get(_WITHOUT_DIGEST if name != "cold:" else BERGEN, {})
    if key not in ours:
        return "somepolicy has no figure here: " + ours.get("error", "not measured") + "."
    if name == "cold:":
        more = ours["time"][1] - by_column[NOTHING]["time"][1]
        memory = (ours["memory"][1] - by_column[NOTHING]["memory"][1]) / 2**20
        return f"The installed Bergen policy: {seconds(more)} and {memory:.0f} MiB above Python with nothing."
    if name.startswith("batch"):
        limit = ours[key][1] / by_column[LIMIT][key][1]
        return f"somepolicy (`digest=False`): {ours[key][1]:,.0f} documents a second, {limit:.2f} times as many as the limit."
    peer = fastest_peer(by_column, key)
    parts = [f"somepolicy (`digest=False`): {seconds(ours[key][1])}"]
    if (of_limit := ratio(by_column, _WITHOUT_DIGEST, key, task.limit)) is not None:
        parts.append(f"{times(of_limit)} times the limit")
    if peer and (of_peer := ratio(by_column, _WITHOUT_DIGEST, key, peer)) is not None:
        parts.append(f"{times(of_peer)} times the fastest of the others, {name_of(peer)}")
    return ", ".join(parts) + "."
