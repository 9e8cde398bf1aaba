"""The environment the peers live in, apart from the project's own, and the machine it is on."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

BENCH = Path(__file__).parents[1]
HOME = BENCH / ".venv"
REQUIREMENTS = BENCH / "requirements.txt"
# its wheel asks for a later Python than it needs
OPA = "opa-golib-python-bindings==0.4.4"


def ready() -> Path:
    """Return the interpreter with somepolicy and the peers; made at first use.

    Raises subprocess.CalledProcessError where the packages cannot be had.
    """
    python = HOME / "bin" / "python"
    stamp = HOME / "made-from.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print("making the environment of the peers in bench/.venv …", file=sys.stderr)
    venv.create(HOME, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wheels = "--only-binary=:all:"
    subprocess.run([*pip, wheels, "-r", str(REQUIREMENTS)], check=True)
    subprocess.run([*pip, "-e", str(BENCH.parent)], check=True)
    if subprocess.run([*pip, wheels, "--ignore-requires-python", OPA], check=False).returncode:
        print("OPA cannot be had here; its column says so", file=sys.stderr)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def machine(python: Path) -> dict:
    """Say what the figures were taken on, and how busy it was."""
    asked = "import platform; print(platform.python_version())"
    version = subprocess.run(
        [python, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.strip()
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": version,
        "time": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load": load(),
    }


def load() -> float:
    """Return the mean number of processes that wanted to run in the last minute."""
    return round(os.getloadavg()[0], 2)


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
