"""The command line: commands, what they are given, their steps, what they show, their words.

Only this package imports typer and rich. `main` is light until it is called.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        from somepolicy.cli.problems import settled  # noqa: PLC0415 - `import somepolicy.cli` stays light
        from somepolicy.cli.quick import quick  # noqa: PLC0415 - as above
        from somepolicy.cli.streams import open_streams  # noqa: PLC0415 - as above

        open_streams()
        if sys.argv[1:] == ["--version"]:
            raise SystemExit(settled(_version))
        raise SystemExit(settled(quick(sys.argv[1:]) or _command))
    except KeyboardInterrupt:
        # Ctrl-C while the libraries are loading, before a command could take care of it
        raise SystemExit(130) from None


def _version() -> int:
    """Say the version without loading what reads a command line."""
    from somepolicy.version import __version__  # noqa: PLC0415 - as above

    sys.stdout.write(f"somepolicy {__version__}\n")
    return 0


def _command() -> int:
    from somepolicy.cli.app import run  # noqa: PLC0415 - as above

    return run()
