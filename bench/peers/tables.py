"""Figures -> Markdown tables."""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Iterable

from peers.plan import BERGEN, BERGEN_UNCACHED, NOTHING, PEERS, Task

Figures = dict
_WORDS = ("column", "what")  # the columns that hold words, not figures


def name_of(column: str) -> str:
    """Return what a column is called where people read it."""
    if column == NOTHING:
        return "Python with nothing"
    if column == BERGEN:
        return "somepolicy, the installed Bergen policy"
    if column == BERGEN_UNCACHED:
        return "the same without its cache"
    return importlib.import_module(f"peers.columns.{column}").NAME


def seconds(value: float) -> str:
    """Return a time with three figures in the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size or unit == "µs":
            number = value / size
            return f"{number:.{max(0, 2 - len(str(int(number))) + 1)}f} {unit}"
    raise AssertionError


def spread(figures: list[float]) -> str:
    least, median, most = figures
    return f"{seconds(median)} ({seconds(least)} to {seconds(most)})"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    rule = ["---" if name in _WORDS else "---:" for name in heads]
    lines = [heads, rule, *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def tables(name: str, task: Task, results: dict[str, dict]) -> str:
    """Return the tables of a task."""
    match name:
        case "check":
            return _checked(results)
        case "latency":
            return _latency(task, results[""])
        case "cold":
            return _cold(results[""])
        case "batch":
            return _batch(task, results)
        case "regex":
            return _regex(results)
        case _:
            return _by_label(task, results)


def fastest_peer(by_column: dict[str, Figures], key: str) -> str | None:
    """Return the peer with the least median; Cedar does less work and is left out."""
    times = {
        column: figures[key][1]
        for column, figures in by_column.items()
        if column in PEERS and column != "cedar" and key in figures
    }
    return min(times, key=times.__getitem__) if times else None


def ratio(by_column: dict[str, Figures], column: str, key: str, other: str | None) -> float | None:
    """Return how many times as long a column takes as another, None where either failed.

    The median of the ratios within each round, for the machine's speed drifts between rounds.
    """
    if other is None or key not in by_column[column] or key not in by_column.get(other, {}):
        return None
    pairs = zip(by_column[column]["rounds"][key], by_column[other]["rounds"][key], strict=True)
    return statistics.median(mine / theirs for mine, theirs in pairs)


def times(value: float | None) -> str:
    """Return a ratio as people read it."""
    if value is None:
        return "–"
    if value < 0.1:
        return f"{value:.1g}" if value >= 1e-4 else "0"
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def failure(figures: Figures) -> str:
    """Return why there is no figure, short."""
    reason = figures["error"].rpartition("Error: ")[2]
    return reason if len(reason) <= 48 else f"{reason[:47]}…"


def _checked(results: dict[str, dict]) -> str:
    (by_column,) = results.values()
    rows = [
        [
            name_of(column),
            *(
                [failure(figures), "", ""]
                if "error" in figures
                else [str(figures[key]) for key in ("wrong", "wrong_json", "rules_seen")]
            ),
            importlib.import_module(f"peers.columns.{column}").NOTE,
        ]
        for column, figures in by_column.items()
    ]
    heads = ("column", "wrong from a dict", "wrong from JSON", "rules violated somewhere", "what")
    return table(heads, rows)


def _latency(task: Task, by_column: dict[str, Figures]) -> str:
    keys = ("allowed", "five", "varied", "allowed_json", "five_json")
    peer = fastest_peer(by_column, "five")
    rows = []
    for column, figures in by_column.items():
        if "error" in figures:
            rows.append([name_of(column), failure(figures), *[""] * 6])
            continue
        shown = [spread(figures[key]) for key in keys]
        of_limit = times(ratio(by_column, column, "five", task.limit))
        of_peer = times(ratio(by_column, column, "five", peer))
        rows.append([name_of(column), *shown, of_limit, of_peer])
    heads = (
        *("column", "allowed, dict", "five violations, dict", "1,000 different, dict"),
        *("allowed, JSON bytes", "five violations, JSON bytes", "× limit", "× fastest peer"),
    )
    return table(heads, rows)


def _by_label(task: Task, results: dict[str, dict]) -> str:
    columns = list(next(iter(results.values())))
    rows = []
    for column in columns:
        cells = []
        for by_column in results.values():
            figures = by_column[column]
            cells.append(failure(figures) if "error" in figures else seconds(figures["time"][1]))
        last = list(results.values())[-1]
        peer = fastest_peer(last, "time")
        cells.append(times(ratio(last, column, "time", task.limit)))
        cells.append(times(ratio(last, column, "time", peer)))
        rows.append([name_of(column), *cells])
    last_label = list(results)[-1]
    heads = ["column", *results, f"× limit, {last_label}", f"× fastest peer, {last_label}"]
    shown = table(heads, rows)
    if not any("first" in figures for figures in last.values()):
        return shown
    varied = _by_key(results, columns, "varied")
    once = _by_key(results, columns, "first")
    again = [row for row in _by_key(results, columns, "again") if set(row[1:]) != {"–"}]
    heads = ["column", *results]
    return (
        f"{shown}\nDocuments that differ, each decided once:\n\n{table(heads, varied)}\n"
        f"Loading and the first decision:\n\n{table(heads, once)}\n"
        f"The same again, from what was kept on disk:\n\n{table(heads, again)}"
    )


def _by_key(results: dict[str, dict], columns: list[str], key: str) -> list[list[str]]:
    return [
        [
            name_of(column),
            *(
                seconds(by_column[column][key][1]) if key in by_column[column] else "–"
                for by_column in results.values()
            ),
        ]
        for column in columns
    ]


def _cold(by_column: dict[str, Figures]) -> str:
    rows = []
    for column, figures in by_column.items():
        if "error" in figures:
            rows.append([name_of(column), failure(figures), "", "", ""])
            continue
        if column == NOTHING:
            above = ["–"] * 3
        else:
            time, cpu, memory = (
                figures[key][1] - by_column[NOTHING][key][1] for key in ("time", "cpu", "memory")
            )
            above = [f"{time * 1e3:+.1f} ms", f"{cpu * 1e3:+.0f} ms", f"{memory / 2**20:+.1f} MiB"]
        rows.append([name_of(column), spread(figures["time"]), *above])
    heads = (
        *("column", "whole process", "above nothing"),
        *("on the processor above nothing", "memory above nothing"),
    )
    return table(heads, rows)


def _batch(task: Task, results: dict[str, dict]) -> str:
    (by_column,) = results.values()
    rates = {c: f["per_second"][1] for c, f in by_column.items() if "per_second" in f}
    limit = rates.get(task.limit or "")
    rows = [
        [
            name_of(column),
            f"{rates[column]:,.0f}" if column in rates else failure(figures),
            f"{rates[column] / limit:.2f}" if column in rates and limit else "–",
        ]
        for column, figures in by_column.items()
    ]
    return table(("column", "documents a second", "× limit"), rows)


def _regex(results: dict[str, dict]) -> str:
    columns = list(next(iter(results.values())))
    rows = []
    for column in columns:
        cells = []
        for by_column in results.values():
            figures = by_column[column]
            done = [key for key in figures if key.isdigit()]
            if "error" in figures:
                reached = f" (after {int(done[-1]):,} characters)" if done else ""
                cells.append(failure(figures) + reached)
            else:
                cells.append(seconds(figures[done[-1]][1]))
        rows.append([name_of(column), *cells])
    return table(["column", *results], rows)
