"""The command line: commands, what they are given, their steps, what they show, their words.

Only this package imports typer and rich. `main` is light until it is called.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        from somepolicy.cli.app import run  # noqa: PLC0415 - `import somepolicy.cli` stays light

        run()
    except KeyboardInterrupt:
        # Ctrl-C while the libraries are loading, before a command could take care of it
        raise SystemExit(130) from None
