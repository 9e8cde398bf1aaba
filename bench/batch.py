"""How fast `somepolicy eval` decides on many documents, and in how much memory.

    python bench/batch.py                          # documents a second: each input, output, jobs
    python bench/batch.py --memory 1000000 3000000 # the most memory of a run of so many lines
    python bench/batch.py --steps                  # where the time of one process goes

The 40 rules of bench/peers on documents of 2.1 kB that differ, 10,000 of them again and again.
Times are of the whole command, its start included; the answers go to the disk with --output and
nowhere without.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peers import documents
from peers.policy_folder import write_policy
from peers.rules import forty_rules

DIFFERENT = 10_000
AS_OF = "2025-09-01T10:00:00+00:00"


def lines():
    return [
        json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode()
        for each in documents.generated(DIFFERENT)
    ]


def command(policy, *arguments):
    return [
        *(sys.executable, "-m", "somepolicy", "eval", "--policy", str(policy), "--as-of", AS_OF),
        *map(str, arguments),
    ]


def run(arguments, **options):
    """Start a command; return it, and what waits for it.

    That gives its seconds, those on the processor (workers included), and the most MB of it or
    of one of its workers.
    """
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stderr=subprocess.DEVNULL, **options)
    return process, lambda: _ended(process, start)


def _ended(process, start):
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 1, process.returncode
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def speed(folder, policy, count, texts):
    inputs = {
        "NDJSON": folder / "posts.ndjson",
        "JSON list": folder / "posts.json",
        "Parquet": folder / "posts.parquet",
    }
    again = [texts[at % len(texts)] for at in range(count)]
    inputs["NDJSON"].write_bytes(b"\n".join(again) + b"\n")
    inputs["JSON list"].write_bytes(b"[" + b",\n".join(again) + b"]")
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"document": [each.decode() for each in again]}), inputs["Parquet"])
    size = sum(map(len, again)) / count
    print(f"{count:,} documents of {size:,.0f} bytes; {os.cpu_count()} processors", flush=True)
    print(
        "| in | out | jobs | documents/s | µs a document on the processors |\n| --- | --- | ---: | ---: | ---: |"
    )
    for name, source in inputs.items():
        for output in (None, "out.ndjson", "out.parquet"):
            if name != "NDJSON" and output:
                continue
            for jobs in (1, 2):
                to = ("-o", folder / output) if output else ()
                with Path(os.devnull).open("wb") as nowhere:
                    _, ended = run(command(policy, source, "--jobs", jobs, *to), stdout=nowhere)
                    seconds, busy, _ = ended()
                told = {None: "lines, nowhere", "out.ndjson": "lines, file"}.get(output, "Parquet")
                figures = f"{count / seconds:,.0f} | {busy / count * 1e6:.0f}"
                print(f"| {name} | {told} | {jobs} | {figures} |", flush=True)


def memory(policy, counts, texts, jobs):
    """Feed lines through a pipe, so that no disk is needed."""
    block = b"\n".join(texts) + b"\n"
    print(
        "| lines | jobs | documents/s | µs a document on the processors | most MB of a process |\n| ---: | ---: | ---: | ---: | ---: |"
    )
    for count in counts:
        with Path(os.devnull).open("wb") as nowhere:
            process, ended = run(
                command(policy, "-", "--jobs", jobs), stdin=subprocess.PIPE, stdout=nowhere
            )
            for _ in range(count // len(texts)):
                process.stdin.write(block)
            process.stdin.close()
            seconds, busy, most = ended()
        figures = f"{count / seconds:,.0f} | {busy / count * 1e6:.0f} | {most:,.0f}"
        print(f"| {count:,} | {jobs} | {figures} |", flush=True)


def steps(policy, texts):
    from somepolicy import Policy, parse_json
    from somepolicy.batch.encoder import Encoder
    from somepolicy.batch.work import Terms, Worker
    from somepolicy.documents.chunks import Lines

    loaded = Policy.load(policy)
    as_of = datetime.datetime.fromisoformat(AS_OF)
    texts = texts[:2000]
    parsed = [parse_json(each) for each in texts]
    decided = [loaded.evaluate(each, as_of=as_of) for each in parsed]
    encoder, worker = Encoder(), Worker(loaded, Terms(as_of))
    whole = [Lines("", 1, b"\n".join(texts[at : at + 100])) for at in range(0, len(texts), 100)]
    print("| step | µs a document, on the processor, least of five |\n| --- | ---: |")
    for name, function, given in (
        ("`parse_json`", parse_json, texts),
        ("`evaluate`", lambda each: loaded.evaluate(each, as_of=as_of), parsed),
        (
            "`evaluate`, `digest=False`",
            lambda x: loaded.evaluate(x, as_of=as_of, digest=False),
            parsed,
        ),
        ("`Decision.to_json`", lambda each: each.to_json(), decided),
        ("write, as batches do", encoder.encode, decided),
        ("all of it, by lines", worker.write, whole),
    ):
        spent = []
        for _ in range(5):
            start = time.thread_time()
            for each in given:
                function(each)
            spent.append(time.thread_time() - start)
        print(f"| {name} | {min(spent) / len(texts) * 1e6:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--memory", type=int, nargs="+")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--steps", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["SOMEPOLICY_CACHE"] = f"{name}/cache"
        policy = write_policy(Path(name) / "policy", forty_rules())
        subprocess.run([sys.executable, "-m", "somepolicy", "check", policy], check=False, stdout=subprocess.DEVNULL)  # fmt: skip
        if arguments.steps:
            steps(policy, lines())
        elif arguments.memory:
            memory(policy, arguments.memory, lines(), arguments.jobs)
        else:
            speed(Path(name), policy, arguments.count, lines())


if __name__ == "__main__":
    main()
